"""Files that people and offices give us, kept under random keys: whole or not at all."""

import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from qiaoqiao.gateways.uploads import clean_name, sniff

KEY = re.compile(r"[0-9a-f]{32}")
PIECE_BYTES = 1024 * 1024


class StorageFailed(Exception):
    """The file could not be kept, for instance because the disk is full; nothing of it is left."""


class NotKept(Exception):
    """No file is kept under this key."""


@dataclass(frozen=True)
class Kept:
    """A file that is safely kept; `sha256` in hexadecimal, `size` in bytes, `name` fit to show."""

    key: str
    sha256: str
    size: int
    mime: str
    name: str
    kept_at: datetime


class Storage(Protocol):
    """Somewhere files can be kept."""

    def keep(self, stream: BinaryIO, *, declared_name: str, now: datetime) -> Kept: ...

    def open_kept(self, key: str) -> BinaryIO: ...

    def remove(self, key: str) -> None: ...

    def sweep(self, before: datetime) -> int: ...

    def check(self) -> str | None: ...


class LocalStorage:
    """Files in one folder of this machine, spread over 65,536 folders by the first letters of the key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.incoming = folder / "incoming"

    def keep(self, stream: BinaryIO, *, declared_name: str, now: datetime) -> Kept:
        """Keep the stream to its end; raise StorageFailed, leaving nothing, when that is impossible."""
        key = uuid.uuid4().hex
        try:
            with self._unfinished(key) as path:
                sha256, size, head = _copied(stream, path)
                place = self._place(key)
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.rename(place)
                _settle(place.parent)
        except OSError as error:
            raise StorageFailed(str(error)) from error
        return Kept(key, sha256, size, sniff(head), clean_name(declared_name), now)

    def open_kept(self, key: str) -> BinaryIO:
        """Open a kept file for reading; raise NotKept when there is none."""
        try:
            return self._place(key).open("rb")
        except FileNotFoundError as error:
            raise NotKept(key) from error

    def remove(self, key: str) -> None:
        """Remove a kept file; removing it again changes nothing."""
        self._place(key).unlink(missing_ok=True)

    def sweep(self, before: datetime) -> int:
        """Remove what workers that died left half written before that moment; return how many."""
        stale = [path for path in self.incoming.glob("*") if path.stat().st_mtime < before.timestamp()]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def check(self) -> str | None:
        """Say what hinders keeping files, or None; tried by keeping one."""
        try:
            with self._unfinished(f"check-{uuid.uuid4().hex}") as path:
                path.write_bytes(b"check")
        except OSError as error:
            return f"cannot write in {self.folder}: {error.strerror}"
        return None

    @contextmanager
    def _unfinished(self, key: str) -> Iterator[Path]:
        self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.incoming / key
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _place(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise NotKept(key)
        return self.folder / key[:2] / key[2:4] / key


def storage() -> Storage:
    """Return the storage of this installation."""
    return LocalStorage(settings.FILES_DIR)


def keep(stream: BinaryIO, *, declared_name: str, now: datetime) -> Kept:
    """Keep a file in this installation's storage."""
    return storage().keep(stream, declared_name=declared_name, now=now)


def open_kept(key: str) -> BinaryIO:
    """Open a file of this installation's storage; raise NotKept when there is none."""
    return storage().open_kept(key)


def remove(key: str) -> None:
    """Remove a file from this installation's storage."""
    storage().remove(key)


def sweep(before: datetime) -> int:
    """Remove what was left half written before that moment; return how many."""
    return storage().sweep(before)


def check() -> str | None:
    """Say what hinders this installation's storage, or None."""
    return storage().check()


def _copied(stream: BinaryIO, path: Path) -> tuple[str, int, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while piece := stream.read(PIECE_BYTES):
            head = head or piece[:16]
            digest.update(piece)
            size += out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size, head


def _settle(folder: Path) -> None:
    """Make a rename survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
