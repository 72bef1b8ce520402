"""The ground every change of a member stands on: the row held under lock, the step recorded and saved."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.pools.models import Nomination, PoolMember, Qualification
from qiaoqiao.community.pools.queries import posts_now, visible_members
from qiaoqiao.community.pools.rules import (
    ARBITRATOR_GROUNDS,
    Candidate,
    PoolKind,
    PoolRefused,
    PoolState,
    check_move,
    unmet,
)
from qiaoqiao.ledger.actions import Happening, record


def local_day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def hold(member_id: UUID, actor: Actor, at: datetime) -> PoolMember:
    """Lock a member for a change. Raises PoolMember.DoesNotExist for one the actor may not see."""
    seen = visible_members(actor, on=local_day(at)).select_related("keeper")
    return seen.select_for_update(of=("self",)).get(pk=member_id)


def settle(
    member: PoolMember,
    kind: str,
    facts: dict[str, object],
    *,
    actor: Actor,
    at: datetime,
    state: PoolState | None = None,
    fields: Iterable[str] = (),
) -> PoolMember:
    """Record what happened and save the member's own columns that the action has set. Raises MoveRefused."""
    changed = list(fields)
    if state is not None:
        check_move(member.state, state)
        member.state = state
        changed.append("state")
    if changed:
        member.save(update_fields=changed)
    tell(member, kind, facts, actor=actor, at=at)
    return member


def tell(member: PoolMember, kind: str, facts: dict[str, object], *, actor: Actor, at: datetime) -> None:
    record(member.pk, Happening(kind, facts, actor.ledger_name, at, member.keeper.code))  # type: ignore[arg-type]


def check_conditions(member: PoolMember, *, on: date) -> None:
    """Raises PoolRefused with every condition of the pool that the member does not meet on a day."""
    ground = (
        Qualification.objects.filter(member=member, kind__in=list(ARBITRATOR_GROUNDS))
        .order_by("-years")
        .first()
    )
    candidate = Candidate(
        born=member.born,
        nationality=member.nationality,
        education=member.education,
        ground=ground.kind if ground else "",
        ground_years=ground.years if ground else 0,
        posts=posts_now(member, on=on),
    )
    wrong = unmet(PoolKind(member.kind), candidate, on=on)
    if wrong:
        raise PoolRefused(*wrong)


def open_nomination(member: PoolMember) -> Nomination:
    """The nomination under way. Raises Nomination.DoesNotExist."""
    return Nomination.objects.select_for_update().get(
        member=member, state__in=["nominated", "reviewed", "public_notice"]
    )
