"""The ground under every change of a meeting: it is held under lock, and only its convenor changes it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from qiaoqiao.access.queries import CASE_ROLES, posts_of
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.services.joint.models import Meeting
from qiaoqiao.services.joint.queries import visible_meetings
from qiaoqiao.services.joint.rules import POSSIBLE, MeetingState, Step, names_somebody


class MeetingRefused(Exception):
    """What is wrong with what was asked, by field: tokens that the doors put in words."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(", ".join(f"{name}: {fault}" for name, fault in faults.items()))


class NotNow(Exception):
    """The meeting is past the point, or not yet at the point, where this can be done."""


def hold(meeting_id: UUID, actor: Actor, at: datetime) -> Meeting:
    """Lock a meeting that the actor may see. Raises Meeting.DoesNotExist."""
    seen = visible_meetings(actor, on=at.astimezone(SHANGHAI).date())
    return seen.select_for_update(of=("self",)).select_related("office").get(pk=meeting_id)


def hold_own(meeting_id: UUID, step: Step, actor: Actor, at: datetime) -> Meeting:
    """Lock a meeting for its convenor. Raises Meeting.DoesNotExist for anybody else, NotNow."""
    meeting = hold(meeting_id, actor, at)
    if meeting.office_id not in own_offices(actor, at):
        raise Meeting.DoesNotExist
    allow(meeting, step)
    return meeting


def allow(meeting: Meeting, step: Step) -> None:
    """Raise NotNow unless the state of the meeting has room for the step."""
    if step not in POSSIBLE[MeetingState(meeting.state)]:
        raise NotNow(step)


def own_offices(actor: Actor, at: datetime, *, roles: list[str] = CASE_ROLES) -> frozenset[int]:
    """The offices for which the actor speaks: their own, not those below."""
    posts = posts_of(actor.account_id or 0, on=at.astimezone(SHANGHAI).date())
    return frozenset(posts.filter(role__in=roles).values_list("office_id", flat=True))


def clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def check_text(text: str, *, most: int, names: list[str], needed: bool = True) -> str | None:
    """What is wrong with words that all offices of the meeting will read: they name no person of a case."""
    if not text:
        return "missing" if needed else None
    if len(text) > most:
        return "too_long"
    return "names" if names_somebody(text, names) else None
