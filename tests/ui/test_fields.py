from datetime import date

import pytest
from django import forms
from django.template import engines
from django.utils import translation
from django.utils.html import escape

from qiaoqiao.ui.forms import DateField
from tests.ui.urls import Sample


class Born(forms.Form):
    on = DateField(label="出生日期", error_messages={"required": "请填写出生日期。"})
    left_on = DateField(label="离境日期", required=False)


def typed(year: str, month: str, day: str) -> dict[str, str]:
    return {"on_year": year, "on_month": month, "on_day": day}


def drawn(form: forms.Form) -> str:
    words = "{% error_summary form %}{% for bound in form %}{% field bound %}{% endfor %}"
    return engines["django"].from_string(words).render({"form": form})


def test_a_date_in_three_boxes_becomes_a_date() -> None:
    form = Born(typed("1985", " 3", "27 "))
    assert form.is_valid()
    assert form.cleaned_data == {"on": date(1985, 3, 27), "left_on": None}


@pytest.mark.parametrize("edge", [("1850", "1", "1"), ("2200", "12", "31")])
def test_the_first_and_the_last_year_that_can_be_meant_are_taken(edge: tuple[str, str, str]) -> None:
    assert Born(typed(*edge)).is_valid()


def test_full_width_digits_are_understood() -> None:
    assert Born(typed("１９８５", "３", "２７")).is_valid()


def test_a_date_in_one_piece_is_understood_too() -> None:
    assert Born({"on": "1985-03-27"}).is_valid()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("", "", ""), "请填写出生日期。"),
        (("1985", "", "27"), "日期还差：月。"),
        (("1985", "", ""), "日期还差：月、日。"),
        (("1985", "2", "30"), "没有这一天。请检查月和日。"),
        (("1985", "13", "1"), "没有这一天。请检查月和日。"),
        (("85", "1", "1"), "年份请填四位数字，例如 1985。"),
        (("二〇", "1", "1"), "年、月、日请只填数字，例如 1985 年 3 月 27 日。"),
        (("1985", "-1", "1"), "年、月、日请只填数字，例如 1985 年 3 月 27 日。"),
        (("²³¼½", "1", "1"), "年、月、日请只填数字，例如 1985 年 3 月 27 日。"),
        (("0001", "1", "1"), "年份请填 1850 到 2200 之间的。"),
        (("1849", "12", "31"), "年份请填 1850 到 2200 之间的。"),
        (("2201", "1", "1"), "年份请填 1850 到 2200 之间的。"),
        (("9999", "12", "31"), "年份请填 1850 到 2200 之间的。"),
        (("0000", "1", "1"), "没有这一天。请检查月和日。"),
        (("9" * 5000, "1", "1"), "年份请填四位数字，例如 1985。"),
    ],
)
def test_a_wrong_date_is_told_in_plain_words(parts: tuple[str, str, str], words: str) -> None:
    form = Born(typed(*parts))
    assert form.errors["on"] == [words]
    page = drawn(form)
    assert page.count(escape(words)) == 2
    for part in filter(None, parts):
        assert f'value="{escape(part)}"' in page


def test_boxes_stand_in_the_order_of_the_language() -> None:
    assert drawn(Born()).index('name="on_year"') < drawn(Born()).index('name="on_day"')
    with translation.override("es"):
        assert drawn(Born()).index('name="on_year"') > drawn(Born()).index('name="on_day"')


def test_an_error_leads_to_the_first_box_of_its_field() -> None:
    assert 'href="#id_on_year"' in drawn(Born(typed("", "", "")))
    with translation.override("en"):
        assert 'href="#id_on_day"' in drawn(Born(typed("", "", "")))


def test_a_stored_date_fills_the_boxes() -> None:
    page = drawn(Born(initial={"on": date(1985, 3, 27)}))
    assert 'name="on_month" type="text" inputmode="numeric" value="3"' in page


def test_hint_and_error_are_tied_to_the_widget() -> None:
    form = Sample({"name": ""})
    page = drawn(form)
    assert 'aria-describedby="id_name_hint id_name_error"' in page
    assert 'id="id_name_hint"' in page
    assert 'id="id_name_error"' in page


def test_a_missing_answer_is_named() -> None:
    page = drawn(Sample({}))
    for words in (
        "请填写“姓名”。",
        "请选择“现在住在哪里”。",
        "请选择“怎样联系您”。",
        "请勾选“以上内容是我本人填写的”。",
    ):
        assert page.count(words) == 2, words


def test_what_was_typed_and_chosen_stays() -> None:
    page = drawn(
        Sample(
            {
                "name": '<b>"陈"</b>',
                "channel": "phone",
                "papers": ["permit"],
                "words": "</textarea>",
                "country": "VE",
            }
        )
    )
    assert "&lt;b&gt;&quot;陈&quot;&lt;/b&gt;" in page
    assert 'value="phone" checked' in page
    assert 'value="permit" checked' in page
    assert "&lt;/textarea&gt;" in page
    assert '<option value="VE" selected>' in page


def test_a_clean_form_has_no_summary() -> None:
    assert "govuk-error-summary" not in drawn(Sample())
    assert "govuk-error-summary" not in drawn(Born(typed("1985", "3", "27")))


def test_a_form_s_own_error_is_listed_without_a_link() -> None:
    form = Born(typed("1985", "3", "27"))
    form.add_error(None, "这份申请已经提交过了。")
    assert "<li>这份申请已经提交过了。</li>" in drawn(form)
