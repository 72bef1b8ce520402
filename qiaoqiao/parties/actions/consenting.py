"""Agreeing to one purpose at a time, and taking it back, with what follows at once."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.lib.countries import CODES
from qiaoqiao.lib.statements import insert
from qiaoqiao.parties.actions.grounds import hold, settle
from qiaoqiao.parties.consents import CURRENT, METHODS, PURPOSES, is_child, wording
from qiaoqiao.parties.models import Consent, Contact, File, Need
from qiaoqiao.parties.rules import SENSITIVE_NEEDS


class ConsentRefused(Exception):
    """What is wrong, by field: `missing` or `not_offered`."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(str(faults))


def faults(
    file: File, purpose: str, *, method: str, recipient: str, country: str, guardian: str, on: date
) -> dict[str, str]:
    """What a consent still lacks. One for a child under fourteen needs a guardian's name (PIPL 31)."""
    found: dict[str, str] = {}
    if purpose not in PURPOSES:
        return {"purpose": "not_offered"}
    if method not in METHODS:
        found["method"] = "not_offered"
    if "recipient" in PURPOSES[purpose].names and not recipient.strip():
        found["recipient"] = "missing"
    if "country" in PURPOSES[purpose].names and (country not in CODES or country == "CN"):
        found["country"] = "not_offered" if country else "missing"
    if is_child(file.born, on) and not guardian.strip():
        found["guardian"] = "missing"
    return found


@transaction.atomic
def give(
    file_id: UUID,
    purpose: str,
    *,
    language: str,
    method: str,
    actor: Actor,
    at: datetime,
    recipient: str = "",
    country: str = "",
    guardian: str = "",
    office: str = "",
) -> Consent:
    """Agree to one purpose, in the wording of today; again while it is in force changes nothing.

    Raises ConsentRefused, FileClosed.
    """
    file = hold(file_id)
    today = at.astimezone(SHANGHAI).date()
    wrong = faults(
        file, purpose, method=method, recipient=recipient, country=country, guardian=guardian, on=today
    )
    if wrong:
        raise ConsentRefused(wrong)
    named = PURPOSES[purpose].names
    recipient = recipient.strip() if "recipient" in named else ""
    if known := _standing(file, purpose, recipient):
        return known
    country = country if "country" in named else ""
    guardian = guardian.strip() if is_child(file.born, today) else ""
    said = wording(purpose, language)
    consent = Consent(
        file=file, purpose=purpose, recipient=recipient, country=country, version=CURRENT,
        wording=said.fingerprint, language=said.language, method=method, guardian=guardian, given_at=at,
        given_to=actor.ledger_name,
    )  # fmt: skip
    insert(consent)
    facts = {"consent": str(consent.pk), "version": CURRENT, "language": said.language, "method": method}
    settle(file, Happening(f"file.consented:{purpose}", facts, actor.ledger_name, at, office), at=at)
    return consent


def _standing(file: File, purpose: str, recipient: str) -> Consent | None:
    held = Consent.objects.filter(file=file, purpose=purpose, recipient=recipient)
    return held.filter(withdrawn_at__isnull=True).first()


@transaction.atomic
def withdraw(consent_id: UUID, *, actor: Actor, at: datetime, office: str = "") -> Consent:
    """Take an agreement back; again changes nothing. What rested on it alone ends with it (PIPL 15, 47).

    Possible while the file is frozen too: taking back never waits. Raises Consent.DoesNotExist, FileClosed.
    """
    consent = Consent.objects.get(pk=consent_id)
    file = hold(consent.file_id, states=("active", "frozen"))
    consent.refresh_from_db()
    if consent.withdrawn_at is not None:
        return consent
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    facts: dict[str, JSON] = {
        "consent": str(consent.pk),
        **_follow(file, consent.purpose, on=at.astimezone(SHANGHAI).date()),
    }
    settle(file, Happening(f"file.withdrew:{consent.purpose}", facts, actor.ledger_name, at, office), at=at)
    return consent


def _follow(file: File, purpose: str, *, on: date) -> dict[str, int]:
    """Do what a withdrawal means; return what was done, for the ledger, in numbers only."""
    if purpose == "sensitive":
        gone, _ = Need.objects.filter(file=file, kind__in=SENSITIVE_NEEDS).delete()
        return {"needs_removed": gone}
    if purpose == "contact":
        cleared = Contact.objects.filter(file=file).exclude(wish="", preferred=False)
        return {"wishes_cleared": cleared.update(wish="", preferred=False)}
    return {}


@transaction.atomic
def mark_died(file_id: UUID, on: date, *, proof: str, actor: Actor, at: datetime, office: str = "") -> File:
    """Record that somebody died, with the proof that was seen; greetings and contacts end with that day.

    The file stays: near relatives may ask for a copy, correction or deletion (PIPL 49). Raises FileClosed.
    """
    if not proof.strip():
        raise ConsentRefused({"proof": "missing"})
    file = hold(file_id)
    file.died_on = on
    open_ends = {"file": file, "until__isnull": True}
    Contact.objects.filter(**open_ends).update(until=Greatest(F("since"), on), preferred=False, wish="")
    for consent in Consent.objects.filter(file=file, purpose="contact", withdrawn_at__isnull=True):
        consent.withdrawn_at = at
        consent.save(update_fields=["withdrawn_at"])
    died = Happening("file.died", {"on": str(on), "proof": proof.strip()}, actor.ledger_name, at, office)
    return settle(file, died, at=at, fields=["died_on"])


def in_force(file_id: UUID, purpose: str, *, recipient: str = "") -> bool:
    """Whether a consent holds now; for a third party or abroad, to this very recipient."""
    held = Consent.objects.filter(file=file_id, purpose=purpose, withdrawn_at__isnull=True)
    return (held.filter(recipient=recipient) if PURPOSES[purpose].names else held).exists()
