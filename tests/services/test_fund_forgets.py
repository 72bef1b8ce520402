"""An erased file is forgotten in the fund too; the books, and help under way, are not."""

from typing import Any

import pytest
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.parties.actions.erasing import erase
from qiaoqiao.parties.forgetting import NOBODY
from qiaoqiao.parties.models import File
from qiaoqiao.services.relief.jobs import forget_people
from qiaoqiao.services.relief.models import (
    Assessment,
    Grant,
    HomeVisit,
    JournalEntry,
    Payee,
    Payment,
    Round,
    Stop,
)
from tests.cast import TODAY, now_epoch
from tests.parties.town_files import file_of
from tests.services.fund_town import FundTown


def erased(file: File) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        erase(file.pk, reason="asked", actor=SYSTEM, at=timezone.now())


def tied(grant: Grant, file: File) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        Grant.objects.filter(pk=grant.pk).update(file=file)
        Assessment.objects.filter(grant=grant).update(note="儿子有病")


def words_of(grant: Grant) -> dict[str, Any]:
    with acting(SYSTEM, epoch=now_epoch()):
        return {
            "file": Grant.objects.get(pk=grant.pk).file_id,
            "note": Assessment.objects.get(grant=grant).note,
            "found": set(HomeVisit.objects.filter(grant=grant).values_list("found", flat=True)),
            "holders": list(Payee.objects.filter(grant=grant).values_list("holder", flat=True)),
        }


def test_help_that_is_over_forgets_the_person_and_keeps_what_the_money_went_to(fund: FundTown) -> None:
    fund.give(1_000_000)
    file = file_of(fund.town)
    paid, never = fund.approved(fund.draft()), fund.approved(fund.draft(fen=100_000))
    fund.called(paid)
    fund.called(never, "6222 0812 3456 9999")
    fund.paid(paid)
    for grant, state in ((paid, "closed"), (never, "cancelled")):
        tied(grant, file)
        with acting(SYSTEM, epoch=now_epoch()):
            Grant.objects.filter(pk=grant.pk).update(state=state)
    before = booked()
    erased(file)
    assert words_of(paid) == {"file": None, "note": "", "found": {""}, "holders": ["陈玉莲"]}
    assert words_of(never) == {"file": None, "note": "", "found": {""}, "holders": []}
    assert booked() == before


def booked() -> tuple[int, list[int]]:
    with acting(SYSTEM, epoch=now_epoch()):
        amounts = Payment.objects.order_by("pk").values_list("amount_fen", flat=True)
        return JournalEntry.objects.count(), list(amounts)


def test_help_under_way_is_finished_first_and_then_forgotten_at_night(fund: FundTown) -> None:
    fund.give(1_000_000)
    file = file_of(fund.town)
    grant = fund.reviewed(fund.draft())
    tied(grant, file)
    erased(file)
    forget_people(timestamp=now_epoch())
    assert words_of(grant)["note"] == "儿子有病"
    with acting(SYSTEM, epoch=now_epoch()):
        Grant.objects.filter(pk=grant.pk).update(state="refused")
    forget_people(timestamp=now_epoch())
    assert words_of(grant) == {"file": None, "note": "", "found": {""}, "holders": []}


@pytest.mark.parametrize(("state", "kept"), [("planned", "黎金好"), ("missed", NOBODY)])
def test_a_call_of_a_round_forgets_name_and_address_once_it_was_made(
    fund: FundTown, state: str, kept: str
) -> None:
    file = file_of(fund.town)
    with acting(SYSTEM, epoch=now_epoch()):
        own: dict[str, Any] = {"office": fund.office}
        round_ = Round.objects.create(
            **own, fund=fund.fund, name="春节", kind="festival", planned_on=TODAY, maker=fund.people["maker"], made_at=fund.at
        )  # fmt: skip
        stop = Stop.objects.create(
            **own, round=round_, order=1, file=file, name="黎金好", address="胜利社区", purpose="illness",
            amount_fen=5, state=state, note="不在家",
        )  # fmt: skip
    erased(file)
    with acting(SYSTEM, epoch=now_epoch()):
        stop.refresh_from_db()
    assert (stop.name, bool(stop.address), bool(stop.note)) == (kept, kept != NOBODY, kept != NOBODY)
