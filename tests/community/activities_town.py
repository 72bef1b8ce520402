"""Activities for the tests: a station, one of its activities, and who signs up."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from qiaoqiao.access.links import make_link
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.community.activities.actions.holding import Programme, add_photo, schedule, write_minutes
from qiaoqiao.community.activities.actions.planning import add_item, draft_plan
from qiaoqiao.community.activities.actions.signing import Guest, sign_up
from qiaoqiao.community.activities.letters import ATTEND, KEPT
from qiaoqiao.community.activities.models import Activity, Signup
from qiaoqiao.community.activities.rules import ActivityKind, Every, Planned
from qiaoqiao.community.network.models import Organisation
from tests.cast import Town, now_epoch


def make_station(town: Town, code: str = "LLZ-01") -> Organisation:
    return Organisation.objects.create(
        code=code,
        keeper=town.federation,
        kind="liaison_station",
        names={"zh-Hans": "台城代表联络站", "en": "Taicheng station"},
        path=f"/{code}/",
        place=town.taishan,
    )


def programme(starts_at: datetime, **changes: Any) -> Programme:
    given: dict[str, Any] = {
        "kind": "lecture",
        "names": {"zh-Hans": "侨房继承宣讲会"},
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "place": "台城街道侨胞之家",
        "open": True,
        "capacity": 2,
    }
    return Programme(**(given | changes))


def make_activity(town: Town, station: Organisation | None = None, **changes: Any) -> Activity:
    now = datetime.now(UTC).replace(microsecond=0)
    with acting(SYSTEM, epoch=now_epoch()):
        organisation = station or make_station(town)
        given = programme(changes.pop("starts_at", now + timedelta(days=7)), **changes)
        return schedule(organisation.pk, given, actor=SYSTEM, at=now)


def signed(activity: Activity, name: str, *, at: datetime | None = None, **contact: str) -> None:
    """Somebody signs up as the public does."""
    guest = Guest(name, **(contact or {"email": f"{name}@example.org"}))
    with acting(PUBLIC, epoch=now_epoch()):
        sign_up(activity.pk, guest, actor=PUBLIC, at=at or datetime.now(UTC))


def in_line(activity: Activity) -> list[tuple[str, str]]:
    with acting(SYSTEM, epoch=now_epoch()):
        rows = Signup.objects.filter(activity=activity).order_by("signed_at", "id")
        return list(rows.values_list("name", "state"))


def signup_of(activity: Activity, name: str) -> Signup:
    with acting(SYSTEM, epoch=now_epoch()):
        return Signup.objects.get(activity=activity, name=name)


def picture() -> Brought:
    return Brought("photo", "", "0" * 32, "会场.jpg", "image/jpeg", 10, "00")


def canary_activity(town: Town, name: str) -> dict[str, object]:
    """An activity to which somebody of that name signed up, for the test of every route."""
    station = make_station(town, "LLZ-CANARY")
    activity = make_activity(town, station)
    signed(activity, name, email="canary@example.org")
    at = datetime.now(UTC)
    with acting(SYSTEM, epoch=now_epoch()):
        given: dict[str, Any] = {"actor": SYSTEM, "at": at}
        plan = draft_plan(station.pk, at.year, **given)
        item = add_item(plan.pk, Planned(ActivityKind.VISIT, Every.MONTH), name="走访", place="", **given)
        photo = add_photo(activity.pk, picture(), caption=name, people_shown=1, **given)
        write_minutes(activity.pk, text=name, outcome=name, opinions=1, **given)
    signup = signup_of(activity, name)
    return {
        "activity_id": activity.pk,
        "plan_id": plan.pk,
        "item_id": item.pk,
        "photo_id": photo.pk,
        "material_id": UUID(int=0),
        "signup_id": signup.pk,
        "token": make_link(ATTEND, signup.pk, until=activity.ends_at + KEPT),
    }
