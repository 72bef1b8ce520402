"""All rows around one case as one JSON value: a case page would else pay ten round trips and ten plans."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

Found = dict[str, list[dict[str, Any]]]
FIELDS = {
    "steps": "seq kind actor office at facts",
    "seats": "id office_id seat role state officer_id reason offered_at decided_at ended_at due_on due_limit "
    "task task_due_on",
    "papers": "id kind direction title office_id number file file_name mime size added_at added_by verdict remark "
    "seen_by_person",
    "deliveries": "id paper_id channel state sent_at served_at proof",
    "messages": "id sender office_id internal body language sent_at",
    "terms": "id limit binds round starts_on due_on state ended_on extension provisional",
    "identities": "id kind tail",
    "offices": "id code names kind level place_id phone address",
    "officers": "id name",
    "places": "code names",
    "posts": "id office_id role",
}
"""What is read of each kind of row, by the names of its columns."""


def _rows(name: str, source: str, order: str = "id") -> str:
    pairs = ", ".join(f"""'{column}', "{column}\"""" for column in FIELDS[name].split())
    return f"'{name}', (SELECT coalesce(jsonb_agg(jsonb_build_object({pairs}) ORDER BY {order}), '[]') FROM {source})"


def _statement() -> str:
    at_case = "WHERE case_id = %(case)s"
    parts = [
        _rows("steps", "step", "seq"),
        _rows("seats", f"casework_assignment {at_case}", "offered_at"),
        _rows("papers", f"casework_paper {at_case}", "added_at, id"),
        _rows("deliveries", f"casework_delivery {at_case}", "channel"),
        _rows("messages", f"casework_message {at_case}", "sent_at"),
        _rows("terms", f"casework_term {at_case}", "starts_on, due_on"),
        _rows("identities", "parties_identity WHERE person_id = %(person)s"),
        _rows("posts", "held"),
        _rows("offices", "access_office WHERE id IN (SELECT id FROM named)"),
        _rows("officers", "access_account WHERE id IN (SELECT id FROM acted)"),
        _rows("places", "access_place WHERE code = ANY (%(codes)s)", "code"),
    ]
    return f"{_BEFORE} SELECT jsonb_build_object({', '.join(parts)})::text"


# `picked`: offices that an officer chose in a move, by their ids as they were answered.
_BEFORE = """
WITH step AS MATERIALIZED (
    SELECT entry.seq, entry.kind, entry.actor, entry.office, entry.at, fact.facts
    FROM ledger_entry entry LEFT JOIN ledger_fact fact ON fact.entry_id = entry.id
    WHERE entry.subject = %(case)s
), held AS MATERIALIZED (
    SELECT id, office_id, role FROM access_post
    WHERE account_id = %(account)s AND since <= %(on)s AND (until IS NULL OR until >= %(on)s)
), picked AS (
    SELECT answer.value::bigint AS id FROM step CROSS JOIN LATERAL jsonb_each_text(
        CASE WHEN jsonb_typeof(step.facts->'answers') = 'object' THEN step.facts->'answers' ELSE '{}' END
    ) answer
    WHERE step.kind LIKE 'move:%%' AND answer.key = ANY (%(asks)s) AND answer.value ~ '^[0-9]{1,15}$'
), named AS (
    SELECT id FROM access_office WHERE code = ANY (%(codes)s)
    UNION SELECT id FROM access_office WHERE code IN (SELECT office FROM step)
    UNION SELECT office_id FROM casework_assignment WHERE case_id = %(case)s
    UNION SELECT office_id FROM casework_paper WHERE case_id = %(case)s
    UNION SELECT office_id FROM casework_message WHERE case_id = %(case)s
    UNION SELECT office_id FROM held
    UNION SELECT id FROM picked
), acted AS (
    SELECT substr(actor, 7)::bigint AS id FROM step WHERE actor ~ '^staff:[0-9]{1,15}$'
    UNION SELECT officer_id FROM casework_assignment WHERE case_id = %(case)s
)
"""
STATEMENT = _statement()


def belongings(
    case_id: UUID,
    person_id: UUID,
    *,
    account_id: int,
    codes: Sequence[str],
    asks: Sequence[str],
    on: date,
) -> Found:
    """Read all that belongs to a case.

    `codes` are the places and offices that its form names, `asks` the ids of the questions by which
    officers pick an office, `account_id` the reader, whose posts on that day come along.
    """
    facts: dict[str, Any] = {
        "case": case_id,
        "person": person_id,
        "account": account_id,
        "codes": list(codes),
        "asks": list(asks),
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, facts)
        found: Found = json.loads(cursor.fetchone()[0])
    return found
