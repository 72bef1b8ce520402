"""Records for tests of linkage: one at will, and a town of invented people with the records they left."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from qiaoqiao.parties.linkage.comparing import Levels, compare
from qiaoqiao.parties.linkage.features import COLUMNS, encode
from qiaoqiao.parties.names.knowledge import characters, surnames
from qiaoqiao.parties.names.spelling import spellings

Record = dict[str, str]


def record(**columns: str) -> Record:
    """A record in which everything is empty but what is given."""
    assert set(columns) <= set(COLUMNS)
    return {name: columns.get(name, "") for name in COLUMNS}


def levels(one: Record, other: Record) -> dict[str, Levels]:
    """The level of each comparison for two records."""
    return {name: level[0] for name, level in compare(encode([one]), encode([other])).items()}


def spelt(hanzi: str, scheme: str, column: str) -> tuple[str, str]:
    """Surname and given name as a scheme spells them."""
    known = characters()
    given = " ".join(spellings(known[one].reading, scheme)[0] for one in hanzi[1:])
    return surnames()[hanzi[0]].spellings[column][0].upper(), given.upper()


FAMILIES = "陈林黄李张王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄吕江何萧罗高"
OWN = "文国志明建华伟强金水福德荣辉成龙英美玲秀珍淑芬丽月云春桂兰芳燕雪梅琴娟霞红宝庆永祥安邦"
ABROAD = (
    ("hongkong", "hongkong", "HK"), ("hokkien", "hokkien", "SG"), ("dutch", "dutch", "ID"), ("pinyin", "pinyin", "CN"),
    ("vietnam", "vietnam", "VN"), ("wade", "taiwan", "TW"),
)  # fmt: skip


class Population:
    """A hundred invented people and 300 records of them; twins, siblings, fathers and sons among them.

    A person has a line of the register, a passport in some country's spelling, and a card of an association.
    `people` says whose each record is; `twins` are pairs of people.
    """

    def __init__(self, seed: int = 7) -> None:
        self.dice = random.Random(seed)
        self.records: list[Record] = []
        self.people: list[int] = []
        self.twins: list[tuple[int, int]] = []
        self.next = 0
        for family in range(20):
            self._family(family)

    def _family(self, number: int) -> None:
        surname = self.dice.choice(FAMILIES)
        married = self.dice.randint(1945, 1975)
        father = surname + self._own()
        mother = self.dice.choice(FAMILIES) + self._own()
        home = {"household_no": f"H{number:05}", "native_place": "广东省台山县"}
        self._person(father, "M", date(married - 25, 1, 1) + self._days(), home | {"spouse_name": mother})
        self._person(mother, "F", date(married - 23, 1, 1) + self._days(), home | {"spouse_name": father})
        kin = home | {"father_name": father, "mother_name": mother}
        shared = self.dice.choice(OWN)
        births = [date(married + 1 + 2 * place, 1, 1) + self._days() for place in range(3)]
        if number % 5 == 0:
            births[2] = births[1]
            self.twins.append((self.next + 1, self.next + 2))
        for sex, born in zip("MFF", births, strict=True):
            self._person(surname + shared + self.dice.choice(OWN), sex, born, kin)

    def _person(self, hanzi: str, sex: str, born: date, more: Record) -> None:
        common = {"sex": sex, "birth_date": str(born)}
        local = {"source": "hukou", "name_hanzi": hanzi, "nationality": "CN"} | common | more
        scheme, column, country = self.dice.choice(ABROAD)
        surname, given = spelt(hanzi, scheme, column)
        passport = {"surname_latin": surname, "given_latin": given, "nationality": country} | common
        abroad = {"source": "passport", "name_latin": f"{surname}, {given}"} | passport
        third = {"source": "association", "name_hanzi": hanzi, "name_latin": f"{given} {surname}"} | common
        third |= {"native_place": more["native_place"]}
        if self.next % 4 == 0:
            third |= {"birth_date": str(born.year)}
        for columns in (local, abroad, third):
            self.records.append(record(**columns))
            self.people.append(self.next)
        self.next += 1

    def _own(self) -> str:
        return "".join(self.dice.sample(OWN, 2))

    def _days(self) -> timedelta:
        return timedelta(days=self.dice.randint(0, 364))


def slices(records: list[Record]) -> Iterator[list[Record]]:
    """Records as the batch takes them, in more than one slice."""
    yield records[: len(records) // 2]
    yield records[len(records) // 2 :]
