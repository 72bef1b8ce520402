"""The ticket by which this process tells PostgreSQL who is asking.

Row-level security must not trust a setting that any SQL can set, so the setting carries a keyed
digest that the database checks with a key the web role cannot read (docs/decisions/0003).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import connection

from qiaoqiao.lib.statements import send

LIFETIME_SECONDS = 60


@dataclass(frozen=True)
class Actor:
    """Who is acting, as the ledger names them and as the database must see them."""

    kind: Literal["public", "person", "staff", "client", "system"]
    ledger_name: str
    account_id: int | None = None
    cases: tuple[UUID, ...] = ()

    def with_case(self, case_id: UUID) -> "Actor":
        """The same actor, who may also reach this case: one just filed, or one proved by a code."""
        return replace(self, cases=(*self.cases, case_id))


PUBLIC = Actor("public", "person")
SYSTEM = Actor("system", "system")
LAW = Actor("system", "law")


def staff(account_id: int) -> Actor:
    return Actor("staff", f"staff:{account_id}", account_id)


def person(*cases: UUID) -> Actor:
    return Actor("person", "person", cases=cases)


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def digest(key: bytes, body: bytes) -> str:
    """The keyed digest, in the form that the database function recomputes."""
    return hashlib.sha256(key + hashlib.sha256(key + body).digest()).hexdigest()


def ticket(actor: Actor, epoch: int) -> str:
    """Return the ticket text, good until `LIFETIME_SECONDS` after the given second."""
    cases = ",".join(str(case) for case in actor.cases)
    body = f"{actor.kind}|{actor.account_id or ''}|{cases}|{epoch + LIFETIME_SECONDS}"
    return f"{body}|{digest(settings.TICKET_KEY.encode(), body.encode())}"


def _show(text: str) -> None:
    send("SELECT set_config('qiaoqiao.ticket', $1, false)", text)


@contextmanager
def acting(actor: Actor, *, epoch: int) -> Iterator[None]:
    """Let PostgreSQL know who asks for as long as the block runs; outside it, nobody sees anything.

    `epoch` is the present second, read at the door. Long work takes a new ticket now and then.
    """
    before = _actor.get()
    token = _actor.set(actor)
    _show(ticket(actor, epoch))
    try:
        yield
    finally:
        _actor.reset(token)
        if not connection.needs_rollback:
            _show(ticket(before, epoch) if before else "")


def current() -> Actor | None:
    """Who is acting now, for the ledger; None outside `acting`."""
    return _actor.get()
