"""A catalogue's questions as forms: what was typed comes back, what is asked follows the answers."""

from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from qiaoqiao.access.models import Office, Place
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.catalogue.forms import check
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.gateways.uploads import Refusal, UploadRefused
from qiaoqiao.lib.countries import CODES
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.ui.countries import FIRST, country_choices
from qiaoqiao.ui.entryforms import (
    SectionForm,
    applicable,
    move_answers,
    move_form,
    section_answers,
    sent_date,
)
from qiaoqiao.ui.faults import fault_words, upload_words
from qiaoqiao.ui.places import Atlas, name_of

CITY = Place(code="4407", level="city", names={"zh-Hans": "江门市", "en": "Jiangmen"})
COUNTY = Place(code="440781", level="county", names={"zh-Hans": "台山市", "en": "Taishan"}, parent_id="4407")
TOWN = Place(code="440781105", level="township", names={"zh-Hans": "端芬镇"}, parent_id="440781")
ATLAS = Atlas({one.code: one for one in (CITY, COUNTY, TOWN)})


@pytest.fixture
def settlement() -> Entry:
    return entry("settlement")


def sent(**values: Any) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


def section(about: Entry, name: str) -> Any:
    return next(one.fields for one in about.form if one.id == name)


def test_every_kind_of_answer_is_read_as_the_rules_want_it(settlement: Entry) -> None:
    abroad = sent(
        nationality="CN",
        residence_country="VE",
        residence_right="permanent",
        stay_months_2y="２２",
        resident_since_year="２００１",
        resident_since_month="5",
        resident_since_day="6",
        study_or_official="no",
    )
    answers = section_answers(section(settlement, "abroad"), abroad)
    assert answers["resident_since"] == "2001-05-06"
    assert answers["study_or_official"] is False
    checked = check(settlement, answers, section="abroad")
    assert checked.faults == {}
    assert checked.facts["stay_months_2y"] == 22


def test_a_date_that_is_none_keeps_what_was_typed() -> None:
    assert sent_date("day", sent(day_year="2001", day_month="13", day_day="6")) == "2001-13-06"
    assert sent_date("day", sent(day_year="", day_month="3", day_day="")) == "-3-"
    assert sent_date("day", sent(day_year="20-01", day_month="3", day_day="1")).count("-") == 2
    assert sent_date("day", sent(day_year="", day_month="", day_day="")) == ""


def test_what_was_typed_is_drawn_again_with_its_fault(settlement: Entry) -> None:
    typed = {"resident_since": "2001-13-06", "residence_right": "permanent", "stay_months_2y": "很多"}
    faults = {"resident_since": "not_a_date", "stay_months_2y": "not_a_number"}
    form = SectionForm(
        settlement, section(settlement, "abroad"), typed, atlas=ATLAS, language="zh-hans", faults=faults
    )
    assert form["resident_since"].value() == ["2001", "13", "06"]
    assert form["stay_months_2y"].value() == "很多"
    assert list(form.errors) == ["resident_since", "stay_months_2y"]


def test_a_question_hangs_on_the_answer_beside_it(settlement: Entry) -> None:
    def hidden(**answers: object) -> set[str]:
        form = SectionForm(
            settlement, section(settlement, "household"), answers, atlas=ATLAS, language="zh-hans"
        )
        return {row.bound.name for row in form.rows() if row.hidden}

    assert hidden() == {"original_hukou", "left_on", "collective_hukou", "hukou_before_school"}
    assert hidden(household_state="cancelled") == {"hukou_before_school"}
    assert hidden(household_state="cancelled", collective_hukou=True) == set()
    assert "hukou_before_school" in hidden(household_state="never", collective_hukou=True)


def test_the_condition_is_told_to_the_browser_in_its_own_values(settlement: Entry) -> None:
    form = SectionForm(settlement, section(settlement, "household"), {}, atlas=ATLAS, language="zh-hans")
    when = {row.bound.name: row.when for row in form.rows()}
    assert when["hukou_before_school"] == '{"collective_hukou": ["yes"]}'
    assert when["household_state"] == ""


def test_leftover_answers_go_all_the_way_down(settlement: Entry) -> None:
    typed = {
        "household_state": "never",
        "collective_hukou": True,
        "hukou_before_school": "广州",
        "strange": 1,
    }
    assert applicable(settlement, typed) == {"household_state": "never"}


