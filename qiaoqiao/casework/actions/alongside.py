"""Noting beside a case what happened elsewhere because of it: dates, states and limits stay untouched."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.models import Fact
from qiaoqiao.ledger.rules import JSON


@transaction.atomic
def note(
    case_id: UUID, step: str, facts: Mapping[str, JSON], *, office: str, actor: Actor, at: datetime
) -> bool:
    """Record a step of a referral to a partner (`referred:accepted`) in the case's own history.

    A fact `entry`, the id of what is noted, makes it safe to note twice. Raises Case.DoesNotExist.
    """
    Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    again = facts.get("entry")
    if again and Fact.objects.filter(subject=case_id, facts__entry=again).exists():
        return False
    record(case_id, Happening(f"referred:{step}", facts, actor.ledger_name, at, office))
    return True
