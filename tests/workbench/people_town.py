"""A few people with files, made by the same actions as in life."""

from datetime import UTC, date, datetime
from typing import Any

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import acting
from qiaoqiao.parties.actions.files import document, make_file, opened
from qiaoqiao.parties.models import Address, Contact, File, Kin, Name, Need, Standing
from qiaoqiao.parties.models.files import Fact
from tests.cast import Town, as_staff, now_epoch

PAPER = "440781194603150028"


def facts(name: str = "陈玉莲", latin: str = "Rosa Chen", number: str = PAPER) -> list[Fact]:
    """What is known of somebody: names in two scripts, a paper, a standing, where and how to find them."""
    found: list[Fact] = [
        Name(text=name, script="hans", kind="legal", proof="看了户口簿"),
        Name(text=latin, script="latin", kind="given"),
        Standing(kind="returnee", since=date(1978, 5, 1), proof="归侨证"),
        Address(kind="home", country="CN", text="端芬镇侨兴路8号"),
        Contact(kind="phone", value="+5804125550123", preferred=True),
        Kin(relation="child", name="陈明", country="VE"),
        Need(kind="alone"),
    ]
    return [*found, document("resident_card", number, issuer="CN")] if number else found


def make_person(
    town: Town,
    *more: Fact,
    office: Office | None = None,
    by: Account | None = None,
    at: datetime | None = None,
    what: list[Fact] | None = None,
    **given: Any,
) -> File:
    """Begin a file as an officer of the keeping office; an hour ago, or long ago if `at` says so."""
    account = by or town.officer_chen
    given = {"sex": "f", "born": "1946-03-15", "origin": "VE", "return_year": 1978, "country": "CN"} | given
    with acting(as_staff(account), epoch=now_epoch()):
        return make_file(
            *(facts() if what is None else what),
            *more,
            office=office or town.federation,
            actor=as_staff(account),
            at=at or datetime(2026, 3, 2, 2, 0, tzinfo=UTC),
            **given,
        )


def open_for(account: Account, file: File, purpose: str = "handling") -> None:
    """Let an officer say what they open a file for, now."""
    actor = as_staff(account)
    with acting(actor, epoch=now_epoch()):
        opened(file.pk, purpose=purpose, actor=actor, at=datetime.now(UTC))
