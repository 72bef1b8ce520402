"""Starting a journey, letting its later legs begin when their time has come, and what becomes of those that cannot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.intake import Filing, check_filing, file
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.models import Case, Draft
from qiaoqiao.casework.queries import events_of
from qiaoqiao.casework.routing import NoOffice
from qiaoqiao.catalogue.composing import Composed, Part, life_event
from qiaoqiao.catalogue.forms import FormRefused
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways import storage
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.lib.ids import new_reference, row_id
from qiaoqiao.lib.statements import fetch
from qiaoqiao.parties.models import Person
from qiaoqiao.parties.rules import Applicant
from qiaoqiao.services.life_events.models import Journey, JourneyLeg

PREFIX = "QJ"


@dataclass(frozen=True)
class Start:
    """What is started: the filing as the composed form gave it, and ids chosen by the door for what it becomes."""

    filing: Filing
    journey: UUID = field(default_factory=row_id)
    cases: tuple[UUID, ...] = field(default_factory=lambda: tuple(row_id() for _ in range(8)))


def filings_of(composed: Composed, filing: Filing) -> list[tuple[Part, Filing]]:
    """The single requests that a composed one amounts to, each with its own facts; papers are shared out later."""
    found = []
    for part in composed.wanted(filing.facts):
        promised = (paper.split(":", 1) for paper in filing.promised)
        own = {
            "service": part.entry.id,
            "edition": part.entry.edition,
            "facts": part.facts(filing.facts),
            "promised": tuple(paper for service, paper in promised if service == part.entry.id),
        }
        found.append((part, replace(filing, **own)))  # type: ignore[arg-type]
    return found


def check_start(composed: Composed, filing: Filing) -> None:
    """Check the composed form, and each request that can be filed at once.

    Raises FormRefused with faults named as in the composed form.
    """
    found: dict[str, str] = {}
    for part, one in filings_of(composed, filing):
        if part.leg.later:
            continue
        try:
            check_filing(one)
        except FormRefused as refused:
            found |= {_in_composed(part, name): fault for name, fault in refused.faults.items()}
    if found:
        raise FormRefused(found)


def _in_composed(part: Part, name: str) -> str:
    where, dot, what = name.partition(".")
    return f"facts.{part.fields.get(what, what)}" if where == "facts" and dot else name


@transaction.atomic
def start(draft_id: UUID, begun: Start, *, actor: Actor, at: datetime) -> UUID:
    """File what can be filed now, keep the rest until its time; once, however often it is sent.

    Returns the journey's id. Raises as `intake.file` does, and then nothing is filed.
    """
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if draft.filed:
        return draft.filed
    composed = life_event(draft.service)
    check_start(composed, begun.filing)
    journey = _opened(composed, begun, at)
    requests = filings_of(composed, begun.filing)
    shares = share_papers([Brought(**one) for one in draft.files], [part for part, _ in requests], at=at)
    legs: list[JourneyLeg] = []
    for ((part, request), papers), case_id in zip(
        zip(requests, shares, strict=True), begun.cases, strict=False
    ):
        leg = JourneyLeg(journey=journey, number=len(legs), service=part.entry.id, changed_at=at)
        legs.append(leg)
        if composed.waits(part, begun.filing.facts):
            leg.state, leg.facts, leg.papers = "waiting", dict(request.facts), [asdict(one) for one in papers]
        else:
            first = next((one.case_id for one in legs if one.case_id), None)
            single = replace(request, case_id=case_id, papers=tuple(papers), known=first)
            leg.state, leg.case = "started", file(single, actor=actor, at=at)
        leg.save(force_insert=True)
    begin = Happening("journey.started", {"event": journey.event}, actor.ledger_name, at)
    record(journey.pk, begin, *(_started(leg, actor, at) for leg in legs if leg.case_id))
    draft.filed, draft.answers, draft.files = journey.pk, {}, []
    draft.save(update_fields=["filed", "answers", "files"])
    return journey.pk


def _opened(composed: Composed, begun: Start, at: datetime) -> Journey:
    journey = Journey(
        id=begun.journey,
        reference=_next_reference(at),
        event=composed.event.id,
        edition=composed.event.edition,
        language=begun.filing.applicant.language,
        started_at=at,
    )
    journey.save(force_insert=True)
    return journey


def _started(leg: JourneyLeg, actor: Actor, at: datetime) -> Happening:
    facts = {"service": leg.service, "case": str(leg.case_id)}
    return Happening("journey.leg_started", facts, actor.ledger_name, at)


def _next_reference(at: datetime) -> str:
    ((number,),) = fetch("SELECT nextval('life_events_reference')")
    key = settings.SECRET_KEY.encode()
    return new_reference(at.astimezone(SHANGHAI).year, number, key, prefix=PREFIX)


def share_papers(files: Iterable[Brought], parts: Sequence[Part], *, at: datetime) -> list[list[Brought]]:
    """Give each request the papers it needs: uploaded once, kept with every case by itself.

    A file of a case can then be deleted without taking another case's.
    """
    shares: list[list[Brought]] = [[] for _ in parts]
    for brought in files:
        taken = False
        for part, share in zip(parts, shares, strict=True):
            for own in (own for own, name in part.papers.items() if name == brought.kind):
                share.append(replace(_copy(brought, at) if taken else brought, kind=own))
                taken = True
    return shares


def _copy(brought: Brought, at: datetime) -> Brought:
    with storage.open_kept(brought.key) as stream:
        kept = storage.keep(stream, declared_name=brought.file_name, now=at)
    return replace(brought, key=kept.key)


# --- later legs --------------------------------------------------------------------------------------


@transaction.atomic
def go_on(case_id: UUID, *, actor: Actor, at: datetime) -> list[JourneyLeg]:
    """Begin the legs that waited for what has happened in a case; drop those whose case ended without it.

    A leg that the life event names no more waits for nothing: the person says what becomes of it. Doing it twice
    changes nothing. Returns the legs that changed.
    """
    own = JourneyLeg.objects.filter(case=case_id).first()
    if own is None:
        return []
    journey = Journey.objects.select_for_update().get(pk=own.journey_id)
    waiting = list(JourneyLeg.objects.filter(journey=journey, state="waiting").order_by("number"))
    if not waiting:
        return []
    parts = {part.entry.id: part for part in life_event(journey.event).parts}
    case = Case.objects.select_related("person", "mandate").get(pk=case_id)
    happened = {event.name for event in events_of(case_id)}
    changed: list[JourneyLeg] = []
    for leg in waiting:
        part = parts.get(leg.service)
        after = part.leg.after if part else None
        gone = {one.service for one in changed if one.state == "dropped"}
        if part is None:
            _ready(leg, actor=actor, at=at)
        elif after and after.service == own.service and after.event in happened:
            _begin(leg, part, case, actor=actor, at=at)
        elif after and (after.service in gone or (after.service == own.service and case.stage == "done")):
            _drop(leg, actor=actor, at=at)
        else:
            continue
        changed.append(leg)
    return changed


def _begin(leg: JourneyLeg, part: Part, before: Case, *, actor: Actor, at: datetime) -> None:
    """File the leg's request if nothing is missing; else it is the person's turn to complete it."""
    papers = tuple(Brought(**one) for one in leg.papers)
    filing = Filing(
        service=part.entry.id,
        edition=part.entry.edition,
        channel="web",
        applicant=applicant_again(before.person),
        facts=leg.facts,
        papers=papers,
        known=before.pk,
    )
    try:
        with transaction.atomic():
            _join(leg, file(filing, actor=actor, at=at), actor=actor, at=at)
    except (FormRefused, NoOffice):
        _ready(leg, actor=actor, at=at)


def _ready(leg: JourneyLeg, *, actor: Actor, at: datetime) -> None:
    leg.state, leg.changed_at = "ready", at
    leg.save(update_fields=["state", "changed_at"])
    record(leg.journey_id, Happening("journey.leg_ready", {"service": leg.service}, actor.ledger_name, at))


def applicant_again(person: Person) -> Applicant:
    """Somebody entered before, as a filing names its applicant; the identity number stays sealed."""
    return Applicant(
        name=person.name,
        latin_name=person.latin_name,
        country=person.country,
        language=person.language,
        timezone=person.timezone,
        email=person.email,
        phone=person.phone,
    )


def _join(leg: JourneyLeg, case: Case, *, actor: Actor, at: datetime) -> None:
    leg.state, leg.case, leg.facts, leg.papers, leg.draft, leg.changed_at = "started", case, {}, [], None, at
    leg.save(update_fields=["state", "case", "facts", "papers", "draft", "changed_at"])
    record(leg.journey_id, _started(leg, actor, at))


def _drop(leg: JourneyLeg, *, actor: Actor, at: datetime) -> None:
    _remove_later(leg.papers)
    leg.state, leg.facts, leg.papers, leg.draft, leg.changed_at = "dropped", {}, [], None, at
    leg.save(update_fields=["state", "facts", "papers", "draft", "changed_at"])
    record(leg.journey_id, Happening("journey.leg_dropped", {"service": leg.service}, actor.ledger_name, at))


# --- by the person ----------------------------------------------------------------------------------------


@transaction.atomic
def give_up(leg_id: UUID, *, actor: Actor, at: datetime) -> JourneyLeg:
    """The person does not want a leg that has not begun; what was kept for it goes, and what waited for it.

    Doing it twice changes nothing, nor does a leg that somebody began to complete at this moment.
    """
    draft = _end_draft(leg_id, at)
    leg = _held(leg_id)
    if leg.state in {"waiting", "ready"} and leg.draft == draft:
        _drop(leg, actor=actor, at=at)
        afters = {part.entry.id: part.leg.after for part in life_event(leg.journey.event).parts}
        for later in JourneyLeg.objects.filter(journey=leg.journey_id, state="waiting").order_by("number"):
            after = afters.get(later.service)
            if after and after.service == leg.service:
                give_up(later.pk, actor=actor, at=at)
    return leg


def _held(leg_id: UUID) -> JourneyLeg:
    """A leg under its journey's lock, which every change of a journey takes first; but a draft before it."""
    journey = JourneyLeg.objects.values_list("journey", flat=True).get(pk=leg_id)
    Journey.objects.select_for_update().get(pk=journey)
    return JourneyLeg.objects.select_related("journey").get(pk=leg_id)


