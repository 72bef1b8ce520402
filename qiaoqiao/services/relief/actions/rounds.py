"""Goods going out, and rounds: planned, approved by another, given at each door by two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from qiaoqiao.access.tickets import Actor
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.services.relief.actions.booking import (
    Movement,
    Side,
    book,
    check_available,
    goods_handed,
    handed,
)
from qiaoqiao.services.relief.actions.grounds import (
    Facts,
    Refused,
    advance,
    another,
    day,
    heading,
    hold_fund,
    hold_grant,
    move_case,
    officer,
    say,
    working_in,
)
from qiaoqiao.services.relief.models import Band, Fund, Grant, JournalEntry, Lot, Round, StockMove, Stop
from qiaoqiao.services.relief.queries import colleagues, heads_above, left_in, worth_by_household
from qiaoqiao.services.relief.rules import DIFFICULTIES, ROUND_KINDS, Step, needs_above


@transaction.atomic
def hand_over(grant_id: UUID, lot_id: UUID, quantity: int, *, on: date, actor: Actor, at: datetime) -> Grant:
    """Give the goods of an approved grant in kind out of stock; not who made or approved it. Raises Refused."""
    grant = hold_grant(grant_id, "approved")
    giver = working_in(grant.office, actor, at)
    if grant.form != "in_kind":
        raise Refused("not_in_kind")
    if giver.pk in {grant.maker_id, grant.approver_id, grant.upper_id}:
        raise Refused("payer_apart")
    fund = hold_fund(grant.fund_id)
    lot = _lot(lot_id, fund, quantity)
    bound = lot.source.restriction
    if bound not in {"", grant.purpose} or bound != grant.restriction:
        raise Refused("bound_elsewhere")
    if quantity * lot.unit_fen != grant.amount_fen:
        raise Refused("worth_differs")
    sides = goods_handed(grant.amount_fen, grant.purpose, bound)
    (entry,) = book(fund, Movement("goods_out", f"grant:{grant.pk}:goods", sides), on=on, actor=actor, at=at)
    StockMove.objects.create(office=grant.office, lot=lot, quantity=quantity, grant=grant, entry=entry, at=at)
    way = f"{lot.name} × {quantity} {lot.unit}"
    move_case(grant, "pay", {"paid_on": on.isoformat(), "way": way}, actor=actor, at=at)
    move_case(grant, "sign_receipt", {}, actor=actor, at=at)
    advance(grant, "received", at=at)
    facts: Facts = {"lot": str(lot.pk), "quantity": quantity, "fen": grant.amount_fen}
    say(grant.pk, "grant.handed_over", facts, office=grant.office, actor=actor, at=at)
    return grant


def _lot(lot_id: UUID, fund: Fund, quantity: int) -> Lot:
    lot = Lot.objects.select_for_update(of=("self",)).select_related("source").get(pk=lot_id)
    if lot.fund_id != fund.pk:
        raise Refused("list_other_fund")
    if left_in(lot) < quantity:
        raise Refused("stock_missing")
    return lot


@dataclass(frozen=True)
class Household:
    """A household to call on, and what is brought: money, or pieces of a lot."""

    name: str
    purpose: str
    address: str = ""
    place: str | None = None
    file: UUID | None = None
    amount_fen: int = 0
    lot: UUID | None = None
    quantity: int = 0


@dataclass(frozen=True)
class Occasion:
    """What a round is for. `restriction` is the bound money it is paid of."""

    name: str
    kind: str
    planned_on: date
    restriction: str = ""


@transaction.atomic
def plan(
    fund_id: UUID, occasion: Occasion, households: Sequence[Household], *, actor: Actor, at: datetime
) -> Round:
    """Plan a round; somebody else approves it. Raises Refused."""
    fund = Fund.objects.select_related("office").get(pk=fund_id)
    maker = working_in(fund.office, actor, at)
    if occasion.kind not in ROUND_KINDS:
        raise Refused("unknown_kind")
    round_ = Round.objects.create(
        office=fund.office,
        fund=fund,
        name=occasion.name,
        kind=occasion.kind,
        restriction=occasion.restriction,
        planned_on=occasion.planned_on,
        maker=maker,
        made_at=at,
    )
    _stops(round_, households)
    say(round_.pk, "round.planned", {"households": len(households)}, office=fund.office, actor=actor, at=at)
    return round_


@transaction.atomic
def add_stops(round_id: UUID, households: Sequence[Household], *, actor: Actor, at: datetime) -> Round:
    """Put more households on a round that is not approved; what was approved above falls. Raises Refused."""
    round_ = hold_round(round_id, "draft")
    working_in(round_.office, actor, at)
    _stops(round_, households)
    round_.upper, round_.upper_at = None, None
    round_.save(update_fields=["upper", "upper_at"])
    say(
        round_.pk, "round.extended", {"households": len(households)}, office=round_.office, actor=actor, at=at
    )
    return round_


def _stops(round_: Round, households: Sequence[Household]) -> None:
    last = round_.stops.aggregate(last=Max("order"))["last"] or 0
    for one in households:
        if one.purpose not in (round_.fund.purposes or DIFFICULTIES):
            raise Refused("outside_purposes")
        if round_.restriction not in {"", one.purpose}:
            raise Refused("bound_elsewhere")
    Stop.objects.bulk_create(
        Stop(
            office_id=round_.office_id,
            round=round_,
            order=last + place,
            file_id=one.file,
            place_id=one.place,
            name=one.name,
            address=one.address,
            purpose=one.purpose,
            amount_fen=one.amount_fen,
            lot_id=one.lot,
            quantity=one.quantity,
        )
        for place, one in enumerate(households, 1)
    )


def hold_round(round_id: UUID, *states: str) -> Round:
    """Lock a round that is in one of these states. Raises Round.DoesNotExist, Refused."""
    of = Round.objects.select_for_update(of=("self",)).select_related("office", "fund")
    round_ = of.get(pk=round_id)
    if states and round_.state not in states:
        raise Refused("other_state")
    return round_


def must_go_above(round_: Round, on: date) -> bool:
    """Whether the head of the office above must approve: by the bands, for any household with what it got lately."""
    steps = [Step(band.most_fen, band.above) for band in Band.objects.filter(office=round_.office_id)]
    return any(needs_above(steps, fen) for fen in worth_by_household(round_, on).values())


@transaction.atomic
def approve_round_above(round_id: UUID, *, actor: Actor, at: datetime) -> Round:
    """Approve a round for the office above, before the office's own head does. Raises Refused."""
    round_ = hold_round(round_id, "draft")
    if not heads_above(actor, round_.office, on=day(at)):
        raise Refused("head_above_only")
    if round_.upper_id:
        raise Refused("approved_already")
    round_.upper, round_.upper_at = another(officer(actor), round_.maker_id), at
    round_.save(update_fields=["upper", "upper_at"])
    say(round_.pk, "round.approved_above", {}, office=round_.office, actor=actor, at=at)
    return round_


