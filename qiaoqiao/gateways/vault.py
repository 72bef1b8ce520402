"""Identity numbers, sealed field by field: a stolen copy of the database shows none, and a sealed value
pasted into another row does not open there.
"""

import hmac
import os
import unicodedata
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# First byte of every sealed value, so that a later key can stand beside this one.
KEY_ID = 1
NONCE_BYTES = 12
BUILD_KEY = "only-for-building-and-tests"


class SealBroken(Exception):
    """The value was altered, belongs to another row, or was sealed under another key."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value lives: it opens nowhere else."""

    table: str
    column: str
    row: str

    def bound(self, key_id: int) -> bytes:
        """Return the bytes that tie a value to this place."""
        if "|" in self.table + self.column + self.row:
            raise ValueError("a place has no | in its names")
        return f"{self.table}|{self.column}|{self.row}|{key_id}".encode()


def seal(value: str, place: Place) -> bytes:
    """Encrypt a value for its place (AES-256-GCM, a fresh nonce each time)."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(_derived(settings.FIELD_KEY, "seal"))
    return bytes([KEY_ID]) + nonce + cipher.encrypt(nonce, value.encode(), place.bound(KEY_ID))


def unseal(sealed: bytes, place: Place) -> str:
    """Return the value; raise SealBroken when one bit of it or its place is not what it was."""
    if len(sealed) <= NONCE_BYTES or sealed[0] != KEY_ID:
        raise SealBroken(place.table, place.column)
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        opened = AESGCM(_derived(settings.FIELD_KEY, "seal")).decrypt(nonce, body, place.bound(KEY_ID))
    except InvalidTag as error:
        raise SealBroken(place.table, place.column) from error
    return opened.decode()


def blind(field: str, value: str) -> bytes:
    """Return a keyed fingerprint for exact look-up: equal for equal numbers however they were typed.

    Each field has its own key, so that fingerprints of two fields cannot be compared.
    """
    return hmac.digest(_derived(settings.FIELD_KEY, f"blind {field}"), normalised(value).encode(), "sha256")


def normalised(value: str) -> str:
    """Return a number as it is compared: half-width capitals and digits, without spaces, dots or dashes."""
    folded = unicodedata.normalize("NFKC", value).upper()
    return "".join(char for char in folded if char.isalnum())


def check() -> str | None:
    """Say what is wrong with the key, or None."""
    if settings.FIELD_KEY == BUILD_KEY and not settings.DEMO:
        return "FIELD_KEY is the one for building and tests: set a secret one"
    place = Place("check", "check", "1")
    return None if unseal(seal("check", place), place) == "check" else "a sealed value does not open"


@cache
def _derived(key: str, purpose: str) -> bytes:
    info = f"qiaoqiao field {purpose}".encode()
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(key.encode())
