"""A service's page: can I, what do I bring, how long and why, what happens, what it costs, what if no."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.intake import first_dates
from qiaoqiao.casework.rules import Run
from qiaoqiao.catalogue.drawing import draw
from qiaoqiao.catalogue.entry import Answer, Entry, FormField, Limit, Question, holds, words
from qiaoqiao.catalogue.loader import NoSuchEntry, entry
from qiaoqiao.portal.drafts import open_ones
from qiaoqiao.portal.limits import Law, law, length_of, reasoning, starts_words
from qiaoqiao.ui.language import HTML_LANG, language_of, zone_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.ui.zones import zone_choices

IF = "if_"
"""Before a form field's name in the address: an answer given only to see what it changes."""


def entry_or_404(service: str) -> Entry:
    try:
        return entry(service)
    except NoSuchEntry:
        raise Http404 from None


# --- can I -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """One answer given; `why` is what the entry has to say about it though it lets the person go on."""

    ask: str
    said: str
    change: str
    why: str


@dataclass(frozen=True)
class Steering:
    """How far the questions have gone: answered ones, the next one, and what the answers come to."""

    answered: list[Answered]
    given: list[tuple[str, str]]
    question: Question | None
    options: list[tuple[str, str]]
    ask: str
    outcome: str
    why: str
    other: Entry | None


def steer(about: Entry, sent: Mapping[str, str], language: str) -> Steering:
    """Follow the answers given so far; `outcome` is `go`, `stop` or `other`, empty while one is open."""
    answered: list[Answered] = []
    given: list[tuple[str, str]] = []
    for question in about.questions:
        answer = next((one for one in question.answers if one.id == sent.get(question.id)), None)
        ask = words(question.ask, language)
        if answer is None:
            options = [(one.id, words(one.label, language)) for one in question.answers]
            return Steering(answered, given, question, options, ask, "", "", None)
        before = "&".join(f"{name}={value}" for name, value in given)
        why = words(answer.why, language) if answer.why and answer.then == "go" else ""
        answered.append(Answered(ask, words(answer.label, language), f"?{before}#can-i", why))
        given.append((question.id, answer.id))
        if answer.then != "go":
            return _turned(answered, given, answer, language)
    return Steering(answered, given, None, [], "", "go" if about.questions else "", "", None)


def _turned(
    answered: list[Answered], given: list[tuple[str, str]], answer: Answer, language: str
) -> Steering:
    why = words(answer.why, language) if answer.why else ""
    other = None
    if answer.then.startswith("entry:"):
        try:
            other = entry(answer.then.removeprefix("entry:"))
        except NoSuchEntry:
            other = None
    return Steering(answered, given, None, [], "", "other" if other else "stop", why, other)


# --- what to bring ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Needed:
    id: str
    name: str
    form: str
    required: bool
    law: Law
    only: str


def conditions(about: Entry) -> list[FormField]:
    """The choices of the form that decide which papers are needed."""
    used = {name for material in about.materials for name in material.when}
    return [one for one in about.fields if one.id in used and one.type in {"choice", "yesno"}]


def assumed(about: Entry, sent: Mapping[str, str]) -> dict[str, object]:
    """The choices made on this page, as facts."""
    facts: dict[str, object] = {}
    for one in conditions(about):
        value = sent.get(IF + one.id, "")
        if one.type == "yesno" and value in {"yes", "no"}:
            facts[one.id] = value == "yes"
        elif value in {option.id for option in one.options}:
            facts[one.id] = value
    return facts


def needed(about: Entry, facts: Mapping[str, object], language: str) -> Iterator[Needed]:
    """The papers for these choices; where a choice is still open, papers for each way with the words when."""
    for one in about.materials:
        still_open = {
            name: value for name, value in one.when.items() if name not in facts and name != "channel"
        }
        settled = {name: value for name, value in one.when.items() if name not in still_open}
        if holds(settled, dict(facts) | {"channel": "web"}):
            only = _condition_words(about, still_open, language)
            cited = law(about, one.law)
            yield Needed(
                one.id, words(one.name, language), words(one.form, language), one.required, cited, only
            )


def _condition_words(about: Entry, when: Mapping[str, object], language: str) -> str:
    """“定居情形：夫妻投靠”: a condition in the words of the form."""
    said = []
    comma = "、" if language.startswith("zh") else "; "
    by_id = {one.id: one for one in about.fields}
    for name, value in when.items():
        wanted = value if isinstance(value, list) else [value]
        asked = by_id.get(name)
        if asked is None:
            continue
        if asked.type == "yesno":
            chosen = [_("是") if one is True else _("否") for one in wanted]
        else:
            chosen = [words(option.label, language) for option in asked.options if option.id in wanted]
        said.append(
            _("%(question)s：%(answer)s")
            % {"question": words(asked.label, language), "answer": comma.join(chosen)}
        )
    return comma.join(said)


# --- how long --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """One limit as the page tells it; `run` when its date is known if filed today."""

    limit: Limit
    name: str
    obliges: str
    length: str
    starts: str
    law: Law
    run: Run | None
    binds_person: bool


