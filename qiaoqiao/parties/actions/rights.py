"""What somebody may ask about their file besides a correction: delete it, freeze it, thaw it, have a copy."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.parties.actions import changing
from qiaoqiao.parties.actions.changing import MOST_REASON, ChangeRefused, Evidence
from qiaoqiao.parties.actions.erasing import erase
from qiaoqiao.parties.actions.grounds import hold, settle
from qiaoqiao.parties.models import Change, File

KINDS = ("delete", "freeze", "thaw", "copy")
OPEN = ("active", "frozen")
Outcome = Literal["erased", "frozen", "refused"]


@transaction.atomic
def ask_for(
    file_id: UUID,
    kind: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    evidence: Evidence | None = None,
    office: str = "",
) -> Change:
    """Ask for one of `KINDS`; the same again while it waits is the same request.

    The person who proved the file freezes it at once, and thaws what they froze; all else waits for an
    officer. Staff ask for somebody (at the counter, or for near relatives of the dead, PIPL 49) with a
    proof. Raises ChangeRefused, FileClosed.
    """
    file = hold(file_id, states=OPEN)
    faults = _faults(file, kind, reason=reason, evidence=evidence, actor=actor)
    if faults:
        raise ChangeRefused(faults)
    waiting = Change.objects.filter(file=file, kind=kind, state="open").first()
    if waiting is not None:
        return waiting
    key, name = (evidence.key, evidence.name[:200]) if evidence else ("", "")
    change, asked = changing.ask(
        file, kind=kind, actor=actor, at=at, office=office, reason=reason, evidence=key, evidence_name=name
    )
    happened = [asked]
    if change.by_person and (kind == "freeze" or (kind == "thaw" and frozen_by_person(file))):
        change.state, change.decided_at = "done", at
        change.save(update_fields=["state", "decided_at"])
        happened.append(_turn(file, kind, "asked", actor=actor, at=at, office=office))
    settle(file, *happened, at=at, fields=["state"])
    return change


def _faults(file: File, kind: str, *, reason: str, evidence: Evidence | None, actor: Actor) -> dict[str, str]:
    found = {}
    wanted_state = {"freeze": "active", "thaw": "frozen"}.get(kind, file.state)
    if kind not in KINDS or file.state != wanted_state:
        found["kind"] = "not_offered"
    if len(reason) > MOST_REASON:
        found["reason"] = "too_long"
    if evidence is None and actor.kind != "person":
        found["evidence"] = "missing"
    return found


def frozen_by_person(file: File) -> bool:
    """Whether the person froze the file themselves, so that they may thaw it themselves."""
    past = Change.objects.filter(file=file).exclude(state="open").exclude(kind="correct")
    last = past.exclude(kind="copy").order_by("-decided_at", "-id").first()
    return last is not None and last.kind == "freeze" and last.by_person


def _turn(file: File, kind: str, reason: str, *, actor: Actor, at: datetime, office: str) -> Happening:
    file.state = "active" if kind == "thaw" else "frozen"
    done = "file.thawed" if kind == "thaw" else "file.frozen"
    return Happening(done, {"reason": reason}, actor.ledger_name, at, office)


@transaction.atomic
def decide(
    change_id: UUID, state: str, *, words: str = "", actor: Actor, at: datetime, office: str = ""
) -> Change:
    """Answer a wish to freeze, thaw or have a copy. `state`: done, refused. Deleting is `decide_deletion`.

    Raises Change.DoesNotExist, Answered, OwnRequest, ChangeRefused, FileClosed.
    """
    change, file = _held(change_id, kinds=("freeze", "thaw", "copy"))
    happened = [changing.answer(change, state, words=words, actor=actor, at=at, office=office)]
    if state == "done" and change.kind in {"freeze", "thaw"}:
        happened.append(_turn(file, change.kind, "asked", actor=actor, at=at, office=office))
    settle(file, *happened, at=at, fields=["state"])
    return change


@transaction.atomic
def decide_deletion(
    change_id: UUID, outcome: Outcome, *, words: str = "", actor: Actor, at: datetime, office: str = ""
) -> File:
    """Erase the file; or, where a law wants it kept, freeze it instead (PIPL 47); or refuse (PIPL 50).

    The two that keep it give their reason in words. `at` is the present moment. Raises Answered,
    OwnRequest, ChangeRefused, FileClosed.
    """
    change, file = _held(change_id, kinds=("delete",))
    if outcome not in {"erased", "frozen", "refused"}:
        raise ChangeRefused({"outcome": "missing"})
    state = "done" if outcome == "erased" else "refused"
    answered = changing.answer(change, state, words=words, actor=actor, at=at, office=office)
    happened = [answered]
    if outcome == "frozen":
        happened.append(_turn(file, "freeze", "kept_by_law", actor=actor, at=at, office=office))
    settle(file, *happened, at=at, fields=["state"])
    if outcome == "erased":
        return erase(file.pk, reason="asked", actor=actor, at=at, office=office)
    return file


def _held(change_id: UUID, *, kinds: tuple[str, ...]) -> tuple[Change, File]:
    file = hold(Change.objects.values_list("file_id", flat=True).get(pk=change_id), states=OPEN)
    return Change.objects.select_for_update(of=("self",)).get(pk=change_id, kind__in=kinds), file


@transaction.atomic
def copied(file_id: UUID, *, form: str, actor: Actor, at: datetime, office: str = "") -> None:
    """Record that a copy was given out, as `json` or `pdf`; the copy itself is kept nowhere. Raises FileClosed."""
    file = hold(file_id, states=OPEN)
    record(file.pk, Happening("file.copied", {"form": form}, actor.ledger_name, at, office))
