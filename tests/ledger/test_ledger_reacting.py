"""What follows an entry: one job for each reaction, in the entry's own transaction, run after commit."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from qiaoqiao.ledger import reacting
from qiaoqiao.ledger.actions import record
from qiaoqiao.ledger.jobs import free_stalled_jobs
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import NameTaken, gathered, reacts_to, registered


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Two reactions to one kind, one of them also to another; what they were given, in order."""
    reached: list[tuple[str, str]] = []
    monkeypatch.setattr(reacting, "_by_kind", {})
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})  # the calendar keeps out of the tests

    @reacts_to("test.filed", name="test.receipt")
    def send_receipt(entry_uid: str) -> None:
        reached.append(("receipt", Entry.objects.get(uid=entry_uid).kind))

    @reacts_to("test.filed", "test.moved", name="test.count")
    def count(entry_uid: str) -> None:
        reached.append(("count", Entry.objects.get(uid=entry_uid).kind))

    yield reached
    for name in ("test.receipt", "test.count"):
        del app.tasks[name]


def test_the_registered_reactions_can_be_listed(reached) -> None:
    assert registered() == {"test.filed": ["test.receipt", "test.count"], "test.moved": ["test.count"]}


def test_two_reactions_of_one_name_are_refused(reached) -> None:
    with pytest.raises(NameTaken):
        reacts_to("test.other", name="test.count")(lambda entry_uid: None)


@pytest.mark.django_db
def test_what_follows_many_recordings_is_queued_by_one_statement_and_nothing_when_they_fail(
    reached, happening, django_assert_num_queries
) -> None:
    with django_assert_num_queries(3 * 2 + 1), gathered():  # the last step and the entries of each, the jobs
        for _time in range(3):
            record(uuid4(), happening(kind="test.moved"))
    assert ProcrastinateJob.objects.count() == 3

    def broken() -> None:
        with gathered():
            record(uuid4(), happening(kind="test.moved"))
            raise LookupError

    with pytest.raises(LookupError):
        broken()
    assert ProcrastinateJob.objects.count() == 3


@pytest.mark.django_db
def test_all_reactions_of_one_recording_are_queued_by_one_statement(
    reached, happening, django_assert_num_queries
) -> None:
    kinds = ("test.filed", "test.moved", "test.quiet")
    with django_assert_num_queries(3):  # the last step, the entries, the jobs
        entries = record(uuid4(), *(happening(kind=kind) for kind in kinds))
    uids = [str(entry.uid) for entry in entries]
    jobs = ProcrastinateJob.objects.order_by("id").values_list("task_name", "args", "status")
    assert list(jobs) == [
        ("test.receipt", {"entry_uid": uids[0]}, "todo"),
        ("test.count", {"entry_uid": uids[0]}, "todo"),
        ("test.count", {"entry_uid": uids[1]}, "todo"),
    ]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_was_rolled_back_has_no_reaction(reached, tell_in_vain) -> None:
    tell_in_vain(kind="test.filed")
    assert not ProcrastinateJob.objects.exists()


def work() -> None:
    """Run the worker until nothing is left to do; in a thread, since a browser may keep a loop in this one."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_worker_runs_each_reaction_with_the_entrys_uid(reached, tell) -> None:
    tell(kind="test.filed")
    tell(kind="test.moved")
    work()
    assert sorted(reached) == [("count", "test.filed"), ("count", "test.moved"), ("receipt", "test.filed")]
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_reaction_whose_worker_died_is_run_by_another(reached, tell) -> None:
    tell(kind="test.moved")
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    free_stalled_jobs.defer(timestamp=0)
    work()
    assert reached == [("count", "test.moved")]


def test_a_failing_reaction_is_tried_six_times_with_growing_waits() -> None:
    waits = []
    for attempts in range(10):
        job = _job(attempts)
        decision = reacting.PATIENCE.get_retry_decision(exception=ValueError(), job=job)
        if decision is None:
            break
        waits.append(reacting.PATIENCE.exponential_wait ** (attempts + 1))
    assert waits == [4, 16, 64, 256, 1024]


def _job(attempts: int) -> Job:
    return Job(queue="default", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
