"""Office hours as a reader of each language sees them."""

import pytest
from django.utils import translation

from qiaoqiao.ui.places import hours_shown, hours_words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "工作日 09:00-12:00，14:30-17:30"),
        ("zh-hant", "工作天 09:00-12:00，14:30-17:30"),
        ("en", "Working days 09:00-12:00, 14:30-17:30"),
        ("es", "Días hábiles 09:00-12:00, 14:30-17:30"),
        ("pt", "Dias úteis 09:00-12:00, 14:30-17:30"),
    ],
)
def test_usual_office_hours_are_said_in_the_reader_s_language(language: str, words: str) -> None:
    with translation.override(language):
        assert hours_words("工作日 09:00-12:00，14:30-17:30") == words


def test_unusual_office_hours_stay_as_the_office_wrote_them_and_are_marked_as_chinese() -> None:
    with translation.override("es"):
        assert hours_shown("工作日 09:00-12:00，墟日全天") == (
            '<span lang="zh-Hans">工作日 09:00-12:00，墟日全天</span>'
        )
