"""Noting who read a case: the person can see it in their timeline."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import speaking_office
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.models import Entry

ONCE_IN = timedelta(hours=8)
KIND = "read"


@transaction.atomic
def note(case_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """Record that an officer read the case in the course of handling it, once in a working day.

    Dates, states and limits stay untouched. Says whether something was recorded.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("office").get(pk=case_id)
    recent = Entry.objects.filter(subject=case_id, kind=KIND, actor=actor.ledger_name, at__gt=at - ONCE_IN)
    if recent.exists():
        return False
    office = speaking_office(case, actor, on=at.astimezone(SHANGHAI).date())
    record(case_id, Happening(KIND, {"purpose": "handling"}, actor.ledger_name, at, office.code))
    return True
