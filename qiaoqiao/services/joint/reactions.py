"""What follows an entry of a meeting: letters to those invited. A letter names number, time and address only."""

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry, Fact
from qiaoqiao.ledger.reacting import reacts_to
from qiaoqiao.services.joint.models import Attendee, Meeting


def now_epoch() -> int:
    """The worker is a door: here it reads the clock."""
    return int(timezone.now().timestamp())


@reacts_to(
    "meeting.invited", "meeting.changed", "meeting.cancelled", "meeting.approved", name="joint.tell_invited"
)
def tell_invited(entry_uid: str) -> None:
    """Write to all at the meeting, or to those just invited; a meeting called off meanwhile invites nobody."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.get(uid=entry_uid)
        meeting = Meeting.objects.select_related("office").get(pk=entry.subject)
        if meeting.state == "cancelled" and entry.kind != "meeting.cancelled":
            return
        told = meeting.attendees.exclude(office=meeting.office_id).select_related("office")
        if entry.kind == "meeting.invited":
            fact = Fact.objects.filter(entry=entry).first()
            told = told.filter(office__code__in=fact.facts["offices"] if fact else [])
        for attendee in told:
            for to, language in _addresses(attendee):
                with translation.override(language):
                    subject, body = _letter(entry.kind, meeting)
                mail.mail().send(to, subject, body, key=f"{entry_uid}:{attendee.pk}:{to}")


def _addresses(attendee: Attendee) -> list[tuple[str, str]]:
    """Where to write: the address given with the invitation, else to the heads of the office."""
    if attendee.email:
        return [(attendee.email, "zh-hans")]
    held = Q(posts__until__isnull=True) | Q(posts__until__gte=timezone.localdate())
    heads = Account.objects.filter(held, posts__office=attendee.office_id, posts__role="head", is_active=True)
    return list(heads.exclude(email="").distinct().order_by("pk").values_list("email", "language"))


def _letter(kind: str, meeting: Meeting) -> tuple[str, str]:
    local = meeting.starts_at.astimezone(SHANGHAI)
    said = {
        "number": meeting.number,
        "day": f"{local:%Y-%m-%d %H:%M}",
        "link": f"{settings.PUBLIC_URL}/staff/meetings/{meeting.pk}/",
    }
    subjects = {
        "meeting.invited": _("请参加联席会议 %(number)s"),
        "meeting.changed": _("联席会议 %(number)s 有改动"),
        "meeting.cancelled": _("联席会议 %(number)s 取消"),
        "meeting.approved": _("联席会议 %(number)s 的纪要已批准"),
    }
    body = _("时间：%(day)s（北京时间）。议题、地点和日历文件在这一页，请登录后查看：%(link)s")
    return subjects[kind] % said, body % said
