"""Referrals: the list with its figures, and one with what may be done about it now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Account
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.community.alliance import queries
from qiaoqiao.community.alliance.actions import answering, referring
from qiaoqiao.community.alliance.actions.offering import NotYours
from qiaoqiao.community.alliance.models import Offer, Referral
from qiaoqiao.community.alliance.rules import DAYS, OPEN, WAITING, Refused, in_order, link_days
from qiaoqiao.community.alliance.sentences import told
from qiaoqiao.community.alliance.shown import SPOKEN, in_words
from qiaoqiao.community.alliance.wording import DECLINING, OUTCOMES, SHAPES, STATES, WHY, consent_words
from qiaoqiao.ledger.queries import journal
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of, typed
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.queue import mark_of


@needs(Permission.ORGANISE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Referrals of my offices and to my offices, newest first, and what became of them by partner."""
    actor, language, now = actor_of(request), language_of(request), timezone.now()
    state, asked = request.GET.get("state", ""), request.GET.get("offer", "")
    state, offer = state if state in STATES else "", UUID(asked) if is_id(asked) else None
    today, after = timezone.localdate(now), mark_of(request, "after", read_id)
    page = queries.listed(actor, on=today, state=state, offer=offer, after=after)
    query = {name: value for name, value in (("state", state), ("offer", str(offer or ""))) if value}
    return show(
        request,
        "workbench/alliance/referrals.html",
        rows=[line_of(one, language, now) for one in page.rows],
        figures=[
            {"figure": one, **offer_words(one.offer, language)} for one in queries.figures(actor, on=today)
        ],
        states=list(STATES.items()),
        state=state,
        next=f"?{urlencode({**query, 'after': page.after})}" if page.after else None,
    )  # fmt: skip


def offer_words(offer: Offer, language: str) -> dict[str, str]:
    return {
        "title": name_of(offer.titles, language),
        "partner": name_of(offer.organisation.names, language),
    }


def is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def read_id(text: str) -> UUID:
    """A place in the list. Raises Http404."""
    if not is_id(text):
        raise Http404
    return UUID(text)


def line_of(row: Referral, language: str, now: datetime) -> dict[str, Any]:
    return {
        "row": row,
        "partner": name_of(row.offer.organisation.names, language),
        "title": name_of(row.offer.titles, language),
        "state": STATES[row.state],
        "shape": SHAPES[row.state],
        "days": (now - row.asked_at).days,
        "office": name_of(row.office.names, language),
    }


def seen(request: HttpRequest, referral_id: UUID) -> Referral:
    """A referral of, or to, one of my offices; a stranger gets 404."""
    rows = queries.visible_referrals(actor_of(request), on=timezone.localdate())
    row = rows.filter(pk=referral_id).first()
    if row is None:
        raise Http404
    return row


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One referral; what was pressed is done, or it is said why not."""
    row = seen(request, referral_id)
    if request.method != "POST":
        return shown(request, row)
    try:
        done = step_of(request, row)()
    except Refused as why:
        return shown(request, row, trouble=str(WHY[why.why]))
    except (NotYours, answering.LinkOver):
        raise Http404 from None
    messages.success(request, done)
    return redirect("staff_referral", referral_id)


def step_of(request: HttpRequest, row: Referral) -> Callable[[], str]:
    """What a button stands for."""
    actor, at, act = actor_of(request), timezone.now(), request.POST.get("act", "")
    answer = answering.Answer(typed(request, "by", 80), typed(request, "words", 1000))
    find, reason = answering.by_office(row.pk, actor=actor, at=at), request.POST.get("reason", "")
    consent = referring.Consent(request.POST.get("language", "zh-hans")[:10], typed(request, "paper", 120))

    def done(what: object, words: str) -> str:
        return words

    steps: dict[str, Callable[[], str]] = {
        "paper": lambda: done(
            referring.agreed_on_paper(row.pk, consent, actor=actor, at=at), _("已记下同意，并发给对方。")
        ),
        "withdraw": lambda: done(referring.withdraw(row.pk, actor=actor, at=at), _("已撤回，链接失效。")),
        "renew": lambda: done(referring.renew(row.pk, actor=actor, at=at), _("已换新的链接，旧的失效。")),
        "accept": lambda: done(answering.accept(find, answer, actor=actor, at=at), _("已接受。")),
        "decline": lambda: done(answering.decline(find, reason, answer, actor=actor, at=at), _("已答复。")),
        "finish": lambda: done(answering.finish(find, reason, answer, actor=actor, at=at), _("已回复结果。")),
    }
    if act not in steps or (act in {"accept", "decline", "finish"} and ours(request, row)):
        raise Http404
    return steps[act]


def ours(request: HttpRequest, row: Referral) -> bool:
    """Whether this officer is of the referring side: they see the case."""
    seen = visible_cases(actor_of(request), on=timezone.localdate())
    return seen.filter(pk=row.case_id).exists()


def shown(request: HttpRequest, row: Referral, *, trouble: str = "") -> HttpResponse:
    language, mine = language_of(request), ours(request, row)
    entries = journal(row.pk)[::-1]
    ids = {int(one.actor.partition(":")[2]) for one in entries if one.actor.startswith("staff:")}
    officers = {f"staff:{one.pk}": one.name for one in Account.objects.filter(pk__in=ids)}
    partner = name_of(row.offer.organisation.names, language)
    accepted = row.state == "accepted"
    return show(
        request,
        "workbench/alliance/referral.html",
        **line_of(row, language, timezone.now()),
        mine=mine,
        reference=row.case.reference if mine else "",
        shown=in_words(row.shown, language),
        kept_back=in_words(row.kept_back, language) if mine or accepted else [],
        waiting=row.state in WAITING,
        open=row.state in OPEN,
        accepted=accepted,
        unasked=row.state == "asked",
        consent=consent_words(
            row.case, partner, in_order(row.shown, row.kept_back), link_days(row.office.settings), language
        )
        if mine and row.state == "asked"
        else "",
        languages=list(SPOKEN.items()),
        declining=list(DECLINING.items()),
        outcomes=list(OUTCOMES.items()),
        reason=DECLINING.get(row.reason) or OUTCOMES.get(row.reason) or "",
        history=[told(one, officers) for one in entries],
        trouble=trouble,
        errors=[("#steps", trouble)] if trouble else [],
        days_default=DAYS,
        typed=request.POST,
        status=422 if trouble else 200,
    )
