"""Which stories the demo tells: how many of each end, when, by whom. The same seed tells the same ones.

Three services have roads of their own in Python; the others are told by `plain` from their files.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from demo import plain
from demo.asking import Asker
from demo.petition import ACCUSATION_ENDS, SUGGESTION_ENDS, PetitionRoad
from demo.schooling import SchoolRoad
from demo.settlement import SettlementRoad
from demo.steps import Step, Story, at_home_hour
from demo.wording import remark, said
from qiaoqiao.casework.rules import PERSON
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI, Term, Unit, reckon

SPAN_DAYS = 730
# How many stories of the three services end (or stand) in each state; the other services' files say it for them.
TARGETS: Mapping[str, Mapping[str, int]] = {
    "petition": {
        "registered": 26, "received": 16, "studying": 8, "referred": 10, "returned": 6, "handing_over": 5,
        "with_organ": 12, "handling": 34, "opinion_supported": 6, "opinion_explained": 6,
        "opinion_not_supported": 5, "review_requested": 4, "under_review": 6, "review_supported": 3,
        "review_explained": 3, "review_not_supported": 3, "recheck_requested": 3, "under_recheck": 3,
        "recheck_hearing": 2, "answered": 140, "directed": 60, "conciliated": 50, "duty_done": 90,
        "imported": 25, "supported": 55, "explained": 45, "not_supported": 30, "not_accepted": 30,
        "withdrawn": 22, "adopted": 28, "adopted_in_part": 20, "not_adopted": 15, "handed_over": 16,
    },
    "settlement": {
        "submitted": 12, "correcting": 16, "supplemented": 6, "accepted": 6, "consulting": 13,
        "opinion_received": 6, "audited": 8, "rechecking": 3, "at_province": 4, "approved": 5,
        "permit_issued": 18, "registered": 170, "permit_expired": 8, "not_accepted": 22, "denied": 14,
        "withdrawn": 14,
    },
    "schooling": {
        "submitted": 6, "waiting_papers": 7, "checking": 4, "certified": 6, "arranging": 10,
        "waiting_season": 9, "place_offered": 6, "place_taken": 5, "enrolled": 115, "not_certified": 14,
        "refused": 10, "withdrawn": 9,
    },
}  # fmt: skip
DONE = {
    "petition": {"answered", "directed", "conciliated", "duty_done", "imported", "supported", "explained",
                 "not_supported", "not_accepted", "withdrawn", "handed_over", *SUGGESTION_ENDS},
    "settlement": {"registered", "permit_expired", "not_accepted", "denied", "withdrawn"},
    "schooling": {"enrolled", "not_certified", "refused", "withdrawn"},
}  # fmt: skip
# Days since the last step for cases that are still open: usually within the limit, sometimes past it.
FRESH: Mapping[str, tuple[int, int]] = {
    "submitted": (0, 3), "registered": (0, 12), "referred": (0, 4), "handling": (1, 45),
    "review_requested": (0, 2), "under_review": (1, 14), "recheck_requested": (0, 2),
    "under_recheck": (1, 12),
    "recheck_hearing": (1, 6), "correcting": (1, 20), "consulting": (0, 9), "permit_issued": (1, 120),
    "opinion_supported": (1, 25), "opinion_explained": (1, 25), "opinion_not_supported": (1, 25),
    "review_supported": (1, 25), "review_explained": (1, 25), "review_not_supported": (1, 25),
    "waiting_season": (5, 60), "accepted": (0, 4), "opinion_received": (0, 7), "approved": (0, 6),
}  # fmt: skip
STALE: Mapping[tuple[str, str], tuple[int, int]] = {
    ("petition", "registered"): (18, 24), ("petition", "handling"): (64, 80),
    ("petition", "under_review"): (32, 38), ("settlement", "consulting"): (18, 26),
    ("settlement", "accepted"): (10, 14), ("settlement", "opinion_received"): (18, 24),
    ("settlement", "audited"): (34, 40),
}  # fmt: skip
STALE_SHARE = 0.22
# What an open case waits for after its last step, so that some fall due today or tomorrow.
ABOUT_DUE: Mapping[tuple[str, str, str], tuple[int, Unit]] = {
    ("petition", "registered", "filed"): (15, Unit.CALENDAR_DAY),
    ("petition", "handling", "accept_matter"): (60, Unit.CALENDAR_DAY),
    ("settlement", "submitted", "filed"): (5, Unit.WORKING_DAY),
    ("settlement", "consulting", "consult"): (10, Unit.WORKING_DAY),
}
ABOUT_DUE_SHARE = 0.25
FAULT_SHARE = 0.02
# More is filed after the Spring Festival visits, around Qingming, and for schools before summer.
SEASON: Mapping[str, Sequence[int]] = {
    "petition": (9, 7, 12, 13, 10, 8, 8, 8, 9, 8, 9, 9),
    "settlement": (8, 8, 12, 12, 10, 9, 8, 8, 9, 8, 9, 8),
    "schooling": (4, 4, 9, 16, 20, 17, 12, 8, 4, 2, 2, 2),
}
EVENLY = (1,) * 12
COUNTIES: Mapping[str, int] = {
    "440781": 26, "440785": 16, "440783": 15, "440705": 13, "440703": 8, "440784": 7, "440704": 4,
    "450205": 14, "450203": 3, "450204": 3, "450202": 3, "450206": 2, "450222": 3, "450223": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """One story to be told: its service, the state it ends in, and whether it is overdue there."""

    service: str
    target: str
    late: bool = False


def all_wanted() -> list[Wanted]:
    """Every story of one whole demo, in order."""
    counts = {**TARGETS, **{service: plain.book(service).stories for service in plain.services()}}
    late = {service: plain.book(service).late for service in plain.services()}
    return [
        Wanted(service, target, late=number == 0 and target in late.get(service, {}))
        for service, targets in counts.items()
        for target, count in targets.items()
        for number in range(count)
    ]


def wanted(cases: int, seed: int) -> list[Wanted]:
    """So many stories, in these proportions, shuffled; one whole set or more hold every state."""
    one_set = all_wanted()
    random.Random(seed).shuffle(one_set)
    return [one_set[number % len(one_set)] for number in range(cases)]


def stories(cases: int, *, seed: int, now: datetime) -> Iterator[tuple[Story, random.Random]]:
    """The stories with the chance that goes on to time them."""
    for number, one in enumerate(wanted(cases, seed)):
        chance = random.Random(f"{seed}/{number}")
        yield story(one, chance, now=now), chance


def story(one: Wanted, chance: random.Random, *, now: datetime) -> Story:
    """Tell one story."""
    if one.service not in TARGETS:
        return plain_story(one, chance, now=now)
    county = chance.choices(list(COUNTIES), list(COUNTIES.values()))[0]
    asker = Asker(chance, county)
    make = {"petition": _petition, "settlement": _settlement, "schooling": _schooling}[one.service]
    told = make(one.target, asker, chance, now)
    over = one.target in DONE[one.service]
    steps = (*told.steps, *_afterwards(told, chance)) if over else told.steps
    length = timedelta(days=sum(_calendar_days(step) for step in steps) + 5)
    filed = _filed(SEASON[one.service], told.applicant.timezone, length, chance, now) if over else None
    case_id = UUID(int=chance.getrandbits(128), version=4)
    age = None if over else _age(one, steps, chance, now)
    return replace(told, case_id=case_id, steps=steps, filed_at=filed, ended_before=age)


def plain_story(one: Wanted, chance: random.Random, *, now: datetime) -> Story:
    """Tell one story of a service that has a file."""
    about = plain.book(one.service)
    told = plain.tell(one.service, one.target, chance, COUNTIES, late=one.late)
    over = about.over(one.target)
    steps = (*told.steps, *_afterwards(told, chance)) if over else told.steps
    length = timedelta(days=sum(_calendar_days(step) for step in steps) + 5)
    zone = told.applicant.timezone
    filed = _filed(EVENLY, zone, length, chance, now, span=about.span) if over else None
    late = about.late.get(one.target, 0) if one.late else 0
    least, most = (late, late) if late else (0, 0) if over else about.standing(one.target)
    age = timedelta(days=chance.randint(least, most), minutes=chance.randint(20, 400))
    case_id = UUID(int=chance.getrandbits(128), version=4)
    about_day = (filed or now - age - length).date()
    ended = None if over else age
    whole = replace(told, case_id=case_id, steps=steps, filed_at=filed, ended_before=ended)
    return plain.dated(whole, about_day)


def _calendar_days(step: Step) -> float:
    return step.wait * (1.0 if step.seat in {PERSON, "law"} else 1.6)


def _age(one: Wanted, steps: Sequence[Step], chance: random.Random, now: datetime) -> timedelta:
    """How long ago the last step of an open case was: sometimes just so long that its limit is about due."""
    limit = ABOUT_DUE.get((one.service, one.target, steps[-1].do if steps else "filed"))
    minutes = chance.randint(20, 400)
    if limit and chance.random() < ABOUT_DUE_SHARE:
        return timedelta(days=_days_until_due(limit, now), minutes=minutes)
    stale = (one.service, one.target) in STALE and chance.random() < STALE_SHARE
    least, most = STALE[one.service, one.target] if stale else FRESH.get(one.target, (0, 8))
    return timedelta(days=chance.randint(least, most), minutes=minutes)


def _days_until_due(limit: tuple[int, Unit], now: datetime) -> int:
    """So many days ago the limit must have begun to fall due on the next possible day."""
    amount, unit = limit
    today = now.astimezone(SHANGHAI).date()
    begun = [
        days
        for days in range(1, 90)
        if official().day(today - timedelta(days=days)).working
        and _due(amount, unit, today - timedelta(days=days)) >= today
    ]
    return max(begun)


def _due(amount: int, unit: Unit, begun: date) -> date:
    due = reckon(Term(amount, unit, True, ""), begun, calendar=official()).due_on
    return due or begun


def _filed(
    weights: Sequence[int],
    zone: str,
    length: timedelta,
    chance: random.Random,
    now: datetime,
    *,
    span: int = SPAN_DAYS,
) -> datetime:
    """A day in the last two years, early enough for the story to be over; more in the season."""
    latest = max(1, span - length.days)
    for _ in range(12):
        on = now - timedelta(days=span) + timedelta(days=chance.randrange(latest))
        if chance.random() * max(weights) < weights[on.month - 1]:
            break
    return min(at_home_hour(on, zone, chance), now - length)


def _petition(target: str, asker: Asker, chance: random.Random, now: datetime) -> Story:
    purpose = "claim"
    if target in {*SUGGESTION_ENDS, "studying"}:
        purpose = "suggestion"
    elif target in ACCUSATION_ENDS:
        purpose = "accusation"
    matter = asker.petition(purpose)
    steps = (
        PetitionRoad(matter.topic, purpose, chance).rechecked(target)
        if target in {"supported", "explained", "not_supported"} and chance.random() < 0.06
        else PetitionRoad(matter.topic, purpose, chance).to(target)
    )
    if chance.random() < 0.12 and target in {"handling", "duty_done", "supported"}:
        steps = (
            (*steps[:1], Step("hand", steps[0].seat, "head", 0), *steps[1:]) if _lead_first(steps) else steps
        )
    return matter.story("petition", target, steps)


def _lead_first(steps: Sequence[Step]) -> bool:
    return bool(steps) and steps[0].do == "acknowledge"


def _settlement(target: str, asker: Asker, chance: random.Random, now: datetime) -> Story:
    road = SettlementRoad(chance, faulty=chance.random() < FAULT_SHARE, late=chance.random() < 0.09)
    return asker.settlement(now).story("settlement", target, road.to(target))


def _schooling(target: str, asker: Asker, chance: random.Random, now: datetime) -> Story:
    matter = asker.schooling(now)
    return matter.story("schooling", target, SchoolRoad(chance, asker.school()).to(target))


def _afterwards(told: Story, chance: random.Random) -> Iterator[Step]:
    """What follows an answer: a rating, sometimes with words; sometimes “it is not solved”."""
    if told.target in {"withdrawn", "taken_as_withdrawn", "permit_expired"}:
        return
    unhappy = told.target.startswith("not_") or told.target in {"denied", "refused", "terminated", "upheld"}
    if chance.random() < 0.48:
        stars = chance.choices((1, 2, 3, 4, 5), (20, 20, 30, 20, 10) if unhappy else (1, 2, 7, 30, 60))[0]
        yield Step(
            "rate", PERSON, wait=chance.randint(1, 20), answers={"rating": stars}, text=remark(stars, chance)
        )
    if chance.random() < 0.03 and told.service == "petition":
        yield Step("not_solved", PERSON, wait=chance.randint(5, 30), text=said("not_solved", "any", chance))
        if chance.random() < 0.7:
            yield Step("looked", "look", "handler", 4, text=said("looked", "any", chance))
