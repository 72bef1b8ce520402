"""Around the sending of a draft: may it be sent, what is wrong with it, and where its sender goes then."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from qiaoqiao.access.doors import proved, remember_proof
from qiaoqiao.access.tickets import Actor, acting
from qiaoqiao.casework.actions.intake import Filing, check_filing
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.catalogue.composing import composed
from qiaoqiao.catalogue.entry import words
from qiaoqiao.portal.drafts import Held
from qiaoqiao.portal.ownership import see
from qiaoqiao.portal.throttling import may_send
from qiaoqiao.services.life_events.actions import Start, check_start, start
from qiaoqiao.services.life_events.models import Journey, JourneyLeg
from qiaoqiao.ui.language import language_of

MOST_FILINGS = 20
A_DOUBLE_CLICK = timedelta(minutes=10)
"""How long after filing the draft's secret alone still opens the receipt."""


def may_file(request: HttpRequest, filing: Filing, at: datetime) -> bool:
    """Count this filing against who asks, and against who is written to."""
    contact = filing.applicant.email or filing.applicant.phone
    return may_send(request, "filing", most=MOST_FILINGS, at=at, written_to=contact, most_to=MOST_FILINGS)


def check(held: Held, filing: Filing) -> None:
    """Say what is wrong with the request, or with those a life event amounts to. Raises FormRefused."""
    event = composed(held.entry.id)
    if event:
        check_start(event, filing)
    else:
        check_filing(filing)


def start_journey(request: HttpRequest, held: Held, filing: Filing, at: datetime) -> HttpResponse:
    """Send the one form of a life event and show the journey it began. Raises as `intake.file` does."""
    begun = Start(filing)
    with acting(reaching(held.actor, begun.journey, *begun.cases), epoch=int(at.timestamp())):
        journey_id = start(held.draft.pk, begun, actor=held.actor, at=at)
    return _to_journey(request, held, journey_id, at)


def reaching(actor: Actor, *things: UUID) -> Actor:
    """The same actor, who may also reach these: cases about to be filed, or proved before."""
    return replace(actor, cases=(*actor.cases, *things))


def to_receipt(request: HttpRequest, held: Held, case_id: UUID, at: datetime) -> HttpResponse:
    """Remember that this browser filed the case, and go to its receipt."""
    epoch = int(at.timestamp())
    case = _filed(held, case_id, at)
    remember_proof(request, case_id, epoch=epoch)
    return see(reverse("portal_receipt", args=[case.reference]))


def _to_journey(request: HttpRequest, held: Held, journey_id: UUID, at: datetime) -> HttpResponse:
    epoch = int(at.timestamp())
    with acting(reaching(held.actor, journey_id), epoch=epoch):
        journey = Journey.objects.get(pk=journey_id)
        legs = JourneyLeg.objects.filter(journey=journey, case__isnull=False)
        cases = list(legs.values_list("case", flat=True))
    for thing in (journey_id, *cases):
        remember_proof(request, thing, epoch=epoch)
    return see(reverse("portal_journey", args=[journey.reference]))


def _filed(held: Held, case_id: UUID, at: datetime) -> Case:
    actor = held.actor.with_case(case_id)
    with acting(actor, epoch=int(at.timestamp())):
        return visible_cases(actor, on=at.date()).get(pk=case_id)


def already(request: HttpRequest, held: Held, at: datetime) -> HttpResponse:
    """A draft that was sent: a second click, or somebody who has proved it, gets what it became."""
    became = held.draft.filed
    assert became is not None
    known = became in proved(request, epoch=int(at.timestamp()))
    together = composed(held.entry.id) is not None
    if together:
        with acting(reaching(held.actor, became), epoch=int(at.timestamp())):
            since = Journey.objects.get(pk=became).started_at
    else:
        since = _filed(held, became, at).filed_at
    if known or at - since < A_DOUBLE_CLICK:
        show = _to_journey if together else to_receipt
        return show(request, held, became, at)
    context = {"service_name": words(held.entry.name, language_of(request)), "entry": held.entry}
    return render(request, "portal/sent.html", context)
