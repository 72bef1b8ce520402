"""The lines that linkage compares, as they are kept: records with their numbers opened, files without a record.

Identity numbers are opened in memory only, for comparing; nothing made of these rows may show them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from qiaoqiao.gateways import vault
from qiaoqiao.lib.words import is_han
from qiaoqiao.parties.linkage.features import COLUMNS
from qiaoqiao.parties.models import (
    Address,
    Citizenship,
    Contact,
    Document,
    File,
    Kin,
    Member,
    Name,
    Record,
)
from qiaoqiao.parties.models.files import Fact

TEXTS = tuple(name for name in COLUMNS if name not in {"source", "id_no", "record_date"})
NOTHING = dict.fromkeys(COLUMNS, "")
RESIDENT = "resident_card"
SAID: tuple[Any, ...] = (Name, Document, Citizenship, Address, Contact, Member, Kin)


@dataclass(frozen=True)
class Line:
    """One line to compare: of which file, of which record if it has one, and what it says."""

    file: UUID
    record: UUID | None
    row: Mapping[str, str]


def row_of(record: Record) -> dict[str, str]:
    """A record in the columns of shared rolls, its number opened."""
    row = NOTHING | {name: str(getattr(record, name) or "") for name in TEXTS}
    row["id_no"] = number_of(record)
    row["record_date"] = record.record_date.isoformat() if record.record_date else ""
    return row


def number_of(record: Record) -> str:
    """The number of a record's paper; "" where there is none or the seal is broken."""
    return opened(record.id_sealed, vault.Place("parties_record", "id_sealed", str(record.pk)))


def opened(sealed: bytes | memoryview | None, place: vault.Place) -> str:
    if not sealed:
        return ""
    try:
        return vault.unseal(bytes(sealed), place)
    except vault.SealBroken:
        return ""


def lines_of(files: Sequence[UUID]) -> list[Line]:
    """Every line of some files: their records, and one made of the facts for a file that has no record."""
    chosen = Record.objects.filter(file__in=files).defer("keys", "more", "digest")
    chosen = chosen.order_by("file", "added_at", "id")
    lines = [Line(one.file_id, one.pk, row_of(one)) for one in chosen if one.file_id]
    bare = sorted(set(files) - {line.file for line in lines})
    return [*lines, *lines_of_facts(bare)]


def lines_of_facts(files: Sequence[UUID]) -> list[Line]:
    """A line for each of these files, of what is known of the person; in a fixed number of statements."""
    if not files:
        return []
    known: dict[UUID, list[Fact]] = {one: [] for one in files}
    for model in SAID:
        rows = model._default_manager.filter(file__in=files, until__isnull=True)
        if model is Member:
            rows = rows.select_related("household")
        for fact in rows.order_by("added_at", "id"):
            known[fact.file_id].append(fact)
    return [
        Line(file.pk, None, row_of_facts(file, known[file.pk]))
        for file in File.objects.filter(pk__in=files).defer("words").order_by("pk")
    ]


def row_of_facts(file: File, facts: Iterable[Fact]) -> dict[str, str]:
    """What a file says of the person, as a roll would write it: the first of each kind."""
    row = NOTHING | {"sex": file.sex.upper(), "birth_date": file.born}
    for fact in facts:
        for name, text in told(fact).items():
            row[name] = row[name] or text
    return row


def told(fact: Fact) -> dict[str, str]:
    """The columns that one fact fills."""
    match fact:
        case Name():
            own = "name_hanzi" if any(map(is_han, fact.text)) else "name_latin"
            return {own if fact.kind in {"legal", "given", "married"} else "alias": fact.text}
        case Document():
            number = opened(fact.sealed, vault.Place("parties_document", "sealed", str(fact.pk)))
            return {"id_no": number, "id_type": "CNID" if fact.kind == RESIDENT else "PASSPORT"}
        case Citizenship():
            return {"nationality": fact.country}
        case Address() if fact.kind in {"home", "native"}:
            return {"address" if fact.kind == "home" else "native_place": fact.text}
        case Contact() if fact.kind == "phone":
            return {"phone": fact.value}
        case Member():
            return {"household_no": fact.household.number}
        case Kin() if f"{fact.relation}_name" in NOTHING:
            return {f"{fact.relation}_name": fact.name}
    return {}
