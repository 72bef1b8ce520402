"""Reading cases: what an actor may see, what happened, which moves are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import lineage_of, offices_read_by, posts_of
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Reach, Shield
from qiaoqiao.casework.rules import (
    LAW,
    PERSON,
    Event,
    SeatState,
    Standing,
    WhyNot,
    why_not,
    with_persons_seat,
)
from qiaoqiao.catalogue.entry import Entry, Move
from qiaoqiao.ledger.models import Entry as LedgerEntry


def visible_cases(actor: Actor, *, on: date) -> QuerySet[Case]:
    """The cases an actor may see: the first wall. PostgreSQL holds the second by itself."""
    if actor.kind == "system":
        return Case.objects.all()
    if actor.account_id is None:
        return Case.objects.filter(pk__in=actor.cases)
    reach = Reach.objects.filter(case=OuterRef("pk"), office__in=offices_read_by(actor.account_id, on=on))
    shield = Shield.objects.filter(case=OuterRef("pk"), office__in=lineage_of(actor.account_id, on=on))
    return Case.objects.filter(Exists(reach) | Q(pk__in=actor.cases)).exclude(Exists(shield))


def visible_case(reference: str, actor: Actor, *, on: date) -> Case:
    """Return the case with a reference. Raises Case.DoesNotExist for one the actor may not see."""
    seen = visible_cases(actor, on=on).select_related("person", "mandate__agent", "office", "place")
    return seen.get(reference=reference)


def events_of(case_id: UUID) -> list[Event]:
    """What happened to a case, in order, as limits and moves refer to it."""
    steps = LedgerEntry.objects.filter(subject=case_id).order_by("seq").values_list("kind", "at")
    return [Event(kind, at) for kind, at in steps]


def seats_of(case: Case, actor: Actor, *, on: date) -> tuple[dict[str, SeatState], dict[str, frozenset[str]]]:
    """Which seats at the case the actor sits in, and with which roles there."""
    if actor.ledger_name == LAW:
        return {LAW: SeatState.ACCEPTED}, {}
    if actor.account_id is None:
        return ({PERSON: SeatState.ACCEPTED} if case.pk in actor.cases else {}), {}
    roles: dict[int, set[str]] = {}
    for post in posts_of(actor.account_id, on=on):
        roles.setdefault(post.office_id, set()).add(post.role)
    held = Assignment.objects.filter(case=case, state__in=OPEN_STATES, office__in=roles)
    seats = {assignment.seat: assignment for assignment in held}
    return with_persons_seat(
        {seat: SeatState(assignment.state) for seat, assignment in seats.items()},
        {seat: frozenset(roles[assignment.office_id]) for seat, assignment in seats.items()},
        channel=case.channel,
        responsible=any(one.role == "lead" and one.state == "accepted" for one in seats.values()),
    )


@dataclass(frozen=True)
class Offered:
    """A move of the entry and, when it is not open, why."""

    move: Move
    why: WhyNot | None


def moves_for(
    case: Case, entry: Entry, actor: Actor, *, on: date, happened: frozenset[str] | None = None
) -> list[Offered]:
    """Every move of the entry, open to this actor or not and why; `law` moves are nobody's and left out."""
    seats, roles = seats_of(case, actor, on=on)
    facts: Mapping[str, object] = case.facts | {"channel": case.channel}
    if happened is None:
        happened = frozenset(event.name for event in events_of(case.pk))
    standing = Standing(case.state, facts, happened, seats, roles)
    return [Offered(move, why_not(move, standing)) for move in entry.moves if move.seat != LAW]


def speaking_office(case: Case, actor: Actor, *, on: date) -> Office:
    """The office for which a staff member speaks at a case: their seat's, else the responsible one."""
    offices = {post.office_id: post.office for post in posts_of(actor.account_id or 0, on=on)}
    seats = Assignment.objects.filter(case=case, office__in=offices).order_by("-role", "offered_at")
    first = seats.values_list("office_id", flat=True).first()
    return offices[first] if first else case.office
