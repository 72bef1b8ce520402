"""Who lives behind a door, and what to ask them: read in the same few statements however many they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from qiaoqiao.access.tickets import Actor
from qiaoqiao.parties.models import Address, Consent, Contact, File, Member, Need, Visit
from qiaoqiao.parties.queries import visible_files
from qiaoqiao.parties.rules import SENSITIVE_NEEDS

MOST_AT_ONE_DOOR = 12
"""A register's household can be a whole dormitory; whoever is beyond this is called on from their own file."""


@dataclass(frozen=True)
class Resident:
    """One person at the door. Sensitive needs are listed only while the consent to keep them is in force."""

    file: File
    relation: str
    home: str
    needs: Sequence[Need]
    phones: Sequence[Contact]
    sensitive: bool
    last_visit: Visit | None


def household_of(file: File, actor: Actor, *, on: date) -> list[File]:
    """The person first, then who keeps house with them and may be seen, in the order of their files."""
    if file.household_id is None:
        return [file]
    others = visible_files(actor, on=on).filter(household=file.household_id, state="active")
    others = others.exclude(pk=file.pk).select_related("office", "household").order_by("id")
    return [file, *others[: MOST_AT_ONE_DOOR - 1]]


def files_named(numbers: Sequence[str], actor: Actor, *, on: date) -> dict[str, File]:
    """The files that a form was made for, by number; of a merged one, the file it went into."""
    seen = visible_files(actor, on=on).filter(number__in=numbers[:MOST_AT_ONE_DOOR])
    rows = seen.select_related("office", "household", "merged_into__office", "merged_into__household")
    return {file.number: file.merged_into or file for file in rows}


def residents(files: Sequence[File], *, on: date) -> list[Resident]:
    """What is asked of each of these people, in their order."""
    ids = [file.pk for file in files]
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    needs = list(Need.objects.filter(lasting, file__in=ids).order_by("added_at", "id"))
    contacts = list(Contact.objects.filter(lasting, file__in=ids, kind="phone").order_by("added_at", "id"))
    homes = dict(
        Address.objects.filter(lasting, file__in=ids, kind="home")
        .order_by("added_at")
        .values_list("file_id", "text")
    )
    relations = dict(Member.objects.filter(lasting, file__in=ids).values_list("file_id", "relation"))
    agreed = Consent.objects.filter(file__in=ids, purpose="sensitive", withdrawn_at__isnull=True)
    agreeing = set(agreed.values_list("file_id", flat=True))
    newest = Visit.objects.filter(file__in=ids).select_related("officer").order_by("file", "-visited_at")
    last = {visit.file_id: visit for visit in newest.distinct("file")}
    return [
        Resident(
            file=file,
            relation=relations.get(file.pk, ""),
            home=homes.get(file.pk) or (file.household.address if file.household else ""),
            needs=[
                need
                for need in needs
                if need.file_id == file.pk and (need.kind not in SENSITIVE_NEEDS or file.pk in agreeing)
            ],
            phones=[one for one in contacts if one.file_id == file.pk],
            sensitive=file.pk in agreeing,
            last_visit=last.get(file.pk),
        )
        for file in files
    ]
