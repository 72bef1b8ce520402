"""Tokens for searching, and what PostgreSQL finds with them."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.lib.words import as_tsquery, as_tsvector, bigrams, fold


def test_chinese_is_cut_into_pairs_and_other_words_stay_whole() -> None:
    assert bigrams("陈国强 Room 12") == ["陈国", "国强", "room", "12"]
    assert bigrams("侨") == ["侨"]
    assert bigrams("，。 😀") == []


def test_characters_beyond_the_basic_plane_are_characters() -> None:
    assert bigrams("𠮷野家") == ["𠮷野", "野家"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("陳國強", "陈国强"), ("ＡＢＣ１２", "abc12"), ("PÉREZ Núñez", "perez nunez"), ("Ｊosé", "jose")],
)
def test_spellings_of_one_word_meet(one: str, other: str) -> None:
    assert fold(one) == other


FOUND = [
    ("陈国强老人住在开平市", "国强"),
    ("陈国强老人住在开平市", "强"),
    ("陈国强老人住在开平市", "陈"),
    ("陈国强老人住在开平市", "市"),
    ("陈国强老人住在开平市", "开平 国强"),
    ("陳國強", "陈国强"),
    ("陈国强", "陳國強"),
    ("𠮷野家", "𠮷野"),
    ("José Pérez, Caracas", "perez jose"),
    ("José Pérez, Caracas", "carac"),
    ("O'Brien \\ 'quoted'", "o'brien"),
    ("侨房A12号", "侨房a12"),
    ("案号 QQ-2026-0001", "QQ-2026-0001"),
    ("案号 QQ-2026-0001", "2026"),
    ("x" * 5000, "x" * 5000),
]
MISSED = [
    ("陈国强老人住在开平市", "强国"),
    ("陈国 强老人", "国强"),
    ("国民与强大", "国强"),
    ("José Pérez", "jose gomez"),
    ("Perezoso", "perezo-so"),
    ("", "陈"),
]


def matches(text: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [as_tsvector(text), as_tsquery(query)])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "query"), FOUND)
def test_postgresql_finds_what_stands_in_the_text(text: str, query: str) -> None:
    assert matches(text, query)


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "query"), MISSED)
def test_postgresql_finds_nothing_that_does_not(text: str, query: str) -> None:
    assert not matches(text, query)


@pytest.mark.django_db
def test_the_longest_text_fits_and_its_words_are_found() -> None:
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(50_000))
    assert matches(text, text[30_000:30_002])


def test_no_words_give_an_empty_query() -> None:
    assert as_tsquery(" ，😀 ") == ""


@given(st.text())
def test_no_text_escapes_its_quotes(text: str) -> None:
    assert all("'" not in token and "\\" not in token for token in bigrams(text))
    assert as_tsvector(text).count("'") == 2 * len(set(as_tsvector(text).split()))
