"""One-time codes: how somebody proves that a file is theirs, by a contact that was in it before."""

import hmac
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from qiaoqiao.access.tickets import Actor
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.lib.statements import insert
from qiaoqiao.parties.actions.grounds import hold, settle
from qiaoqiao.parties.models import Contact, FileCode

LIFETIME = timedelta(minutes=15)
MOST_TRIES = 5
OPEN = ("active", "frozen")


class CodeWrong(Exception):
    """The code is not the one sent, was used, or was tried too often."""


class CodeExpired(Exception):
    """The code was right but came too late."""


def digits(code_id: UUID) -> str:
    """The six digits of a file's code."""
    return derived(b"file code ", code_id)


def derived(purpose: bytes, code_id: UUID) -> str:
    """Six digits derived from a code's id, so that neither database nor queue ever holds them."""
    mac = hmac.digest(settings.SECRET_KEY.encode(), purpose + code_id.bytes, "sha256")
    return f"{int.from_bytes(mac[:8]) % 1_000_000:06d}"


def own_contacts(file_id: UUID, *, on: date) -> list[Contact]:
    """Where a code may go: addresses that hold on the day, and that nobody else in the household reads."""
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    found = Contact.objects.filter(lasting, file=file_id, kind__in=["email", "phone"], shared=False)
    return list(found.order_by("added_at", "id"))


@transaction.atomic
def ask(file_id: UUID, *, language: str, actor: Actor, at: datetime) -> FileCode:
    """Make a one-time code; a reaction sends it in the language asked in, older ones stop working.

    Raises FileClosed.
    """
    file = hold(file_id, states=OPEN)
    FileCode.objects.filter(file=file, used_at__isnull=True).update(used_at=at)
    code = FileCode(file=file, made_at=at, until=at + LIFETIME)
    insert(code)
    settle(
        file,
        Happening("file.code", {"code": str(code.pk), "language": language}, actor.ledger_name, at),
        at=at,
    )
    return code


def prove(file_id: UUID, typed: str, *, at: datetime) -> None:
    """Use up the code of a file if it is the right one. Raises CodeWrong, CodeExpired."""
    use_up(FileCode.objects.filter(file=file_id), digits, typed, at=at)


def use_up(codes: "QuerySet[Any]", digits_of: Callable[[UUID], str], typed: str, *, at: datetime) -> None:
    """Use up the newest unused code if it is the right one: of a file here, of a case in `casework`.

    Each try is counted before it is judged, and stays counted when judging fails. Raises CodeWrong, CodeExpired.
    """
    with transaction.atomic():
        code = codes.select_for_update().filter(used_at__isnull=True).order_by("-made_at").first()
        if code is None:
            raise CodeWrong
        codes.filter(pk=code.pk).update(tries=F("tries") + 1)
    right = hmac.compare_digest(digits_of(code.pk).encode(), typed.strip().encode())
    if code.tries >= MOST_TRIES or not right:
        raise CodeWrong
    if code.until < at:
        raise CodeExpired
    if not codes.filter(pk=code.pk, used_at__isnull=True).update(used_at=at):
        raise CodeWrong
