"""Who asks and what they fill in: a matter of the demo's texts with a person, a place and a way of coming."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from demo.people import ORIGINS, Origin, abroad, neighbour, origin, reachable
from demo.places import read, traditional
from demo.steps import Step, Story
from qiaoqiao.catalogue.entry import holds
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.parties.rules import Applicant

TOPICS: Mapping[str, int] = {
    "house": 30, "settlement": 12, "nationality": 7, "schooling": 11, "hardship": 10, "social_insurance": 10,
    "family": 7, "business": 3, "health": 5, "donation": 2, "other": 3,
}  # fmt: skip
# In Liuzhou mostly elderly returnees ask, for themselves, about other things.
RETURNEES_ASK: Mapping[str, int] = {
    "social_insurance": 30, "hardship": 24, "house": 10, "health": 12, "other": 18, "family": 4,
    "schooling": 2,
}  # fmt: skip
SETTLE_KINDS = {"original": 60, "spouse": 8, "child": 14, "parents": 8, "support": 4, "work": 3, "other": 3}
STAGES = {"primary": 46, "junior": 16, "primary_transfer": 24, "junior_transfer": 14}
CHILDREN = ("子晴", "乐怡", "浩然", "梓轩", "嘉敏", "俊杰", "安琪")
GUARDIANS = ("李瑞琼", "黄锦全", "陈美玲", "谭树荣", "林少兰", "吴国华")
HOUSES = ("private", "remittance", "inherited", "returned", "not_returned")
ACCUSED = ("housing", "civil_affairs", "overseas_affairs", "natural_resources")
CHANNELS: Mapping[bool, Mapping[str, int]] = {
    True: {"web": 82, "letter": 8, "phone": 8, "api": 2},
    False: {"counter": 55, "phone": 22, "web": 15, "letter": 8},
}
WINDOW = ("counter", "phone", "letter")
LIUZHOU = "4502"


@dataclass(frozen=True)
class Matter:
    """A filled-in form and who filled it in."""

    topic: str
    county: str
    channel: str
    applicant: Applicant
    facts: Mapping[str, Any]
    papers: tuple[str, ...] = ()
    helper: Applicant | None = None
    relation: str = ""
    representatives: tuple[str, ...] = ()

    def story(self, service: str, target: str, steps: Sequence[Step]) -> Story:
        """The matter with what happens to it."""
        return Story(
            service=service,
            target=target,
            channel=self.channel,
            applicant=self.applicant,
            facts=self.facts,
            steps=tuple(steps),
            county=self.county,
            papers=self.papers,
            helper=self.helper,
            relation=self.relation,
            representatives=self.representatives,
        )


def weighted(weights: Mapping[str, int], chance: random.Random) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


class Asker:
    """Finds somebody with a matter in one county."""

    def __init__(self, chance: random.Random, county: str) -> None:
        self.chance, self.county = chance, county
        self.area = "0772" if county.startswith(LIUZHOU) else "0750"
        self.texts = read("petition")
        about = next(one for city in read("places") for one in city["counties"] if one["code"] == county)
        self.county_name, _, self.county_latin = about["name"].partition(" ")
        self.latin = dict(written.split(" ", 1) for written in about["townships"])
        self.towns = list(self.latin)

    def school(self) -> str:
        """A school of the demo."""
        return str(self.chance.choice(self.texts["schools"]))

    def petition(self, purpose: str) -> Matter:
        """A petition of this purpose."""
        at_home = self.area == "0772" or self.chance.random() < 0.12
        suggests = purpose == "suggestion"
        topic = "other" if suggests else weighted(RETURNEES_ASK if at_home else TOPICS, self.chance)
        known = self.texts["accusation" if purpose == "accusation" else topic]
        texts = [one for one in known if one["ask"].startswith("建议") == suggests]
        fitting = [one for one in texts if _fitting(one, at_home)]
        text = self.chance.choice(fitting or texts)
        at_home = at_home if fitting else not at_home
        person, whence = self.person(at_home, text.get("language", ""))
        return self._petition(purpose, topic, text, writing(person, text, self.chance), whence)

    def _petition(
        self, purpose: str, topic: str, text: Mapping[str, Any], person: Applicant, whence: Origin
    ) -> Matter:
        town = self.chance.choice(self.towns)
        slots = self.slots(self.latin[town] if "language" in text else town, whence)
        opening, closing = ("", "") if "language" in text else self._frame(person)
        letter = (
            opening + self.chance.choice(_fitting(text, person.country == "CN") or text["facts"]) + closing
        )
        written = traditional if person.language == "zh-hant" else str
        channel = self.channel(person)
        anonymous = purpose == "accusation" and self.chance.random() < 0.35
        helper, relation = self.helper(person, anonymous=anonymous or channel == "letter")
        joint = not anonymous and self.chance.random() < 0.05
        facts = {
            "purpose": purpose,
            "topic": topic,
            "house_kind": self.chance.choice(HOUSES),
            "place": self.county,
            "accused_office": f"{self.county}-{self.chance.choice(ACCUSED)}",
            "request": written(text["ask"].format(**slots)),
            "facts": written(letter.format(**slots)),
            "in_other_procedure": self.chance.random() < 0.04,
            "petitioned_before": self.chance.random() < 0.2,
            "anonymous": anonymous,
            "address": self._home(person, town, whence),
            "joint": joint,
            "urgent": self.chance.random() < 0.015,
        }
        return Matter(
            topic,
            self.county,
            channel,
            reachable(person, self.chance),
            _asked("petition", facts),
            self._papers(("evidence", "house_papers") if topic == "house" else ("evidence",), 0.45),
            helper,
            relation,
            tuple(self.chance.sample(["陈国强", "黄玉莲", "林汉荣", "李秀英"], 2)) if joint else (),
        )

    def settlement(self, now: datetime) -> Matter:
        """An application to settle in the county."""
        person, whence = self.person(False, "")
        kind = weighted(SETTLE_KINDS, self.chance)
        town = self.chance.choice(self.towns)
        left = now.year - self.chance.randint(9, 38)
        helper, relation = self.helper(person, anonymous=False, often=0.3)
        surname = person.name[0]
        facts = {
            "nationality": "CN",
            "residence_country": whence.country,
            "residence_right": weighted({"permanent": 80, "long_term": 14, "five_years": 6}, self.chance),
            "resident_since": f"{left + 3}-0{self.chance.randint(1, 9)}-1{self.chance.randint(0, 9)}",
            "stay_months_2y": self.chance.randint(18, 23),
            "stay_months_5y": self.chance.randint(32, 58),
            "study_or_official": False,
            "household_state": "cancelled",
            "original_hukou": f"{self.county_name}{town}{self.chance.choice(self.texts['villages'])}",
            "left_on": f"{left}-0{self.chance.randint(1, 9)}-2{self.chance.randint(0, 8)}",
            "collective_hukou": False,
            "settle_kind": kind,
            "place": self.county,
            "address": f"{town}{self.chance.choice(self.texts['villages'])}{self.chance.randint(2, 98)}号",
            "relative_name": surname + self.chance.choice(("国华", "秀琼", "志强", "少兰")),
            "relative_hukou": f"{self.county_name}{town}",
            "employer": f"{self.county_name}侨乡农业有限公司（虚构）",
            "other_reason": "父母已故，希望回祖屋居住，照看祠堂和果园。",
            "continuous_days": self.chance.randint(92, 240),
            "days_in_6_months": self.chance.randint(92, 180),
            "housing": weighted({"own": 40, "family": 48, "rented": 12}, self.chance),
            "livelihood": self.chance.sample(
                ["work", "pension", "savings", "family"], self.chance.randint(1, 2)
            ),
            "applied_by": "relative" if helper else "self",
        }
        return Matter(
            "settling",
            self.county,
            self.channel(person),
            person,
            _asked("settlement", facts),
            self._papers(("application_form", "passport", "photo", "residence_proof", "declaration"), 0.8),
            helper,
            relation,
        )

    def schooling(self, now: datetime) -> Matter:
        """A school place for a child whose parents live abroad."""
        person, whence = self.person(False, "")
        stage = weighted(STAGES, self.chance)
        age = {"primary": 6, "junior": 12, "primary_transfer": 9, "junior_transfer": 13}[stage]
        helper, relation = self.helper(person, anonymous=False, often=0.35)
        facts = {
            "child_name": person.name[0] + self.chance.choice(CHILDREN),
            "child_birth": f"{now.year - age}-0{self.chance.randint(1, 8)}-1{self.chance.randint(0, 9)}",
            "child_nationality": "CN",
            "parents_status": self.chance.choice(("both", "both", "one")),
            "parents_country": whence.country,
            "parents_residence": self.chance.choice(("permanent", "permanent", "five_years")),
            "guardian": self.chance.choice(("grandparents", "grandparents", "parents", "other")),
            "guardian_name": self.chance.choice(GUARDIANS),
            "stage": stage,
            "grade": 4 if stage == "primary_transfer" else 8,
            "last_school": f"{whence.chinese}华人学校（虚构）",
            "place": self.county,
            "basis": self.chance.choice(("guardian_hukou", "guardian_hukou", "former_hukou", "parent_work")),
            "address": f"{self.chance.choice(self.towns)}{self.chance.choice(self.texts['villages'])}",
            "term_start": f"{now.year if now.month < 8 else now.year + 1}-09-01",
            "wished_school": self.school() if self.chance.random() < 0.5 else "",
        }
        return Matter(
            "school_place",
            self.county,
            self.channel(person),
            person,
            _asked("schooling", facts),
            self._papers(("parents_identity", "child_id", "kinship_proof"), 0.7),
            helper,
            relation,
        )

    def person(self, at_home: bool, language: str) -> tuple[Applicant, Origin]:
        """Somebody at home or abroad, and where they come from; abroad somebody who reads the language."""
        if at_home:
            land = self.chance.choice(("VN", "ID", "MY", "MM", "TH"))
            whence = next(one for one in ORIGINS if one.country == land)
            return neighbour(self.chance, self.area, returnee=self.area == "0772"), whence
        whence = origin(self.chance)
        while language and language not in whence.languages:
            whence = origin(self.chance)
        return abroad(self.chance, whence, language=language), whence

    def channel(self, person: Applicant) -> str:
        """How somebody at home, or abroad, comes."""
        return weighted(CHANNELS[person.country != "CN"], self.chance)

    def helper(
        self, person: Applicant, *, anonymous: bool, often: float = 0.09
    ) -> tuple[Applicant | None, str]:
        """Who files for them, if anybody does, and as what."""
        if anonymous or self.chance.random() > often:
            return None, ""
        helper = reachable(neighbour(self.chance, self.area, returnee=False), self.chance)
        return helper, str(self.chance.choice(self.texts["relations"]))

    def slots(self, town: str, whence: Origin) -> dict[str, str]:
        """What stands in the holes of a text."""
        return {
            "town": town,
            "village": self.chance.choice(self.texts["villages"]),
            "year": str(self.chance.randint(1928, 1991)),
            "left": str(self.chance.randint(1979, 2004)),
            "back": str(self.chance.choice((1960, 1961, 1966, 1978, 1979))),
            "kin": self.chance.choice(self.texts["kin"]),
            "sum": f"{self.chance.randint(8, 96) * 500:,}",
            "land": whence.chinese,
            "school": self.school(),
        }

    def _frame(self, person: Applicant) -> tuple[str, str]:
        fitting = [one for one in self.texts["openings"] if person.country != "CN" or "{land}" not in one]
        ends = [one for one in self.texts["closings"] if person.country != "CN" or "时差" not in one]
        if not person.timezone.startswith("America"):
            ends = [one for one in ends if "时差" not in one]
        return self.chance.choice(fitting), self.chance.choice(ends)

    def _home(self, person: Applicant, town: str, whence: Origin) -> str:
        if person.country == "CN":
            village = self.chance.choice(self.texts["villages"])
            return f"{self.county_name}{town}{village}{self.chance.randint(1, 88)}号"
        return f"{whence.chinese}，信箱 {self.chance.randint(10, 999)}（虚构）"

    def _papers(self, kinds: Sequence[str], often: float) -> tuple[str, ...]:
        return tuple(kind for kind in kinds if self.chance.random() < often)


def _fitting(text: Mapping[str, Any], at_home: bool) -> list[str]:
    """The tellings of a matter that somebody at home, or abroad, may tell of themselves."""
    if at_home:
        return [
            fact
            for fact in text["facts"]
            if "language" not in text and ("{land}" not in fact or "归" in fact)
        ]
    return [fact for fact in text["facts"] if "归侨" not in fact and "归国" not in fact]


def writing(person: Applicant, text: Mapping[str, Any], chance: random.Random) -> Applicant:
    """Who writes Chinese mostly reads it, too."""
    if "language" in text or person.language.startswith("zh") or chance.random() < 0.2:
        return person
    return replace(person, language="zh-hans")


def _asked(service: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the form asks under these answers; empty answers left out."""
    kept: dict[str, Any] = {}
    for field in catalogue_entry(service).fields:
        if field.id in facts and facts[field.id] not in ("", None) and holds(field.when, kept):
            kept[field.id] = facts[field.id]
    return kept