def lead_office(about: Entry) -> Office | None:
    """An office like the one that will answer, for its working days and its own settings."""
    seat = about.seats["lead"]
    offices = Office.objects.filter(kind__in=seat.kinds)
    if seat.level:
        offices = offices.filter(level=seat.level)
    return offices.order_by("pk").first()


def spans(
    about: Entry, runs: Mapping[str, Run], facts: Mapping[str, object], language: str
) -> Iterator[Span]:
    """Every limit that may run under these choices, those that begin at filing first."""
    possible = [one for one in about.limits if _may_run(one, facts)]
    for one in sorted(possible, key=lambda limit: limit.id not in runs):
        yield Span(
            limit=one,
            name=words(one.name, language),
            obliges=words(one.obliges, language),
            length=length_of(one),
            starts=starts_words(about, one, language),
            law=law(about, one.law),
            run=runs.get(one.id),
            binds_person=one.binds == "person",
        )


def _may_run(limit: Limit, facts: Mapping[str, object]) -> bool:
    known = {name: value for name, value in limit.when.items() if name in facts}
    return holds(known, dict(facts))


# --- the pages -------------------------------------------------------------------------------------


@needs(Permission.PUBLIC)
def service(request: HttpRequest, service: str) -> HttpResponse:
    """Answer, in this order: can I, what do I bring, how long, what happens, what it costs, what if no."""
    about, language, at = entry_or_404(service), language_of(request), timezone.now()
    facts = assumed(about, request.GET)
    office = lead_office(about)
    runs = first_dates(about, facts=facts, office=office, at=at) if office else []
    listed = list(spans(about, {run.limit.id: run for run in runs if run.due_on}, facts, language))
    papers = list(needed(about, facts, language))
    context = {
        "entry": about,
        "service_name": words(about.name, language),
        "summary": words(about.summary, language),
        "who": words(about.guidance.who, language),
        "steering": steer(about, request.GET, language),
        "papers": [one for one in papers if not one.only],
        "sometimes": [one for one in papers if one.only],
        "choices": [_choice(one, facts, language) for one in conditions(about)],
        "chosen": [(name, value) for name, value in request.GET.items() if name.startswith(IF)],
        "query": request.GET.urlencode(),
        "dated": [one for one in listed if one.run],
        "later": [one for one in listed if not one.run and one.length],
        "unknown": [one for one in listed if not one.run and not one.length],
        "office_name": name_of(office.names, language) if office else "",
        "steps": [{"title": words(step, language)} for step in about.guidance.steps],
        "cost": words(about.guidance.cost, language),
        "remedies": words(about.guidance.remedies, language),
        "sources": about.sources.values(),
        "continuing": [draft for draft, of in open_ones(request, at=at) if of.id == about.id][:1],
    }
    return render(request, "portal/service.html", context)


def _choice(one: FormField, facts: Mapping[str, object], language: str) -> dict[str, object]:
    options = [(option.id, words(option.label, language)) for option in one.options]
    if one.type == "yesno":
        options = [("yes", _("是")), ("no", _("否"))]
    value = facts.get(one.id)
    given = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return {"name": IF + one.id, "label": words(one.label, language), "options": options, "value": given}


@needs(Permission.PUBLIC)
def dates(request: HttpRequest, service: str, limit: str) -> HttpResponse:
    """Show day by day how the date was reached that a request filed now would have."""
    about, at = entry_or_404(service), timezone.now()
    office = lead_office(about)
    runs = first_dates(about, facts=assumed(about, request.GET), office=office, at=at) if office else []
    run = next((run for run in runs if run.limit.id == limit), None)
    if run is None:
        raise Http404
    context = reasoning(about, run, at, language_of(request))
    context |= {
        "before": f"/services/{service}/",
        "today": True,
        "zones": zone_choices(at, zone_of(request) or ""),
    }
    return render(request, "portal/dates.html", context)


@needs(Permission.PUBLIC)
def picture(request: HttpRequest, service: str) -> HttpResponse:
    """The procedure as a drawing, and the same as a table."""
    about, language = entry_or_404(service), language_of(request)
    states = {name: words(state.name, language) for name, state in about.states.items()}
    seats = {name: words(seat.name, language) for name, seat in about.seats.items()}
    seats |= {"person": _("您"), "law": _("法律规定，自动发生")}
    context = {
        "entry": about,
        "service_name": words(about.name, language),
        "moves": [
            {
                "name": words(move.name, language),
                "who": seats.get(move.seat, move.seat),
                "from": [states[name] for name in move.from_],
                "to": states[move.to] if move.to else _("不变"),
            }
            for move in about.moves
        ],
    }
    return render(request, "portal/picture.html", context)


@needs(Permission.PUBLIC)
def drawing(request: HttpRequest, service: str) -> HttpResponse:
    """The drawing itself, in the reader's language."""
    svg = draw(entry_or_404(service), HTML_LANG[language_of(request)])
    return HttpResponse(svg, content_type="image/svg+xml")
