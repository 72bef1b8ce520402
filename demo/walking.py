"""Walking a story through the product's own actions, each at its own moment."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from demo.offices import Staff
from demo.papers import Folder
from demo.steps import DaysOn, Nearest, NewPapers, Step, Story
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import LAW as LAW_ACTOR
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, Actor, person, staff
from qiaoqiao.casework.actions import papers, seating, talking
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.jobs import lapse
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Delivery, Paper, Term
from qiaoqiao.casework.rules import LAW, PERSON
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.lib.ids import row_id

WINDOW = {"counter", "phone", "letter"}


@dataclass(frozen=True)
class Town:
    """What every walk needs: the offices by code, who works there, and papers to bring."""

    offices: Mapping[str, Office]
    staff: Staff
    folder: Folder


@dataclass
class Walk:
    """One case on its way. `seats` remembers which office sits where, so nothing is asked twice."""

    story: Story
    town: Town
    chance: random.Random
    entry: Entry
    case: Case
    now: datetime
    seats: dict[str, int] = field(default_factory=dict)


def walk(story: Story, times: list[datetime], town: Town, chance: random.Random, *, now: datetime) -> Case:
    """File the request and take its steps, up to the present."""
    entry = catalogue_entry(story.service)
    return follow(_file(story, times[0], town, chance, entry), story, times, town, chance, now=now)


def follow(
    case: Case, story: Story, times: list[datetime], town: Town, chance: random.Random, *, now: datetime
) -> Case:
    """Take the story's steps with a request that has just been filed."""
    made = Walk(story, town, chance, catalogue_entry(story.service), case, now)
    made.seats["lead"] = case.office_id
    _served(made, "receipt", times[0])
    last = times[0]
    for step, planned in zip(story.steps, times[1:], strict=True):
        at = max(planned, last + timedelta(minutes=2))
        if at > now:
            break
        last = _take(made, step, at)
    return made.case


def _file(story: Story, at: datetime, town: Town, chance: random.Random, entry: Entry) -> Case:
    at_window = story.channel in WINDOW
    window = _window(story, town, entry) if at_window else None
    filing = Filing(
        service=story.service,
        case_id=story.case_id or row_id(),
        channel=story.channel,
        applicant=story.applicant,
        facts=story.facts,
        helper=story.helper,
        relation=story.relation,
        evidence="视频核对本人，委托书已收" if story.helper else "",
        representatives=story.representatives,
        papers=tuple(town.folder.brought(story.papers, entry, chance)),
        intake_office=window.pk if window else None,
    )
    actor = staff(town.staff.pick(window.pk, "clerk", chance)) if window else PUBLIC
    return file(filing, actor=actor, at=at)


def _window(story: Story, town: Town, entry: Entry) -> Office:
    """Where somebody goes in person: the office that leads, which for some services is the city's."""
    lead = entry.seats["lead"]
    places = [story.county[:4]] if lead.level == "city" else [story.county, story.county[:4]]
    codes = [f"{place}-{kind}" for place in places for kind in lead.kinds]
    return next(town.offices[code] for code in codes if code in town.offices)


def _take(made: Walk, step: Step, at: datetime) -> datetime:
    """Take one step; return when it happened, which for the law is the day after its limit."""
    verb = VERBS.get(step.do)
    if verb is not None:
        return verb(made, step, at)
    actor = _actor(made, step)
    answers = {name: _answer(made, given, at, actor) for name, given in step.answers.items()}
    made.case = move(made.case.pk, step.do, answers=answers, actor=actor, at=at)
    made.seats["lead"] = made.case.office_id
    which = made.entry.move(step.do)
    if which.offers:
        made.seats[which.offers] = _offered(made, which.offers)
    if which.notice:
        _served(made, which.notice, at)
    return at


def _offered(made: Walk, seat: str) -> int:
    held = Assignment.objects.filter(case=made.case, seat=seat, state__in=OPEN_STATES)
    return held.values_list("office_id", flat=True).get()


def _actor(made: Walk, step: Step) -> Actor:
    if step.seat == PERSON:
        return person(made.case.pk)
    if step.seat == LAW:
        return LAW_ACTOR
    office = made.seats[step.seat]
    return staff(made.town.staff.pick(office, step.role, made.chance))


def _answer(made: Walk, given: object, at: datetime, actor: Actor) -> object:
    match given:
        case Nearest(kind, city, place):
            code = place or (made.story.county[:4] if city else made.story.county)
            return str(_below(made.town, code, kind).pk)
        case DaysOn(days):
            return (at.astimezone(SHANGHAI).date() + timedelta(days=days)).isoformat()
        case NewPapers(kinds):
            brought = list(made.town.folder.brought(kinds, made.entry, made.chance))
            papers.add(made.case.pk, brought, actor=actor, at=at)
            return [paper.title for paper in brought]
        case str():
            return given.format(**_known(made, at))
        case _:
            return given


def _below(town: Town, place: str, kind: str) -> Office:
    """The place's office of a kind, or the first of its townships that has one."""
    at_place = town.offices.get(f"{place}-{kind}")
    return at_place or next(
        office
        for code, office in sorted(town.offices.items())
        if code.startswith(place) and office.kind == kind
    )


