"""One's own journey: every case of a life event on one page, what still waits, and what is one's turn now."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor, acting
from qiaoqiao.casework.actions.drafts import begin
from qiaoqiao.casework.models import Case
from qiaoqiao.catalogue.composing import Part, life_event
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.portal.drafts import held_ids, keep_secret
from qiaoqiao.portal.journey import address
from qiaoqiao.portal.ownership import see
from qiaoqiao.portal.steps import APPLICANT, KNOWN, SECTION
from qiaoqiao.services.life_events.actions import PREFIX, complete, give_up
from qiaoqiao.services.life_events.models import Journey, JourneyLeg
from qiaoqiao.services.life_events.queries import leg_of, legs_of, visible_journey
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of


def _journey(request: HttpRequest, reference: str) -> Journey:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        return visible_journey(tidy_reference(reference, prefix=PREFIX), actor)
    except Journey.DoesNotExist:
        raise Http404 from None


@needs(Permission.OWN_CASE)
@require_GET
def journey(request: HttpRequest, reference: str) -> HttpResponse:
    """Where every part of it stands; a stranger gets 404."""
    found, language = _journey(request, reference), language_of(request)
    composed = life_event(found.event)
    parts = {part.entry.id: part for part in composed.parts}
    context = {
        "journey": found,
        "event_name": words(composed.event.name, language),
        "legs": [_shown(leg, parts.get(leg.service), language) for leg in legs_of(found)],
    }
    return render(request, "portal/events/journey.html", context)


def _shown(leg: JourneyLeg, part: Part | None, language: str) -> dict[str, object]:
    """A leg in words; one that the life event names no more has those of its own entry."""
    about = part.entry if part else entry(leg.service)
    shown: dict[str, object] = {
        "leg": leg,
        "name": words(about.name, language),
        "why": words(part.leg.why, language) if part else "",
        "after": words(part.leg.after.says, language) if part and part.leg.after else "",
    }
    if leg.case is None:
        return shown | {"office": words(about.seats["lead"].name, language)}
    state = entry(leg.case.service, leg.case.edition).states[leg.case.state]
    return shown | {
        "case": leg.case,
        "office": name_of(leg.case.office.names, language),
        "state": words(state.name, language),
        "plain": words(state.plain, language),
    }


def _leg(request: HttpRequest, reference: str, service: str, *states: str) -> JourneyLeg:
    """Raises Http404 for a leg that is not there or has gone on already."""
    leg = next((one for one in legs_of(_journey(request, reference)) if one.service == service), None)
    if leg is None or leg.state not in states:
        raise Http404
    return leg


@needs(Permission.OWN_CASE)
@require_POST
def resume(request: HttpRequest, reference: str, service: str) -> HttpResponse:
    """Answer what only now can be answered: a draft with everything known already in it."""
    leg, at = _leg(request, reference, service, "ready"), timezone.now()
    before = Case.objects.filter(leg__journey=leg.journey_id).select_related("person").order_by("pk").first()
    if before is None:
        raise Http404
    about = entry(service)
    return _into_draft(request, leg, about, answers_of(leg, about, before), at)


def _into_draft(
    request: HttpRequest,
    leg: JourneyLeg,
    about: Entry,
    answers: Mapping[str, Mapping[str, object]],
    at: datetime,
) -> HttpResponse:
    draft, secret = begin(about, language=language_of(request), at=at)
    with acting(_with_draft(request, leg).with_case(draft.pk), epoch=int(at.timestamp())):
        complete(leg.pk, draft, answers, at=at)
    first = next(
        (SECTION + one.id for one in about.form if _open(one.id, about, leg)), SECTION + about.form[0].id
    )
    response = see(address(about.id, draft.pk, first))
    keep_secret(response, draft.pk, secret, held_ids(request))
    return response


def _with_draft(request: HttpRequest, leg: JourneyLeg) -> Actor:
    """The reader, who may reach the draft in which they began to complete a leg, from this browser or another."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.with_case(leg.draft) if leg.draft else actor


def _open(section: str, about: Entry, leg: JourneyLeg) -> bool:
    """Whether a section still has a question without an answer."""
    fields = next(one.fields for one in about.form if one.id == section)
    return any(one.required and one.id not in leg.facts for one in fields)


def answers_of(leg: JourneyLeg, about: Entry, before: Case) -> dict[str, dict[str, object]]:
    """What is known already, as the pages of a filing hold it."""
    known: dict[str, dict[str, object]] = {
        APPLICANT: {
            KNOWN: str(before.pk),
            "filing_for": "self",
            "name": before.person.name,
            "country": before.person.country,
            "language": before.person.language,
            "timezone": before.person.timezone,
            "email": before.person.email,
            "phone": before.person.phone,
        }
    }
    for section in about.form:
        given = {one.id: leg.facts[one.id] for one in section.fields if one.id in leg.facts}
        if given:
            known[SECTION + section.id] = given
    return known


@needs(Permission.OWN_CASE)
@require_POST
def leave_out(request: HttpRequest, reference: str, service: str) -> HttpResponse:
    """The person does not want this part; what was kept for it is deleted."""
    leg, at = _leg(request, reference, service, "waiting", "ready"), timezone.now()
    actor = _with_draft(request, leg)
    with acting(actor, epoch=int(at.timestamp())):
        left = give_up(leg.pk, actor=actor, at=at)
    if left.state != "dropped":
        raise Http404
    messages.success(request, _("这一项不办了，为它保存的内容已经删除。其他几项照常办理。"))
    return see(reverse("portal_journey", args=[reference]))


def belongs_to(case_id: UUID, language: str) -> dict[str, str]:
    """The journey a case is part of, as its page names it; empty for a case that stands alone."""
    leg = leg_of(case_id)
    if leg is None:
        return {}
    event = life_event(leg.journey.event).event
    return {"reference": leg.journey.reference, "name": words(event.name, language)}
