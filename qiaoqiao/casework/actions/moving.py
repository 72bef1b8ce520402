"""Making a move of the catalogue: the one way a case goes from state to state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.clocks import reckon_case
from qiaoqiao.casework.actions.grounds import Ground, ended_on, hold, settle
from qiaoqiao.casework.actions.issuing import Occasion, issue
from qiaoqiao.casework.actions.seating import (
    accept_seat,
    answer_seat,
    close_seats,
    decline_seat,
    offer_seat,
    offered_office,
)
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import seats_of
from qiaoqiao.casework.rules import (
    PERSON,
    AnswerMissing,
    Event,
    MoveRefused,
    Run,
    SeatState,
    Standing,
    fault_of,
    why_not,
)
from qiaoqiao.catalogue.entry import Limit, Move
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.ledger.rules import JSON


class ExtensionTooLong(Exception):
    """More than the law lets this limit be extended, all extensions together."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"at most {most}")


@dataclass
class Step:
    """A move being made: what is recorded gathers here until the case is settled."""

    ground: Ground
    move: Move
    answers: Mapping[str, object]
    actor: Actor
    at: datetime
    office: Office
    to_office: Office | None = None
    happenings: list[Happening] = field(default_factory=list)

    def say(self, kind: str, facts: Mapping[str, JSON] | None = None) -> None:
        self.happenings.append(
            Happening(kind, dict(facts or {}), self.actor.ledger_name, self.at, self.office.code)
        )


@transaction.atomic
def move(case_id: UUID, move_id: str, *, answers: Mapping[str, object], actor: Actor, at: datetime) -> Case:
    """Make a move, with what it asks for.

    Raises KeyError for a move the entry does not have, MoveRefused when it is not open to this actor now,
    AnswerMissing with each fault, ExtensionTooLong, NoOffice or NotThisOffice for a seat offered.
    """
    ground = hold(case_id)
    step = _permitted(ground, ground.entry.move(move_id), answers, actor, at)
    step.say(f"move:{move_id}", {"answers": recorded(answers), "from": ground.case.state, "to": step.move.to})
    _seats(step)
    _extend(step)
    if step.move.fault:
        ground.case.faults += 1
        step.say("fault", {"fault": step.move.fault})
    _enter_state(step)
    if step.move.notice:
        _issue(step)
    return settle(ground, step.happenings, at=at)


def recorded(answers: Mapping[str, object]) -> dict[str, JSON]:
    """The answers as the ledger keeps them: text, numbers and lists of text."""
    return {
        name: [str(one) for one in value] if isinstance(value, list) else value
        for name, value in answers.items()
        if value is None or isinstance(value, str | int | bool | list)
    }


def _permitted(ground: Ground, made: Move, answers: Mapping[str, object], actor: Actor, at: datetime) -> Step:
    case = ground.case
    seats, roles = seats_of(case, actor, on=at.astimezone(SHANGHAI).date())
    facts = case.facts | {"channel": case.channel}
    why = why_not(made, Standing(case.state, facts, ground.happened(), seats, roles))
    if why:
        raise MoveRefused(made.id, why, case.state)
    faults = fault_of(
        made,
        answers,
        refusals=frozenset(refusal.id for refusal in ground.entry.refusals),
        materials=frozenset(material.id for material in ground.entry.materials),
    )
    if faults:
        raise AnswerMissing(faults)
    step = Step(ground, made, answers, actor, at, office=case.office)
    if made.answers and seats.get(made.seat) is SeatState.OFFERED:
        accept_seat(step, made.seat)
    return step


def _seats(step: Step) -> None:
    if step.move.accepts:
        accept_seat(step, step.move.accepts)
    if step.move.declines:
        decline_seat(step, step.move.declines)
    if step.move.answers:
        answer_seat(step, step.move.seat)
    if step.move.offers:
        offer_seat(step, step.move.offers)


def _extend(step: Step) -> None:
    """Lengthen a limit within its ceiling, by what was asked for in the limit's own unit."""
    if not step.move.extends:
        return
    limit = step.ground.entry.limit(step.move.extends)
    most = limit.extension.most if limit.extension else 0
    wanted = _wanted(step, limit)
    amount = most if wanted is None else wanted
    prefix = f"extended:{limit.id}:"
    before = sum(
        int(event.name.removeprefix(prefix)) for event in step.ground.events if event.name.startswith(prefix)
    )
    if not 0 < amount <= most - before:
        raise ExtensionTooLong(most - before)
    step.say(f"{prefix}{amount}")


def _wanted(step: Step, limit: Limit) -> int | None:
    """The number asked for; of a limit that only says a day, the days from today to the date asked for.

    Raises AnswerMissing when that date is not after today.
    """
    asked = {ask.type: ask.id for ask in reversed(step.move.asks)}
    number = step.answers.get(asked.get("number", ""))
    if isinstance(number, int):
        return number
    if limit.amount != 0 or "date" not in asked:
        return None
    named = date.fromisoformat(str(step.answers[asked["date"]]))
    days = (named - step.at.astimezone(SHANGHAI).date()).days
    if days < 1:
        raise AnswerMissing({asked["date"]: "not_later"})
    return days


def _enter_state(step: Step) -> None:
    case, entry = step.ground.case, step.ground.entry
    if step.move.to is None:
        return
    case.state = step.move.to
    state = entry.states[step.move.to]
    case.stage = state.stage
    if state.stage == "done":
        case.outcome, case.closed_at = state.outcome, step.at
        close_seats(step)
        case.on_time = not any(run.limit.binds != PERSON and (run.state == "late") for run in _runs(step))
        step.say("closed", {"outcome": state.outcome})


def _runs(step: Step) -> list[Run]:
    events = step.ground.events + [Event(happened.kind, happened.at) for happened in step.happenings]
    case = step.ground.case
    return reckon_case(case, step.ground.entry, events, closed_on=ended_on(case))


def _issue(step: Step) -> None:
    case = step.ground.case
    notice_id = step.move.notice or ""
    if step.to_office is None and step.ground.entry.notices[notice_id].to == "office":
        step.to_office = offered_office(case)
    _, happened = issue(
        notice_id,
        case,
        step.ground.entry,
        office=step.office,
        runs=_runs(step),
        occasion=Occasion(step.move, step.answers, step.to_office),
        actor=step.actor,
        at=step.at,
    )
    step.happenings.append(happened)
