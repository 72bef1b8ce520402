"""The tables of this folder, read once: characters, surnames, given names from elsewhere, look-alikes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from opencc import OpenCC

from .spelling import Reading

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Character:
    """One simplified character: its full forms, readings, and how common it is in given names (1 to 1000)."""

    hans: str
    hant: tuple[str, ...]
    reading: Reading
    weight: int


@dataclass(frozen=True, slots=True)
class Surname:
    """A surname and how papers of each place or dialect group spell it, commonest first.

    `adopted` are the Indonesian names that families built on it; `weight` is 1000 for the commonest surname.
    """

    hans: str
    hant: tuple[str, ...]
    spellings: Mapping[str, tuple[str, ...]]
    adopted: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Western:
    """A word of a name that is not Chinese; names of one `group` are one name in several languages.

    `sex` is m, f or u; `kind` is western, indonesian, vietnamese_middle or particle.
    """

    name: str
    sex: str
    group: str
    kind: str


def _lines(file: str) -> list[str]:
    return (_HERE / file).read_text(encoding="utf-8").splitlines()


def _rows(file: str) -> Iterator[list[str]]:
    """Return the cells of a table's rows, without its header."""
    return (line.split("\t") for line in _lines(file)[1:])


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(",")) if cell else ()


@cache
def characters() -> dict[str, Character]:
    """Return what is known of each character, by its simplified form."""
    return {
        hans: Character(hans, _listed(hant), Reading(*map(_listed, readings)), int(weight))
        for hans, hant, *readings, weight in _rows("characters.tsv")
    }


@cache
def surnames() -> dict[str, Surname]:
    """Return what is known of each surname, by its simplified form."""
    columns = _lines("surnames.tsv")[0].split("\t")[2:-1]
    found = {}
    for hans, hant, *cells, weight in _rows("surnames.tsv"):
        spelt = {column: _listed(cell) for column, cell in zip(columns, cells, strict=True)}
        adopted = spelt.pop("adopted")
        found[hans] = Surname(hans, _listed(hant), spelt, adopted, int(weight))
    return found


@cache
def western() -> dict[str, Western]:
    """Return the given names, middle names and particles that are not Chinese, by their bare spelling."""
    return {row[0]: Western(*row) for row in _rows("western.tsv")}


@cache
def _to_simplified() -> dict[str, str]:
    """Map variants and full forms to simplified; a character that is itself simplified stays."""
    known = characters()
    pairs = chain(
        ((full, one.hans) for one in known.values() for full in one.hant),
        ((variant, standard) for variant, standard in _rows("variants.tsv")),
    )
    found: dict[str, str] = {}
    for other, standard in pairs:
        if other not in known:
            found.setdefault(other, standard)
    return found


@cache
def _by_opencc() -> OpenCC:
    return OpenCC("t2s")


@cache
def _simplified(character: str) -> str:
    if character.isascii() or character in characters():
        return character
    known = _to_simplified().get(character)
    converted: str = known or _by_opencc().convert(character)
    return converted


def simplified(text: str) -> str:
    """Write full forms and variants as simplified characters, one by one, so that the length stays."""
    return "".join(map(_simplified, text))


@cache
def confusable() -> dict[str, frozenset[str]]:
    """Return for a character those that registers write in its place by sound or by look, itself left out."""
    found: dict[str, set[str]] = {}
    groups = [*(row[0] + row[1] for row in _rows("confusable.tsv")), *_lines("lookalikes.tsv")]
    for group in groups:
        for character in group:
            found.setdefault(character, set()).update(set(group) - {character})
    return {character: frozenset(others) for character, others in found.items()}