@transaction.atomic
def approve_round(round_id: UUID, *, actor: Actor, at: datetime) -> Round:
    """Approve a round with its sum; a head who did not plan it does. Raises Refused."""
    round_ = hold_round(round_id, "draft")
    head = another(heading(round_.office, actor, at), round_.maker_id)
    stops = list(round_.stops.all())
    if not stops:
        raise Refused("list_empty")
    round_.needs_upper = must_go_above(round_, day(at))
    if round_.needs_upper and round_.upper_id is None:
        raise Refused("above_first")
    if round_.upper_id == head.pk:
        raise Refused("two_approvers")
    check_available(round_.fund, round_.restriction, sum(one.amount_fen for one in stops))
    round_.state, round_.approver, round_.approved_at = "approved", head, at
    round_.save(update_fields=["state", "approver", "approved_at", "needs_upper"])
    facts: Facts = {"households": len(stops), "fen": sum(one.amount_fen for one in stops)}
    say(round_.pk, "round.approved", facts, office=round_.office, actor=actor, at=at)
    return round_


@dataclass(frozen=True)
class Given:
    """What two visitors did at one door; `missed` when nobody was there."""

    stop: UUID
    first: int
    second: int
    on: date
    note: str = ""
    missed: bool = False


@transaction.atomic
def give(round_id: UUID, doors: Sequence[Given], *, actor: Actor, at: datetime) -> Round:
    """Keep what was left at these doors, each booked once, by two colleagues of that day.

    Who approved the round does not hand out its money. Raises Refused.
    """
    round_ = hold_round(round_id, "approved")
    working_in(round_.office, actor, at)
    fund = hold_fund(round_.fund_id)
    stops = {
        one.pk: one
        for one in Stop.objects.select_for_update().filter(round=round_, pk__in=[d.stop for d in doors])
    }
    alike: dict[Given, list[Stop]] = {}
    for door in doors:
        _check_door(door, stops[door.stop], round_, at)
        alike.setdefault(replace(door, stop=round_.pk), []).append(stops[door.stop])
    _check_visitors(round_, doors)
    for door, left in sorted(alike.items(), key=lambda one: one[0].on):
        _keep(fund, round_, door, left, actor=actor, at=at)
    office, by = round_.office.code, actor.ledger_name
    record(round_.pk, *(Happening(_kind(door), _told(door, stops), by, at, office) for door in doors))
    return round_


