"""Where a page stands among the pages of one filing: its address, its title, what comes before and after."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaoqiao.catalogue.composing import composed
from qiaoqiao.catalogue.entry import words
from qiaoqiao.portal.drafts import Held
from qiaoqiao.portal.steps import APPLICANT, HELPER, PAPERS, REPRESENTATIVES, REVIEW, Step, steps_of

BACK_TO_REVIEW = "back"


def address(service: str, draft_id: UUID, step_id: str) -> str:
    return reverse("portal_apply", args=[service, draft_id, step_id])


def about_address(service: str) -> str:
    """The page that tells what a filing is about: a service's, or a life event's."""
    return reverse("portal_event" if composed(service) else "portal_service", args=[service])


def title(step: Step, language: str) -> str:
    """What a page is about, in the reader's language."""
    if step.section:
        return words(step.section.title, language)
    return {
        APPLICANT: _("申请人"),
        HELPER: _("代办人"),
        REPRESENTATIVES: _("共同提出的人"),
        PAPERS: _("上传材料"),
        REVIEW: _("检查并提交"),
    }[step.id]


def frame(held: Held, step: Step, language: str) -> dict[str, object]:
    """What every page of a filing shows around its questions. The page must be one of them."""
    steps = steps_of(held.entry, held.draft)
    place = [one.id for one in steps].index(step.id)
    service = held.entry.id
    before = address(service, held.draft.pk, steps[place - 1].id) if place else about_address(service)
    return {
        "entry": held.entry,
        "service_name": words(held.entry.name, language),
        "step": step,
        "title": title(step, language),
        "number": place + 1,
        "count": len(steps),
        "before": before,
        "until": held.draft.until,
    }


def onward(request: HttpRequest, held: Held, step: Step) -> HttpResponseRedirect:
    """Go to the next page, or back to the last one when somebody came from there to change something."""
    steps = [one.id for one in steps_of(held.entry, held.draft)]
    if BACK_TO_REVIEW in request.GET and step.id != REVIEW:
        following = REVIEW
    else:
        following = steps[min(steps.index(step.id) + 1, len(steps) - 1)]
    response = HttpResponseRedirect(address(held.entry.id, held.draft.pk, following))
    response.status_code = 303
    return response
