"""Doing a request once, however often it is sent: its key, what was asked, and the answer it got."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from qiaoqiao.casework.models import Once
from qiaoqiao.lib.statements import insert

Answer = dict[str, object]


class KeyReused(Exception):
    """The same key came with another request."""


@dataclass(frozen=True)
class Asked:
    """A request that may be sent again: the client's key and everything that was asked."""

    client: int | None
    key: str
    request: bytes

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.request).digest()

    @property
    def row(self) -> str:
        return f"{self.client or 'web'}:{self.key}"[:120]


def once(asked: Asked | None, perform: Callable[[], Answer], *, at: datetime) -> Answer:
    """Perform and remember the answer, or return the answer given before. Raises KeyReused.

    One sent again, or at the same moment, does its work, meets the key that the first one left (waiting
    for it if need be), undoes its work and gets the first one's answer. So the usual single request pays
    for one row only. Answers hold references and dates, no personal data.
    """
    if asked is None:
        return perform()
    try:
        with transaction.atomic():
            answer = perform()
            row = Once(key=asked.row, client_id=asked.client, asked=asked.digest, answer=answer, at=at)
            insert(row)
            return answer
    except IntegrityError:
        before = _answer(asked)
        if before is None:
            raise
        return before


def _answer(asked: Asked) -> Answer | None:
    row = Once.objects.filter(key=asked.row).first()
    if row is None:
        return None
    if bytes(row.asked) != asked.digest:
        raise KeyReused(asked.key)
    return row.answer  # type: ignore[no-any-return]
