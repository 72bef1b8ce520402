"""Verified facts and what a correction may name: each field by a word, read from the file and set in it.

A field is a column of the file (`born`), or a kind of fact (`phone`), or one fact of that kind
(`phone:<its id>`). A new value of "" only ends the fact.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from qiaoqiao.lib.countries import CODES
from qiaoqiao.parties import wording
from qiaoqiao.parties.actions.grounds import holds
from qiaoqiao.parties.models import (
    Address,
    Citizenship,
    Contact,
    Document,
    File,
    Kin,
    Member,
    Name,
    Need,
    Standing,
)
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.rules import EMAIL, NEEDS, PHONE, STANDINGS

COLUMNS = ("sex", "born", "origin", "return_year")
BORN = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
FIRST_RETURN = 1900


@dataclass(frozen=True)
class Slot:
    """Where a field's facts lie: the table, what is fixed of them, and the column that holds the value."""

    model: type[Fact]
    value: str
    fixed: Mapping[str, str] = field(default_factory=dict)
    copied: tuple[str, ...] = ()


SLOTS: Mapping[str, Slot] = {
    "name": Slot(Name, "text", {"kind": "legal"}, ("script", "spelling")),
    "latin_name": Slot(Name, "text", {"kind": "legal", "script": "latin"}, ("spelling",)),
    "other_name": Slot(Name, "text", {}, ("kind", "script", "spelling")),
    "standing": Slot(Standing, "kind"),
    "citizenship": Slot(Citizenship, "country"),
    "document": Slot(Document, "tail", {}, ("kind", "issuer")),
    "home": Slot(Address, "text", {"kind": "home"}, ("country",)),
    "register": Slot(Address, "text", {"kind": "register"}, ("country",)),
    "native": Slot(Address, "text", {"kind": "native"}, ("country",)),
    "post": Slot(Address, "text", {"kind": "post"}, ("country",)),
    "phone": Slot(Contact, "value", {"kind": "phone"}, ("preferred", "shared", "wish")),
    "email": Slot(Contact, "value", {"kind": "email"}, ("preferred", "shared", "wish")),
    "wechat": Slot(Contact, "value", {"kind": "wechat"}, ("preferred", "shared", "wish")),
    "kin": Slot(Kin, "name", {}, ("relation", "country", "other")),
    "need": Slot(Need, "kind", {}, ("note",)),
    "member": Slot(Member, "relation"),
}
ENDED_ONLY = ("need", "member")
"""Here a request can only end what stands: adding is never in need of one."""

NAMED_ONLY = ("document", "other_name", "kin", *ENDED_ONLY)
"""Of these a request always names the one fact it is about."""

LABELS: wording.Wording = {
    "name": _("姓名"),
    "latin_name": _("拉丁字母姓名"),
    "other_name": _("其他姓名"),
    "sex": _("性别"),
    "born": _("出生日期"),
    "origin": _("侨居国家或地区"),
    "return_year": _("回国年份"),
    "standing": _("身份"),
    "citizenship": _("国籍"),
    "document": _("证件号码"),
    **wording.ADDRESS_KINDS,
    **wording.CONTACT_KINDS,
    "kin": _("亲属"),
    "need": _("需要"),
    "member": _("家庭"),
}
"""What each field is called for people."""

LONGEST: Mapping[str, int] = {"name": 100, "latin_name": 120, "document": 40, "wechat": 120} | dict.fromkeys(
    ("home", "register", "native", "post"), 200
)


def verified(fact: Fact) -> bool:
    """Whether a fact rests on a proof or a source's roll, so that changing it needs a request."""
    return bool(fact.proof or fact.record_id)


def proof_words(proof: str) -> str:
    """How a fact is known, in words: what an officer noted, or that a request was decided."""
    return str(_("经核实的更正")) if proof.startswith("change:") else proof


def split(name: str) -> tuple[str, UUID | None]:
    """A field's word and the fact it names. Raises ValueError for a fact id that is none."""
    word, _colon, row = name.partition(":")
    return word, UUID(row) if row else None


def field_of(fact: Fact) -> str:
    """How a request names one fact. Raises KeyError for a kind that requests do not reach."""
    fits = (
        word
        for word, slot in SLOTS.items()
        if isinstance(fact, slot.model)
        and all(getattr(fact, key) == value for key, value in slot.fixed.items())
    )
    words = list(fits)
    if "latin_name" in words:
        words = ["latin_name"]
    if not words:
        raise KeyError(type(fact).__name__)
    return f"{words[0]}:{fact.pk}"


def facts_of(file: File, word: str, *, on: date) -> list[Fact]:
    """The facts that stand in a field on a day, the oldest first."""
    slot = SLOTS[word]
    rows = slot.model._default_manager.filter(file=file, **slot.fixed).order_by("added_at", "id")  # type: ignore[misc]
    return [row for row in rows if holds(row, on) and field_of(row) == f"{word}:{row.pk}"]


