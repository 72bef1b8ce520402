"""Asking for a change of a file and answering it: verified facts change only so, with two people."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI, Term, Unit, reckon
from qiaoqiao.gateways import vault
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.lib.statements import insert
from qiaoqiao.parties import correcting
from qiaoqiao.parties.actions.files import attach, document, told
from qiaoqiao.parties.actions.grounds import hold, settle
from qiaoqiao.parties.models import Change, Document, File
from qiaoqiao.parties.models.files import Fact

DEFAULT_DAYS, MOST_DAYS = 15, 60
MOST_REASON = 400
ANSWERS = ("done", "refused")


class ChangeRefused(Exception):
    """A request or its answer that cannot be taken; `faults` says what is wrong, by field.

    `evidence: missing`: staff ask with a proof. `answer: missing`: a refusal gives its reason (PIPL 50).
    """

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(self.faults)


class OwnRequest(Exception):
    """Whoever asked does not decide: two people look at every verified fact."""


class Answered(Exception):
    """Somebody has decided already. `change` is as they left it."""

    def __init__(self, change: Change) -> None:
        self.change = change
        super().__init__(change.state)


@dataclass(frozen=True)
class Evidence:
    """A file kept in storage that proves what is asked for; `name` is shown."""

    key: str
    name: str


def promised_days(office: Office) -> int:
    """Working days within which an office promises to answer: its own setting, else 15.

    No law counts them: PIPL 50 says “in time” only, so this is the office's promise (LAW §21.3).
    """
    days = office.settings.get("registry", {}).get("correction_days", DEFAULT_DAYS)
    return days if isinstance(days, int) and 0 < days <= MOST_DAYS else DEFAULT_DAYS


def due_on(office: Office, at: datetime) -> date:
    """The last day on which a request that came at an instant is answered as promised, in Asia/Shanghai."""
    term = Term(promised_days(office), Unit.WORKING_DAY)
    reckoned = reckon(term, at.astimezone(SHANGHAI).date(), calendar=official())
    if reckoned.due_on is None:
        raise AssertionError("a term without pauses ends")
    return reckoned.due_on


def ask(
    file: File,
    *,
    kind: str,
    actor: Actor,
    at: datetime,
    office: str = "",
    wanted: Mapping[str, object] | None = None,
    reason: str = "",
    evidence: str = "",
    evidence_name: str = "",
) -> tuple[Change, Happening]:
    """Enter a request on a file that is held, and return it with what is to be recorded."""
    change = Change(
        file=file,
        kind=kind,
        by_person=actor.kind == "person",
        asked_by=actor.ledger_name,
        reason=reason,
        evidence=evidence,
        evidence_name=evidence_name,
        asked_at=at,
        due_on=due_on(file.office, at),
    )
    change.wanted = {name: _kept_value(change, name, value) for name, value in (wanted or {}).items()}
    insert(change)
    facts = {"change": str(change.pk), "fields": sorted(name.partition(":")[0] for name in change.wanted)}
    return change, Happening(f"file.asked:{kind}", facts, actor.ledger_name, at, office)


def _kept_value(change: Change, name: str, value: object) -> object:
    """What is kept of a wish: a paper's number only under seal."""
    if not name.startswith("document:") or not value:
        return value
    sealed = vault.seal(str(value), vault.Place("parties_change", "wanted", str(change.pk)))
    return {"sealed": b64encode(sealed).decode(), "tail": vault.normalised(str(value))[-4:]}


def answer(
    change: Change, state: str, *, words: str = "", actor: Actor, at: datetime, office: str = ""
) -> Happening:
    """Close a request whose file is held, and return what is to be recorded. `state`: done, refused.

    Raises Answered, OwnRequest, ChangeRefused.
    """
    if change.state != "open":
        raise Answered(change)
    if change.asked_by == actor.ledger_name and not change.by_person:
        raise OwnRequest
    if state not in ANSWERS:
        raise ChangeRefused({"state": "missing"})
    if state == "refused" and not words:
        raise ChangeRefused({"answer": "missing"})
    if len(words) > MOST_REASON:
        raise ChangeRefused({"answer": "too_long"})
    change.state, change.answer, change.decided_at = state, words, at
    change.decided_by_id = actor.account_id
    change.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    kind = f"file.answered:{change.kind}:{state}"
    return Happening(kind, {"change": str(change.pk)}, actor.ledger_name, at, office)


