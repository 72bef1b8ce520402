"""Who read a case is in its ledger, for the person to see, without touching the case."""

from datetime import UTC, datetime, timedelta

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions import looking
from qiaoqiao.casework.models import Case
from qiaoqiao.ledger.models import Entry
from tests.cast import SETTLE, Town, as_staff, file_case, now_epoch


@pytest.mark.django_db
def test_a_reading_is_noted_once_in_a_working_day_and_changes_nothing_else() -> None:
    town = Town()
    case = file_case("settlement", SETTLE)
    chen = as_staff(town.officer_chen)
    morning = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    with acting(chen, epoch=now_epoch()):
        assert looking.note(case.pk, actor=chen, at=morning)
        assert not looking.note(case.pk, actor=chen, at=morning + timedelta(hours=3))
        assert looking.note(case.pk, actor=chen, at=morning + timedelta(hours=24))
    with acting(SYSTEM, epoch=now_epoch()):
        assert (
            Entry.objects.filter(subject=case.pk, kind="read", office=town.overseas_affairs.code).count() == 2
        )
        assert Case.objects.get(pk=case.pk).last_kind == "filed"


@pytest.mark.django_db
def test_a_stranger_cannot_even_be_noted() -> None:
    town = Town()
    case = file_case("settlement", SETTLE)
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()), pytest.raises(Case.DoesNotExist):
        looking.note(case.pk, actor=he, at=datetime(2026, 3, 3, 1, 0, tzinfo=UTC))
