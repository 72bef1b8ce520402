"""The written form of facts and entries."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.ledger.rules import (
    GENESIS,
    FactRefused,
    Fields,
    canonical,
    commit,
    entry_text,
    leaf_hash,
    new_salt,
    written_instant,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


def test_names_are_ordered_by_utf16_unit_as_rfc_8785_says() -> None:
    facts = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
    expected = '{"\\r":2,"1":4,"\x80":6,"ö":7,"€":1,"😀":5,"\ufb33":3}'
    assert canonical(facts) == expected.encode()


def test_control_characters_are_escaped_as_rfc_8785_says() -> None:
    assert canonical('\x0f\n\x08"\\/\x7f') == b'"\\u000f\\n\\b\\"\\\\/\x7f"'


@pytest.mark.parametrize(
    "value", [0.5, 1.0, float("nan"), b"x", {1: 2}, {1}, 2**53, -(2**53), "\x00", "\ud800"]
)
def test_a_value_without_one_written_form_is_refused_and_its_place_named(value: object) -> None:
    with pytest.raises(FactRefused) as refused:
        canonical({"a": [{"b": value}]})  # type: ignore[dict-item]
    assert refused.value.where.startswith("$.a[0].b")


@given(VALUES)
def test_our_form_and_the_stand_alone_verifiers_form_are_the_same(verifier, value) -> None:
    assert canonical(value) == verifier.canonical(value)


def test_a_commitment_is_the_hash_of_salt_and_canonical_facts() -> None:
    assert (
        commit(b"s" * 16, {"b": 1, "a": "侨"})
        == hashlib.sha256(b"s" * 16 + '{"a":"侨","b":1}'.encode()).digest()
    )
    assert commit(new_salt(), {"a": 1}) != commit(new_salt(), {"a": 1})


def test_an_instant_is_written_in_utc_with_microseconds() -> None:
    beijing = timezone(timedelta(hours=8))
    assert written_instant(datetime(2026, 1, 1, 7, 30, tzinfo=beijing)) == "2025-12-31T23:30:00.000000Z"


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(FactRefused):
        written_instant(datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_leaf_is_the_rfc_6962_hash_of_the_whole_entry_without_facts() -> None:
    subject = UUID(int=7)
    at = datetime(2026, 2, 10, tzinfo=UTC)
    text = entry_text(Fields(UUID(int=1), subject, 1, "k", "law", "", at, b"\x01" * 32, GENESIS))
    assert text.decode() == (
        '{"actor":"law","at":"2026-02-10T00:00:00.000000Z","commitment":"'
        + "01" * 32
        + '","kind":"k","office":"",'
        '"prev_hash":"' + "00" * 32 + '","seq":1,"subject":"00000000-0000-0000-0000-000000000007",'
        '"uid":"00000000-0000-0000-0000-000000000001"}'
    )
    assert leaf_hash(text) == hashlib.sha256(b"\x00" + text).digest()
