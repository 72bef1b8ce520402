"""A sealed number opens in its own place only, and only when not one bit of it has changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pytest_django import Settings

from qiaoqiao.gateways import vault
from qiaoqiao.gateways.vault import Place, SealBroken, blind, seal, unseal

HERE = Place("party", "id_number", "7f3a")
words = some.text(alphabet=some.characters(codec="utf-8"))
numbers = some.text(alphabet="0123456789X", min_size=1)


@given(words)
def test_what_is_sealed_opens_again(value: str) -> None:
    assert unseal(seal(value, HERE), HERE) == value


@given(words, some.sampled_from(["table", "column", "row"]))
def test_a_value_pasted_elsewhere_does_not_open(value: str, part: str) -> None:
    names = {"table": HERE.table, "column": HERE.column, "row": HERE.row} | {part: "other"}
    with pytest.raises(SealBroken):
        unseal(seal(value, HERE), Place(**names))


@given(words, some.data())
def test_one_changed_bit_breaks_the_seal(value: str, data: some.DataObject) -> None:
    sealed = bytearray(seal(value, HERE))
    at = data.draw(some.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), HERE)


@given(some.binary(max_size=40))
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(sealed, HERE)


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert len({seal("440701", HERE) for _ in range(100)}) == 100


def test_another_key_opens_nothing(settings: Settings) -> None:
    sealed, fingerprint = seal("440701", HERE), blind("id_number", "440701")
    settings.FIELD_KEY = "another"
    with pytest.raises(SealBroken):
        unseal(sealed, HERE)
    assert blind("id_number", "440701") != fingerprint


@pytest.mark.parametrize("place", [Place("a|b", "c", "d"), Place("a", "b|c", "d"), Place("a", "b", "c|d")])
def test_a_place_cannot_be_spelled_as_another(place: Place) -> None:
    with pytest.raises(ValueError, match=r"\|"):
        seal("440701", place)


@given(numbers)
def test_a_number_is_found_however_it_was_typed(number: str) -> None:
    spaced = " ".join(number).lower()
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    assert blind("id_number", number) == blind("id_number", spaced) == blind("id_number", wide)


@given(numbers, numbers)
def test_different_numbers_and_fields_have_different_fingerprints(one: str, other: str) -> None:
    assert (blind("id_number", one) == blind("id_number", other)) == (one == other)
    assert blind("id_number", one) != blind("passport", one)


def test_the_building_key_is_refused_outside_the_demonstration(settings: Settings) -> None:
    settings.FIELD_KEY, settings.DEMO = vault.BUILD_KEY, False
    assert vault.check() is not None
    settings.FIELD_KEY = "a secret one"
    assert vault.check() is None
