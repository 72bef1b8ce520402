"""An organisation's data as somebody gives them, by a form or a row of a workbook: the same either way."""

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from hashlib import sha256

from qiaoqiao.community.network.hours import Hours
from qiaoqiao.community.network.models import Organisation

NAMES = {"name": "zh-Hans", "name_hant": "zh-Hant", "name_en": "en", "name_es": "es", "name_pt": "pt"}
"""Columns and the languages they are in."""
HOME = "CN"
DATES = ("opened_on", "closed_on", "checked_on")
DEGREES = ("longitude", "latitude")
LONGEST = {
    "name": 100,
    "name_hant": 100,
    "name_en": 150,
    "name_es": 150,
    "name_pt": 150,
    "address": 200,
    "phone": 40,
    "email": 254,
    "about": 500,
}


@dataclass(frozen=True)
class Entered:
    """One organisation as given; the names of the fields are the columns of `wording.COLUMNS`."""

    code: str
    kind: str
    name: str
    name_hant: str = ""
    name_en: str = ""
    name_es: str = ""
    name_pt: str = ""
    parent: str = ""
    place: str = ""
    country: str = HOME
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: Hours = field(default_factory=dict)
    zone: str = ""
    languages: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    about: str = ""
    longitude: str = ""
    latitude: str = ""
    opened_on: str = ""
    closed_on: str = ""
    checked_on: str = ""


TOKENS = tuple(one.name for one in fields(Entered))


def entered_of(row: Organisation) -> Entered:
    """An organisation as it stands; its parent and place are read along."""
    said = {column: str(row.names.get(language, "")) for column, language in NAMES.items()}
    plain = {name: str(getattr(row, name)) for name in ("address", "phone", "email", "zone", "country")}
    days = {name: value.isoformat() if (value := getattr(row, name)) else "" for name in DATES}
    return Entered(
        code=row.code,
        kind=row.kind,
        parent=row.parent.code if row.parent else "",
        place=row.place_id or "",
        hours={day: list(spans) for day, spans in row.hours.items()},
        languages=list(row.languages),
        services=list(row.services),
        about=str(row.about.get("zh-Hans", "")),
        **{name: degrees(getattr(row, name)) for name in DEGREES},
        **said,
        **plain,
        **days,
    )


def degrees(value: Decimal | None) -> str:
    """Degrees as they are written: no zeros at the end."""
    return "" if value is None else f"{value.normalize():f}"


def columns_of(given: Entered, row: Organisation) -> None:
    """Write what was given into a row; parent, path and keeper are the action's."""
    row.code, row.kind = given.code, given.kind
    names = {language: getattr(given, column) for column, language in NAMES.items()}
    others = (
        {language: name for language, name in row.names.items() if language not in names} if row.names else {}
    )
    row.names = others | {language: name for language, name in names.items() if name}
    row.place_id = given.place or None
    row.country, row.address, row.phone, row.email = given.country, given.address, given.phone, given.email
    row.hours, row.zone = given.hours, given.zone
    row.languages, row.services = given.languages, given.services
    row.about = {**(row.about or {}), "zh-Hans": given.about}
    if not given.about:
        row.about.pop("zh-Hans")
    row.longitude = Decimal(given.longitude) if given.longitude else None
    row.latitude = Decimal(given.latitude) if given.latitude else None
    for name in DATES:
        setattr(row, name, date.fromisoformat(text) if (text := getattr(given, name)) else None)


def digest(given: Entered) -> str:
    """What tells whether an organisation still stands as it did."""
    return sha256(json.dumps(asdict(given), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def changes(before: Entered, after: Entered) -> list[str]:
    """The columns in which two differ."""
    return [name for name in TOKENS if getattr(before, name) != getattr(after, name)]
