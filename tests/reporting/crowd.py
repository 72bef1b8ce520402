"""A crowd of made-up people, each with a file made as the product makes it. Nothing here is random."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from uuid import uuid4

from qiaoqiao.access.models import Account, Office, Place
from qiaoqiao.access.tickets import acting
from qiaoqiao.parties.actions.files import make_file
from qiaoqiao.parties.models import File, Household, Member, Name, Need, Standing
from tests.cast import AT, TODAY, as_staff, now_epoch


@dataclass(frozen=True)
class Someone:
    """What the pictures count of a person."""

    standing: str = "returnee"
    born: str = "1950-01-01"
    sex: str = "f"
    origin: str = "VN"
    country: str = "CN"
    return_year: int | None = 1978
    place: Place | None = None
    needs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    checked_on: date = TODAY
    household: str = ""


@dataclass
class Crowd:
    """People whose files one office keeps."""

    office: Office
    keeper: Account
    households: dict[str, Household] = field(default_factory=dict)

    def add(self, *people: Someone) -> list[File]:
        with acting(as_staff(self.keeper), epoch=now_epoch()):
            return [self.one(someone) for someone in people]

    def one(self, who: Someone) -> File:
        facts = [
            Name(text=f"陈{uuid4().hex[:4]}", script="hans", kind="legal"),
            *([Standing(kind=who.standing)] if who.standing else []),
            *(Need(kind=kind) for kind in who.needs),
        ]
        if who.household:
            facts.append(Member(household=self.household(who.household), relation="other"))
        file = make_file(
            *facts, office=self.office, actor=as_staff(self.keeper), at=AT, place=who.place, sex=who.sex,
            born=who.born, origin=who.origin, return_year=who.return_year, country=who.country,
        )  # fmt: skip
        File.objects.filter(pk=file.pk).update(languages=list(who.languages), checked_on=who.checked_on)
        return file

    def household(self, number: str) -> Household:
        if number not in self.households:
            self.households[number] = Household.objects.create(office=self.office, number=number)
        return self.households[number]


AGES = (
    (1,) * 6
    + (10,) * 7
    + (20,) * 8
    + (30,) * 11
    + (40,) * 12
    + (50,) * 15
    + (60,) * 16
    + (70,) * 13
    + (80,) * 8
    + (90,) * 2
)
FROM = ("VN",) * 11 + ("ID",) * 5 + ("MY",) * 2 + ("SG", "TH", "TH", "MM")
RETURNED = {"VN": 1978, "ID": 1960, "MY": 1952, "SG": 1955, "TH": 1954, "MM": 1965}
TONGUES = {"VN": "vietnamese", "ID": "indonesian", "MY": "malay", "TH": "thai", "MM": "burmese"}


def dice(at: int, what: str, sides: int) -> int:
    """A throw that is the same each time."""
    return int.from_bytes(sha256(f"{at} {what}".encode()).digest()[:4]) % sides


def shengli(size: int, *places: Place) -> list[Someone]:
    """A community like the farms of the south: returnees of six countries, their children and grandchildren."""
    return [resident(at, places) for at in range(size)]


def resident(at: int, places: Sequence[Place]) -> Someone:
    age = AGES[dice(at, "decade", len(AGES))] + dice(at, "year", 9)
    origin = FROM[dice(at, "origin", len(FROM))]
    year = RETURNED[origin] + dice(at, "return", 3)
    returned = TODAY.year - age < year and dice(at, "standing", 8) > 0
    abroad = not returned and dice(at, "abroad", 6) == 0
    wanted = {
        "elderly": age >= 80,
        "alone": age >= 70 and dice(at, "alone", 4) == 0,
        "illness": dice(at, "illness", 13) == 0,
        "hardship": dice(at, "hardship", 19) == 0,
        "disability": dice(at, "disability", 90) == 0,
        "schooling": 6 <= age <= 17 and dice(at, "schooling", 3) == 0,
        "work": 20 <= age <= 55 and dice(at, "work", 8) == 0,
        "law": dice(at, "law", 29) == 0,
        "kin": dice(at, "kin", 23) == 0,
    }
    spoken = {"mandarin": dice(at, "mandarin", 9) > 0, "cantonese": dice(at, "cantonese", 3) > 0}
    own = [TONGUES[origin]] if returned and origin in TONGUES else []
    return Someone(
        standing="returnee" if returned else "overseas_chinese" if abroad else "relative",
        born=f"{TODAY.year - age}-{dice(at, 'month', 12) + 1:02}-{dice(at, 'day', 28) + 1:02}",
        sex="fm"[dice(at, "sex", 2)],
        origin=origin,
        country=("VN", "US", "CA", "AU")[dice(at, "country", 4)] if abroad else "CN",
        return_year=year if returned else None,
        place=places[min(dice(at, "place", len(places)), dice(at, "home", len(places)))] if places else None,
        needs=tuple(kind for kind, needed in wanted.items() if needed),
        languages=(*(tongue for tongue, known in spoken.items() if known), *own),
        checked_on=date(2025, 1, 10) if dice(at, "checked", 6) == 0 else TODAY,
        household=str(at // 3),
    )
