"""The ledger's signing key, made at first use, and the public keys that may have signed checkpoints."""

import base64
import binascii
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from .notes import SigningKey, VerifyKey


class KeyUnreadable(Exception):
    """The signing key is not 32 bytes in base64."""


def signing_key() -> SigningKey:
    """Return the ledger's key: from LEDGER_KEY, else from the state folder, where it is made if missing.

    LEDGER_KEY is the base64 of the 32 secret bytes. Raises KeyUnreadable.
    """
    given = settings.LEDGER_KEY
    return SigningKey(origin(), _private(given or _kept_secret()))


def known_keys() -> list[VerifyKey]:
    """Return the public keys whose signatures count: the present one, and those in `ledger.pub`.

    A keeper who changes the key or the ledger's name leaves the former lines there.
    """
    keys = [signing_key().verify_key]
    listed = _folder() / "ledger.pub"
    if listed.exists():
        keys += [VerifyKey.read(line) for line in listed.read_text().splitlines() if line.strip()]
    return list(dict.fromkeys(keys))


def origin() -> str:
    """Return the name under which this ledger signs: the address of the installation, without scheme."""
    return f"{urlsplit(settings.PUBLIC_URL).netloc}/ledger"


def _folder() -> Path:
    return Path(settings.STATE_DIR)


def _private(secret: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret, validate=True))
    except (binascii.Error, ValueError):
        raise KeyUnreadable from None


def _kept_secret() -> str:
    path = _folder() / "ledger.key"
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    """Draw a key into a file of our own, then give it its name: two processes cannot make two keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_bytes(32)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(secret) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first; its key is the key
    finally:
        draft.unlink()
    public = SigningKey(origin(), Ed25519PrivateKey.from_private_bytes(secret)).verify_key
    with path.with_name("ledger.pub").open("a") as listed:
        listed.write(f"{public}\n")
