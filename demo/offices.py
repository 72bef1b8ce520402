"""The offices of both cities as a tree, and who works in them."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from demo.people import staff_name
from demo.places import LATIN, read, traditional
from qiaoqiao.access.models import Account, Office, Place, Post
from qiaoqiao.access.rules import Level, OfficeKind, PostRole

HOURS = "工作日 09:00-12:00，14:30-17:30"
ROADS = ("侨都路", "环市路", "胜利路", "侨兴路", "人民路", "建设路")
# Townships that have a federation group and a government in the demo; the others are served by the county.
ACTIVE_TOWNSHIPS = ("端芬镇", "海宴镇", "塘口镇", "牛江镇", "胜利街道")
# What the law sheet leaves open: promised by these offices only, so that pages show both kinds.
SETTINGS: Mapping[str, dict[str, dict[str, int]]] = {
    "440781-overseas_affairs": {
        "settlement": {"supplement_check_days": 5, "promised_days": 15},
        "schooling": {"answer_days": 10},
        "identity": {"answer_days": 15},
        "house": {"confirm_days": 20},
    },
    "4407-overseas_affairs": {
        "settlement": {"approve_days": 5},
        "exam_preference": {"audit_days": 15},
        "joint_exam": {"screening_days": 15},
        "international_student": {"screening_days": 15},
    },
    "440781-education": {"schooling": {"edu_answer_days": 20}},
    "440781-federation": {
        "petition": {"suggestion_reply_days": 20},
        "enquiry": {"answer_days": 10},
        "legal_advice": {"answer_days": 10},
        "mediation": {"take_up_days": 7},
        "notarisation": {"forward_days": 7},
        "procuratorate": {"forward_days": 7},
        "arbitration": {"guide_days": 10},
        "foreign_law": {"opinion_days": 20},
        "relief": {"verify_days": 10},
    },
    "440781-household_police": {"residence_registration": {"answer_days": 15, "promise_days": 30}},
    "440781-exit_entry_police": {"nationality": {"police_days": 30}},
    "440781-hospital": {"health": {"reply_days": 3, "follow_days": 14}},
    "440781-human_resources": {"social_insurance": {"answer_days": 10, "finish_days": 20}},
    "440781-civil_affairs": {"elder_care": {"assess_days": 15, "arrange_days": 15}},
    "440781-tax": {"tax": {"answer_days": 10, "certificate_days": 10}},
    "440781-natural_resources": {"title_transfer": {"answer_days": 10, "tax_days": 15}},
    "4407-tax": {"tax": {"answer_days": 15}},
    "450205-federation": {"enquiry": {"answer_days": 7}, "legal_advice": {"answer_days": 7}},
}
# No law names an age for the green channel: these offices chose one.
GREEN: Mapping[str, dict[str, int]] = {"green_channel": {"age": 60}}
GREEN_AT = {"federation", "overseas_affairs"}
# The names that practice uses where the pattern gives another.
OWN_NAMES = {
    "4502-overseas_affairs": "柳州市侨务办公室",
    "4407-court": "江门市中级人民法院",
    "4502-court": "柳州市中级人民法院",
    "4407-exit_entry_police": "江门市公安局出入境管理支队",
    "4502-exit_entry_police": "柳州市公安局出入境管理支队",
}


def load_offices(places: Sequence[Place]) -> dict[str, Office]:
    """Keep the offices that are not there yet; return all by code (`440781-federation`)."""
    kept = {office.code: office for office in Office.objects.select_related("place")}
    for office in office_rows(places):
        if office.code in kept:
            continue
        parent = _superior(office, kept)
        office.parent = parent
        office.save(force_insert=True)
        office.path = f"{parent.path if parent else '/'}{office.pk}/"
        office.save(update_fields=["path"])
        kept[office.code] = office
    return kept


def office_rows(places: Sequence[Place]) -> Iterator[Office]:
    """Every office of the demo, superiors first."""
    areas = {city["code"]: city["area"] for city in read("places")}
    number = 0
    for place in sorted(places, key=lambda one: (len(one.code), one.code)):
        for kind, about in read("offices").items():
            if not _stands(kind, about["levels"], place):
                continue
            number += 1
            code = f"{place.code}-{kind}"
            yield Office(
                code=code,
                names=_names(kind, about["names"], place),
                kind=OfficeKind(kind),
                level=place.level,
                place=place,
                path="",
                address=f"{place.names['zh-Hans']}{ROADS[number % len(ROADS)]}{number}号（虚构）",
                phone=f"{areas[place.code[:4]]}-0{number:06d}",
                hours=HOURS,
                letterhead=f"{place.names['zh-Hans'][0]}{about['mark']}" if about["mark"] else "",
                settings={**SETTINGS.get(code, {}), **(GREEN if kind in GREEN_AT else {})},
            )


def _stands(kind: str, levels: Sequence[str], place: Place) -> bool:
    name = place.names["zh-Hans"]
    if place.level == Level.TOWNSHIP:
        return name in ACTIVE_TOWNSHIPS and kind in {"township", "federation"}
    return place.level in levels


def _names(kind: str, patterns: Mapping[str, str], place: Place) -> dict[str, str]:
    chinese = patterns["zh-Hans"].format(p=place.names["zh-Hans"])
    if kind == "township" and place.names["zh-Hans"].endswith("街道"):
        chinese = f"{place.names['zh-Hans']}办事处"
    if kind == "federation" and place.level == Level.TOWNSHIP:
        chinese = f"{place.names['zh-Hans']}侨联小组"
    chinese = OWN_NAMES.get(f"{place.code}-{kind}", chinese)
    latin = {language: patterns[language].format(p=place.names[language]) for language in LATIN}
    return {"zh-Hans": chinese, "zh-Hant": traditional(chinese)} | latin


def _superior(office: Office, kept: Mapping[str, Office]) -> Office | None:
    """The office of the same line at the nearest place above; a township answers to its county's bureau."""
    line = {"township": "petition_office", "village": "federation"}.get(office.kind, office.kind)
    code = office.place_id
    for length in (9, 6, 4):
        if length < len(code) and (found := kept.get(f"{code[:length]}-{line}")):
            return found
    return None


