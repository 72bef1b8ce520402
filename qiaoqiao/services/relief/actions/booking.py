"""Writing the books: the only place where an entry is made. Each movement is booked once, by its key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.relief.actions.grounds import Facts, Refused, day, heading, hold_fund, say
from qiaoqiao.services.relief.models import (
    Account,
    Fund,
    JournalEntry,
    Payment,
    Posting,
    Source,
    StockMove,
    Stop,
)
from qiaoqiao.services.relief.queries import available, next_voucher
from qiaoqiao.services.relief.rules import CASH, EXPENSE, GOODS, HELD, HELD_GOODS, PAYABLE, RELEASED

Side = tuple[str, str, int]
"""Account's kind, restriction, fen; a debit is positive."""


@dataclass(frozen=True)
class Movement:
    """Something to be booked. `key` is what it books: `payment:<id>:paid`."""

    kind: str
    key: str
    sides: tuple[Side, ...]
    memo: str = ""
    source: Source | None = None
    reverses: JournalEntry | None = None


def donated(fen: int, restriction: str) -> tuple[Side, ...]:
    """Money came in, bound or free."""
    return (CASH, "", fen), (HELD, restriction, -fen)


def goods_donated(fen: int, restriction: str) -> tuple[Side, ...]:
    return (GOODS, "", fen), (HELD_GOODS, restriction, -fen)


def promised(fen: int, purpose: str, restriction: str) -> tuple[Side, ...]:
    """A grant was approved: spent on its purpose, owed to the person, no longer to be given to others."""
    return (EXPENSE, purpose, fen), (PAYABLE, "", -fen), (HELD, restriction, fen), (RELEASED, "", -fen)


def paid(fen: int) -> tuple[Side, ...]:
    """What was owed left the bank."""
    return (PAYABLE, "", fen), (CASH, "", -fen)


def handed(fen: int, purpose: str, restriction: str) -> tuple[Side, ...]:
    """Money was given at a door."""
    return (EXPENSE, purpose, fen), (CASH, "", -fen), (HELD, restriction, fen), (RELEASED, "", -fen)


def goods_handed(fen: int, purpose: str, restriction: str) -> tuple[Side, ...]:
    return (EXPENSE, purpose, fen), (GOODS, "", -fen), (HELD_GOODS, restriction, fen), (RELEASED, "", -fen)


def refunded(fen: int, purpose: str, restriction: str) -> tuple[Side, ...]:
    """What had been paid came back for good."""
    return turned(handed(fen, purpose, restriction))


def turned(sides: Sequence[Side]) -> tuple[Side, ...]:
    """The same the other way round: a return, a cancellation, a correction."""
    return tuple((kind, restriction, -fen) for kind, restriction, fen in sides)


def book(fund: Fund, *movements: Movement, on: date, actor: Actor, at: datetime) -> list[JournalEntry]:
    """Book movements, in order, in one statement. The caller holds the fund.

    Raises Refused `booked_already` or `in_the_future`, and IntegrityError where an account would be overdrawn.
    """
    if on > day(at):
        raise Refused("in_the_future")
    if JournalEntry.objects.filter(key__in=[one.key for one in movements]).exists():
        raise Refused("booked_already")
    accounts = _accounts(fund, {(kind, bound) for one in movements for kind, bound, _fen in one.sides})
    first = next_voucher(fund)
    entries = [
        JournalEntry(
            office_id=fund.office_id,
            fund=fund,
            number=first + place,
            kind=one.kind,
            key=one.key,
            on=on,
            at=at,
            made_by_id=actor.account_id,
            memo=one.memo[:200],
            source=one.source,
            reverses=one.reverses,
        )
        for place, one in enumerate(movements)
    ]
    postings = [
        Posting(office_id=fund.office_id, entry=entry, account=accounts[kind, bound], amount_fen=fen)
        for entry, one in zip(entries, movements, strict=True)
        for kind, bound, fen in one.sides
    ]
    JournalEntry.objects.bulk_create(entries)
    Posting.objects.bulk_create(postings)
    return entries


def _accounts(fund: Fund, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Account]:
    known = {(one.kind, one.restriction): one for one in Account.objects.filter(fund=fund)}
    missing = [
        Account(office_id=fund.office_id, fund=fund, kind=kind, restriction=restriction)
        for kind, restriction in sorted(wanted - known.keys())
    ]
    Account.objects.bulk_create(missing)
    return known | {(one.kind, one.restriction): one for one in missing}


def check_available(fund: Fund, restriction: str, fen: int, *, goods: bool = False) -> None:
    """See that so much may still be given of this money. Raises Refused `not_enough`; the database holds it, too."""
    if available(fund, restriction, goods=goods) < fen:
        raise Refused("not_enough")


@transaction.atomic
def reverse(entry_id: UUID, *, reason: str, actor: Actor, at: datetime, on: date) -> JournalEntry:
    """Correct a donation that was booked wrongly, by an entry that turns it round.

    Raises Refused: `reversed_already`, `not_reversible` for what belongs to a grant, a payment or goods (those
    are returned, refunded or cancelled) and for a gift that was given back, `not_enough` when the money is spent.
    """
    entry = JournalEntry.objects.select_related("fund__office").get(pk=entry_id)
    fund = hold_fund(entry.fund_id)
    heading(fund.office, actor, at)
    if JournalEntry.objects.filter(reverses=entry).exists():
        raise Refused("reversed_already")
    if entry.kind != "donation" or _belongs(entry):
        raise Refused("not_reversible")
    sides = [
        (one.account.kind, one.account.restriction, one.amount_fen)
        for one in entry.postings.select_related("account")
    ]
    fen = max(amount for _kind, _bound, amount in sides)
    check_available(fund, next(bound for kind, bound, _fen in sides if kind == HELD), fen)
    movement = Movement(
        "reversal", f"reversal:{entry.pk}", turned(sides), memo=reason, source=entry.source, reverses=entry
    )
    (made,) = book(fund, movement, on=on, actor=actor, at=at)
    facts: Facts = {"entry": str(entry.pk), "voucher": entry.number, "fen": fen}
    say(fund.pk, "fund.reversed", facts, office=fund.office, actor=actor, at=at)
    return made


def _belongs(entry: JournalEntry) -> bool:
    of = (Payment.objects, StockMove.objects, Stop.objects)
    given_back = (
        JournalEntry.objects.filter(source=entry.source_id, kind="give_back") if entry.source_id else None
    )
    return any(table.filter(entry=entry).exists() for table in of) or bool(given_back and given_back.exists())
