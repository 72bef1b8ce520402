"""What the law says when nobody acts."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions import drafts
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.jobs import forget_drafts, keep_clocks, lapse_due
from qiaoqiao.casework.models import Case, Term
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.gateways import storage
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


def test_a_draft_left_alone_goes_with_its_files(fresh_database: None) -> None:
    now = datetime.now(UTC)
    with acting(SYSTEM, epoch=now_epoch()):
        left, _secret = drafts.begin(entry("petition"), language="es", at=now - drafts.LIFETIME)
        fresh, _secret = drafts.begin(entry("petition"), language="es", at=now)
        keys = {}
        for draft in (left, fresh):
            kept = storage.keep(BytesIO(b"%PDF-1.7"), declared_name="a.pdf", now=now)
            paper = Brought("other", "a.pdf", kept.key, "a.pdf", "application/pdf", 8, "0" * 64)
            drafts.keep_file(draft.pk, paper, at=now)
            keys[draft.pk] = kept.key
    assert forget_drafts(at=now + timedelta(seconds=1)) == 1
    with storage.open_kept(keys[fresh.pk]) as held:
        assert held.read() == b"%PDF-1.7"
    with pytest.raises(storage.NotKept):
        storage.open_kept(keys[left.pk])
