"""Keys: records of one person meet on one, whatever script they are in; and they stay what they are."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.parties.linkage import keys as keying
from qiaoqiao.parties.linkage import views
from qiaoqiao.parties.linkage.features import encode
from qiaoqiao.parties.linkage.keys import Keyed, keys, keys_of, once_each, shared
from qiaoqiao.parties.linkage.vocabulary import Vocabulary, family_names, given_names
from tests.parties.linkage_cast import record

PROJECT = Path(__file__).resolve().parents[2]
BORN = {"birth_date": "1949-10-01"}
MEETING = {
    "full and simplified": ({"name_hanzi": "陳大文"}, {"name_hanzi": "陈大文"}),
    "pinyin": ({"name_hanzi": "陈大文"}, {"name_latin": "CHEN DAWEN"}),
    "Hong Kong": ({"name_hanzi": "陈大文"}, {"name_latin": "CHAN Tai Man"}),
    "Singapore": ({"name_hanzi": "林文庆"}, {"name_latin": "Lim Boon Keng"}),
    "the Indies": ({"name_hanzi": "林福祥"} | BORN, {"name_latin": "LIEM HOK SIANG"} | BORN),
    "Vietnam": ({"name_hanzi": "陈兴道"}, {"name_latin": "Tran Hung Dao"}),
    "Taiwan": ({"name_hanzi": "谢东闵"}, {"name_latin": "HSIEH TUNG-MIN"}),
    "two spellings, one day": ({"name_latin": "CHAN Tai Man"} | BORN, {"name_latin": "CHEN DAWEN"} | BORN),
    "two surnames' spellings, one year": (
        {"name_latin": "Tan Kim Seng", "birth_date": "1949"}, {"name_latin": "CHEN JINSHENG", "birth_date": "1949-05-06"}
    ),
    "words in another order": ({"name_latin": "Sudono Salim"}, {"name_latin": "SALIM, Sudono"}),
    "a name of another language and a day": (
        {"name_latin": "Juan Carlos Chan"} | BORN, {"name_latin": "LOPEZ, Juan"} | BORN
    ),
    "surname and day": ({"name_hanzi": "陈某"} | BORN, {"name_latin": "Peter Chan"} | BORN),
    "married": ({"name_hanzi": "黄美玲"} | BORN, {"name_hanzi": "陈黄美玲"} | BORN),
    "day and month changed places": (
        {"name_hanzi": "陈大文", "birth_date": "1949-10-02"}, {"name_hanzi": "陈太闻", "birth_date": "1949-02-10"}
    ),
    "by the moon": (
        {"name_hanzi": "陈大", "birth_date": "1949-08-10", "birth_calendar": "lunar"}, {"name_hanzi": "陈二"} | BORN
    ),
    "15 and 18 digits": ({"id_no": "110105491231002"}, {"id_no": "11010519491231002X"}),
    "a number in part": ({"id_no": "110105********002X"}, {"id_no": "11010519491231002X"}),
    "telephone": ({"phone": "+86 138 0000 0000"}, {"phone": "13800000000"}),
    "household and year": ({"household_no": "h1"} | BORN, {"household_no": "H1", "birth_date": "1949"}),
}  # fmt: skip
STRANGERS = [
    ({"name_hanzi": "陈大文"} | BORN, {"name_hanzi": "李国强", "birth_date": "1971-03-05"}),
    ({"name_hanzi": "陈大文"}, {"name_latin": "WONG Mei Ling"}),
    ({"name_latin": "Juan Chan"}, {"name_latin": "Pedro Lee"}),
]


@pytest.mark.parametrize("way", MEETING)
def test_two_records_of_one_person_share_a_key(way):
    one, other = MEETING[way]
    assert set(keys_of(record(**one))) & set(keys_of(record(**other)))


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_strangers_share_none(one, other):
    assert not set(keys_of(record(**one))) & set(keys_of(record(**other)))


def test_a_record_of_nothing_has_no_keys():
    assert keys_of(record()) == []


FROZEN = {
    "a telephone": ({"phone": "13800138000"}, -3377844847713247692),
    "a number": ({"id_no": "11010519491231002X"}, -9041847092789617552),
    "a whole name": ({"name_hanzi": "陈大文"}, 594051643503266006),
    "a surname and a day": ({"name_hanzi": "陈大文"} | BORN, -6989966577641415653),
}


@pytest.mark.parametrize("of", FROZEN)
def test_stored_keys_are_still_the_keys_of_today(of):
    """Keys are stored with the records: should this ever fail, all stored keys must be made anew."""
    columns, expected = FROZEN[of]
    assert expected in keys_of(record(**columns))


def test_keys_stay_when_the_tables_of_names_grow(monkeypatch):
    before = keys_of(record(name_hanzi="陈大文", name_latin="CHAN TAI MAN", **BORN))
    grown = [grown_by(table, "龘") for table in (family_names(), given_names())]
    for module in (keying, views):
        monkeypatch.setattr(module, "family_names", lambda: grown[0])
        monkeypatch.setattr(module, "given_names", lambda: grown[1])
    caches = (keying.candidates, views.of_hanzi, views.of_latin, views._surname, views._symbols, views._cuts)
    for kept in caches:
        kept.cache_clear()
    try:
        symbol = given_names().character("大")
        assert grown[1].character("大") == symbol + 1
        assert keys_of(record(name_hanzi="陈大文", name_latin="CHAN TAI MAN", **BORN)) == before
    finally:
        for kept in caches:
            kept.cache_clear()


def grown_by(vocabulary, character):
    """A vocabulary that has one more character, in front of all the others."""
    characters = {character + "·": 1} | {one: place + 1 for one, place in vocabulary.characters.items()}
    syllables = {one: place + 1 for one, place in vocabulary.syllables.items()}
    old = np.arange(len(vocabulary.share))
    places = np.r_[0, 0, old[1:]]
    heard = vocabulary.heard[places]
    heard = np.where(heard > 0, heard + 1, 0).astype(np.uint16)
    heard[1] = 0
    bits = vocabulary.bits[np.ix_(places, places)]
    return Vocabulary(characters, syllables, bits, vocabulary.share[places], heard)


def test_another_process_makes_the_same_keys():
    row = record(name_hanzi="陈大文", name_latin="Juan CHAN Tai Man", phone="13800138000", **BORN)
    script = (
        "import django; django.setup()\n"
        "from qiaoqiao.parties.linkage.keys import keys_of\n"
        f"print(keys_of({row!r}))"
    )
    surroundings = {
        "DJANGO_SETTINGS_MODULE": "qiaoqiao.settings",
        "PYTHONHASHSEED": "4711",
        "PYTHONUTF8": "1",
    }
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == str(keys_of(row))


def test_many_records_have_the_keys_that_each_has_alone():
    rows = [record(**columns) for pair in MEETING.values() for columns in pair]
    keyed = once_each(keys(encode(rows)))
    for place, row in enumerate(rows):
        assert sorted(keyed.keys[keyed.places == place].tolist()) == keys_of(row)


PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(-5, 5)), min_size=1, max_size=120)


def keyed_of(pairs):
    """Each pair once, and the records that have a key."""
    places, found = (np.array(part, dtype=np.int64) for part in zip(*pairs, strict=True))
    having = {key: {place for place, one in pairs if one == key} for _, key in pairs}
    return once_each(Keyed(places, found)), having


@given(PAIRS, st.integers(2, 8))
def test_only_keys_of_two_or_more_and_no_crowd_are_left(pairs, most):
    keyed, having = keyed_of(pairs)
    kept = shared(keyed, most=most, pairs=1_000_000)
    wanted = {(place, key) for key, all_ in having.items() if 2 <= len(all_) <= most for place in all_}
    assert sorted(zip(kept.places.tolist(), kept.keys.tolist(), strict=True)) == sorted(wanted)


@given(PAIRS, st.integers(0, 200))
def test_what_would_be_too_much_to_compare_loses_the_most_shared_keys_first(pairs, budget):
    keyed, having = keyed_of(pairs)
    left = set(shared(keyed, most=60, pairs=budget).keys.tolist())
    sizes = {key: len(all_) for key, all_ in having.items() if len(all_) > 1}
    assert all(
        sizes[key] < min((sizes[gone] for gone in sizes if gone not in left), default=99) for key in left
    )
    brought = sum(sizes[key] * (sizes[key] - 1) // 2 for key in left)
    assert brought <= budget or {sizes[key] for key in left} == {2}
