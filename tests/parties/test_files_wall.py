"""Two walls around files of people: our code's and PostgreSQL's, each tried alone, table by table."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given
from hypothesis import settings as trial
from hypothesis import strategies as st

from qiaoqiao.access.models import Post
from qiaoqiao.access.tickets import SYSTEM, Actor, acting, person, staff
from qiaoqiao.lib.words import as_tsquery
from qiaoqiao.parties.listing import Filters, found, of_offices, with_paper
from qiaoqiao.parties.models import (
    Batch,
    Change,
    Citizenship,
    Consent,
    File,
    FileReach,
    Household,
    Member,
    Merge,
    Name,
    Proposal,
    Record,
    Source,
    Visit,
)
from qiaoqiao.parties.queries import visible_files
from tests.cast import Town, as_staff, make_account, now_epoch
from tests.workbench.people_town import PAPER, make_person

TABLES = [
    "parties_file", "parties_name", "parties_document", "parties_citizenship", "parties_standing",
    "parties_address", "parties_contact", "parties_household", "parties_member", "parties_kin", "parties_need",
    "parties_visit", "parties_consent", "parties_change", "parties_batch", "parties_record", "parties_proposal",
    "parties_merge",
]  # fmt: skip
NOT_THE_PERSONS = {"parties_batch", "parties_proposal"}
"""An office's own work; the person's ticket does not reach it."""


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def ask(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def file(town: Town) -> File:
    """A file with a row in every table of the registry."""
    made = make_person(town)
    other = make_person(town, what=[Name(text="陈玉莲", script="hans", kind="legal")])
    one, two = sorted((made, other), key=lambda row: row.pk)
    by = town.officer_chen
    with acting(SYSTEM, epoch=now_epoch()):
        home = Household.objects.create(office=town.federation, number="12")
        Member.objects.create(file=made, household=home, relation="head", added_at=now())
        Citizenship.objects.create(file=made, country="CN", added_at=now())
        Visit.objects.create(
            file=made, key="k", office=town.federation, officer=by, visited_at=now(), kind="routine"
        )
        Consent.objects.create(
            file=made,
            purpose="keeping",
            version="1",
            wording="0" * 64,
            language="zh-hans",
            method="counter",
            given_at=now(),
            given_to="staff:1",
        )
        Change.objects.create(
            file=made, kind="copy", by_person=True, asked_by="person", asked_at=now(), due_on=date(2027, 1, 1)
        )
        source = Source.objects.create(
            code="roll", office=town.federation, keeper=town.federation, names={}, kind="hukou", basis="duty"
        )
        batch = Batch.objects.create(
            source=source, file_name="x", sha256="0" * 64, state="done", made_at=now()
        )
        Record.objects.create(source=source, batch=batch, file=made, name_hanzi="陈玉莲", added_at=now())
        Proposal.objects.create(
            office=town.federation, one=one, other=two, weight=1.0, band="open", evidence=[], made_at=now()
        )
        Merge.objects.create(kept=made, absorbed=other, moved={}, at=now(), by=by)
    return made  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_a_stranger_and_nobody_see_no_row_of_any_table(town: Town, file: File, table: str) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        assert rows(table) > 0, "the canary must be there"
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        assert rows(table) == 0
    assert rows(table) == 0


@pytest.mark.parametrize("table", TABLES)
def test_the_keeping_office_and_the_heads_above_it_see_their_file(town: Town, file: File, table: str) -> None:
    for account in (town.officer_chen, town.head_liang, town.city_head):
        with acting(as_staff(account), epoch=now_epoch()):
            assert rows(table) > 0, account.username


@pytest.mark.parametrize("table", TABLES)
def test_the_person_sees_their_own_file_and_no_other(file: File, table: str) -> None:
    with acting(person(file.pk), epoch=now_epoch()):
        assert (rows(table) > 0) is (table not in NOT_THE_PERSONS)
        assert {pk for (pk,) in ask("SELECT id FROM parties_file")} == {file.pk}


@pytest.mark.parametrize(("until", "sees"), [(None, True), (0, True), (30, True), (-1, False), (-400, False)])
@pytest.mark.parametrize("table", ["parties_file", "parties_document", "parties_need", "parties_visit"])
def test_a_reach_holds_through_its_last_day_and_not_a_day_longer(
    town: Town, file: File, table: str, until: int | None, sees: bool
) -> None:
    last = None if until is None else localdate() + timedelta(days=until)
    with acting(SYSTEM, epoch=now_epoch()):
        FileReach.objects.create(file=file, office=town.kaiping_federation, why="break_glass", until=last)
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        assert (rows(table) > 0) is sees
        assert visible_files(he, on=localdate()).exists() is sees


def test_nobody_widens_the_reach_of_a_file_they_cannot_see(town: Town, file: File) -> None:
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            FileReach(file=file, office=town.kaiping_federation, why="case").save(force_insert=True)
        assert rows("parties_file") == 0


def test_a_strangers_changes_fall_on_nothing(town: Town, file: File) -> None:
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        for sql in (
            "UPDATE parties_file SET name = 'x'",
            "UPDATE parties_document SET tail = '0000'",
            "DELETE FROM parties_name",
            "DELETE FROM parties_consent",
            "UPDATE parties_consent SET withdrawn_at = now()",
        ):
            with connection.cursor() as cursor:
                cursor.execute(sql)
                assert cursor.rowcount == 0, sql
    with acting(as_staff(town.officer_chen), epoch=now_epoch()), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match=r"permission|policy"), transaction.atomic():
            cursor.execute("TRUNCATE parties_file CASCADE")
        cursor.execute("DELETE FROM parties_file")
        assert cursor.rowcount == 0  # a file is emptied, never deleted


def test_the_ledgers_facts_of_a_file_are_read_with_the_file(town: Town, file: File) -> None:
    sees = {town.officer_chen: True, town.stranger_he: False}
    for account, seen in sees.items():
        with acting(as_staff(account), epoch=now_epoch()):
            assert bool(ask("SELECT 1 FROM ledger_fact WHERE subject = %s", file.pk)) is seen


def test_finding_gives_ids_only_of_files_one_may_see(town: Town, file: File) -> None:
    query = as_tsquery("陈玉莲")
    for account, many in ((town.officer_chen, 2), (town.stranger_he, 0), (town.police_wu, 0)):
        actor = as_staff(account)
        with acting(actor, epoch=now_epoch()):
            assert len(ask("SELECT qq_people(%s::tsquery)", query)) == many, account.username
            assert len(found("陈玉莲", Filters(), actor, on=localdate()).rows) == many
            assert bool(with_paper(PAPER)) is bool(many)
            assert len(of_offices(Filters(), [town.federation.pk], actor, on=localdate()).rows) == many
    assert ask("SELECT qq_people(%s::tsquery)", query) == []


@given(
    posts=st.lists(
        st.tuples(
            st.integers(0, 5), st.sampled_from(["clerk", "handler", "head", "keeper"]),
            st.sampled_from([None, -1, 0, 1]),
        ),
        max_size=3,
    ),
    reached=st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, -1, 0, 1])), max_size=3),
    keeper=st.integers(0, 5),
    own=st.booleans(),
)  # fmt: skip
@trial(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_wall_alone_shows_exactly_the_same_files(
    town: Town,
    posts: list[tuple[int, str, int | None]],
    reached: list[tuple[int, int | None]],
    keeper: int,
    own: bool,
) -> None:
    today = localdate()
    with transaction.atomic():
        tree = [town.city_federation, town.federation, town.kaiping_federation]
        offices = [*tree, town.city_housing, town.housing, town.exit_entry_police]
        account = make_account("trial")
        for number, role in dict.fromkeys((number, role) for number, role, _until in posts):
            until = next(end for one, other, end in posts if (one, other) == (number, role))
            ends = None if until is None else today + timedelta(days=until)
            Post.objects.create(
                account=account, office=offices[number], role=role, since=date(2020, 1, 1), until=ends
            )
        with acting(SYSTEM, epoch=now_epoch()):
            made = [
                File.objects.create(number=f"QF26-3333-{one:03d}", office=offices[one], made_at=now())
                for one in {keeper, 1}
            ]
            for number, until in dict(reached).items():
                ends = None if until is None else today + timedelta(days=until)
                FileReach.objects.create(file=made[0], office=offices[number], why="case", until=ends)
            actor: Actor = staff(account.pk)
            if own:
                actor = actor.with_case(made[-1].pk)
            by_code_alone = set(visible_files(actor, on=today).values_list("pk", flat=True))
        with acting(actor, epoch=now_epoch()):
            by_database_alone = set(File.objects.values_list("pk", flat=True))
        assert by_code_alone == by_database_alone
        transaction.set_rollback(True)
