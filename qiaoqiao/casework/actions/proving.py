"""One-time codes: how somebody without an account proves that a case is theirs."""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.grounds import hold, settle
from qiaoqiao.casework.models import Code
from qiaoqiao.ledger.actions import Happening

LIFETIME = timedelta(minutes=15)
MOST_TRIES = 5


class CodeWrong(Exception):
    """The code is not the one sent, was used, or was tried too often."""


class CodeExpired(Exception):
    """The code was right to ask for but came too late."""


def digits(code_id: UUID) -> str:
    """The six digits of a code: derived, so that neither database nor queue ever holds them."""
    mac = hmac.digest(settings.SECRET_KEY.encode(), b"case code " + code_id.bytes, "sha256")
    return f"{int.from_bytes(mac[:8]) % 1_000_000:06d}"


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
    """Use up the code if it is the right one. Raises CodeWrong, CodeExpired.

    Each try is counted before it is judged, and stays counted when judging fails.
    """
    with transaction.atomic():
        code = (
            Code.objects.select_for_update()
            .filter(case=case_id, used_at__isnull=True)
            .order_by("-made_at")
            .first()
        )
        if code is None:
            raise CodeWrong
        Code.objects.filter(pk=code.pk).update(tries=F("tries") + 1)
    right = hmac.compare_digest(digits(code.pk).encode(), typed.strip().encode())
    if code.tries >= MOST_TRIES or not right:
        raise CodeWrong
    if code.until < at:
        raise CodeExpired
    if not Code.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=at):
        raise CodeWrong
