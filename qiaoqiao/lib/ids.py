"""Identifiers: rows get time-ordered random ids, people get references that survive being read aloud."""

import hmac
import secrets
import time
from uuid import UUID

# No 0/O, 1/I/L, 5/S, 2/Z, 8/B: read out over a bad line and copied from a small screen.
ALPHABET = "346789ACDEFGHJKMNPQRTUVWXY"


def row_id() -> UUID:
    """Return a UUID version 7 (RFC 9562): neighbours in time are neighbours in the index."""
    stamp = int(time.time() * 1000) & ((1 << 48) - 1)
    bits = stamp << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=bits)


def check_letter(body: str) -> str:
    """Return the letter that catches one wrong or two swapped neighbours."""
    return ALPHABET[sum(place * ALPHABET.index(letter) for place, letter in enumerate(body, 2)) % 26]


def new_reference(year: int, number: int, key: bytes, *, prefix: str = "QQ") -> str:
    """Return the reference of a running number, such as `QQ26-7K3M-9PA`; a person's file has the prefix `QF`.

    Different numbers give different references, and without the key nobody can tell the next one or how
    many there were. The last letter checks the rest. Numbers beyond 26⁶ start over.
    """
    letters = _shuffled(number % 26**6, key)
    body = "".join(ALPHABET[letters // 26**place % 26] for place in range(6))
    return f"{prefix}{year % 100:02d}-{body[:4]}-{body[4:]}{check_letter(body)}"


def _shuffled(number: int, key: bytes) -> int:
    """Permute 0 … 26⁶-1 by four rounds of a keyed Feistel network over two halves of three letters."""
    left, right = divmod(number, 26**3)
    for step in range(4):
        mac = hmac.digest(key, bytes([step]) + right.to_bytes(4), "sha256")
        left, right = right, (left + int.from_bytes(mac[:8])) % 26**3
    return left * 26**3 + right


def tidy_reference(typed: str, *, prefix: str = "QQ") -> str:
    """Return what was typed in the printed form, or "" when it cannot be a reference."""
    letters = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    body = letters[4:]
    if len(letters) != 11 or not letters.startswith(prefix) or not letters[2:4].isdigit():
        return ""
    if any(letter not in ALPHABET for letter in body) or check_letter(body[:6]) != body[6]:
        return ""
    return f"{prefix}{letters[2:4]}-{body[:4]}-{body[4:]}"
