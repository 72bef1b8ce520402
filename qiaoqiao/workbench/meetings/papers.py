"""A meeting to take away: its minutes as an official paper, its hour for a calendar."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.notices import long_date
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways.printing import Block, NoticeSheet, Verification, print_notice
from qiaoqiao.lib.calendars import MIME, Event, calendar
from qiaoqiao.services.joint.models import AgendaItem, Meeting, Minutes, Resolution
from qiaoqiao.services.joint.queries import became, resolutions, visible_items
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.meetings.door import meeting_of
from qiaoqiao.workbench.meetings.wording import FOLLOWED

CHINESE = "zh-hans"
USUAL_LENGTH = timedelta(hours=2)


@needs(Permission.ORGANISE)
@require_GET
def minutes_paper(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The minutes as a PDF in the official layout, in Chinese, with what became of each resolution so far."""
    meeting = meeting_of(request, meeting_id)
    held = Minutes.objects.filter(meeting=meeting).first()
    if held is None:
        raise Http404
    actor, on = actor_of(request), timezone.localdate()
    items = visible_items(actor, on=on).filter(meeting=meeting).order_by("order")
    passed = list(resolutions(actor, on=on).filter(meeting=meeting).order_by("made_at", "id"))
    with translation.override(CHINESE):
        became_of = [(one, str(FOLLOWED[became(one, on)])) for one in passed]
        pdf = print_notice(sheet(meeting, held, items, became_of))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="minutes-{meeting.year}-{meeting.serial}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def sheet(
    meeting: Meeting, held: Minutes, items: Iterable[AgendaItem], passed: list[tuple[Resolution, str]]
) -> NoticeSheet:
    """The minutes as the press wants them."""
    office = meeting.office.names["zh-Hans"]
    blocks = _blocks(meeting, items, passed)
    dated = long_date((held.approved_at or held.written_at).astimezone(SHANGHAI).date(), CHINESE)
    draft = "" if held.approved_at else _("（草稿，未批准）")
    return NoticeSheet(
        office=office,
        number=meeting.number,
        title=_("联席会议纪要") + draft,
        addressee=_("各参会单位"),
        paragraphs=[line for line in held.text.splitlines() if line.strip()],
        closing="",
        signed_by=office,
        dated=dated,
        verification=Verification(meeting.number, f"{settings.PUBLIC_URL}/staff/meetings/{meeting.pk}/"),
        blocks=blocks,
        demo=settings.DEMO,
        issued_at=held.approved_at or held.written_at,
    )


def _blocks(
    meeting: Meeting, items: Iterable[AgendaItem], passed: list[tuple[Resolution, str]]
) -> list[Block]:
    """Who met when, what was on the agenda, and what was resolved."""
    attendees = list(meeting.attendees.select_related("office").order_by("invited_at", "office"))
    there = [_named(one.office.names["zh-Hans"], one.name) for one in attendees if one.present]
    away = [one.office.names["zh-Hans"] for one in attendees if one.present is False]
    local = meeting.starts_at.astimezone(SHANGHAI)
    facts = [
        (_("会议名称"), meeting.title),
        (_("什么时候"), f"{long_date(local.date(), CHINESE)} {local:%H:%M}"),
        (_("地点"), " ".join(part for part in (meeting.place, meeting.link) if part)),
        (_("到会"), "、".join(there)),
        (_("没有到会"), "、".join(away)),
    ]
    blocks = [Block(_("会议情况"), "facts", [row for row in facts if row[1]])]
    talked_of = [(f"{one.title} {one.reference}".strip(),) for one in items]
    if talked_of:
        blocks.append(Block(_("议题"), "list", talked_of))
    if passed:
        head = (_("议定的事"), _("承办单位"), _("最后一天"), _("现在"))
        rows = [
            (one.text, one.office.names["zh-Hans"], long_date(one.due_on, CHINESE), stands)
            for one, stands in passed
        ]
        blocks.append(Block(_("议定事项"), "table", [head, *rows]))
    return blocks


def _named(office: str, name: str) -> str:
    return f"{office}（{name}）" if name else office


@needs(Permission.ORGANISE)
@require_GET
def hour(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The meeting for one's own calendar; a file of a later version moves the first."""
    meeting = meeting_of(request, meeting_id)
    event = Event(
        uid=f"meeting-{meeting.pk}@qiaoqiao",
        starts=meeting.starts_at,
        ends=meeting.starts_at + USUAL_LENGTH,
        said_at=timezone.now(),
        title=f"{meeting.title} {meeting.number}",
        place=meeting.place,
        about=meeting.link,
        url=f"{settings.PUBLIC_URL}/staff/meetings/{meeting.pk}/",
        sequence=meeting.version,
        cancelled=meeting.state == "cancelled",
        warn=timedelta(days=1),
    )
    said = calendar([event], by="meetings", cancels=event.cancelled)
    response = HttpResponse(said, content_type=MIME)
    response["Content-Disposition"] = f'attachment; filename="meeting-{meeting.year}-{meeting.serial}.ics"'
    return response
