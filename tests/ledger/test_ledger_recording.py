"""Recording what happened: chains, transactions, erasure, and what the database refuses."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from qiaoqiao.ledger.actions import OutsideTransaction, erase_facts, record, start
from qiaoqiao.ledger.keys import signing_key
from qiaoqiao.ledger.models import Checkpoint, Entry, Fact, Position, Waiting
from qiaoqiao.ledger.queries import fields_of, journal
from qiaoqiao.ledger.rules import GENESIS, FactRefused, commit, entry_hash, entry_text
from qiaoqiao.ledger.sequencing import checkpoint, sequence
from qiaoqiao.ledger.verifying import verify

both = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.mark.django_db
def test_entries_of_a_subject_follow_one_another(tell) -> None:
    subject = uuid4()
    tell(subject, 3)
    tell(subject, 2)
    entries = list(Entry.objects.filter(subject=subject).order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    prev = GENESIS
    for entry in entries:
        assert bytes(entry.prev_hash) == prev
        assert bytes(entry.hash) == entry_hash(entry_text(fields_of(entry)))
        prev = bytes(entry.hash)


@pytest.mark.django_db
def test_what_is_returned_is_what_is_stored(tell) -> None:
    for told in tell(count=3):
        stored = Entry.objects.get(uid=told.uid)
        for field in Entry._meta.fields:
            assert getattr(stored, field.name) == getattr(told, field.name), field.name


@pytest.mark.django_db
def test_the_facts_stand_beside_the_entry_and_fit_its_commitment(tell) -> None:
    (entry,) = tell(facts={"name": "陈𠀀", "quote": '\\"\n', "list": ({"a": None}, True, -3)})
    fact = Fact.objects.get(entry=entry)
    assert fact.subject == entry.subject
    assert fact.facts == {"name": "陈𠀀", "quote": '\\"\n', "list": [{"a": None}, True, -3]}
    assert commit(bytes(fact.salt), fact.facts) == bytes(entry.commitment)


@pytest.mark.django_db
def test_the_journal_tells_what_happened_in_order_in_one_query(tell, django_assert_num_queries) -> None:
    subject = uuid4()
    tell(subject, kind="case.filed", facts={"n": 1})
    tell(subject, kind="case.accepted", facts={"n": 2})
    tell(kind="case.filed")
    with django_assert_num_queries(1):
        told = journal(subject)
    assert [(line.seq, line.kind, line.facts) for line in told] == [
        (1, "case.filed", {"n": 1}),
        (2, "case.accepted", {"n": 2}),
    ]


@pytest.mark.django_db
def test_a_new_subject_costs_one_statement_and_a_known_one_two(happening, django_assert_num_queries) -> None:
    subject = uuid4()
    with django_assert_num_queries(1):
        start(subject, *(happening() for _ in range(5)))
    with django_assert_num_queries(2):
        record(subject, happening(), happening())
    assert Entry.objects.filter(subject=subject).count() == 7


@pytest.mark.django_db
def test_recording_nothing_asks_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert record(uuid4()) == []


@both
def test_recording_outside_a_transaction_is_refused(happening) -> None:
    with pytest.raises(OutsideTransaction):
        record(uuid4(), happening())
    with pytest.raises(OutsideTransaction):
        start(uuid4(), happening())
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_fact_nobody_could_check_later_is_refused_before_anything_is_written(happening) -> None:
    subject = uuid4()
    with pytest.raises(FactRefused):
        record(subject, happening(), happening(facts={"fee": 12.5}))
    assert not Entry.objects.filter(subject=subject).exists()


@pytest.mark.django_db
def test_a_subject_begun_twice_cannot_fork_its_chain(tell, happening) -> None:
    subject = uuid4()
    tell(subject)
    with pytest.raises(IntegrityError), transaction.atomic():
        start(subject, happening())
    assert Entry.objects.filter(subject=subject).count() == 1


@both
def test_two_who_record_on_one_locked_subject_make_one_chain(happening, system) -> None:
    subject, gate = uuid4(), Barrier(2)
    key = subject.int % 2**62

    def work() -> None:
        gate.wait()
        for _ in range(20):
            with system(), transaction.atomic():
                with connection.cursor() as cursor:  # stands for the row lock of the caller's own table
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
                record(subject, happening(), happening())
        connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Entry.objects.filter(subject=subject).count() == 80
    assert verify().holds


@pytest.mark.django_db
def test_facts_may_be_erased_and_the_chain_still_holds(tell, noon) -> None:
    subject = uuid4()
    tell(subject, 3)
    assert erase_facts(subject, reason="retention", actor="staff:7", at=noon, seqs=[1, 2]) == 2
    lines = journal(subject)
    assert [line.facts is None for line in lines] == [True, True, False, False]
    assert lines[3].kind == "ledger.facts_erased"
    assert lines[3].facts == {"seqs": [1, 2], "reason": "retention"}
    verdict = verify(using="default")
    assert verdict.holds
    assert (verdict.entries, verdict.erased) == (4, 2)


@pytest.mark.django_db
def test_erasing_nothing_leaves_no_entry(tell, noon) -> None:
    subject = uuid4()
    tell(subject)
    assert erase_facts(subject, reason="retention", actor="staff:7", at=noon, seqs=[9]) == 0
    assert len(journal(subject)) == 1


@pytest.mark.django_db
def test_all_facts_of_a_subject_are_erased_and_no_other_subjects(tell, noon) -> None:
    subject, other = uuid4(), uuid4()
    tell(subject, 3)
    tell(other, 2)
    assert erase_facts(subject, reason="granted", actor="staff:7", at=noon) == 3
    assert [line.facts is None for line in journal(subject)] == [True, True, True, False]
    assert all(line.facts for line in journal(other))


CHANGES = {
    "ledger_entry": "UPDATE ledger_entry SET kind = 'x'",
    "ledger_position": "UPDATE ledger_position SET leaf = leaf",
    "ledger_checkpoint": "UPDATE ledger_checkpoint SET note = 'x'",
    "ledger_fact": "UPDATE ledger_fact SET facts = '{}'",
}


@both
@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        *CHANGES.values(),
        "UPDATE ledger_entry SET kind = 'x' WHERE false",
        "INSERT INTO ledger_position SELECT * FROM ledger_position"
        " ON CONFLICT (idx) DO UPDATE SET leaf = excluded.leaf",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_position",
        "DELETE FROM ledger_checkpoint",
        "TRUNCATE ledger_entry CASCADE",
        "TRUNCATE ledger_position",
        "TRUNCATE ledger_checkpoint",
        "TRUNCATE ledger_fact",
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(tell, noon, alias, statement) -> None:
    tell(count=2)
    sequence(at=noon)
    checkpoint(at=noon, key=signing_key())
    tables = [Entry, Fact, Position, Checkpoint]
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with (
        pytest.raises(DatabaseError, match=r"only grows|permission denied"),
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(statement)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert all(before)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["commitment", "prev_hash", "hash"])
def test_a_digest_of_another_length_is_refused(tell, column) -> None:
    (entry,) = tell()
    values = {field.name: getattr(entry, field.name) for field in Entry._meta.fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(**values | {"id": None, "uid": uuid4(), "subject": uuid4(), column: b"short"})


@pytest.mark.django_db
def test_an_entry_written_in_any_other_way_waits_for_its_place_too(tell) -> None:
    (entry,) = tell()
    values = {field.name: getattr(entry, field.name) for field in Entry._meta.fields}
    other = Entry.objects.create(**values | {"id": None, "uid": uuid4(), "subject": uuid4()})
    assert Waiting.objects.filter(entry=other).exists()
