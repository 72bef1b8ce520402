"""The partner's side: who holds the link (or sits in the partner's office) opens, accepts, declines, tells the outcome.

A holder sees no case, so what they do is noted beside the case by a reaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.alliance.actions.offering import local_day
from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.queries import held_referrals, open_offers, visible_referrals
from qiaoqiao.community.alliance.rules import (
    DECLINING,
    LONGEST_WORDS,
    OUTCOMES,
    WAITING,
    WITH_PARTNER,
    Refused,
    State,
)
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.models import Entry

MOMENT = timedelta(minutes=1)


class LinkOver(Exception):
    """The link does not hold any more: taken back, renewed, run out, or never made."""


@dataclass(frozen=True)
class Answer:
    """Who answers, as they write it, and what they say besides."""

    by: str
    words: str = ""

    @property
    def tidy(self) -> tuple[str, str]:
        by, words = (text.replace("\x00", "").strip() for text in (self.by, self.words))
        if not by:
            raise Refused("missing")
        return by[:80], words[:LONGEST_WORDS]


Find = Callable[[], Referral | None]


def by_link(link: UUID, *, at: datetime) -> Find:
    """The referral of a link that still holds."""
    rows = held_referrals(link, at=at)
    return lambda: rows.select_for_update(of=("self",)).first()


def by_office(referral_id: UUID, *, actor: Actor, at: datetime) -> Find:
    """The referral as the partner's own office finds it."""
    seen = visible_referrals(actor, on=local_day(at)).filter(pk=referral_id, state__in=list(WITH_PARTNER))
    rows = seen.filter(offer__organisation__office__isnull=False)
    return lambda: rows.select_for_update(of=("self",)).first()


def _found(find: Find) -> Referral:
    referral = find()
    if referral is None:
        raise LinkOver
    return referral


@transaction.atomic
def opened(find: Find, *, actor: Actor, at: datetime) -> Referral:
    """Record that the partner looked; more than once in a minute is one look. Raises LinkOver."""
    referral = _found(find)
    if referral.state == State.SENT:
        referral.state = State.SEEN
        referral.save(update_fields=["state"])
    recent = Entry.objects.filter(subject=referral.pk, kind="referral.opened", at__gt=at - MOMENT)
    if not recent.exists():
        record(referral.pk, Happening("referral.opened", {}, actor.ledger_name, at))
    return referral


@transaction.atomic
def accept(find: Find, answer: Answer, *, actor: Actor, at: datetime) -> Referral:
    """Take it on: now the contact shows. Raises LinkOver, Refused."""
    referral, (by, words) = _found(find), answer.tidy
    if referral.state not in WAITING:
        raise Refused("answered")
    if not open_offers(on=local_day(at)).filter(pk=referral.offer_id).exists():
        raise Refused("offer_closed")
    referral.state, referral.answered_by, referral.words = State.ACCEPTED, by, words
    referral.save(update_fields=["state", "answered_by", "words"])
    facts = {"by": by, "words": words}
    record(referral.pk, Happening("referral.accepted", facts, actor.ledger_name, at))
    return referral


@transaction.atomic
def decline(find: Find, reason: str, answer: Answer, *, actor: Actor, at: datetime) -> Referral:
    """Say no, with the reason; what was kept back is gone. Raises LinkOver, Refused."""
    referral, (by, words) = _found(find), answer.tidy
    if referral.state not in WAITING:
        raise Refused("answered")
    if reason not in DECLINING:
        raise Refused("missing")
    referral.state, referral.answered_by, referral.words = State.DECLINED, by, words
    referral.reason, referral.ended_at, referral.kept_back = reason, at, {}
    referral.save(update_fields=["state", "answered_by", "words", "reason", "ended_at", "kept_back"])
    facts = {"by": by, "reason": reason, "words": words}
    record(referral.pk, Happening("referral.declined", facts, actor.ledger_name, at))
    return referral


@transaction.atomic
def finish(find: Find, outcome: str, answer: Answer, *, actor: Actor, at: datetime) -> Referral:
    """Tell what came of it; the contact is not shown any more. Raises LinkOver, Refused."""
    referral, (by, words) = _found(find), answer.tidy
    if referral.state != State.ACCEPTED:
        raise Refused("answered" if referral.state == State.DONE else "not_accepted")
    if outcome not in OUTCOMES:
        raise Refused("missing")
    referral.state, referral.reason, referral.words, referral.ended_at = State.DONE, outcome, words, at
    referral.answered_by, referral.kept_back = by, {}
    referral.save(update_fields=["state", "reason", "words", "ended_at", "answered_by", "kept_back"])
    facts = {"by": by, "reason": outcome, "words": words}
    record(referral.pk, Happening("referral.done", facts, actor.ledger_name, at))
    return referral
