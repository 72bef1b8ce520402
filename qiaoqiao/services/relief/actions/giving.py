"""Money and goods coming in, and going back to who gave them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from qiaoqiao.access.actions import set_office_number
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.relief.actions.booking import (
    Movement,
    book,
    donated,
    goods_donated,
)
from qiaoqiao.services.relief.actions.grounds import Facts, Refused, heading, hold_fund, say, working_in
from qiaoqiao.services.relief.models import Band, Fund, Lot, Source
from qiaoqiao.services.relief.rules import DIFFICULTIES, SOURCE_KINDS


@dataclass(frozen=True)
class Gift:
    """What came in and from whom; `giver` blank is somebody who wants to stay unnamed."""

    kind: str
    giver: str = ""
    restriction: str = ""
    agreement: str = ""


@transaction.atomic
def open_fund(
    office: Office, *, code: str, name: str, purposes: list[str], actor: Actor, at: datetime, on: date
) -> Fund:
    """Open a fund with empty books; a head does. Raises Refused."""
    heading(office, actor, at)
    if set(purposes) - set(DIFFICULTIES):
        raise Refused("unknown_purpose")
    try:
        with transaction.atomic():
            fund = Fund.objects.create(office=office, code=code, name=name, purposes=purposes, opened_on=on)
    except IntegrityError:  # the code may be of a fund that the actor does not see
        raise Refused("code_taken") from None
    say(fund.pk, "fund.opened", {"code": code}, office=office, actor=actor, at=at)
    return fund


@transaction.atomic
def lay_down(
    office: Office,
    numbers: Mapping[str, int],
    steps: Sequence[tuple[int | None, bool]],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Set an office's numbers for its fund, and up to which amount (fen, None without end) whose approval is enough.

    Raises Refused.
    """
    heading(office, actor, at)
    for setting, number in numbers.items():
        set_office_number(office.code, service="relief", setting=setting, number=number)
    Band.objects.filter(office=office).delete()
    Band.objects.bulk_create([Band(office=office, most_fen=most, above=above) for most, above in steps])
    told: Facts = {
        "numbers": dict(numbers),
        "bands": [{"most_fen": most, "above": above} for most, above in steps],
    }
    for fund in Fund.objects.select_for_update(of=("self",)).filter(office=office).order_by("pk"):
        say(fund.pk, "fund.laid_down", told, office=office, actor=actor, at=at)


@transaction.atomic
def receive(fund_id: UUID, gift: Gift, fen: int, *, on: date, actor: Actor, at: datetime) -> Source:
    """Book money that came into the fund's bank account. Raises Refused."""
    fund = hold_fund(fund_id)
    source = _source(fund, gift, actor, at)
    movement = Movement("donation", f"donation:{source.pk}", donated(fen, gift.restriction), source=source)
    book(fund, movement, on=on, actor=actor, at=at)
    facts: Facts = {"source": str(source.pk), "fen": fen, "restriction": gift.restriction}
    say(fund.pk, "donation.booked", facts, office=fund.office, actor=actor, at=at)
    return source


@transaction.atomic
def receive_goods(
    fund_id: UUID,
    gift: Gift,
    *,
    name: str,
    unit: str,
    quantity: int,
    unit_fen: int,
    on: date,
    actor: Actor,
    at: datetime,
) -> Lot:
    """Take goods into stock at the value of each piece. Raises Refused."""
    fund = hold_fund(fund_id)
    source = _source(fund, gift, actor, at)
    lot = Lot.objects.create(
        office=fund.office,
        fund=fund,
        source=source,
        name=name,
        unit=unit,
        quantity=quantity,
        unit_fen=unit_fen,
        made_by=source.made_by,
        made_at=at,
    )
    sides = goods_donated(quantity * unit_fen, gift.restriction)
    book(fund, Movement("goods_in", f"lot:{lot.pk}:in", sides, source=source), on=on, actor=actor, at=at)
    facts: Facts = {"lot": str(lot.pk), "quantity": quantity, "fen": quantity * unit_fen}
    say(fund.pk, "goods.taken_in", facts, office=fund.office, actor=actor, at=at)
    return lot


def _source(fund: Fund, gift: Gift, actor: Actor, at: datetime) -> Source:
    made_by = working_in(fund.office, actor, at)
    if gift.kind not in SOURCE_KINDS:
        raise Refused("unknown_kind")
    if gift.restriction and gift.restriction not in (fund.purposes or DIFFICULTIES):
        raise Refused("unknown_purpose")
    return Source.objects.create(
        office=fund.office,
        fund=fund,
        kind=gift.kind,
        giver=gift.giver,
        anonymous=not gift.giver,
        restriction=gift.restriction,
        agreement=gift.agreement,
        made_by=made_by,
        made_at=at,
    )
