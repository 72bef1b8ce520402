"""A person's own copy: what is held, from where and since when, who opened it and why; for reading and for machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from babel import Locale
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office, Place, Post
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.countries import LOCALES, names
from qiaoqiao.parties import correcting, wording
from qiaoqiao.parties.consents import PURPOSES
from qiaoqiao.parties.consents import wording as consent_wording
from qiaoqiao.parties.holding import FACT_COLUMNS, LEFT_OUT, PARTS, STRUCTURE, WHY_NOT, Column, Part
from qiaoqiao.parties.importing.wording import COLUMNS as ROLL_COLUMNS
from qiaoqiao.parties.models import Change, Consent, File, Household, Kin, Record, Source
from qiaoqiao.parties.sentences import Step, Teller, Told, tell

FORMAT = "qiaoqiao.file/1"
Held = list[tuple[Part, list[Model]]]


@dataclass(frozen=True)
class Item:
    """One thing held: its label and its value, which may be a date, an instant, an office or a place."""

    label: str
    value: object


@dataclass(frozen=True)
class Line:
    """One row: its items, from when to when it holds, and where it came from."""

    row: UUID
    items: Sequence[Item]
    since: date | None = None
    until: date | None = None
    source: str = ""
    added_at: datetime | None = None


@dataclass(frozen=True)
class Section:
    """Everything of one kind."""

    key: str
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Look:
    """Somebody opened the file: which office, in what post there, what for, when; never their name."""

    office: str
    roles: tuple[str, ...]
    purpose: str
    reason: str
    at: datetime


def held(file: File) -> Held:
    """Read everything a file holds; one query a table."""
    read: Held = []
    for part in PARTS:
        if part.model is File:
            read.append((part, [file]))
            continue
        linked = [
            one.name for one in part.model._meta.concrete_fields if one.is_relation and one.name != "file"
        ]
        shown = [name for name in linked if name not in part.withheld]
        rows = part.model._default_manager.filter(file=file).select_related(*_paths(shown)).order_by("pk")
        read.append((part, list(rows)))
    return read


def _paths(linked: Sequence[str]) -> list[str]:
    return [path for name in linked for path in ([name, "record__source"] if name == "record" else [name])]


# --- for reading -------------------------------------------------------------------------------------


def sections(read: Held, language: str) -> list[Section]:
    """What is held in the reader's words; empty columns and empty sections are left out."""
    found = [
        Section(part.key, str(part.title), [_line(part, row, language) for row in rows])
        for part, rows in read
    ]
    return [one for one in found if one.lines]


def _line(part: Part, row: Model, language: str) -> Line:
    items = []
    for name, column in part.columns.items():
        value = _shown(row, name, column, language) if column.read else None
        if value not in ("", None, [], {}):
            items.append(Item(str(column.label), value))
    if not hasattr(row, "proof"):
        return Line(row.pk, items)
    return Line(row.pk, items, row.since, row.until, _source(row, language), row.added_at)  # type: ignore[attr-defined]


def _shown(row: Model, name: str, column: Column, language: str) -> object:
    value = getattr(row, name)
    if isinstance(row, Kin) and name == "name" and value and row.record_id:
        return str(WHY_NOT["others"])
    if isinstance(row, Consent) and name == "purpose":
        return consent_wording(value, language).title if value in PURPOSES else value
    if isinstance(row, Consent) and name == "language":
        return language_words(value, language)
    if isinstance(row, Change) and name == "evidence_name" and str(value).startswith("visit:"):
        return _("走访时")
    if isinstance(row, Change) and name == "wanted":
        return _comma(language).join(_wish(field, one, language) for field, one in sorted(value.items()))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Household):
        return " ".join(filter(None, [value.number, value.address]))
    if isinstance(value, Source):
        return _named(value.names, language)
    if column.country:
        return names(language).get(value, value)
    if isinstance(value, list):
        return _comma(language).join(_token(column, one) for one in value)
    if isinstance(value, Mapping):
        return _comma(language).join(
            _besides(key, one, language) for key, one in sorted(value.items()) if one
        )
    return _token(column, value) if isinstance(value, str) else value


