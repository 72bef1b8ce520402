"""Entries from their YAML files, loaded once a process: the product's own and an office's own."""

from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from django.conf import settings
from pydantic import BaseModel, ValidationError

from qiaoqiao.catalogue.entry import Entry

ENTRIES = Path(__file__).parent / "entries"


class EntryUnreadable(Exception):
    """A file is not a service entry."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"{path.name}: {why}")


class NoSuchEntry(Exception):
    """The catalogue has no such service, or not in that edition."""


Said = TypeVar("Said", bound=BaseModel)


def read_as(shape: type[Said], path: Path) -> Said:
    """Read one file in the shape given. Raises EntryUnreadable."""
    try:
        return shape.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValidationError) as error:
        raise EntryUnreadable(path, str(error)) from error


def read(path: Path) -> Entry:
    """Read one entry. Raises EntryUnreadable."""
    return read_as(Entry, path)


def folders() -> list[Path]:
    """The product's entries, and the folder of an office's own where the installation names one."""
    return [ENTRIES, *([settings.EXTRA_ENTRIES] if settings.EXTRA_ENTRIES else [])]


def files() -> list[Path]:
    """Every entry file, superseded editions included; those lie under `earlier/`.

    Raises EntryUnreadable when a folder is not there: a mistyped setting must not hide a service.
    """
    for folder in folders():
        if not folder.is_dir():
            raise EntryUnreadable(folder, "there is no such folder")
    return [path for folder in folders() for path in sorted(folder.rglob("*.yaml"))]


@cache
def editions() -> dict[tuple[str, int], Entry]:
    """Every edition on file. Raises EntryUnreadable, also when two files say the same edition."""
    found: dict[tuple[str, int], Entry] = {}
    for path in files():
        one = read(path)
        if found.setdefault((one.id, one.edition), one) is not one:
            raise EntryUnreadable(path, f"edition {one.edition} of “{one.id}” is on file already")
    return found


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