@transaction.atomic
def ask_change(
    file_id: UUID,
    wanted: Mapping[str, object],
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    evidence: Evidence | None = None,
    office: str = "",
) -> Change:
    """Ask that facts be corrected; nothing of it holds before somebody else has decided.

    `wanted` is {field: new value} as `parties.correcting` names fields. The person may ask without a
    proof, staff may not. Raises ChangeRefused, FileClosed.
    """
    file = hold(file_id)
    faults = correcting.faults_of(file, wanted)
    if not faults:
        wanted = correcting.named(file, wanted, on=at.astimezone(SHANGHAI).date())
        faults = correcting.faults_of(file, wanted)
    if not reason:
        faults["reason"] = "missing"
    if len(reason) > MOST_REASON:
        faults["reason"] = "too_long"
    if evidence is None and actor.kind != "person":
        faults["evidence"] = "missing"
    if faults:
        raise ChangeRefused(faults)
    key, name = (evidence.key, evidence.name[:200]) if evidence else ("", "")
    change, happening = ask(
        file, kind="correct", wanted=wanted, reason=reason, evidence=key, evidence_name=name, actor=actor,
        at=at, office=office,
    )  # fmt: skip
    settle(file, happening, at=at)
    return change


@transaction.atomic
def decide_change(
    change_id: UUID, state: str, *, words: str = "", actor: Actor, at: datetime, office: str = ""
) -> Change:
    """Carry out a correction or refuse it with its reason; of two who decide at once, one does.

    Raises Answered, OwnRequest, ChangeRefused, FileClosed.
    """
    file = hold(Change.objects.values_list("file_id", flat=True).get(pk=change_id, kind="correct"))
    change = Change.objects.select_for_update(of=("self",)).get(pk=change_id, file=file)
    answered = answer(change, state, words=words, actor=actor, at=at, office=office)
    happened, columns = [answered], list[str]()
    if state == "done":
        before = {name: correcting.now_of(file, name) for name in change.wanted if name in correcting.COLUMNS}
        happened = [replace(answered, facts={**answered.facts, "before": before})]
        gone, come, columns = _carry_out(file, change, at=at)
        for kind, facts in (("file.ended", gone), ("file.learned", come)):
            happened += [
                Happening(
                    kind,
                    {"kind": told([one])[0], "row": str(one.pk), "change": str(change.pk)},
                    actor.ledger_name,
                    at,
                    office,
                )
                for one in facts
            ]
    settle(file, *happened, at=at, fields=columns)
    return change


def _carry_out(file: File, change: Change, *, at: datetime) -> tuple[list[Fact], list[Fact], list[str]]:
    """Set what was wanted; return the facts ended, the facts added, and the columns set on the file."""
    today = at.astimezone(SHANGHAI).date()
    gone: list[Fact] = []
    come: list[Fact] = []
    columns: list[str] = []
    for name, value in change.wanted.items():
        word, row = correcting.split(name)
        if word in correcting.COLUMNS:
            correcting.set_column(file, word, str(value or ""))
            columns.append(word)
            continue
        old = correcting.SLOTS[word].model._default_manager.filter(file=file, pk=row).first()  # type: ignore[misc]
        if value:
            come.append(_successor(change, word, value, old, since=today))
        if old is not None:
            old.until = correcting.end_on(old, today)
            old.save(update_fields=["until"])
            gone.append(old)
    for fact in come:
        fact.proof = f"change:{change.pk}"
    attach(file, come, at=at)
    return gone, come, columns


def _successor(change: Change, word: str, value: object, old: Fact | None, *, since: date) -> Fact:
    if word != "document":
        return correcting.successor(word, str(value), old, since=since)
    if not isinstance(value, dict) or not isinstance(old, Document):
        raise ChangeRefused({"document": "unknown"})
    place = vault.Place("parties_change", "wanted", str(change.pk))
    number = vault.unseal(b64decode(value["sealed"]), place)
    return document(old.kind, number, issuer=old.issuer, since=since)
