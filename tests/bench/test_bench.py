"""The measurements measure what they say: small runs of each part."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connections
from django.test import Client

from bench import filling, floor, report
from bench.floor import Renewal, Rows
from bench.machine import machine, spread
from bench.pages import busiest, pages
from bench.report import Figures
from bench.request import BODY, HEADERS
from bench.town import settle_town
from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case, Paper, Reach
from qiaoqiao.lib.ids import tidy_reference
from tests.cast import now_epoch

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def owner_url() -> str:
    """The address of this worker's database; the owner's connection knows its parts."""
    parts = connections["owner"].settings_dict
    return f"postgresql://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"


@pytest.fixture
def filing(fresh_database: None) -> Iterator[list[Rows]]:
    """The rows of one filing through the API, committed."""
    settle_town(at=AT)
    with psycopg.connect(owner_url(), autocommit=True) as owner:
        before = floor.counts(owner)
        headers = {name: value for name, value in HEADERS.items() if name != "Content-Type"}
        sent = headers | {"Idempotency-Key": "k1"}
        answer = Client(headers=sent).generic("POST", "/api/v1/cases", BODY, content_type="application/json")
        assert answer.status_code == 200, answer.content
        yield floor.captured(owner, before)


def test_the_floor_inserts_every_row_that_a_filing_leaves(filing: list[Rows]) -> None:
    tables = {each.table: len(each.rows) for each in filing}
    assert {"casework_case", "casework_reach", "parties_person", "parties_identity"} < tables.keys()
    assert {"casework_once", "procrastinate_jobs", "ledger_entry", "ledger_fact"} < tables.keys()
    renewal = Renewal(client=1)
    with psycopg.connect(owner_url()) as owner:
        before = floor.counts(owner)
        for _ in range(3):
            for each, values in zip(filing, renewal.parameters(filing), strict=True):
                owner.execute(each.statement.encode(), values)
        owner.commit()
        after = floor.counts(owner)
    grown = {table: after[table] - before[table] for table in after if after[table] != before[table]}
    assert grown == {table: 3 * rows for table, rows in tables.items()} | {
        "ledger_waiting": 3 * tables["ledger_entry"],
        "procrastinate_events": 3 * before["procrastinate_events"],
    }


@pytest.fixture
def filled(fresh_database: None) -> filling.Filling:
    """A few of the demo's stories and journeys, each standing there more than once."""
    found = filling.tell_stories(owner_url(), at=AT, stories=20)
    found.grow(60)
    return found


def test_copies_look_like_their_originals_and_have_names_of_their_own(filled: filling.Filling) -> None:
    assert filled.cases == filled.stories * filled.times > filled.stories
    with acting(SYSTEM, epoch=now_epoch()):
        cases = list(Case.objects.all())
        references = {case.reference for case in cases}
        assert len(cases) == len(references) == filled.cases
        assert all(tidy_reference(one) == one for one in references)
        for rows in (Paper, Reach):
            assert rows.objects.count() % filled.times == 0
        assert set(Paper.objects.values_list("case_id", flat=True)) <= {case.pk for case in cases}
        assert {case.person_id for case in cases} == set(Case.objects.values_list("person", flat=True))
        assert all(case.person.name for case in Case.objects.select_related("person"))


def test_pages_are_looked_at_as_an_officer_of_the_fullest_office(filled: filling.Filling) -> None:
    Account.objects.update(demo=True)  # so few stories leave the demo's own offices nothing to do
    _account, office = busiest(filled.url)
    named = pages(filled.url, office)
    assert all(address.startswith("/staff/") for addresses in named.values() for address in addresses)
    assert len(named["case"]) > 1


def test_a_report_names_machine_and_commit_and_leaves_out_what_was_not_measured() -> None:
    said = report.text(Figures(machine()))
    assert "commit: " in said
    assert "Filings" not in said


def test_the_middle_of_the_rounds_is_shown_with_its_extremes() -> None:
    assert str(spread([30.0, 10.0, 20.0])) == "20.0 (10.0 to 30.0)"
