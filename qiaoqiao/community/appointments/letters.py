"""What people are written about their booking: when, in both places, and a link; never what it is about."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location
from django.utils.translation import gettext as _

from qiaoqiao.casework.notices import long_date
from qiaoqiao.community.appointments.links import booking_path, waiting_path, whole
from qiaoqiao.community.appointments.models import Booking, Slot, Waiting
from qiaoqiao.community.appointments.rules import BEIJING
from qiaoqiao.ledger.rules import JSON

LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_HK", "en": "en_GB", "es": "es", "pt": "pt_BR"}
Letter = tuple[str, str]


def both_times(at: datetime, zone: str, language: str) -> str:
    """An hour in Beijing, and in the person's own place where its clocks differ."""
    said = _("%(time)s（北京时间）") % {"time": _written(at, BEIJING, language)}
    there = ZoneInfo(zone)
    if at.astimezone(there).utcoffset() == at.astimezone(BEIJING).utcoffset():
        return said
    own = {"city": city(zone, language), "time": _written(at, there, language)}
    return f"{said}\n" + _("%(city)s当地时间：%(time)s") % own


def city(zone: str, language: str) -> str:
    """The city a time zone is named after."""
    known = Locale.parse(LOCALES.get(language, "zh_Hans_CN"))
    return str(get_timezone_location(zone, locale=known, return_city=True)).rsplit("/", 1)[-1]


def _written(at: datetime, zone: ZoneInfo, language: str) -> str:
    there = at.astimezone(zone)
    return f"{long_date(there.date(), language)} {there:%H:%M}"


def letter_of(kind: str, booking: Booking, facts: dict[str, JSON]) -> Letter | None:
    """Subject and body in the language that is set; None for what needs no letter."""
    when = both_times(booking.starts_at, booking.timezone, booking.language)
    said = {"reference": booking.reference, "when": when, "link": whole(booking_path(booking))}
    match kind:
        case "booking.made":
            return (
                _("预约编号 %(reference)s：已约好") % said,
                _("您的预约 %(reference)s：\n%(when)s\n查看、改期、取消或加到日历：%(link)s") % said,
            )
        case "booking.moved":
            return (
                _("预约编号 %(reference)s：已改期") % said,
                _("您的预约 %(reference)s 改到：\n%(when)s\n查看：%(link)s") % said,
            )
        case "booking.reminded":
            return (
                _("预约编号 %(reference)s：快到时间了") % said,
                _("提醒您，预约 %(reference)s：\n%(when)s\n来不了请改期或取消，把时间让给别人：%(link)s")
                % said,
            )
        case "booking.cancelled":
            return _cancelled(said, facts)
    return None


def _cancelled(said: dict[str, str], facts: dict[str, JSON]) -> Letter:
    subject = _("预约编号 %(reference)s：已取消") % said
    if facts.get("by_office"):
        body = _(
            "抱歉，单位那段时间不能接待，您的预约 %(reference)s 取消了：\n%(when)s\n请另约时间：%(link)s"
        )
    else:
        body = _("您的预约 %(reference)s 已取消：\n%(when)s\n要另约时间：%(link)s")
    return subject, body % said


def letter_of_waiting(kind: str, one: Waiting, slot: Slot | None) -> Letter | None:
    """The same for a place in line."""
    said = {"link": whole(waiting_path(one))}
    if kind == "waiting.joined":
        return _("您在候补名单里了"), _("有人退出时，按先后顺序通知您。查看或退出：%(link)s") % said
    if kind == "waiting.offered" and slot is not None and one.offered_until is not None:
        said["when"] = both_times(slot.starts_at, one.timezone, one.language)
        said["until"] = both_times(one.offered_until, one.timezone, one.language)
        body = _(
            "有一个空位给您留着：\n%(when)s\n请在这个时间以前确认，过时让给下一位：\n%(until)s\n%(link)s"
        )
        return _("有空位了，请尽快确认"), body % said
    if kind == "waiting.closed" and slot is not None:
        said["when"] = both_times(slot.starts_at, one.timezone, one.language)
        body = _("抱歉，单位那段时间不能接待，给您留的空位取消了：\n%(when)s\n请另约时间：%(link)s")
        return _("给您留的空位取消了"), body % said
    if kind == "waiting.passed":
        return _("为您留的空位已让给下一位"), _("您没有及时确认。要再约，请从这里看：%(link)s") % said
    return None