def test_a_town_is_asked_only_where_it_matters(settlement: Entry) -> None:
    county_only = SectionForm(
        settlement, section(settlement, "settling"), {}, atlas=ATLAS, language="zh-hans"
    )
    assert "place_town" not in county_only.fields
    seats = {name: seat.model_copy(update={"level": None}) for name, seat in settlement.seats.items()}
    anywhere = settlement.model_copy(update={"seats": seats})
    form = SectionForm(
        anywhere, section(anywhere, "settling"), {"place": TOWN.code}, atlas=ATLAS, language="zh-hans"
    )
    assert form["place"].value() == COUNTY.code
    assert form["place_town"].value() == TOWN.code
    chosen = section_answers(section(anywhere, "settling"), sent(place=COUNTY.code, place_town=TOWN.code))
    assert chosen["place"] == TOWN.code


def test_places_are_named_for_the_reader() -> None:
    assert ATLAS.place_name(COUNTY.code, "zh-hans") == "江门市台山市"
    assert ATLAS.place_name(COUNTY.code, "es") == "Taishan, Jiangmen"
    assert name_of(TOWN.names, "es") == "端芬镇"
    assert ATLAS.counties("zh-hans") == [("江门市", [("440781", "台山市")])]


def test_a_list_of_offices_names_the_towns_of_one_county_only() -> None:
    offices = [
        Office(code="city", level="city", place_id="4407", names={"zh-Hans": "市侨联"}),
        Office(code="near", level="township", place_id="440781105", names={"zh-Hans": "端芬镇政府"}),
        Office(code="far", level="township", place_id="440783101", names={"zh-Hans": "长沙街道办"}),
    ]
    every = Atlas(ATLAS.places, {one.code: one for one in offices})
    assert set(every.near("440781").offices) == {"city", "near"}
    assert set(every.near("").offices) == {"city"}
    assert every.offices_by_place("zh-hans")[0] == ("江门市", [("city", "市侨联")])


def test_every_country_is_offered_once_and_named_in_each_language() -> None:
    for language in ("zh-hans", "zh-hant", "en", "es", "pt"):
        groups = [group for _label, group in country_choices(language)[1:] if isinstance(group, list)]
        codes = [code for group in groups for code, _name in group]
        assert sorted(codes) == sorted(CODES)
        assert len(CODES) == 249
        assert codes[: len(FIRST)] == FIRST
    assert country_name("VE", "zh-hans") == "委内瑞拉"
    assert country_name("TW", "es") == "Taiwán (China)"
    assert country_name("XX", "en") == "XX"


def test_a_moves_questions_become_a_form(settlement: Entry) -> None:
    notice = settlement.move("one_time_notice")
    form = move_form(
        settlement,
        notice,
        {"missing": ["passport"]},
        atlas=ATLAS,
        language="zh-hans",
        faults={"supplement_by": "missing"},
    )
    assert form["missing"].value() == ["passport"]
    assert [name for name, _ in form.fields["missing"].choices][:2] == ["application_form", "declaration"]
    assert "supplement_by" in form.errors
    answers = move_answers(
        notice,
        sent(
            missing=["passport", "photo"],
            supplement_by_year="2026",
            supplement_by_month="4",
            supplement_by_day="1",
        ),
    )
    assert answers == {"missing": ["passport", "photo"], "supplement_by": "2026-04-01"}
    assert move_answers(settlement.move("extend"), sent(days="10", reasons="忙"))["days"] == 10


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en", "es", "pt"])
def test_every_fault_is_a_sentence_in_every_language(language: str) -> None:
    codes = [
        "missing",
        "too_long",
        "too_small",
        "too_large",
        "not_a_date",
        "not_a_number",
        "not_offered",
        "unknown",
        "unreadable",
        "malformed",
        "too_many",
        "unknown_field",
    ]
    with translation.override(language):
        for code in codes:
            said = fault_words(code, "LABEL", most=3, least=1)
            assert "LABEL" in said
            assert code not in said
            assert "%(" not in said
        for refusal in Refusal:
            said = upload_words(UploadRefused(refusal, name="a.pdf", limit=10 * 1024 * 1024))
            assert "a.pdf" in said
            assert ("，" in said or "。" in said) == language.startswith("zh")


def test_a_malformed_address_and_a_malformed_number_get_their_own_words() -> None:
    assert "name@example.com" in fault_words("malformed", "电子邮件", field="email")
    assert "+58" in fault_words("malformed", "电话", field="phone")
