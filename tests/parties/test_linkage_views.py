"""Written names to what they may mean: among the views is the one that the person's papers confirm."""

import re

import pytest

from qiaoqiao.parties.linkage.features import names_of
from qiaoqiao.parties.linkage.views import MOST_VIEWS, View, of_hanzi, of_latin
from qiaoqiao.parties.linkage.vocabulary import family_names, given_names
from tests.parties.linkage_cast import record

HANZI = """陈大文 陈 大文; 陳大文 陈 大文; 陈文 陈 文; 陈　大　文 陈 大文; 欧阳娜 欧阳 娜; 歐陽娜娜 欧阳 娜娜
    司徒美堂 司徒 美堂; 欧阳美玲 阳 美玲; 陈黄美玲 黄 美玲; 陈黄美玲 陈 美玲; 张陈美华 陈 美华; 陈黄氏 黄 -
    陈黄氏 陈 -; 陈氏 陈 -; 陈某 陈 -; 陈某某 陈 -; 陈** 陈 -; 王*明 王 明; 王＊明 王 明; 陈大文TAN 陈 大文"""
"""As written, surname, given name; one that stands twice may be read two ways."""

LATIN = """CHAN Tai Man=陈 大文; Tai Man CHAN=陈 大文; CHAN, Tai Man=陈 大文; Chan Tai-Man=陈 大文; CHAN TAIMAN=陈 大文
    ChanTaiMan=陈 大文; Dr. Chan Tai Man=陈 大文; CHEN DAWEN=陈 大文; DAWEN CHEN=陈 大文; Chen Da'wen=陈 大文
    chen guo qiang=陈 国强; Tan Tai Boon=陈 大文; TRAN DAI VAN=陈 -; Chin Tai Mun=陈 大文; Ch'en Ta-wen=陈 大文
    Chen, D. W.=陈 ··; CHAN T. M.=陈 ·; Peter Chan Tai Man=陈 大文; CHAN Tai Man Peter=陈 大文; Peter Chan=陈 -
    CHAN WONG MEI LING=陈 美玲; Mei Ling Wong=黄 美玲
    LOPEZ CHAN, Maria Jose=陈 -; CHAN LEE, JUAN CARLOS=陈 -; CHAN LEE, JUAN CARLOS=李 -; Maria Elena Wong Chan=黄 -
    Juan Carlos Chan=陈 -; de la Cruz Wong, Ana=黄 -; ZHANG WEI=张 伟; ZHNAG WEI=张 伟; ZHANGWEI=张 伟
    HUANG ZHI XOING=黄 志祥; OUYANG XIU=欧阳 修; Ou Yang Xiu=欧阳 修; AU YEUNG MEI LING=欧阳 美玲; SZETO WAH=司徒 华
    Ng Kim Huat=黄 金发; OEI TJIE SIEN=黄 志信; Kwee Tek Hoay=郭 德怀; LIEM SIOE LIONG=林 绍良; Lim Siu Liong=林 绍良
    LV LI PING=吕 丽萍; Lü Liping=吕 丽萍; Hsieh Tung-min=谢 东闵; NGUYEN VAN THIEU=阮 绍; Lee Hsien Loong=李 显龙
    Lu Xun=鲁 迅; HO HAU WA=何 厚铧; Leong On Kei=梁 安琪; Seah Eu Chin=佘 有进; SETO MEI TONG=司徒 美堂"""
"""As written in letters = surname and given name in characters; · is an initial, which says nothing."""


def equations(text: str, sign: str) -> list[tuple[str, str, str]]:
    entries = [entry.strip() for entry in re.split(r"[;\n]", text)]
    parts = [entry.rsplit(sign, 1 if sign == "=" else 2) for entry in entries]
    return [(one, *rest[0].split()) if sign == "=" else (one, *rest) for one, *rest in parts]


def fits(view: View, surname: str, given: str) -> bool:
    """Whether these characters stand, or may stand, behind a view."""
    family, own = family_names(), given_names()
    wanted = "" if given == "-" else given
    if len(view.given) != len(wanted) or not view.surname:
        return False
    pairs = zip(view.given, wanted, strict=True)
    behind = [not one if sign == "·" else _told(own, one, sign) for one, sign in pairs]
    return _told(family, view.surname, surname) and all(behind)


def _told(vocabulary, symbol, character):
    return symbol > 0 and vocabulary.bits[symbol, vocabulary.character(character)] > 0


@pytest.mark.parametrize(("written", "surname", "given"), equations(HANZI, " "))
def test_a_name_in_characters_is_read_as_the_person_would(written, surname, given):
    wanted = "" if given == "-" else given
    exact = family_names().character(surname), tuple(map(given_names().character, wanted))
    assert exact in [(view.surname, view.given) for view in of_hanzi(written)]


@pytest.mark.parametrize(("written", "surname", "given"), equations(LATIN, "="))
def test_a_name_in_letters_is_read_as_the_person_would(written, surname, given):
    views = of_latin(written).views
    assert any(fits(view, surname, given) for view in views), views


def test_more_than_fifty_names_in_letters_or_characters_are_read():
    assert len({one for one, *_ in equations(HANZI, " ") + equations(LATIN, "=")}) > 50


@pytest.mark.parametrize(
    ("surname", "given", "hans", "own"),
    [
        ("CHEN", "DAWEN", "陈", "大文"),
        ("DAWEN", "CHEN", "陈", "大文"),  # the fields changed places
        ("WONG", "MEI LING", "黄", "美玲"),
        ("MEI LING", "WONG", "黄", "美玲"),
        ("LOPEZ CHAN", "MARIA", "陈", "-"),
    ],
)
def test_the_fields_of_a_passport_are_read_either_way_round(surname, given, hans, own):
    assert any(fits(view, hans, own) for view in of_latin("", surname, given).views)


def test_fields_in_their_order_cost_less_than_swapped_ones():
    view = of_latin("", "WONG", "MEI LING").views[0]
    assert view.cost == 0
    assert fits(view, "黄", "美玲")


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("Juan Carlos Chan", {"john", "charles"}),
        ("CHAN LEE, JUAN CARLOS", {"john", "charles"}),
        ("Peter Chan Tai Man", {"peter"}),
        ("CHAN Tai Man", set()),
    ],
)
def test_names_of_other_languages_stand_apart_and_in_one_form(written, tokens):
    assert set(of_latin(written).foreign) == tokens


def test_an_indonesian_name_without_a_chinese_one_has_words_but_no_surname():
    found = of_latin("SUDONO SALIM")
    assert set(found.foreign) == {"sudono", "salim"}
    assert all(view.surname == 0 and not view.given for view in found.views)


@pytest.mark.parametrize("nothing", ["", " ", "某", "123", "?", "，"])
def test_what_is_no_name_has_no_views(nothing):
    assert of_hanzi(nothing) == of_latin(nothing).views == ()


def test_an_alias_adds_its_views():
    names = names_of(record(name_latin="Sudono Salim", alias="Liem Sioe Liong"))
    assert any(fits(view, "林", "绍良") for view in names.views)
    assert "salim" in names.foreign


def test_no_record_has_more_views_than_there_is_room_for():
    everything = record(name_hanzi="陈黄美玲", name_latin="CHAN WONG MEI LING", alias="Tan Mei Ling")
    assert len(names_of(everything).views) == MOST_VIEWS
