"""Checking what a person filled in against an entry's form. Nothing typed is thrown away here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qiaoqiao.catalogue.entry import Entry, FormField, holds

TEXT_LIMIT = 200
LONG_TEXT_LIMIT = 5000


class Fault(StrEnum):
    """What is wrong with an answer; the doors say it in the person's language, beside the field."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_DATE = "not_a_date"
    NOT_A_NUMBER = "not_a_number"
    NOT_OFFERED = "not_offered"
    UNKNOWN_FIELD = "unknown_field"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Checked:
    """`facts` by field id, only what the form asks under the given answers; `faults` by field id."""

    facts: dict[str, object]
    faults: dict[str, Fault]


class FormRefused(Exception):
    """The form as sent cannot be accepted; `faults` by field id."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(", ".join(f"{name}: {fault}" for name, fault in faults.items()))


def asked(entry: Entry, answers: Mapping[str, object]) -> list[FormField]:
    """The fields that apply under these answers, in order."""
    return [field for field in entry.fields if holds(field.when, dict(answers))]


def check(entry: Entry, answers: Mapping[str, object], *, section: str | None = None) -> Checked:
    """Check the answers to a whole form, or to one of its sections.

    Dates are ISO (`2026-11-22`), yes or no is a boolean, several choices are a list. Whether a place, an
    office or a country exists is the caller's to check.
    """
    facts: dict[str, object] = {}
    faults: dict[str, Fault] = {}
    known = {field.id for field in entry.fields}
    faults.update({name: Fault.UNKNOWN_FIELD for name in answers if name not in known})
    within = {field.id for part in entry.form if section in (None, part.id) for field in part.fields}
    for field in asked(entry, answers):
        if field.id not in within:
            continue
        given = answers.get(field.id)
        if isinstance(given, str):
            given = given.replace("\x00", "").strip()
        if given in (None, "", []):
            if field.required:
                faults[field.id] = Fault.MISSING
            continue
        value, fault = _read(field, given)
        if fault:
            faults[field.id] = fault
        else:
            facts[field.id] = value
    return Checked(facts, faults)


def _read(field: FormField, given: object) -> tuple[object, Fault | None]:
    match field.type:
        case "number":
            return _read_number(field, given)
        case "yesno":
            return given, None if isinstance(given, bool) else Fault.NOT_OFFERED
        case "choice":
            offered = {option.id for option in field.options}
            return given, None if isinstance(given, str) and given in offered else Fault.NOT_OFFERED
        case "choices":
            offered = {option.id for option in field.options}
            fits = isinstance(given, list) and all(isinstance(one, str) and one in offered for one in given)
            return given, None if fits else Fault.NOT_OFFERED
        case "date":
            return _read_date(given)
        case _:
            return _read_text(field, given)


def _read_number(field: FormField, given: object) -> tuple[object, Fault | None]:
    try:
        number = int(given) if isinstance(given, str | int) and not isinstance(given, bool) else None
    except ValueError:
        number = None
    if number is None or abs(number) > 10**15:
        return given, Fault.NOT_A_NUMBER
    if field.least is not None and number < field.least:
        return number, Fault.TOO_SMALL
    if field.most is not None and number > field.most:
        return number, Fault.TOO_LARGE
    return number, None


def _read_date(given: object) -> tuple[object, Fault | None]:
    try:
        day = date.fromisoformat(str(given))
    except ValueError:
        return given, Fault.NOT_A_DATE
    return day.isoformat(), None if 1880 <= day.year <= 2200 else Fault.NOT_A_DATE


def _read_text(field: FormField, given: object) -> tuple[object, Fault | None]:
    if not isinstance(given, str):
        return given, Fault.UNREADABLE
    limit = field.most or (LONG_TEXT_LIMIT if field.type == "longtext" else TEXT_LIMIT)
    return given, Fault.TOO_LONG if len(given) > limit else None
