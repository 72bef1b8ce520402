"""A grant until it goes to the committee: drafted, visited by two, assessed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.services.relief.actions.grounds import (
    Facts,
    Refused,
    advance,
    day,
    hold_grant,
    move_case,
    say,
    working_in,
)
from qiaoqiao.services.relief.models import Assessment, Fund, Grant, HomeVisit
from qiaoqiao.services.relief.queries import colleagues
from qiaoqiao.services.relief.rules import DIFFICULTIES, FORMS

SERVICE = "relief"


@dataclass(frozen=True)
class Wish:
    """What a grant is to be. `restriction` is the bound money it is paid of, blank for free money."""

    form: str
    purpose: str
    amount_fen: int
    restriction: str = ""


@dataclass(frozen=True)
class Planned:
    """When two people will call, and their names as the person reads them."""

    on: date
    visitors: str


@transaction.atomic
def draft(
    fund_id: UUID,
    wish: Wish,
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID | None = None,
    visit: Planned | None = None,
) -> Grant:
    """Draft a grant for a case of relief (or without one); a case that was just filed is accepted with the visit.

    Raises Refused, Fund.DoesNotExist, Case.DoesNotExist.
    """
    fund = Fund.objects.select_related("office").get(pk=fund_id)
    maker = working_in(fund.office, actor, at)
    _check(wish, fund)
    case = _case(case_id, fund) if case_id else None
    grant = Grant.objects.create(
        office=fund.office,
        fund=fund,
        case=case,
        file_id=case.person.file_id if case else None,
        place=case.place if case else fund.office.place,
        maker=maker,
        made_at=at,
        changed_at=at,
        form=wish.form,
        purpose=wish.purpose,
        restriction=wish.restriction,
        amount_fen=wish.amount_fen,
    )
    if case and case.state == "reported":
        if visit is None:
            raise Refused("visit_not_planned")
        answers = {"visit_on": visit.on.isoformat(), "visitors": visit.visitors}
        move_case(grant, "start_visit", answers, actor=actor, at=at)
    say(grant.pk, "grant.drafted", _told(wish), office=fund.office, actor=actor, at=at)
    return grant


@transaction.atomic
def redraft(grant_id: UUID, wish: Wish, *, actor: Actor, at: datetime) -> Grant:
    """Change what a grant is to be, as long as it is with its maker. Raises Refused."""
    grant = hold_grant(grant_id, "draft")
    working_in(grant.office, actor, at)
    if actor.account_id != grant.maker_id:
        raise Refused("maker_only")
    _check(wish, grant.fund)
    grant.form, grant.purpose = wish.form, wish.purpose
    grant.restriction, grant.amount_fen = wish.restriction, wish.amount_fen
    advance(grant, "draft", at=at)
    say(grant.pk, "grant.changed", _told(wish), office=grant.office, actor=actor, at=at)
    return grant


def _told(wish: Wish) -> dict[str, str | int]:
    return {
        "form": wish.form,
        "purpose": wish.purpose,
        "fen": wish.amount_fen,
        "restriction": wish.restriction,
    }


def _check(wish: Wish, fund: Fund) -> None:
    if wish.form not in FORMS:
        raise Refused("unknown_kind")
    if wish.purpose not in (fund.purposes or DIFFICULTIES):
        raise Refused("outside_purposes")
    if wish.restriction not in {"", wish.purpose}:
        raise Refused("bound_elsewhere")


def _case(case_id: UUID, fund: Fund) -> Case:
    """The case, locked, so that of two who draft for it at once the second is refused."""
    case = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "place")
        .get(pk=case_id)
    )
    if case.service != SERVICE or case.stage == "done":
        raise Refused("case_elsewhere")
    if case.office_id != fund.office_id:
        raise Refused("not_yours")
    if Grant.objects.filter(case=case).exists():
        raise Refused("drafted_already")
    return case


@dataclass(frozen=True)
class Call:
    """A call at the household by two people: a second officer, or somebody else by name."""

    on: date
    found: str
    second: int | None = None
    companion: str = ""


@transaction.atomic
def record_home_visit(grant_id: UUID, call: Call, *, actor: Actor, at: datetime) -> HomeVisit:
    """Keep a call at home; who records it was there. Raises Refused."""
    grant = hold_grant(grant_id, "draft")
    first = working_in(grant.office, actor, at)
    if call.on > day(at):
        raise Refused("in_the_future")
    if call.second == first.pk or not (call.second or call.companion):
        raise Refused("two_visitors")
    if call.second and not colleagues(grant.office, on=call.on).filter(pk=call.second).exists():
        raise Refused("two_visitors")
    if not call.second and first.pk == grant.maker_id:
        raise Refused("maker_not_alone")
    visit = HomeVisit.objects.create(
        office=grant.office,
        grant=grant,
        maker_id=grant.maker_id,
        visitor_one=first,
        visitor_two_id=call.second,
        companion="" if call.second else call.companion,
        visited_on=call.on,
        found=call.found,
        at=at,
    )
    facts: Facts = {"visit": str(visit.pk), "second": call.second}
    say(grant.pk, "grant.visited", facts, office=grant.office, actor=actor, at=at)
    return visit


@dataclass(frozen=True)
class Reckoned:
    """A household's month, in fen."""

    members: int
    income_fen: int
    spending_fen: int
    kinds: tuple[str, ...]
    note: str = ""


@transaction.atomic
def assess(grant_id: UUID, reckoned: Reckoned, *, actor: Actor, at: datetime) -> Assessment:
    """Keep what a household has and must spend; done again it replaces what stood. Raises Refused."""
    grant = hold_grant(grant_id, "draft")
    made_by = working_in(grant.office, actor, at)
    if not reckoned.kinds or set(reckoned.kinds) - set(DIFFICULTIES):
        raise Refused("unknown_purpose")
    kept = {
        "office": grant.office,
        "members": reckoned.members,
        "income_fen": reckoned.income_fen,
        "spending_fen": reckoned.spending_fen,
        "kinds": list(reckoned.kinds),
        "note": reckoned.note,
        "made_by": made_by,
        "made_at": at,
    }
    assessment, _made = Assessment.objects.update_or_create(grant=grant, defaults=kept)
    say(grant.pk, "grant.assessed", {"members": reckoned.members}, office=grant.office, actor=actor, at=at)
    return assessment


@transaction.atomic
def to_committee(grant_id: UUID, *, found: str, actor: Actor, at: datetime) -> Grant:
    """Put a grant before the committee, once two people called and the household is assessed. Raises Refused."""
    grant = hold_grant(grant_id, "draft")
    working_in(grant.office, actor, at)
    since = grant.reviews.order_by("-at").values_list("at", flat=True).first()
    visits = grant.visits.filter(at__gt=since) if since else grant.visits.all()
    if not visits.exists():
        raise Refused("not_visited")
    if not Assessment.objects.filter(grant=grant).exists():
        raise Refused("not_assessed")
    move_case(grant, "verified", {"found": found}, actor=actor, at=at)
    advance(grant, "committee", at=at)
    say(grant.pk, "grant.submitted", {}, office=grant.office, actor=actor, at=at)
    return grant
