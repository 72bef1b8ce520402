"""Calls at somebody's home, and confirming that a file is still right: what keeps a file current."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.models import Fact as Told
from qiaoqiao.lib.statements import insert
from qiaoqiao.parties.actions.changing import ask
from qiaoqiao.parties.actions.files import ONCE_IN, attach, opened, told
from qiaoqiao.parties.actions.grounds import hold, holds, settle
from qiaoqiao.parties.correcting import end_on, field_of, verified
from qiaoqiao.parties.models import Address, Change, Consent, Contact, File, Member, Need, Visit
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.rules import NEEDS, PHONE, SENSITIVE_NEEDS, VISITS

MOST_WORDS, MOST_NOTE, MOST_KEY = 2000, 400, 40
CLOCKS_DIFFER = timedelta(minutes=10)
FARTHEST_REVIEW = timedelta(days=3 * 366)


class VisitRefused(Exception):
    """Something of a visit cannot be kept; `faults` says what, by field, or by `<file id>.<field>`.

    `no_consent` at needs: a sensitive need without the consent `sensitive`. Nothing at all is kept then.
    """

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(faults)


class SentDifferently(Exception):
    """A visit with this key is kept already, and said something else. `visits` are the ones kept."""

    def __init__(self, visits: Sequence[Visit]) -> None:
        self.visits = tuple(visits)
        super().__init__(len(self.visits))


@dataclass(frozen=True)
class Round:
    """One call at one door. `key` is made with the form, so that it may be sent until it is answered."""

    key: str
    kind: str
    visited_at: datetime
    office: Office
    companion: str = ""
    review_on: date | None = None


@dataclass(frozen=True)
class Heard:
    """What was learned of one person at the door. `ended` are needs and contacts that hold no more.

    `lives_here` is None when nobody asked.
    """

    file_id: UUID
    said: str = ""
    found: str = ""
    needs: tuple[tuple[str, str], ...] = ()
    ended: tuple[UUID, ...] = ()
    lives_here: bool | None = None
    phone: str = ""


@dataclass
class _Noted:
    """What one person's part of a visit leads to, before it is written."""

    facts: list[Fact] = field(default_factory=list)
    ended: list[Fact] = field(default_factory=list)
    asked: dict[str, object] = field(default_factory=dict)


def record_visit(visit: Round, heard: Heard, *, actor: Actor, at: datetime) -> Visit:
    """Keep a call on one person. Raises VisitRefused, SentDifferently, FileClosed."""
    return record_visits(visit, [heard], actor=actor, at=at)[0]


@transaction.atomic
def record_visits(visit: Round, heard: Sequence[Heard], *, actor: Actor, at: datetime) -> list[Visit]:
    """Keep a call on a household: all of it or nothing, and once however often it is sent.

    What was learned becomes facts; what would end a verified fact becomes a request with the visit as its
    evidence. Raises VisitRefused, SentDifferently, FileClosed.
    """
    files = {one: hold(one) for one in sorted({part.file_id for part in heard})}
    digest = digest_of(visit, heard)
    before = _kept(visit, heard, actor)
    if before:
        if len(before) == len(heard) and all(_sent_as(row, digest) for row in before):
            return before
        raise SentDifferently(before)
    faults = faults_of(visit, heard, at=at) or _without_consent(heard)
    if faults:
        raise VisitRefused(faults)
    return [_keep(files[part.file_id], visit, part, digest, actor=actor, at=at) for part in heard]


def key_of(key: str, file_id: UUID) -> str:
    """One person's own key within a form that covers a household."""
    return hashlib.sha256(f"{key}:{file_id}".encode()).hexdigest()[:MOST_KEY]


def digest_of(visit: Round, heard: Sequence[Heard]) -> str:
    """All that was sent, in one number, so that the same key with other words is told apart."""
    return hashlib.sha256(repr((visit.kind, visit.visited_at, visit.companion, visit.review_on, heard)).encode(
        "utf-8", "backslashreplace"
    )).hexdigest()  # fmt: skip


def _kept(visit: Round, heard: Sequence[Heard], actor: Actor) -> list[Visit]:
    """The visits that this officer has sent with this key before, in the order of the form."""
    keys = [key_of(visit.key, part.file_id) for part in heard]
    found = {row.key: row for row in Visit.objects.filter(officer=actor.account_id, key__in=keys)}
    return [found[key] for key in keys if key in found]


def _sent_as(row: Visit, digest: str) -> bool:
    facts = Told.objects.filter(subject=row.file_id, facts__visit=str(row.pk), facts__has_key="sent")
    sent = facts.values_list("facts__sent", flat=True).first()
    return sent is None or sent == digest


def faults_of(visit: Round, heard: Sequence[Heard], *, at: datetime) -> dict[str, str]:
    """What is wrong by field: `missing`, `too_long`, `malformed`, `not_offered`, `in_future`, `too_far`."""
    found: dict[str, str] = {}
    day = visit.visited_at.astimezone(SHANGHAI).date()
    if not visit.key or len(visit.key) > MOST_KEY:
        found["key"] = "missing"
    if visit.kind not in VISITS:
        found["kind"] = "not_offered" if visit.kind else "missing"
    if visit.visited_at > at + CLOCKS_DIFFER:
        found["visited_at"] = "in_future"
    if len(visit.companion) > 60:
        found["companion"] = "too_long"
    if visit.review_on and not day < visit.review_on <= day + FARTHEST_REVIEW:
        found["review_on"] = "too_far"
    people = [part.file_id for part in heard]
    if not people or len(set(people)) < len(people):
        found["people"] = "twice" if people else "missing"
    for part in heard:
        if len(part.said) > MOST_WORDS:
            found[f"{part.file_id}.said"] = "too_long"
        if len(part.found) > MOST_WORDS:
            found[f"{part.file_id}.found"] = "too_long"
        if any(kind not in NEEDS for kind, _note in part.needs):
            found[f"{part.file_id}.needs"] = "not_offered"
        if any(len(note) > MOST_NOTE for _kind, note in part.needs):
            found[f"{part.file_id}.note"] = "too_long"
        if part.phone and not PHONE.fullmatch(part.phone):
            found[f"{part.file_id}.phone"] = "malformed"
    return found


