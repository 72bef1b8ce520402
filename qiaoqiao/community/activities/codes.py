"""What is read at the door: QR codes, and the digits of the day that hang on the wall."""

from datetime import date, datetime

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from qiaoqiao.access.links import read_link
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.activities.letters import ATTEND
from qiaoqiao.community.activities.models import Activity, Signup
from qiaoqiao.community.activities.rules import day_code
from qiaoqiao.lib.calendars import Event


def qr(url: str) -> SafeString:
    """A QR code as SVG for a page; whoever shows it says beside it what it is."""
    made = segno.make(url, error="m", micro=False)
    return mark_safe(
        made.svg_inline(border=2, dark="#1d1d1b", light="#ffffff", svgclass="qq-qr", omitsize=True)
    )


def code_of_day(activity: Activity, on: date) -> str:
    """The digits by which somebody says on a day that they are at the place."""
    return day_code(settings.SECRET_KEY.encode(), str(activity.pk), on)


def is_today(activity: Activity, at: datetime) -> bool:
    """Whether an activity is on this day, Beijing time."""
    first, last = (one.astimezone(SHANGHAI).date() for one in (activity.starts_at, activity.ends_at))
    return first <= at.astimezone(SHANGHAI).date() <= last


def read_code(typed: str, activity: Activity, *, epoch: int) -> Signup | None:
    """The sign-up that a scanned link or a code read out belongs to; None for anybody else's."""
    text = typed.strip()
    token = text.rstrip("/").rpartition("/")[2]
    thing = read_link(ATTEND, token, epoch=epoch)
    found = Signup.objects.filter(activity=activity)
    if thing:
        return found.filter(pk=thing).first()
    return found.filter(code=text.upper()).first()


def event_of(activity: Activity, *, title: str, url: str, cancelled: bool) -> Event:
    """An activity as anybody's calendar shows it: who signed up finds the address of a meeting online by the link."""
    return Event(
        uid=f"{activity.pk}@qiaoqiao",
        starts=activity.starts_at,
        ends=activity.ends_at,
        said_at=activity.changed_at or activity.made_at,
        title=title,
        about=activity.theme,
        place=activity.place,
        url=url,
        sequence=activity.version,
        cancelled=cancelled,
    )
