"""The lock: editions that were published, and the fingerprint each had."""

from pathlib import Path

from qiaoqiao.catalogue.checking.fault import Fault, Faults
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.catalogue.rules import digest

LOCK = "editions.lock"


def published(folder: Path) -> dict[tuple[str, int], str]:
    """Fingerprints by service and edition, from the folder's lock; empty when there is none."""
    lock = folder / LOCK
    lines = lock.read_text(encoding="utf-8").splitlines() if lock.exists() else []
    rows = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {(service, int(edition)): fingerprint for service, edition, fingerprint in rows}


def check_edition(entry: Entry, path: Path) -> Faults:
    """Compare with the lock beside the file, or one folder up for superseded editions."""
    known = published(path.parent) or published(path.parent.parent)
    fingerprint = known.get((entry.id, entry.edition), "")
    if fingerprint and fingerprint != digest(entry):
        message = f"edition {entry.edition} of “{entry.id}” is published; a change is a new edition"
        yield Fault(("edition",), "edition-changed", message)
