"""Evidence in words: each level of each comparison has a sentence, and none shows a whole number."""

import pytest
from django.utils import translation

from qiaoqiao.parties.linkage.comparing import COMPARISONS
from qiaoqiao.parties.linkage.evidence import PRIOR, Item, as_items, evidence, spelt_as, whose, written_alike
from qiaoqiao.parties.linkage.evidence_words import LEVELS, WHATS, sentence, unsaid
from qiaoqiao.parties.linkage.features import encode
from qiaoqiao.parties.linkage.matching import Compared, pairs
from qiaoqiao.parties.linkage.weighing import shipped
from tests.parties.alike import BROTHER, CHAN, CHEN, SPOUSE, row

LANGUAGES = ("zh-hans", "zh-hant", "en", "es", "pt")


def compared(one: dict[str, str], other: dict[str, str]) -> Compared:
    return pairs(encode([one]), encode([other]), shipped(), records=3000)[0]


def said(one: dict[str, str], other: dict[str, str], language: str = "zh-hans") -> dict[str, str]:
    return {item["what"]: sentence(item, language) for item in evidence(one, other, compared(one, other))}


def test_every_level_of_every_comparison_has_its_sentence() -> None:
    assert unsaid() == {}
    assert set(LEVELS) == set(COMPARISONS)
    assert set(WHATS) == {*COMPARISONS, PRIOR}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "zh-hans"])
def test_every_sentence_is_translated(language: str) -> None:
    for what, levels in LEVELS.items():
        for level, words in enumerate(levels):
            item = Item(what=what, level=level, weight=1.0, left="", right="", how="")
            told = sentence(item, language)
            with translation.override("zh-hans"):
                assert told, (what, level)
                if language != "zh-hant":
                    assert told != str(words), (what, level)
                    assert told.isascii() or not any("\u4e00" <= char <= "\u9fff" for char in told)


def test_the_same_name_in_another_spelling_names_the_spelling() -> None:
    told = said(CHEN, CHAN)
    assert told["given"] == "名字相合，而且少见：陈大文 = Chan Tai Man（香港拼写）"
    assert told["birth"] == "出生日期只差日月互换：1954-03-02 / 1954-02-03"
    assert told["phone"] == "电话相同：13800001111"


def test_a_number_is_told_by_its_end_only() -> None:
    items = evidence(CHEN, CHEN, compared(CHEN, CHEN))
    told = {item["what"]: sentence(item, "zh-hans") for item in items}
    assert told["number"] == "身份证号码相同：尾号 0112"
    assert CHEN["id_no"] not in str(items)
    assert CHEN["id_no"] not in str(told)


def test_a_spouse_is_said_to_be_another_person() -> None:
    assert said(CHEN, SPOUSE)["kinship"] == "一方是另一方写明的配偶：应是两个人：陈大文 / 李秀英"
    assert whose(CHEN, SPOUSE) == "spouse"
    child = row(name_hanzi="陈国强", father_name="陈大文")
    assert whose(CHEN, child) == "father"


def test_people_of_one_home_with_other_names_are_said_to_be_a_family() -> None:
    assert said(CHEN, BROTHER)["home"].startswith("住在一起，但名字不同")
    assert said(CHEN, CHEN)["home"].startswith("户号相同，在同一户")


def test_what_a_side_does_not_say_is_no_evidence_and_all_weights_add_up() -> None:
    total, levels, _bits = compared(CHEN, CHAN)
    items = evidence(CHEN, CHAN, (total, levels, _bits))
    whats = [item["what"] for item in items]
    assert "native" not in whats
    assert "kinship" not in whats
    assert whats[-1] == PRIOR
    assert sum(item["weight"] for item in items) == pytest.approx(total, abs=0.1)
    weights = [abs(item["weight"]) for item in items[:-1]]
    assert weights == sorted(weights, reverse=True)


def test_evidence_that_an_older_version_wrote_is_still_read() -> None:
    assert as_items([{"what": "sex", "level": 1, "weight": 0.1}])[0]["how"] == ""
    assert as_items([{"note": "?"}, "words"]) == []


@pytest.mark.parametrize(
    ("hanzi", "latin", "scheme"),
    [
        ("陈大文", "Chan Tai Man", "hongkong"),
        ("陳大文", "CHEN DAWEN", "pinyin"),
        ("陈大文", "Tan Tai Bun", "hokkien"),
        ("陈大文", "Smith John", ""),
        ("", "Chan", ""),
    ],
)
def test_the_scheme_of_a_spelling_is_found(hanzi: str, latin: str, scheme: str) -> None:
    assert spelt_as(hanzi, latin) == scheme


def test_traditional_and_simplified_are_the_same_writing() -> None:
    assert written_alike("陈大文", "陳大文") == "same"
    assert written_alike("Chan Tai-man", "TAI MAN CHAN") == "same"
    assert written_alike("陈大文", "陈小文") == ""
