"""The one sequencer: dense places under concurrency, gaps and latecomers; incremental signed roots."""

from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from qiaoqiao.ledger.actions import record
from qiaoqiao.ledger.jobs import keep
from qiaoqiao.ledger.keys import signing_key
from qiaoqiao.ledger.merkle import root
from qiaoqiao.ledger.models import Checkpoint, Entry, Position, Waiting
from qiaoqiao.ledger.notes import open_checkpoint
from qiaoqiao.ledger.sequencing import EntryUnseen, LedgerBroken, checkpoint, checkpoint_due, sequence
from qiaoqiao.ledger.verifying import verify

both = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def places() -> list[tuple[int, int]]:
    return list(Position.objects.order_by("idx").values_list("idx", "entry_id"))


def entry_ids() -> list[int]:
    return list(Entry.objects.order_by("id").values_list("id", flat=True))


@pytest.mark.django_db
def test_places_are_dense_from_zero_in_the_order_of_ids(tell, noon) -> None:
    tell(count=3)
    tell(count=2)
    assert sequence(at=noon) == 5
    assert places() == list(enumerate(entry_ids()))
    assert sequence(at=noon) == 0


@pytest.mark.django_db
def test_a_limited_run_leaves_the_rest_for_the_next(tell, noon) -> None:
    tell(count=5)
    assert [sequence(2, at=noon) for _ in range(4)] == [2, 2, 1, 0]
    assert places() == list(enumerate(entry_ids()))


@pytest.mark.django_db
def test_the_work_of_a_run_does_not_depend_on_what_is_already_placed(
    tell, noon, django_assert_num_queries
) -> None:
    tell(count=5)
    sequence(at=noon)
    tell()
    with django_assert_num_queries(6):  # savepoint, lock, take, last place, place, release
        sequence(at=noon)
    assert not Waiting.objects.exists()


@both
def test_ids_lost_in_a_crash_or_a_rollback_leave_no_hole_among_the_places(tell, noon, tell_in_vain) -> None:
    (before,) = tell()
    for _ in range(3):
        tell_in_vain()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT setval('ledger_entry_id_seq', %s)", [before.pk + 1000])
    (after,) = tell()
    assert after.pk == before.pk + 1001
    sequence(at=noon)
    assert places() == [(0, before.pk), (1, after.pk)]
    assert verify().holds


@both
def test_a_slow_transactions_lower_id_gets_a_later_place(tell, noon, happening, system) -> None:
    slow, written, go = uuid4(), Event(), Event()

    def work() -> None:
        with system(), transaction.atomic():
            record(slow, happening(), happening())
            written.set()
            go.wait(10)
        connections.close_all()

    thread = Thread(target=work)
    thread.start()
    assert written.wait(10)
    (quick,) = tell()
    assert sequence(at=noon) == 1
    go.set()
    thread.join()
    assert sequence(at=noon) == 2
    late = list(Entry.objects.filter(subject=slow).order_by("seq").values_list("id", flat=True))
    assert max(late) < quick.pk
    assert places() == [(0, quick.pk), (1, late[0]), (2, late[1])]
    assert verify().holds


@both
def test_many_writers_and_two_sequencers_leave_places_dense(tell, noon) -> None:
    done, failures = Event(), []

    def write() -> None:
        subject = uuid4()
        for _ in range(15):
            tell(subject, 2)
        connections.close_all()

    def place() -> None:
        try:
            while not done.is_set():
                sequence(7, at=noon)
                checkpoint(at=noon, key=signing_key())
        except Exception as why:
            failures.append(why)
        connections.close_all()

    writers = [Thread(target=write) for _ in range(4)]
    sequencers = [Thread(target=place) for _ in range(2)]
    for thread in writers + sequencers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in sequencers:
        thread.join()
    assert not failures
    while sequence(at=noon):
        pass
    assert [idx for idx, _ in places()] == list(range(120))
    verdict = verify()
    assert verdict.holds, verdict.findings
    assert verdict.positions == verdict.entries == 120


@both
def test_a_second_sequencer_goes_away_empty_handed(tell, noon) -> None:
    tell()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '3s'")  # a sequencer that waits for the other is wrong too
    with transaction.atomic(using="owner"):
        assert sequence(at=noon, using="owner") == 1
        assert sequence(at=noon) == 0
        assert checkpoint(at=noon, key=signing_key()) is None


@both
def test_an_entry_the_sequencer_may_not_see_stops_it_without_loss(tell, noon, tamper) -> None:
    (entry,) = tell()
    tamper("DELETE FROM ledger_fact")
    tamper("DELETE FROM ledger_entry")
    with pytest.raises(EntryUnseen):
        sequence(at=noon)
    assert Waiting.objects.get().pk == entry.pk
    assert not Position.objects.exists()


@pytest.mark.django_db
def test_each_checkpoint_continues_the_tree_of_the_last(tell, noon) -> None:
    key = signing_key()
    for count in (1, 2, 5, 9):
        tell(count=count)
        sequence(at=noon)
        made = checkpoint(at=noon, key=key)
        leaves = [bytes(leaf) for leaf in Position.objects.order_by("idx").values_list("leaf", flat=True)]
        assert made
        assert made.size == len(leaves)
        assert bytes(made.root) == root(leaves)
        assert open_checkpoint(made.note, [key.verify_key]).root == root(leaves)
    assert checkpoint(at=noon, key=key) is None
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [1, 3, 8, 17]


@pytest.mark.django_db
def test_an_empty_ledger_is_not_signed(noon) -> None:
    assert checkpoint(at=noon, key=signing_key()) is None
    assert not checkpoint_due(at=noon)


@both
def test_nothing_more_is_signed_over_a_broken_tree(tell, noon, tamper) -> None:
    key = signing_key()
    tell(count=3)
    sequence(at=noon)
    checkpoint(at=noon, key=key)
    tell(count=2)
    sequence(at=noon)
    tamper("UPDATE ledger_position SET idx = 9 WHERE idx = 4")
    with pytest.raises(LedgerBroken):
        checkpoint(at=noon, key=key)
    tamper("UPDATE ledger_position SET idx = 4 WHERE idx = 9")
    tamper("UPDATE ledger_checkpoint SET peaks = set_byte(peaks, 3, get_byte(peaks, 3) # 1)")
    with pytest.raises(LedgerBroken):
        checkpoint(at=noon, key=key)
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_a_signature_is_due_an_hour_after_the_last_when_something_is_new(tell, noon) -> None:
    tell()
    sequence(at=noon)
    assert checkpoint_due(at=noon)
    checkpoint(at=noon, key=signing_key())
    assert not checkpoint_due(at=noon + timedelta(hours=2))
    tell()
    sequence(at=noon)
    assert not checkpoint_due(at=noon + timedelta(minutes=59))
    assert checkpoint_due(at=noon + timedelta(hours=1))


@pytest.mark.django_db
def test_the_minutes_job_places_and_signs(tell, noon) -> None:
    tell(count=4)
    keep(int(noon.timestamp()))
    assert Position.objects.count() == 4
    assert Checkpoint.objects.get().size == 4
    assert Checkpoint.objects.get().made_at == noon.replace(microsecond=0)
