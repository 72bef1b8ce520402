"""Appointments in a real browser: readable by everybody, on a phone and on a desk, in front of the counter and behind it."""

from datetime import UTC, datetime, timedelta

import pytest

from qiaoqiao.community.appointments.links import booking_path, waiting_path
from qiaoqiao.community.appointments.models import Waiting
from tests.cast import Town
from tests.community.slots import booking, offered, rosa, slots_of, somebody, stand_in_line, take_place
from tests.eyes import wrong
from tests.workbench.conftest import Opener

NOW = datetime.now(UTC)
SOON = (NOW + timedelta(days=7)).date()
SOON -= timedelta(days=SOON.weekday())


@pytest.mark.browser
@pytest.mark.parametrize("language", ["es", "zh-hans"])
def test_axe_finds_nothing_wrong_on_appointments(open_page: Opener, served_town: Town, language: str) -> None:
    schedule = offered(served_town.federation, first=SOON, at=NOW, languages=["toisan"], kind="hospital")
    first, second, *_rest = slots_of(schedule)
    one = take_place(first, rosa(), at=NOW)
    for slot in (first, second):
        for number in range(slot.capacity - (slot == first)):
            take_place(slot, somebody(number), at=NOW)
    line = Waiting(pk=stand_in_line(schedule, somebody(9), at=NOW, first=SOON, last=SOON), last_day=SOON)
    mine, at = booking_path(booking(one)), f"/appointments/at/{schedule.pk}/"
    for path in ("/appointments/", "/appointments/?kind=hospital", f"{at}?day={SOON}", f"{at}waiting/?day={SOON}",
                 f"{at}{slots_of(schedule)[2].pk}/", f"{mine}?new=1", f"{mine}move/", f"{mine}cancel/",
                 waiting_path(line)):  # fmt: skip
        assert wrong(open_page(path, language=language)) == [], path
    chen = served_town.officer_chen
    for path in (f"?day={SOON}", f"week/?day={SOON}", "list/", "waiting/", "schedules/", "schedules/new/", "calendar/",
                 f"{one}/", f"{one}/move/?day={SOON}", f"close-day/?day={SOON}"):  # fmt: skip
        page = open_page(f"/staff/appointments/{path}", account=chen, language=language)
        assert wrong(page) == [], path
