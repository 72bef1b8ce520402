"""The families of invented Shengli: who came back, whom they married, who was born here, who left again."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from demo.residents import (
    Home,
    Resident,
    about,
    drawn,
    foreign_passport,
    given_name,
    identity_number,
    landline,
    needs_of,
    new_home,
    some_day,
)  # fmt: skip
from demo.spelling import latin, scheme

CHILDREN = {0: 7, 1: 30, 2: 36, 3: 19, 4: 8}
OLDEST = 97
# How many of a hundred have died by that age, beyond those whom no roll remembers.
DEAD = ((60, 0), (72, 3), (82, 12), (90, 24), (120, 42))


def residents(size: int, *, seed: int, on: date) -> list[Resident]:
    """So many people (a family more or less), the same for the same seed."""
    chance = random.Random(f"shengli {seed}")
    found: list[Resident] = []
    village = Village(chance, on)
    while len(found) < size:
        found += village.family()
    return found


class Village:
    """Families one after another, with numbers, flats and papers that nobody else has."""

    def __init__(self, chance: random.Random, on: date) -> None:
        self.chance, self.on = chance, on
        self.people = self.homes = self.families = 0
        self.identities: set[str] = set()
        self.names: list[Resident] = []

    def family(self) -> list[Resident]:
        """One family with all whom an office would hear of; the dead among them too."""
        self.families += 1
        origin = drawn(self.chance, {code: one["weight"] for code, one in about("origins").items()})
        founder = self.founder(origin)
        mate = self.mate(founder)
        home = self.house([founder, mate])
        people = [founder, mate, *self.siblings_abroad(founder)]
        mother, father = (founder, mate) if founder.sex == "f" else (mate, founder)
        children = list(self.children(father, mother, drawn(self.chance, CHILDREN)))
        for child in children:
            people += self.grown(child, home, youngest=child is children[-1])
        for one in people:
            self.finish(one)
        return people

    def new(self, sex: str, surname: str, year: int, origin: str, standing: str, **more: str) -> Resident:
        """Somebody with a name and a birthday of that year; some are traps, called like a stranger of their age."""
        given = given_name(self.chance, sex, year, generation=more.get("generation", ""))
        alike = [one for one in self.names[-400:] if one.sex == sex and abs(one.born.year - year) <= 1]
        born = some_day(self.chance, year)
        if alike and "generation" not in more and self.chance.random() < 0.02:
            like = self.chance.choice(alike)
            surname, given = like.surname, like.given
        self.people += 1
        one = Resident(self.people, self.families, sex, surname, given, born, origin, standing)
        self.names.append(one)
        return one

    def founder(self, origin: str) -> Resident:
        here = about("origins")[origin]
        returned = drawn(self.chance, here["returned"])
        earliest, latest, usual = here["born"]
        earliest = max(earliest, self.on.year - OLDEST)
        year = min(int(self.chance.triangular(earliest, latest, usual)), returned - 1)
        one = self.new(
            self.chance.choice("mf"), self.chance.choice(here["surnames"].split()), year, origin, "returnee"
        )
        self.from_abroad(one, returned)
        return one

    def from_abroad(self, one: Resident, returned: int) -> None:
        """Give a returnee the year, the languages, the ancestral place and the name of over there."""
        here = about("origins")[one.origin]
        one.return_year = returned
        one.dialect = drawn(self.chance, here["dialects"])
        one.languages = tuple(here["languages"][one.dialect])
        one.native = self.chance.choice(here["native"])
        if self.chance.random() < 0.55:
            one.latin = self.spelt(one, one.origin)
        if self.chance.random() < 0.14:
            one.former = one.surname + given_name(self.chance, one.sex, one.born.year)

    def spelt(self, one: Resident, country: str) -> str:
        how = scheme(country, one.dialect, one.born.year)
        young = country in {"US", "CA", "AU", "GB", "HK"} and one.born.year > 1960
        return latin(
            self.chance, one.surname, one.given, sex=one.sex, how=how, year=one.born.year, west=young
        )

    def mate(self, one: Resident) -> Resident:
        """A husband or wife: from the same country as often as from here."""
        year = one.born.year + self.chance.randint(-4, 4) + (2 if one.sex == "m" else -2)
        year = max(year, self.on.year - OLDEST)
        back = self.chance.random() < 0.5 and one.return_year is not None and year < one.return_year
        pool = about("origins")[one.origin]["surnames"] if back else about("local_surnames")
        surname = self.chance.choice([each for each in pool.split() if each != one.surname])
        other = self.new(
            "f" if one.sex == "m" else "m", surname, year, one.origin, "returnee" if back else "relative"
        )
        if back and one.return_year:
            self.from_abroad(other, one.return_year)
        else:
            other.native = "广西柳州市"
        one.spouse, other.spouse = other, one
        return other

    def children(self, father: Resident, mother: Resident, number: int) -> Iterator[Resident]:
        """Children of a couple, some with a character in common; a few are twins."""
        generation, called = "", set[str]()
        year = mother.born.year + self.chance.randint(20, 29)
        while number > 0 and year < self.on.year:
            twins = 2 if self.chance.random() < 0.03 else 1
            day = some_day(self.chance, year)
            for _ in range(min(twins, self.on.year - year)):
                child = self.child(father, mother, year, generation)
                while child.given in called:
                    child.given = given_name(self.chance, child.sex, year)
                called.add(child.given)
                child.born = day
                if len(child.given) == 2 and not generation and self.chance.random() < 0.5:
                    generation = child.given[0]
                yield child
            number -= twins
            year += self.chance.randint(2, 5)

    def child(self, father: Resident, mother: Resident, year: int, generation: str) -> Resident:
        sex = self.chance.choice("mf")
        parent = next((one for one in (father, mother) if one.standing == "returnee"), father)
        back = parent.return_year is not None and year < parent.return_year and parent.standing == "returnee"
        more = {"generation": generation} if generation else {}
        one = self.new(sex, father.surname, year, parent.origin, "returnee" if back else "relative", **more)
        one.father, one.mother, one.native = father, mother, father.native or parent.native
        one.dialect = parent.dialect
        if back and parent.return_year:
            self.from_abroad(one, parent.return_year)
            one.native = parent.native
        elif self.chance.random() < 0.6:
            one.languages = parent.languages[:1]
        return one

    def grown(self, child: Resident, home: Home, *, youngest: bool) -> list[Resident]:
        """What became of a child: left, stayed with the parents, or has a flat and a family of their own."""
        age = child.age(self.on)
        if age >= 20 and self.chance.random() < 0.13:
            self.leave(child)
            return [child]
        if age < 24 or (youngest and self.chance.random() < 0.3):
            self.move_in(child, home, "女儿" if child.sex == "f" else "儿子")
            return [child]
        if self.chance.random() < 0.25:
            self.house([child], near=home)
            return [child]
        mate = self.mate(child)
        mate.origin = child.origin
        own = self.house([child, mate], near=home)
        mother, father = (child, mate) if child.sex == "f" else (mate, child)
        grandchildren = list(self.children(father, mother, drawn(self.chance, {0: 2, 1: 6, 2: 2})))
        for one in grandchildren:
            if one.age(self.on) >= 22 and self.chance.random() < 0.15:
                self.leave(one)
            else:
                self.move_in(one, own, "女儿" if one.sex == "f" else "儿子")
        return [child, mate, *grandchildren]

    def siblings_abroad(self, founder: Resident) -> list[Resident]:
        """Brothers and sisters who went on elsewhere or stayed over there."""
        if self.chance.random() > 0.28:
            return []
        year = min(max(founder.born.year + self.chance.randint(-7, 7), self.on.year - OLDEST), 1985)
        one = self.new(self.chance.choice("mf"), founder.surname, year, founder.origin, "foreign_chinese")
        one.dialect, one.native, one.languages = founder.dialect, founder.native, founder.languages
        self.leave(one)
        return [one]

    def leave(self, one: Resident) -> None:
        """Live abroad: as a citizen there oftener than not, with a name as it is spelt there."""
        one.country = drawn(self.chance, about("origins")[one.origin]["abroad"])
        one.return_year = None
        stays = one.country == "HK" or self.chance.random() < 0.35
        one.standing = "overseas_chinese" if stays else "foreign_chinese"
        one.citizen = "CN" if stays else one.country
        one.latin = self.spelt(one, one.country)
        one.passport = "" if stays else foreign_passport(self.chance)
        if self.chance.random() < 0.5:
            letters = "".join(part for part in one.latin.lower() if part.isascii() and part.isalpha())
            one.email = f"{letters}{self.chance.randrange(100)}@example.org"

    def house(self, people: list[Resident], near: Home | None = None) -> Home:
        self.homes += 1
        home = new_home(self.chance, self.homes, near)
        for place, one in enumerate(people):
            self.move_in(one, home, "户主" if place == 0 else "配偶")
        return home

    def move_in(self, one: Resident, home: Home, relation: str) -> None:
        one.home, one.relation = home, relation
        home.people.append(one)

    def finish(self, one: Resident) -> None:
        """Papers, telephone, needs; and who is no more."""
        age = one.age(self.on)
        share = next(share for until, share in DEAD if age < until)
        if one.country == "CN":
            one.identity = identity_number(self.chance, one.sex, one.born, self.identities)
            if self.chance.randrange(100) < share:
                one.died = self.on - timedelta(days=self.chance.randint(30, 2400))
            one.phone = one.home.phone if one.home and self.chance.random() < 0.6 else landline(self.chance)
            if not one.died:
                one.needs = needs_of(self.chance, one, self.on)
