"""When the demo's offices can be met: counter, telephone, video, hospital and tax post, with people who booked."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from demo.people import staff_name
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.appointments.actions.booking import Guest, book
from qiaoqiao.community.appointments.actions.publishing import Plan, make_schedule, publish
from qiaoqiao.community.appointments.actions.waiting import join
from qiaoqiao.community.appointments.models import Schedule, Slot
from qiaoqiao.community.appointments.queries import day_bounds
from qiaoqiao.community.appointments.rules import SlotKind
from qiaoqiao.ledger.reacting import without_reactions

WEEKS = 5
BOTH = ["09:00-12:00", "14:30-17:00"]
WORKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), BOTH)
ABROAD = ("America/Caracas", "America/Lima", "America/Sao_Paulo", "America/New_York", "Asia/Kuala_Lumpur")
ABOUT = (
    "想问回国定居要带什么",
    "祖屋的证件找不到了",
    "孩子回来读书怎么报名",
    "归侨证办理",
    "想当面说清楚",
    "",
)
WAITING = 3


@dataclass(frozen=True)
class Offer:
    """What one office offers: its code, and its week."""

    office: str
    plan: Plan
    share: float  # how many of the coming days' places are booked


TITLES: Mapping[str, dict[str, str]] = {
    "counter": {
        "zh-Hans": "侨务窗口",
        "zh-Hant": "僑務窗口",
        "en": "Counter for overseas Chinese",
        "es": "Ventanilla para chinos de ultramar",
        "pt": "Balcão para chineses ultramarinos",
    },
    "video": {
        "zh-Hans": "视频咨询",
        "zh-Hant": "視像諮詢",
        "en": "Advice by video",
        "es": "Consulta por video",
        "pt": "Consulta por vídeo",
    },
    "phone": {
        "zh-Hans": "电话咨询",
        "zh-Hant": "電話諮詢",
        "en": "Advice by telephone",
        "es": "Consulta por teléfono",
        "pt": "Consulta por telefone",
    },
    "hospital": {
        "zh-Hans": "侨胞健康门诊",
        "zh-Hant": "僑胞健康門診",
        "en": "Health service for overseas Chinese",
        "es": "Consulta de salud para chinos de ultramar",
        "pt": "Consulta de saúde para chineses ultramarinos",
    },
    "tax_post": {
        "zh-Hans": "涉侨税务咨询",
        "zh-Hant": "涉僑稅務諮詢",
        "en": "Tax advice",
        "es": "Consulta de impuestos",
        "pt": "Consulta de impostos",
    },
}
LOCAL = ("mandarin", "cantonese", "toisan")


def offers(now: datetime) -> list[Offer]:
    """Six offers of five kinds, in two cities."""
    since = now.astimezone(SHANGHAI).date()
    evenings = {"tue": ["20:00-21:30"], "thu": ["20:00-21:30"], "sat": ["09:00-11:00"]}
    link, rung = "到时间点确认信里的链接", "我们会拨打您留的电话"

    def offer(office: str, kind: SlotKind, where: str, share: float, **more: Any) -> Offer:
        usual: dict[str, Any] = {
            "hours": WORKDAYS,
            "minutes": 30,
            "places": 2,
            "make_up": "mon",
            "languages": LOCAL,
        }
        plan = Plan(kind=kind, titles=TITLES[kind], valid_from=since, where=where, **(usual | more))
        return Offer(office, plan, share)

    return [
        offer("440781-federation", SlotKind.COUNTER, "一楼3号窗口", 0.35),
        offer(
            "440781-overseas_affairs",
            SlotKind.VIDEO,
            link,
            0.6,
            hours=evenings,
            places=1,
            languages=(*LOCAL, "spanish"),
        ),
        offer("440781-federation", SlotKind.PHONE, rung, 0.2, minutes=20, places=1),
        offer("440781-hospital", SlotKind.HOSPITAL, "门诊二楼", 0.3, services=("health",)),
        offer("4407-tax", SlotKind.TAX_POST, "办税服务厅侨胞专窗", 0.25, services=("tax",)),
        offer("4502-federation", SlotKind.COUNTER, "侨胞之家", 0.15, languages=("mandarin", "zhuang")),
    ]


def load_appointments(seed: int, now: datetime, *, epoch: int) -> int:
    """Publish the coming weeks unless that was done; return how many places are booked."""
    chance = random.Random(f"appointments-{seed}")
    with acting(SYSTEM, epoch=epoch), without_reactions(), transaction.atomic():
        if Schedule.objects.exists():
            return 0
        offices = {office.code: office for office in Office.objects.all()}
        booked = 0
        for number, offer in enumerate(offers(now)):
            if office := offices.get(offer.office):
                schedule = put_up(offer, office, now)
                booked += fill(schedule, offer.share, chance, now)
                if number == 0:
                    booked += crowd(schedule, chance, now)
        return booked


def put_up(offer: Offer, office: Office, now: datetime) -> Schedule:
    schedule = make_schedule(offer.plan, office=office, actor=SYSTEM, at=now)
    today = now.astimezone(SHANGHAI).date()
    publish(schedule.pk, today, today + timedelta(weeks=WEEKS), actor=SYSTEM, at=now)
    return schedule


def fill(schedule: Schedule, share: float, chance: random.Random, now: datetime) -> int:
    """Book a share of the next ten days, by people here and abroad."""
    soon = Slot.objects.filter(schedule=schedule, starts_at__lt=now + timedelta(days=10)).order_by(
        "starts_at"
    )
    booked = 0
    for slot in soon:
        if slot.starts_at > now + timedelta(hours=schedule.lead_hours) and chance.random() < share:
            book(slot.pk, guest(chance), actor=SYSTEM, at=now)
            booked += 1
    return booked


def crowd(schedule: Schedule, chance: random.Random, now: datetime) -> int:
    """Fill one day to the last place and let a few stand in line for it."""
    free = (
        Slot.objects.filter(schedule=schedule, starts_at__gt=now + timedelta(days=4))
        .order_by("starts_at")
        .first()
    )
    if free is None:
        return 0
    on = free.starts_at.astimezone(SHANGHAI).date()
    begins, ends = day_bounds(on)
    booked = 0
    for slot in Slot.objects.filter(schedule=schedule, starts_at__gte=begins, starts_at__lt=ends):
        for _place in range(slot.free):
            book(slot.pk, guest(chance), actor=SYSTEM, at=now)
            booked += 1
    for number in range(WAITING):
        join(schedule.pk, guest(chance), on, on, actor=SYSTEM, at=now + timedelta(seconds=number))
    return booked


def guest(chance: random.Random) -> Guest:
    abroad = chance.random() < 0.6
    number = chance.randrange(10**6)
    return Guest(
        name=staff_name(chance),
        email=f"yue{number}@example.org",
        language=chance.choice(("zh-hans", "zh-hant", "es", "en", "pt")) if abroad else "zh-hans",
        timezone=chance.choice(ABROAD) if abroad else "Asia/Shanghai",
        about=chance.choice(ABOUT),
    )
