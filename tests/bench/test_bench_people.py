"""Measuring files of people measures what it says: small runs of each part."""

from datetime import UTC, datetime

import pytest

from bench import people, report
from bench.crowd import Crowd
from bench.machine import machine
from bench.report import Figures
from bench.town import settle_town
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.parties.models import Document, File, Name, Record
from tests.bench.test_bench import owner_url
from tests.cast import now_epoch

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def crowd(fresh_database: None) -> Crowd:
    """A hundred files over the demo's offices, made in two pieces."""
    settle_town(at=AT)
    found = Crowd(owner_url(), people.settle(AT), AT, piece=50, processes=1)
    found.grow(50)
    found.grow(100)
    return found


def test_a_crowd_is_spread_over_offices_and_can_be_found(crowd: Crowd) -> None:
    assert crowd.files == 100
    with acting(SYSTEM, epoch=now_epoch()):
        assert File.objects.count() == Record.objects.count() == 100
        assert set(File.objects.values_list("office", flat=True)) == {one.office for one in crowd.keepers}
        assert Name.objects.filter(script="hans").count() == 100
        assert Document.objects.values("blind").distinct().count() == 100
        assert all(len(keys) > 5 for keys in Record.objects.values_list("keys", flat=True))


def test_whoever_is_known_is_found_by_the_keys_of_a_new_record(crowd: Crowd) -> None:
    found = people.finding(crowd)
    assert found.files == 100
    assert found.matches > 0.2  # the reader sees half of the offices, and half of the records are strangers
    assert 0 < found.p50 <= found.p95


def test_the_pages_have_a_floor_each(crowd: Crowd) -> None:
    assert {one.name for one in people.plain(crowd)} == {
        "people, list", "people, searched", "people, one file",
    }  # fmt: skip


def test_an_import_is_put_beside_plain_inserts_of_the_same_rows(fresh_database: None) -> None:
    settle_town(at=AT)
    first, rows = people.first_import(owner_url(), AT, rows=30)
    assert first.rows == 30
    assert first.seconds > 0 < first.floor_seconds
    tables = {each.table: len(each.rows) for each in rows}
    assert tables["parties_record"] == tables["ledger_entry"] > 25
    with acting(SYSTEM, epoch=now_epoch()):
        assert Record.objects.count() == 2 * tables["parties_record"]
        assert File.objects.count() == 2 * tables["parties_file"]


def test_the_report_shows_what_was_measured_of_files() -> None:
    figures = Figures(machine())
    figures.imports.append(people.Imported(0, 3000, 6.0, 3.0))
    figures.found.append(people.Found(1_000_000, 8.0, 20.0, 2.0, 4.0, 12.5))
    said = report.text(figures)
    assert "3,000 rows in 6.0 s, floor 3.0 s (50 % of the floor's speed)" in said
    assert "1,000,000 files   8.0 / 20.0" in said
