"""Terms of office: begun, renewed, warned of, over; suspended and ended early."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, Actor
from qiaoqiao.clock.calendar import official
from qiaoqiao.community.pools.actions.grounds import check_conditions, hold, local_day, settle, tell
from qiaoqiao.community.pools.models import DutyShift, Engagement, Nomination, PoolMember, PoolTerm
from qiaoqiao.community.pools.queries import last_term, numbers_of
from qiaoqiao.community.pools.rules import (
    CANDIDATES,
    NEW_BEGINNING,
    POOLS,
    MoveRefused,
    PoolKind,
    PoolRefused,
    PoolState,
    Unmet,
    check_appointing,
    check_joined,
    check_move,
    consecutive,
    ends_on,
    next_term,
    warned_at,
)

ONE_DAY = timedelta(days=1)


def begin_term(
    member: PoolMember, by: Office, starts_on: date, decision: str, *, anew: bool = False
) -> PoolTerm:
    """Write the next term. Raises PoolRefused when the office may not appoint or the terms are spent.

    `anew`: somebody confirmed that the terms in a row are counted anew after the gap that the keeper has set.
    """
    kind = PoolKind(member.kind)
    check_appointing(kind, by.kind)
    before = last_term(member)
    last_end = (before.ended_on or before.ends_on) if before else None
    if before and last_end and starts_on <= last_end:
        raise PoolRefused(Unmet("starts_on", "before_last_end", None))
    numbers = numbers_of(member.keeper)
    in_a_row = consecutive(
        before.number if before else 0, last_end, starts_on, anew=anew, gap=numbers.get(NEW_BEGINNING)
    )
    return PoolTerm.objects.create(
        member=member,
        number=next_term(kind, in_a_row),
        most=POOLS[kind].most_terms,
        starts_on=starts_on,
        ends_on=ends_on(kind, starts_on, numbers, calendar=official()),
        appointed_by=by,
        decision=decision,
    )


@transaction.atomic
def renew(
    member_id: UUID,
    *,
    by: Office,
    starts_on: date,
    decision: str,
    actor: Actor,
    at: datetime,
    anew: bool = False,
) -> PoolMember:
    """Begin another term of somebody in office or whose term is over. Raises MoveRefused, PoolRefused.

    A term still running is closed on the day before and the next one joins it; who is out of office is in it
    again on the first day, not before. Conditions and posts are judged again.
    """
    hold(member_id, actor, at)
    expire(member_id, at=at)
    member = hold(member_id, actor, at)
    if member.state not in {PoolState.ACTIVE, PoolState.EXPIRED}:
        raise MoveRefused(PoolState(member.state), PoolState.ACTIVE)
    today = local_day(at)
    check_conditions(member, on=today)
    running = PoolTerm.objects.filter(member=member, ended_on__isnull=True).first()
    if running:
        if starts_on <= running.starts_on:
            raise PoolRefused(Unmet("starts_on", "before_last_end", None))
        check_joined(running.ends_on, starts_on)
        running.ended_on = min(starts_on - ONE_DAY, running.ends_on or starts_on - ONE_DAY)
        running.save(update_fields=["ended_on"])
    term = begin_term(member, by, starts_on, decision, anew=anew)
    state = PoolState.ACTIVE if running or starts_on <= today else PoolState.APPOINTED
    facts: dict[str, object] = {
        "number": term.number,
        "from": term.starts_on.isoformat(),
        "until": term.ends_on.isoformat() if term.ends_on else "",
        "by": by.code,
    }
    return settle(member, "pool.renewed", facts, state=state, actor=actor, at=at)


@transaction.atomic
def take_up(member_id: UUID, *, actor: Actor, at: datetime) -> PoolMember:
    """The first day of the term has come. Raises MoveRefused."""
    member = hold(member_id, actor, at)
    if member.state != PoolState.APPOINTED:
        raise MoveRefused(PoolState(member.state), PoolState.ACTIVE)
    return settle(member, "pool.began", {}, state=PoolState.ACTIVE, actor=actor, at=at)


@transaction.atomic
def suspend(member_id: UUID, *, reason: str, actor: Actor, at: datetime) -> PoolMember:
    """Let somebody take nothing new for a while. Raises MoveRefused."""
    member = hold(member_id, actor, at)
    settle(member, "pool.suspended", {"reason": reason}, state=PoolState.SUSPENDED, actor=actor, at=at)
    _off_duty(member, local_day(at))
    return member


@transaction.atomic
def resume(member_id: UUID, *, reason: str, actor: Actor, at: datetime) -> PoolMember:
    """End a suspension. Raises MoveRefused, and PoolRefused when they no longer meet the conditions."""
    member = hold(member_id, actor, at)
    if member.state != PoolState.SUSPENDED:
        raise MoveRefused(PoolState(member.state), PoolState.ACTIVE)
    check_conditions(member, on=local_day(at))
    return settle(member, "pool.resumed", {"reason": reason}, state=PoolState.ACTIVE, actor=actor, at=at)


@transaction.atomic
def remove(member_id: UUID, *, reason: str, actor: Actor, at: datetime) -> PoolMember:
    """Take somebody out of the pool. Raises MoveRefused."""
    return _leave(hold(member_id, actor, at), "pool.removed", PoolState.REMOVED, reason, actor=actor, at=at)


@transaction.atomic
def resign(member_id: UUID, *, reason: str, actor: Actor, at: datetime) -> PoolMember:
    """They left by themselves. Raises MoveRefused."""
    return _leave(hold(member_id, actor, at), "pool.resigned", PoolState.RESIGNED, reason, actor=actor, at=at)


def _leave(
    member: PoolMember, kind: str, state: PoolState, reason: str, *, actor: Actor, at: datetime
) -> PoolMember:
    """End the term, the shifts to come, the open matters and the nomination."""
    check_move(member.state, state)
    today = local_day(at)
    for term in PoolTerm.objects.filter(member=member, ended_on__isnull=True):
        term.ended_on = max(today, term.starts_on)
        term.save(update_fields=["ended_on"])
    open_ones = Nomination.objects.filter(member=member, state__in=[str(one) for one in CANDIDATES])
    open_ones.update(state=state, decided_on=today)
    for engagement in Engagement.objects.filter(member=member, until__isnull=True):
        engagement.until = max(today, engagement.since)
        engagement.save(update_fields=["until"])
    _off_duty(member, today)
    return settle(member, kind, {"reason": reason}, state=state, actor=actor, at=at)


def _off_duty(member: PoolMember, today: date) -> None:
    DutyShift.objects.filter(member=member, on__gt=today).delete()


@transaction.atomic
def expire(member_id: UUID, *, at: datetime) -> bool:
    """Let a term be over whose last day is past; False when somebody renewed it meanwhile."""
    member = hold(member_id, SYSTEM, at)
    today = local_day(at)
    term = PoolTerm.objects.filter(member=member, ended_on__isnull=True, ends_on__lt=today).first()
    if term is None or member.state not in {PoolState.ACTIVE, PoolState.SUSPENDED}:
        return False
    term.ended_on = term.ends_on
    term.save(update_fields=["ended_on"])
    _off_duty(member, today)
    facts: dict[str, object] = {"until": str(term.ends_on)}
    settle(member, "pool.expired", facts, state=PoolState.EXPIRED, actor=SYSTEM, at=at)
    return True


@transaction.atomic
def warn(member_id: UUID, *, at: datetime) -> bool:
    """Tell that a term ends soon, once for each threshold; what follows is a letter to the keeper."""
    member = hold(member_id, SYSTEM, at)
    term = PoolTerm.objects.filter(member=member, ended_on__isnull=True, ends_on__isnull=False).first()
    if term is None or term.ends_on is None:
        return False
    days = warned_at((term.ends_on - local_day(at)).days, numbers_of(member.keeper))
    if days is None or (term.warned_days is not None and term.warned_days <= days):
        return False
    term.warned_days = days
    term.save(update_fields=["warned_days"])
    facts: dict[str, object] = {"days": days, "until": term.ends_on.isoformat(), "term": str(term.pk)}
    tell(member, "pool.expiring", facts, actor=SYSTEM, at=at)
    return True