def _end_draft(leg_id: UUID, at: datetime) -> UUID | None:
    """End the draft in which a leg was being completed, with its files; its sender comes too late then."""
    draft_id = JourneyLeg.objects.values_list("draft", flat=True).get(pk=leg_id)
    if draft_id is None:
        return None
    draft = Draft.objects.select_for_update().filter(pk=draft_id, filed=None).first()
    if draft is not None:
        _remove_later(draft.files)
        draft.answers, draft.files, draft.until = {}, [], at
        draft.save(update_fields=["answers", "files", "until"])
    return draft_id


def _remove_later(papers: Iterable[Mapping[str, str]]) -> None:
    """Remove files once the change stands."""
    for kept in papers:
        transaction.on_commit(partial(storage.remove, kept["key"]))


@transaction.atomic
def complete(
    leg_id: UUID, draft: Draft, answers: Mapping[str, Mapping[str, object]], *, at: datetime
) -> None:
    """Give a draft a ready leg's answers so far and copies of its papers, for the person to complete.

    An earlier draft of the leg ends. Raises JourneyLeg.DoesNotExist for a leg that is not ready.
    """
    _end_draft(leg_id, at)
    leg = _held(leg_id)
    if leg.state != "ready":
        raise JourneyLeg.DoesNotExist
    leg.draft, leg.changed_at = draft.pk, at
    leg.save(update_fields=["draft", "changed_at"])
    draft.answers = {name: dict(given) for name, given in answers.items()}
    draft.files = [asdict(_copy(Brought(**one), at)) for one in leg.papers]
    draft.save(update_fields=["answers", "files"])


def join(draft_id: UUID, case: Case, *, actor: Actor, at: datetime) -> None:
    """Put a case just filed into the journey whose leg its draft completed, in the caller's transaction."""
    found = JourneyLeg.objects.filter(draft=draft_id).first()
    leg = _held(found.pk) if found else None
    if leg and leg.draft == draft_id and leg.state == "ready":
        _remove_later(leg.papers)
        _join(leg, case, actor=actor, at=at)
