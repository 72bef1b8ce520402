"""Saying that an applicant of a case is the person of a file, and taking that back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.lib.statements import insert
from qiaoqiao.parties.actions.grounds import hold, settle
from qiaoqiao.parties.models import File, FileReach, Person

WHY = "case"
CHECKED_BY = ("paper", "number", "known", "asked")
"""How an officer may have made sure who an applicant is; in words in `parties.sentences`."""


class LinkRefused(Exception):
    """The applicant belongs to another file already (`other_file`), or nobody said how it was checked."""


@transaction.atomic
def link_applicant(
    person_id: UUID, file_id: UUID, *, case: str, how: str, office: Office, actor: Actor, at: datetime
) -> File:
    """Link the applicant of a case to a file; the case's office then reaches the file.

    `case` is its reference, `how` one of `CHECKED_BY`. Linking once more changes nothing. Raises LinkRefused
    and FileClosed.
    """
    if how not in CHECKED_BY:
        raise LinkRefused("not_checked")
    file = hold(file_id)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.file_id == file_id:
        return file
    if person.file_id is not None:
        raise LinkRefused("other_file")
    person.file = file
    person.save(update_fields=["file"])
    done = [Happening("file.case_linked", {"case": case, "how": how}, actor.ledger_name, at, office.code)]
    held = FileReach.objects.filter(file=file, office=office, why=WHY)
    if office.pk != file.office_id and not held.exists():
        insert(FileReach(file=file, office=office, why=WHY))
        given = {"office": office.code, "why": WHY}
        done.append(Happening("file.reach_given", given, actor.ledger_name, at, office.code))
    return settle(file, *done, at=at)


@transaction.atomic
def unlink_applicant(
    person_id: UUID, *, case: str, reason: str, office: Office, last: bool, actor: Actor, at: datetime
) -> None:
    """Take a wrong link back. `last` says that the office has no other case of this person: its reach ends."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.file_id is None:
        return
    file = hold(person.file_id, states=("active", "frozen", "merged"))
    person.file = None
    person.save(update_fields=["file"])
    facts = {"case": case, "reason": " ".join(reason.split())[:400]}
    settle(file, Happening("file.case_unlinked", facts, actor.ledger_name, at, office.code), at=at)
    if last:
        FileReach.objects.filter(file=file, office=office, why=WHY).delete()
