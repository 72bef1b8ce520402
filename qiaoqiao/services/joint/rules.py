"""Pure decisions about joint meetings: what may be done when, what a resolution has come to, what to table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What the convening office may do with a meeting."""

    CHANGE = "change"
    INVITE = "invite"
    CANCEL = "cancel"
    TABLE = "table"
    ATTEND = "attend"
    DECIDE = "decide"
    MINUTE = "minute"
    APPROVE = "approve"


POSSIBLE: dict[MeetingState, frozenset[Step]] = {
    MeetingState.PLANNED: frozenset({Step.CHANGE, Step.INVITE, Step.CANCEL, Step.TABLE, Step.ATTEND}),
    MeetingState.HELD: frozenset({Step.TABLE, Step.ATTEND, Step.DECIDE, Step.MINUTE, Step.APPROVE}),
    MeetingState.CLOSED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}
"""Attendance taken makes a planned meeting a held one; approved minutes close it."""

ROLES = ("host", "member", "guest")
ANSWERS = ("yes", "no")


class Followed(StrEnum):
    """What a resolution has come to, computed from its task each time it is shown."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done_late"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


UNFINISHED = frozenset({Followed.OPEN, Followed.LATE, Followed.DECLINED})


def followed(task_state: str, due_on: date, ended_on: date | None, today: date) -> Followed:
    """Return what became of a resolution.

    `task_state` is its assignment's, or for one without a case `accepted` until it is reported done
    (`answered`); `ended_on` the day on which that ended, in Asia/Shanghai.
    """
    match task_state:
        case "answered":
            return Followed.DONE_LATE if ended_on is not None and ended_on > due_on else Followed.DONE
        case "declined":
            return Followed.DECLINED
        case "withdrawn" | "released":
            return Followed.WITHDRAWN
    return Followed.LATE if today > due_on else Followed.OPEN


class Reason(StrEnum):
    """Why a case is suggested for the agenda, the weightiest first."""

    OVERDUE = "overdue"
    SEVERAL = "several"
    STUCK = "stuck"
    GREEN = "green"


@dataclass(frozen=True)
class Signs:
    """What is known of a case when an agenda is made."""

    due_on: date | None
    offices: int
    quiet_days: int
    priority: bool


def reasons(signs: Signs, *, today: date, stuck_days: int) -> tuple[Reason, ...]:
    """Return why a case belongs before the joint meeting; none: nothing speaks for it."""
    speaks = {
        Reason.OVERDUE: signs.due_on is not None and signs.due_on < today,
        Reason.SEVERAL: signs.offices > 1,
        Reason.STUCK: signs.quiet_days > stuck_days,
        Reason.GREEN: signs.priority,
    }
    return tuple(reason for reason, holds in speaks.items() if holds)


def names_somebody(text: str, names: Iterable[str]) -> str:
    """Return the first of these people's names that a text for all offices mentions, else nothing."""
    squeezed = "".join(text.split()).casefold()
    for name in names:
        wanted = "".join(name.split()).casefold()
        if len(wanted) > 1 and wanted in squeezed:
            return name
    return ""
