"""The office's and the person's side of a referral: ask, agree, send, take back, renew, let expire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.alongside import note
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.community.alliance.actions.offering import NotYours, local_day
from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.queries import open_offers, visible_referrals
from qiaoqiao.community.alliance.rules import (
    OPEN,
    RUNNING,
    Refused,
    State,
    chosen,
    in_order,
    link_days,
    split,
)
from qiaoqiao.community.alliance.wording import consent_words, digest
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.rules import JSON


@dataclass(frozen=True)
class Consent:
    """How the person agreed at the counter: in which language, and where the signed paper lies."""

    language: str
    paper: str


def partner_of(referral: Referral, language: str = "zh-Hans") -> str:
    names: Mapping[str, str] = referral.offer.organisation.names
    folded = {tag.lower(): name for tag, name in names.items()}
    return folded.get(language.lower()) or folded.get("zh-hans", "")


def facts_of(case: Case, items: Sequence[str], request: str) -> dict[str, str]:
    """What would be shared of a case: only what was chosen and is there."""
    person = case.person
    there = {
        "matter": case.service,
        "category": case.category,
        "place": (case.place_id or "")[:6],
        "country": case.country,
        "language": case.language,
        "name": person.name or person.latin_name,
        "phone": person.phone,
        "email": person.email,
        "request": request.replace("\x00", "").strip()[:1000],
    }
    return {one: there[one] for one in chosen(items) if there[one]}


@transaction.atomic
def ask(
    case_id: UUID,
    offer_id: UUID,
    items: Sequence[str],
    *,
    request: str,
    office: Office,
    actor: Actor,
    at: datetime,
) -> Referral:
    """Ask the person whether their case may be shown to a partner; nothing leaves yet. Raises Refused, NotYours."""
    seen = visible_cases(actor, on=local_day(at)).select_for_update(of=("self",)).select_related("person")
    case = seen.filter(pk=case_id).first()
    if case is None:
        raise NotYours(str(case_id))
    if case.stage == "done":
        raise Refused("case_over")
    offer = open_offers(on=local_day(at)).filter(pk=offer_id).first()
    if offer is None:
        raise Refused("offer_closed")
    if not offer.organisation.email and offer.organisation.office_id is None:
        raise Refused("no_address")
    facts = facts_of(case, items, request)
    if "name" not in facts or not {"phone", "email"} & facts.keys():
        raise Refused("nothing")
    shown, kept_back = split(facts)
    referral = Referral(
        case=case, offer=offer, office=office, state=State.ASKED, shown=shown, kept_back=kept_back, asked_at=at
    )  # fmt: skip
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError:
        raise Refused("already") from None
    _tell(referral, "asked", {"offer": str(offer.pk), "items": list(facts)}, actor=actor, at=at)
    return referral


@transaction.atomic
def agree(referral_id: UUID, *, language: str, actor: Actor, at: datetime) -> Referral:
    """The person agrees on their case page; the referral is sent. Raises NotYours, Refused."""
    referral = _held(referral_id, actor, at)
    if actor.account_id is not None or referral.case_id not in actor.cases:
        raise NotYours(str(referral_id))
    return _agreed(referral, "page", Consent(language, ""), actor=actor, at=at)


@transaction.atomic
def agreed_on_paper(referral_id: UUID, consent: Consent, *, actor: Actor, at: datetime) -> Referral:
    """An officer of the referring office records the consent signed at the counter. Raises NotYours, Refused."""
    referral = _held(referral_id, actor, at)
    _ours(referral, actor, at)
    if not consent.paper.strip():
        raise Refused("no_paper")
    return _agreed(referral, "counter", consent, actor=actor, at=at)


def _agreed(referral: Referral, method: str, consent: Consent, *, actor: Actor, at: datetime) -> Referral:
    if referral.state != State.ASKED:
        raise Refused("not_asked")
    if not open_offers(on=local_day(at)).filter(pk=referral.offer_id).exists():
        raise Refused("offer_closed")
    days, items = link_days(referral.office.settings), in_order(referral.shown, referral.kept_back)
    partner = partner_of(referral, consent.language)
    text = consent_words(referral.case, partner, items, days, consent.language)
    referral.state, referral.consent_at, referral.consent_by = State.SENT, at, actor.ledger_name
    referral.consent_method, referral.consent_language = method, consent.language
    referral.consent_digest, referral.consent_paper = digest(text), consent.paper.strip()[:120]
    referral.link, referral.version, referral.until = uuid4(), 1, at + days
    referral.save()
    facts: dict[str, JSON] = {
        "method": method,
        "language": consent.language,
        "digest": referral.consent_digest,
    }
    _tell(referral, "agreed", facts, actor=actor, at=at)
    _tell(referral, "sent", {"version": 1}, actor=actor, at=at)
    return referral


@transaction.atomic
def refuse(referral_id: UUID, *, actor: Actor, at: datetime) -> Referral:
    """The person does not agree. Raises NotYours, Refused."""
    referral = _held(referral_id, actor, at)
    if referral.state != State.ASKED:
        raise Refused("not_asked")
    return _ended(referral, State.REFUSED, "refused", {}, actor=actor, at=at)


@transaction.atomic
def withdraw(referral_id: UUID, *, actor: Actor, at: datetime) -> Referral:
    """Take a referral back, by the person or the office; its link ends at once. Raises NotYours, Refused."""
    referral = _held(referral_id, actor, at)
    if referral.case_id not in actor.cases:
        _ours(referral, actor, at)
    if referral.state not in OPEN:
        raise Refused("over")
    return _ended(referral, State.WITHDRAWN, "withdrawn", {}, actor=actor, at=at)


@transaction.atomic
def renew(referral_id: UUID, *, actor: Actor, at: datetime) -> Referral:
    """Make a new link; the one before ends at once. Raises NotYours, Refused."""
    referral = _held(referral_id, actor, at)
    _ours(referral, actor, at)
    if referral.state not in RUNNING:
        raise Refused("over")
    referral.link, referral.version = uuid4(), referral.version + 1
    referral.until = at + link_days(referral.office.settings)
    referral.save(update_fields=["link", "version", "until"])
    _tell(referral, "renewed", {"version": referral.version}, actor=actor, at=at)
    return referral


@transaction.atomic
def expire(referral_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """Let a link run out that brought no answer or, once accepted, no outcome; the contact shows no more.

    False when it was answered or renewed meanwhile.
    """
    referral = _held(referral_id, actor, at)
    if referral.state not in RUNNING or referral.until is None or referral.until > at:
        return False
    step = "lapsed" if referral.state == State.ACCEPTED else "expired"
    _ended(referral, State.EXPIRED, step, {}, actor=actor, at=at)
    return True


def _held(referral_id: UUID, actor: Actor, at: datetime) -> Referral:
    """Lock the case, then the referral. Raises NotYours."""
    rows = visible_referrals(actor, on=local_day(at)).filter(pk=referral_id)
    found = rows.values_list("case_id", flat=True).first()
    if found is None:
        raise NotYours(str(referral_id))
    Case.objects.select_for_update(of=("self",)).filter(pk=found).first()
    return rows.select_for_update(of=("self",)).get()


def _ours(referral: Referral, actor: Actor, at: datetime) -> None:
    """Whether the actor is of the referring office (the partner's officers see it too). Raises NotYours."""
    if (
        actor.kind != "system"
        and not visible_cases(actor, on=local_day(at)).filter(pk=referral.case_id).exists()
    ):
        raise NotYours(str(referral.pk))


def _ended(
    referral: Referral, state: State, step: str, facts: dict[str, JSON], *, actor: Actor, at: datetime
) -> Referral:
    referral.state, referral.ended_at, referral.link, referral.kept_back = state, at, None, {}
    referral.save(update_fields=["state", "ended_at", "link", "kept_back"])
    _tell(referral, step, facts, actor=actor, at=at)
    return referral


def _tell(referral: Referral, step: str, facts: dict[str, JSON], *, actor: Actor, at: datetime) -> None:
    """Record a step on the referral, and beside the case, so that the person reads it there."""
    kind = f"referral.{step}"
    record(referral.pk, Happening(kind, facts, actor.ledger_name, at, referral.office.code))
    partner: dict[str, JSON] = dict(referral.offer.organisation.names)
    office = referral.office.code
    note(referral.case_id, step, {"partner": partner}, office=office, actor=actor, at=at)
