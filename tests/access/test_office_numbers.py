"""What the law leaves open is an office's own number, visible at once in its dates."""

import pytest

from qiaoqiao.access.actions import set_office_number
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Term
from tests.casework.test_petition_road import step
from tests.cast import AT, PETITION, Town, file_case, now_epoch


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "due"), [(10, "2026-03-18"), (0, None)])
def test_a_number_set_by_the_office_gives_the_limit_its_date_and_none_is_made_up(
    number: int, due: str | None
) -> None:
    town = Town()
    set_office_number("ts-federation", service="petition", setting="suggestion_reply_days", number=3)
    set_office_number("ts-federation", service="petition", setting="suggestion_reply_days", number=number)
    case = file_case("petition", PETITION | {"purpose": "suggestion"})
    step(case, town.officer_chen, "begin_study", AT.replace(day=4), how_handled="转研究")
    with acting(SYSTEM, epoch=now_epoch()):
        dates = [str(term.due_on) for term in Term.objects.filter(case=case, limit="suggestion_reply")]
    assert dates == ([due] if due else [])


@pytest.mark.django_db
def test_an_office_that_is_not_there_is_refused() -> None:
    with pytest.raises(Office.DoesNotExist):
        set_office_number("nowhere", service="petition", setting="x", number=1)
