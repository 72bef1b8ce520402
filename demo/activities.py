"""Plans and activities of the demo: Shengli's year with some of it missing, joint activities of party-building points."""

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from demo.people import staff_name
from qiaoqiao.access.actions import set_office_number
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.activities.actions import holding, planning, signing
from qiaoqiao.community.activities.actions.holding import Programme
from qiaoqiao.community.activities.actions.signing import Guest
from qiaoqiao.community.activities.models import Activity, Plan, Signup
from qiaoqiao.community.activities.rules import ActivityKind, Every, Planned
from qiaoqiao.community.network.actions.organisations import found
from qiaoqiao.community.network.entered import Entered
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.ledger.reacting import without_reactions

SHENGLI, TAISHAN = "450205003-federation", "440781-federation"
NUMBERS = {"least_visit": 12, "least_lecture": 4, "least_study": 4}
K, E = ActivityKind, Every
LINES = (
    (Planned(K.VISIT, E.MONTH, day=12), "走访归侨侨眷家庭", "胜利社区"),
    (Planned(K.LECTURE, E.QUARTER, day=20), "侨法宣讲", "胜利代表联络站"),
    (Planned(K.STUDY, E.QUARTER, day=8), "代表学习交流", "胜利代表联络站"),
    (Planned(K.TRAINING, E.YEAR, month=6), "调解员专题培训", "街道三楼会议室"),
    (Planned(K.RESEARCH, E.QUARTER, day=25), "侨情调研", "社区、侨企"),
    (Planned(K.TALK, E.QUARTER, day=15), "民情沟通日", "归园广场"),
    (Planned(K.CONDOLENCE, E.YEAR, month=1, day=26), "春节慰问困难归侨", "入户"),
    (Planned(K.OPEN_DAY, E.YEAR, month=9), "侨胞之家开放日", "侨胞之家"),
)
MISSED = frozenset({(K.VISIT, 8), (K.LECTURE, 3), (K.RESEARCH, 2)})
"""Which of a line's days came to nothing, so that the plan shows gaps."""
COMING = (
    ("侨房继承宣讲会", "Inheriting a house: questions and answers", K.LECTURE, 24, 30),
    ("归侨老人健康义诊", "Free health check for elderly returnees", K.OPEN_DAY, 12, 5),
    ("台山侨村研学一日", "A day in the villages of Taishan", K.OTHER, 20, 9),
)
"""What the public may sign up to: Chinese, English, kind, places, how many ask."""


@dataclass(frozen=True)
class Scene:
    """Who keeps, when it is, and chance."""

    now: datetime
    chance: random.Random

    def at(self, days: int, hour: int) -> datetime:
        on = self.now.astimezone(SHANGHAI).date() + timedelta(days=days)
        return datetime(on.year, on.month, on.day, hour, 30, tzinfo=SHANGHAI)


def fill_activities(seed: int, now: datetime) -> int:
    """Tell this year's plan and what came of it, through the real actions; again changes nothing."""
    with acting(SYSTEM, epoch=int(time.time())), without_reactions(), transaction.atomic():
        if Plan.objects.exists():
            return Activity.objects.count()
        scene = Scene(now, random.Random(f"activities {seed}"))
        for setting, number in NUMBERS.items():
            set_office_number(SHENGLI, service="activities", setting=setting, number=number)
        station = station_of(SHENGLI, "liaison_station", "胜利代表联络站", scene)
        the_year(station, scene)
        point = station_of(TAISHAN, "party_point", "台山党建带侨建示范点", scene)
        joint(point, scene)
        coming(station_of(TAISHAN, "home", "台城侨胞之家", scene), scene)
        return Activity.objects.count()


def station_of(office: str, kind: str, name: str, scene: Scene) -> Organisation:
    """The network's own of that kind that the office keeps; one that it lacks is founded."""
    keeper = Office.objects.get(code=office)
    there = (
        Organisation.objects.filter(keeper=keeper, kind=kind, closed_on__isnull=True).order_by("code").first()
    )
    if there:
        return there
    given = Entered(code=f"{kind[:2].upper()}-{keeper.place_id}", kind=kind, name=name, place=keeper.place_id)
    return found(given, keeper=keeper, actor=SYSTEM, at=scene.now)


def the_year(station: Organisation, scene: Scene) -> None:
    """The plan approved in the first days of January; what is past was held, but for what was missed."""
    year = scene.now.astimezone(SHANGHAI).year
    begun = datetime(year, 1, 4, 2, 0, tzinfo=UTC)
    by: dict[str, Any] = {"actor": SYSTEM, "at": begun}
    plan = planning.draft_plan(station.pk, year, **by)
    for planned, name, place in LINES:
        planning.add_item(plan.pk, planned, name=name, place=place, **by)
    planning.approve_plan(plan.pk, **by)
    for activity in Activity.objects.filter(item__plan=plan, ends_at__lt=scene.now).order_by("starts_at"):
        if (K(activity.kind), activity.number) in MISSED:
            continue
        given: dict[str, Any] = {"actor": SYSTEM, "at": activity.ends_at}
        holding.mark_held(activity.pk, walk_ins=scene.chance.randint(6, 28), **given)
        if scene.chance.random() < 0.6:
            told = f"{activity.names['zh-Hans']}：与归侨侨眷当面交谈，记下意见，逐条交办。"
            opinions = scene.chance.randint(0, 3)
            holding.write_minutes(activity.pk, text=told, outcome="已逐条答复。", opinions=opinions, **given)


def joint(point: Organisation, scene: Scene) -> None:
    """What a party-building point held together with others, one put off."""
    by: dict[str, Any] = {"actor": SYSTEM, "at": scene.now}
    for number, name in enumerate(
        ("侨联、司法所联合普法", "与社区卫生站联合义诊", "与端芬镇侨胞之家结对共建")
    ):
        starts = scene.at(-40 + number * 55, 9)
        given = Programme(
            kind="forum", names={"zh-Hans": name}, starts_at=starts, ends_at=starts + timedelta(hours=2),
            partners="司法所、社区卫生站、端芬镇侨胞之家", place="示范点活动室",
        )  # fmt: skip
        activity = holding.schedule(point.pk, given, **by)
        if starts < scene.now:
            holding.mark_held(activity.pk, walk_ins=22, **by)
        elif number == 1:
            holding.postpone(activity.pk, reason="卫生站当天有任务，改期。", **by)


def coming(home: Organisation, scene: Scene) -> None:
    """What the public may sign up to, one of them full with people waiting."""
    for number, (name, english, kind, places, asking) in enumerate(COMING):
        starts = scene.at(6 + number * 5, 9)
        given = Programme(
            kind=kind, names={"zh-Hans": name, "en": english}, starts_at=starts, ends_at=starts + timedelta(hours=3),
            place="台城街道侨胞之家", open=True, capacity=places,
        )  # fmt: skip
        activity = holding.schedule(home.pk, given, actor=SYSTEM, at=scene.now)
        for guest in range(min(asking, 30)):
            one = Guest(staff_name(scene.chance), f"guest{number}{guest:02d}@example.org")
            signing.sign_up(activity.pk, one, actor=PUBLIC, at=scene.now)
        gone = Signup.objects.filter(activity=activity, state="waiting").first()
        if gone:
            signing.cancel_signup(gone.pk, actor=SYSTEM, at=scene.now)
