"""Signed checkpoints as C2SP notes: what the tree was, in text that anybody can keep and check; pure."""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"  # the signature type in C2SP signed-note
_SIGNATURE_BYTES = 64


class NoteRefused(Exception):
    """A checkpoint note is malformed or no known key signed it."""


@dataclass(frozen=True)
class VerifyKey:
    """A public key with the name of the ledger that signs with it."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def key_id(self) -> str:
        return self.hash.hex()

    def __str__(self) -> str:
        """Write the key as C2SP does: name+hash+base64(type, key)."""
        return f"{self.name}+{self.key_id}+{_text(_ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> "VerifyKey":
        """Read a key written by `str`; raises NoteRefused."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        material = _bytes(encoded)
        key = cls(name, material[1:])
        if len(material) != 33 or material[:1] != _ED25519 or key.key_id != key_id:
            raise NoteRefused(f"not an Ed25519 key: {text}")
        return key


@dataclass(frozen=True)
class SigningKey:
    """The ledger's name and its private key."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verify_key(self) -> VerifyKey:
        return VerifyKey(self.name, self.private.public_key().public_bytes_raw())


@dataclass(frozen=True)
class Signed:
    """What a note says, once a known key's signature on it has been checked."""

    origin: str
    size: int
    root: bytes
    key_id: str


def sign_checkpoint(key: SigningKey, *, size: int, root: bytes) -> str:
    """Write and sign a checkpoint: origin, size, root; blank line; signature."""
    body = f"{key.name}\n{size}\n{_text(root)}\n"
    signature = key.verify_key.hash + key.private.sign(body.encode())
    return f"{body}\n— {key.name} {_text(signature)}\n"


def open_checkpoint(note: str, keys: Iterable[VerifyKey]) -> Signed:
    """Return what a note says if one of `keys` signed it; signatures of unknown keys are passed over.

    Raises NoteRefused.
    """
    body, blank, tail = note.partition("\n\n")
    body += "\n"
    origin, size, root = _parts(body)
    if not blank or not tail.endswith("\n"):
        raise NoteRefused("no signature lines")
    known = {(key.name, key.hash): key for key in keys}
    signers: list[VerifyKey] = []
    for line in tail[:-1].split("\n"):
        name, signature = _signature(line)
        key = known.get((name, signature[:4]))
        if key is None or key.name != origin:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], body.encode())
        except InvalidSignature:
            raise NoteRefused(f"the signature of {name} is wrong") from None
        signers.append(key)
    if not signers:
        raise NoteRefused("no known key signed it")
    return Signed(origin, size, root, signers[0].key_id)


def _parts(body: str) -> tuple[str, int, bytes]:
    lines = body.split("\n")
    if len(lines) != 4 or not lines[0] or not (lines[1].isascii() and lines[1].isdigit()):
        raise NoteRefused("not origin, size and root")
    origin, size, root = lines[0], int(lines[1]), _bytes(lines[2])
    if str(size) != lines[1] or len(root) != 32:
        raise NoteRefused("size or root is not in its one form")
    return origin, size, root


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    signature = _bytes(encoded)
    if dash != "—" or not name or len(signature) < 5:
        raise NoteRefused("a signature line is malformed")
    return name, signature


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    """Decode base64 in its one form: no blanks, no stray bits at the end."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteRefused(f"not base64: {text!r}") from None
    if _text(data) != text:
        raise NoteRefused(f"not the one form of base64: {text!r}")
    return data
