"""The joint meetings of the demo: one of each city held, with what came of it, and one that is coming."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from demo.loading import epoch, prepare
from demo.meetings import hold_meetings
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Assignment
from qiaoqiao.services.joint.models import AgendaItem, Meeting, Minutes
from qiaoqiao.services.joint.queries import became, resolutions
from qiaoqiao.services.joint.rules import names_somebody
from tests.cast import PETITION, file_case

SEED, COUNTIES = 11, ("440781", "440783", "440785", "450205", "450204", "440784")


@pytest.fixture(autouse=True)
def demo(db: None) -> Iterator[None]:
    """The demo's offices, six petitions of theirs that nobody touched for two months, and the meetings."""
    now = datetime.now(UTC)
    prepare(SEED, now)
    for county in COUNTIES:
        file_case("petition", PETITION | {"place": county}, at=now - timedelta(days=60))
    hold_meetings(SEED, now)
    with acting(SYSTEM, epoch=epoch()):
        yield


def test_each_city_has_a_meeting_behind_it_and_one_before_it() -> None:
    found = list(Meeting.objects.order_by("office", "starts_at").values_list("office__code", "state"))
    assert found == [
        (f"{city}-federation", state) for city in ("4407", "4502") for state in ("closed", "planned")
    ]
    assert Minutes.objects.filter(approved_at__isnull=False).count() == 2
    assert Meeting.objects.filter(starts_at__gt=datetime.now(UTC)).count() == 2


def test_resolutions_about_cases_are_tasks_and_have_come_to_different_ends() -> None:
    today = datetime.now(UTC).date()
    passed = list(resolutions(SYSTEM, on=today))
    assert {one.seat for one in passed if one.item.case_id} == set(
        Assignment.objects.exclude(task="").values_list("seat", flat=True)
    )
    assert len({became(one, today) for one in passed}) > 1
    assert len([one for one in passed if one.item.case_id]) >= 4


def test_no_title_of_the_agenda_names_the_person() -> None:
    for item in AgendaItem.objects.exclude(case=None).select_related("case__person"):
        names = [item.case.person.name, item.case.person.latin_name]
        assert names_somebody(item.title + item.note, [name for name in names if name]) == ""


def test_holding_them_again_changes_nothing() -> None:
    assert hold_meetings(SEED, datetime.now(UTC)) == []


def test_the_offices_of_the_demo_chose_an_age_for_the_green_channel() -> None:
    chosen = Office.objects.filter(settings__green_channel__age=60)
    assert set(chosen.values_list("kind", flat=True)) == {"federation", "overseas_affairs"}
