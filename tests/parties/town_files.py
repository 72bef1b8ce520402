"""Files of people for the tests of keeping current: made by the same actions as in life."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import Actor, acting
from qiaoqiao.parties.actions.files import make_file
from qiaoqiao.parties.models import Consent, Contact, File, Household, Member, Name
from qiaoqiao.parties.models.files import Fact
from tests.cast import AT, Town, as_staff, now_epoch

SINCE = date(2020, 1, 1)


@contextmanager
def at_desk(account: Account) -> Iterator[Actor]:
    """The account at work, as PostgreSQL knows it."""
    actor = as_staff(account)
    with acting(actor, epoch=now_epoch()):
        yield actor


def name(text: str, **more: Any) -> Name:
    return Name(text=text, script="hans", kind="legal", **more)


def file_of(
    town: Town, text: str = "黎金好", *facts: Fact, office: Office | None = None, **more: Any
) -> File:
    """A file with a name, kept by the federation unless said otherwise."""
    account = town.stranger_he if office == town.kaiping_federation else town.officer_chen
    with at_desk(account) as actor:
        return make_file(name(text), *facts, office=office or town.federation, actor=actor, at=AT, **more)


def home_of(town: Town, *files: File) -> Household:
    """One household of these people, the first its head."""
    with at_desk(town.officer_chen):
        household = Household.objects.create(office=town.federation, number="037", address="胜利社区5栋202")
        for place, file in enumerate(files):
            relation = "head" if place == 0 else "spouse"
            Member.objects.create(file=file, household=household, relation=relation, since=SINCE, added_at=AT)
            File.objects.filter(pk=file.pk).update(household=household)
    return household


def phone(number: str, **more: Any) -> Contact:
    return Contact(kind="phone", value=number, **more)


def agree(town: Town, file: File, purpose: str = "sensitive", **more: Any) -> Consent:
    """The person's consent, as an officer took it down."""
    with at_desk(town.officer_chen) as actor:
        return Consent.objects.create(
            file=file, purpose=purpose, version="1", wording="0" * 64, language="zh-hans", method="visit",
            given_at=AT, given_to=actor.ledger_name, **more,
        )  # fmt: skip
