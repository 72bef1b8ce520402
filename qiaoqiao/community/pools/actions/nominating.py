"""From a name to an appointment: nominated, reviewed, made public, appointed or refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.issuing import next_number
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import Term, Unit, reckon
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.pools.actions.grounds import (
    check_conditions,
    hold,
    local_day,
    open_nomination,
    settle,
    tell,
)
from qiaoqiao.community.pools.actions.terms import begin_term
from qiaoqiao.community.pools.models import Nomination, OtherPost, PoolMember, Qualification
from qiaoqiao.community.pools.queries import numbers_of
from qiaoqiao.community.pools.rules import (
    POOLS,
    MoveRefused,
    PoolKind,
    PoolRefused,
    PoolState,
    Unmet,
    check_announcement,
)


@dataclass(frozen=True)
class Proposed:
    """Whom somebody proposes, as the form says it."""

    kind: PoolKind
    name: str
    latin_name: str = ""
    born: str = ""
    sex: str = ""
    nationality: str = "CN"
    education: str = ""
    email: str = ""
    phone: str = ""
    place: Place | None = None
    country: str = "CN"
    organisation: Organisation | None = None
    languages: Sequence[str] = ()
    specialties: Sequence[str] = ()
    ground: str = ""
    ground_years: int = 0
    posts: Sequence[str] = ()
    by: str = "federation"
    by_name: str = ""
    reason: str = ""
    announced_on: date | None = None
    announced_until: date | None = None
    qualifications: Sequence[Qualification] = field(default=())


class NotTheirOffice(Exception):
    """The actor holds no post in the office that is to keep the member."""


@transaction.atomic
def nominate(proposed: Proposed, *, keeper: Office, actor: Actor, at: datetime) -> PoolMember:
    """Put somebody forward for a pool. Raises PoolRefused with every condition not met, NotTheirOffice."""
    today = local_day(at)
    if actor.kind != "system" and keeper.pk not in offices_read_by(actor.account_id or 0, on=today):
        raise NotTheirOffice
    member = PoolMember.objects.create(
        kind=proposed.kind, state=PoolState.NOMINATED, keeper=keeper, organisation=proposed.organisation,
        name=proposed.name, latin_name=proposed.latin_name, born=proposed.born, sex=proposed.sex,
        nationality=proposed.nationality, education=proposed.education, email=proposed.email,
        phone=proposed.phone, place=proposed.place, country=proposed.country,
        languages=[*proposed.languages], specialties=[*proposed.specialties], added_at=at,
    )  # fmt: skip
    if proposed.ground:
        Qualification.objects.create(member=member, kind=proposed.ground, years=proposed.ground_years)
    OtherPost.objects.bulk_create(OtherPost(member=member, kind=kind) for kind in proposed.posts)
    check_conditions(member, on=today)
    propose(member, proposed, on=today)
    tell(member, "pool.nominated", {"kind": str(proposed.kind), "by": proposed.by}, actor=actor, at=at)
    return member


def propose(member: PoolMember, proposed: Proposed, *, on: date) -> Nomination:
    """Write the nomination itself. Raises PoolRefused when the call for candidates stood too short."""
    since, until = proposed.announced_on, proposed.announced_until
    if since or until:
        check_announcement(proposed.kind, since, until, calendar=official())
    return Nomination.objects.create(
        member=member, by=proposed.by, by_name=proposed.by_name, reason=proposed.reason,
        state=PoolState.NOMINATED, nominated_on=on, announced_on=since, announced_until=until,
    )  # fmt: skip


@transaction.atomic
def nominate_again(
    member_id: UUID, *, reason: str, actor: Actor, at: datetime, by: str = "federation"
) -> PoolMember:
    """Put forward somebody who was a member or was refused before. Raises MoveRefused, PoolRefused."""
    member = hold(member_id, actor, at)
    today = local_day(at)
    check_conditions(member, on=today)
    facts: dict[str, object] = {"kind": member.kind, "by": by}
    settle(member, "pool.nominated", facts, state=PoolState.NOMINATED, actor=actor, at=at)
    propose(member, Proposed(PoolKind(member.kind), member.name, reason=reason, by=by), on=today)
    return member


@transaction.atomic
def number_letter(member_id: UUID, *, actor: Actor, at: datetime) -> Nomination:
    """Give the letter of recommendation its document number; again, it keeps the one it has."""
    member = hold(member_id, actor, at)
    nomination = (
        Nomination.objects.select_for_update().filter(member=member).order_by("-nominated_on", "-id")[0]
    )
    if not nomination.number:
        nomination.number = next_number(member.keeper, local_day(at).year)
        nomination.save(update_fields=["number"])
        tell(member, "pool.recommended", {"number": nomination.number}, actor=actor, at=at)
    return nomination


@transaction.atomic
def review(member_id: UUID, *, actor: Actor, at: datetime, note: str = "") -> PoolMember:
    """Somebody has looked at what a machine cannot judge. Raises MoveRefused, PoolRefused."""
    member = hold(member_id, actor, at)
    check_conditions(member, on=local_day(at))
    _step(open_nomination_of(member, PoolState.REVIEWED), PoolState.REVIEWED)
    return settle(member, "pool.reviewed", {"note": note}, state=PoolState.REVIEWED, actor=actor, at=at)


def open_nomination_of(member: PoolMember, wanted: PoolState) -> Nomination:
    """The nomination under way. Raises MoveRefused when there is none."""
    try:
        return open_nomination(member)
    except Nomination.DoesNotExist:
        raise MoveRefused(PoolState(member.state), wanted) from None


def _step(nomination: Nomination, state: PoolState, *fields: str) -> None:
    nomination.state = state
    nomination.save(update_fields=["state", *fields])


@transaction.atomic
def publish(member_id: UUID, *, from_on: date, until_on: date, actor: Actor, at: datetime) -> PoolMember:
    """Make a candidate public for a time. Raises PoolRefused when it is shorter than the office's own number."""
    member = hold(member_id, actor, at)
    pool = POOLS[PoolKind(member.kind)]
    days = numbers_of(member.keeper).get("notice_days", 0)
    least = reckon(Term(days, Unit.WORKING_DAY), from_on, calendar=official()).due_on
    if until_on < from_on or (least and until_on < least):
        raise PoolRefused(Unmet("until_on", "notice_too_short", pool.law, days))
    nomination = open_nomination_of(member, PoolState.PUBLIC_NOTICE)
    nomination.notice_from, nomination.notice_until = from_on, until_on
    _step(nomination, PoolState.PUBLIC_NOTICE, "notice_from", "notice_until")
    facts: dict[str, object] = {"from": from_on.isoformat(), "until": until_on.isoformat()}
    return settle(member, "pool.public_notice", facts, state=PoolState.PUBLIC_NOTICE, actor=actor, at=at)


