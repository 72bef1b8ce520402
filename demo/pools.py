"""The pools of the demo: eight adviser committees with 152 members, mediators, supervisors, arbitrators, interpreters."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from demo.people import GIVEN, SPELT, SURNAMES
from qiaoqiao.access.actions import set_office_number
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, Actor, acting, staff
from qiaoqiao.casework.models import Case
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.network.actions.organisations import found
from qiaoqiao.community.network.entered import Entered
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.pools.actions import keeping, nominating, terms
from qiaoqiao.community.pools.actions.nominating import Appointment, Proposed
from qiaoqiao.community.pools.jobs import keep_terms
from qiaoqiao.community.pools.models import PoolMember
from qiaoqiao.community.pools.rules import POOLS, PoolKind
from qiaoqiao.community.pools.wording import SPECIALTIES
from qiaoqiao.ledger.reacting import without_reactions

ADVISERS, MEDIATORS, SUPERVISORS, ARBITRATORS, INTERPRETERS = 152, 57, 5, 3, 16
AREAS = ("4407", "440703", "440704", "440705", "440781", "440783", "440784", "440785")
NUMBERS = {"adviser_years": 5, "interpreter_years": 3, "arbitrator_years": 5, "notice_days": 5}
LANGUAGES = ("spanish", "portuguese", "english", "vietnamese", "indonesian", "thai", "french", "malay")
DIALECTS = ("toisan", "cantonese", "hakka", "hokkien", "teochew")
ABROAD = ("VE", "BR", "CL", "PA")
MATTERS = (
    "巴拿马侨房继承咨询",
    "村里祖屋析产调解",
    "回国投资合同审看",
    "境外遗嘱认证问答",
    "侨企劳动争议咨询",
)
TRAININGS = ("涉侨纠纷调解技能培训", "民法典继承编专题培训", "境外法律查明培训")


@dataclass(frozen=True)
class Scene:
    """What the pools stand on: who keeps them, who appoints, when it is, and chance."""

    offices: Mapping[str, Office]
    actor: Actor
    now: datetime
    chance: random.Random

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    def appointing(self, kind: PoolKind, keeper: Office) -> Office:
        """The office that appoints to a pool: the keeper itself where the law leaves it to it."""
        kinds = POOLS[kind].appointed_by
        if keeper.kind in kinds:
            return keeper
        return next(
            office
            for code, office in self.offices.items()
            if code.startswith("4407-") and office.kind in kinds
        )


def fill_pools(seed: int, now: datetime) -> int:
    """Fill the pools of Jiangmen through the real actions; again changes nothing. Returns how many are in them."""
    with acting(SYSTEM, epoch=int(time.time())), without_reactions():
        if PoolMember.objects.exists():
            return PoolMember.objects.count()
        for area in AREAS:
            for setting, number in NUMBERS.items():
                set_office_number(f"{area}-federation", service="pools", setting=setting, number=number)
        offices = Office.objects.filter(place__code__startswith="4407").select_related("place").order_by("pk")
        head = Account.objects.get(username="jiangmen-federation")
        chance = random.Random(f"pools {seed}")
        scene = Scene({one.code: one for one in offices}, staff(head.pk), now, chance)
        everybody = list(people(scene))
    for begin in range(0, len(everybody), 25):
        with acting(SYSTEM, epoch=int(time.time())), without_reactions(), transaction.atomic():
            for one in everybody[begin : begin + 25]:
                bring_in(one, scene)
    with acting(SYSTEM, epoch=int(time.time())), without_reactions(), transaction.atomic():
        work(scene)
    with without_reactions():
        keep_terms(int(now.timestamp()))
    return len(everybody)


@dataclass(frozen=True)
class Coming:
    """Somebody on the way into a pool: how far, and since when."""

    proposed: Proposed
    keeper: Office
    starts_on: date
    stage: str = "active"


def people(scene: Scene) -> Iterator[Coming]:
    """Everybody, with distinct names."""
    names = named(scene.chance)
    committees = committees_of(scene)
    for number in range(ADVISERS):
        area = AREAS[number % len(AREAS)]
        keeper = scene.offices[f"{area}-federation"]
        more: dict[str, object] = {"organisation": committees.get(area), "specialties": specialties(scene, 3)}
        more |= {"languages": ["mandarin", "cantonese", *some(scene, LANGUAGES, 0.3)]}
        yield Coming(proposed(PoolKind.ADVISER, next(names), keeper, **more), keeper, since(scene, 5))
    for number in range(MEDIATORS):
        keeper = scene.offices[f"{AREAS[number % len(AREAS)]}-federation"]
        more = {"languages": ["cantonese", *some(scene, DIALECTS, 0.9)], "specialties": specialties(scene, 2)}
        if number < 9:
            more |= {"country": ABROAD[number % 4], "languages": ["cantonese", "toisan", "spanish"]}
        yield Coming(
            proposed(PoolKind.INVITED_MEDIATOR, next(names), keeper, **more), keeper, since(scene, 4)
        )
    city = scene.offices["4407-federation"]
    for number in range(SUPERVISORS):
        stage = {3: "public_notice", 4: "nominated"}.get(number, "active")
        fit: dict[str, object] = {"born": f"{1966 + number * 4}-05-0{number + 1}", "education": "bachelor"}
        reason = "长期联系侨胞，公道正派，熟悉法律。"
        at = scene.today - timedelta(days=(365 * 5 - 80, 700, 700, 40, 20)[number])
        yield Coming(
            proposed(PoolKind.PEOPLE_SUPERVISOR, next(names), city, reason=reason, **fit), city, at, stage
        )
    for number in range(ARBITRATORS):
        fit = {"ground": ("lawyer", "law_research_senior", "expert_senior")[number], "ground_years": 12}
        yield Coming(proposed(PoolKind.ARBITRATOR, next(names), city, **fit), city, since(scene, 3), "active")
    for number in range(INTERPRETERS):
        spoken = [LANGUAGES[number % len(LANGUAGES)], DIALECTS[number % len(DIALECTS)], "mandarin"]
        more = {
            "languages": spoken,
            "specialties": ["house"],
            "country": ABROAD[number % 4] if number < 4 else "CN",
        }
        yield Coming(proposed(PoolKind.INTERPRETER, next(names), city, **more), city, since(scene, 3))


def named(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Invented names, each once."""
    every = [
        (surname + given, f"{SURNAMES[surname][0]} {SPELT[at]}")
        for surname in SURNAMES
        for at, given in enumerate(GIVEN)
    ]
    chance.shuffle(every)
    return iter(every)


