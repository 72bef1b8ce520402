"""The cast of the tests: two cities, a few offices, and people with fixed names. Nothing here is random."""

from datetime import UTC, date, datetime
from typing import Any

from qiaoqiao.access.models import Account, Office, Place, Post
from qiaoqiao.access.tickets import PUBLIC, Actor, acting, staff
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.models import Case
from qiaoqiao.parties.rules import Applicant

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Beijing
TODAY = date(2026, 3, 2)
SINCE = date(2026, 1, 1)


def now_epoch() -> int:
    """Tickets are checked by the database's own clock."""
    return int(datetime.now(UTC).timestamp())


def make_place(code: str, name: str, level: str, parent: Place | None = None) -> Place:
    names = {"zh-Hans": name, "en": code}
    return Place.objects.get_or_create(pk=code, defaults={"names": names, "level": level, "parent": parent})[
        0
    ]


def make_office(code: str, kind: str, place: Place, *, level: str, parent: Office | None = None) -> Office:
    names = {"zh-Hans": f"{place.names['zh-Hans']}{code}", "en": code}
    office = Office.objects.create(
        code=code,
        names=names,
        kind=kind,
        level=level,
        place=place,
        parent=parent,
        path="",
        letterhead="侨测函",
        address="侨都路1号",
        phone="0750-0000000",
        hours="周一至周五 09:00-17:00",
    )
    office.path = f"{parent.path if parent else '/'}{office.pk}/"
    office.save(update_fields=["path"])
    return office


def make_account(username: str, *posts: tuple[Office, str]) -> Account:
    account = Account.objects.create(username=username, name=username)
    for office, role in posts:
        Post.objects.create(account=account, office=office, role=role, since=SINCE)
    return account


class Town:
    """Jiangmen as the tests need it: a city, two districts, their offices, and who works there."""

    def __init__(self) -> None:
        self.city = make_place("4407", "江门市", "city")
        self.taishan = make_place("440781", "台山市", "county", self.city)
        self.kaiping = make_place("440783", "开平市", "county", self.city)
        self.duanfen = make_place("440781105", "端芬镇", "township", self.taishan)
        for kind in (
            "federation",
            "overseas_affairs",
            "exit_entry_police",
            "housing",
            "discipline",
            "education",
            "petition_office",
        ):
            city = make_office(f"jm-{kind}", kind, self.city, level="city")
            county = make_office(f"ts-{kind}", kind, self.taishan, level="county", parent=city)
            setattr(self, f"city_{kind}", city)
            setattr(self, kind, county)
        self.kaiping_federation = make_office(
            "kp-federation", "federation", self.kaiping, level="county", parent=self.city_federation
        )
        self.officer_chen = make_account(
            "chen", (self.overseas_affairs, "handler"), (self.federation, "handler")
        )
        self.head_liang = make_account("liang", (self.overseas_affairs, "head"), (self.federation, "head"))
        self.city_head = make_account(
            "zhou", (self.city_federation, "head"), (self.city_overseas_affairs, "head")
        )
        self.police_wu = make_account("wu", (self.exit_entry_police, "handler"))
        self.housing_lin = make_account("lin", (self.housing, "handler"), (self.housing, "head"))
        self.stranger_he = make_account("he", (self.kaiping_federation, "head"))


def as_staff(account: Account) -> Actor:
    return staff(account.pk)


ROSA = Applicant(
    name="陈玉莲",
    latin_name="Rosa Chen",
    country="VE",
    language="es",
    timezone="America/Caracas",
    email="rosa@example.org",
    identity_kind="passport",
    identity_number="E12345678",
)


def file_case(service: str, facts: dict[str, Any], *, at: datetime = AT, **changes: Any) -> Case:
    """File a request as somebody on the web would."""
    filing = Filing(service=service, channel="web", applicant=ROSA, facts=facts, **changes)
    with acting(PUBLIC.with_case(filing.case_id), epoch=now_epoch()):
        return file(filing, actor=PUBLIC, at=at)


# A request to settle back, and a claim about a house, with every question answered.
SETTLE: dict[str, Any] = {
    "nationality": "CN",
    "residence_country": "VE",
    "residence_right": "permanent",
    "resident_since": "2001-05-06",
    "stay_months_2y": 22,
    "study_or_official": False,
    "household_state": "cancelled",
    "original_hukou": "台山市端芬镇",
    "left_on": "1998-03-01",
    "collective_hukou": False,
    "settle_kind": "original",
    "place": "440781",
    "address": "端芬镇侨兴路8号",
    "continuous_days": 100,
    "days_in_6_months": 100,
    "housing": "family",
    "livelihood": ["savings"],
    "applied_by": "self",
}
PETITION: dict[str, Any] = {
    "purpose": "claim",
    "topic": "house",
    "place": "440781",
    "request": "归还祖屋",
    "facts": "祖屋被占",
    "in_other_procedure": False,
    "petitioned_before": False,
    "anonymous": False,
    "joint": False,
    "urgent": False,
}
