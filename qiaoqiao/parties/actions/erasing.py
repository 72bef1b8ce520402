"""Emptying a file because the person asked for it and the law allows it: nothing of the person is left.

What stays: the file's number, its chain in the ledger without facts, requests filed under their own
reference (the law of each procedure keeps those), and what relatives said of their own family. What rooms
above hold of the person they forget in the same transaction, each as it registered (`parties.forgetting`).
"""

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from qiaoqiao.access.tickets import SYSTEM, Actor, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, erase_facts, record
from qiaoqiao.parties.actions.grounds import hold
from qiaoqiao.parties.actions.proving import own_contacts
from qiaoqiao.parties.forgetting import Leaving, forget
from qiaoqiao.parties.models import (
    Address,
    Batch,
    Change,
    Citizenship,
    Consent,
    Contact,
    Document,
    File,
    FileCode,
    FileReach,
    Household,
    Kin,
    Member,
    Merge,
    Name,
    Need,
    Person,
    Proposal,
    Record,
    Standing,
    Visit,
)

GONE: tuple[type[models.Model], ...] = (
    Name, Document, Citizenship, Standing, Address, Contact, Member, Kin, Need, Visit,
    Consent, Change, FileCode, FileReach, Record,
)  # fmt: skip
"""Rows that hang on a file and go with it."""

EMPTY: dict[str, object] = {
    "state": "erased", "place": None, "name": "", "latin_name": "", "sex": "", "born": "", "died_on": None,
    "standing": "", "origin": "", "return_year": None, "country": "", "languages": [], "household": None,
    "checked_on": None, "review_on": None, "merged_into": None, "words": None,
}  # fmt: skip
"""What is left in the columns of an erased file; number, keeper and the day it was made stay."""


class ReasonMissing(Exception):
    """An erasure names the ground it rests on, as a token: `asked`, `withdrawn`, `kin_asked`, `replayed`."""


@transaction.atomic
def erase(file_id: UUID, *, reason: str, actor: Actor, at: datetime, office: str = "") -> File:
    """Erase a file the caller may see, with every file that was merged into it.

    Works under a system's ticket of the second `at`, since much hangs on a file that no single officer
    sees (another office's proposals, the requests of the person): `at` must be the present moment.
    Proofs that were handed in leave the storage by a reaction. Raises FileClosed, ReasonMissing.
    """
    if not reason.isidentifier():
        raise ReasonMissing(reason)
    hold(file_id, states=("active", "frozen"))
    with acting(SYSTEM, epoch=int(at.timestamp())):
        for absorbed in family(file_id):
            _empty(absorbed, reason=reason, actor=actor, at=at, office=office)
        return _empty(file_id, reason=reason, actor=actor, at=at, office=office)


def family(file_id: UUID) -> list[UUID]:
    """The files that were merged into one, and into those, deepest first."""
    below = list(File.objects.filter(merged_into=file_id).order_by("pk").values_list("pk", flat=True))
    return [deeper for one in below for deeper in (*family(one), one)]


def _empty(file_id: UUID, *, reason: str, actor: Actor, at: datetime, office: str) -> File:
    file = hold(file_id, states=("active", "frozen", "merged"))
    proofs = sorted(Change.objects.filter(file=file).exclude(evidence="").values_list("evidence", flat=True))
    forget(leaving(file, at=at))
    _forget_lines(file)
    _forget_pairs(file)
    homes = list(Member.objects.filter(file=file).values_list("household", flat=True).distinct())
    for model in GONE:
        model._default_manager.filter(file=file).delete()
    # A relative's own words stay in their file, without the name of who was erased.
    Kin.objects.filter(other=file).update(other=None, name="")
    Person.objects.filter(file=file).update(file=None)
    for column, value in EMPTY.items():
        setattr(file, column, value)
    file.save(update_fields=list(EMPTY))
    _forget_homes([*homes, file.household_id])
    erase_facts(file.pk, reason=reason, actor=actor.ledger_name, at=at)
    facts = {"reason": reason, "proofs": proofs}
    record(file.pk, Happening("file.erased", facts, actor.ledger_name, at, office))
    return file


def leaving(file: File, *, at: datetime) -> Leaving:
    """Who is forgotten, as rooms above know them: read before the links are cut."""
    contacts = own_contacts(file.pk, on=at.astimezone(SHANGHAI).date())
    return Leaving(
        file=file.pk,
        people=tuple(Person.objects.filter(file=file).order_by("pk").values_list("pk", flat=True)),
        contacts=frozenset(text for one in contacts for text in written(one.value)),
        at=at,
    )


def written(contact: str) -> set[str]:
    """How a contact may have been written elsewhere: addresses folded, numbers with and without 86 before them."""
    if "@" in contact:
        return {contact.strip().casefold()}
    number = re.sub(r"[^0-9+]", "", contact)
    bare = number.removeprefix("+86")
    return {one for one in (number, bare, f"+86{bare}" if not bare.startswith("+") else "") if one}


def _forget_lines(file: File) -> None:
    """Take the person's lines out of the reports of imports, and close what was held of them."""
    for batch in Batch.objects.filter(records__file=file).distinct():
        lines = set(Record.objects.filter(batch=batch, file=file).values_list("line", flat=True))
        batch.report = [one for one in batch.report if one.get("row") not in lines]
        if batch.state != "doing":
            batch.held = None
        batch.save(update_fields=["report", "held"])


def _forget_pairs(file: File) -> None:
    """Remove what machines and reviewers said of this file and another; a merge keeps that it was, not what."""
    Proposal.objects.filter(Q(one=file) | Q(other=file)).delete()
    Merge.objects.filter(Q(kept=file) | Q(absorbed=file)).update(moved={})


def _forget_homes(households: Iterable[UUID | None]) -> None:
    """Remove households in which nobody is left; the others keep their address, which is theirs."""
    left = Household.objects.filter(pk__in=[one for one in households if one])
    left.filter(members__isnull=True, files__isnull=True).delete()


# --- after a restore ---------------------------------------------------------------------------------


def erase_again(numbers: Iterable[str], *, at: datetime) -> list[str]:
    """Erase files by number once more: those that a restored backup brought back. Return which they were.

    For the keeper after a restore, under a system's ticket; numbers already erased or unknown are passed over.
    """
    again = []
    for number in sorted(set(numbers)):
        file = File.objects.filter(number=number).exclude(state="erased").first()
        if file is None:
            continue
        if file.state == "merged":
            with transaction.atomic():
                _empty(file.pk, reason="replayed", actor=SYSTEM, at=at, office="")
        else:
            erase(file.pk, reason="replayed", actor=SYSTEM, at=at)
        again.append(number)
    return again
