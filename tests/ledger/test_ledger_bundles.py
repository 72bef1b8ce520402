"""The bundle for a stranger: both verifiers accept it whole, and refuse it with any bit turned."""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from qiaoqiao.ledger.actions import erase_facts
from qiaoqiao.ledger.bundles import problems
from qiaoqiao.ledger.keys import known_keys, signing_key
from qiaoqiao.ledger.queries import NothingRecorded, prove
from qiaoqiao.ledger.rules import canonical, entry_hash
from qiaoqiao.ledger.sequencing import checkpoint, sequence

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_ledger.py"

Path_ = tuple[str | int, ...]


@pytest.fixture
def bundle(db, tell, noon) -> dict[str, Any]:
    """Three entries of a subject among seven, the first without its facts."""
    subject = uuid4()
    tell(count=2)
    tell(subject, facts={"name": "陈", "n": [1, {"x": True}]})
    tell()
    erase_facts(subject, reason="retention", actor="staff:7", at=noon)
    tell(count=2)
    tell(subject)
    sequence(at=noon)
    checkpoint(at=noon, key=signing_key())
    return json.loads(json.dumps(prove(subject)))


def judge(verifier: Any, bundle: object) -> tuple[bool, bool]:
    """Say whether our verifier and the stand-alone one accept the bundle."""
    key = signing_key().verify_key
    return not problems(bundle, [key]), not verifier.check(bundle, str(key))[0]


def test_an_untouched_bundle_is_accepted_by_both(bundle, verifier) -> None:
    assert judge(verifier, bundle) == (True, True)
    assert [entry["facts"] is None for entry in bundle["entries"]] == [True, False, False]
    assert all(entry["proof"] for entry in bundle["entries"])


