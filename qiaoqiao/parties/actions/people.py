"""Keeping people's data: entering somebody, sealing a number, giving and withdrawing a mandate."""

from dataclasses import replace
from datetime import date, datetime

from django.db import connection

from qiaoqiao.gateways import vault
from qiaoqiao.lib.ids import row_id
from qiaoqiao.lib.statements import insert
from qiaoqiao.parties.models import Identity, Mandate, Person
from qiaoqiao.parties.rules import Applicant


class OutsideTransaction(Exception):
    """A person is only kept together with the request they made."""


def enter(applicant: Applicant, *, at: datetime) -> Person:
    """Keep somebody as they gave themselves (tidied and checked), their number sealed."""
    if not connection.in_atomic_block:
        raise OutsideTransaction
    person = Person(
        name=applicant.name,
        latin_name=applicant.latin_name,
        country=applicant.country,
        language=applicant.language,
        timezone=applicant.timezone,
        email=applicant.email,
        phone=applicant.phone,
        made_at=at,
    )
    if applicant.identity_number:
        insert(person, sealed_number(person, applicant.identity_kind, applicant.identity_number))
    else:
        insert(person)
    return person


def sealed_number(person: Person, kind: str, number: str) -> Identity:
    """A paper's number, ready to be kept: only its own row opens it, only the exact number finds it."""
    row = row_id()
    return Identity(
        id=row,
        person=person,
        kind=kind,
        sealed=vault.seal(number, vault.Place("parties_identity", "sealed", str(row))),
        blind=vault.blind("identity", number),
        tail=number[-4:],
    )


def authorise(
    principal: Person,
    agent: Person,
    *,
    relation: str,
    scope: str,
    until: date | None,
    evidence: str,
    at: datetime,
) -> Mandate:
    """Let one person act for another in one matter."""
    mandate = Mandate(
        principal=principal,
        agent=agent,
        relation=relation,
        scope=scope,
        given_at=at,
        until=until,
        evidence=evidence,
    )
    insert(mandate)
    return mandate


def anonymous(applicant: Applicant, *, name: str) -> Applicant:
    """Somebody who asked not to be named: nothing but the language they read."""
    return replace(
        applicant, name=name, latin_name="", email="", phone="", identity_kind="", identity_number=""
    )
