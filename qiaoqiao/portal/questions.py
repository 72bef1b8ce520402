"""Questions that people ask: found in one's own words, each answered on a page with its sources and its validity."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_POST, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import PUBLIC
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.finding import LONGEST_QUERY
from qiaoqiao.catalogue.loader import NoSuchEntry, entry
from qiaoqiao.community.knowledge.actions.citing import vote as count_vote
from qiaoqiao.community.knowledge.models import Answer
from qiaoqiao.community.knowledge.queries import Shown, listed, public_answer, search
from qiaoqiao.community.knowledge.rules import TOPICS, in_language
from qiaoqiao.community.knowledge.wording import CONFIDENCE_WORDS, TOPIC_WORDS
from qiaoqiao.portal.ownership import see
from qiaoqiao.ui.entryforms import plain
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of

VOTED = "answers_voted"
MOST_VOTES = 200


def line(one: Shown, language: str) -> dict[str, object]:
    """A question as lists show it."""
    question, spoken = in_language(one.edition.questions, language)
    return {"href": reverse("portal_question", args=[one.answer.key]), "question": question, "lang": spoken}


@needs(Permission.PUBLIC)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Search in one's own words, or look through a topic or what belongs to a service."""
    language, on = language_of(request), timezone.localdate()
    query = " ".join(plain(request.GET.get("q", "")).split())[:LONGEST_QUERY]
    topic = request.GET.get("topic", "")
    service = known_service(request.GET.get("service", ""))
    if query:
        found = search(query, PUBLIC, on=on)
    elif topic in TOPICS or service:
        found = listed(PUBLIC, on=on, topic=topic if topic in TOPICS else "", service=service)
    else:
        found = []
    topics = [(one, TOPIC_WORDS[one]) for one in TOPICS]
    context = {
        "query": query,
        "topic": topic if topic in TOPICS else "",
        "topic_words": TOPIC_WORDS.get(topic, ""),
        "service": service,
        "service_name": words(entry(service).name, language) if service else "",
        "topics": topics,
        "found": [line(one, language) for one in found],
        "asked": bool(query or topic in TOPICS or service),
    }
    return render(request, "portal/questions/list.html", context)


def known_service(given: str) -> str:
    try:
        entry(given[:40])
    except NoSuchEntry:
        return ""
    return given


def shown_or_404(key: str) -> Shown:
    try:
        return public_answer(key[:60], PUBLIC, on=timezone.localdate())
    except Answer.DoesNotExist:
        raise Http404 from None


@needs(Permission.PUBLIC)
@require_safe
def question(request: HttpRequest, key: str) -> HttpResponse:
    """One question: the answer, where it is written, until when it holds, what to do next."""
    found, language = shown_or_404(key), language_of(request)
    asked, asked_lang = in_language(found.edition.questions, language)
    said, said_lang = in_language(found.edition.answers, language)
    context = {
        "key": found.answer.key,
        "question": asked,
        "question_lang": asked_lang,
        "answer": said,
        "answer_lang": said_lang,
        "valid": found.valid,
        "edition": found.edition,
        "checked_on": found.answer.checked_on,
        "office": name_of(found.answer.office.names, language),
        "sources": [source(one) for one in found.edition.sources],
        "services": services_of(found, language),
        "topics": [(one, TOPIC_WORDS[one]) for one in found.answer.topics if one in TOPIC_WORDS],
        "voted": found.answer.key in request.session.get(VOTED, []),
    }
    return render(request, "portal/questions/question.html", context)


def source(one: dict[str, str]) -> dict[str, str | Promise]:
    return {
        "title": one["title"],
        "article": one.get("article", ""),
        "confidence": CONFIDENCE_WORDS.get(one.get("confidence", ""), ""),
    }


def services_of(found: Shown, language: str) -> list[tuple[str, str]]:
    kept = [one for one in found.answer.services if known_service(one)]
    return [(one, words(entry(one).name, language)) for one in kept]


@needs(Permission.PUBLIC)
@require_POST
def vote(request: HttpRequest, key: str) -> HttpResponse:
    """Say whether it helped: once a browser, and nobody knows who."""
    found, at = shown_or_404(key), timezone.now()
    voted: list[str] = request.session.get(VOTED, [])
    if key not in voted and request.POST.get("helpful") in {"yes", "no"}:
        remember(request, found, at)
    return see(reverse("portal_question", args=[found.answer.key]) + "#helpful")


def remember(request: HttpRequest, found: Shown, at: datetime) -> None:
    count_vote(found.edition, request.POST["helpful"] == "yes", on=timezone.localdate(at))
    voted: list[str] = request.session.get(VOTED, [])
    request.session[VOTED] = [*voted, found.answer.key][-MOST_VOTES:]


urlpatterns: list[URLPattern] = [
    path("questions/", questions, name="portal_questions"),
    path("questions/<slug:key>/", question, name="portal_question"),
    path("questions/<slug:key>/vote/", vote, name="portal_question_vote"),
]
