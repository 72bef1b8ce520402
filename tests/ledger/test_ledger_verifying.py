"""Verification names what a superuser changed behind the triggers, column by column."""

from uuid import uuid4

import pytest

from qiaoqiao.ledger.keys import signing_key
from qiaoqiao.ledger.models import Checkpoint, Entry
from qiaoqiao.ledger.notes import sign_checkpoint
from qiaoqiao.ledger.queries import fields_of
from qiaoqiao.ledger.rules import entry_hash, entry_text, leaf_hash
from qiaoqiao.ledger.sequencing import checkpoint, sequence
from qiaoqiao.ledger.verifying import verify

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def subject(tell, noon):
    """Three entries among others of other subjects; two checkpoints; one entry still waiting."""
    subject = uuid4()
    tell(count=2)
    tell(subject, 2)
    sequence(at=noon)
    checkpoint(at=noon, key=signing_key())
    tell(subject, 1)
    tell(count=2)
    sequence(at=noon)
    checkpoint(at=noon, key=signing_key())
    tell()
    return subject


def test_an_untouched_ledger_holds_and_everything_was_looked_at(subject) -> None:
    seen: list[tuple[int, int]] = []
    verdict = verify(progress=lambda done, total: seen.append((done, total)))
    assert verdict.holds, verdict.findings
    counts = (verdict.subjects, verdict.entries, verdict.positions, verdict.waiting, verdict.checkpoints)
    assert counts == (4, 8, 7, 1, 2)
    assert seen == [(15, 15)]


@pytest.mark.parametrize(
    "change",
    [
        "uid = gen_random_uuid()",
        "subject = gen_random_uuid()",
        "seq = 7",
        "kind = 'case.granted'",
        "actor = 'staff:8'",
        "office = 'liuzhou'",
        "at = at + interval '1 microsecond'",
        "commitment = set_byte(commitment, 31, get_byte(commitment, 31) # 1)",
        "prev_hash = set_byte(prev_hash, 0, get_byte(prev_hash, 0) # 128)",
        "hash = set_byte(hash, 16, get_byte(hash, 16) # 4)",
    ],
)
def test_a_changed_column_of_an_entry_is_found_and_its_place_named(subject, tamper, change) -> None:
    uid = Entry.objects.get(subject=subject, seq=2).uid
    assert tamper(f"UPDATE ledger_entry SET {change} WHERE uid = %s", uid) == 1
    verdict = verify()
    assert not verdict.holds
    assert any(finding.idx == 3 for finding in verdict.findings), verdict.findings
    assert {finding.subject for finding in verdict.findings} & {subject}


@pytest.mark.parametrize(
    "change",
    [
        "facts = jsonb_set(facts, '{age}', '62')",
        "facts = jsonb_set(facts, '{age}', '61.5')",
        "facts = facts - 'proxy'",
        "facts = '[]'",
        "facts = 'null'",
        "salt = set_byte(salt, 0, get_byte(salt, 0) # 1)",
        "subject = gen_random_uuid()",
    ],
)
def test_changed_facts_are_found_and_their_entry_named(subject, tamper, change) -> None:
    pk = Entry.objects.get(subject=subject, seq=2).pk
    assert tamper(f"UPDATE ledger_fact SET {change} WHERE entry_id = %s", pk) == 1
    (finding,) = verify().findings
    assert (finding.subject, finding.seq, finding.idx) == (subject, 2, 3)
    assert finding.what.startswith("its facts")


def test_a_removed_entry_is_found_by_its_chain_and_its_empty_place(subject, tamper) -> None:
    tamper("DELETE FROM ledger_entry WHERE subject = %s AND seq = 2", subject)
    findings = verify().findings
    assert any((f.subject, f.seq, f.what) == (subject, 3, "an entry before it is missing") for f in findings)
    assert any((f.idx, f.what) == (3, "the entry of this place is missing") for f in findings)


def test_an_entry_removed_with_its_place_breaks_the_signed_roots(subject, tamper) -> None:
    pk = Entry.objects.get(subject=subject, seq=3).pk
    for table, column in (("position", "entry_id"), ("fact", "entry_id"), ("entry", "id")):
        tamper(f"DELETE FROM ledger_{table} WHERE {column} = %s", pk)
    findings = verify().findings
    assert any((f.idx, f.what) == (4, "places 4 to 4 are empty") for f in findings)
    assert any(f.checkpoint == 7 for f in findings)


def test_an_entry_kept_out_of_the_global_sequence_is_found(subject, tamper) -> None:
    tamper("DELETE FROM ledger_waiting")
    (finding,) = verify().findings
    assert finding.what == "it has no place in the global sequence and waits for none"


