"""Entries from their YAML files, loaded once a process."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from qiaoqiao.catalogue.entry import Entry

ENTRIES = Path(__file__).parent / "entries"


class EntryUnreadable(Exception):
    """A file is not a service entry."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"{path.name}: {why}")


class NoSuchEntry(Exception):
    """The catalogue has no such service, or not in that edition."""


def read(path: Path) -> Entry:
    """Read one file. Raises EntryUnreadable."""
    try:
        return Entry.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValidationError) as error:
        raise EntryUnreadable(path, str(error)) from error


@cache
def editions() -> dict[tuple[str, int], Entry]:
    """Every edition on file; superseded ones lie under `entries/earlier/`."""
    found = (read(path) for path in sorted(ENTRIES.rglob("*.yaml")))
    return {(entry.id, entry.edition): entry for entry in found}


def entry(service: str, edition: int | None = None) -> Entry:
    """Return an edition, the newest when none is named. Raises NoSuchEntry."""
    if edition is None:
        edition = max((number for name, number in editions() if name == service), default=0)
    try:
        return editions()[service, edition]
    except KeyError:
        raise NoSuchEntry(f"{service} edition {edition}") from None


def current() -> list[Entry]:
    """The newest edition of every service, by id."""
    return [entry(service) for service in sorted({name for name, _ in editions()})]
