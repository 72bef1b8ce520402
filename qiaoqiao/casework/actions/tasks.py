"""Tasks: something asked of an office at a case, by a day, whatever seats the entry has.

The responsible office gives them, or a joint meeting's resolution does (`by`); the case stays with the
responsible office. A task is a seat like any other: it stands in the queue of the office it was given to.
The kinds of its entries carry its number (`task.given:1`), so that whoever may not read facts can follow it.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import CASE_ROLES, posts_of
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.grounds import Ground, hold, kept_of, settle
from qiaoqiao.casework.actions.seating import ReasonMissing, not_shielded
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Reach
from qiaoqiao.casework.rules import TASK, MoveRefused, WhyNot
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.ledger.rules import JSON

LONGEST_TASK = 2000


class TaskRefused(Exception):
    """What is wrong with a task, by field: `missing`, `too_long`, `past`, or `self` for one's own office."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{name}: {fault}" for name, fault in faults.items()))


@transaction.atomic
def give_task(
    case_id: UUID, office_id: int, what: str, due_on: date, *, actor: Actor, at: datetime, by: str = ""
) -> Assignment:
    """Give an office a task at a case; with it the office may see the case.

    `by` is the number of the joint meeting that resolved it, whose convenor the caller has checked; without
    it only the responsible office gives tasks. Raises TaskRefused, ShieldedOffice, MoveRefused when the case
    is over or the actor is not of the responsible office.
    """
    ground = hold(case_id)
    case, today = ground.case, at.astimezone(SHANGHAI).date()
    if case.stage == "done" or not (by or _leads(case, actor, today)):
        raise _refused(ground, TASK)
    words = what.replace("\x00", "").strip()
    if faults := _faults(case, office_id, words, due_on, today, by):
        raise TaskRefused(faults)
    office = Office.objects.get(pk=office_id)
    not_shielded(case, office)
    number = Assignment.objects.filter(case=case, seat__startswith=f"{TASK}:").count() + 1
    given = Assignment(
        case=case,
        office=office,
        seat=f"{TASK}:{number}",
        role="co",
        state="offered",
        offered_at=at,
        due_on=due_on,
        due_limit=TASK,
        task=words,
        task_due_on=due_on,
        **kept_of(case),
    )
    given.save(force_insert=True)
    if not Reach.objects.filter(case=case, office=office).exists():
        Reach(case=case, office=office).save(force_insert=True)
    facts: dict[str, JSON] = {"office": office.code, "what": words, "due_on": due_on.isoformat(), "by": by}
    _settle(ground, "task.given", given, facts, actor=actor, at=at)
    return given


@transaction.atomic
def take_task(case_id: UUID, seat: str, *, actor: Actor, at: datetime) -> Case:
    """Take up a task. Raises MoveRefused when it is not the actor's to take, or not any more."""
    ground = hold(case_id)
    task = _own(ground, seat, actor, at, states=["offered"])
    task.state, task.decided_at = "accepted", at
    task.save(update_fields=["state", "decided_at"])
    return _settle(ground, "task.taken", task, {}, actor=actor, at=at)


@transaction.atomic
def decline_task(case_id: UUID, seat: str, *, reason: str, actor: Actor, at: datetime) -> Case:
    """Give a task back, taken up or not. Raises ReasonMissing, MoveRefused."""
    ground = hold(case_id)
    task = _own(ground, seat, actor, at, states=OPEN_STATES)
    _end(task, "declined", reason, at)
    return _settle(ground, "task.declined", task, {"reason": task.reason}, actor=actor, at=at)


@transaction.atomic
def answer_task(case_id: UUID, seat: str, *, text: str, actor: Actor, at: datetime) -> Case:
    """Say what was done; a task not yet taken up is taken up and answered in one. Raises as `decline_task`."""
    ground = hold(case_id)
    task = _own(ground, seat, actor, at, states=OPEN_STATES)
    _end(task, "answered", text, at)
    return _settle(ground, "task.answered", task, {"text": task.reason}, actor=actor, at=at)


@transaction.atomic
def withdraw_task(case_id: UUID, seat: str, *, reason: str, actor: Actor, at: datetime, by: str = "") -> Case:
    """Take a task back; the responsible office may, and the meeting that gave it. Raises as `decline_task`."""
    ground = hold(case_id)
    task = _open(ground, seat)
    if not (by or _leads(ground.case, actor, at.astimezone(SHANGHAI).date())):
        raise _refused(ground, seat)
    _end(task, "withdrawn", reason, at)
    return _settle(ground, "task.withdrawn", task, {"reason": task.reason, "by": by}, actor=actor, at=at)


def _faults(case: Case, office_id: int, words: str, due_on: date, today: date, by: str) -> dict[str, str]:
    faults = {}
    if not words or len(words) > LONGEST_TASK:
        faults["what"] = "too_long" if words else "missing"
    if due_on < today:
        faults["due_on"] = "past"
    if office_id == case.office_id and not by:
        faults["office"] = "self"
    return faults


def _leads(case: Case, actor: Actor, today: date) -> bool:
    """Whether the actor handles cases in the responsible office."""
    if actor.account_id is None:
        return actor.kind == "system"
    posts = posts_of(actor.account_id, on=today).filter(office=case.office_id, role__in=CASE_ROLES)
    return posts.exists()


def _own(ground: Ground, seat: str, actor: Actor, at: datetime, *, states: list[str]) -> Assignment:
    """The actor's own task in one of these states."""
    task = _open(ground, seat)
    posts = posts_of(actor.account_id or 0, on=at.astimezone(SHANGHAI).date())
    if task.state not in states or not posts.filter(office=task.office_id, role__in=CASE_ROLES).exists():
        raise _refused(ground, seat)
    return task


def _open(ground: Ground, seat: str) -> Assignment:
    open_tasks = Assignment.objects.select_related("office").filter(
        case=ground.case, seat=seat, seat__startswith=f"{TASK}:", state__in=OPEN_STATES
    )
    task = open_tasks.first()
    if task is None:
        raise _refused(ground, seat)
    return task


def _end(task: Assignment, state: str, words: str, at: datetime) -> None:
    said = words.replace("\x00", "").strip()
    if not said:
        raise ReasonMissing
    task.state, task.reason, task.ended_at = state, said, at
    task.decided_at = task.decided_at or at
    task.save(update_fields=["state", "reason", "decided_at", "ended_at"])


def _settle(
    ground: Ground, kind: str, task: Assignment, facts: dict[str, JSON], *, actor: Actor, at: datetime
) -> Case:
    told = {"seat": task.seat, "office": task.office.code} | facts
    office = ground.case.office if kind in {"task.given", "task.withdrawn"} else task.office
    numbered = f"{kind}:{task.seat.removeprefix(f'{TASK}:')}"
    return settle(ground, [Happening(numbered, told, actor.ledger_name, at, office.code)], at=at)


def _refused(ground: Ground, seat: str) -> MoveRefused:
    return MoveRefused(seat, WhyNot.SEAT, ground.case.state)
