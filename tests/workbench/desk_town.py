"""A town with requests in all kinds of states, made by the same actions as in life."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import PUBLIC, acting, person
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.actions.seating import hand_to
from qiaoqiao.casework.actions.talking import not_solved
from qiaoqiao.casework.models import Case
from tests.cast import ROSA, SETTLE, Town, as_staff, now_epoch

PEOPLE = [
    ("陈玉莲", "Rosa Chen", "VE", "es", "America/Caracas"),
    ("禤喆堃", "", "CN", "zh-hans", "Asia/Shanghai"),
    ("María Wong Rodríguez", "", "PE", "es", "America/Lima"),
    ("João Batista Leong", "", "BR", "pt", "America/Sao_Paulo"),
    ("伍美珊", "Mei-san Eng", "US", "en", "America/New_York"),
    ("黃志強", "", "HK", "zh-hant", "Asia/Hong_Kong"),
]


def people() -> Iterator[tuple[str, str, str, str, str]]:
    while True:
        yield from PEOPLE


def settle(number: int, *, at: datetime, name: str, **facts: object) -> Case:
    """One request to settle, by the person of that number."""
    given, latin, country, language, zone = PEOPLE[number % len(PEOPLE)]
    applicant = replace(
        ROSA,
        name=name or given,
        latin_name=latin,
        country=country,
        language=language,
        timezone=zone,
        email=f"n{number}@example.org",
    )
    filing = Filing(service="settlement", channel="web", applicant=applicant, facts=SETTLE | facts)
    with acting(PUBLIC.with_case(filing.case_id), epoch=now_epoch()):
        return file(filing, actor=PUBLIC, at=at)


def go(account: Account, case: Case, move_id: str, *, at: datetime, **answers: object) -> None:
    actor = as_staff(account)
    with acting(actor, epoch=now_epoch()):
        move(case.pk, move_id, answers=answers, actor=actor, at=at)


NOTICE = {"missing": ["travel_record"], "note": "请补近两年的出入境记录"}
AGREED = {"opinion": "agree", "opinion_reasons": "无异议"}


def fill(town: Town, *, today: datetime, rounds: int) -> list[Case]:
    """Five cases a round: new, waiting, accepted, with the police, withdrawn; some late, some looked at again."""
    cases = []
    for number in range(rounds * 5):
        filed = today - timedelta(days=1 + 2 * (number // 5), hours=number % 7)
        case = settle(number, at=filed, name="")
        cases.append(case)
        chen = town.officer_chen
        match number % 5:
            case 1:
                by = (filed + timedelta(days=20)).date().isoformat()
                go(chen, case, "one_time_notice", at=filed + timedelta(hours=2), supplement_by=by, **NOTICE)
            case 2:
                go(chen, case, "accept", at=filed + timedelta(hours=2))
            case 3:
                go(chen, case, "accept", at=filed + timedelta(hours=2))
                go(chen, case, "consult", at=filed + timedelta(hours=3))
                if number % 2:
                    go(town.police_wu, case, "opinion", at=filed + timedelta(hours=5), **AGREED)
            case 4:
                with acting(person(case.pk), epoch=now_epoch()):
                    move(
                        case.pk, "withdraw", answers={}, actor=person(case.pk), at=filed + timedelta(hours=4)
                    )
                    if number % 2:
                        not_solved(
                            case.pk, reason="还想再问", actor=person(case.pk), at=filed + timedelta(hours=6)
                        )
    hand(town, cases[::5])
    return cases


def hand(town: Town, cases: list[Case]) -> None:
    """Give some cases to one officer."""
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        for case in cases:
            hand_to(case.pk, "lead", officer=town.officer_chen.pk, actor=chen, at=datetime.now(UTC))