@dataclass(frozen=True)
class Staff:
    """Who works where: account ids by office id and role."""

    by_role: Mapping[tuple[int, str], Sequence[int]]

    def pick(self, office_id: int, role: str, chance: random.Random) -> int:
        """One of the office's people who may do what that role does."""
        return chance.choice(self.by_role[office_id, role])


def load_staff(offices: Mapping[str, Office], *, since: date, chance: random.Random) -> None:
    """Keep one clerk, one handler and one head for every office, and the accounts of the demo's cards."""
    if not Account.objects.filter(username="taishan-window").exists():
        accounts, posts = _people_of(offices, since, chance)
        Account.objects.bulk_create(accounts)
        Post.objects.bulk_create(posts)


def staff_of_all() -> Staff:
    """Who works where, as it is kept."""
    by_role: dict[tuple[int, str], list[int]] = {}
    for office_id, role, account_id in Post.objects.order_by("pk").values_list("office", "role", "account"):
        by_role.setdefault((office_id, role), []).append(account_id)
    return Staff(by_role)


def open_cards() -> None:
    """Let one click sign in as each of the cards; the last thing done, so it shows that all is loaded."""
    Account.objects.filter(username__in=card_holders()).update(demo=True)


def card_holders() -> list[str]:
    """The usernames of the accounts that one click opens."""
    return [card["username"] for card in read("accounts")]


def _people_of(
    offices: Mapping[str, Office], since: date, chance: random.Random
) -> tuple[list[Account], list[Post]]:
    accounts, posts = [], []

    def employ(account: Account, office: Office, role: str) -> None:
        account.password = make_password(None)
        accounts.append(account)
        posts.append(Post(account=account, office=office, role=PostRole(role), since=since))

    for card in read("accounts"):
        account = Account(username=card["username"], name=card["name"])
        employ(account, offices[card["office"]], card["role"])
    for code, office in offices.items():
        for role in ("clerk", "handler", "head"):
            employ(Account(username=f"{code}-{role}", name=staff_name(chance)), office, role)
    return accounts, posts


def cards() -> str:
    """The accounts of the demo, one line each, for whoever starts it."""
    named = {
        "clerk": "窗口人员 window clerk",
        "handler": "经办人 handler",
        "head": "负责人 head of office",
        "keeper": "管理员 keeper",
    }
    offices = {office.code: office.names["zh-Hans"] for office in Office.objects.all()}
    return "\n".join(
        f"  {named[card['role']]:<24} {card['name']}  {offices[card['office']]}  {card['about']}"
        for card in read("accounts")
    )
