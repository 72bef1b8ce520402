"""The green channel: a pure rule by table, its reasons in the entry, and the order it makes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.models import Assignment, Case
from qiaoqiao.casework.rules import born_of, green_channel, years_old
from qiaoqiao.ledger.models import Fact
from qiaoqiao.parties.rules import Applicant
from tests.cast import AT, PETITION, ROSA, Town, now_epoch

ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("country", "born", "age", "why"),
    [
        ("VE", None, None, ("abroad",)),
        ("VE", date(1950, 1, 1), 60, ("abroad", "aged")),
        ("CN", date(1966, 3, 2), 60, ("aged",)),
        ("CN", date(1966, 3, 3), 60, ()),
        ("CN", date(1950, 1, 1), None, ()),
        ("", date(1950, 1, 1), 60, ("aged",)),
        ("", None, 60, ()),
        ("HK", None, 60, ("abroad",)),
    ],
)
def test_who_goes_through_the_green_channel(
    country: str, born: date | None, age: int | None, why: tuple[str, ...]
) -> None:
    assert green_channel(country, born, ON, age) == why


@pytest.mark.parametrize(
    ("on", "years"),
    [(date(2024, 2, 28), 59), (date(2024, 2, 29), 60), (date(2025, 2, 28), 60), (date(2025, 3, 1), 61)],
)
def test_somebody_born_on_a_leap_day_grows_older(on: date, years: int) -> None:
    assert years_old(date(1964, 2, 29), on) == years


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 200))
def test_nobody_grows_younger(born: date, days: int) -> None:
    later = date.fromordinal(born.toordinal() + days)
    assert years_old(born, later) >= years_old(born, born) == 0


@pytest.mark.parametrize(
    ("kind", "number", "asked", "born"),
    [
        ("resident_card", "11010519491231002X", "", date(1949, 12, 31)),
        ("resident_card", "11010519491231002x", "", date(1949, 12, 31)),
        ("resident_card", "110105194912310021", "", None),
        ("passport", "11010519491231002X", "", None),
        ("resident_card", "E12345678", "", None),
        ("", "", "1950-06-01", date(1950, 6, 1)),
        ("", "", "1950", None),
    ],
)
def test_the_day_of_birth_comes_from_what_was_given_anyway(
    kind: str, number: str, asked: str, born: date | None
) -> None:
    assert born_of(kind, number, {"born": asked} if asked else {}) == born


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def filed(applicant: Applicant) -> Case:
    filing = Filing(service="petition", channel="web", applicant=applicant, facts=PETITION)
    with acting(PUBLIC.with_case(filing.case_id), epoch=now_epoch()):
        return file(filing, actor=PUBLIC, at=AT)


GRANDMOTHER = replace(ROSA, country="CN", identity_kind="resident_card", identity_number="11010519491231002X")


@pytest.mark.parametrize(
    ("applicant", "age", "why"),
    [
        (ROSA, None, ["abroad"]),
        (GRANDMOTHER, 60, ["aged"]),
        (GRANDMOTHER, 77, None),
        (GRANDMOTHER, None, None),
    ],
)
def test_the_reasons_stand_in_the_entry_of_filing(
    town: Town, applicant: Applicant, age: int | None, why: list[str] | None
) -> None:
    if age:
        Office.objects.filter(pk=town.federation.pk).update(settings={"green_channel": {"age": age}})
    case = filed(applicant)
    with acting(SYSTEM, epoch=now_epoch()):
        facts = Fact.objects.get(subject=case.pk, entry__kind="filed").facts
        seat = Assignment.objects.get(case=case)
    assert facts.get("green_channel") == why
    assert case.priority is seat.priority is (why is not None)
