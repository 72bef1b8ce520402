"""Bringing the stored due dates in line with what the ledger says."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from qiaoqiao.access.models import Office
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Term
from qiaoqiao.casework.rules import PERSON, TASK, Event, Run, is_task, runs
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.clock.calendar import official

TERM_FIELDS = ["starts_on", "due_on", "state", "ended_on", "extension", "provisional"]


def amounts(office: Office, service: str) -> Mapping[str, int]:
    """What the office has set for the numbers that the law leaves open."""
    return office.settings.get(service, {})  # type: ignore[no-any-return]


def reckon_case(case: Case, entry: Entry, events: Sequence[Event], *, closed_on: date | None) -> list[Run]:
    """Compute every run of every limit of the case afresh."""
    return runs(
        entry,
        events,
        facts=case.facts | {"channel": case.channel},
        amounts=amounts(case.office, case.service),
        calendar=official(),
        closed_on=closed_on,
    )


def refresh(case: Case, entry: Entry, events: Sequence[Event], *, closed_on: date | None = None) -> list[Run]:
    """Store the runs, and set the case's and its assignments' due dates on the objects given.

    The caller saves the case; terms and assignments are saved here.
    """
    reckoned = reckon_case(case, entry, events, closed_on=closed_on)
    Term.objects.bulk_create(
        [row(case, run) for run in reckoned],
        update_conflicts=True,
        unique_fields=["case", "limit", "round"],
        update_fields=TERM_FIELDS,
    )
    _stop_what_no_longer_runs(case, entry, events, reckoned)
    show_due(case, reckoned)
    seated = list(Assignment.objects.filter(case=case, state__in=OPEN_STATES))
    taken = {assignment.seat for assignment in seated}
    for assignment in seated:
        due_on, limit = _due_of(assignment, reckoned, taken)
        if (assignment.due_on, assignment.due_limit, assignment.case_state) != (due_on, limit, case.state):
            assignment.due_on, assignment.due_limit, assignment.case_state = due_on, limit, case.state
            assignment.save(update_fields=["due_on", "due_limit", "case_state"])
    return reckoned


def _stop_what_no_longer_runs(
    case: Case, entry: Entry, events: Sequence[Event], reckoned: Sequence[Run]
) -> None:
    """End the terms of limits that the office responsible now has set no number for: another's promise binds nobody."""
    running = {run.limit.id for run in reckoned}
    unset = [limit.id for limit in entry.limits if limit.setting and limit.id not in running]
    if unset and events:
        terms = Term.objects.filter(case=case, limit__in=unset, state__in=["running", "paused"])
        terms.update(state="stopped", ended_on=events[-1].on)


def _due_of(
    assignment: Assignment, reckoned: Sequence[Run], taken: Collection[str]
) -> tuple[date | None, str]:
    """When a seat is due and by which limit; a task keeps the date that came with it."""
    if is_task(assignment.seat):
        return assignment.task_due_on, TASK
    responsible = assignment.role == "lead" and assignment.state == "accepted"
    due = earliest(reckoned, assignment.seat, instead_of=taken if responsible else None)
    return (due.due_on, due.limit.id) if due else (None, "")


def show_due(case: Case, reckoned: Sequence[Run]) -> None:
    """Set what the case shows of its clocks; done cases show none."""
    ours = [run for run in reckoned if run.limit.binds != PERSON and run.state == "running" and run.due_on]
    first = min(ours, key=_due, default=None)
    case.due_on, case.due_limit = (first.due_on, first.limit.id) if first else (None, "")
    theirs = earliest(reckoned, PERSON)
    case.person_due_on = theirs.due_on if theirs else None
    case.provisional = any(run.reckoning.provisional for run in reckoned if run.open)


def earliest(reckoned: Sequence[Run], seat: str, *, instead_of: Collection[str] | None = None) -> Run | None:
    """The running limit that binds a seat and is due first.

    The responsible office also answers for seats that nobody sits in yet: `instead_of` are those taken.
    """
    bound = [
        run
        for run in reckoned
        if run.state == "running"
        and run.due_on
        and (
            run.limit.binds == seat
            or (instead_of is not None and run.limit.binds not in {PERSON, *instead_of})
        )
    ]
    return min(bound, key=_due, default=None)


def _due(run: Run) -> date:
    return run.due_on or date.max


def row(case: Case, run: Run) -> Term:
    """The stored form of a run."""
    return Term(
        case=case,
        limit=run.limit.id,
        binds=run.limit.binds,
        round=run.round,
        starts_on=run.starts_on,
        due_on=run.due_on,
        state=run.state,
        ended_on=run.ended_on,
        extension=run.extension,
        provisional=run.reckoning.provisional,
    )
