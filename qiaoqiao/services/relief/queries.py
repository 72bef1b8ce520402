"""Reading the fund: what an actor may see and do, and what the books say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Max, Model, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from qiaoqiao.access.models import Account as Officer
from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import CASE_ROLES, offices_read_by, posts_of
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.parties.models import Contact
from qiaoqiao.services.relief.models import (
    Account,
    Fund,
    Grant,
    JournalEntry,
    Lot,
    Posting,
    Round,
    Source,
    Stop,
)
from qiaoqiao.services.relief.rules import (
    CASH,
    EXPENSE,
    GOODS,
    HELD,
    HELD_GOODS,
    PAYABLE,
    SPLIT_DAYS,
    within_split,
)

Table = TypeVar("Table", bound=Model)


def visible(table: type[Table], actor: Actor, *, on: date) -> QuerySet[Table]:
    """The rows of one of the fund's tables that an actor may see: the first wall. PostgreSQL holds the second."""
    if actor.kind == "system":
        return table._default_manager.all()
    if actor.account_id is None:
        return table._default_manager.none()
    return table._default_manager.filter(office__in=offices_read_by(actor.account_id, on=on))


def offices_worked(actor: Actor, *, on: date) -> list[Office]:
    """The offices in which an actor works with the fund."""
    posts = posts_of(actor.account_id or 0, on=on).filter(role__in=CASE_ROLES)
    return list({post.office_id: post.office for post in posts}.values())


def heads(actor: Actor, office: Office, *, on: date) -> bool:
    """Whether the actor is a head of this very office."""
    return posts_of(actor.account_id or 0, on=on).filter(role="head", office=office).exists()


def heads_above(actor: Actor, office: Office, *, on: date) -> bool:
    """Whether the actor is a head of an office above this one."""
    posts = posts_of(actor.account_id or 0, on=on).filter(role="head")
    return any(office.path.startswith(post.office.path) and post.office_id != office.pk for post in posts)


def colleagues(office: Office, *, on: date) -> QuerySet[Officer]:
    """Who works in an office on a day, by name."""
    posts = Q(posts__office=office, posts__role__in=CASE_ROLES, posts__since__lte=on)
    lasting = Q(posts__until__isnull=True) | Q(posts__until__gte=on)
    return Officer.objects.filter(posts & lasting, is_active=True).distinct().order_by("name", "pk")


def number_of(office: Office, setting: str) -> int:
    """A number that the office set for its fund; 0 when it has not."""
    return int(office.settings.get("relief", {}).get(setting, 0))


@dataclass(frozen=True)
class Balance:
    """What one account holds, in fen, as people read it: never below zero. `spent` tells grants from round."""

    kind: str
    restriction: str
    fen: int


def balances(funds: Iterable[UUID], *, on: date | None = None) -> dict[UUID, list[Balance]]:
    """The balance of every account of these funds, at the end of a day or now."""
    until = Q(postings__entry__on__lte=on) if on else Q()
    rows = (
        Account.objects.filter(fund__in=list(funds))
        .annotate(sum=Coalesce(Sum("postings__amount_fen", filter=until), 0))
        .order_by("kind", "restriction")
    )
    found: dict[UUID, list[Balance]] = {}
    for row in rows:
        found.setdefault(row.fund_id, []).append(Balance(row.kind, row.restriction, abs(row.sum)))
    return found


@dataclass(frozen=True)
class Standing:
    """What a fund has: in the bank, in goods, promised, free, and bound by purpose; in fen."""

    cash: int
    goods: int
    promised: int
    free: int
    bound: tuple[tuple[str, int], ...]


def standing(accounts: Iterable[Balance]) -> Standing:
    """Put a fund's balances together."""
    rows = list(accounts)

    def total(*kinds: str) -> int:
        return sum(row.fen for row in rows if row.kind in kinds)

    bound: dict[str, int] = {}
    for row in rows:
        if row.kind in {HELD, HELD_GOODS} and row.restriction and row.fen:
            bound[row.restriction] = bound.get(row.restriction, 0) + row.fen
    free = sum(row.fen for row in rows if row.kind in {HELD, HELD_GOODS} and not row.restriction)
    return Standing(total(CASH), total(GOODS), total(PAYABLE), free, tuple(sorted(bound.items())))


def available(fund: Fund, restriction: str, *, goods: bool = False) -> int:
    """What may still be given for a purpose, or of free money, in fen."""
    kind = HELD_GOODS if goods else HELD
    total = Posting.objects.filter(account__fund=fund, account__kind=kind, account__restriction=restriction)
    return -(total.aggregate(sum=Sum("amount_fen"))["sum"] or 0)


def next_voucher(fund: Fund) -> int:
    """The number of the fund's next entry; the caller holds the fund."""
    return (JournalEntry.objects.filter(fund=fund).aggregate(last=Max("number"))["last"] or 0) + 1


