"""Letters about a joint meeting: to whom they go, what they never say, and that none comes twice."""

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from qiaoqiao.services.joint.actions import planning
from qiaoqiao.services.joint.models import Meeting
from qiaoqiao.services.joint.reactions import tell_invited
from tests.cast import AT, Town, as_staff, now_epoch
from tests.services.joint_table import PLAN, planned

SECRETARY, HEAD = "secretary@example.org", "lin@example.org"


@pytest.fixture
def town(db: None) -> Town:
    town = Town()
    town.housing_lin.email = HEAD
    town.housing_lin.save(update_fields=["email"])
    return town


def told(meeting: Meeting, kind: str) -> list[str]:
    """The letters that follow the newest entry of a kind, when the worker runs twice."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.filter(subject=meeting.pk, kind=kind).latest("seq")
    before = {letter.provider_id for letter in mail.recent(100)}
    tell_invited(str(entry.uid))
    tell_invited(str(entry.uid))
    new = [letter for letter in mail.recent(100) if letter.provider_id not in before]
    for letter in new:
        assert meeting.number in letter.subject
        assert PLAN.title not in letter.subject + letter.body
    return sorted(letter.to for letter in new)


def test_an_invitation_goes_to_the_address_given_else_to_the_head_and_once(town: Town) -> None:
    chen = as_staff(town.officer_chen)
    invited = [
        planning.Invited(town.exit_entry_police.pk, email=SECRETARY),
        planning.Invited(town.housing.pk),
    ]
    with acting(chen, epoch=now_epoch()):
        meeting = planning.plan(town.overseas_affairs.pk, PLAN, invited, actor=chen, at=AT)
    assert told(meeting, "meeting.invited") == [HEAD, SECRETARY]


def test_who_is_invited_later_is_told_alone_and_a_meeting_called_off_invites_nobody(town: Town) -> None:
    chen, meeting = as_staff(town.officer_chen), planned(town, offices=[town.exit_entry_police])
    with acting(chen, epoch=now_epoch()):
        planning.invite(meeting.pk, [planning.Invited(town.housing.pk)], actor=chen, at=AT)
    assert told(meeting, "meeting.invited") == [HEAD]
    with acting(chen, epoch=now_epoch()):
        planning.invite(meeting.pk, [planning.Invited(town.education.pk, email=SECRETARY)], actor=chen, at=AT)
        planning.cancel(meeting.pk, reason="改期另行通知", actor=chen, at=AT)
    assert told(meeting, "meeting.invited") == []
    assert told(meeting, "meeting.cancelled") == [HEAD, SECRETARY]
