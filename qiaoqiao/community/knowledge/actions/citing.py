"""Answering a person by citing an answer, and saying whether it helped."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.talking import say
from qiaoqiao.community.knowledge.models import Citation, Edition, Vote
from qiaoqiao.ledger.actions import Happening, start
from qiaoqiao.ledger.rules import JSON


@transaction.atomic
def cite(
    case_id: UUID, edition: Edition, body: str, *, language: str, actor: Actor, at: datetime
) -> Citation:
    """Send the words to the person and keep which answer they came from. Raises MessageRefused."""
    message = say(case_id, body, language=language, actor=actor, at=at)
    office = message.office
    if office is None:
        raise TypeError("an answer is cited by an office")
    citation = Citation(case_id=case_id, edition=edition, office=office, message=message, at=at)
    citation.save(force_insert=True)
    facts: dict[str, JSON] = {
        "answer": edition.answer.key,
        "edition": edition.number,
        "message": str(message.pk),
    }
    start(citation.pk, Happening("answer.cited", facts, actor.ledger_name, at, office.code))
    return citation


@transaction.atomic
def vote(edition: Edition, helpful: bool, *, on: date) -> None:
    """Count one opinion of somebody unknown."""
    Vote(edition=edition, helpful=helpful, on=on).save(force_insert=True)
