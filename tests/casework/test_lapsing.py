"""What the law says when nobody acts."""

from datetime import UTC, datetime

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.jobs import lapse_due
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
