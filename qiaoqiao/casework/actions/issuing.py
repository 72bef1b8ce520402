"""Issuing a notice: its wording fixed, numbered, filed with the case, on its way to the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case, Delivery, Paper
from qiaoqiao.casework.notices import CHINESE, Telling, cited, sheet
from qiaoqiao.casework.rules import PERSON, Run
from qiaoqiao.catalogue.entry import Entry, Move, Words, words
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.lib.statements import fetch, insert


@dataclass(frozen=True)
class Occasion:
    """Why a notice is issued: the move that calls for it, what was answered, the office offered a seat."""

    move: Move | None = None
    answers: Mapping[str, object] | None = None
    to_office: Office | None = None


def issue(
    notice_id: str,
    case: Case,
    entry: Entry,
    *,
    office: Office,
    runs: Sequence[Run],
    occasion: Occasion,
    actor: Actor,
    at: datetime,
    numbered: bool = True,
) -> tuple[Paper, Happening]:
    """Write the notice; return it with what is to be recorded. The person gets it by every way they gave."""
    on = at.astimezone(SHANGHAI).date()
    to_person = entry.notices[notice_id].to == "person"
    telling = telling_of(case, entry, office=office, runs=runs, occasion=occasion, to_person=to_person, on=on)
    paper = Paper(
        case=case,
        kind=notice_id,
        direction="out",
        title=words(entry.notices[notice_id].title, CHINESE),
        office=office,
        number=next_number(office, on.year) if numbered else "",
        sheet=sheet(notice_id, telling, case.language if to_person else CHINESE),
        added_at=at,
        added_by=actor.ledger_name,
        seen_by_person=to_person,
    )
    ways = channels(case) if to_person else []
    insert(paper, *(Delivery(case=case, paper=paper, channel=channel, state="waiting") for channel in ways))
    facts = {"paper": str(paper.pk), "notice": notice_id, "number": paper.number}
    return paper, Happening("notice", facts, actor.ledger_name, at, office.code)


def telling_of(
    case: Case,
    entry: Entry,
    *,
    office: Office,
    runs: Sequence[Run],
    occasion: Occasion,
    to_person: bool,
    on: date,
) -> Telling:
    """Gather all that the notice may speak of."""
    to_office = occasion.to_office.names if occasion.to_office else None
    running = [run for run in runs if run.open]
    return Telling(
        entry=entry,
        reference=case.reference,
        person=case.person.name,
        addressee=case.person.name if to_person or not to_office else to_office["zh-Hans"],
        office=office.names,
        office_lines=[office.address, office.phone, office.hours],
        on=on,
        facts=case.facts,
        answers=occasion.answers or {},
        move=occasion.move,
        to_office=to_office,
        limits=[(run.limit.name, run.due_on, law_of(run, entry)) for run in running],
        due_on=next((run.due_on for run in running if run.limit.binds != PERSON), None),
        for_person=to_person,
        named=named(entry, case),
        tracking_url=f"{settings.PUBLIC_URL}/track/",
    )


def law_of(run: Run, entry: Entry) -> str:
    return cited(entry.sources[run.limit.law.source].title, run.limit.law.article)


def named(entry: Entry, case: Case) -> dict[str, Words]:
    """The names of the places and offices that a case's facts mention, by code."""
    found = {case.place.code: case.place.names} if case.place else {}
    mentioned = {kind: _mentioned(entry, case, kind) - set(found) for kind in ("place", "office")}
    if mentioned["place"]:
        found |= dict(Place.objects.filter(code__in=mentioned["place"]).values_list("code", "names"))
    if mentioned["office"]:
        found |= dict(Office.objects.filter(code__in=mentioned["office"]).values_list("code", "names"))
    return found


def _mentioned(entry: Entry, case: Case, kind: str) -> set[str]:
    return {str(case.facts[one.id]) for one in entry.fields if one.type == kind and case.facts.get(one.id)}


def channels(case: Case) -> list[str]:
    """The ways a notice goes to the person; by post or at the counter when nothing else was given."""
    ways = [way for way, given in (("email", case.person.email), ("sms", case.person.phone)) if given]
    return ["page", *ways] if ways else ["counter"]


# The row stays locked until the notice is issued, so no number is used twice and none is left out.
NEXT_NUMBER = """
INSERT INTO casework_documentnumber AS held (office_id, year, last) VALUES ($1, $2, 1)
ON CONFLICT (office_id, year) DO UPDATE SET last = held.last + 1
RETURNING last
"""


def next_number(office: Office, year: int) -> str:
    """Take the office's next document number of the year, such as 江侨函〔2026〕88号."""
    if not office.letterhead:
        return ""
    (number,) = fetch(NEXT_NUMBER, office.pk, year)[0]
    return f"{office.letterhead}〔{year}〕{number}号"
