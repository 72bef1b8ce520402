"""Seats at a case: offering one to an office, taking it, declining it with a reason, answering, ending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Account, Office, Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.grounds import Ground, hold, kept_of, settle
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Reach, Shield
from qiaoqiao.casework.queries import seats_of
from qiaoqiao.casework.routing import NotThisOffice, chosen, office_for
from qiaoqiao.casework.rules import MoveRefused, WhyNot, is_task
from qiaoqiao.catalogue.entry import Move
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.ledger.rules import JSON


class StepLike(Protocol):
    """What a move in the making offers to the seats."""

    ground: Ground
    move: Move
    answers: Mapping[str, object]
    actor: Actor
    at: datetime
    office: Office
    to_office: Office | None

    def say(self, kind: str, facts: Mapping[str, JSON] | None = None) -> None: ...


class ReasonMissing(Exception):
    """An office that declines must say why."""


class ShieldedOffice(Exception):
    """The office chosen is the one complained of, or lies below it."""


def offer_seat(step: StepLike, seat_id: str) -> Assignment:
    """Offer a seat to the office the route names, or the one the officer picked."""
    case, entry = step.ground.case, step.ground.entry
    seat = entry.seats[seat_id]
    if seat.choose:
        picked = next((step.answers[ask.id] for ask in step.move.asks if ask.type == "office"), None)
        office = chosen(seat, int(str(picked)))
    else:
        office = office_for(entry, seat_id, _place_of(case, seat.place))
    not_shielded(case, office)
    if Assignment.objects.filter(case=case, seat=seat_id, state__in=OPEN_STATES).exists():
        raise MoveRefused(step.move.id, WhyNot.SEAT, case.state)
    if seat.as_ == "lead" and office.pk == case.office_id:
        raise NotThisOffice(office.code)
    assignment = Assignment(
        case=case,
        office=office,
        seat=seat_id,
        role=seat.as_,
        state="offered",
        offered_at=step.at,
        **kept_of(case),
    )
    assignment.save(force_insert=True)
    if not Reach.objects.filter(case=case, office=office).exists():
        Reach(case=case, office=office).save(force_insert=True)
    step.to_office = office
    step.say(f"offered:{seat_id}", {"office": office.code})
    return assignment


def accept_seat(step: StepLike, seat_id: str) -> None:
    """Take up an offered seat; a lead seat takes the case over from the office that held it."""
    taken = _open_seat(step.ground.case, seat_id)
    take(step.ground.case, taken, at=step.at)
    step.office = taken.office
    step.say(f"accepted:{seat_id}", {"office": taken.office.code})


def decline_seat(step: StepLike, seat_id: str) -> None:
    """Give an offered seat back, with the reason that was answered."""
    reason = next((str(step.answers[ask.id]) for ask in step.move.asks if step.answers.get(ask.id)), "")
    _decline(_open_seat(step.ground.case, seat_id), reason, step.at)
    step.say(f"declined:{seat_id}", {"reason": reason})


def answer_seat(step: StepLike, seat_id: str) -> None:
    """End a co-office's part: it has answered."""
    taken = _open_seat(step.ground.case, seat_id)
    step.office = taken.office
    taken.state, taken.ended_at = "answered", step.at
    taken.save(update_fields=["state", "ended_at"])
    step.say(f"answered:{seat_id}", {"office": taken.office.code})


def close_seats(step: StepLike) -> None:
    """When the case is over, the responsible office has answered and open offers are withdrawn."""
    open_seats = Assignment.objects.filter(case=step.ground.case, state__in=OPEN_STATES)
    open_seats.filter(role="lead", state="accepted").update(state="answered", ended_at=step.at, due_on=None)
    open_seats.update(state="withdrawn", ended_at=step.at, due_on=None)


def take(case: Case, taken: Assignment, *, at: datetime) -> None:
    """Turn an offer into a seat held; a lead seat makes its office the responsible one."""
    if taken.role == "lead":
        before = Assignment.objects.filter(case=case, role="lead", state="accepted")
        before.update(state="released", ended_at=at, due_on=None, due_limit="")
        case.office = taken.office
    taken.state, taken.decided_at = "accepted", at
    taken.save(update_fields=["state", "decided_at"])


