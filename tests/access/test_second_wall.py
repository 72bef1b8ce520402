"""Row-level security: what PostgreSQL itself refuses, whatever our own code asks for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as trial
from hypothesis import strategies as st

from qiaoqiao.access.models import Account, Post
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, Actor, acting, digest, person, staff, ticket
from qiaoqiao.casework.models import Case, Reach, Shield
from qiaoqiao.casework.queries import visible_cases
from tests.cast import (
    PETITION,
    SETTLE,
    TODAY,
    Town,
    as_staff,
    file_case,
    make_account,
    make_office,
    now_epoch,
)

PERSONAL = [
    "casework_assignment",
    "casework_case",
    "casework_code",
    "casework_delivery",
    "casework_draft",
    "casework_message",
    "casework_paper",
    "casework_term",
    "ledger_fact",
    "parties_identity",
    "parties_mandate",
    "parties_person",
]
FILLED = [table for table in PERSONAL if table not in {"casework_code", "casework_draft", "casework_message",
                                                       "parties_mandate"}]  # fmt: skip


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=2)


def ask(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def show(text: str) -> None:
    ask("SELECT set_config('qiaoqiao.ticket', %s, false)", text)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def test_every_table_with_personal_data_forces_its_policies(db: None) -> None:
    found = ask("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY relname")
    assert set(PERSONAL) <= {name for (name,) in found}


def test_a_table_that_refers_to_a_case_or_a_person_is_behind_the_wall(db: None) -> None:
    referring = ask(
        "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name IN ('case_id', 'person_id', 'subject') AND table_name NOT LIKE 'qq_%%'"
    )
    # Reach and shield hold ids only and are what the policies read; ledger entries hold no facts.
    bare = {"casework_shield", "ledger_entry"}
    walled = {name for (name,) in ask("SELECT relname FROM pg_class WHERE relforcerowsecurity")}
    assert {name for (name,) in referring} - bare <= walled


def test_the_web_role_owns_nothing_and_bypasses_nothing(db: None) -> None:
    assert ask("SELECT current_user") == [(settings.WEB_ROLE,)]
    assert ask(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False, False)]
    assert ask("SELECT relname FROM pg_class WHERE relowner = current_user::regrole") == []
    assert ask("SELECT relname FROM pg_class WHERE relkind = 'm'") == []
    assert (
        ask(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind = 'r' AND has_table_privilege(pg_class.oid, 'TRUNCATE')"
        )
        == []
    )


@pytest.mark.parametrize("table", PERSONAL)
def test_without_a_ticket_there_is_nothing_to_see(town: Town, table: str) -> None:
    file_case("settlement", SETTLE)
    assert rows(table) == 0


@pytest.mark.parametrize("table", FILLED)
def test_a_stranger_of_another_office_sees_no_row_of_any_table(town: Town, table: str) -> None:
    file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()):
        assert rows(table) > 0, "the canary must be there"
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        assert rows(table) == 0


@pytest.mark.parametrize("table", FILLED)
def test_the_responsible_office_and_the_person_see_their_case(town: Town, table: str) -> None:
    case = file_case("settlement", SETTLE)
    for actor in (as_staff(town.officer_chen), as_staff(town.city_head), person(case.pk)):
        with acting(actor, epoch=now_epoch()):
            assert rows(table) > 0, actor


def test_a_ticket_written_without_the_key_is_worth_nothing(town: Town) -> None:
    file_case("settlement", SETTLE)
    good = ticket(SYSTEM, now_epoch())
    body = good.rpartition("|")[0]
    for forged in (
        body,
        f"{body}|{'0' * 64}",
        f"{body}|{digest(b'another key', body.encode())}",
        good.replace("system", "staff", 1),
        good + "|",
        "system",
        "||||",
    ):
        show(forged)
        assert rows("casework_case") == 0, forged
    show(good)
    assert rows("casework_case") == 1


def test_a_ticket_expires(town: Town) -> None:
    file_case("settlement", SETTLE)
    show(ticket(SYSTEM, now_epoch() - 61))
    assert rows("casework_case") == 0


def test_nothing_stays_visible_after_acting_ends_even_by_an_error(town: Town) -> None:
    file_case("settlement", SETTLE)
    with pytest.raises(ZeroDivisionError), acting(SYSTEM, epoch=now_epoch()):
        assert rows("casework_case") / 0
    assert rows("casework_case") == 0


def test_acting_within_acting_returns_to_the_outer_actor(town: Town) -> None:
    file_case("settlement", SETTLE)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        with acting(PUBLIC, epoch=now_epoch()):
            assert rows("casework_case") == 0
        assert rows("casework_case") == 1


def test_the_key_cannot_be_read_by_the_web_role(db: None) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        ask("SELECT * FROM vault_ticket_key")


def test_a_post_that_ends_is_felt_by_the_next_statement(town: Town) -> None:
    file_case("settlement", SETTLE)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        assert rows("casework_case") == 1
        Post.objects.filter(account=town.officer_chen).update(until=yesterday())
        assert rows("casework_case") == 0


def test_a_disabled_account_sees_nothing(town: Town) -> None:
    file_case("settlement", SETTLE)
    Account.objects.filter(pk=town.officer_chen.pk).update(is_active=False)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        assert rows("casework_case") == 0


def test_nobody_widens_the_reach_of_a_case_they_cannot_see(town: Town) -> None:
    case = file_case("settlement", SETTLE)
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Reach(case=case, office=town.kaiping_federation).save(force_insert=True)
        assert rows("casework_case") == 0


def test_the_accused_office_and_all_below_it_see_nothing(town: Town) -> None:
    below = make_office("ts-housing-station", "housing", town.duanfen, level="township", parent=town.housing)
    clerk_below = make_account("gan", (below, "head"))
    accused = PETITION | {"purpose": "accusation", "accused_office": town.housing.code}
    case = file_case("petition", accused)
    with acting(SYSTEM, epoch=now_epoch()):
        for office in (town.housing, below):
            Reach(case=case, office=office).save(force_insert=True)  # even if somebody routed it there
        assert Shield.objects.filter(case=case).count() == 1
    for account in (town.housing_lin, clerk_below):
        with acting(as_staff(account), epoch=now_epoch()):
            for table in FILLED:
                assert rows(table) == 0, (account.username, table)
            assert not visible_cases(as_staff(account), on=TODAY).exists()
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        assert rows("casework_case") == 1


@pytest.mark.parametrize(
    "kind",
    [
        "UPDATE ledger_entry SET kind = 'x'",
        "DELETE FROM ledger_entry",
        "TRUNCATE casework_case CASCADE",
        "UPDATE ledger_fact SET facts = '{}'",
    ],
)
def test_history_cannot_be_rewritten_by_the_web_role(town: Town, kind: str) -> None:
    file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(kind)


@given(
    posts=st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(["clerk", "handler", "head", "keeper"])), max_size=3
    ),
    reached=st.lists(st.integers(0, 5), max_size=3),
    shielded=st.one_of(st.none(), st.integers(0, 5)),
    ended=st.booleans(),
)
@trial(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_wall_alone_shows_exactly_the_same(
    town: Town, posts: list[tuple[int, str]], reached: list[int], shielded: int | None, ended: bool
) -> None:
    with transaction.atomic():
        tree = [town.city_federation, town.federation, town.kaiping_federation]
        offices = [*tree, town.city_housing, town.housing, town.exit_entry_police]
        account = make_account("trial")
        for number, role in dict.fromkeys(posts):
            until = yesterday() if ended else None
            Post.objects.create(
                account=account, office=offices[number], role=role, since=date(2020, 1, 1), until=until
            )
        case = file_case("settlement", SETTLE)
        actor: Actor = staff(account.pk)
        with acting(SYSTEM, epoch=now_epoch()):
            for number in set(reached):
                Reach(case=case, office=offices[number]).save(force_insert=True)
            if shielded is not None:
                Shield(case=case, office=offices[shielded]).save(force_insert=True)
            by_code_alone = set(
                visible_cases(actor, on=datetime.now(UTC).date()).values_list("pk", flat=True)
            )
        with acting(actor, epoch=now_epoch()):
            by_database_alone = set(Case.objects.values_list("pk", flat=True))
        assert by_code_alone == by_database_alone
        transaction.set_rollback(True)


def test_finding_by_words_gives_ids_only_of_cases_one_may_see(town: Town) -> None:
    case = file_case("petition", PETITION | {"purpose": "accusation", "accused_office": town.housing.code})
    with acting(SYSTEM, epoch=now_epoch()):
        Reach(case=case, office=town.housing).save(force_insert=True)
    sees = {town.officer_chen: [(case.pk,)], town.stranger_he: [], town.housing_lin: []}
    for account, ids in sees.items():
        with acting(as_staff(account), epoch=now_epoch()):
            assert ask("SELECT qq_found(to_tsquery('simple', %s))", "rosa") == ids, account.username
    assert ask("SELECT qq_found(to_tsquery('simple', %s))", "rosa") == []