def proposed(kind: PoolKind, name: tuple[str, str], keeper: Office, **more: object) -> Proposed:
    return Proposed(kind, name[0], latin_name=name[1], place=keeper.place, **more)  # type: ignore[arg-type]


def some(scene: Scene, tokens: Sequence[str], share: float) -> list[str]:
    return [scene.chance.choice(tokens)] if scene.chance.random() < share else []


def specialties(scene: Scene, most: int) -> list[str]:
    return scene.chance.sample([*SPECIALTIES], scene.chance.randint(1, most))


def since(scene: Scene, years: int) -> date:
    """A first day within a term of so many years; one in twelve ends within half a year."""
    days = years * 365
    if scene.chance.random() < 1 / 12:
        return scene.today - timedelta(days=days - scene.chance.randint(5, 170))
    return scene.today - timedelta(days=scene.chance.randint(60, days - 200))


def committees_of(scene: Scene) -> dict[str, Organisation]:
    """The adviser committees of the network, by area; one that the network lacks is founded."""
    rows = Organisation.objects.filter(kind="adviser_committee", closed_on__isnull=True).select_related(
        "place"
    )
    there = {one.place_id: one for one in rows.order_by("-code") if one.place_id}
    for area in AREAS:
        if area not in there:
            keeper = scene.offices[f"{area}-federation"]
            name = f"{keeper.names['zh-Hans']}法律顾问委员会"
            given = Entered(code=f"GW-{area}", kind="adviser_committee", name=name, place=area)
            there[area] = found(given, keeper=keeper, actor=scene.actor, at=scene.now)
    return {area: there[area] for area in AREAS}


