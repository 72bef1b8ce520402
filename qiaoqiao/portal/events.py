"""Life events (一件事): one start for what takes several offices."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.composing import Composed, Part, life_event, life_events
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import NoSuchEntry
from qiaoqiao.portal.drafts import open_ones
from qiaoqiao.portal.service import needed, steer
from qiaoqiao.ui.language import language_of


def composed_or_404(event: str) -> Composed:
    try:
        return life_event(event)
    except NoSuchEntry:
        raise Http404 from None


def listed(language: str) -> list[dict[str, object]]:
    """Every life event as a list shows it, with the names of its services."""
    return [
        {
            "id": one.event.id,
            "name": words(one.event.name, language),
            "summary": words(one.event.summary, language),
            "services": [words(part.entry.name, language) for part in one.parts],
        }
        for one in life_events().values()
    ]


@needs(Permission.PUBLIC)
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return render(request, "portal/events/events.html", {"events": listed(language_of(request))})


@needs(Permission.PUBLIC)
@require_GET
def event(request: HttpRequest, event: str) -> HttpResponse:
    """What belongs together, who answers what, which papers are wanted once, and the one start."""
    composed, language, at = composed_or_404(event), language_of(request), timezone.now()
    about = composed.entry
    papers = list(needed(about, {}, language))
    context = {
        "entry": about,
        "event_name": words(about.name, language),
        "summary": words(about.summary, language),
        "who": words(about.guidance.who, language),
        "cost": words(about.guidance.cost, language),
        "remedies": words(about.guidance.remedies, language),
        "steering": steer(about, request.GET, language),
        "legs": [_leg(part, language) for part in composed.parts],
        "papers": [one for one in papers if not one.only],
        "sometimes": [one for one in papers if one.only],
        "sources": about.sources.values(),
        "questions": sum(len(section.fields) for section in about.form),
        "apart": sum(len(part.entry.fields) for part in composed.parts),
        "continuing": [draft for draft, of in open_ones(request, at=at) if of.id == about.id][:1],
    }
    return render(request, "portal/events/event.html", context)


def _leg(part: Part, language: str) -> dict[str, object]:
    after = part.leg.after
    return {
        "id": part.entry.id,
        "name": words(part.entry.name, language),
        "office": words(part.entry.seats["lead"].name, language),
        "why": words(part.leg.why, language),
        "after": words(after.says, language) if after else "",
        "sometimes": bool(part.leg.when),
    }
