"""Days and instants in the reader's words: Beijing time always, the person's own beside it."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_time, get_timezone_location
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

BEIJING = ZoneInfo("Asia/Shanghai")
NIGHT_FROM, NIGHT_TO = 22, 7
LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_HK", "en": "en_GB", "es": "es", "pt": "pt_BR"}
# Per language: day and month; what a year adds; what a weekday adds around it.
PATTERNS = {
    "zh-hans": ("M月d日", "y年{}", "{}（EEEE）"),
    "zh-hant": ("M月d日", "y年{}", "{}（EEEE）"),
    "en": ("d MMMM", "{} y", "EEEE {}"),
    "es": ("d 'de' MMMM", "{} 'de' y", "EEEE {}"),
    "pt": ("d 'de' MMMM", "{} 'de' y", "EEEE, {}"),
}
# Zones that CLDR, the source of the cities' names, still keeps under an older name.
OLDER_NAMES = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca",
    "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy",
    "America/Argentina/Mendoza": "America/Mendoza",
    "America/Atikokan": "America/Coral_Harbour",
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Pohnpei": "Pacific/Ponape",
}


def code() -> str:
    """Return the language now spoken; simplified Chinese when none is set."""
    language = (get_language() or "zh-hans").lower()
    return language if language in PATTERNS else "zh-hans"


@lru_cache(maxsize=8)
def locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


def fill(words: str, **parts: str) -> SafeString:
    """Put markup or plain text into the %(names)s of a translated sentence; plain text is escaped."""
    return mark_safe(escape(words) % {name: conditional_escape(part) for name, part in parts.items()})


@lru_cache(maxsize=64)
def pattern(language: str, weekday: bool, year: bool) -> str:
    words, with_year, with_weekday = PATTERNS[language]
    if year:
        words = with_year.format(words)
    return with_weekday.format(words) if weekday else words


@lru_cache(maxsize=4096)
def _day_words(on: date, language: str, weekday: bool, year: bool) -> str:
    midnight = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a calendar day has no zone
    return format_datetime(midnight, pattern(language, weekday, year), locale=locale(language))


def day_words(on: date, *, weekday: bool = True, year: bool = True) -> str:
    """Return a date as a reader of the present language writes it."""
    return _day_words(on, code(), weekday, year)


def day(on: date, *, weekday: bool = True, year: bool = True) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>', on.isoformat(), day_words(on, weekday=weekday, year=year)
    )


def clock_words(at: datetime) -> str:
    """Return hours and minutes, 24-hour in every language."""
    return format_time(at, "HH:mm", tzinfo=at.tzinfo, locale=locale(code()))


@lru_cache(maxsize=1024)
def _city(zone: str, language: str) -> str:
    known = locale(language)
    older = OLDER_NAMES.get(zone, zone)
    if kept := known.time_zones.get(older, {}).get("city"):
        return str(kept)
    return str(get_timezone_location(zone, locale=known, return_city=True)).rsplit("/", 1)[-1]


def city(zone: str) -> str:
    """Return the city a time zone is named after, in the present language."""
    return _city(zone, code())


def instant(at: datetime, zone: ZoneInfo, *, weekday: bool, year: bool) -> SafeString:
    there = at.astimezone(zone)
    words = f"{day_words(there.date(), weekday=weekday, year=year)} {clock_words(there)}"
    if code().startswith("zh") and weekday:
        words = words.replace("） ", "）")
    return format_html('<time datetime="{}">{}</time>', there.isoformat(timespec="minutes"), words)


def half(words: SafeString) -> SafeString:
    """Keep one of two times together where a line breaks."""
    return format_html('<span class="qq-half">{}</span>', words)


def moment(
    at: datetime, *, zone: str | None = None, before: bool = False, short: bool = False, year: bool = True
) -> SafeString:
    """Return an instant in Beijing time and, where clocks there differ, in `zone`'s time too."""
    beijing = instant(at, BEIJING, weekday=not short, year=year)
    words = fill(_("%(time)s前，北京时间") if before else _("%(time)s，北京时间"), time=beijing)
    if zone and at.astimezone(ZoneInfo(zone)).utcoffset() != at.astimezone(BEIJING).utcoffset():
        there = instant(at, ZoneInfo(zone), weekday=False, year=False)
        sentence = _("%(city)s %(time)s前") if before else _("%(city)s %(time)s")
        pause = _("；")
        words = format_html(
            "{}{}{}",
            half(format_html("{}{}", words, pause.rstrip())),
            " " if pause.endswith(" ") else "",  # inside the half it would be swallowed
            half(fill(sentence, city=city(zone), time=there)),
        )
    return format_html('<span class="qq-moment">{}</span>', words)


def local_words(at: datetime, zone: str) -> SafeString:
    """Return the city and the hour there; the date too when it is another day than in Beijing."""
    there = at.astimezone(ZoneInfo(zone))
    if there.date() == at.astimezone(BEIJING).date():
        time = format_html(
            '<time datetime="{}">{}</time>', there.isoformat(timespec="minutes"), clock_words(there)
        )
    else:
        time = instant(at, ZoneInfo(zone), weekday=False, year=False)
    return fill(_("%(city)s %(time)s"), city=city(zone), time=time)


def is_night(at: datetime, zone: str) -> bool:
    """Tell whether people there are likely asleep: from 22:00 to 7:00."""
    hour = at.astimezone(ZoneInfo(zone)).hour
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def days_left_words(days: int, *, working: bool) -> str:
    """Say how many days are left, or by how many the date is past."""
    if days == 0:
        return _("今天到期")
    count = abs(days)
    if days < 0:
        late = (
            ngettext("已逾期 %(n)d 个工作日", "已逾期 %(n)d 个工作日", count)
            if working
            else ngettext("已逾期 %(n)d 天", "已逾期 %(n)d 天", count)
        )
        return late % {"n": count}
    left = (
        ngettext("还有 %(n)d 个工作日", "还有 %(n)d 个工作日", count)
        if working
        else ngettext("还有 %(n)d 天", "还有 %(n)d 天", count)
    )
    return left % {"n": count}


def weekday_heads() -> list[tuple[str, str]]:
    """Return short and full names of the weekdays, Monday first."""
    monday = date(2024, 1, 1)
    week = [monday + timedelta(days=ahead) for ahead in range(7)]
    known = locale(code())
    narrow, wide = known.days["stand-alone"]["narrow"], known.days["stand-alone"]["wide"]
    return [(str(narrow[on.weekday()]), str(wide[on.weekday()])) for on in week]


def month_words(on: date) -> str:
    """Return a month with its year, as a heading."""
    midnight = datetime(on.year, on.month, 1)  # noqa: DTZ001 - a month has no zone
    known = {
        "zh-hans": "y年M月",
        "zh-hant": "y年M月",
        "en": "LLLL y",
        "es": "LLLL 'de' y",
        "pt": "LLLL 'de' y",
    }
    words = format_datetime(midnight, known[code()], locale=locale(code()))
    return words[:1].upper() + words[1:]
