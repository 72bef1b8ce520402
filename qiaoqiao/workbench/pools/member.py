"""One member of a pool: who it is, terms, qualifications, posts, matters at hand, rota, training, what happened."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Account
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.community.pools import letters, sentences, wording
from qiaoqiao.community.pools.actions.nominating import number_letter
from qiaoqiao.community.pools.models import OtherPost, PoolMember
from qiaoqiao.community.pools.queries import visible_members
from qiaoqiao.community.pools.rules import CANDIDATES, IN_OFFICE, POOLS, PoolKind, PoolState
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.parties.reading import age_of
from qiaoqiao.parties.wording import SEXES
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.pools.listing import in_words

MOST_HISTORY, MOST_SHIFTS, MOST_ENGAGEMENTS = 60, 20, 30


def member_of(request: HttpRequest, member_id: UUID) -> PoolMember:
    """A member this officer may see; a stranger gets 404."""
    seen = visible_members(actor_of(request), on=timezone.localdate())
    try:
        return seen.select_related("keeper", "organisation", "place").get(pk=member_id)
    except PoolMember.DoesNotExist:
        raise Http404 from None


def steps_open(member: PoolMember) -> list[str]:
    """The steps that somebody's state allows, the next one first."""
    pool, state = POOLS[PoolKind(member.kind)], PoolState(member.state)
    after_review = "publish" if pool.published else "appoint"
    return {
        PoolState.NOMINATED: ["review", "refuse", "resign"],
        PoolState.REVIEWED: [after_review, "refuse", "resign"],
        PoolState.PUBLIC_NOTICE: ["appoint", "refuse", "resign"],
        PoolState.APPOINTED: ["remove", "resign"],
        PoolState.ACTIVE: ["renew", "suspend", "resign", "remove"],
        PoolState.SUSPENDED: ["resume", "resign", "remove"],
        PoolState.EXPIRED: ["renew", "nominate"],
        PoolState.REMOVED: [],
        PoolState.RESIGNED: ["nominate"],
        PoolState.REFUSED: ["nominate"],
    }[state]


@needs(Permission.ORGANISE)
@require_GET
def page(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The member's page."""
    member, language, today = member_of(request, member_id), language_of(request), timezone.localdate()
    kind = PoolKind(member.kind)
    moves = steps_open(member)
    return show(
        request,
        "workbench/pools/member.html",
        **in_words(member, language),
        steps=[(one, wording.said(wording.STEPS, one), number == 0) for number, one in enumerate(moves)],
        sex=wording.said(SEXES, member.sex),
        age=age_of(member.born, today),
        education=wording.said(wording.EDUCATION, member.education),
        nationality=country_name(member.nationality, language),
        country=country_name(member.country, language) if member.country != "CN" else "",
        terms=[
            terms_told(term, language)
            for term in member.terms.select_related("appointed_by").order_by("-starts_on")
        ],
        most_terms=POOLS[kind].most_terms,
        cite=wording.cited(POOLS[kind].cites("term")),
        nominations=[nomination_told(one) for one in member.nominations.order_by("-nominated_on", "-id")],
        recommends=member.state in CANDIDATES or member.state in IN_OFFICE,
        qualifications=[
            (wording.said(wording.QUALIFICATIONS, one.kind), one) for one in member.qualifications.all()
        ],
        other_posts=posts_told(member),
        engagements=engagements_told(request, member),
        shifts=shifts_told(member, language),
        trainings=member.trainings.order_by("-held_on"),
        hours=sum(one.hours for one in member.trainings.all()),
        history=history_of(member),
        gone=member.state in {"removed", "refused"},
        active=member.state == "active",
    )


def posts_told(member: PoolMember) -> list[tuple[str, OtherPost]]:
    rows = OtherPost.objects.filter(member=member).order_by("until", "since")
    return [(wording.said(wording.POSTS, one.kind), one) for one in rows]


def terms_told(term: Any, language: str) -> dict[str, Any]:
    return {"term": term, "by": name_of(term.appointed_by.names, language)}


def nomination_told(nomination: Any) -> dict[str, Any]:
    return {
        "nomination": nomination,
        "by": wording.said(wording.NOMINATED_BY, nomination.by),
        "state": wording.said(wording.NOMINATION_STATES, nomination.state),
    }


def engagements_told(request: HttpRequest, member: PoolMember) -> list[dict[str, Any]]:
    """Matters, the open ones first; a case's reference only where the officer may see the case."""
    rows = list(member.engagements.order_by("-until", "-since")[:MOST_ENGAGEMENTS])
    rows.sort(key=lambda one: (one.until is not None, -one.since.toordinal()))
    wanted = [one.case_id for one in rows if one.case_id]
    seen = visible_cases(actor_of(request), on=timezone.localdate()).filter(pk__in=wanted)
    references = dict(seen.values_list("pk", "reference")) if wanted else {}
    return [
        {
            "row": one,
            "role": wording.said(wording.ROLES, one.role),
            "reference": references.get(one.case_id, "") if one.case_id else "",
        }
        for one in rows
    ]


def shifts_told(member: PoolMember, language: str) -> list[dict[str, Any]]:
    coming = member.shifts.filter(on__gte=timezone.localdate()).select_related("organisation")
    return [
        {
            "on": one.on,
            "part": wording.said(wording.PARTS, one.part),
            "at": name_of(one.organisation.names, language),
        }
        for one in coming.order_by("on", "part")[:MOST_SHIFTS]
    ]


def history_of(member: PoolMember) -> list[dict[str, Any]]:
    """What happened, newest first, by whom."""
    entries = list(
        Entry.objects.filter(Q(subject=member.pk)).select_related("fact").order_by("-seq")[:MOST_HISTORY]
    )
    ids = {entry.actor.partition(":")[2] for entry in entries if entry.actor.startswith("staff:")}
    names = {f"staff:{one.pk}": one.name for one in Account.objects.filter(pk__in=ids)} if ids else {}
    return [
        {
            "title": wording.said(sentences.SAID, entry.kind),
            "at": entry.at,
            "by": names.get(entry.actor, ""),
            "text": sentences.line(entry.kind, getattr(getattr(entry, "fact", None), "facts", {}) or {}),
        }
        for entry in entries
    ]


@needs(Permission.ORGANISE)
@require_POST
def letter(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The letter of recommendation; its first making takes a document number."""
    member = member_of(request, member_id)
    if not member.nominations.exists():
        raise Http404
    nomination = number_letter(member.pk, actor=actor_of(request), at=timezone.now())
    answer = HttpResponse(letters.recommendation(member, nomination), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="recommendation.pdf"'
    return answer