@dataclass(frozen=True)
class Appointment:
    """By whom somebody was appointed, from when, under which decision; when the call for candidates stood.

    `anew`: an officer confirms that the terms in a row begin anew after the gap that the keeper has set.
    """

    by: Office
    starts_on: date
    decision: str = ""
    announced_on: date | None = None
    announced_until: date | None = None
    anew: bool = False


@transaction.atomic
def appoint(member_id: UUID, made: Appointment, *, actor: Actor, at: datetime) -> PoolMember:
    """Record an appointment and begin its term. Raises MoveRefused, PoolRefused citing the law."""
    member = hold(member_id, actor, at)
    kind, today = PoolKind(member.kind), local_day(at)
    nomination = open_nomination_of(member, PoolState.APPOINTED)
    if POOLS[kind].published and member.state != PoolState.PUBLIC_NOTICE:
        raise MoveRefused(PoolState(member.state), PoolState.APPOINTED)
    if nomination.notice_until and nomination.notice_until >= min(today, made.starts_on):
        raise PoolRefused(Unmet("starts_on", "notice_runs", POOLS[kind].law))
    nomination.announced_on = made.announced_on or nomination.announced_on
    nomination.announced_until = made.announced_until or nomination.announced_until
    check_announcement(kind, nomination.announced_on, nomination.announced_until, calendar=official())
    check_conditions(member, on=today)
    term = begin_term(member, made.by, made.starts_on, made.decision, anew=made.anew)
    nomination.decided_on = today
    _step(nomination, PoolState.APPOINTED, "decided_on", "announced_on", "announced_until")
    state = PoolState.ACTIVE if made.starts_on <= today else PoolState.APPOINTED
    facts: dict[str, object] = {
        "number": term.number,
        "from": term.starts_on.isoformat(),
        "until": term.ends_on.isoformat() if term.ends_on else "",
        "by": made.by.code,
    }
    return settle(member, "pool.appointed", facts, state=state, actor=actor, at=at)


@transaction.atomic
def refuse(member_id: UUID, *, reason: str, actor: Actor, at: datetime) -> PoolMember:
    """The nomination came to nothing. Raises MoveRefused."""
    member = hold(member_id, actor, at)
    nomination = open_nomination_of(member, PoolState.REFUSED)
    nomination.decided_on, nomination.answer = local_day(at), reason
    _step(nomination, PoolState.REFUSED, "decided_on", "answer")
    return settle(member, "pool.refused", {"reason": reason}, state=PoolState.REFUSED, actor=actor, at=at)