def _without_consent(heard: Sequence[Heard]) -> dict[str, str]:
    """Sensitive needs of people who have not agreed to them being kept (PIPL 29)."""
    asked = [part.file_id for part in heard if {kind for kind, _note in part.needs} & SENSITIVE_NEEDS]
    if not asked:
        return {}
    agreed = Consent.objects.filter(file__in=asked, purpose="sensitive", withdrawn_at__isnull=True)
    missing = set(asked) - set(agreed.values_list("file_id", flat=True))
    return {f"{file_id}.needs": "no_consent" for file_id in missing}


def _keep(file: File, visit: Round, heard: Heard, digest: str, *, actor: Actor, at: datetime) -> Visit:
    if actor.account_id is None:
        raise VisitRefused({"officer": "missing"})
    row = Visit(
        file=file,
        key=key_of(visit.key, file.pk),
        office=visit.office,
        officer_id=actor.account_id,
        companion=visit.companion,
        visited_at=visit.visited_at,
        kind=visit.kind,
        said=heard.said,
        found=heard.found,
    )
    insert(row)
    day = visit.visited_at.astimezone(SHANGHAI).date()
    noted = _note(file, heard, on=day)
    attach(file, noted.facts, at=at)
    for fact in noted.ended:
        fact.until = end_on(fact, day)
        fact.save(update_fields=["until"])
    who, where = actor.ledger_name, visit.office.code
    told_ = [
        Happening("file.visited", {"visit": str(row.pk), "kind": row.kind, "sent": digest}, who, at, where)
    ]
    for kind, facts in (("file.learned", noted.facts), ("file.ended", noted.ended)):
        told_ += [
            Happening(
                kind, {"kind": told([one])[0], "row": str(one.pk), "visit": str(row.pk)}, who, at, where
            )
            for one in facts
        ]
    if noted.asked:
        _change, happening = ask(
            file, kind="correct", wanted=noted.asked, evidence_name=f"visit:{row.pk}", actor=actor, at=at,
            office=where,
        )  # fmt: skip
        told_.append(happening)
    settle(file, *told_, at=at, fields=_checked(file, day, visit.review_on))
    return row


def _note(file: File, heard: Heard, *, on: date) -> _Noted:
    """Sort what was heard into new facts, facts that end, and verified facts whose end must be asked for."""
    noted = _Noted()
    open_needs = [need for need in Need.objects.filter(file=file) if holds(need, on)]
    known = {(need.kind, need.note) for need in open_needs}
    noted.facts += [
        Need(kind=kind, note=note, since=on) for kind, note in heard.needs if (kind, note) not in known
    ]
    contacts = [one for one in Contact.objects.filter(file=file) if holds(one, on)]
    if heard.phone and heard.phone not in {one.value for one in contacts}:
        noted.facts.append(Contact(kind="phone", value=heard.phone, since=on))
    over: list[Fact] = [one for one in (*open_needs, *contacts) if one.pk in heard.ended]
    if heard.lives_here is False:
        homes = Address.objects.filter(file=file, kind="home")
        over += [one for one in (*homes, *Member.objects.filter(file=file)) if holds(one, on)]
    already = _asked_already(file) if any(verified(fact) for fact in over) else set()
    for fact in over:
        if not verified(fact):
            noted.ended.append(fact)
        elif field_of(fact) not in already:
            noted.asked[field_of(fact)] = ""
    return noted


def _asked_already(file: File) -> set[str]:
    waiting = Change.objects.filter(file=file, kind="correct", state="open").values_list("wanted", flat=True)
    return {name for wanted in waiting for name in wanted}


def _checked(file: File, day: date, review_on: date | None) -> list[str]:
    """Set that somebody confirmed the file that day; a form that comes late never turns the date back."""
    if file.checked_on is not None and day < file.checked_on:
        return []
    file.checked_on = day
    if review_on is None:
        return ["checked_on"]
    file.review_on = review_on
    return ["checked_on", "review_on"]


@transaction.atomic
def open_door(files: Sequence[UUID], *, actor: Actor, at: datetime, office: str = "") -> None:
    """Record that an officer opened these files for a visit, each once in eight hours."""
    recent = Entry.objects.filter(subject__in=files, kind="file.opened:visit", actor=actor.ledger_name)
    known = set(recent.filter(at__gt=at - ONCE_IN).values_list("subject", flat=True))
    for file_id in sorted(set(files) - known):
        opened(file_id, purpose="visit", actor=actor, at=at, office=office)


@transaction.atomic
def check_file(file_id: UUID, *, review_on: date, actor: Actor, at: datetime, office: str = "") -> File:
    """Confirm that a file is right as it stands, and when to look at it again.

    Raises VisitRefused for a day that is past or too far, FileClosed.
    """
    file = hold(file_id)
    today = at.astimezone(SHANGHAI).date()
    if not today < review_on <= today + FARTHEST_REVIEW:
        raise VisitRefused({"review_on": "too_far"})
    fields = _checked(file, today, review_on)
    facts = {"review_on": review_on.isoformat()}
    return settle(file, Happening("file.checked", facts, actor.ledger_name, at, office), at=at, fields=fields)
