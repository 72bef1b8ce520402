"""Why two records look like one person and why not, as data: what each comparison found and what it weighs."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, TypedDict

from qiaoqiao.lib.words import fold, is_han
from qiaoqiao.parties.linkage.comparing import NULL, kinship
from qiaoqiao.parties.linkage.features import Row, encode
from qiaoqiao.parties.linkage.matching import Compared
from qiaoqiao.parties.linkage.views import plain
from qiaoqiao.parties.linkage.vocabulary import COLUMN_OF, SCHEMES
from qiaoqiao.parties.linkage.vocabulary import fold as fold_syllable
from qiaoqiao.parties.names.knowledge import characters, simplified, surnames
from qiaoqiao.parties.names.spelling import spellings

PRIOR = "prior"
OTHER_NAME = 5
"""The highest level of `given` at which two names are rather different ones."""
RELATIVES = ("father", "mother", "spouse")
SHOWN: Mapping[str, tuple[str, ...]] = {
    "surname": ("name_hanzi", "name_latin"), "given": ("name_hanzi", "name_latin"), "foreign": ("name_latin", "alias"),
    "sex": ("sex",), "birth": ("birth_date",), "phone": ("phone",), "home": ("household_no", "address"),
    "native": ("native_place",), "parents": ("father_name", "mother_name"), "spouse": ("spouse_name",),
    "kinship": ("name_hanzi", "name_latin"),
}  # fmt: skip
"""What each side says, by comparison; of a paper's number only its end is ever shown."""


class Item(TypedDict):
    """One piece of evidence. `how` tells apart what one level may mean: a spelling, who is whose kin."""

    what: str
    level: int
    weight: float
    left: str
    right: str
    how: str


def evidence(left: Row, right: Row, compared: Compared) -> list[Item]:
    """What speaks for and against two records, the heaviest first; the last item is what holds before any.

    Comparisons about which a side says nothing are left out, and kinship where there is none.
    """
    total, levels, bits = compared
    said = [what for what, level in levels.items() if level != NULL and (what != "kinship" or level)]
    items = [
        Item(
            what=what,
            level=levels[what],
            weight=round(bits[what], 2),
            left=side(left, what),
            right=side(right, what),
            how=how(what, left, right, levels),
        )
        for what in said
    ]
    items.sort(key=lambda item: -abs(item["weight"]))
    prior = round(total - sum(bits.values()), 2)
    return [*items, Item(what=PRIOR, level=0, weight=prior, left="", right="", how="")]


def side(row: Row, what: str) -> str:
    """What one record says in a matter, as it was written."""
    if what == "number":
        bare = "".join(char for char in row["id_no"].upper() if char.isalnum())
        return bare[-4:]
    texts = [row[column] for column in SHOWN[what] if row[column]]
    if what in {"surname", "given", "kinship", "home"}:
        texts = texts[:1]
    return " / ".join(texts)


def how(what: str, left: Row, right: Row, levels: Mapping[str, int]) -> str:
    """What the level alone does not say: `same` writing, a spelling, who is kin of whom, other names at home."""
    match what:
        case "surname" | "given":
            return written_alike(side(left, what), side(right, what))
        case "home" if 0 <= levels["given"] <= OTHER_NAME:
            return "others"
        case "kinship":
            return whose(left, right)
    return ""


def written_alike(left: str, right: str) -> str:
    """`same` where two names are written alike, a scheme where one spells the other, else nothing."""
    han_left, han_right = (any(map(is_han, text)) for text in (left, right))
    if han_left == han_right:
        return "same" if _bare(left) == _bare(right) else ""
    hanzi, latin = (left, right) if han_left else (right, left)
    return spelt_as(hanzi, latin)


def _bare(text: str) -> str:
    return "".join(sorted(plain(fold(text)).replace("-", " ").replace(",", " ").split()))


def spelt_as(hanzi: str, latin: str) -> str:
    """The scheme in which a name in letters spells one in characters; "" when none does wholly."""
    bare = [one for one in simplified(hanzi) if is_han(one)]
    tokens = {fold_syllable(one) for one in plain(latin).replace("-", " ").replace(",", " ").split()}
    known = characters()
    for scheme in SCHEMES:
        column = COLUMN_OF.get(scheme, scheme)
        family = surnames()[bare[0]].spellings.get(column, ()) if bare and bare[0] in surnames() else ()
        given = [spellings(known[one].reading, scheme) if one in known else () for one in bare[1:3]]
        if (
            given
            and _among(family, tokens)
            and (all(_among(one, tokens) for one in given) or _glued(given, tokens))
        ):
            return scheme
    return ""


def _among(words: Iterable[str], tokens: set[str]) -> bool:
    return any(fold_syllable(word) in tokens for word in words)


def _glued(given: Sequence[Iterable[str]], tokens: set[str]) -> bool:
    """Whether the syllables of a given name stand as one word: Dawen."""
    return _among(map("".join, product(*given)), tokens)


def whose(left: Row, right: Row) -> str:
    """Which relative one record names in the other's person: `father`, `mother` or `spouse`."""
    for relative in RELATIVES:
        blank = {f"{one}_name": "" for one in RELATIVES if one != relative}
        a, b = encode([{**left, **blank}]), encode([{**right, **blank}])
        if kinship(a, b)[0]:
            return relative
    return ""


def as_items(written: Any) -> list[Item]:
    """Evidence as it is kept in a proposal; what an older version wrote otherwise is left out."""
    return [
        Item(
            what=str(one["what"]),
            level=int(one["level"]),
            weight=float(one["weight"]),
            left=str(one.get("left", "")),
            right=str(one.get("right", "")),
            how=str(one.get("how", "")),
        )
        for one in written
        if isinstance(one, dict) and "what" in one
    ]
