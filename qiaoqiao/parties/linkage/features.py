"""A record in numbers: all that comparing needs, in a fixed number of bytes.

The same bytes go to DuckDB, to Spark and to the web process, so that one comparing serves them all.
"""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from qiaoqiao.lib.words import fold
from qiaoqiao.parties.linkage import dates, numbers
from qiaoqiao.parties.linkage.dates import NOTHING, Day
from qiaoqiao.parties.linkage.views import MOST_GIVEN, MOST_VIEWS, Names, View, of_hanzi, of_latin, plain
from qiaoqiao.parties.names.knowledge import simplified

Row = Mapping[str, str]
Features = np.ndarray[Any, np.dtype[np.void]]

COLUMNS = (
    "source", "name_hanzi", "name_latin", "surname_latin", "given_latin", "alias", "sex", "birth_date",
    "birth_calendar", "nationality", "id_type", "id_no", "phone", "native_place", "address", "household_no",
    "father_name", "mother_name", "spouse_name", "record_date",
)  # fmt: skip
"""The columns a record is matched by; every value is text, "" where there is none."""

DIGITS = 18
RELATIVES = ("father_name", "mother_name", "spouse_name")
MOST_DATES = 4
NUMBER_KINDS = {"": 0, "resident": 1, "masked": 2, "other": 3}
_NO_GIVEN = (0,) * MOST_GIVEN
HAS_HANZI, HAS_LATIN, SOUND_NUMBER, MAYBE_YEAR_ONLY = 1, 2, 4, 8

DTYPE = np.dtype(
    [
        ("surname", "u2", (MOST_VIEWS,)),
        ("given", "u2", (MOST_VIEWS, MOST_GIVEN)),
        ("cost", "i1", (MOST_VIEWS,)),
        ("views", "u1"),
        ("foreign", "u4", (3,)),
        ("written", "u4", (2,)),
        ("flags", "u1"),
        ("sex", "u1"),
        ("born", "i4", (MOST_DATES,)),
        ("year", "u2"),
        ("month", "u1"),
        ("day", "u1"),
        ("number", "u4"),
        ("number_kind", "u1"),
        ("digits", "u1", (DIGITS,)),
        ("country", "u2"),
        ("phone", "u4"),
        ("address", "u4"),
        ("household", "u4"),
        ("province", "u1"),
        ("county", "u4"),
        ("native", "u4"),
        ("kin_surname", "u2", (3,)),
        ("kin_given", "u2", (3, 2)),
    ]
)
"""Symbols, hashes and small numbers; 0 means “not there” in every field."""

_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川"
    " 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
).split()
_LATIN_PROVINCES = {
    "guangdong": "广东", "canton": "广东", "kwangtung": "广东", "fujian": "福建", "fukien": "福建", "guangxi": "广西",
    "kwangsi": "广西", "zhejiang": "浙江", "chekiang": "浙江", "hainan": "海南", "taiwan": "台湾", "hunan": "湖南",
    "jiangxi": "江西", "jiangsu": "江苏", "shanghai": "上海", "beijing": "北京", "hong kong": "香港", "macau": "澳门",
    "macao": "澳门", "yunnan": "云南", "shandong": "山东", "hubei": "湖北", "sichuan": "四川", "henan": "河南",
}  # fmt: skip
_DIGIT = re.compile(r"\D")


def encode(rows: Iterable[Row]) -> Features:
    """The features of records, in order."""
    return np.array([_fields(row) for row in rows], dtype=DTYPE)


