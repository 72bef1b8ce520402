"""Comparing two records: every level of every comparison is reached, and it does not matter which stands first."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qiaoqiao.parties.linkage.comparing import COMPARISONS, NULL, compare
from qiaoqiao.parties.linkage.features import encode, from_buffers
from qiaoqiao.parties.linkage.numbers import check_digit
from tests.parties.linkage_cast import levels, record

CARD, OTHER_CARD = "11010519491231002X", "440106197003051239"
SLIP = "11010519491231012" + check_digit("11010519491231012")
UNSOUND = "110105194912310120"
NEVER = {("birth", 2)}
"""Two full dates of one month and day but years far apart: 6, two parts of three agree, is asked first."""


def named(one: str) -> dict[str, str]:
    return {"name_hanzi": one} if "\u4e00" <= one[0] <= "\u9fff" else {"name_latin": one}


def of_column(column: str, *pairs: tuple[str, str]) -> list[tuple[dict[str, str], dict[str, str]]]:
    return [({column: one}, {column: other}) for one, other in pairs]


def of_names(*pairs: tuple[str, str]) -> list[tuple[dict[str, str], dict[str, str]]]:
    return [(named(one), named(other)) for one, other in pairs]


KIN = [
    ("陈大文", "陈志强"), ("李大文", "李志强"), ("陈大文", "陈文"), ("李大文", "Chan Tai Man"), ("陈大文", "李大文"),
    ("陈大文", "Chan Tai Man"),
]  # fmt: skip
PLACE = "native_place"
HOME = [
    ({"address": "海宴镇1号"}, {"address": "海宴镇2号"}),
    ({"address": "海宴镇1号"}, {"address": " 海宴鎮 1号"}),
    ({"address": "海宴镇1号", "household_no": "h1"}, {"address": "海宴镇2号", "household_no": "H1"}),
]
REACHED = {
    "surname": of_names(
        ("陈大文", "李大文"), ("陈大文", "Cheng, Dawen"), ("丘大文", "邱大文"), ("沈大文", "申大文"),
        ("陈大文", "Tan, Dawen"), ("陈大文", "Chan, Dawen"), ("邱大文", "邱大文"), ("欧阳大文", "Au-yeung, Dawen"),
    ),
    "given": of_names(
        ("陈大文", "陈国强"), ("陈大文", "陈燊"), ("Chen, Tai Man", "Chen, Mei"), ("陈大文", "陈龘华"),
        ("陈志伟", "Chen, Zhiqiang"), ("陈国强", "陈志强"), ("陈大文", "Chen, Wen"), ("陈大文", "陈文"), ("陈铭", "陈铭"),
        ("陈大文", "陈文大"), ("陈大文", "Chen, Dawen"), ("陈国强", "陈國強"), ("陈鑫淼", "陈鑫淼"),
    ),
    "foreign": of_names(
        ("Chan, Juan", "Chan, Pedro"), ("Chan, Juan", "Chan, John"), ("Chan, Juan Carlos", "Chan, Carlos Juan")
    ),
    "sex": of_column("sex", ("M", "F"), ("F", "f")),
    "birth": of_column(
        "birth_date", ("1949-10-01", "1971-03-05"), ("1949-10", "1950-11"), ("1949-10-01", "1963-10-01"),
        ("1949-10-01", "1949-03-05"), ("1949", "1949-10-02"), ("1949-10", "1949-10-02"), ("1949-10-02", "1949-10-08"),
        ("1949-10-02", "1950-10-02"), ("1949-10-02", "1949-02-10"), ("1949-08-10", "1949-10-01"),
        ("1949-10-01", "1949-10-01"),
    ),
    "number": [
        *of_column("id_no", (CARD, OTHER_CARD)),
        ({"id_no": "E1234567", "nationality": "CN"}, {"id_no": "G7654321", "nationality": "CN"}),
        *of_column(
            "id_no", (CARD, SLIP), ("E1234567", "E1234576"),
            (CARD, UNSOUND), (CARD, "110105********002X"), ("E1234567", "e 1234567"),
            (CARD, "110105491231002"),
        ),
    ],
    "phone": of_column("phone", ("13800000000", "13800000001"), ("+86 138 0000 0000", "138-00000000")),
    "home": HOME,
    "native": of_column(
        PLACE, ("广东台山", "福建晋江"), ("广东台山", "广东开平"), ("广东", "Guangdong"), ("广东台山", "广东省台山"),
        ("广东台山海宴", "廣東省台山海宴"),
    ),
    "parents": of_column("father_name", *KIN),
    "spouse": of_column("spouse_name", *KIN),
    "kinship": [(named("陈大文"), named("陈志强")), (named("陈大文"), {"father_name": "陈大文"} | named("陈志强"))],
}  # fmt: skip
"""For each comparison a pair of records for each level, from 0 up."""
SILENT = {
    "surname": ({}, named("陈大文")),
    "given": of_names(("陈某", "陈大文"))[0],
    "foreign": of_names(("Chan, Juan", "Chan, Tai Man"))[0],
    "sex": ({"sex": "M"}, {"sex": "?"}),
    "birth": ({"birth_date": "1949"}, {}),
    "number": ({"id_no": CARD}, {"id_no": "E1234567"}),
    "phone": ({"phone": "13800000000"}, {}),
    "home": ({"address": "海宴镇1号"}, {"household_no": "H1"}),
    "native": ({PLACE: "广东"}, {}),
    "parents": ({"father_name": "陈大文"}, {"mother_name": "黄美玲"}),
    "spouse": ({"spouse_name": "陈大文"}, {}),
}
"""For each comparison a pair of which one side says nothing; kinship always says something."""


def test_each_comparison_has_a_pair_for_each_of_its_levels():
    assert {name: len(pairs) for name, pairs in REACHED.items()} == COMPARISONS
    assert set(SILENT) == set(COMPARISONS) - {"kinship"}


@pytest.mark.parametrize(
    ("name", "level"),
    [
        (name, level)
        for name, count in COMPARISONS.items()
        for level in range(count)
        if (name, level) not in NEVER
    ],
)
def test_a_level_is_reached(name, level):
    one, other = REACHED[name][level]
    assert levels(record(**one), record(**other))[name] == level


@pytest.mark.parametrize(("name", "level"), NEVER)
def test_a_level_that_another_hides_is_still_hidden(name, level):
    one, other = REACHED[name][level]
    assert levels(record(**one), record(**other))[name] != level


@pytest.mark.parametrize("name", SILENT)
def test_where_one_side_is_silent_nothing_is_said(name):
    one, other = SILENT[name]
    assert levels(record(**one), record(**other))[name] == NULL


def test_twins_differ_where_twins_differ():
    common = {"birth_date": "1960-03-02", "father_name": "陈大文", "household_no": "H1", "sex": "M"}
    twins = record(name_hanzi="陈志强", **common), record(name_hanzi="陈志明", **common)
    found = levels(*twins)
    assert (found["birth"], found["home"], found["parents"]) == (10, 2, 5)
    assert found["given"] < COMPARISONS["given"] // 2


def test_features_are_the_same_from_their_bytes():
    features = encode([record(name_hanzi="陈大文"), record(name_latin="CHAN TAI MAN", birth_date="1949")])
    assert (from_buffers([one.tobytes() for one in features]) == features).all()


POOLS = {
    "name_hanzi": ["", "陈大文", "陈文大", "陳大", "陈黄美玲", "欧阳美玲", "邱国强", "陈某"],
    "name_latin": ["", "CHAN Tai Man", "Tai Man CHAN", "Wong Mei Ling", "CHAN WONG MEI LING", "Juan Carlos Chan", "Zhnag"],
    "alias": ["", "", "Tan Tai Boon", "大文"],
    "sex": ["", "M", "F"],
    "birth_date": ["", "1949", "1949-10", "1949-10-01", "1949-01-10", "1949-08-10", "1950-01-01", "1959-10-01"],
    "birth_calendar": ["", "lunar"],
    "nationality": ["", "CN", "SG"],
    "id_no": ["", CARD, OTHER_CARD, SLIP, UNSOUND, "110105********002X", "E1234567", "E1234576"],
    "phone": ["", "13800000000", "13800000001"],
    PLACE: ["", "广东", "广东台山", "广东台山海宴", "台山", "福建"],
    "address": ["", "海宴镇1号", "海宴镇2号"],
    "household_no": ["", "H1", "H2"],
    "father_name": ["", "陈大文", "Chan Tai Man", "李四"],
    "mother_name": ["", "黄美玲", "Wong Mei Ling"],
    "spouse_name": ["", "黄美玲", "陈大文"],
}  # fmt: skip
RECORDS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in POOLS.items()})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(RECORDS, RECORDS), min_size=5, max_size=40))
@example(
    [
        (
            {"name_hanzi": "陳大", "name_latin": "CHAN WONG MEI LING"},
            {"name_hanzi": "欧阳美玲", "alias": "Tan Tai Boon"},
        )
    ]
)
def test_it_does_not_matter_which_record_stands_first(pairs):
    left, right = (encode([record(**pair[side]) for pair in pairs]) for side in (0, 1))
    there, back = compare(left, right), compare(right, left)
    for name, count in COMPARISONS.items():
        assert (there[name] == back[name]).all(), name
        assert ((there[name] >= NULL) & (there[name] < count)).all(), name


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(RECORDS, RECORDS), min_size=2, max_size=10))
def test_a_pair_is_compared_alike_alone_and_among_others(pairs):
    left, right = (encode([record(**pair[side]) for pair in pairs]) for side in (0, 1))
    together = compare(left, right)
    for place in range(len(pairs)):
        alone = compare(left[place : place + 1], right[place : place + 1])
        assert all(np.array_equal(alone[name], together[name][place : place + 1]) for name in COMPARISONS)
