"""Time zones to choose from: by their cities and what their clocks show, never by their names in a table."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from qiaoqiao.ui.language import zones
from qiaoqiao.ui.moments import city

ZONES = (
    "America/Caracas America/Sao_Paulo America/Manaus America/Santiago America/Buenos_Aires "
    "America/Bogota America/Lima America/La_Paz America/Guayaquil America/Panama America/Costa_Rica "
    "America/Mexico_City America/Los_Angeles America/Denver America/Chicago America/New_York "
    "America/Toronto America/Vancouver America/Havana America/Paramaribo Europe/London Europe/Lisbon "
    "Europe/Madrid Europe/Paris Europe/Rome Europe/Berlin Europe/Amsterdam Europe/Budapest "
    "Europe/Moscow Africa/Johannesburg Africa/Lagos Africa/Nairobi Africa/Cairo Africa/Luanda "
    "Indian/Mauritius Indian/Reunion Asia/Dubai Asia/Kolkata Asia/Yangon Asia/Bangkok Asia/Ho_Chi_Minh "
    "Asia/Phnom_Penh Asia/Vientiane Asia/Jakarta Asia/Kuala_Lumpur Asia/Singapore Asia/Manila "
    "Asia/Brunei Asia/Shanghai Asia/Hong_Kong Asia/Macau Asia/Taipei Asia/Tokyo Asia/Seoul "
    "Australia/Perth Australia/Sydney Pacific/Auckland Pacific/Fiji Pacific/Port_Moresby Pacific/Tahiti "
    "Pacific/Honolulu "
).split()


def zone_choices(at: datetime, given: str) -> list[tuple[str, object]]:
    """Cities with their distance from UTC then, in the order of the clock; the person's own among them."""
    names = {*ZONES, *([given] if given in zones() else [])}
    there = {name: at.astimezone(ZoneInfo(name)) for name in names}
    ordered = sorted(names, key=lambda name: (there[name].utcoffset(), city(name)))
    return [
        ("", _("请选择")),
        *(
            (name, _("%(city)s（%(offset)s）") % {"city": city(name), "offset": _offset(there[name])})
            for name in ordered
        ),
    ]


def _offset(there: datetime) -> str:
    """The distance from UTC as people write it, such as UTC+5:30."""
    minutes = int((there.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"  # noqa: RUF001
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def zone_words(name: str) -> str:
    """The city of a zone in the reader's words; what is no zone as it is written."""
    return city(name) if name in zones() else name