def leaves_of(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in items:
            yield from leaves_of(item, (*path, name))
    else:
        yield path, value


def turned(value: Any) -> Iterator[Any]:
    """Give every value that differs in one bit: of the text, and of the bytes that the text writes."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value ^ (1 << bit) for bit in range(12))
    elif isinstance(value, str):
        data = value.encode()
        for place in range(len(data)):
            for bit in range(8):
                changed = bytearray(data)
                changed[place] ^= 1 << bit
                try:
                    yield changed.decode()
                except UnicodeDecodeError:
                    continue
    elif value is None:
        yield from (0, "", {}, [])


def test_every_turned_bit_of_a_bundle_is_refused_by_both(bundle, verifier) -> None:
    accepted = []
    count = 0
    for path, value in leaves_of(bundle):
        for wrong in turned(value):
            changed = copy.deepcopy(bundle)
            place = changed
            for name in path[:-1]:
                place = place[name]
            place[path[-1]] = wrong
            count += 1
            if judge(verifier, changed) != (False, False):
                accepted.append((path, value, wrong))
    assert accepted == []
    assert count > 5_000


def test_an_omitted_reordered_or_repeated_entry_is_refused_by_both(bundle, verifier) -> None:
    one, two, three = bundle["entries"]
    for entries in ([two, three], [one, three], [two, one, three], [one, one, two, three], []):
        assert judge(verifier, bundle | {"entries": entries}) == (False, False)


def forge(entry: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Change an entry, hash it anew, and pass it off as too young for the checkpoint."""
    forged = entry | changes | {"idx": None, "proof": None}
    besides = ("hash", "idx", "proof", "facts", "salt")
    text = canonical({name: value for name, value in forged.items() if name not in besides})
    return forged | {"hash": entry_hash(text).hex()}


def test_a_forged_entry_passed_off_as_unsigned_does_not_carry_the_next(bundle, verifier) -> None:
    one, two, three = bundle["entries"]
    forged = forge(two, actor="staff:9")
    assert judge(verifier, bundle | {"entries": [one, forged, three]}) == (False, False)
    loose = forge(three, prev_hash="00" * 32)
    assert judge(verifier, bundle | {"entries": [one, two, loose]}) == (False, False)


def test_an_unsigned_entry_must_still_fit_its_hash(bundle, verifier) -> None:
    one, two, three = bundle["entries"]
    young = forge(three)
    assert judge(verifier, bundle | {"entries": [one, two, young]}) == (True, True)
    changed = young | {"actor": "staff:9"}
    assert judge(verifier, bundle | {"entries": [one, two, changed]}) == (False, False)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_entries_placed_against_their_order_are_refused_by_both(tell, tamper, noon, verifier) -> None:
    (entry, _) = tell(count=2)
    sequence(at=noon)
    tamper(
        "UPDATE ledger_position SET idx = 9 WHERE idx = 0;"
        "UPDATE ledger_position SET idx = 0 WHERE idx = 1;"
        "UPDATE ledger_position SET idx = 1 WHERE idx = 9"
    )
    checkpoint(at=noon, key=signing_key())
    bundle = json.loads(json.dumps(prove(entry.subject)))
    assert [entry["idx"] for entry in bundle["entries"]] == [1, 0]
    assert judge(verifier, bundle) == (False, False)


def test_a_missing_or_unknown_field_is_refused_by_both(bundle, verifier) -> None:
    for name in bundle:
        assert judge(verifier, {k: v for k, v in bundle.items() if k != name}) == (False, False)
    assert judge(verifier, bundle | {"more": 1}) == (False, False)
    entry = bundle["entries"][0]
    for name in entry:
        shorter = {k: v for k, v in entry.items() if k != name}
        changed = bundle | {"entries": [shorter, *bundle["entries"][1:]]}
        assert judge(verifier, changed) == (False, False), name
    for other in ([], None, "x", 1, {}):
        assert judge(verifier, other) == (False, False)


def test_facts_cannot_be_hidden_halfway(bundle, verifier) -> None:
    for name in ("facts", "salt"):
        changed = copy.deepcopy(bundle)
        changed["entries"][2][name] = None
        assert judge(verifier, changed) == (False, False)


def test_an_entry_younger_than_the_checkpoint_is_shown_without_proof(bundle, verifier, tell) -> None:
    subject = bundle["subject"]
    tell(subject)
    later = json.loads(json.dumps(prove(subject)))
    assert later["entries"][3]["proof"] is None
    assert judge(verifier, later) == (True, True)
    assert any("4" in line and "checkpoint yet" in line for line in verifier.check(later, later["key"])[1])


def test_a_ledger_without_a_signature_proves_only_the_chain(db, tell, verifier) -> None:
    (entry,) = tell()
    bundle = json.loads(json.dumps(prove(entry.subject)))
    assert bundle["checkpoint"] is None
    assert judge(verifier, bundle) == (True, True)
    bundle["entries"][0] |= {"idx": 0, "proof": []}
    assert judge(verifier, bundle) == (False, False)


def test_a_subject_nobody_wrote_about_has_no_bundle(db) -> None:
    with pytest.raises(NothingRecorded):
        prove(uuid4())


def run(bundle: object, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "证明.json"
    file.write_text(bundle if isinstance(bundle, str) else json.dumps(bundle), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(file), *arguments]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"}, check=False
    )


def test_the_script_runs_without_any_package_and_says_its_verdict(bundle, tmp_path) -> None:
    done = run(bundle, tmp_path, "--key", str(known_keys()[0]))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓" in done.stdout
    assert "3 entries" in done.stdout
    assert "the personal facts of entry 1 were erased" in done.stdout


def test_the_script_without_a_key_says_what_that_leaves_open(bundle, tmp_path) -> None:
    done = run(bundle, tmp_path)
    assert done.returncode == 0
    assert bundle["key"] in done.stdout


def test_the_script_refuses_a_changed_bundle_and_names_the_entry(bundle, tmp_path) -> None:
    bundle["entries"][1]["actor"] = "staff:9"
    done = run(bundle, tmp_path, "--key", str(known_keys()[0]))
    assert done.returncode == 1
    assert "entry 2" in done.stdout
    assert "NOT verified" in done.stdout


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "null"])
def test_the_script_refuses_what_is_no_bundle_in_words(tmp_path, text) -> None:
    done = run(text, tmp_path)
    assert done.returncode == 1
    assert "✗" in done.stdout
    assert not done.stderr
