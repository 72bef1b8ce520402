"""The window: a walk-in, a call or a letter taken down on one page, in two minutes; then its receipt."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Post
from qiaoqiao.access.queries import CASE_ROLES, posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor, acting
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.once import Answer, Asked, KeyReused, once
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.bringing import bring
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.reading import CaseFile, case_file
from qiaoqiao.casework.routing import NoOffice
from qiaoqiao.catalogue.entry import Move, words
from qiaoqiao.catalogue.forms import FormRefused
from qiaoqiao.catalogue.loader import NoSuchEntry, current
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.gateways.uploads import UploadRefused
from qiaoqiao.ui import fields
from qiaoqiao.ui.entryforms import SHOWN
from qiaoqiao.ui.faults import too_many_files_words, upload_words
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import Atlas, atlas
from qiaoqiao.workbench.clocks import clocks
from qiaoqiao.workbench.desk import TOKEN, actor_of, new_token, said
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.intakeform import (
    CHANNELS,
    HelperForm,
    WhoForm,
    Window,
    fresh_window,
    papers_handed,
    papers_promised,
    questions,
    read_window,
)
from qiaoqiao.workbench.papers import paper_of, stream

SERVICE, CHANNEL, TAKEN = "intake_service", "intake_channel", "taken_in"
SEEN_SECONDS = 2 * 3600
MOST_SCANS = 10


@needs(Permission.INTAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """The form of the service chosen; the last one and its way of coming are remembered."""
    posts = list(
        posts_of(actor_of(request).account_id or 0, on=timezone.localdate()).filter(role__in=CASE_ROLES)
    )
    service = (
        request.POST.get("service") or request.GET.get("service") or request.session.get(SERVICE, "petition")
    )
    try:
        entry = catalogue_entry(str(service)[:40])
    except NoSuchEntry:
        raise Http404 from None
    known = atlas(offices=any(one.type == "office" for one in entry.fields))
    office = _office(request, posts)
    if request.method != "POST":
        channel = str(request.session.get(CHANNEL, "counter"))
        window = fresh_window(entry, channel=channel, office=office.office, atlas=known)
        return window_page(request, window, known, posts, {})
    window = read_window(entry, request.POST)
    return take_in(request, window, known, posts, office)


def _office(request: HttpRequest, posts: list[Post]) -> Post:
    """The office at whose window this is: the one chosen, else the first."""
    wanted = request.POST.get("office", "")
    return next((post for post in posts if str(post.office_id) == wanted), posts[0])


def take_in(
    request: HttpRequest, window: Window, known: Atlas, posts: list[Post], office: Post
) -> HttpResponse:
    """File what was taken down, once; whatever is wrong is said beside its field and nothing typed is lost."""
    try:
        scans = _scans(request)
        key = f"intake:{actor_of(request).account_id}:{request.POST.get(TOKEN, '')[:40]}"
        answer = once(
            Asked(None, key, said(request)), lambda: _filed(request, window, office, scans), at=timezone.now()
        )
    except FormRefused as refused:
        return window_page(request, window, known, posts, refused.faults)
    except UploadRefused as refused_file:
        return window_page(request, window, known, posts, {}, trouble=upload_words(refused_file))
    except NoOffice:
        trouble = _("所选的地方和它的上级都没有能办这件事的单位，请检查地点。")
        return window_page(request, window, known, posts, {}, trouble=trouble)
    except KeyReused:
        trouble = _("这一页已经登记过一件。如果这是另一件事，请核对后再按一次“登记”。")
        return window_page(request, window, known, posts, {}, trouble=trouble)
    request.session[SERVICE] = window.entry.id
    request.session[CHANNEL] = str(window.who.get("channel", "counter"))
    remember(request, UUID(str(answer["case"])))
    return redirect("staff_taken", answer["reference"])


def _filed(request: HttpRequest, window: Window, office: Post, scans: tuple[Brought, ...]) -> Answer:
    now = timezone.now()
    helper = window.helper()
    filing = Filing(
        service=window.entry.id,
        edition=window.entry.edition,
        channel=str(window.who.get("channel", "")) if window.who.get("channel") in CHANNELS else "",
        applicant=window.applicant(),
        facts=window.facts,
        helper=helper,
        relation=str(window.who.get("relation") or "") if helper else "",
        evidence=str(window.who.get("evidence") or "")[:200] if helper else "",
        papers=(*_handed(window), *scans),
        promised=window.later,
        intake_office=office.office_id,
    )
    actor = actor_of(request).with_case(filing.case_id)
    with acting(actor, epoch=int(now.timestamp())):
        case = file(filing, actor=actor, at=now)
    return {"reference": case.reference, "case": str(case.pk)}


def _handed(window: Window) -> list[Brought]:
    """Papers given at the window, noted without a file."""
    titles = {one.id: words(one.name, "zh-hans") for one in window.entry.materials}
    return [Brought(one, titles[one], "", "", "", 0, "") for one in window.handed]


def _scans(request: HttpRequest) -> tuple[Brought, ...]:
    files = request.FILES.getlist("scans")
    if len(files) > MOST_SCANS:
        raise FormRefused({"scans": too_many_files_words(MOST_SCANS)})
    now = timezone.now()
    return tuple(_kept(one, now) for one in files)


def _kept(scan: "UploadedFile[Any]", now: datetime) -> Brought:
    name = scan.name or ""
    return bring(scan, name=name, kind="other", title=name[:200], now=now)  # type: ignore[arg-type]


def remember(request: HttpRequest, case_id: UUID) -> None:
    """Let this clerk see what they just took in, wherever it went, for two hours."""
    now = int(timezone.now().timestamp())
    held = {one: until for one, until in request.session.get(TAKEN, {}).items() if until > now}
    request.session[TAKEN] = held | {str(case_id): now + SEEN_SECONDS}


def with_taken(request: HttpRequest) -> Actor:
    """The clerk, who may also see the cases taken in at this window in the last two hours."""
    now = int(timezone.now().timestamp())
    actor = actor_of(request)
    for one, until in request.session.get(TAKEN, {}).items():
        if until > now:
            actor = actor.with_case(UUID(one))
    return actor


def window_page(
    request: HttpRequest,
    window: Window,
    known: Atlas,
    posts: list[Post],
    faults: Mapping[str, str],
    *,
    trouble: str = "",
) -> HttpResponse:
    language = language_of(request)
    split, other = _split(faults)
    unseen = _not_seen_yet(request, split["facts"])
    facts = {name: fault for name, fault in split["facts"].items() if name not in unseen}
    who = WhoForm(window.who, entry=window.entry, language=language, faults=split["applicant"])
    helper = HelperForm(window.who, split["helper"])
    sheet = questions(window, atlas=known, language=language, faults=facts)
    if unseen and not facts and not split["applicant"] and not split["helper"]:
        trouble = _("还有几个问题要问，已经列在下面。")
    promises = papers_promised(window, language, refused=any(name.startswith("promised.") for name in faults))
    context: dict[str, Any] = {
        "posts": posts,
        "entry": window.entry,
        "services": [(one.id, words(one.name, language), one.id == window.entry.id) for one in current()],
        "who": who,
        "helper": helper,
        "helped": bool(window.helper()) or bool(split["helper"]),
        "sheet": sheet,
        "errors": [
            *(error for form in (who, helper, sheet) if form.errors for error in fields.summary(form)),
            *([("#later", promises.fault)] if promises and promises.fault else []),
        ],
        "materials": papers_handed(window, language),
        "promises": promises,
        "offices": {str(post.office_id): words(post.office.names, language) for post in posts},
        "office": request.POST.get("office", ""),
        "token": new_token(),
        "trouble": trouble or other,
        "most_mb": settings.MAX_UPLOAD_BYTES // 1024 // 1024,
    }
    return show(request, "workbench/intake/window.html", status=422 if faults or trouble else 200, **context)


def _split(faults: Mapping[str, str]) -> tuple[dict[str, dict[str, str]], str]:
    """Faults by the form they belong to, and those that belong to none."""
    found: dict[str, dict[str, str]] = {"facts": {}, "applicant": {}, "helper": {}}
    other = []
    for name, fault in faults.items():
        part, _dot, field = name.partition(".")
        if part == "helper":
            found["helper"][f"helper_{field}"] = fault
        elif part == "relation":
            found["helper"]["relation"] = fault
        elif part == "channel":
            found["applicant"]["channel"] = fault
        elif part in found:
            found[part][field] = fault
        elif part == "promised":
            continue
        else:
            other.append(fault)
    return found, " ".join(other)


def _not_seen_yet(request: HttpRequest, faults: Mapping[str, str]) -> set[str]:
    """Questions that only now apply: they are asked before they are called missing."""
    if SHOWN not in request.POST:
        return set()
    seen = set(request.POST[SHOWN].split())
    return {name for name, fault in faults.items() if fault == "missing" and name not in seen}


@needs(Permission.INTAKE)
@require_GET
def taken(request: HttpRequest, reference: str) -> HttpResponse:
    """What the clerk says and prints: the reference, the receipt, where it went, what is still missing."""
    actor = with_taken(request)
    with acting(actor, epoch=int(timezone.now().timestamp())):
        held = _taken_file(reference, actor)
        return taken_page(request, held)


def _taken_file(reference: str, actor: Actor) -> CaseFile:
    try:
        return case_file(reference[:16], actor, on=timezone.localdate())
    except Case.DoesNotExist:
        raise Http404 from None


def taken_page(request: HttpRequest, held: CaseFile) -> HttpResponse:
    language = language_of(request)
    running, _over = clocks(held, language, timezone.localdate())
    handed = {paper.kind for paper in held.papers if paper.direction == "in"}
    promised = held.case.facts.get("promised", [])
    wanted = held.wanted_materials()
    missing = [
        one
        for one in held.entry.materials
        if one.id in wanted and one.required and one.id not in handed and one.id not in promised
    ]
    asks = next((one.move for one in held.choices() if one.why is None and _asks_materials(one.move)), None)
    href = ""
    if asks is not None:
        ask = next(ask.id for ask in asks.asks if ask.type == "materials")
        query = urlencode({ask: [one.id for one in missing]}, doseq=True)
        href = f"{reverse('staff_move', args=[held.case.reference, asks.id])}?{query}"
    receipt = next((paper for paper in held.papers if paper.kind == "receipt"), None)
    context: dict[str, Any] = {
        "posts": list(held.posts),
        "file": held,
        "case": held.case,
        "service": words(held.entry.name, language),
        "office": words(held.case.office.names, language),
        "elsewhere": held.case.office_id not in held.roles,
        "running": running,
        "receipt": receipt,
        "promised": [words(one.name, language) for one in held.entry.materials if one.id in promised],
        "missing": [words(one.name, language) for one in missing],
        "notice_href": href,
        "notice_name": words(asks.name, language) if asks else "",
    }
    return show(request, "workbench/intake/taken.html", **context)


def _asks_materials(move: Move) -> bool:
    return any(ask.type == "materials" for ask in move.asks)


@needs(Permission.INTAKE)
@require_GET
def taken_receipt(request: HttpRequest, reference: str, paper_id: UUID) -> HttpResponse:
    """The receipt of what was just taken in, even when it went to another office."""
    actor = with_taken(request)
    with acting(actor, epoch=int(timezone.now().timestamp())):
        paper = paper_of(_taken_file(reference, actor), paper_id, direction="out")
        return stream(paper, attached="download" in request.GET)
