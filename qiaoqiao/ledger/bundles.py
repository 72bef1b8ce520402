"""The bundle given to somebody who wants to check a case without our database; pure."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from .merkle import is_included
from .notes import NoteRefused, Signed, VerifyKey, open_checkpoint
from .rules import GENESIS, FactRefused, canonical, commit, entry_hash, leaf_hash

FORMAT = "qiaoqiao-ledger-proof/1"


class BundledEntry(BaseModel):
    """An entry as shown to a verifier. Bytes are lower-case hexadecimal; `facts` and `salt` may be erased."""

    model_config = ConfigDict(extra="forbid", strict=True)

    uid: str
    subject: str
    seq: int
    kind: str
    actor: str
    office: str
    at: str
    commitment: str
    prev_hash: str
    hash: str
    idx: int | None
    proof: list[str] | None
    facts: dict[str, Any] | None
    salt: str | None


class Bundle(BaseModel):
    """A subject's entries with the proof that a signed checkpoint covers them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: str
    subject: str
    entries: list[BundledEntry]
    checkpoint: str | None
    key: str


def problems(bundle: object, keys: Iterable[VerifyKey]) -> list[str]:
    """Check a bundle against keys the checker trusts; an empty list means that all of it holds."""
    try:
        read = Bundle.model_validate(bundle)
    except ValidationError as why:
        return [f"malformed: {error['loc']}" for error in why.errors()]
    found: list[str] = []
    keys = list(keys)
    if read.format != FORMAT:
        found.append("unknown format")
    if read.key not in {str(key) for key in keys}:
        found.append("the bundle names a key that is not trusted")
    signed: Signed | None = None
    if read.checkpoint is not None:
        try:
            signed = open_checkpoint(read.checkpoint, keys)
        except NoteRefused as why:
            found.append(f"checkpoint: {why}")
    return found + _chain_problems(read, signed)


def _chain_problems(bundle: Bundle, signed: Signed | None) -> list[str]:
    found = [] if bundle.entries else ["no entries"]
    prev, place = GENESIS.hex(), -1
    for seq, entry in enumerate(bundle.entries, start=1):
        found += [f"entry {seq}: {why}" for why in _entry_problems(entry, bundle.subject, seq, prev, signed)]
        if entry.idx is not None:
            if entry.idx <= place:
                found.append(f"entry {seq}: placed before its predecessor")
            place = entry.idx
        prev = entry.hash
    return found


def _entry_problems(
    entry: BundledEntry, subject: str, seq: int, prev: str, signed: Signed | None
) -> list[str]:
    found = []
    if entry.subject != subject or entry.seq != seq:
        found.append("out of its place in the subject")
    if entry.prev_hash != prev:
        found.append("does not follow its predecessor")
    try:
        text = canonical(entry.model_dump(exclude={"hash", "idx", "proof", "facts", "salt"}))
        if entry_hash(text).hex() != entry.hash:
            found.append("hash differs from the content")
        if not _holds_its_facts(entry):
            found.append("facts differ from what was committed")
        if not _holds_its_place(entry, leaf_hash(text), signed):
            found.append("is not in the signed checkpoint")
    except (FactRefused, ValueError) as why:
        found.append(f"is not in its one written form: {why}")
    return found


def _holds_its_facts(entry: BundledEntry) -> bool:
    if entry.facts is None or entry.salt is None:
        return entry.facts is None and entry.salt is None
    return commit(_unhex(entry.salt), entry.facts).hex() == entry.commitment


def _holds_its_place(entry: BundledEntry, leaf: bytes, signed: Signed | None) -> bool:
    if entry.idx is None or entry.proof is None:
        return entry.idx is None and entry.proof is None
    proof = [_unhex(step) for step in entry.proof]
    return signed is not None and is_included(leaf, entry.idx, signed.size, proof, signed.root)


def _unhex(text: str) -> bytes:
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError("not lower-case hexadecimal")
    return data
