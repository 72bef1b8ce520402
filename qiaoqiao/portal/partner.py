"""A partner without an account: by a link of their own they see a limited preview, answer, and tell what came of it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.alliance.actions import answering
from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.rules import WAITING, Refused
from qiaoqiao.community.alliance.shown import in_words
from qiaoqiao.community.alliance.wording import DECLINING, OUTCOMES, WHY
from qiaoqiao.ui.entryforms import plain
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of

PURPOSE = "referral"


@needs(Permission.HOLDER, PURPOSE)
@require_http_methods(["GET", "POST"])
def partner(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link; a link that does not hold any more is a page that does not exist."""
    link: UUID = request.held  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    find = answering.by_link(link, at=at)
    try:
        if request.method != "POST":
            return shown(request, answering.opened(find, actor=actor, at=at))
        answered(request, find, actor)
    except answering.LinkOver:
        raise Http404 from None
    except Refused as why:
        return shown(request, answering.opened(find, actor=actor, at=at), trouble=str(WHY[why.why]))
    return redirect("portal_partner", token)


def answered(request: HttpRequest, find: answering.Find, actor: Actor) -> None:
    """Do what was pressed. Raises Refused, LinkOver."""
    at, given = (
        timezone.now(),
        {name: plain(request.POST.get(name, "")) for name in ("by", "words", "reason")},
    )
    answer = answering.Answer(given["by"], given["words"])
    steps: Mapping[str, Callable[[], Referral]] = {
        "accept": lambda: answering.accept(find, answer, actor=actor, at=at),
        "decline": lambda: answering.decline(find, given["reason"], answer, actor=actor, at=at),
        "finish": lambda: answering.finish(find, given["reason"], answer, actor=actor, at=at),
    }
    act = request.POST.get("act", "")
    if act not in steps:
        raise Refused("missing")
    steps[act]()


def shown(request: HttpRequest, row: Referral, *, trouble: str = "") -> HttpResponse:
    language, accepted = language_of(request), row.state == "accepted"
    context: dict[str, Any] = {
        "row": row,
        "partner": name_of(row.offer.organisation.names, language),
        "title": name_of(row.offer.titles, language),
        "office": name_of(row.office.names, language),
        "phone": row.office.phone,
        "shown": in_words(row.shown, language),
        "kept_back": in_words(row.kept_back, language) if accepted else [],
        "waiting": row.state in WAITING,
        "accepted": accepted,
        "declining": list(DECLINING.items()),
        "outcomes": list(OUTCOMES.items()),
        "reason": DECLINING.get(row.reason) or OUTCOMES.get(row.reason) or "",
        "trouble": trouble,
        "errors": [("#answer", trouble)] if trouble else [],
        "typed": request.POST,
    }
    return render(request, "portal/partner/page.html", context, status=422 if trouble else 200)
