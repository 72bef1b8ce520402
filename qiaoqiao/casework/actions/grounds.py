"""The ground every change stands on: the case held under lock, its entry, and what has happened so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from qiaoqiao.casework.actions.clocks import refresh
from qiaoqiao.casework.models import KEPT_OF_CASE, Case
from qiaoqiao.casework.queries import events_of
from qiaoqiao.casework.rules import Event
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.ledger.actions import Happening, record

CASE_FIELDS = [
    "state",
    "stage",
    "outcome",
    "office",
    "due_on",
    "due_limit",
    "person_due_on",
    "provisional",
    "closed_at",
    "on_time",
    "faults",
    "rating",
    "not_solved_at",
    "last_kind",
    "last_at",
]


@dataclass
class Ground:
    """A case under lock. `events` grows with what is recorded."""

    case: Case
    entry: Entry
    events: list[Event]

    def happened(self) -> frozenset[str]:
        return frozenset(event.name for event in self.events)


def hold(case_id: UUID) -> Ground:
    """Lock a case for a change. Raises Case.DoesNotExist for one the actor cannot see."""
    case = Case.objects.select_for_update(of=("self",)).select_related("office", "person").get(pk=case_id)
    return Ground(case, catalogue_entry(case.service, case.edition), events_of(case_id))


def settle(ground: Ground, happenings: Sequence[Happening], *, at: datetime) -> Case:
    """Record what happened, bring the clocks in line, save the case."""
    case = ground.case
    record(case.pk, *happenings)
    ground.events += [Event(step.kind, step.at) for step in happenings]
    refresh(case, ground.entry, ground.events, closed_on=ended_on(case))
    if happenings:
        case.last_kind, case.last_at = telling(happenings).kind, at
    case.save(update_fields=CASE_FIELDS)
    return case


def telling(happenings: Sequence[Happening]) -> Happening:
    """What a queue shows as the last step: the move itself rather than what it brought along."""
    return next((one for one in happenings if one.kind.startswith("move:")), happenings[-1])


def ended_on(case: Case) -> date | None:
    """The day a case was closed, in Asia/Shanghai."""
    return Event("closed", case.closed_at).on if case.closed_at else None


def kept_of(case: Case) -> dict[str, object]:
    """What a new seat keeps of its case: what never changes, and the state it is in now."""
    return {name: getattr(case, name) for name in KEPT_OF_CASE} | {"case_state": case.state}
