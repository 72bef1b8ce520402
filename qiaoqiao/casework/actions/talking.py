"""Words between the person and the offices, and what the person thinks of the answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.grounds import hold, kept_of, settle
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Message
from qiaoqiao.casework.queries import speaking_office
from qiaoqiao.casework.rules import PERSON
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.ledger.rules import JSON

LONGEST_MESSAGE = 5000


class MessageRefused(Exception):
    """A message is empty or too long: `missing` or `too_long`."""


class NotOver(Exception):
    """Only an answered request can be rated or reported as not solved."""


class RatingUnknown(Exception):
    """A rating is one to five."""


@transaction.atomic
def say(
    case_id: UUID, body: str, *, language: str, actor: Actor, at: datetime, internal: bool = False
) -> Message:
    """Send words to the other side, or between offices only. Raises MessageRefused."""
    text = body.replace("\x00", "").strip()
    if not text or len(text) > LONGEST_MESSAGE:
        raise MessageRefused("too_long" if text else "missing")
    ground = hold(case_id)
    by_person = actor.account_id is None
    office = None if by_person else speaking_office(ground.case, actor, on=at.astimezone(SHANGHAI).date())
    message = Message(
        case=ground.case,
        sender=PERSON if by_person else actor.ledger_name,
        office=office,
        internal=internal and not by_person,
        body=text,
        language=language,
        sent_at=at,
    )
    message.save(force_insert=True)
    kind = "message.internal" if message.internal else ("message.person" if by_person else "message.office")
    facts = {"message": str(message.pk)}
    settle(ground, [Happening(kind, facts, actor.ledger_name, at, office.code if office else "")], at=at)
    return message


@transaction.atomic
def rate(case_id: UUID, rating: int, *, remark: str, actor: Actor, at: datetime) -> Case:
    """Rate the answer, one to five. Raises NotOver, RatingUnknown."""
    if rating not in range(1, 6):
        raise RatingUnknown
    ground = hold(case_id)
    if ground.case.stage != "done":
        raise NotOver
    ground.case.rating = rating
    facts: dict[str, JSON] = {"rating": rating, "remark": remark[:1000]}
    return settle(ground, [Happening("rated", facts, actor.ledger_name, at)], at=at)


@transaction.atomic
def not_solved(case_id: UUID, *, reason: str, actor: Actor, at: datetime) -> Case:
    """Say that the matter is not solved: the answering office must take another look. Raises NotOver."""
    ground = hold(case_id)
    case = ground.case
    if case.stage != "done":
        raise NotOver
    if Assignment.objects.filter(case=case, seat="look", state__in=OPEN_STATES).exists():
        return case
    case.not_solved_at = at
    Assignment(
        case=case,
        office=case.office,
        seat="look",
        role="co",
        state="accepted",
        offered_at=at,
        decided_at=at,
        **kept_of(case),
    ).save(force_insert=True)
    facts = {"reason": reason[:LONGEST_MESSAGE]}
    return settle(ground, [Happening("not_solved", facts, actor.ledger_name, at, case.office.code)], at=at)


@transaction.atomic
def looked(case_id: UUID, *, answer: str, language: str, actor: Actor, at: datetime) -> Case:
    """Answer the second look in a message. Raises MessageRefused, Assignment.DoesNotExist."""
    ground = hold(case_id)
    taken = Assignment.objects.select_related("office").get(case=case_id, seat="look", state__in=OPEN_STATES)
    say(case_id, answer, language=language, actor=actor, at=at)
    ground = hold(case_id)
    taken.state, taken.ended_at = "answered", at
    taken.save(update_fields=["state", "ended_at"])
    return settle(ground, [Happening("looked", {}, actor.ledger_name, at, taken.office.code)], at=at)
