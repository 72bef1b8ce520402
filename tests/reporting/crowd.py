"""A crowd of made-up people, each with a file made as the product makes it. Nothing here is random."""

from dataclasses import dataclass, field
from datetime import date
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


def shengli(size: int, *places: Place) -> list[Someone]:
    """A community like the farms of the south: returnees of six countries, their children and grandchildren."""
    origins = ["VN", "VN", "VN", "ID", "ID", "MY", "VN", "SG", "TH", "MM", "VN", "ID"]
    tongues = {"VN": "vietnamese", "ID": "indonesian", "MY": "malay", "TH": "thai", "MM": "burmese"}
    found = []
    for at in range(size):
        age = (at * 37 + at * at * 11) % 94
        origin = origins[at % 12]
        returned = age >= 46 and at % 5 != 0
        abroad = at % 17 == 3
        standing = "returnee" if returned else "overseas_chinese" if abroad else "relative"
        needs = [
            *(["elderly"] if age >= 80 else []),
            *(["alone"] if age >= 70 and at % 4 == 0 else []),
            *(["illness"] if at % 13 == 0 else []),
            *(["hardship"] if at % 19 == 0 else []),
            *(["schooling"] if 6 <= age <= 17 and at % 3 == 0 else []),
            *(["work"] if 20 <= age <= 55 and at % 8 == 0 else []),
            *(["law"] if at % 29 == 0 else []),
            *(["kin"] if at % 23 == 0 else []),
        ]
        found.append(
            Someone(
                standing=standing,
                born=f"{TODAY.year - age}-{at % 12 + 1:02}-{at % 28 + 1:02}",
                sex="fm"[at * 7 // 3 % 2],
                origin=origin,
                country=["VN", "US", "CA"][at % 3] if abroad else "CN",
                return_year=(1960 if origin in {"ID", "MM"} else 1978 + at % 4) + at % 9
                if returned
                else None,
                place=places[at * at % len(places)] if places else None,
                needs=tuple(needs),
                languages=(
                    "mandarin",
                    "cantonese",
                    *([tongues[origin]] if returned and origin in tongues else []),
                ),
                checked_on=date(2025, 1, 10) if at % 6 == 0 else TODAY,
                household=str(at // 3),
            )
        )
    return found
