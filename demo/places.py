"""The two cities with their districts, counties, townships and a few villages."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from opencc import OpenCC

from qiaoqiao.access.models import Place
from qiaoqiao.access.rules import Level

DATA = Path(__file__).parent / "data"
LATIN = ("en", "es", "pt")


@cache
def read(name: str) -> Any:
    """One of the demo's data files, read once."""
    return yaml.load((DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2hk")


def traditional(text: str) -> str:
    """The text as readers of Hong Kong and Taiwan write its characters."""
    converted: str = _to_traditional().convert(text)
    return converted


def names(written: str) -> dict[str, str]:
    """Names in five languages from `台山市 Taishan`."""
    chinese, _, latin = written.partition(" ")
    return {"zh-Hans": chinese, "zh-Hant": traditional(chinese)} | dict.fromkeys(LATIN, latin)


def place_rows() -> Iterator[Place]:
    """Every place of the demo, each after the one it lies in."""
    for city in read("places"):
        yield Place(code=city["code"], names=names(city["name"]), level=Level.CITY)
        for county in city["counties"]:
            yield Place(
                code=county["code"], names=names(county["name"]), level=Level.COUNTY, parent_id=city["code"]
            )
            yield from _townships(county)


def _townships(county: Mapping[str, Any]) -> Iterator[Place]:
    streets, towns = 0, 99
    for written in county["townships"]:
        name = written.partition(" ")[0]
        if name.endswith("街道"):
            streets += 1
            code = f"{county['code']}{streets:03d}"
        else:
            towns += 1
            code = f"{county['code']}{towns:03d}"
        yield Place(code=code, names=names(written), level=Level.TOWNSHIP, parent_id=county["code"])
        for number, village in enumerate(county.get("villages", {}).get(name, []), 1):
            yield Place(code=f"{code}{number:03d}", names=names(village), level=Level.VILLAGE, parent_id=code)


def load_places() -> list[Place]:
    """Keep the places that are not there yet; return all of them."""
    rows = list(place_rows())
    Place.objects.bulk_create(rows, ignore_conflicts=True)
    return rows
