"""Cases of the workbench's tests: filed as people file, moved as offices move them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import Actor, acting, person
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.models import Case
from tests.cast import SETTLE, as_staff, file_case, now_epoch

JOINING_A_SPOUSE = SETTLE | {
    "settle_kind": "spouse",
    "relative_name": "黄国强",
    "relative_hukou": "台山市端芬镇侨兴路8号",
}
CLAIM = {
    "purpose": "claim",
    "topic": "house",
    "place": "440781",
    "request": "请退还祖屋“𠮷庐”，或按市价补偿。",
    "facts": "祖屋在端芬镇，1958年由集体使用，2019年被拆，没有收到补偿。",
    "in_other_procedure": False,
    "petitioned_before": False,
    "anonymous": False,
    "joint": False,
    "urgent": False,
}


def days_ago(days: int, hour: int = 2) -> datetime:
    """Some days before today, at an hour of UTC."""
    then = timezone.now().astimezone(UTC) - timedelta(days=days)
    return then.replace(hour=hour, minute=0, second=0, microsecond=0)


def settlement(*, ago: int = 3, **changes: Any) -> Case:
    return file_case("settlement", JOINING_A_SPOUSE | changes, at=days_ago(ago))


def petition(*, ago: int = 3, **changes: Any) -> Case:
    return file_case("petition", CLAIM | changes, at=days_ago(ago))


def step(case: Case, actor: Account | Actor, move_id: str, at: datetime, **answers: Any) -> Case:
    """Make one move as an officer, or as the person of the case."""
    who = as_staff(actor) if isinstance(actor, Account) else actor
    with acting(who, epoch=now_epoch()):
        return move(case.pk, move_id, answers=answers, actor=who, at=at)


def the_person(case: Case) -> Actor:
    return person(case.pk)


def seen(case: Case) -> Case:
    """The case as it is in the database now."""
    with acting(person(case.pk), epoch=now_epoch()):
        return Case.objects.get(pk=case.pk)
