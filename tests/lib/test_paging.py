"""Whatever the order and however many rows are alike, the pages show every row once, forward and back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.activities.models import Activity
from qiaoqiao.lib.paging import Page, beyond, cut, cut_by_id
from qiaoqiao.parties.models import Person
from tests.cast import now_epoch

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ORDERS = [("id",), ("name", "id"), ("-made_at", "-pk"), ("-made_at", "id"), ("name", "-made_at", "id")]
pytestmark = pytest.mark.django_db


def people(*those: tuple[str, int]) -> None:
    Person.objects.all().delete()
    Person.objects.bulk_create(Person(name=name, made_at=AT + timedelta(hours=hour)) for name, hour in those)


def in_order(order: tuple[str, ...]) -> list[UUID]:
    """The plain way: all rows, sorted in Python by one column after the other."""
    rows = list(Person.objects.all())
    for one in reversed(order):
        rows.sort(key=attrgetter(one.removeprefix("-")), reverse=one.startswith("-"))
    return [row.pk for row in rows]


def page(order: tuple[str, ...], size: int, way: str, mark: tuple[object, ...] | None) -> Page[Person, Any]:
    place = attrgetter(*(one.removeprefix("-") for one in order), "pk")  # one more, so that it is a tuple
    return cut(Person.objects.all(), order, size, lambda row: place(row)[:-1], **{way: mark})


def ids(rows: Sequence[Person]) -> list[UUID]:
    return [row.pk for row in rows]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    those=st.lists(st.tuples(st.sampled_from("ab陈"), st.integers(0, 3)), max_size=14),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 5),
)
def test_walking_forward_and_back_shows_every_row_once_in_order(
    db: None, those: list[tuple[str, int]], order: tuple[str, ...], size: int
) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        people(*those)
        every = in_order(order)
        cuts = [every[at : at + size] for at in range(0, len(every), size)] or [[]]
        found = page(order, size, "after", None)
        assert found.before is None
        forward = [ids(found.rows)]
        while found.after is not None and len(forward) <= len(cuts):
            found = page(order, size, "after", found.after)
            forward.append(ids(found.rows))
        assert forward == cuts
        back = [ids(found.rows)]
        while found.before is not None and len(back) <= len(cuts):
            found = page(order, size, "before", found.before)
            back.append(ids(found.rows))
        assert back == cuts[::-1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    those=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2)), min_size=1, max_size=9),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 4),
    where=st.integers(0, 8),
)
def test_turning_from_any_row_shows_its_neighbours_and_where_there_are_more(
    db: None, those: list[tuple[str, int]], order: tuple[str, ...], size: int, where: int
) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        people(*those)
        every = in_order(order)
        at = min(where, len(every) - 1)
        following, preceding = every[at + 1 :], every[:at]
        found = cut_by_id(Person.objects.all(), order, size, after=every[at])
        shown = following[:size]
        assert ids(found.rows) == shown
        assert found.before == (shown[0] if shown else None)
        assert found.after == (shown[-1] if len(following) > size else None)
        found = cut_by_id(Person.objects.all(), order, size, before=every[at])
        shown = preceding[-size:]
        assert ids(found.rows) == shown
        assert found.before == (shown[0] if len(preceding) > size else None)
        assert found.after == (shown[-1] if shown else None)


def test_a_row_that_is_gone_leaves_the_end_from_which_one_turns() -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        people(("a", 0), ("b", 0), ("c", 0))
        every = in_order(("name", "id"))
        assert ids(cut_by_id(Person.objects.all(), ("name", "id"), 2, after=uuid4()).rows) == every[:2]
        assert ids(cut_by_id(Person.objects.all(), ("name", "id"), 2, before=uuid4()).rows) == every[1:]


def test_a_page_costs_one_statement_and_one_more_to_find_an_id(
    django_assert_num_queries: Any,
) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        people(("a", 0), ("b", 0), ("c", 0))
        first = in_order(("name", "id"))[0]
        with django_assert_num_queries(1):
            page(("name", "id"), 2, "after", ("a", first))
        with django_assert_num_queries(2):
            cut_by_id(Person.objects.all(), ("name", "id"), 2, after=first)


def test_an_index_answers_what_follows_a_place_in_any_uniform_order() -> None:
    rows = Activity.objects.filter(open=True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    for order, sign in [(("starts_at", "id"), ">"), (("-starts_at", "-id"), "<")]:
        plan = rows.filter(beyond(order, (AT, uuid4()))).order_by(*order)[:26].explain()
        assert f"Index Cond: (ROW(starts_at, id) {sign} ROW(" in plan
        assert "Sort" not in plan


def test_a_place_with_a_character_no_text_may_have_is_before_the_first_row() -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        people(("a", 0), ("b", 1))
        for way in ("before", "after"):
            made_up = {way: ("a\x00", uuid4())}
            found = cut(Person.objects.all(), ("name", "id"), 5, attrgetter("name"), **made_up)
            assert [row.name for row in found.rows] == ["a", "b"]
