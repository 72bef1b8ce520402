"""Every number opens its cases: a figure and its list come from one filter."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiaoqiao.access.tickets import acting, person
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.models import Case
from qiaoqiao.reporting.figures import Filter, Overview, Tally, cases, filter_of, overview, page
from tests.cast import PETITION, SETTLE, Town, as_staff, file_case, now_epoch

TODAY = date(2026, 4, 1)


@pytest.fixture
def town(db: None) -> Town:
    town = Town()
    early = file_case("settlement", SETTLE)
    file_case("settlement", SETTLE | {"settle_kind": "work", "employer": "台山侨兴公司"})
    file_case("petition", PETITION, at=datetime(2026, 3, 25, 2, tzinfo=UTC))
    with acting(person(early.pk), epoch=now_epoch()):
        move(early.pk, "withdraw", answers={}, actor=person(early.pk), at=datetime(2026, 3, 3, 2, tzinfo=UTC))
    return town


def tallies(found: Overview) -> list[Tally]:
    single = [value for field in fields(found) if isinstance(value := getattr(found, field.name), Tally)]
    spread = [tally for group in found.by.values() for tally in group]
    return single + spread + [tally for pair in found.months for tally in pair]


def test_each_number_of_the_overview_is_the_length_of_its_list(town: Town) -> None:
    offices = [town.overseas_affairs.pk, town.federation.pk]
    with acting(as_staff(town.head_liang), epoch=now_epoch()):
        found = overview(offices, Filter(), today=TODAY)
        assert found.filed.number == 3
        assert (found.done.number, found.overdue.number) == (1, 1)
        assert found.on_time_share == 1.0
        for tally in tallies(found):
            assert cases(offices, tally.wanted, today=TODAY).count() == tally.number, tally


def test_a_stranger_counts_nothing(town: Town) -> None:
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        offices = [town.overseas_affairs.pk, town.kaiping_federation.pk]
        assert overview(offices, Filter(), today=TODAY).filed.number == 0


def test_pages_of_a_list_leave_no_case_out_and_show_none_twice(town: Town, monkeypatch: Any) -> None:
    monkeypatch.setattr("qiaoqiao.reporting.figures.PAGE", 2)
    with acting(as_staff(town.head_liang), epoch=now_epoch()):
        offices = [town.overseas_affairs.pk, town.federation.pk]
        first, after = page(offices, Filter(), today=TODAY)
        rest, end = page(offices, Filter(), today=TODAY, after=after)
        assert end is None
        assert [case.pk for case in first + rest] == list(
            Case.objects.order_by("-filed_at", "-pk").values_list("pk", flat=True)
        )


FILTERS = st.builds(
    Filter,
    service=st.sampled_from(["", "petition"]),
    month=st.sampled_from(["", "2026-03"]),
    done=st.sampled_from([None, True, False]),
    on_time=st.sampled_from([None, True, False]),
    rated=st.sampled_from([None, 1, 5]),
    since=st.sampled_from([None, date(2026, 1, 1)]),
)


@given(FILTERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_filter_survives_its_address(wanted: Filter) -> None:
    assert filter_of(wanted.query()) == wanted
