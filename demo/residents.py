"""Who lives in invented Shengli: one resident, one household, and what both are made of."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from demo.places import read
from qiaoqiao.parties.linkage.numbers import check_digit

SUBDISTRICT = "450205003"
# Where people were first registered: here, or at a farm or in a town that took them in before.
REGIONS: Mapping[str, int] = {
    "450205": 46, "450222": 14, "450203": 8, "450204": 8, "450202": 6, "450206": 4, "450223": 4, "450103": 5,
    "450502": 3, "450681": 2,
}  # fmt: skip
# Sequence numbers that GB 11643 keeps for people of a hundred years and more: no living person's at these ages.
SEQUENCE = {"m": ("997", "999"), "f": ("996", "998")}


@dataclass(eq=False)
class Resident:
    """Somebody invented. `origin` is where the family returned from, `country` where they live now."""

    number: int
    family: int
    sex: str
    surname: str
    given: str
    born: date
    origin: str
    standing: str
    country: str = "CN"
    return_year: int | None = None
    dialect: str = ""
    languages: tuple[str, ...] = ()
    native: str = ""
    former: str = ""
    latin: str = ""
    citizen: str = "CN"
    identity: str = ""
    passport: str = ""
    phone: str = ""
    email: str = ""
    died: date | None = None
    needs: tuple[str, ...] = ()
    home: "Home | None" = None
    relation: str = "户主"
    father: "Resident | None" = None
    mother: "Resident | None" = None
    spouse: "Resident | None" = None

    @property
    def name(self) -> str:
        return self.surname + self.given

    def age(self, on: date) -> int:
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))

    @property
    def here(self) -> bool:
        return self.country == "CN" and self.died is None


@dataclass(eq=False)
class Home:
    """A household of the register."""

    number: str
    community: str
    community_name: str
    address: str
    phone: str
    people: list[Resident] = field(default_factory=list)


def about(part: str) -> Any:
    """A part of what the data file says."""
    return read("shengli")[part]


def drawn(chance: random.Random, weights: Mapping[Any, int]) -> Any:
    """One of the keys, each as often as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]


def some_day(chance: random.Random, year: int) -> date:
    """A day of a year; the first of January oftener than by chance, as with people whose day nobody knew."""
    if year < 1955 and chance.random() < 0.03:
        return date(year, 1, 1)
    return date(year, 1, 1) + timedelta(days=chance.randrange(365))


def given_name(chance: random.Random, sex: str, year: int, *, generation: str = "") -> str:
    """A given name as it was liked in that year; siblings may share the first character."""
    until, women, men, single = next(row for row in about("given") if year <= row[0])
    del until
    pool = str(women if sex == "f" else men).split()
    if not generation and chance.randrange(100) < int(single):
        return chance.choice(pool)
    first, second = chance.sample(pool, 2)
    return (generation or first) + (second if second != generation else first)


def identity_number(chance: random.Random, sex: str, born: date, taken: set[str]) -> str:
    """A number that checks, and that nobody holds (see SEQUENCE)."""
    while True:
        number = f"{drawn(chance, REGIONS)}{born:%Y%m%d}{chance.choice(SEQUENCE[sex])}"
        number += check_digit(number)
        if number not in taken:
            taken.add(number)
            return number


def foreign_passport(chance: random.Random) -> str:
    """A passport number with a letter that these countries do not begin with."""
    return f"X00{chance.randrange(10**6):06d}"


def landline(chance: random.Random) -> str:
    """A number that cannot be called: no subscriber's begins with a zero."""
    return f"0772-0{chance.randrange(10**6):06d}"


def new_home(chance: random.Random, number: int, near: Home | None = None) -> Home:
    """A flat in one of the communities; children often move no farther than the next house."""
    places: Sequence[Mapping[str, Any]] = about("communities")
    place = drawn(chance, {row: one["weight"] for row, one in enumerate(places)})
    if near is not None and chance.random() < 0.6:
        place = next(row for row, one in enumerate(places) if one["code"] == near.community)
    found = places[place]
    estate = chance.choice(found["estates"])
    flat = f"{chance.randrange(1, 31)}栋{chance.randrange(1, 5)}单元{chance.randrange(1, 8)}0{chance.randrange(1, 3)}"
    return Home(
        f"4502050{number:05d}",
        found["code"],
        found["name"],
        f"{found['name']}{estate}{flat}",
        landline(chance),
    )


def needs_of(chance: random.Random, one: Resident, on: date) -> tuple[str, ...]:
    """What help somebody needs, likelier with age, children, relatives far away."""
    age = one.age(on)
    alone = one.home is not None and len([each for each in one.home.people if each.here]) == 1
    shares = {
        "elderly": 45 if age >= 80 else 14 if age >= 72 else 0,
        "alone": 75 if alone and age >= 65 else 0,
        "illness": 14 if age >= 65 else 3,
        "disability": 5 if age >= 55 else 2,
        "hardship": 9 if age >= 50 else 4,
        "housing": 6 if age >= 25 else 0,
        "schooling": 16 if age in range(6, 16) else 0,
        "work": 9 if age in range(19, 56) else 0,
        "law": 2 if age >= 30 else 0,
        "kin": 9 if one.standing == "returnee" else 2,
    }
    return tuple(kind for kind, share in shares.items() if chance.randrange(100) < share)
