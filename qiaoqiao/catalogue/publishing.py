"""Writing the lock: from then on an edition may not change."""

from pathlib import Path

from qiaoqiao.catalogue.checking.edition import LOCK, published
from qiaoqiao.catalogue.loader import read
from qiaoqiao.catalogue.rules import digest

_HEAD = "# Published editions and their fingerprints. A change to one of them is a new edition.\n"


class AlreadyPublished(Exception):
    """An edition in the lock has another fingerprint than its file."""

    def __init__(self, service: str, edition: int) -> None:
        self.service, self.edition = service, edition
        super().__init__(
            f"Edition {edition} of “{service}” is published; raise its `edition` to publish a change."
        )


def publish(folder: Path) -> list[tuple[str, int]]:
    """Lock every edition in a folder that is not locked yet; return those.

    Raises AlreadyPublished and EntryUnreadable; then the lock stays as it was.
    """
    known = published(folder)
    new: list[tuple[str, int]] = []
    for entry in map(read, sorted(folder.rglob("*.yaml"))):
        name = (entry.id, entry.edition)
        if known.setdefault(name, digest(entry)) != digest(entry):
            raise AlreadyPublished(*name)
        new.append(name)
    before = published(folder)
    lines = [
        f"{service} {edition} {fingerprint}\n" for (service, edition), fingerprint in sorted(known.items())
    ]
    (folder / LOCK).write_text(_HEAD + "".join(lines), encoding="utf-8")
    return [name for name in new if name not in before]
