from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import Pause, Term, Unit, reckon
from qiaoqiao.ui import moments
from qiaoqiao.ui.days import cells, legend, months

AT = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "12月3日（星期四）18:00前，北京时间；加拉加斯 12月3日 06:00前"),
        ("zh-hant", "12月3日（星期四）18:00前，北京時間；加拉加斯 12月3日 06:00前"),
        ("en", "by Thursday 3 December 18:00, Beijing time; Caracas: by 3 December 06:00"),
        ("es", "hasta el jueves 3 de diciembre 18:00, hora de Pekín; Caracas: hasta el 3 de diciembre 06:00"),
        ("pt", "até quinta-feira, 3 de dezembro 18:00, horário de Pequim; Caracas: até 3 de dezembro 06:00"),
    ],
)
def test_a_moment_is_told_in_beijing_time_and_the_person_s_own(language: str, words: str) -> None:
    with translation.override(language):
        assert strip_tags(moments.moment(AT, zone="America/Caracas", before=True, year=False)) == words


def test_a_zone_with_beijing_s_clock_is_not_told_twice() -> None:
    assert (
        strip_tags(moments.moment(AT, zone="Asia/Singapore", year=False))
        == "12月3日（星期四）18:00，北京时间"
    )


def test_the_year_is_said_when_it_is_not_this_one() -> None:
    assert moments.day_words(date(2027, 1, 4)) == "2027年1月4日（星期一）"
    with translation.override("en"):
        assert moments.day_words(date(2027, 1, 4)) == "Monday 4 January 2027"


def test_the_machine_readable_time_keeps_its_offset() -> None:
    assert 'datetime="2026-12-03T18:00+08:00"' in moments.moment(AT)


@pytest.mark.parametrize(("hour", "night"), [(21, False), (22, True), (3, True), (6, True), (7, False)])
def test_night_runs_from_ten_to_seven(hour: int, night: bool) -> None:
    assert moments.is_night(datetime(2026, 12, 3, hour, 59, tzinfo=UTC), "UTC") is night


def test_days_left_are_said_in_words() -> None:
    assert moments.days_left_words(0, working=True) == "今天到期"
    assert moments.days_left_words(-1, working=False) == "已逾期 1 天"
    with translation.override("en"):
        assert moments.days_left_words(1, working=True) == "1 working day left"
        assert moments.days_left_words(2, working=True) == "2 working days left"
    with translation.override("es"):
        assert moments.days_left_words(-2, working=False) == "2 días de retraso"


def test_every_day_of_a_reckoning_is_marked_by_why_it_counts() -> None:
    paused = [Pause(date(2026, 3, 3), date(2026, 3, 6))]
    reckoning = reckon(Term(20, Unit.WORKING_DAY), date(2026, 2, 10), calendar=official(), pauses=paused)
    drawn = {one.on: one for one in cells(reckoning.days)}
    assert drawn[date(2026, 2, 10)].kind == "start"
    assert (drawn[date(2026, 2, 14)].kind, drawn[date(2026, 2, 14)].mark) == ("make_up", "4")
    assert drawn[date(2026, 2, 17)].words == "春节放假，不计入"
    assert drawn[date(2026, 3, 3)].kind == "paused"
    assert drawn[reckoning.days[-1].on].kind == "due"
    assert [month.name for month in months(list(drawn.values()))] == ["2026年2月", "2026年3月"]
    assert all(mark for _kind, mark, _words in legend(list(drawn.values())))


def test_a_month_keeps_each_day_under_its_weekday() -> None:
    reckoning = reckon(Term(20, Unit.WORKING_DAY), date(2026, 2, 10), calendar=official())
    for month in months(cells(reckoning.days)):
        for week in month.weeks:
            assert [one.on.weekday() for one in week if one] == [
                place for place, one in enumerate(week) if one
            ]


def test_a_term_still_paused_has_no_due_day() -> None:
    reckoning = reckon(
        Term(5, Unit.WORKING_DAY),
        date(2026, 3, 2),
        calendar=official(),
        pauses=[Pause(date(2026, 3, 4), None)],
    )
    assert "due" not in {one.kind for one in cells(reckoning.days)}


def test_holidays_are_named_in_the_reader_s_language() -> None:
    reckoning = reckon(Term(3, Unit.WORKING_DAY), date(2026, 2, 13), calendar=official())
    with translation.override("es"):
        assert any("Fiesta de la Primavera" in one.words for one in cells(reckoning.days))


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("Asia/Ho_Chi_Minh", "zh-hans", "胡志明市"),
        ("Asia/Yangon", "zh-hans", "仰光"),
        ("Asia/Kolkata", "zh-hant", "加爾各答"),
        ("America/Argentina/Buenos_Aires", "zh-hans", "布宜诺斯艾利斯"),
        ("America/Argentina/Buenos_Aires", "es", "Buenos Aires"),
        ("Europe/Kyiv", "en", "Kyiv"),
        ("America/Caracas", "zh-hans", "加拉加斯"),
    ],
)
def test_a_city_is_named_in_the_reader_s_language_whatever_its_zone_was_called(
    zone: str, language: str, words: str
) -> None:
    with translation.override(language):
        assert moments.city(zone) == words
