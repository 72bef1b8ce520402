"""One-time codes: how somebody without an account proves that a case is theirs."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.grounds import hold, settle
from qiaoqiao.casework.models import Code
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.parties.actions.proving import LIFETIME, MOST_TRIES, CodeExpired, CodeWrong, derived, use_up

__all__ = ["LIFETIME", "MOST_TRIES", "CodeExpired", "CodeWrong", "ask", "digits", "prove"]


def digits(code_id: UUID) -> str:
    """The six digits of a case's code."""
    return derived(b"case code ", code_id)


@transaction.atomic
def ask(case_id: UUID, *, actor: Actor, at: datetime) -> Code:
    """Make a one-time code; a reaction sends it, and older ones stop working."""
    ground = hold(case_id)
    Code.objects.filter(case=case_id, used_at__isnull=True).update(used_at=at)
    code = Code(case=ground.case, made_at=at, until=at + LIFETIME)
    code.save(force_insert=True)
    settle(ground, [Happening("code", {"code": str(code.pk)}, actor.ledger_name, at)], at=at)
    return code


def prove(case_id: UUID, typed: str, *, at: datetime) -> None:
    """Use up the code of a case if it is the right one. Raises CodeWrong, CodeExpired."""
    use_up(Code.objects.filter(case=case_id), digits, typed, at=at)
