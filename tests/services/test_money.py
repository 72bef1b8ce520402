"""Money as it is typed, shown and written in capital characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.services.relief.money import MoneyWrong, capital, fen_of, yuan
from qiaoqiao.services.relief.rules import Step, needs_above, passed, per_head, shown_band


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("1", 100), ("12.3", 1230), ("12.34", 1234), ("1,234.50", 123450), ("１２３．５", 12350), ("￥８８", 8800),
     ("¥1，000", 100000), (" 4 367 900 ", 436790000), ("500元", 50000), ("0.01", 1)],
)  # fmt: skip
def test_an_amount_is_read_as_it_was_meant(typed: str, fen: int) -> None:
    assert fen_of(typed) == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "missing"), ("  ", "missing"), ("12.345", "too_fine"), ("1万", "unit"), ("3千", "unit"), ("-5", "negative"),
     ("−5", "negative"), ("0", "zero"), ("0.00", "zero"), ("12,34", "not_a_number"), ("1.2.3", "not_a_number"),
     ("abc", "not_a_number"), ("一百", "unit"), ("五", "not_a_number"), ("1e5", "not_a_number"), (".5", "not_a_number"),
     ("9" * 13, "too_large"), ("٣", "not_a_number")],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(MoneyWrong) as wrong:
        fen_of(typed)
    assert wrong.value.code == code


@given(st.integers(min_value=1, max_value=10**12))
def test_what_is_shown_is_read_back_as_the_same_amount(fen: int) -> None:
    assert fen_of(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [(0, "人民币零元整"), (1, "人民币壹分"), (10, "人民币壹角整"), (100, "人民币壹元整"), (105, "人民币壹元零伍分"),
     (1050, "人民币壹拾元零伍角整"), (10000, "人民币壹佰元整"), (10001, "人民币壹佰元零壹分"), (100500, "人民币壹仟零伍元整"),
     (168032, "人民币壹仟陆佰捌拾元零叁角贰分"), (10700053, "人民币壹拾万柒仟元零伍角叁分"),
     (436790000, "人民币肆佰叁拾陆万柒仟玖佰元整"), (1000000100, "人民币壹仟万零壹元整"),
     (10000000000, "人民币壹亿元整"), (10000050000, "人民币壹亿零伍佰元整"), (20010000000, "人民币贰亿零壹拾万元整"),
     (3000500, "人民币叁万零伍元整"), (6007014, "人民币陆万零柒拾元零壹角肆分"), (1409, "人民币壹拾肆元零玖分")],
)  # fmt: skip
def test_a_paper_says_an_amount_in_capital_characters(fen: int, words: str) -> None:
    assert capital(fen) == words


@given(st.integers(min_value=1, max_value=10**12))
def test_capital_characters_never_repeat_a_zero_nor_end_in_one(fen: int) -> None:
    said = capital(fen)
    assert "零零" not in said
    assert "零元" not in said
    assert "零整" not in said
    assert said[-1] in "整分"


@pytest.mark.parametrize(
    ("income", "spending", "members", "left"), [(320000, 180000, 4, 35000), (100, 0, 3, 33), (0, 100, 3, -34)]
)
def test_what_is_left_for_each_is_rounded_down(income: int, spending: int, members: int, left: int) -> None:
    assert per_head(income, spending, members) == left


@pytest.mark.parametrize(("amount", "above"), [(1, False), (300_000, False), (300_001, True), (10**9, True)])
def test_the_band_of_an_amount_says_whether_the_office_above_approves(amount: int, above: bool) -> None:
    assert needs_above([Step(None, True), Step(300_000, False)], amount) is above


def test_without_bands_the_office_above_always_approves() -> None:
    assert needs_above([], 1)
    assert needs_above([Step(100, False)], 101)


@pytest.mark.parametrize(("amount", "band"), [(1, (0, 100_000)), (100_000, (0, 100_000)), (100_001, (100_000, 300_000)),
                                              (2_000_000, (1_000_000, None))])  # fmt: skip
def test_a_public_notice_shows_a_band_and_no_amount(amount: int, band: tuple[int, int | None]) -> None:
    assert shown_band(amount) == band


@pytest.mark.parametrize(
    ("votes", "quorum", "agreed"),
    [((2, 1, 0), 3, True), ((2, 0, 0), 3, False), ((2, 1, 1), 3, False), ((3, 2, 0), 5, True)],
)
def test_a_committee_agrees_by_more_than_half_of_those_present(
    votes: tuple[int, int, int], quorum: int, agreed: bool
) -> None:
    assert passed(*votes, quorum) is agreed
