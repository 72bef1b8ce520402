"""What is kept of a member between terms: qualifications, other posts, training, rota, matters at hand."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.pools.actions.grounds import hold, local_day, settle, tell
from qiaoqiao.community.pools.models import (
    DutyShift,
    Engagement,
    OtherPost,
    PoolMember,
    Qualification,
    TrainingRecord,
)
from qiaoqiao.community.pools.queries import visible_members
from qiaoqiao.community.pools.rules import (
    IN_OFFICE,
    POOLS,
    MoveRefused,
    PoolKind,
    PoolRefused,
    PoolState,
    Unmet,
    check_role,
    excluded_by,
)
from qiaoqiao.gateways import vault
from qiaoqiao.lib.ids import row_id

CHANGEABLE = frozenset(
    {"name", "latin_name", "email", "phone", "place", "country", "organisation", "languages", "specialties"}
)


def licence(member: PoolMember, kind: str, number: str, **more: object) -> Qualification:
    """A qualification, its number sealed for its own row; without a number nothing is sealed."""
    row = row_id()
    place = vault.Place("pools_qualification", "sealed", str(row))
    sealed = vault.seal(number, place) if number else None
    tail = vault.normalised(number)[-4:] if number else ""
    return Qualification(id=row, member=member, kind=kind, sealed=sealed, tail=tail, **more)


@transaction.atomic
def qualify(
    member_id: UUID,
    *,
    kind: str,
    actor: Actor,
    at: datetime,
    years: int = 0,
    issuer: str = "",
    number: str = "",
    issued_on: date | None = None,
    valid_until: date | None = None,
) -> Qualification:
    """Add what somebody is qualified by."""
    member = hold(member_id, actor, at)
    dated = {"issued_on": issued_on, "valid_until": valid_until}
    row = licence(member, kind, number, years=years, issuer=issuer, **dated)
    row.save(force_insert=True)
    tell(member, "pool.qualified", {"kind": kind, "row": str(row.pk)}, actor=actor, at=at)
    return row


@transaction.atomic
def change(member_id: UUID, changes: dict[str, object], *, actor: Actor, at: datetime) -> PoolMember:
    """Bring somebody's particulars up to date; what is judged by law (birth, nationality) changes by nomination."""
    member = hold(member_id, actor, at)
    fields = [
        name for name, value in changes.items() if name in CHANGEABLE and getattr(member, name) != value
    ]
    for name in fields:
        setattr(member, name, changes[name])
    if not fields:
        return member
    return settle(member, "pool.changed", {"fields": sorted(fields)}, actor=actor, at=at, fields=fields)


@transaction.atomic
def add_post(
    member_id: UUID, *, kind: str, where: str, since: date | None, actor: Actor, at: datetime
) -> OtherPost:
    """Note what else somebody is. Raises PoolRefused for a post beside which they may not stay in office."""
    member = hold(member_id, actor, at)
    pool = PoolKind(member.kind)
    if member.state in IN_OFFICE - {PoolState.SUSPENDED} and excluded_by(pool, [kind]):
        raise PoolRefused(Unmet("kind", "excluded", POOLS[pool].cites("excluded"), detail=kind))
    row = OtherPost.objects.create(member=member, kind=kind, at=where, since=since)
    tell(member, "pool.post_added", {"kind": kind, "row": str(row.pk)}, actor=actor, at=at)
    return row


@transaction.atomic
def end_post(post_id: UUID, *, actor: Actor, at: datetime) -> OtherPost:
    """They are no longer that; the last day is today."""
    post = OtherPost.objects.get(pk=post_id)
    member = hold(post.member_id, actor, at)
    post.until = max(local_day(at), post.since or local_day(at))
    post.save(update_fields=["until"])
    tell(member, "pool.post_ended", {"kind": post.kind, "row": str(post.pk)}, actor=actor, at=at)
    return post


class TrainedAlready(Exception):
    """The same training on the same day is written down."""


@transaction.atomic
def train(
    member_id: UUID,
    *,
    title: str,
    held_on: date,
    hours: Decimal,
    organiser: str,
    actor: Actor,
    at: datetime,
) -> TrainingRecord:
    """Write down a training. Raises TrainedAlready."""
    member = hold(member_id, actor, at)
    if TrainingRecord.objects.filter(member=member, title=title, held_on=held_on).exists():
        raise TrainedAlready
    row = TrainingRecord.objects.create(
        member=member, title=title, held_on=held_on, hours=hours, organiser=organiser
    )
    facts: dict[str, object] = {"on": held_on.isoformat(), "row": str(row.pk)}
    tell(member, "pool.trained", facts, actor=actor, at=at)
    return row


class OnDutyAlready(Exception):
    """They are on duty then already, perhaps elsewhere."""


@transaction.atomic
def add_shift(
    member_id: UUID, *, on: date, part: str, organisation: Organisation, actor: Actor, at: datetime
) -> DutyShift:
    """Put somebody on duty for a part of a day. Raises OnDutyAlready, MoveRefused for who is not in office."""
    member = hold(member_id, actor, at)
    if member.state != PoolState.ACTIVE:
        raise MoveRefused(PoolState(member.state), PoolState.ACTIVE)
    if DutyShift.objects.filter(member=member, on=on, part=part).exists():
        raise OnDutyAlready
    row = DutyShift.objects.create(member=member, on=on, part=part, organisation=organisation)
    facts: dict[str, object] = {"on": on.isoformat(), "part": part, "at": organisation.code}
    tell(member, "pool.on_duty", facts, actor=actor, at=at)
    return row


@transaction.atomic
def remove_shift(shift_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take a shift off the rota. Raises DutyShift.DoesNotExist."""
    seen = visible_members(actor, on=local_day(at))
    shift = DutyShift.objects.get(pk=shift_id, member__in=seen)
    member = hold(shift.member_id, actor, at)
    shift.delete()
    tell(member, "pool.off_duty", {"on": shift.on.isoformat(), "part": shift.part}, actor=actor, at=at)


@transaction.atomic
def engage(
    member_id: UUID,
    *,
    role: str,
    case: Case | None,
    matter: str,
    since: date,
    actor: Actor,
    at: datetime,
) -> Engagement:
    """Give somebody a matter. Raises MoveRefused for who is not in office, PoolRefused for a role that excludes."""
    member = hold(member_id, actor, at)
    if member.state != PoolState.ACTIVE:
        raise MoveRefused(PoolState(member.state), PoolState.ACTIVE)
    if case is not None:
        held = Engagement.objects.filter(member=member, case=case)
        check_role(role, list(held.values_list("role", flat=True)))
        again = held.filter(role=role, until__isnull=True).first()
        if again:
            return again
    row = Engagement.objects.create(member=member, case=case, matter=matter, role=role, since=since)
    facts: dict[str, object] = {"role": role, "row": str(row.pk), "case": str(case.pk) if case else ""}
    tell(member, "pool.engaged", facts, actor=actor, at=at)
    return row


@transaction.atomic
def end_engagement(engagement_id: UUID, *, actor: Actor, at: datetime) -> Engagement:
    """The matter is done; a second time changes nothing. Raises Engagement.DoesNotExist."""
    seen = visible_members(actor, on=local_day(at))
    row = Engagement.objects.get(pk=engagement_id, member__in=seen)
    member = hold(row.member_id, actor, at)
    if row.until is None:
        row.until = max(local_day(at), row.since)
        row.save(update_fields=["until"])
        tell(member, "pool.released", {"role": row.role, "row": str(row.pk)}, actor=actor, at=at)
    return row
