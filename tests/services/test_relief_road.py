"""A grant from the request to the receipt: each step by its own people, the case going along, the books in balance."""

from datetime import timedelta

import pytest
from django.db import connection

from qiaoqiao.access.tickets import acting, person
from qiaoqiao.casework.models import Case, Paper
from qiaoqiao.services.relief import queries
from qiaoqiao.services.relief.actions import giving, paying
from qiaoqiao.services.relief.actions.grounds import Refused
from qiaoqiao.services.relief.models import Payment
from tests.api.test_cases_api import system_of
from tests.api.test_filing_api import call
from tests.cast import now_epoch
from tests.services.fund_town import FundTown, reread


def state_of(fund: FundTown, case: Case) -> str:
    return str(reread(case, fund).state)


def standing(fund: FundTown) -> queries.Standing:
    with fund.by("head"):
        connection.check_constraints()
        return queries.standing(queries.balances([fund.fund.pk])[fund.fund.pk])


def test_a_grant_goes_its_whole_road_and_its_case_with_it(fund: FundTown) -> None:
    fund.give(1_000_000)
    case = fund.file()
    grant = fund.draft(case)
    assert state_of(fund, case) == "verifying"
    fund.approved(grant)
    assert state_of(fund, case) == "approved"
    assert standing(fund) == queries.Standing(1_000_000, 0, 200_000, 800_000, ())
    fund.called(grant)
    fund.paid(grant)
    assert state_of(fund, case) == "paid"
    assert standing(fund) == queries.Standing(800_000, 0, 0, 800_000, ())
    with fund.by("maker") as actor:
        payment = Payment.objects.get(grant=grant)
        paying.acknowledge(payment.pk, how="visit", on=fund.day, actor=actor, at=fund.at)
        paying.follow_up(grant.pk, on=fund.day, note="好些了", actor=actor, at=fund.at)
    assert (state_of(fund, case), reread(case, fund).outcome) == ("helped", "helped")
    with fund.by("head") as actor:
        figures = queries.figures(actor, on=fund.day, since=fund.day, until=fund.day)
    assert (figures.households, figures.given_fen) == (1, 200_000)


def letter(case: Case, notice: str) -> str:
    with acting(person(case.pk), epoch=now_epoch()):
        return str(Paper.objects.get(case=case.pk, kind=notice).sheet)


def test_help_cancelled_before_it_is_paid_ends_its_case_and_the_person_is_told_why(fund: FundTown) -> None:
    fund.give(1_000_000)
    case = fund.file()
    grant = fund.approved(fund.draft(case))
    with fund.by("head") as actor:
        paying.cancel(grant.pk, reason="子女已接回同住", on=fund.day, actor=actor, at=fund.at)
    assert (state_of(fund, case), reread(case, fund).outcome) == ("cancelled", "cancelled")
    assert "子女已接回同住" in letter(case, "cancellation_notice")
    assert standing(fund) == queries.Standing(1_000_000, 0, 0, 1_000_000, ())


@pytest.mark.parametrize("signed", [False, True])
def test_money_given_back_by_the_person_ends_its_case_and_the_person_is_told(
    fund: FundTown, signed: bool
) -> None:
    fund.give(1_000_000)
    case = fund.file()
    grant = fund.approved(fund.draft(case))
    fund.called(grant)
    fund.paid(grant)
    with fund.by("maker") as actor:
        payment = Payment.objects.get(grant=grant)
        if signed:
            paying.acknowledge(payment.pk, how="visit", on=fund.day, actor=actor, at=fund.at)
        paying.refund(payment.pk, reason="本人退回", on=fund.day, actor=actor, at=fund.at)
    assert (state_of(fund, case), reread(case, fund).outcome) == ("given_back", "given_back")
    assert "本人退回" in letter(case, "refund_notice")


def test_nothing_of_the_fund_happened_tomorrow(fund: FundTown) -> None:
    fund.give(1_000_000)
    grants = [fund.approved(fund.draft(fund.file())) for _ in range(2)]
    fund.called(grants[0])
    fund.paid(grants[0])
    told = {"on": fund.day + timedelta(days=1), "at": fund.at}
    with fund.by("maker") as actor:
        payment = Payment.objects.get(grant=grants[0])
        for step in (paying.bank_returned, paying.refund):
            with pytest.raises(Refused, match="in_the_future"):
                step(payment.pk, reason="x", actor=actor, **told)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="in_the_future"):
            paying.acknowledge(payment.pk, how="visit", actor=actor, **told)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="in_the_future"):
            giving.receive(fund.fund.pk, giving.Gift("donation"), 1, actor=actor, **told)  # type: ignore[arg-type]
    with fund.by("head") as actor, pytest.raises(Refused, match="in_the_future"):
        paying.cancel(grants[1].pk, reason="x", actor=actor, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("fen", [300_000, 300_001])
def test_above_the_band_the_head_of_the_office_above_approves_as_well(fund: FundTown, fen: int) -> None:
    fund.give(1_000_000)
    grant = fund.submitted(fund.draft(fund.file(), fen))
    assert grant.needs_upper is (fen > 300_000)


def test_no_other_system_makes_a_move_that_is_the_funds(fund: FundTown) -> None:
    case = fund.file()
    fund.draft(case)
    head = system_of(fund.people["head"])
    for name in ("verified", "approve", "pay", "cancel_help", "money_came_back"):
        answer = call("POST", f"/cases/{case.reference}/moves/{name}", {"answers": {}}, **head)
        assert (answer.status_code, answer.json()["why"]) == (409, "needs")
    assert state_of(fund, case) == "verifying"