def named(file: File, wanted: Mapping[str, object], *, on: date) -> dict[str, object]:
    """The same wishes, each naming the one fact it is about where there is exactly one."""
    found: dict[str, object] = {}
    for name, value in wanted.items():
        word, row = split(name)
        if row is None and word in SLOTS:
            standing = facts_of(file, word, on=on)
            if len(standing) == 1:
                name = f"{word}:{standing[0].pk}"
        found[name] = value.strip() if isinstance(value, str) else value
    return found


def now_of(file: File, name: str) -> str:
    """What the file says in a field now; "" for nothing. Numbers of papers are given by their end."""
    word, row = split(name)
    if word in COLUMNS:
        return str(getattr(file, word) or "")
    if word not in SLOTS or row is None:
        return ""
    slot = SLOTS[word]
    fact = slot.model._default_manager.filter(file=file, pk=row).first()  # type: ignore[misc]
    return str(getattr(fact, slot.value)) if fact else ""


def choices_of(file: File, *, on: date) -> list[tuple[str, str]]:
    """Every field of a file that a correction may name, with what it says now: columns, facts, empty fields."""
    found = [(word, now_of(file, word)) for word in COLUMNS]
    for word, slot in SLOTS.items():
        standing = facts_of(file, word, on=on)
        found += [(f"{word}:{fact.pk}", str(getattr(fact, slot.value))) for fact in standing]
        if not standing and word not in NAMED_ONLY:
            found.append((word, ""))
    return found


def faults_of(file: File, wanted: Mapping[str, object]) -> dict[str, str]:
    """What is wrong by field: `missing`, `unknown`, `same`, `malformed`, `too_long`, `not_offered`."""
    if not wanted:
        return {"wanted": "missing"}
    return {name: fault for name, value in wanted.items() if (fault := _fault(file, name, str(value or "")))}


def _fault(file: File, name: str, value: str) -> str:
    try:
        word, row = split(name)
    except ValueError:
        return "unknown"
    if word not in COLUMNS and word not in SLOTS:
        return "unknown"
    if word in SLOTS and row is not None and not _there(file, SLOTS[word], row):
        return "unknown"
    if word in SLOTS and row is None and (not value or word in NAMED_ONLY):
        return "missing"
    if (value or word in COLUMNS) and value == now_of(file, name) and word != "document":
        return "same"
    return _misfit(word, value) if value else ""


def _there(file: File, slot: Slot, row: UUID) -> bool:
    return slot.model._default_manager.filter(file=file, pk=row, **slot.fixed).exists()  # type: ignore[misc]


def _misfit(word: str, value: str) -> str:
    """Whether a value can stand in a field at all."""
    if word in ENDED_ONLY:
        return "not_offered"
    chosen: Mapping[str, Any] = {
        "sex": ("m", "f"), "origin": CODES, "citizenship": CODES, "standing": STANDINGS, "need": NEEDS,
    }  # fmt: skip
    if word in chosen:
        return "" if value in chosen[word] else "not_offered"
    if len(value) > LONGEST.get(word, 120):
        return "too_long"
    if word == "born":
        return "" if _is_born(value) else "malformed"
    if word == "return_year":
        return "" if value.isdecimal() and FIRST_RETURN <= int(value) <= 9999 else "malformed"
    pattern = {"phone": PHONE, "email": EMAIL}.get(word)
    return "malformed" if pattern and not pattern.fullmatch(value) else ""


def _is_born(value: str) -> bool:
    if not BORN.fullmatch(value):
        return False
    try:
        date.fromisoformat(f"{value}-01-01"[:10] if len(value) < 10 else value)
    except ValueError:
        return False
    return True


def end_on(fact: Fact, day: date) -> date:
    """The last day of a fact that is over on a day, never before it began."""
    last = day - timedelta(days=1)
    return max(last, fact.since) if fact.since else last


def set_column(file: File, word: str, value: str) -> None:
    """Set a column of the file on the object given."""
    if word == "return_year":
        file.return_year = int(value) if value else None
    else:
        setattr(file, word, value)


def successor(word: str, value: str, old: Fact | None, *, since: date) -> Fact:
    """The fact that takes the place of another: the same in everything but the value."""
    slot = SLOTS[word]
    kept = {name: getattr(old, name) for name in slot.copied} if old else {}
    if word == "name" and (old is None or bool(HAN.search(value)) != (kept["script"] in {"hans", "hant"})):
        kept |= {"script": "hans" if HAN.search(value) else "other", "spelling": ""}
    return slot.model(**{**slot.fixed, **kept, slot.value: value, "since": since})
