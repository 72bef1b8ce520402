"""Finding the service: by one's own words, or by looking through them all."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.catalogue.finding import LONGEST_QUERY
from qiaoqiao.catalogue.finding import find as guess
from qiaoqiao.catalogue.finding import find_events as guess_events
from qiaoqiao.catalogue.loader import current
from qiaoqiao.catalogue.topics import by_topic
from qiaoqiao.ui.language import language_of

AUDIENCES = ("overseas_chinese", "foreign_chinese", "returnee", "relative", "anyone")


def audience_words(audience: str) -> str:
    return {
        "overseas_chinese": _("华侨（定居国外的中国公民）"),
        "foreign_chinese": _("外籍华人"),
        "returnee": _("归侨"),
        "relative": _("侨眷（国内的亲属）"),
        "anyone": _("任何人"),
    }[audience]


def kind_words(kind: str) -> str:
    return {"licence": _("申请许可"), "petition": _("反映问题、提意见"), "service": _("办理服务")}[kind]


def shown(entry: Entry, language: str) -> dict[str, object]:
    """A service as a list shows it."""
    return {
        "id": entry.id,
        "name": words(entry.name, language),
        "summary": words(entry.summary, language),
        "kind": kind_words(entry.kind),
        "audience": [audience_words(one) for one in entry.audience],
    }


@needs(Permission.PUBLIC)
def find(request: HttpRequest) -> HttpResponse:
    """Guess from the person's own words and say why; without words, show everything."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY]
    if not query:
        return HttpResponseRedirect(reverse("portal_services"))
    language = language_of(request)
    hits = [shown(hit.entry, language) | {"because": hit.because} for hit in guess(query, language)]
    found = {hit["id"] for hit in hits}
    others = [shown(entry, language) for entry in current() if entry.id not in found]
    together = [
        shown(hit.entry, language) | {"because": hit.because} for hit in guess_events(query, language)
    ]
    context = {"query": query, "hits": hits, "others": others, "together": together[:1]}
    return render(request, "portal/find.html", context)


@needs(Permission.PUBLIC)
def services(request: HttpRequest) -> HttpResponse:
    """Every service, by who may ask and what kind it is."""
    language = language_of(request)
    audience = request.GET.get("for", "")
    chosen = [
        entry
        for entry in current()
        if audience not in AUDIENCES or {audience, "anyone"} & set(entry.audience)
    ]
    present = {one for entry in current() for one in entry.audience if one != "anyone"}
    context = {
        "topics": [
            {
                "id": topic.id,
                "name": words(topic.name, language),
                "services": [shown(one, language) for one in group],
            }
            for topic, group in by_topic(chosen)
        ],
        "tabs": [
            {"text": _("全部"), "href": "/services/", "current": audience not in AUDIENCES},
            *(
                {"text": audience_words(one), "href": f"/services/?for={one}", "current": one == audience}
                for one in AUDIENCES
                if one in present
            ),
        ],
    }
    return render(request, "portal/services.html", context)
