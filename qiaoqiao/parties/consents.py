"""What a person may agree to, purpose by purpose, in the exact words of each language."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from qiaoqiao.lib.countries import names
from qiaoqiao.parties.rules import CHILD_UNDER

TEXTS = Path(__file__).with_name("consents.yaml")
CURRENT = "2026-11"
"""The wording that is put before people now; the texts of older versions stay in the file."""


@dataclass(frozen=True)
class Purpose:
    """`separate`: the law wants an agreement of its own for it (PIPL 23, 29, 39). `names`: what it must name."""

    separate: bool
    names: tuple[str, ...] = ()


PURPOSES: dict[str, Purpose] = {
    "keeping": Purpose(separate=False),
    "contact": Purpose(separate=False),
    "sensitive": Purpose(separate=True),
    "third_party": Purpose(separate=True, names=("recipient",)),
    "abroad": Purpose(separate=True, names=("recipient", "country")),
}
METHODS = ("page", "counter", "paper", "phone", "visit")


@dataclass(frozen=True)
class Wording:
    """The words of one consent in one language. `refusing` says that no service hangs on it (PIPL 16)."""

    version: str
    language: str
    title: str
    text: str
    refusing: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal over the three texts, each on a line, with its places not filled in."""
        return hashlib.sha256(f"{self.title}\n{self.text}\n{self.refusing}".encode()).hexdigest()

    def filled(self, *, recipient: str = "", country: str = "") -> str:
        """The text with whom and where it names."""
        where = names(self.language).get(country, country)
        return self.text.replace("{country}", where).replace("{recipient}", recipient)


def wording(purpose: str, language: str, version: str = CURRENT) -> Wording:
    """The words of a purpose; in Chinese where there is no such language. Raises KeyError."""
    said = _texts()[version][purpose]
    known = language if language in said else "zh-hans"
    return Wording(version, known, **said[known])


def versions() -> list[str]:
    """Every version there has been, oldest first."""
    return list(_texts())


@cache
def _texts() -> dict[str, dict[str, dict[str, dict[str, str]]]]:
    read: dict[str, dict[str, dict[str, dict[str, str]]]] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return read


def is_child(born: str, on: date) -> bool:
    """Whether somebody is, or may be, younger than fourteen; `born` may be YYYY, YYYY-MM or YYYY-MM-DD.

    A partial date counts as its last day: a child is rather asked for than missed. Unknown is no child.
    """
    parts = [int(part) for part in born.split("-") if part.isdecimal()]
    if not parts or not 1 <= parts[0] <= 9999 - CHILD_UNDER:
        return False
    year, month, day = (*parts, 12, 31)[:3] if len(parts) == 1 else (*parts, 31)[:3]
    return (on.year, on.month, on.day) < (year + CHILD_UNDER, month, day)
