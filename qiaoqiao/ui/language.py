"""Which language, print size and time zone this person reads in, and what every template knows of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlencode
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.utils.translation.trans_real import parse_accept_lang_header

HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en", "es": "es", "pt": "pt"}
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
VIEWS = ("normal", "large")
VIEW_COOKIE = "view"
ZONE_COOKIE = "tz"
THE_DEMO = gettext_noop("江门 · 柳州")
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Language:
    """One language as the language menu shows it."""

    code: str
    html_lang: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Here:
    """What every page knows about its reader; read by templates as `here`."""

    code: str
    lang: str
    languages: tuple[Language, ...]
    large: bool
    view_href: str
    zone: str | None
    now: datetime
    demo: bool
    installation: str
    path: str


@cache
def zones() -> frozenset[str]:
    """Return every IANA zone name this machine knows."""
    return frozenset(available_timezones())


def nearest(tag: str) -> str | None:
    """Return the interface language for a browser's language tag, or None."""
    tag = tag.lower()
    if tag.startswith(TRADITIONAL):
        return "zh-hant"
    main = tag.split("-", 1)[0]
    return {"zh": "zh-hans", "en": "en", "es": "es", "pt": "pt"}.get(main)


def language_of(request: HttpRequest) -> str:
    """Return the reader's language: asked for now, else kept, else the browser's, else simplified Chinese."""
    for chosen in (request.GET.get("lang", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if chosen.lower() in HTML_LANG:
            return chosen.lower()
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if found := nearest(tag):
            return found
    return "zh-hans"


def view_of(request: HttpRequest) -> str:
    """Return `large` for large print, else `normal`."""
    return "large" if request.COOKIES.get(VIEW_COOKIE) == "large" else "normal"


def zone_of(request: HttpRequest) -> str | None:
    """Return the reader's IANA time zone, or None when it is not known."""
    name = request.COOKIES.get(ZONE_COOKIE, "")
    return name if name in zones() else None


def address(request: HttpRequest, **change: str | None) -> str:
    """Return this page's address with query values changed; None takes one away."""
    query = request.GET.copy()
    for name, value in change.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    path = escape_leading_slashes(request.path)
    return f"{path}?{urlencode(list(pairs(query)))}" if query else path


def pairs(query: QueryDict) -> Iterator[tuple[str, str]]:
    """Yield every name and value of a query, repeated names too."""
    for name in query:
        for value in query.getlist(name):
            yield name, value


def wishes(request: HttpRequest) -> dict[str, str]:
    """Return the cookies that this address asks for; empty when it asks for none that are valid."""
    found: dict[str, str] = {}
    if request.method != "GET":
        return found
    if (lang := request.GET.get("lang", "").lower()) in HTML_LANG:
        found[settings.LANGUAGE_COOKIE_NAME] = lang
    if (view := request.GET.get("view", "")) in VIEWS:
        found[VIEW_COOKIE] = view
    if (zone := request.GET.get("tz", "")) in zones():
        found[ZONE_COOKIE] = zone
    return found


def settle(request: HttpRequest, kept: dict[str, str]) -> HttpResponseBase:
    """Keep the wishes in cookies and send the reader back to the same page without them in the address."""
    back = HttpResponseRedirect(address(request, lang=None, view=None, tz=None))
    for name, value in kept.items():
        back.set_cookie(
            name,
            value,
            max_age=YEAR_SECONDS,
            samesite="Lax",
            secure=settings.SECURE,
            httponly=name != ZONE_COOKIE,
        )
    return back


class LanguageMiddleware:
    """Answers in the reader's language and says which it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = language_of(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            kept = wishes(request)
            response = settle(request, kept) if kept else self.get_response(request)
        response.headers.setdefault("Content-Language", HTML_LANG[code])
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def installation_words(name: str) -> str:
    """Name the installation; the demo's own name in the reader's language, any other as it was given."""
    return _("江门 · 柳州") if name == THE_DEMO else name


def here(request: HttpRequest) -> Here:
    """Read the clock and the reader's wishes once for a page; touches no database."""
    code = language_of(request)
    view = view_of(request)
    return Here(
        code=code,
        lang=HTML_LANG[code],
        languages=tuple(
            Language(known, HTML_LANG[known], name, address(request, lang=known), known == code)
            for known, name in settings.LANGUAGES
        ),
        large=view == "large",
        view_href=address(request, view="normal" if view == "large" else "large"),
        zone=zone_of(request),
        now=timezone.now(),
        demo=settings.DEMO,
        installation=installation_words(getattr(settings, "INSTALLATION_NAME", "")),
        path=request.path,
    )


def page(request: HttpRequest) -> dict[str, object]:
    """Give every template `here`."""
    return {"here": here(request)}