def _token(column: Column, value: object) -> str:
    return wording.said(column.words, str(value)) if column.words else str(value)


def _wish(field: str, value: object, language: str) -> str:
    """One wish of a correction: the field's name and what it should say; a sealed number shows its end only."""
    word = field.partition(":")[0]
    if isinstance(value, Mapping):
        said = _("尾号 %(tail)s") % {"tail": value["tail"]}
    elif word in {"origin", "citizenship"}:
        said = names(language).get(str(value), str(value))
    else:
        chosen = {"sex": wording.SEXES, "standing": wording.STANDINGS}.get(word, {})
        said = wording.said(chosen, str(value)) if value else _("不再是这样")
    return _("%(label)s：%(value)s") % {"label": wording.said(correcting.LABELS, word), "value": said}


def _besides(key: str, value: object, language: str) -> str:
    """One of the things a line of a roll said besides its columns, in words."""
    told = {
        "standing": wording.STANDINGS, "need": wording.NEEDS, "languages": wording.LANGUAGES,
        "relation": wording.RELATIONS,
    }  # fmt: skip
    if key in {"origin", "country"}:
        said = names(language).get(str(value), str(value))
    else:
        parts = value if isinstance(value, list) else [value]
        said = _comma(language).join(wording.said(told.get(key, {}), str(one)) for one in parts)
    label = wording.said(ROLL_COLUMNS, "phone" if key == "phones" else key)
    return _("%(label)s：%(value)s") % {"label": label, "value": said}


def language_words(code: str, language: str) -> str:
    """What one of the five languages is called in another."""
    known = Locale.parse("_".join(LOCALES[code].split("_")[:2])) if code in LOCALES else None
    return str(known.get_display_name(LOCALES[language])) if known else code


def _comma(language: str) -> str:
    return "、" if language.startswith("zh") else ", "


def _named(said: Mapping[str, str], language: str) -> str:
    """A name in the reader's language, else in another with Latin letters for one who reads those, else in Chinese."""
    folded = {tag.lower(): name for tag, name in said.items() if name}
    wanted = [language, *(() if language.startswith("zh") else ("en", "es", "pt")), "zh-hans"]
    return next((folded[tag] for tag in wanted if tag in folded), next(iter(folded.values()), ""))


def _source(fact: Model, language: str) -> str:
    """Where a fact was learned: a roll, a request or a visit, or what the officer noted."""
    record: Record | None = fact.record  # type: ignore[attr-defined]
    if record is not None:
        return _("名册：%(source)s") % {"source": _named(record.source.names, language)}
    return correcting.proof_words(str(fact.proof))  # type: ignore[attr-defined]


# --- who looked, and what happened -------------------------------------------------------------------


def looks(file_id: UUID, language: str) -> list[Look]:
    """Who opened the file and why, newest first; the office and the post, not the person in it."""
    entries = _entries(file_id).filter(kind__startswith="file.opened").order_by("-seq")
    read = list(entries)
    offices = _offices(read)
    roles = _roles(read)
    return [
        Look(
            _named(offices[one.office].names, language) if one.office in offices else one.office,
            roles.get((one.actor, one.office), ()),
            wording.said(wording.PURPOSES_OF_READING, one.kind.partition(":")[2] or "other"),
            str(_facts(one).get("reason") or ""),
            one.at,
        )
        for one in read
    ]


def happened(file_id: UUID, language: str) -> list[Told]:
    """Everything that happened to the file, newest first, as its person reads it."""
    read = list(_entries(file_id).order_by("seq"))
    known = {code: _named(one.names, language) for code, one in _offices(read).items()}
    steps = [Step(one.kind, one.actor, one.office, one.at, _facts(one)) for one in read]
    sources = {one.code: _named(one.names, language) for one in Source.objects.all()}
    return tell(steps, Teller(language, audience="person", offices=known, sources=sources))