def _known(made: Walk, at: datetime) -> dict[str, str]:
    """What officers' wordings may mention."""
    city = made.town.offices[f"{made.story.county[:4]}-overseas_affairs"].place.names["zh-Hans"]
    county = made.town.offices[f"{made.story.county}-overseas_affairs"].place.names["zh-Hans"]
    return {
        "city": city,
        "county": county,
        "year": str(at.year),
        "number": str(made.chance.randint(10, 900)),
        "person": made.story.applicant.name,
    }


def _served(made: Walk, notice: str, at: datetime) -> None:
    """A notice reaches the person by the first way they gave, or at the counter.

    By e-mail and message only where a limit or a move waits for it: the rest is marked as sent, all at once, later.
    """
    by_hand = not made.case.person.email and not made.case.person.phone
    awaited = [*(limit.starts for limit in made.entry.limits), *(move.needs for move in made.entry.moves)]
    starts = any(f"served:{notice}" in events for events in awaited)
    if made.entry.notices[notice].to != "person" or not (starts or by_hand):
        return
    waiting = Delivery.objects.filter(case=made.case, paper__kind=notice, state="waiting")
    for delivery in waiting.exclude(channel="page").order_by("id")[:1]:
        proof = "当面送达，已签收" if delivery.channel == "counter" else "outbox-demo"
        later = at + timedelta(seconds=made.chance.randint(20, 60))
        papers.serve(delivery.pk, proof=proof, actor=SYSTEM, at=later)


def mark_sent() -> int:
    """Mark the notices that went out by e-mail or message, when nothing hangs on their arrival."""
    waiting = Delivery.objects.filter(state="waiting", channel__in=["email", "sms"])
    issued = Paper.objects.filter(pk=OuterRef("paper")).values("added_at")
    return waiting.update(state="sent", sent_at=Subquery(issued))


def _lapse(made: Walk, step: Step, at: datetime) -> datetime:
    """A limit has run out: what the law says then happens on the next day."""
    term = Term.objects.select_related("case").filter(
        case=made.case, state="running", limit__in=list(step.answers)
    )
    overdue = term.order_by("due_on").first()
    if overdue is None or overdue.due_on is None:
        return at
    day = datetime.combine(overdue.due_on + timedelta(days=1), datetime.min.time(), SHANGHAI)
    at = day + timedelta(minutes=10)
    if at < made.now:
        lapse(overdue, at=at)
        made.case = Case.objects.get(pk=made.case.pk)
        made.seats["lead"] = made.case.office_id
        name = (made.entry.limit(overdue.limit).lapse or "").partition(":")
        if name[0] == "move" and (notice := made.entry.move(name[2]).notice):
            _served(made, notice, at)
    return at


def _say(made: Walk, step: Step, at: datetime) -> datetime:
    language = made.story.applicant.language if step.seat == PERSON else "zh-hans"
    talking.say(
        made.case.pk,
        step.text.format(**_known(made, at)),
        language=language,
        actor=_actor(made, step),
        at=at,
        internal=bool(step.answers.get("internal")),
    )
    return at


def _bring(made: Walk, step: Step, at: datetime) -> datetime:
    kinds = tuple(str(kind) for kind in step.answers)
    papers.add(
        made.case.pk,
        made.town.folder.brought(kinds, made.entry, made.chance),
        actor=_actor(made, step),
        at=at,
    )
    return at


def _judge(made: Walk, step: Step, at: datetime) -> datetime:
    actor = _actor(made, step)
    for paper in Paper.objects.filter(case=made.case, direction="in", verdict="").values_list(
        "pk", flat=True
    )[:2]:
        papers.judge(made.case.pk, paper, verdict="fits", remark="", actor=actor, at=at)
    return at


def _hand(made: Walk, step: Step, at: datetime) -> datetime:
    office = made.seats[step.seat]
    officer = made.town.staff.pick(office, "handler", made.chance)
    seating.hand_to(made.case.pk, step.seat, officer=officer, actor=_actor(made, step), at=at)
    return at


def _rate(made: Walk, step: Step, at: datetime) -> datetime:
    stars = step.answers["rating"]
    talking.rate(
        made.case.pk,
        stars if isinstance(stars, int) else 5,
        remark=step.text,
        actor=person(made.case.pk),
        at=at,
    )
    return at


def _not_solved(made: Walk, step: Step, at: datetime) -> datetime:
    made.case = talking.not_solved(made.case.pk, reason=step.text, actor=person(made.case.pk), at=at)
    made.seats["look"] = made.case.office_id
    return at


def _looked(made: Walk, step: Step, at: datetime) -> datetime:
    talking.looked(made.case.pk, answer=step.text, language="zh-hans", actor=_actor(made, step), at=at)
    return at


Verb = Callable[[Walk, Step, datetime], datetime]
VERBS: Mapping[str, Verb] = {
    "lapse": _lapse,
    "say": _say,
    "bring": _bring,
    "judge": _judge,
    "hand": _hand,
    "rate": _rate,
    "not_solved": _not_solved,
    "looked": _looked,
}
