"""Signed checkpoints, and the key that signs them."""

import base64
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qiaoqiao.ledger.keys import KeyUnreadable, known_keys, signing_key
from qiaoqiao.ledger.notes import NoteRefused, SigningKey, VerifyKey, open_checkpoint, sign_checkpoint

KEY = SigningKey("qiaoqiao.example/ledger", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
OTHER = SigningKey("qiaoqiao.example/ledger", Ed25519PrivateKey.from_private_bytes(b"o" * 32))
ROOT = b"\xfe" * 32


def test_a_signed_checkpoint_says_origin_size_and_root() -> None:
    note = sign_checkpoint(KEY, size=42, root=ROOT)
    body, signature = note.split("\n\n")
    assert body.split("\n") == ["qiaoqiao.example/ledger", "42", base64.b64encode(ROOT).decode()]
    assert signature.startswith("— qiaoqiao.example/ledger ")
    signed = open_checkpoint(note, [KEY.verify_key])
    assert (signed.origin, signed.size, signed.root, signed.key_id) == (
        "qiaoqiao.example/ledger", 42, ROOT, KEY.verify_key.key_id,
    )  # fmt: skip


def test_the_stand_alone_verifier_reads_the_same_from_it(verifier: ModuleType) -> None:
    note = sign_checkpoint(KEY, size=42, root=ROOT)
    assert verifier.read_checkpoint(note, str(KEY.verify_key)) == (42, ROOT)


def test_a_public_key_is_read_back_as_it_was_written() -> None:
    assert VerifyKey.read(str(KEY.verify_key)) == KEY.verify_key


def test_a_public_key_that_does_not_fit_its_id_is_refused() -> None:
    name, key_id, material = str(KEY.verify_key).split("+", 2)
    with pytest.raises(NoteRefused):
        VerifyKey.read(f"{name}+{OTHER.verify_key.key_id}+{material}")
    assert key_id != OTHER.verify_key.key_id


def test_a_checkpoint_signed_by_a_stranger_is_refused(verifier: ModuleType) -> None:
    note = sign_checkpoint(OTHER, size=42, root=ROOT)
    with pytest.raises(NoteRefused):
        open_checkpoint(note, [KEY.verify_key])
    with pytest.raises(verifier.Wrong):
        verifier.read_checkpoint(note, str(KEY.verify_key))


def test_a_witness_nobody_knows_does_not_spoil_a_checkpoint(verifier: ModuleType) -> None:
    note = sign_checkpoint(KEY, size=42, root=ROOT)
    note += sign_checkpoint(OTHER, size=42, root=ROOT).split("\n\n")[1]
    assert open_checkpoint(note, [KEY.verify_key]).size == 42
    assert verifier.read_checkpoint(note, str(KEY.verify_key)) == (42, ROOT)


def test_stray_bits_at_the_end_of_a_signature_are_refused_by_both(verifier: ModuleType) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    note = sign_checkpoint(KEY, size=42, root=ROOT)
    last = note[-3]  # before "=" and the end of the line: two of its six bits say nothing
    for stray in (1, 2, 3):
        other = f"{note[:-3]}{alphabet[alphabet.index(last) + stray]}=\n"
        assert base64.b64decode(other.rsplit(" ", 1)[1]) == base64.b64decode(note.rsplit(" ", 1)[1])
        with pytest.raises(NoteRefused):
            open_checkpoint(other, [KEY.verify_key])
        with pytest.raises(verifier.Wrong):
            verifier.read_checkpoint(other, str(KEY.verify_key))


def test_a_key_signs_only_for_the_ledger_it_is_named_for(verifier: ModuleType) -> None:
    body = f"another.example/ledger\n42\n{base64.b64encode(ROOT).decode()}\n"
    signature = base64.b64encode(KEY.verify_key.hash + KEY.private.sign(body.encode())).decode()
    note = f"{body}\n— {KEY.name} {signature}\n"
    with pytest.raises(NoteRefused):
        open_checkpoint(note, [KEY.verify_key])
    with pytest.raises(verifier.Wrong):
        verifier.read_checkpoint(note, str(KEY.verify_key))


def bit_flips(text: str) -> Iterator[str]:
    data = text.encode()
    for place in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[place] ^= 1 << bit
            try:
                yield changed.decode()
            except UnicodeDecodeError:
                continue


def test_every_flipped_bit_of_a_checkpoint_is_refused_by_both_verifiers(verifier: ModuleType) -> None:
    key = str(KEY.verify_key)
    for wrong in bit_flips(sign_checkpoint(KEY, size=42, root=ROOT)):
        with pytest.raises(NoteRefused):
            open_checkpoint(wrong, [KEY.verify_key])
        with pytest.raises(verifier.Wrong):
            verifier.read_checkpoint(wrong, key)


def test_our_ed25519_agrees_with_the_vectors_of_rfc_8032(verifier: ModuleType) -> None:
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verifier.is_signed(public, b"\x72", signature)
    assert not verifier.is_signed(public, b"\x73", signature)


def test_a_second_signature_made_by_adding_the_group_order_is_refused(verifier: ModuleType) -> None:
    signature = KEY.private.sign(b"message")
    moved = (int.from_bytes(signature[32:], "little") + verifier.L).to_bytes(32, "little")
    assert verifier.is_signed(KEY.verify_key.public, b"message", signature)
    assert not verifier.is_signed(KEY.verify_key.public, b"message", signature[:32] + moved)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path / "state"
    made: list[VerifyKey] = []
    threads = [Thread(target=lambda: made.append(signing_key().verify_key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert stat.S_IMODE((settings.STATE_DIR / "ledger.key").stat().st_mode) == 0o600
    assert (settings.STATE_DIR / "ledger.pub").read_text() == f"{made[0]}\n"
    assert {path.name for path in settings.STATE_DIR.iterdir()} == {"ledger.key", "ledger.pub"}


def test_a_key_may_come_from_the_environment_and_former_keys_still_count(settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path
    former = signing_key().verify_key
    settings.LEDGER_KEY = base64.b64encode(b"k" * 32).decode()
    assert signing_key().verify_key.public == KEY.verify_key.public
    assert former in known_keys()
    settings.LEDGER_KEY = "c2hvcnQ="
    with pytest.raises(KeyUnreadable):
        signing_key()
