"""The facts of a file that one line of a roll tells, and which of them a file does not hold yet."""

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from qiaoqiao.gateways import vault
from qiaoqiao.lib.ids import row_id
from qiaoqiao.lib.words import fold, is_han
from qiaoqiao.parties.actions.files import document
from qiaoqiao.parties.importing.planning import Decision
from qiaoqiao.parties.importing.tidying import Tidied
from qiaoqiao.parties.models import (
    Address,
    Citizenship,
    Contact,
    Document,
    File,
    Household,
    Kin,
    Member,
    Name,
    Need,
    Record,
    Source,
    Standing,
)
from qiaoqiao.parties.models.files import Fact

KINDS: tuple[Any, ...] = (
    Name, Document, Citizenship, Standing, Address, Contact, Member, Kin, Need,
)  # fmt: skip
"""The facts that a roll can tell."""
OF_FILE = ("sex", "born", "origin", "return_year", "country", "languages")
"""Columns of the file itself that a roll can tell."""
TELLING = frozenset({
    "name_hanzi", "name_latin", "surname_latin", "given_latin", "alias", "sex", "birth_date",
    "birth_calendar", "nationality", "id_type", "phone", "native_place", "address", "household_no",
    "father_name", "mother_name", "spouse_name", "theirs",
})  # fmt: skip


def record_of(decision: Decision, source: Source) -> Record:
    """The line as it is kept: its number sealed, and found again only where it identifies somebody."""
    row, number = decision.row, decision.row.number
    kept = Record(
        id=row_id(), source=source, line=row.line, digest=decision.digest, record_date=row.record_date,
        began=decision.what == "new", file_id=decision.file, more=dict(row.more),
        **{name: text for name, text in row.columns.items() if name in TELLING},
    )  # fmt: skip
    if number:
        place = vault.Place("parties_record", "id_sealed", str(kept.pk))
        kept.id_sealed, kept.id_blind = vault.seal(number, place), decision.blind
        kept.id_tail = vault.normalised(number)[-4:]
    return kept


def columns_of(row: Tidied) -> dict[str, object]:
    """What the line tells of the file's own columns."""
    told: dict[str, object] = {"sex": row.columns.get("sex", "").lower(), "born": row.born}
    told |= {name: row.more.get(name) for name in OF_FILE[2:]}
    return {name: value for name, value in told.items() if value}


def facts_of(row: Tidied, record: Record, source: Source, household: Household | None) -> list[Fact]:
    """Every fact that the line tells, with the source's name and the line's date as its proof."""
    name = source.names.get("zh-Hans") or source.code
    on: date | None = row.record_date
    proof = f"{name} {on.isoformat()}" if on else str(name)
    facts = [*names(row), *papers(row), *situation(row), *ways(row), *kin(row)]
    if household is not None:
        facts.append(Member(household=household, relation=str(row.more.get("relation", ""))))
    for fact in facts:
        fact.record, fact.proof = record, proof[:200]
    return facts


def names(row: Tidied) -> Iterable[Fact]:
    for column in ("name_hanzi", "name_latin"):
        if text := row.columns.get(column):
            yield Name(text=text, script=script_of(text), kind="legal")
    former = row.more.get("former")
    formers = [str(one) for one in former] if isinstance(former, list) else []
    for text in filter(None, row.columns.get("alias", "").split(" / ")):
        yield Name(text=text, script=script_of(text), kind="former" if text in formers else "alias")


def script_of(text: str) -> str:
    """`hans`, `hant`, `latin` or `other`."""
    if any(is_han(char) for char in text):
        return "hans" if all(fold(char) == char for char in text if is_han(char)) else "hant"
    return "latin" if fold(text).replace(" ", "")[:1].isascii() else "other"


def papers(row: Tidied) -> Iterable[Fact]:
    nationality = row.columns.get("nationality", "")
    if row.sure:
        own = nationality in {"", "CN"}
        kind = {
            "CNID": "resident_card",
            "PASSPORT": "passport" if own else "foreign_passport",
            "TRAVEL": "travel_document",
        }.get(row.columns.get("id_type", ""), "other")
        issuer = "CN" if kind in {"resident_card", "passport"} else nationality
        yield document(kind, row.number, issuer=issuer)
    if nationality:
        yield Citizenship(country=nationality)


def situation(row: Tidied) -> Iterable[Fact]:
    if standing := row.more.get("standing"):
        yield Standing(kind=str(standing))
    needs = row.more.get("need")
    for kind in needs if isinstance(needs, list) else []:
        yield Need(kind=kind)


def ways(row: Tidied) -> Iterable[Fact]:
    country = str(row.more.get("country", ""))
    if text := row.columns.get("address"):
        yield Address(kind="home", country=country, text=text)
    if register := row.more.get("register_address"):
        yield Address(kind="register", country="CN", text=str(register))
    if text := row.columns.get("native_place"):
        yield Address(kind="native", country="CN", text=text)
    phones = row.more.get("phones")
    for phone in [row.columns.get("phone", ""), *(phones if isinstance(phones, list) else [])]:
        if phone:
            yield Contact(kind="phone", value=phone)
    if email := row.more.get("email"):
        yield Contact(kind="email", value=str(email))


def kin(row: Tidied) -> Iterable[Fact]:
    for relation in ("father", "mother", "spouse"):
        if name := row.columns.get(f"{relation}_name"):
            yield Kin(relation=relation, name=name)


def same_as(fact: Fact) -> Hashable:
    """What makes two facts of a file one."""
    match fact:
        case Name():
            return "name", fold(fact.text) if is_han(fact.text[:1]) else frozenset(fold(fact.text).split())
        case Document():
            return "document", bytes(fact.blind)
        case Citizenship():
            return "citizenship", fact.country
        case Standing() | Need():
            return type(fact).__name__, fact.kind
        case Address():
            return "address", fact.kind, fold(fact.text)
        case Contact():
            return "contact", fact.kind, fact.value
        case Member():
            return "member", fact.household_id
        case Kin():
            return "kin", fact.relation, fold(fact.name)
    raise TypeError(type(fact))


def held_facts(files: Iterable[UUID]) -> dict[UUID, list[Fact]]:
    """What each file holds already; one query for each kind of fact."""
    wanted = list(files)
    held: dict[UUID, list[Fact]] = {file: [] for file in wanted}
    for model in KINDS if wanted else ():
        for fact in model._default_manager.filter(file__in=wanted):
            held[fact.file_id].append(fact)
    return held


def fill(file: File, told: dict[str, object]) -> dict[str, object]:
    """Set the file's columns that are still blank; return what was set, so that it can be taken back."""
    filled = {name: value for name, value in told.items() if not getattr(file, name)}
    for name, value in filled.items():
        setattr(file, name, value)
    return filled
