"""A partner in Brazil with an offer, and a case that may be referred to it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from qiaoqiao.access.links import make_link
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, Actor, acting, person
from qiaoqiao.casework.models import Case
from qiaoqiao.community.alliance.actions import referring
from qiaoqiao.community.alliance.actions.offering import Offered, make_offer
from qiaoqiao.community.alliance.models import Offer, Referral
from qiaoqiao.parties.models import Person
from tests.cast import SETTLE, Town, as_staff, file_case, now_epoch
from tests.community.network_town import home, settled

NOW = datetime.now(UTC)
ITEMS = ["category", "place", "country", "language", "name", "phone", "email", "request"]
SECRETS = ("陈玉莲", "rosa@example.org", "请带她去公证处")


def make_partner(
    town: Town,
    code: str = "BR-P1",
    *,
    office: Office | None = None,
    by: Account | None = None,
    **changes: Any,
) -> Offer:
    """An offer of a partner abroad, kept by the town's federation."""
    account = by or town.officer_chen
    one = home(code, kind="partner", place="", country="BR", name=f"圣保罗侨助会{code}", email="ajuda@example.org",
               zone="America/Sao_Paulo", **changes)  # fmt: skip
    [row] = settled(town, one, by=account)
    if office:
        row.office = office
        row.save(update_fields=["office"])
    given = Offered(
        titles={"zh-Hans": "陪同办证", "es": "Acompañamiento"},
        since=date(2026, 1, 1),
        about={"zh-Hans": "陪您去当地机关"},
        cost={"zh-Hans": "不收费"},
        languages=["mandarin"],
    )
    with acting(as_staff(account), epoch=now_epoch()):
        return make_offer(code, given, actor=as_staff(account), at=NOW)


def make_case(**changes: Any) -> Case:
    return file_case("settlement", SETTLE, at=NOW, **changes)


def asked(
    town: Town, offer: Offer, case: Case | None = None, *, by: Account | None = None, **changes: Any
) -> Referral:
    """A referral that waits for the person's consent."""
    actor = as_staff(by or town.officer_chen)
    case = case or make_case()
    given = {"items": ITEMS, "request": "请带她去公证处", "office": town.overseas_affairs} | changes
    with acting(actor, epoch=now_epoch()):
        return referring.ask(case.pk, offer.pk, given.pop("items"), actor=actor, at=NOW, **given)


def sent(town: Town, offer: Offer, case: Case | None = None) -> Referral:
    """A referral that the person agreed to on their page."""
    referral = asked(town, offer, case)
    actor = person(referral.case_id)
    with acting(actor, epoch=now_epoch()):
        return referring.agree(referral.pk, language="es", actor=actor, at=NOW)


def token_of(referral: Referral) -> str:
    """The token of the present link."""
    now = fresh(referral.pk)
    assert now.link is not None
    assert now.until is not None
    return make_link("referral", now.link, until=now.until)


def fresh(referral_id: UUID) -> Referral:
    with acting(SYSTEM, epoch=now_epoch()):
        return Referral.objects.select_related("offer__organisation", "office").get(pk=referral_id)


def holder(referral: Referral) -> Actor:
    assert referral.link is not None
    return person(referral.link)


def canary_alliance(town: Town, canary: str, case: Case) -> dict[str, object]:
    """An offer and a referral that name the canary."""
    offer = make_partner(town, "CANARY-P")
    with acting(SYSTEM, epoch=now_epoch()):
        Person.objects.filter(pk=case.person_id).update(phone="+5804125550123")
    referral = asked(town, offer, case, request=canary)
    return {"offer_id": offer.pk, "referral_id": referral.pk}
