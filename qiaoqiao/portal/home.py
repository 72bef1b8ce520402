"""The first page: one large field, the services in plain words, tracking and the nearest window."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.catalogue.topics import common
from qiaoqiao.portal.drafts import held_ids, open_ones
from qiaoqiao.portal.events import listed
from qiaoqiao.portal.journey import address
from qiaoqiao.portal.steps import APPLICANT
from qiaoqiao.ui.language import language_of

LINE = 42  # letters that fit one line under a service's name on a phone; a Chinese character takes two


def said(entry: Entry, language: str) -> list[str]:
    """The first everyday words for a service that its name does not say already, as many as fit one line."""
    everyday = {tag.lower(): phrases for tag, phrases in entry.everyday.items()}
    name = words(entry.name, language).lower()
    kept: list[str] = []
    room = LINE
    for phrase in everyday.get(language.lower(), []):
        width = sum(1 if letter < "\u1100" else 2 for letter in phrase) + 2
        if phrase.lower() not in name and (width <= room or not kept):
            kept.append(phrase)
            room -= width
    return kept


@needs(Permission.PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """Ask what the person wants to get done."""
    language = language_of(request)
    continuing = []
    if held_ids(request):
        request.personal = True  # type: ignore[attr-defined]
        continuing = [
            {
                "name": words(entry.name, language),
                "href": address(entry.id, draft.pk, APPLICANT),
                "until": draft.until,
            }
            for draft, entry in open_ones(request, at=timezone.now())
        ]
    services = [
        {"id": entry.id, "name": words(entry.name, language), "said": said(entry, language)}
        for entry in common()
    ]
    context = {
        "every": len(current()),
        "services": services,
        "continuing": continuing,
        "events": listed(language),
    }
    return render(request, "portal/home.html", context)