def test_swapped_places_are_found(subject, tamper) -> None:
    tamper(
        "UPDATE ledger_position SET idx = 100 WHERE idx = 2;"
        "UPDATE ledger_position SET idx = 2 WHERE idx = 3;"
        "UPDATE ledger_position SET idx = 3 WHERE idx = 100"
    )
    findings = verify().findings
    assert any(
        (f.subject, f.seq, f.what) == (subject, 2, "it is placed before its predecessor") for f in findings
    )
    assert {f.checkpoint for f in findings} >= {4, 7}


@pytest.mark.parametrize(
    "change",
    [
        "root = set_byte(root, 0, get_byte(root, 0) # 1)",
        "peaks = set_byte(peaks, 0, get_byte(peaks, 0) # 1)",
        "note = replace(note, '7', '6')",
        "key_id = '00000000'",
        "size = 6",
        "size = 9",
    ],
)
def test_a_changed_checkpoint_is_found_and_named(subject, tamper, change) -> None:
    assert tamper(f"UPDATE ledger_checkpoint SET {change} WHERE size = 7") == 1
    findings = verify().findings
    assert findings
    assert {finding.checkpoint for finding in findings} <= {6, 7, 9}


def test_an_entry_rewritten_with_its_own_hash_no_longer_carries_the_next(subject, tamper) -> None:
    entry = Entry.objects.get(subject=subject, seq=2)
    tamper("UPDATE ledger_entry SET kind = 'case.granted' WHERE id = %s", entry.pk)
    entry.refresh_from_db()
    tamper(
        "UPDATE ledger_entry SET hash = %s WHERE id = %s", entry_hash(entry_text(fields_of(entry))), entry.pk
    )
    found = {(f.subject, f.seq, f.what) for f in verify().findings}
    assert (subject, 2, "its leaf differs from its content") in found
    assert (subject, 3, "it does not follow its predecessor") in found


def rewrite_tail(tamper) -> None:
    """Change the newest entry of all and everything that could give it away, but the signatures."""
    entry = Entry.objects.get(position__idx=6)
    tamper("UPDATE ledger_entry SET kind = 'case.granted' WHERE id = %s", entry.pk)
    entry.refresh_from_db()
    text = entry_text(fields_of(entry))
    tamper("UPDATE ledger_entry SET hash = %s WHERE id = %s", entry_hash(text), entry.pk)
    tamper("UPDATE ledger_position SET leaf = %s WHERE idx = 6", leaf_hash(text))


def test_a_past_rewritten_with_all_its_hashes_contradicts_the_signature(subject, tamper) -> None:
    rewrite_tail(tamper)
    (finding,) = verify().findings
    assert (finding.checkpoint, finding.what) == (7, "its root differs from the entries it covers")


def test_a_past_rewritten_with_the_key_itself_contradicts_what_was_published(subject, tamper, noon) -> None:
    published = Checkpoint.objects.get(size=7).note
    rewrite_tail(tamper)
    tamper("DELETE FROM ledger_checkpoint WHERE size = 7")
    checkpoint(at=noon, key=signing_key())
    assert verify().holds
    (finding,) = verify(published=[published]).findings
    assert (finding.checkpoint, finding.what) == (7, "its root differs from the entries it covers")


def test_a_tail_cut_off_with_its_checkpoint_contradicts_what_was_published(subject, tamper) -> None:
    published = Checkpoint.objects.get(size=7).note
    tamper("DELETE FROM ledger_checkpoint WHERE size = 7")
    cut = Entry.objects.filter(position__idx__gte=5).values_list("pk", flat=True)
    for pk in list(cut):
        tamper("DELETE FROM ledger_fact WHERE entry_id = %s", pk)
        tamper("DELETE FROM ledger_position WHERE entry_id = %s", pk)
        tamper("DELETE FROM ledger_entry WHERE id = %s", pk)
    assert verify().holds
    (finding,) = verify(published=[published]).findings
    assert finding.what == "it covers entries that are no longer there"


def test_a_published_note_of_another_ledger_is_refused(subject) -> None:
    (finding,) = verify(published=["somebody\n1\nAAAA\n\n— x y\n"]).findings
    assert finding.what.startswith("a published note is refused")


def test_a_note_signed_for_other_contents_is_found(subject, tamper) -> None:
    note = sign_checkpoint(signing_key(), size=7, root=bytes(32))
    tamper("UPDATE ledger_checkpoint SET note = %s WHERE size = 7", note)
    (finding,) = verify().findings
    assert (finding.checkpoint, finding.what) == (7, "its row differs from its signed note")


def test_only_a_thousand_findings_are_kept_but_all_are_counted(subject, tamper, tell) -> None:
    for _ in range(11):
        tell(count=100)
    tamper("UPDATE ledger_entry SET actor = 'x'")
    verdict = verify()
    assert verdict.found >= 1108
    assert len(verdict.findings) == 1000
