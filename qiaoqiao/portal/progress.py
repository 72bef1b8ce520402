"""How far a case is, as its owner reads it: who must answer by when, what went wrong, what it came to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office
from qiaoqiao.casework.models import OPEN_STATES, Paper, Term
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.rules import PERSON
from qiaoqiao.casework.sentences import Step
from qiaoqiao.catalogue.entry import Limit, Move, words
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI, working_days_between
from qiaoqiao.portal.limits import law
from qiaoqiao.portal.ownership import Mine
from qiaoqiao.ui.moments import day_words
from qiaoqiao.ui.places import name_of

SOON = 3
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Due:
    """A limit that runs or rests: who must do what by when, and where it is shown how that was reached."""

    name: str
    obliges: str
    who: str
    on: date | None
    last_moment: datetime | None
    days: int | None
    state: str
    working: bool
    provisional: bool
    href: str


def dues(mine: Mine) -> tuple[list[Due], list[Due]]:
    """What the offices owe, the soonest first, and what the person must mind."""
    known = {limit.id: limit for limit in mine.entry.limits}
    running = [one for one in mine.file.terms if one.state in {"running", "paused"} and one.limit in known]
    running.sort(key=lambda term: (term.due_on is None, term.due_on or date.max))
    theirs = [_due(mine, term, known[term.limit]) for term in running if term.binds != PERSON]
    own = [_due(mine, term, known[term.limit]) for term in running if term.binds == PERSON]
    return theirs, own


def _due(mine: Mine, term: Term, limit: Limit) -> Due:
    working = limit.unit == "working_day"
    days = _days_left(term.due_on, mine.today, working=working) if term.due_on else None
    return Due(
        name=words(limit.name, mine.language),
        obliges=words(limit.obliges, mine.language),
        who=office_of_seat(mine.file, limit.binds, mine.language),
        on=term.due_on,
        last_moment=_end_of(term.due_on) if term.due_on else None,
        days=days,
        state=_state(term, days),
        working=working,
        provisional=term.provisional,
        href=mine.address("portal_case_dates", term.limit, term.round),
    )


def _days_left(on: date, today: date, *, working: bool) -> int:
    """Days from today to a date, negative when it is past; working days where the limit counts those."""
    left = working_days_between(today, on, calendar=official()) if working else (on - today).days
    return left if on >= today else min(left, -1)


def _end_of(on: date) -> datetime:
    return datetime.combine(on + timedelta(days=1), time(), SHANGHAI) - A_MINUTE


def _state(term: Term, days: int | None) -> str:
    if term.state == "paused":
        return "paused"
    if days is None:
        return "open"
    return "overdue" if days < 0 else "soon" if days <= SOON else "open"


def office_of_seat(file: CaseFile, seat: str, language: str) -> str:
    """The office that sits there now; the responsible one for a seat nobody holds yet."""
    sitting = [one.office_id for one in file.seats if one.seat == seat and one.state in OPEN_STATES]
    office = file.offices.get(sitting[0]) if sitting else None
    return name_of((office or file.case.office).names, language)


def also_at_it(file: CaseFile, language: str) -> list[str]:
    """Other offices with an open part in the case, each with what for."""
    found = []
    for one in file.seats:
        office = file.offices.get(one.office_id)
        if one.state not in OPEN_STATES or office is None or office.pk == file.case.office_id:
            continue
        seat = file.entry.seats.get(one.seat)
        what = words(seat.name, language) if seat else _("重新查看")
        if one.task_due_on:
            what = _("联办任务，%(day)s前") % {"day": day_words(one.task_due_on, weekday=False)}
        found.append(_("%(office)s（%(part)s）") % {"office": name_of(office.names, language), "part": what})
    return found


# --- what went wrong -------------------------------------------------------------------------------


def failings(mine: Mine) -> list[str]:
    """What the offices did not do as the rules say, told openly."""
    found = [_fault_words(mine, step) for step in mine.file.steps if step.kind == "fault"]
    known = {limit.id: limit for limit in mine.entry.limits}
    for term in mine.file.terms:
        if (
            term.state == "late"
            and term.binds != PERSON
            and term.limit in known
            and term.due_on
            and term.ended_on
        ):
            found.append(
                _("“%(limit)s”应在 %(due)s前完成，实际 %(ended)s才完成，已记为单位逾期。")
                % {
                    "limit": words(known[term.limit].name, mine.language),
                    "due": day_words(term.due_on, weekday=False),
                    "ended": day_words(term.ended_on, weekday=False),
                }
            )
    return found


def _fault_words(mine: Mine, step: Step) -> str:
    facts = {
        "office": _office_named(mine, step.office),
        "day": day_words(step.at.astimezone(SHANGHAI).date(), weekday=False),
    }
    if step.facts.get("fault") == "second_request":
        return (
            _("%(day)s，%(office)s第二次要求补材料。按规定应当一次告知，这已记为单位的过失，不是您的问题。")
            % facts
        )
    return _("%(day)s，%(office)s有一步没有按规定做，这已记为单位的过失，不是您的问题。") % facts


def _office_named(mine: Mine, code: str) -> str:
    office: Office | None = next((one for one in mine.file.offices.values() if one.code == code), None)
    return name_of((office or mine.case.office).names, mine.language)


# --- what it came to -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """A ground of refusal: what it is, whom to turn to instead, under which law."""

    name: str
    tell: str
    law: str


@dataclass(frozen=True)
class Outcome:
    """How a case ended: the notices given then, the reasons, and what one may do against it."""

    notices: list[Paper]
    reasons: list[Reason]
    said: list[tuple[str, str]]
    remedies: list[str]


def outcome(mine: Mine) -> Outcome | None:
    """What the case came to; None while it is open."""
    if mine.case.stage != "done":
        return None
    last = next((step for step in reversed(mine.file.steps) if step.kind.startswith("move:")), None)
    made = last.kind.removeprefix("move:") if last else ""
    move = next((one for one in mine.entry.moves if one.id == made), None)
    given = last.facts.get("answers") if last else None
    answers = given if isinstance(given, Mapping) else {}
    remedies = words(mine.entry.guidance.remedies, mine.language)
    return Outcome(
        notices=[one for one in notices(mine.file) if one.added_at == mine.case.closed_at],
        reasons=list(_reasons(mine, move, answers)) if move else [],
        said=_told(mine, move, answers) if move else [],
        remedies=[line for line in remedies.splitlines() if line.strip()],
    )


def _reasons(mine: Mine, move: Move, answers: Mapping[str, object]) -> Iterator[Reason]:
    named = {str(one) for ask in move.asks if ask.type == "refusal" for one in listed(answers.get(ask.id))}
    for refusal in mine.entry.refusals:
        if refusal.id in named:
            cited = law(mine.entry, refusal.law)
            yield Reason(
                words(refusal.name, mine.language),
                words(refusal.tell, mine.language),
                f"《{cited.title}》{cited.article}",
            )


def _told(mine: Mine, move: Move, answers: Mapping[str, object]) -> list[tuple[str, str]]:
    """What the office wrote with its answer, as far as it is for the person."""
    asked = [
        ask for ask in move.asks if ask.told and ask.type in {"text", "longtext"} and answers.get(ask.id)
    ]
    return [(words(ask.label, mine.language), str(answers[ask.id])) for ask in asked]


def listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value] if value else []


def notices(file: CaseFile) -> list[Paper]:
    """The notices that are the person's to read, newest first."""
    return [one for one in reversed(file.papers) if one.direction == "out" and one.seen_by_person]


def looked_at_again(mine: Mine) -> str:
    """Where a second look stands after “not solved”: `open`, `answered` or nothing."""
    if any(one.seat == "look" and one.state in OPEN_STATES for one in mine.file.seats):
        return "open"
    kinds = [step.kind for step in mine.file.steps if step.kind in {"not_solved", "looked"}]
    return "answered" if kinds and kinds[-1] == "looked" else ""
