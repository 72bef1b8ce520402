"""What the law says when nobody acts."""

from datetime import UTC, datetime

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.jobs import keep_clocks, lapse_due
from qiaoqiao.casework.models import Case, Term
from tests.cast import SETTLE, Town, file_case, now_epoch


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "state"), [(9, "submitted"), (10, "accepted")])
def test_an_application_counts_as_accepted_only_after_the_last_day(day: int, state: str) -> None:
    Town()
    case = file_case("settlement", SETTLE)  # Monday 2 March; the fifth working day is Monday 9 March
    with acting(SYSTEM, epoch=now_epoch()):
        lapse_due(at=datetime(2026, 3, day, 1, 0, tzinfo=UTC))
        assert Case.objects.get(pk=case.pk).state == state


@pytest.mark.django_db
def test_a_lapse_happens_once() -> None:
    Town()
    case = file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()):
        assert lapse_due(at=datetime(2026, 3, 10, 1, 0, tzinfo=UTC)) == 1
        assert lapse_due(at=datetime(2026, 3, 10, 1, 10, tzinfo=UTC)) == 0
        assert Term.objects.filter(case=case, limit="licence_decide").count() == 1


@pytest.mark.django_db
def test_a_worker_that_comes_two_minutes_late_still_lets_limits_lapse_by_the_present_moment() -> None:
    Town()
    case = file_case("settlement", SETTLE)
    keep_clocks(timestamp=now_epoch() - 120)
    with acting(SYSTEM, epoch=now_epoch()):
        assert Case.objects.get(pk=case.pk).state == "accepted"


@pytest.mark.django_db
def test_a_long_round_takes_a_new_ticket_for_every_case() -> None:
    Town()
    cases = [file_case("settlement", SETTLE).pk for _case in range(2)]
    with acting(SYSTEM, epoch=now_epoch() - 120):  # as if a minute of work lay behind
        assert lapse_due(at=datetime(2026, 3, 10, 1, 0, tzinfo=UTC)) == 2
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Case.objects.filter(pk__in=cases, state="submitted").exists()
