"""Judge a service entry: everything that would leave a case, a person or a figure stranded."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from qiaoqiao.catalogue.checking.edition import check_edition
from qiaoqiao.catalogue.checking.fault import Fault
from qiaoqiao.catalogue.checking.form import check_form
from qiaoqiao.catalogue.checking.journey import check_journey
from qiaoqiao.catalogue.checking.names import check_names
from qiaoqiao.catalogue.checking.notices import check_facts, check_notices, check_use
from qiaoqiao.catalogue.checking.sheet import Sheet
from qiaoqiao.catalogue.checking.wording import check_wording
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.catalogue.loader import files


@dataclass(frozen=True, order=True)
class Finding:
    """Something wrong at a line of an entry's file; a warning does not fail the check."""

    file: str
    line: int
    code: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'warning: ' if self.warning else ''}{self.message} [{self.code}]"


def check(path: Path) -> list[Finding]:
    """Return what is wrong with one file, by line."""
    try:
        sheet = Sheet(path)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [Finding(str(path), line, "not-yaml", error.problem or str(error))]
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        return [Finding(str(path), 1, "unreadable", str(error))]
    found = {
        Finding(str(path), sheet.line(fault.place), fault.code, _described(fault), fault.warning)
        for fault in _faults(path, sheet)
    }
    return sorted(found)


def check_all(paths: list[Path]) -> list[Finding]:
    """Check several files, and that no two say the same edition of the same service."""
    findings = [finding for path in paths for finding in check(path)]
    seen: dict[tuple[str, str], Path] = {}
    for path in paths:
        name = _identity(path)
        if name and name in seen:
            message = f"edition {name[1]} of “{name[0]}” is already in {seen[name].name}"
            findings.append(Finding(str(path), 1, "duplicate-id", message))
        elif name:
            seen[name] = path
    return findings


def _described(fault: Fault) -> str:
    place = ".".join(map(str, fault.place))
    return f"{place}: {fault.message}" if place else fault.message


def _faults(path: Path, sheet: Sheet) -> Iterator[Fault]:
    yield from sheet.doubles()
    try:
        entry = Entry.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            yield Fault(problem["loc"], "wrong-shape", problem["msg"])
        return
    yield from check_names(entry, _services(path))
    yield from check_journey(entry)
    yield from check_form(entry)
    yield from check_notices(entry)
    yield from check_use(entry)
    yield from check_facts(entry)
    yield from check_wording(entry)
    yield from check_edition(entry, path)


def _services(path: Path) -> set[str]:
    """Services on file, beside this one and in the catalogue."""
    known = {*path.parent.glob("*.yaml"), *files()}
    return {name[0] for name in map(_identity, known) if name}


def _identity(path: Path) -> tuple[str, str] | None:
    """Service and edition by the top of a file, without reading it whole; None when they are not there."""
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key in ("id", "edition"):
            found.setdefault(key, value.partition("#")[0].strip().strip("\"'"))
    return (found["id"], found["edition"]) if len(found) == 2 else None