def _kind(door: Given) -> str:
    return "stop.missed" if door.missed else "stop.given"


def _told(door: Given, stops: Mapping[UUID, Stop]) -> Facts:
    fen = stops[door.stop].amount_fen
    return {"stop": str(door.stop), "fen": fen, "first": door.first, "second": door.second}


def _keep(fund: Fund, round_: Round, door: Given, left: list[Stop], *, actor: Actor, at: datetime) -> None:
    """Book and keep doors that went alike."""
    if not door.missed:
        _book(fund, round_, left, door.on, actor=actor, at=at)
    Stop.objects.filter(pk__in=[stop.pk for stop in left]).update(
        visitor_one=door.first,
        visitor_two=door.second,
        given_on=door.on,
        note=door.note,
        state="missed" if door.missed else "given",
        entry_id=None if door.missed else _BOOKED,
    )


_BOOKED = Subquery(
    JournalEntry.objects.filter(key=Concat(Value("stop:"), Cast(OuterRef("pk"), TextField()))).values("pk")[
        :1
    ]
)
"""The entry that booked a stop."""


def _check_visitors(round_: Round, doors: Sequence[Given]) -> None:
    for on in {door.on for door in doors}:
        there = set(colleagues(round_.office, on=on).values_list("pk", flat=True))
        if not there.issuperset(who for door in doors if door.on == on for who in (door.first, door.second)):
            raise Refused("not_colleagues")


def _check_door(door: Given, stop: Stop, round_: Round, at: datetime) -> None:
    if stop.state != "planned":
        raise Refused("stop_over")
    if door.first == door.second:
        raise Refused("two_visitors")
    if {round_.approver_id, round_.upper_id} & {door.first, door.second}:
        raise Refused("payer_apart")
    if door.on > day(at):
        raise Refused("in_the_future")


def _book(fund: Fund, round_: Round, stops: list[Stop], on: date, *, actor: Actor, at: datetime) -> None:
    lots = {
        stop.lot_id: stop.lot
        for stop in Stop.objects.select_related("lot__source").filter(pk__in=[s.pk for s in stops])
    }
    check_available(fund, round_.restriction, sum(stop.amount_fen for stop in stops))
    for lot_id in {stop.lot_id for stop in stops if stop.lot_id}:
        _lot(lot_id, fund, sum(stop.quantity for stop in stops if stop.lot_id == lot_id))
    sides: list[tuple[Side, ...]] = []
    for stop in stops:
        mine: tuple[Side, ...] = ()
        if stop.amount_fen:
            mine += handed(stop.amount_fen, stop.purpose, round_.restriction)
        lot = lots.get(stop.lot_id)
        if lot is not None:
            if lot.source.restriction not in {"", stop.purpose}:
                raise Refused("bound_elsewhere")
            mine += goods_handed(stop.quantity * lot.unit_fen, stop.purpose, lot.source.restriction)
        sides.append(mine)
    movements = [Movement("round", f"stop:{stop.pk}", mine) for stop, mine in zip(stops, sides, strict=True)]
    entries = book(fund, *movements, on=on, actor=actor, at=at)
    StockMove.objects.bulk_create(
        StockMove(
            office_id=round_.office_id,
            lot_id=stop.lot_id,
            quantity=stop.quantity,
            stop=stop,
            entry=entry,
            at=at,
        )
        for stop, entry in zip(stops, entries, strict=True)
        if stop.lot_id
    )


@transaction.atomic
def close_round(round_id: UUID, *, actor: Actor, at: datetime) -> Round:
    """Close a round; doors that nobody came to are missed. Raises Refused."""
    round_ = hold_round(round_id, "approved")
    working_in(round_.office, actor, at)
    missed = round_.stops.filter(state="planned").update(state="missed")
    round_.state = "closed"
    round_.save(update_fields=["state"])
    say(round_.pk, "round.closed", {"missed": missed}, office=round_.office, actor=actor, at=at)
    return round_
