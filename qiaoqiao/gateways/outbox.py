"""The fake post office: what would have been sent, kept in a file of JSON lines, each key at most once.

Several processes may write at once. A line that a killed process left unfinished counts as not sent.
"""

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import BinaryIO


@dataclass(frozen=True)
class Letter:
    """One message in the outbox; a text message has no subject."""

    provider_id: str
    key: str
    to: str
    subject: str
    body: str
    sent_at: datetime


class Outbox:
    """One file of letters. It remembers how far it has read, so that sending stays quick when it is long."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._read_to = 0
        self._letters: list[Letter] = []
        self._by_key: dict[str, Letter] = {}

    def put(self, *, key: str, to: str, subject: str, body: str) -> Letter:
        """Keep a letter, safely on disk; a key that was used before returns the letter sent then."""
        with self._locked() as file:
            self._catch_up(file)
            if key in self._by_key:
                return self._by_key[key]
            letter = Letter(uuid.uuid4().hex, key, to, subject, body, datetime.now(UTC))
            file.truncate(self._read_to)
            file.seek(self._read_to)
            file.write(_line(letter))
            file.flush()
            os.fsync(file.fileno())
            self._catch_up(file)
            return letter

    def recent(self, n: int, to: str | None = None) -> list[Letter]:
        """Return the last letters, newest first, to one address or to all."""
        with self._locked() as file:
            self._catch_up(file)
            mine = (letter for letter in reversed(self._letters) if to is None or letter.to == to)
            return [letter for letter, _ in zip(mine, range(n), strict=False)]

    def check(self) -> str | None:
        """Say what hinders the outbox, or None."""
        try:
            with self._locked():
                return None
        except OSError as error:
            return f"cannot write {self.path}: {error.strerror}"

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._lock, os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _catch_up(self, file: BinaryIO) -> None:
        if file.seek(0, os.SEEK_END) < self._read_to:  # The demo was reset under us.
            self._read_to, self._letters, self._by_key = 0, [], {}
        file.seek(self._read_to)
        for line in file:
            if not line.endswith(b"\n"):
                break
            facts = json.loads(line)
            letter = Letter(**facts | {"sent_at": datetime.fromisoformat(facts["sent_at"])})
            self._letters.append(letter)
            self._by_key[letter.key] = letter
            self._read_to += len(line)


def _line(letter: Letter) -> bytes:
    facts = asdict(letter) | {"sent_at": letter.sent_at.isoformat()}
    return json.dumps(facts, ensure_ascii=False).encode() + b"\n"


@cache
def outbox(path: Path) -> Outbox:
    """Return this process's view of one outbox file."""
    return Outbox(path)
