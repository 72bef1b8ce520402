"""The ground every change stands on: a row held under lock by who may, and the step recorded."""

from datetime import date, datetime
from uuid import UUID

from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.activities.models import Activity, Plan
from qiaoqiao.community.activities.queries import visible_activities, visible_plans
from qiaoqiao.ledger.actions import Happening, record


def local_day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def hold(activity_id: UUID, actor: Actor, at: datetime) -> Activity:
    """Lock an activity. Raises Activity.DoesNotExist for one the actor does not keep."""
    seen = visible_activities(actor, on=local_day(at)).select_related("keeper")
    return seen.select_for_update(of=("self",)).get(pk=activity_id)


def hold_plan(plan_id: UUID, actor: Actor, at: datetime) -> Plan:
    """Lock a plan. Raises Plan.DoesNotExist for one the actor does not keep."""
    seen = visible_plans(actor, on=local_day(at)).select_related("keeper", "organisation")
    return seen.select_for_update(of=("self",)).get(pk=plan_id)


def tell(
    subject: UUID, kind: str, facts: dict[str, object], *, office: str, actor: Actor, at: datetime
) -> None:
    record(subject, Happening(kind, facts, actor.ledger_name, at, office))  # type: ignore[arg-type]