def _fields(row: Row) -> tuple[object, ...]:
    """One record's features, in the order of DTYPE."""
    names = names_of(row)
    number = numbers.read(row["id_no"])
    written = dates.read(row["birth_date"])
    born = _dates(row, number, written)
    maybe_year_only = written.day and written[1:] == (1, 1)
    flags = (
        HAS_HANZI * bool(row["name_hanzi"])
        | HAS_LATIN * bool(row["name_latin"])
        | SOUND_NUMBER * number.sound
        | MAYBE_YEAR_ONLY * bool(maybe_year_only)
    )
    digits = number.text.encode("ascii", "replace")[:DIGITS]
    relatives = [relative(row[column]) for column in RELATIVES]
    return (
        _padded([view.surname for view in names.views], MOST_VIEWS),
        _padded([_padded(view.given, MOST_GIVEN) for view in names.views], MOST_VIEWS, _NO_GIVEN),
        _padded([min(view.cost, 100) for view in names.views], MOST_VIEWS),
        len(names.views),
        _padded([crc(token) for token in names.foreign], 3),
        _written(row),
        flags,
        {"M": 1, "F": 2}.get(row["sex"][:1].upper() or number.sex, 0),
        _padded(born, MOST_DATES),
        *written,
        crc(number.text),
        NUMBER_KINDS[number.kind],
        _padded(tuple(digits), DIGITS),
        int.from_bytes(row["nationality"][:2].encode("ascii", "replace"), "big"),
        crc(_DIGIT.sub("", row["phone"])[-9:]),
        crc(_bare(row["address"])),
        crc(row["household_no"].strip().upper()),
        *native(row["native_place"]),
        tuple(view.surname for view in relatives),
        tuple(_padded(view.given[:2], 2) for view in relatives),
    )


def _padded(values: Sequence[Any], most: int, nothing: Any = 0) -> tuple[Any, ...]:
    return (*values, *(nothing,) * (most - len(values)))


def _written(row: Row) -> tuple[int, int]:
    """The names as they stand: characters, and the words in letters in any order."""
    hanzi = simplified(row["name_hanzi"])
    tokens = sorted(plain(row["name_latin"]).replace(",", " ").replace("-", " ").split())
    return crc(hanzi if len(hanzi) > 1 else ""), crc(" ".join(tokens))


def names_of(row: Row) -> Names:
    """What the names of a record may mean, its alias among them."""
    latin = of_latin(
        row["name_latin"], row["surname_latin"], row["given_latin"], sinitic=row["nationality"] == "CN"
    )
    alias = alias_of(row["alias"])
    views = list(dict.fromkeys((*of_hanzi(row["name_hanzi"]), *latin.views[: MOST_VIEWS - 1], *alias.views)))
    foreign = tuple(dict.fromkeys((*latin.foreign, *alias.foreign)))[:3]
    return Names(tuple(views[:MOST_VIEWS]), foreign)


def alias_of(text: str) -> Names:
    """An alias may be in characters or in letters."""
    hanzi = of_hanzi(text) if text else ()
    return Names(hanzi, ()) if hanzi else (of_latin(text) if text else Names((), ()))


def _dates(row: Row, number: numbers.Number, written: Day) -> list[int]:
    """Every day that a record may mean by its birth date, most literal first."""
    days: list[Day] = []
    if row["birth_calendar"] == "lunar":
        days += [dates.solar(written), written]
    else:
        days += [written, number.born, dates.solar(written) if written.day else NOTHING]
    days.append(dates.solar(number.born) if number.born.day else NOTHING)
    full = dict.fromkeys(_whole(day) for day in days if day.day)
    return list(full)[:MOST_DATES]


def _whole(day: Day) -> int:
    return day.year * 10000 + day.month * 100 + day.day


@lru_cache(maxsize=100_000)
def relative(text: str) -> View:
    """The likeliest view of a relative's name, in whatever script it was written."""
    views = of_hanzi(text) or of_latin(text).views
    return views[0] if views else View(0, ())


@lru_cache(maxsize=100_000)
def native(text: str) -> tuple[int, int, int]:
    """Province, county and whole of an ancestral place, as numbers."""
    bare = _bare(text)
    if not bare:
        return 0, 0, 0
    bare = next(
        (chinese for latin, chinese in _LATIN_PROVINCES.items() if text.strip().lower() == latin), bare
    )
    province = next((place for place, name in enumerate(_PROVINCES, 1) if bare.startswith(name)), 0)
    rest = bare[len(_PROVINCES[province - 1]) :].lstrip("省") if province else bare
    return province, crc(rest[:2]), crc(rest) if len(rest) > 2 else 0


@lru_cache(maxsize=100_000)
def _bare(text: str) -> str:
    return "".join(simplified(fold(text)).split())


def crc(text: str) -> int:
    """A number for a text, never 0 but for none."""
    return (zlib.crc32(text.encode()) or 1) if text else 0


def from_buffers(blobs: Sequence[bytes]) -> Features:
    """Features from their bytes."""
    return np.frombuffer(b"".join(blobs), dtype=DTYPE)