def _entries(file_id: UUID) -> QuerySet[Entry]:
    return Entry.objects.filter(subject=file_id).select_related("fact")


def _facts(entry: Entry) -> dict[str, object]:
    """The facts of an entry; none where they were erased."""
    try:
        facts: dict[str, object] = entry.fact.facts
    except Entry.fact.RelatedObjectDoesNotExist:
        return {}
    return facts


def _offices(entries: Sequence[Entry]) -> dict[str, Office]:
    return {one.code: one for one in Office.objects.filter(code__in={one.office for one in entries})}


def _roles(entries: Sequence[Entry]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The posts that the officers hold or held in the offices they acted for, as tokens."""
    accounts = {int(one.actor[6:]) for one in entries if one.actor.startswith("staff:")}
    codes = {one.office for one in entries}
    posts = Post.objects.filter(account__in=accounts, office__code__in=codes).select_related("office")
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for post in posts.order_by("pk"):
        key = (f"staff:{post.account_id}", post.office.code)
        if post.role not in found.get(key, ()):
            found[key] = (*found.get(key, ()), post.role)
    return found


# --- for machines ------------------------------------------------------------------------------------


def machine(file: File, read: Held, *, at: datetime, language: str) -> dict[str, object]:
    """The same for machines: every column, or the reason why it is not there. Tokens stay tokens."""
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "number": file.number,
        **{part.key: [dict(_columns(part, row)) for row in rows] for part, rows in read},
        "looks": [
            {"office": one.office, "roles": one.roles, "purpose": one.purpose, "reason": one.reason,
             "at": one.at.isoformat()}
            for one in looks(file.pk, language)
        ],
        "entries": [
            {"seq": one.seq, "kind": one.kind, "office": one.office, "at": one.at.isoformat(),
             "hash": bytes(one.hash).hex()}
            for one in _entries(file.pk).order_by("seq")
        ],
        "withheld": {
            part.key: {name: str(WHY_NOT[why]) for name, why in part.withheld.items()}
            for part, _rows in read if part.withheld
        },
        "left_out": {model.__name__.lower(): str(why) for model, why in LEFT_OUT.items()},
    }  # fmt: skip


def _columns(part: Part, row: Model) -> Iterator[tuple[str, object]]:
    yield "id", str(row.pk)
    dated = FACT_COLUMNS if hasattr(row, "proof") else ()
    for name in (*part.columns, *dated):
        value = getattr(row, name)
        if isinstance(row, Kin) and name == "name" and row.record_id:
            value = None
        yield name, _for_machines(value)


def _for_machines(value: object) -> object:
    match value:
        case date() | datetime():
            return value.isoformat()
        case Office():
            return {"code": value.code, "name": value.names.get("zh-Hans", "")}
        case Place():
            return {"code": value.code, "name": value.names.get("zh-Hans", "")}
        case Household():
            return {"number": value.number, "address": value.address}
        case Record():
            return {"source": value.source.code, "line": value.line}
        case Source():
            return value.code
        case Mapping():
            return {
                key: {"tail": one.get("tail")} if isinstance(one, Mapping) else one
                for key, one in value.items()
            }
    return value


def unmapped() -> list[str]:
    """Tables and columns that are neither shown nor left out; a test keeps this empty."""
    missing = []
    parts = {part.model: part for part in PARTS}
    pointing = {one.related_model for one in File._meta.related_objects} - set(parts) - set(LEFT_OUT) - {File}
    missing += sorted(model.__name__ for model in pointing)
    for part in PARTS:
        dated = FACT_COLUMNS if any(one.name == "proof" for one in part.model._meta.fields) else ()
        known = {*part.columns, *part.withheld, *dated, *STRUCTURE}
        names_of_columns = {one.name for one in part.model._meta.concrete_fields}
        missing += [f"{part.model.__name__}.{name}" for name in sorted(names_of_columns - known)]
    return missing