def bring_in(one: Coming, scene: Scene) -> None:
    """Walk somebody to their stage, each step on a day of its own; some lie before anybody of today held a post."""
    first = one.starts_on - timedelta(days=30)
    kind = one.proposed.kind
    member = nominating.nominate(one.proposed, keeper=one.keeper, actor=SYSTEM, at=noon(first))
    if one.stage == "nominated":
        return
    nominating.review(member.pk, actor=SYSTEM, at=noon(first + timedelta(days=4)))
    if POOLS[kind].published:
        from_on = (
            scene.today - timedelta(days=3) if one.stage == "public_notice" else first + timedelta(days=6)
        )
        until_on = from_on + timedelta(days=14)
        nominating.publish(member.pk, from_on=from_on, until_on=until_on, actor=SYSTEM, at=noon(from_on))
        if one.stage == "public_notice":
            return
    called = (first - timedelta(days=60), first - timedelta(days=10)) if POOLS[kind].announced else ()
    decision = f"（演示）{one.starts_on.year}-{scene.chance.randint(1, 99)}"
    made = Appointment(scene.appointing(kind, one.keeper), one.starts_on, decision, *called)
    nominating.appoint(member.pk, made, actor=SYSTEM, at=noon(one.starts_on))


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 4, 0, tzinfo=UTC)


def work(scene: Scene) -> None:
    """What members do: licences, trainings, matters at hand, the rota of this month and the next; one suspended."""
    advisers = list(PoolMember.objects.filter(kind=PoolKind.ADVISER, state="active").order_by("name"))
    mediators = list(
        PoolMember.objects.filter(kind=PoolKind.INVITED_MEDIATOR, state="active").order_by("name")
    )
    by: dict[str, Any] = {"actor": scene.actor, "at": scene.now}
    for number, member in enumerate(advisers[:40]):
        licence = f"1440720{number:010d}"
        keeping.qualify(
            member.pk, kind="lawyer", years=5 + number % 20, number=licence, issuer="广东省司法厅", **by
        )
    for number, member in enumerate(mediators):
        held_on = scene.today - timedelta(days=(20, 75, 160)[number % 3])
        given: dict[str, Any] = {
            "held_on": held_on,
            "hours": Decimal("3.5"),
            "organiser": "江门市中级人民法院",
        }
        keeping.train(member.pk, title=TRAININGS[number % 3], **given, **by)
    cases = list(
        Case.objects.filter(service="petition", place__code__startswith="4407").order_by("reference")[:12]
    )
    for number, member in enumerate(scene.chance.sample(advisers, 30) + scene.chance.sample(mediators, 20)):
        role = "adviser" if member.kind == PoolKind.ADVISER else "mediator"
        case = cases[number // 3] if number % 3 == 0 and number // 3 < len(cases) else None
        matter = "" if case else MATTERS[number % len(MATTERS)]
        begun = scene.today - timedelta(days=number + 1)
        keeping.engage(member.pk, role=role, case=case, matter=matter, since=begun, **by)
    duty(scene, advisers)
    terms.suspend(mediators[-1].pk, reason="出国探亲半年，回国后恢复。", **by)


def duty(scene: Scene, advisers: Sequence[PoolMember]) -> None:
    """Mornings of the working days, at the committees of the city and of Taishan in turn."""
    first = scene.today.replace(day=1)
    days = [
        one for one in (first + timedelta(days=step) for step in range(60)) if official().day(one).working
    ]
    for area in ("4407", "440781"):
        there = [
            one
            for one in advisers
            if one.organisation_id and one.keeper_id == scene.offices[f"{area}-federation"].pk
        ]
        for number, on in enumerate(days if there else []):
            member = there[number % len(there)]
            if member.organisation is not None:
                keeping.add_shift(
                    member.pk,
                    on=on,
                    part="morning",
                    organisation=member.organisation,
                    actor=scene.actor,
                    at=scene.now,
                )
