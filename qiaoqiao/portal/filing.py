"""Filing page by page: what was typed is kept after each, right or wrong; the last page sends it, once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.drafts import DraftGone, begin, keep_answers
from qiaoqiao.catalogue.composing import form_of
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.forms import check
from qiaoqiao.catalogue.loader import NoSuchEntry
from qiaoqiao.lib.countries import CODES
from qiaoqiao.portal import applicant, papers, review, sending
from qiaoqiao.portal.drafts import Held, held_ids, holding, keep_secret
from qiaoqiao.portal.journey import about_address, address, frame, onward
from qiaoqiao.portal.steps import (
    APPLICANT,
    HELPER,
    PAPERS,
    REVIEW,
    Step,
    answers_of,
    elsewhere,
    steps_of,
)
from qiaoqiao.ui.entryforms import SHOWN, TOWN, JudgedForm, SectionForm, applicable, section_answers
from qiaoqiao.ui.language import language_of, zone_of
from qiaoqiao.ui.places import Atlas, atlas


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, service: str) -> HttpResponse:
    """Begin a draft and go to its first page; looking at this address alone begins nothing."""
    try:
        about = form_of(service)
    except NoSuchEntry:
        raise Http404 from None
    if request.method == "GET":
        return HttpResponseRedirect(about_address(service))
    draft, secret = begin(about, language=language_of(request), at=timezone.now())
    response = HttpResponseRedirect(address(service, draft.pk, APPLICANT))
    response.status_code = 303
    keep_secret(response, draft.pk, secret, held_ids(request))
    return response


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, service: str, draft_id: UUID, step_id: str) -> HttpResponse:
    """Show or take one page of a filing; only the browser that began the draft may."""
    at = timezone.now()
    request.personal = True  # type: ignore[attr-defined]
    try:
        with holding(request, draft_id, at=at) as held:
            if held.draft.service != service:
                raise DraftGone
            return _page(request, held, step_id, at)
    except (DraftGone, signing.BadSignature):
        return _gone(request, service)


def _page(request: HttpRequest, held: Held, step_id: str, at: datetime) -> HttpResponse:
    if held.draft.filed:
        return sending.already(request, held, at)
    steps = steps_of(held.entry, held.draft)
    step = next((one for one in steps if one.id == step_id), None)
    if step is None:
        return HttpResponseRedirect(address(held.entry.id, held.draft.pk, steps[0].id))
    if step.id == PAPERS:
        return papers.page(request, held, step, at)
    if step.id == REVIEW:
        return review.page(request, held, step, at)
    return _questions(request, held, step, at)


def _gone(request: HttpRequest, service: str) -> HttpResponse:
    try:
        about = form_of(service)
    except NoSuchEntry:
        raise Http404 from None
    name = words(about.name, language_of(request))
    return render(request, "portal/draft_gone.html", {"entry": about, "service_name": name}, status=410)


# --- pages of questions ----------------------------------------------------------------------------


def _questions(request: HttpRequest, held: Held, step: Step, at: datetime) -> HttpResponse:
    known = _atlas_for(step)
    if request.method == "GET":
        answers = answers_of(held.draft, step.id) or _first_answers(request, step)
        return _show(request, held, step, _form(request, held, step, answers, {}, known, at))
    answers = _sent(request, held, step)
    faults = _judge(request, held, step, answers, known)
    draft = keep_answers(held.draft.pk, step.id, answers, at=at)
    held = replace(held, draft=draft)
    unasked = _not_seen_yet(request, step, faults)
    if set(faults) == unasked and unasked:
        form = _form(request, held, step, answers, {}, known, at)
        return _show(request, held, step, form, more=True)
    if faults:
        return _show(request, held, step, _form(request, held, step, answers, faults, known, at), status=422)
    return onward(request, held, step)


def _show(
    request: HttpRequest, held: Held, step: Step, form: JudgedForm, *, more: bool = False, status: int = 200
) -> HttpResponse:
    context = frame(held, step, language_of(request)) | {"form": form, "more": more}
    context["intro"] = (
        words(step.section.intro, language_of(request)) if step.section and step.section.intro else ""
    )
    return render(request, "portal/form.html", context, status=status)


def _first_answers(request: HttpRequest, step: Step) -> dict[str, object]:
    """What the browser lets us guess, so that nobody need look for it in a long list."""
    if step.id != APPLICANT:
        return {}
    return {"language": language_of(request), "timezone": zone_of(request) or ""}


def _sent(request: HttpRequest, held: Held, step: Step) -> dict[str, object]:
    if step.section:
        return section_answers(step.section.fields, request.POST)
    if step.id == APPLICANT:
        return applicant.read((*applicant.WHO, "filing_for"), request.POST)
    if step.id == HELPER:
        return applicant.read(applicant.HELPER, request.POST)
    most = held.entry.most_representatives or 0
    return applicant.read(tuple(f"name_{number}" for number in range(1, most + 1)), request.POST)


def _judge(
    request: HttpRequest, held: Held, step: Step, answers: Mapping[str, object], known: Atlas
) -> dict[str, str]:
    """What is wrong on this page, by question."""
    if step.id == APPLICANT:
        return applicant.applicant_faults(answers, held.entry)
    if step.id == HELPER:
        return applicant.helper_faults(answers)
    if step.section is None:
        return {
            name: "too_long" for name, value in answers.items() if len(str(value)) > applicant.LONGEST_NAME
        }
    together = applicable(held.entry, elsewhere(held.entry, held.draft, step.id) | dict(answers))
    checked = check(held.entry, together, section=step.section.id)
    faults = {name: str(fault) for name, fault in checked.faults.items()}
    for one in step.section.fields:
        value = checked.facts.get(one.id)
        if value is None:
            continue
        listed = {"country": CODES, "place": known.places, "office": known.offices}.get(one.type)
        if listed is not None and value not in listed:
            faults[one.id] = "not_offered"
        elif one.type == "place" and known.county_of(str(value)) != request.POST.get(one.id):
            faults[one.id + TOWN] = _("这个乡镇或街道不在上面选的县（市、区）里，请重新选一下。")
    return faults


def _not_seen_yet(request: HttpRequest, step: Step, faults: Mapping[str, str]) -> set[str]:
    """Questions that only now apply: they are asked before they are called missing."""
    if step.section is None or SHOWN not in request.POST:
        return set()
    seen = set(request.POST[SHOWN].split())
    return {name for name, fault in faults.items() if fault == "missing" and name not in seen}


def _form(
    request: HttpRequest,
    held: Held,
    step: Step,
    answers: Mapping[str, object],
    faults: Mapping[str, str],
    known: Atlas,
    at: datetime,
) -> JudgedForm:
    language = language_of(request)
    if step.id == APPLICANT:
        return applicant.ApplicantForm(answers, entry=held.entry, language=language, at=at, faults=faults)
    if step.id == HELPER:
        return applicant.HelperForm(answers, language=language, faults=faults)
    if step.section is None:
        most = held.entry.most_representatives or 0
        return applicant.RepresentativesForm(answers, most=most, faults=faults)
    others = elsewhere(held.entry, held.draft, step.id)
    place = next((one.id for one in held.entry.fields if one.type == "place"), "")
    known = known.near(known.county_of(str((others | dict(answers)).get(place, ""))))
    return SectionForm(
        held.entry, step.section.fields, others | dict(answers), atlas=known, language=language, faults=faults
    )


def _atlas_for(step: Step) -> Atlas:
    kinds = {one.type for one in step.section.fields} if step.section else set()
    return atlas(offices="office" in kinds) if kinds & {"place", "office"} else Atlas()
