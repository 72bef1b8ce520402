"""A fault at a place inside an entry, before the place has a line number."""

from collections.abc import Iterator
from typing import NamedTuple

from qiaoqiao.catalogue.entry import Citation, Condition, Entry

Place = tuple[str | int, ...]
"""Keys and positions from the top of the file down, as YAML writes them (`from`, not `from_`)."""


class Fault(NamedTuple):
    place: Place
    code: str
    message: str
    warning: bool = False


Faults = Iterator[Fault]


def conditions(entry: Entry) -> Iterator[tuple[Place, Condition]]:
    """Every `when` of an entry and where it stands."""
    for s, section in enumerate(entry.form):
        for f, field in enumerate(section.fields):
            yield ("form", s, "fields", f, "when"), field.when
    for n, material in enumerate(entry.materials):
        yield ("materials", n, "when"), material.when
    for n, move in enumerate(entry.moves):
        yield ("moves", n, "when"), move.when
    for n, limit in enumerate(entry.limits):
        yield ("limits", n, "when"), limit.when
    if entry.shield:
        yield ("shield", "when"), entry.shield.when


def citations(entry: Entry) -> Iterator[tuple[Place, Citation]]:
    """Every `law` of an entry and where it stands."""
    for n, material in enumerate(entry.materials):
        yield ("materials", n, "law"), material.law
        if material.promise:
            yield ("materials", n, "promise", "law"), material.promise.law
    for n, move in enumerate(entry.moves):
        if move.law:
            yield ("moves", n, "law"), move.law
    for n, limit in enumerate(entry.limits):
        yield ("limits", n, "law"), limit.law
    for n, refusal in enumerate(entry.refusals):
        yield ("refusals", n, "law"), refusal.law
    if entry.shield:
        yield ("shield", "law"), entry.shield.law