def left_of(source: Source) -> int:
    """How much of a gift of money was not given back, nor corrected away, in fen; nothing of a gift of goods."""
    cash = Posting.objects.filter(entry__source=source, account__kind=CASH)
    return cash.aggregate(sum=Sum("amount_fen"))["sum"] or 0


def left_in(lot: Lot) -> int:
    """How many pieces of a lot are still there."""
    return lot.quantity - (lot.moves.aggregate(out=Sum("quantity"))["out"] or 0)


@dataclass(frozen=True)
class Figures:
    """Households helped and what they got, in fen: the article's 户数、金额."""

    households: int
    given_fen: int


def figures(actor: Actor, *, on: date, since: date, until: date) -> Figures:
    """Households and money from one day to another, both included. The money is what the books say.

    What was approved and is not paid yet stands in `payable`, so that expense less payable is what went out.
    """
    days = Q(entry__on__range=(since, until), account__kind__in=[EXPENSE, PAYABLE])
    money = visible(Posting, actor, on=on).filter(days).aggregate(sum=Sum("amount_fen"))["sum"] or 0
    paid = Q(payments__state="paid", payments__entry__on__range=(since, until)) | Q(
        goods__entry__on__range=(since, until)
    )
    helped = visible(Grant, actor, on=on).filter(paid).distinct()
    called = visible(Stop, actor, on=on).filter(state="given", entry__on__range=(since, until))
    return Figures(_households(helped) + _households(called), money)


def _households(rows: QuerySet[Grant] | QuerySet[Stop]) -> int:
    """Each file once; what has none counts by itself."""
    known = rows.filter(file__isnull=False).aggregate(n=Count("file", distinct=True))["n"]
    return int(known) + rows.filter(file__isnull=True).count()


@dataclass(frozen=True)
class Known:
    """A way to reach the person that was there before: the last digits of a number, or `home` for the door itself."""

    tail: str
    since: datetime


HOME = "home"


def known_contacts(grant: Grant, *, before: datetime) -> list[Known]:
    """Contacts of a grant's person that were known before a moment: given with the case, in the file, the home."""
    found: dict[str, datetime] = {}
    people_of = Case.objects.select_related("person", "mandate__agent")
    case = people_of.get(pk=grant.case_id) if grant.case_id else None
    if case is not None:
        people = [case.person, *([case.mandate.agent] if case.mandate else [])]
        found |= {one.phone[-4:]: case.filed_at for one in people if one.phone}
    phones = (
        Contact.objects.filter(file=grant.file_id, kind="phone", until__isnull=True) if grant.file_id else ()
    )
    for phone in phones:
        found.setdefault(phone.value[-4:], phone.added_at)
    visited = grant.visits.order_by("at").values_list("at", flat=True).first()
    if visited:
        found[HOME] = visited
    return [Known(tail, since) for tail, since in found.items() if since < before]


def earlier_to(blind: bytes, grant: Grant) -> list[tuple[date, int]]:
    """When and how much was granted before to the account of this fingerprint, other than this grant.

    What was cancelled or given back went to nobody.
    """
    given = Grant.objects.filter(payees__blind=blind, approved_at__isnull=False)
    others = given.exclude(state__in=["cancelled", "refunded"]).exclude(pk=grant.pk)
    return [
        (one.approved_at.astimezone(SHANGHAI).date(), one.amount_fen)
        for one in others.distinct()
        if one.approved_at
    ]


Household = tuple[object, ...]


def _household(stop: Stop) -> Household:
    """By what a household is known again: its file, else name and address, whatever the spaces."""
    return (stop.file_id,) if stop.file_id else ("".join(stop.name.split()), "".join(stop.address.split()))


def worth_by_household(round_: Round, on: date) -> dict[Household, int]:
    """What each household of a round gets by it, and got by others within the days that count as one; in fen."""
    mine = list(round_.stops.select_related("lot"))
    days = timedelta(days=SPLIT_DAYS + 1)
    named = Q(name__in={one.name for one in mine}) | Q(file__in={one.file_id for one in mine if one.file_id})
    lately = Stop.objects.filter(named, office=round_.office_id)
    lately = lately.filter(round__approved_at__isnull=False, round__approved_at__date__gte=on - days)
    others = lately.exclude(round=round_).exclude(state="missed").select_related("lot", "round")
    worths = dict.fromkeys((_household(one) for one in mine), 0)
    for stop in [*mine, *others]:
        at = stop.round.approved_at
        counts = stop.round_id == round_.pk or (
            at and within_split([(at.astimezone(SHANGHAI).date(), 1)], on)
        )
        if counts and _household(stop) in worths:
            worths[_household(stop)] += stop.amount_fen + stop.quantity * (
                stop.lot.unit_fen if stop.lot else 0
            )
    return worths
