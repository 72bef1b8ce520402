"""Filing: a request becomes a case, somebody's from its first moment, with a receipt and its first dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.clocks import amounts, earliest, reckon_case, row, show_due
from qiaoqiao.casework.actions.grounds import kept_of
from qiaoqiao.casework.actions.issuing import Occasion, issue
from qiaoqiao.casework.actions.papers import Brought, attach
from qiaoqiao.casework.models import Assignment, Case, Reach, Shield
from qiaoqiao.casework.promising import promisable, promise
from qiaoqiao.casework.routing import NoOffice, office_for
from qiaoqiao.casework.rules import GREEN_CHANNEL, Event, Run, born_of, green_channel
from qiaoqiao.catalogue.entry import Entry, holds
from qiaoqiao.catalogue.forms import FormRefused, check
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, start
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.lib.ids import new_reference, row_id
from qiaoqiao.lib.statements import fetch, find, insert
from qiaoqiao.lib.words import as_tsvector
from qiaoqiao.parties.actions.people import anonymous, authorise, enter
from qiaoqiao.parties.models import Mandate, Person
from qiaoqiao.parties.rules import Applicant, faults, tidy

NAMELESS = "（不具名）"
CHANNELS = ("web", "counter", "phone", "letter", "api")


@dataclass(frozen=True)
class Filing:
    """A request as it came in. `case_id` is chosen by the door, so that the filer may reach what they file.

    `helper` files for the applicant, under a mandate; `intake_office` took it at its window. `consent`
    is what was agreed to: language, digest of the wording, whether to sensitive data as well. `promised` are
    materials that come later, where the office takes such a promise. `known` is an earlier case of
    the same person: they, and who acts for them, are entered already and nothing of them is asked again.
    """

    service: str
    channel: str
    applicant: Applicant
    facts: Mapping[str, object]
    case_id: UUID = field(default_factory=row_id)
    helper: Applicant | None = None
    relation: str = ""
    evidence: str = ""
    consent: Mapping[str, JSON] = field(default_factory=dict)
    representatives: tuple[str, ...] = ()
    papers: tuple[Brought, ...] = ()
    promised: tuple[str, ...] = ()
    known: UUID | None = None
    intake_office: int | None = None
    edition: int | None = None


def check_filing(filing: Filing) -> tuple[Entry, Filing]:
    """Return the entry and the tidied filing. Raises FormRefused with every fault found, by field."""
    entry = catalogue_entry(filing.service, filing.edition)
    checked = check(entry, filing.facts)
    at_window = filing.channel in {"counter", "phone", "letter"}
    nameless = checked.facts.get("anonymous") is True
    applicant = anonymous(filing.applicant, name=NAMELESS) if nameless else tidy(filing.applicant)
    helper = tidy(filing.helper) if filing.helper else None
    found: dict[str, str] = {f"facts.{name}": str(fault) for name, fault in checked.faults.items()}
    reachable = not at_window and helper is None and not nameless
    if filing.known is None:
        for name, fault in faults(applicant, reachable=reachable, identity=entry.identity).items():
            found[f"applicant.{name}"] = fault
    if helper:
        for name, fault in faults(helper, reachable=not at_window, identity="none").items():
            found[f"helper.{name}"] = fault
        if not filing.relation:
            found["relation"] = "missing"
    if filing.channel not in CHANNELS:
        found["channel"] = "not_offered"
    if len(filing.representatives) > (entry.most_representatives or 0):
        found["representatives"] = "too_many"
    if found:
        raise FormRefused(found)
    return entry, Filing(
        **(vars(filing) | {"facts": checked.facts, "applicant": applicant, "helper": helper})
    )


@transaction.atomic(savepoint=False)
def file(filing: Filing, *, actor: Actor, at: datetime) -> Case:
    """File a request: case, responsible office, first limits and receipt, all or nothing.

    Raises FormRefused for what the person must mend, NoOffice when nobody serves the place.
    """
    entry, filing = check_filing(filing)
    place = _place(entry, filing)
    office = _office(entry, place, filing)
    _check_promises(entry, filing, office)
    person, mandate = _people(filing, at)
    green = _green(filing, office, at)
    case = _case(entry, filing, person=person, mandate=mandate, place=place, office=office, at=at)
    case.priority = bool(green)
    promises = promise(case, filing.promised, actor=actor, at=at)
    events = [Event("filed", at), Event("accepted:lead", at), *(Event(one.kind, at) for one in promises)]
    reckoned = reckon_case(case, entry, events, closed_on=None)
    show_due(case, reckoned)
    insert(
        Reach(case=case, office=office),
        case,
        *_shield(entry, case, filing),
        _seat(case, office, reckoned, at),
        *(row(case, run) for run in reckoned),
    )
    happenings = [
        Happening("filed", _filed_facts(filing, case) | green, actor.ledger_name, at, office.code),
        Happening("accepted:lead", {"office": office.code}, actor.ledger_name, at, office.code),
        *promises,
        *attach(case, filing.papers, actor=actor, at=at),
    ]
    start(case.pk, *happenings, *_receipt(case, entry, reckoned, actor=actor, at=at))
    return case


def _receipt(
    case: Case, entry: Entry, reckoned: Sequence[Run], *, actor: Actor, at: datetime
) -> list[Happening]:
    """Issue the receipt where the entry has one; it carries no document number."""
    if "receipt" not in entry.notices:
        return []
    said = Occasion()
    _, issued = issue(
        "receipt", case, entry, office=case.office, runs=reckoned, occasion=said, actor=actor, at=at, numbered=False
    )  # fmt: skip
    return [issued]


def first_dates(entry: Entry, *, facts: Mapping[str, object], office: Office, at: datetime) -> list[Run]:
    """The limits that would run if this were filed at that moment: what the service page promises."""
    case = Case(service=entry.id, facts=dict(facts), channel="web", office=office)
    return reckon_case(case, entry, [Event("filed", at), Event("accepted:lead", at)], closed_on=None)


def _place(entry: Entry, filing: Filing) -> Place | None:
    asked = [one for one in entry.fields if one.type == "place" and one.id in filing.facts]
    codes = [str(filing.facts[one.id]) for one in asked]
    known = {place.code: place for place in find(Place, "WHERE code = ANY($1)", codes)} if codes else {}
    wrong = {
        f"facts.{one.id}": "not_offered" for one, code in zip(asked, codes, strict=True) if code not in known
    }
    offices = {
        one.id: str(filing.facts[one.id])
        for one in entry.fields
        if one.type == "office" and one.id in filing.facts
    }
    if offices:
        real = set(Office.objects.filter(code__in=offices.values()).values_list("code", flat=True))
        wrong |= {f"facts.{name}": "not_offered" for name, code in offices.items() if code not in real}
    if wrong:
        raise FormRefused(wrong)
    wanted = entry.seats["lead"].place
    return known.get(str(filing.facts.get(wanted))) or (next(iter(known.values())) if known else None)


def _office(entry: Entry, place: Place | None, filing: Filing) -> Office:
    if place is not None:
        return office_for(entry, "lead", place)
    if filing.intake_office is not None:
        taken_in = Office.objects.select_related("place").get(pk=filing.intake_office)
        return office_for(entry, "lead", taken_in.place)
    raise NoOffice("lead", "")


def _check_promises(entry: Entry, filing: Filing, office: Office) -> None:
    facts = dict(filing.facts) | {"channel": filing.channel}
    brought = {paper.kind for paper in filing.papers}
    open_to_promise = {one.material.id for one in promisable(entry, facts, brought, office)}
    wrong = {f"promised.{name}": "not_offered" for name in filing.promised if name not in open_to_promise}
    if wrong:
        raise FormRefused(wrong)


def _people(filing: Filing, at: datetime) -> tuple[Person, Mandate | None]:
    if filing.known is not None:
        before = Case.objects.select_related("person", "mandate").get(pk=filing.known)
        return before.person, before.mandate
    person = enter(filing.applicant, at=at)
    if filing.helper is None:
        return person, None
    agent = enter(filing.helper, at=at)
    return person, authorise(
        person,
        agent,
        relation=filing.relation,
        scope=filing.service,
        until=None,
        evidence=filing.evidence,
        at=at,
    )


def _case(
    entry: Entry,
    filing: Filing,
    *,
    person: Person,
    mandate: Mandate | None,
    place: Place | None,
    office: Office,
    at: datetime,
) -> Case:
    state = entry.states[entry.start]
    more = {"representatives": list(filing.representatives), "promised": list(filing.promised)}
    facts = dict(filing.facts) | {name: value for name, value in more.items() if value}
    case = Case(
        id=filing.case_id,
        reference=next_reference(at),
        service=entry.id,
        edition=entry.edition,
        state=entry.start,
        stage=state.stage,
        category=str(filing.facts.get(entry.category) or "other"),
        channel=filing.channel,
        language=filing.applicant.language,
        country=filing.applicant.country,
        person=person,
        mandate=mandate,
        place=place,
        office=office,
        facts=facts,
        filed_at=at,
        filed_on=at.astimezone(SHANGHAI).date(),
        last_kind="filed",
        last_at=at,
    )
    case.words = as_tsvector(search_text(case))
    return case


def _green(filing: Filing, office: Office, at: datetime) -> dict[str, JSON]:
    """Why the request goes through the green channel, as its entry says it; empty when it does not."""
    applicant = filing.applicant
    born = born_of(applicant.identity_kind, applicant.identity_number, filing.facts)
    age = amounts(office, GREEN_CHANNEL).get("age")
    reasons = green_channel(applicant.country, born, at.astimezone(SHANGHAI).date(), age)
    return {GREEN_CHANNEL: list(reasons)} if reasons else {}


def next_reference(at: datetime) -> str:
    """Take the next reference; numbers given to requests that were never completed are skipped."""
    ((number,),) = fetch("SELECT nextval('casework_reference')")
    return new_reference(at.astimezone(SHANGHAI).year, number, settings.SECRET_KEY.encode())


def search_text(case: Case) -> str:
    """What staff find a case by: its reference, the person's names, the words of the form."""
    said = [value for value in case.facts.values() if isinstance(value, str)]
    return " ".join([case.reference, case.person.name, case.person.latin_name, *said])


def _shield(entry: Entry, case: Case, filing: Filing) -> list[Shield]:
    if entry.shield is None or not holds(entry.shield.when, dict(filing.facts)):
        return []
    accused = filing.facts.get(entry.shield.field)
    return [Shield(case=case, office=Office.objects.get(code=accused))] if accused else []


def _seat(case: Case, office: Office, reckoned: list[Run], at: datetime) -> Assignment:
    due = earliest(reckoned, "lead", instead_of={"lead"})
    return Assignment(
        case=case,
        office=office,
        seat="lead",
        role="lead",
        state="accepted",
        offered_at=at,
        decided_at=at,
        due_on=due.due_on if due else None,
        due_limit=due.limit.id if due else "",
        **kept_of(case),
    )


def _filed_facts(filing: Filing, case: Case) -> dict[str, JSON]:
    return {
        "service": case.service,
        "edition": case.edition,
        "channel": case.channel,
        "reference": case.reference,
        "by_helper": filing.helper is not None,
        "consent": dict(filing.consent),
        "facts": dict(case.facts),
    }
