"""Prepared statements sent together keep every guard that single ones have."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.casework.models import Once
from qiaoqiao.lib.statements import fetch, find, insert, send, together
from qiaoqiao.parties.models import Person
from tests.cast import now_epoch

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def once(key: str) -> Once:
    return Once(key=key, client_id=None, asked=b"a" * 32, answer={"b": [1, None]}, at=AT)


def test_rows_of_several_tables_go_in_by_one_statement() -> None:
    person = Person(name="陈𠀀", made_at=AT)
    with acting(SYSTEM, epoch=now_epoch()):
        insert(once("k1"), person, once("k2"))
        assert Person.objects.get(pk=person.pk).name == "陈𠀀"
        kept = find(Once, "WHERE key = ANY($1) ORDER BY key DESC", ["k1", "k2"])
    assert [(row.key, row.answer, bytes(row.asked)) for row in kept] == [
        ("k2", {"b": [1, None]}, b"a" * 32),
        ("k1", {"b": [1, None]}, b"a" * 32),
    ]


def test_what_went_wrong_comes_out_at_the_end_and_undoes_all_of_it() -> None:
    insert(once("k1"))

    def twice() -> None:
        with transaction.atomic(), together():
            insert(once("k2"))
            insert(once("k1"))
            send("SELECT 1")

    with pytest.raises(IntegrityError):
        twice()
    assert not Once.objects.filter(key="k2").exists()


def test_a_reading_in_between_sees_what_was_sent_before() -> None:
    with transaction.atomic(), together():
        insert(once("k1"))
        assert fetch("SELECT count(*) FROM casework_once WHERE key = $1", "k1") == [(1,)]


def test_row_level_security_holds_for_prepared_statements_too() -> None:
    with acting(PUBLIC, epoch=now_epoch()):
        insert(Person(name="asked for", made_at=AT))
        assert find(Person, "") == []
    for _ in range(7):  # often enough for a plan that is kept
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            insert(Person(name="nobody asked", made_at=AT))


def test_nothing_is_sent_once_the_transaction_is_lost() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(once("k1"), once("k1"))
    with transaction.atomic():
        connection.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            send("SELECT 1")


def test_the_statements_are_counted_like_all_others(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        insert(once("k1"))
        send("SELECT 1")