@transaction.atomic
def accept(case_id: UUID, seat_id: str, *, actor: Actor, at: datetime) -> Case:
    """Take up an offered seat. For a task, or where the entry has a move, that is the way (MoveRefused)."""
    ground = hold(case_id)
    if is_task(seat_id) or any(move.accepts == seat_id for move in ground.entry.moves):
        raise MoveRefused(seat_id, WhyNot.SEAT, ground.case.state)
    taken = _held(ground, seat_id, actor, at, state="offered")
    take(ground.case, taken, at=at)
    return _settle(ground, f"accepted:{seat_id}", {"office": taken.office.code}, taken.office, actor, at)


@transaction.atomic
def decline(case_id: UUID, seat_id: str, *, reason: str, actor: Actor, at: datetime) -> Case:
    """Decline an offered seat; the offering office keeps the case. Raises ReasonMissing, MoveRefused."""
    ground = hold(case_id)
    if is_task(seat_id) or any(move.declines == seat_id for move in ground.entry.moves):
        raise MoveRefused(seat_id, WhyNot.SEAT, ground.case.state)
    taken = _held(ground, seat_id, actor, at, state="offered")
    _decline(taken, reason.strip(), at)
    return _settle(ground, f"declined:{seat_id}", {"reason": reason.strip()}, taken.office, actor, at)


@transaction.atomic
def hand_to(case_id: UUID, seat_id: str, *, officer: int, actor: Actor, at: datetime) -> Case:
    """Give a seat to one officer of the same office. Raises Account.DoesNotExist for anybody else."""
    ground = hold(case_id)
    taken = _held(ground, seat_id, actor, at)
    taken.officer = (
        Account.objects.filter(posts__office=taken.office, is_active=True).distinct().get(pk=officer)
    )
    taken.save(update_fields=["officer"])
    return _settle(
        ground, "handed", {"seat": seat_id, "officer": taken.officer.name}, taken.office, actor, at
    )


def offered_office(case: Case) -> Office | None:
    """The office that holds an offer now, if any: a letter that goes with the offer is addressed to it."""
    held = Assignment.objects.select_related("office").filter(case=case, state="offered", task="")
    newest = held.order_by("-offered_at").first()
    return newest.office if newest else None


def _settle(
    ground: Ground, kind: str, facts: Mapping[str, JSON], office: Office, actor: Actor, at: datetime
) -> Case:
    return settle(ground, [Happening(kind, dict(facts), actor.ledger_name, at, office.code)], at=at)


def _held(
    ground: Ground, seat_id: str, actor: Actor, at: datetime, *, state: str | None = None
) -> Assignment:
    """The actor's own open seat. Raises MoveRefused when the actor does not sit there."""
    seats, _ = seats_of(ground.case, actor, on=at.astimezone(SHANGHAI).date())
    if seat_id not in seats or (state and seats[seat_id] != state):
        raise MoveRefused(seat_id, WhyNot.SEAT, ground.case.state)
    return _open_seat(ground.case, seat_id)


def _open_seat(case: Case, seat_id: str) -> Assignment:
    return Assignment.objects.select_related("office").get(case=case, seat=seat_id, state__in=OPEN_STATES)


def _decline(taken: Assignment, reason: str, at: datetime) -> None:
    if not reason:
        raise ReasonMissing
    taken.state, taken.reason, taken.decided_at, taken.ended_at = "declined", reason, at, at
    taken.save(update_fields=["state", "reason", "decided_at", "ended_at"])


def _place_of(case: Case, wanted: str) -> Place:
    if wanted != "lead" and case.facts.get(wanted):
        return Place.objects.select_related("parent__parent").get(pk=case.facts[wanted])
    return Place.objects.select_related("parent__parent").get(pk=case.office.place_id)


def not_shielded(case: Case, office: Office) -> None:
    """Raise ShieldedOffice for the office complained of and all below it."""
    above = [int(part) for part in office.path.strip("/").split("/") if part]
    if Shield.objects.filter(case=case, office__in=above).exists():
        raise ShieldedOffice(office.code)
