"""Giving money back to who gave it: asked for by one, approved by a head who is another and did not book the gift."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.relief.actions.booking import Movement, book, check_available, donated, turned
from qiaoqiao.services.relief.actions.grounds import (
    Facts,
    Refused,
    another,
    heading,
    hold_fund,
    say,
    working_in,
)
from qiaoqiao.services.relief.models import Fund, GiveBack, Source
from qiaoqiao.services.relief.queries import left_of


@transaction.atomic
def ask(source_id: UUID, fen: int, *, reason: str, actor: Actor, at: datetime) -> GiveBack:
    """Ask that money goes back to who gave it, never more than they gave. Raises Refused."""
    source = Source.objects.select_related("fund").get(pk=source_id)
    fund = hold_fund(source.fund_id)
    asker = working_in(fund.office, actor, at)
    if source.give_backs.filter(state="asked").exists():
        raise Refused("back_asked_already")
    _check(fund, source, fen)
    asked = GiveBack.objects.create(
        office=fund.office, source=source, amount_fen=fen, reason=reason[:200], asked_by=asker, asked_at=at
    )
    say(fund.pk, "donation.back_asked", _told(asked), office=fund.office, actor=actor, at=at)
    return asked


@transaction.atomic
def approve(asked_id: UUID, *, on: date, actor: Actor, at: datetime) -> GiveBack:
    """Give back what was asked for, of what is still unspent of its kind; the database holds it, too (migration 0007).

    Raises Refused for who asked, and for who booked the gift.
    """
    asked, fund = _hold(asked_id)
    source = asked.source
    head = another(heading(fund.office, actor, at), asked.asked_by_id)
    if head.pk == source.made_by_id:
        raise Refused("booker_cannot")
    _check(fund, source, asked.amount_fen)
    sides = turned(donated(asked.amount_fen, source.restriction))
    movement = Movement("give_back", f"give_back:{asked.pk}", sides, memo=asked.reason, source=source)
    (asked.entry,) = book(fund, movement, on=on, actor=actor, at=at)
    asked.state, asked.decided_by, asked.decided_at = "done", head, at
    asked.save(update_fields=["state", "decided_by", "decided_at", "entry"])
    say(fund.pk, "donation.given_back", _told(asked), office=fund.office, actor=actor, at=at)
    return asked


@transaction.atomic
def drop(asked_id: UUID, *, actor: Actor, at: datetime) -> GiveBack:
    """Let it be; whoever works with the fund may. Raises Refused."""
    asked, fund = _hold(asked_id)
    asked.state, asked.decided_by, asked.decided_at = "dropped", working_in(fund.office, actor, at), at
    asked.save(update_fields=["state", "decided_by", "decided_at"])
    say(fund.pk, "donation.back_dropped", _told(asked), office=fund.office, actor=actor, at=at)
    return asked


def _hold(asked_id: UUID) -> tuple[GiveBack, Fund]:
    fund = hold_fund(Source.objects.values_list("fund", flat=True).get(give_backs=asked_id))
    asked = GiveBack.objects.select_for_update(of=("self",)).select_related("source").get(pk=asked_id)
    if asked.state != "asked":
        raise Refused("other_state")
    return asked, fund


def _check(fund: Fund, source: Source, fen: int) -> None:
    check_available(fund, source.restriction, fen)
    if source.entries.filter(kind="reversal").exists():
        raise Refused("reversed_already")
    if fen > left_of(source):
        raise Refused("more_than_given")


def _told(asked: GiveBack) -> Facts:
    return {"source": str(asked.source_id), "fen": asked.amount_fen}
