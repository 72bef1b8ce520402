"""How an entry is written down, committed to and chained: pure, so that a stranger can do the same."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

JSON: TypeAlias = "str | int | bool | Sequence[JSON] | Mapping[str, JSON] | None"

GENESIS = bytes(32)  # what the first entry of a subject names as its predecessor
SALT_BYTES = 16
_LARGEST_INT = 2**53 - 1  # RFC 8785: beyond it readers in other languages lose digits


class FactRefused(Exception):
    """A fact cannot be written in one certain way, so nobody could check it later."""

    def __init__(self, where: str, why: str) -> None:
        self.where, self.why = where, why
        super().__init__(f"{where}: {why}")


@dataclass(frozen=True)
class Fields:
    """What an entry says without personal facts: exactly what is hashed, nothing else."""

    uid: UUID
    subject: UUID
    seq: int
    kind: str
    actor: str
    office: str
    at: datetime
    commitment: bytes
    prev_hash: bytes


def canonical(value: JSON) -> bytes:
    """Write a value in the one form of RFC 8785, for the values a ledger may hold.

    Fractions are refused (their written form differs between languages: say 分 or text), and so is
    what PostgreSQL cannot keep (U+0000) or UTF-8 cannot say (half a surrogate pair).
    Raises FactRefused.
    """
    return json.dumps(_ordered(value, "$"), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: object, where: str) -> object:
    match value:
        case None | bool():
            return value
        case str():
            return _plain_text(value, where)
        case int():
            if abs(value) > _LARGEST_INT:
                raise FactRefused(where, "whole number beyond 2^53-1")
            return int(value)
        case Mapping():
            return _ordered_mapping(value, where)
        case list() | tuple():
            return [_ordered(item, f"{where}[{place}]") for place, item in enumerate(value)]
    raise FactRefused(where, f"{type(value).__name__} is not allowed")


def _ordered_mapping(value: Mapping[object, object], where: str) -> dict[str, object]:
    items: list[tuple[str, object]] = []
    for key, item in value.items():
        if not isinstance(key, str):
            raise FactRefused(where, "a name must be text")
        items.append((_plain_text(key, where), item))
    items.sort(key=lambda pair: pair[0].encode("utf-16-be"))  # RFC 8785 3.2.3 orders by UTF-16 unit
    return {key: _ordered(item, f"{where}.{key}") for key, item in items}


def _plain_text(text: str, where: str) -> str:
    if "\x00" in text:
        raise FactRefused(where, "text holds U+0000")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise FactRefused(where, "text holds half a surrogate pair") from None
    return str(text)


def new_salt() -> bytes:
    """Draw the secret that keeps a commitment from being guessed; it lives and dies with the facts."""
    return secrets.token_bytes(SALT_BYTES)


def commit(salt: bytes, facts: Mapping[str, JSON]) -> bytes:
    """Bind an entry to its facts without showing them: SHA-256(salt || canonical facts)."""
    return commit_text(salt, canonical(facts))


def commit_text(salt: bytes, text: bytes) -> bytes:
    """The same as `commit`, for facts already in canonical form."""
    return hashlib.sha256(salt + text).digest()


def written_instant(at: datetime) -> str:
    """Write an aware instant in UTC with microseconds: 2026-02-10T01:02:03.000000Z."""
    if at.tzinfo is None:
        raise FactRefused("$.at", "the instant has no time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def written_fields(fields: Fields) -> dict[str, JSON]:
    """Return the entry as the names and values that are hashed and shown to a verifier."""
    return {
        "uid": str(fields.uid),
        "subject": str(fields.subject),
        "seq": fields.seq,
        "kind": fields.kind,
        "actor": fields.actor,
        "office": fields.office,
        "at": written_instant(fields.at),
        "commitment": fields.commitment.hex(),
        "prev_hash": fields.prev_hash.hex(),
    }


def entry_text(fields: Fields) -> bytes:
    """Write an entry, without personal facts, in canonical form."""
    return canonical(written_fields(fields))


def entry_hash(text: bytes) -> bytes:
    """The link of a subject's chain: SHA-256 of the canonical entry, which names its predecessor."""
    return hashlib.sha256(text).digest()


def leaf_hash(text: bytes) -> bytes:
    """The leaf of the global tree: RFC 6962 section 2.1, prefix 0x00."""
    return hashlib.sha256(b"\x00" + text).digest()
