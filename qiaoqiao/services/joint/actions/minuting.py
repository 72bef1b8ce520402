"""What remains of a meeting: who was there, what was said, and the convenor's approval that closes it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.services.joint.actions.agenda import everybody
from qiaoqiao.services.joint.actions.ground import (
    MeetingRefused,
    check_text,
    clean,
    hold_own,
    own_offices,
)
from qiaoqiao.services.joint.models import Meeting, Minutes
from qiaoqiao.services.joint.rules import Step

LONGEST_MINUTES, LONGEST_NAME = 20_000, 60


@transaction.atomic
def record_attendance(
    meeting_id: UUID, there: Mapping[int, str | None], *, actor: Actor, at: datetime
) -> Meeting:
    """Say which offices were there, and by whom (None: absent); with it the meeting is held.

    Raises NotNow, and MeetingRefused before its day (`early`) or when nobody was there (`missing`).
    """
    meeting = hold_own(meeting_id, Step.ATTEND, actor, at)
    if at.astimezone(SHANGHAI).date() < meeting.starts_at.astimezone(SHANGHAI).date():
        raise MeetingRefused({"present": "early"})
    if all(name is None for name in there.values()):
        raise MeetingRefused({"present": "missing"})
    attendees = list(meeting.attendees.select_related("office"))
    for one in attendees:
        name = there.get(one.office_id)
        one.present = name is not None
        one.name = clean(name or "")[:LONGEST_NAME] or one.name
        one.save(update_fields=["present", "name"])
    meeting.state = "held"
    meeting.save(update_fields=["state"])
    facts: dict[str, JSON] = {"present": [one.office.code for one in attendees if one.present]}
    record(meeting.pk, Happening("meeting.attended", facts, actor.ledger_name, at, meeting.office.code))
    return meeting


@transaction.atomic
def write_minutes(meeting_id: UUID, text: str, *, actor: Actor, at: datetime) -> Minutes:
    """Write down what was said, or write it better. Raises MeetingRefused, NotNow."""
    meeting = hold_own(meeting_id, Step.MINUTE, actor, at)
    said = clean(text)
    if fault := check_text(said, most=LONGEST_MINUTES, names=everybody(meeting, actor, at)):
        raise MeetingRefused({"text": fault})
    minutes = Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting)
    minutes.text, minutes.written_at, minutes.written_by_id = said, at, actor.account_id
    minutes.save()
    record(meeting.pk, Happening("meeting.minuted", {}, actor.ledger_name, at, meeting.office.code))
    return minutes


@transaction.atomic
def approve(meeting_id: UUID, *, actor: Actor, at: datetime) -> Meeting:
    """Approve the minutes; the meeting is closed and its minutes go to all.

    Raises NotNow, and MeetingRefused without minutes (`missing`) or for anybody but the office's head (`head`).
    """
    meeting = hold_own(meeting_id, Step.APPROVE, actor, at)
    minutes = Minutes.objects.filter(meeting=meeting).first()
    if minutes is None:
        raise MeetingRefused({"text": "missing"})
    if meeting.office_id not in own_offices(actor, at, roles=["head"]):
        raise MeetingRefused({"text": "head"})
    minutes.approved_at, minutes.approved_by_id = at, actor.account_id
    minutes.save(update_fields=["approved_at", "approved_by"])
    meeting.state = "closed"
    meeting.save(update_fields=["state"])
    record(meeting.pk, Happening("meeting.approved", {}, actor.ledger_name, at, meeting.office.code))
    return meeting
