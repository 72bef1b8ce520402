"""The green channel, audited: how long it waits against others, and each time it was passed over.

All is computed from the ledger: a case is taken up by the first move that an officer makes. Nothing here
counts or ranks officers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from qiaoqiao.access.queries import lineage_of, offices_read_by
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI

LOOKED_BACK = timedelta(days=365)
"""A case passed over may have been filed so long before the period."""

MOST_SHOWN = 100


@dataclass(frozen=True)
class Waits:
    """How the cases filed in the period waited, in days; None where nothing was taken up or answered."""

    cases: int
    taken_up: int
    to_first_step: float | None
    answered: int
    to_answer: float | None


@dataclass(frozen=True)
class PassedOver:
    """A case without priority taken up while an older one with priority, due no later, still waited."""

    id: UUID
    reference: str
    taken_at: datetime
    due_on: date | None
    waiting_id: UUID
    waiting_reference: str
    waiting_filed_at: datetime
    waiting_due_on: date | None
    office: int


@dataclass(frozen=True)
class Audit:
    """What the green channel was worth in a period; `more` when not all that passed it over are shown."""

    green: Waits
    others: Waits
    passed_over: Sequence[PassedOver]
    more: bool


# One row a case: the office it was filed with, when it was first taken up, when it was first due.
FIRSTS = """
WITH first AS MATERIALIZED (
    SELECT c.id, c.reference, c.priority, c.filed_at, c.filed_on, c.closed_at, a.office_id, step.taken_at, term.due_on
    FROM casework_assignment a
    JOIN casework_case c ON c.id = a.case_id AND c.filed_at = a.offered_at
    LEFT JOIN LATERAL (
        SELECT min(e.at) AS taken_at FROM ledger_entry e
        WHERE e.subject = c.id AND e.kind LIKE 'move:%%' AND e.actor LIKE 'staff:%%'
    ) step ON true
    LEFT JOIN LATERAL (
        SELECT min(t.due_on) AS due_on FROM casework_term t
        WHERE t.case_id = c.id AND t.binds <> 'person' AND t.starts_on = c.filed_on
    ) term ON true
    WHERE a.seat = 'lead' AND a.office_id = ANY (%(offices)s) AND a.filed_on BETWEEN %(back)s AND %(until)s
      AND c.id NOT IN (SELECT s.case_id FROM casework_shield s WHERE s.office_id = ANY (%(lineage)s))
)
"""
WAITS = """
SELECT priority, count(*), count(taken_at),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM taken_at - filed_at) / 86400.0),
    count(closed_at),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - filed_at) / 86400.0)
FROM first WHERE filed_on BETWEEN %(since)s AND %(until)s GROUP BY priority
"""
PASSED_OVER = """
SELECT n.id, n.reference, n.taken_at, n.due_on, p.id, p.reference, p.filed_at, p.due_on, n.office_id
FROM first n JOIN first p ON p.office_id = n.office_id AND p.priority AND p.filed_at < n.filed_at
    AND coalesce(p.due_on, 'infinity') <= coalesce(n.due_on, 'infinity')
    AND (p.taken_at IS NULL OR p.taken_at > n.taken_at)
    AND (p.closed_at IS NULL OR p.closed_at > n.taken_at)
WHERE NOT n.priority AND n.taken_at >= %(from)s AND n.taken_at < %(to)s
ORDER BY n.taken_at DESC, n.id, p.filed_at, p.id LIMIT %(most)s
"""


def audit(actor: Actor, *, since: date, until: date, on: date) -> Audit:
    """Audit the green channel of the offices whose cases the actor reads, over some days."""
    account = actor.account_id or 0
    given: dict[str, Any] = {
        "offices": offices_read_by(account, on=on),
        "lineage": lineage_of(account, on=on),
        "back": since - LOOKED_BACK,
        "since": since,
        "until": until,
        "from": datetime.combine(since, time(), SHANGHAI),
        "to": datetime.combine(until + timedelta(days=1), time(), SHANGHAI),
        "most": MOST_SHOWN + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIRSTS + WAITS, given)
        waits = {row[0]: Waits(*row[1:]) for row in cursor.fetchall()}
        cursor.execute(FIRSTS + PASSED_OVER, given)
        found = [PassedOver(*row) for row in cursor.fetchall()]
    none = Waits(0, 0, None, 0, None)
    return Audit(
        waits.get(True, none), waits.get(False, none), found[:MOST_SHOWN], more=len(found) > MOST_SHOWN
    )
