"""How an invented person's name was spelt abroad, with the product's own knowledge of names."""

import random

from demo.places import traditional
from qiaoqiao.parties.names.knowledge import characters, surnames
from qiaoqiao.parties.names.spelling import spellings

# A scheme of parties.names.spelling, and the column of surnames that goes with it.
COLUMNS = {
    "vietnam": "vietnam", "hongkong": "hongkong", "cantonese": "cantonese", "toisan": "americas", "hakka": "hakka",
    "hokkien": "hokkien", "teochew": "teochew", "hainan": "hainan", "dutch": "dutch", "indonesia": "indonesia",
    "pinyin": "pinyin",
}  # fmt: skip
ENGLISH = {
    "f": "Susan Linda Mary Helen Amy Grace Jenny Nancy Lily Rose".split(),
    "m": "Peter David Kevin Raymond Tony Daniel Michael John Henry Andy".split(),
}
INDONESIAN = {"f": "Ani Dewi Sri Indah Ratna Yuliani".split(), "m": "Budi Hendra Agus Iwan Rudi Adi".split()}


def scheme(country: str, dialect: str, year: int) -> str:
    """How clerks of a country wrote the name of somebody of a dialect born in a year."""
    if country == "VN":
        return "vietnam"
    if country == "ID":
        return "dutch" if year < 1950 else "indonesia"
    if country == "HK":
        return "hongkong"
    if country == "CN":
        return "pinyin"
    if country in {"US", "CA", "AU", "GB"} and dialect == "cantonese":
        return "hongkong"
    return dialect if dialect in COLUMNS else "cantonese"


def surname_of(chance: random.Random, surname: str, how: str) -> str:
    """One of the spellings of a surname, the commonest oftenest."""
    known = surnames()[surname].spellings.get(COLUMNS[how], ()) if surname in surnames() else ()
    return _near_the_top(chance, known or syllable(surname, how)).capitalize()


def syllable(character: str, how: str) -> tuple[str, ...]:
    known = characters().get(character)
    return spellings(known.reading, how) if known else (character,)


def given_of(chance: random.Random, given: str, how: str) -> list[str]:
    return [_near_the_top(chance, syllable(one, how)).capitalize() for one in given]


def _near_the_top(chance: random.Random, known: tuple[str, ...]) -> str:
    return known[min(int(chance.expovariate(1.3)), len(known) - 1)]


def latin(
    chance: random.Random, surname: str, given: str, *, sex: str, how: str, year: int, west: bool
) -> str:
    """A whole name as a paper of that place has it."""
    family, own = surname_of(chance, surname, how), given_of(chance, given, how)
    if how == "pinyin":
        return f"{family.upper()} {''.join(own).upper()}"
    if how == "vietnam":
        middle = ("Thi" if sex == "f" else "Van") if len(own) == 1 or chance.random() < 0.35 else ""
        return " ".join(filter(None, (family, middle, *own)))
    if how in {"dutch", "indonesia"} and year > 1940 and chance.random() < 0.3:
        adopted = surnames()[surname].adopted if surname in surnames() else ()
        return f"{chance.choice(INDONESIAN[sex])} {chance.choice(adopted[:4] or (family,)).capitalize()}"
    if west and chance.random() < 0.5:
        return f"{chance.choice(ENGLISH[sex])} {family}"
    joined = chance.choice(
        (" ".join(own), "-".join([own[0], *map(str.lower, own[1:])]), "".join(own).capitalize())
    )
    return f"{family} {joined}"


def full_form(text: str) -> str:
    """The name in full (traditional) characters."""
    return traditional(text)
