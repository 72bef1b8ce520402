"""How long things are kept: every table has its class, and what is over goes by itself or before a person."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.utils import timezone

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.gateways import storage
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties import jobs
from qiaoqiao.parties.actions.clearing import clear
from qiaoqiao.parties.actions.proving import ask
from qiaoqiao.parties.models import Batch, Change, File, FileCode, Source
from qiaoqiao.parties.retention import CLASSES, RULES, years_before
from tests.cast import Town, now_epoch
from tests.parties.town_files import file_of

NOW = timezone.now()


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def cleared() -> dict[str, int]:
    with acting(SYSTEM, epoch=now_epoch()):
        return clear(at=timezone.now())


def test_every_table_of_the_room_has_a_class_and_every_class_a_rule() -> None:
    tables = set(apps.get_app_config("parties").get_models())
    assert tables == set(CLASSES)
    assert {name for classes in CLASSES.values() for name in classes} == set(RULES)


def test_a_period_is_ours_or_the_offices_own_and_never_made_up() -> None:
    for name, rule in RULES.items():
        assert bool(rule.period) == rule.ours, name
        assert rule.then != "clear" or rule.period, name
        assert rule.basis, name
        assert not (rule.period and rule.setting), name


@pytest.mark.parametrize(
    ("day", "years", "before"),
    [
        (date(2026, 11, 26), 10, date(2016, 11, 26)),
        (date(2024, 2, 29), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 4, date(2020, 2, 29)),
    ],
)
def test_years_are_counted_by_the_calendar(day: date, years: int, before: date) -> None:
    assert years_before(day, years) == before


@pytest.mark.parametrize(("days", "kept"), [(6, True), (8, False)])
def test_a_roll_is_held_for_a_week(town: Town, days: int, kept: bool) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        source = Source.objects.create(
            code="hukou", office=town.federation, keeper=town.federation, names={}, kind="hukou", basis="x"
        )
        said = [{"row": 3, "column": "phone", "fault": "malformed", "value": "黎金好 138"}]
        batch = Batch.objects.create(
            source=source, file_name="a.xlsx", sha256="0" * 64, state="looked", report=said, held=b"sealed",
            made_at=timezone.now() - timedelta(days=days),
        )  # fmt: skip
    assert cleared()["held_roll"] == (0 if kept else 1)
    with acting(SYSTEM, epoch=now_epoch()):
        batch.refresh_from_db()
    assert bool(batch.held) is kept
    assert batch.report[0]["value"] == ("黎金好 138" if kept else "")
    assert batch.report[0]["fault"] == "malformed"
    assert cleared()["held_roll"] == 0


def test_codes_go_a_day_after_they_ran_out(town: Town) -> None:
    file = file_of(town)
    with acting(SYSTEM, epoch=now_epoch()):
        old = ask(file.pk, language="es", actor=SYSTEM, at=timezone.now() - timedelta(days=2))
        new = ask(file.pk, language="es", actor=SYSTEM, at=timezone.now())
    assert cleared()["code"] == 1
    with acting(SYSTEM, epoch=now_epoch()):
        assert list(FileCode.objects.values_list("pk", flat=True)) == [new.pk] != [old.pk]


@pytest.mark.parametrize(("days", "kept"), [(89, True), (91, False)])
def test_the_proof_of_a_refused_request_goes_and_the_answer_stays(town: Town, days: int, kept: bool) -> None:
    file = file_of(town)
    key = storage.keep(BytesIO(b"%PDF"), declared_name="p.pdf", now=NOW).key
    at = timezone.now() - timedelta(days=days)
    with acting(SYSTEM, epoch=now_epoch()):
        change = Change.objects.create(
            file=file, kind="correct", by_person=True, asked_by="person", evidence=key, evidence_name="p.pdf",
            asked_at=at, due_on=at.date(), state="refused", decided_at=at, answer="不符",
        )  # fmt: skip
    assert cleared()["refused_proof"] == (0 if kept else 1)
    with acting(SYSTEM, epoch=now_epoch()):
        change.refresh_from_db()
    assert change.answer == "不符"
    assert bool(change.evidence) is kept
    if kept:
        storage.open_kept(key).close()
    else:
        with pytest.raises(storage.NotKept):
            storage.open_kept(key)


def test_the_long_dead_come_before_their_office_once_a_year_and_are_never_deleted_unseen(town: Town) -> None:
    dead, alive = file_of(town), file_of(town, "陈玉莲")
    later = timezone.localdate() + timedelta(days=200)
    with acting(SYSTEM, epoch=now_epoch()):
        File.objects.filter(pk=dead.pk).update(died_on=date(2010, 1, 1), review_on=later)
        File.objects.filter(pk=alive.pk).update(review_on=later)
    assert cleared()["dead"] == 0  # the office has not said how many years: the law has not either
    Office.objects.filter(pk=town.federation.pk).update(settings={"registry": {"keep_dead_years": 10}})
    assert cleared()["dead"] == 1
    assert cleared()["dead"] == 0
    with acting(SYSTEM, epoch=now_epoch()):
        states = {one.pk: (one.state, one.review_on) for one in File.objects.all()}
        told = Entry.objects.filter(subject=dead.pk, kind="file.to_review").count()
    assert states == {dead.pk: ("active", timezone.localdate()), alive.pk: ("active", later)}
    assert told == 1


def test_the_job_of_the_night_clears_what_is_over(town: Town) -> None:
    file = file_of(town)
    with acting(SYSTEM, epoch=now_epoch()):
        ask(file.pk, language="es", actor=SYSTEM, at=timezone.now() - timedelta(days=2))
    jobs.clear_what_is_over(now_epoch())
    with acting(SYSTEM, epoch=now_epoch()):
        assert not FileCode.objects.exists()
