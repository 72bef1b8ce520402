"""Rounds: who must approve them for what each household gets, and who may stand at the doors."""

from datetime import timedelta
from typing import Any

import pytest

from qiaoqiao.access.models import Post
from qiaoqiao.services.relief import reading
from qiaoqiao.services.relief.actions import giving, granting, paying, rounds
from qiaoqiao.services.relief.actions.grounds import Refused
from qiaoqiao.services.relief.models import Round, Stop
from qiaoqiao.services.relief.queries import colleagues, earlier_to
from tests.cast import make_account
from tests.services.fund_town import FundTown
from tests.services.test_fund_constraints import refused

OWN = 300_000
"""What the office may approve alone."""


def planned(
    fund: FundTown, *worths: int, names: str = "甲乙丙丁", address: str = "侨兴里1号", **more: Any
) -> Round:
    homes = [
        rounds.Household(name, "illness", address=address, amount_fen=fen, **more)
        for name, fen in zip(names, worths, strict=False)
    ]
    with fund.by("maker") as actor:
        occasion = rounds.Occasion("慰问", "festival", fund.day)
        return rounds.plan(fund.fund.pk, occasion, homes, actor=actor, at=fund.at)


def approved(fund: FundTown, round_: Round) -> Round:
    with fund.by("head") as actor:
        return rounds.approve_round(round_.pk, actor=actor, at=fund.at)


def approved_above(fund: FundTown, round_: Round) -> Round:
    with fund.by("above") as actor:
        return rounds.approve_round_above(round_.pk, actor=actor, at=fund.at)


def at_the_door(fund: FundTown, round_: Round, first: str, second: str, missed: bool = False) -> Round:
    with fund.by("maker") as actor:
        two = (fund.people[first].pk, fund.people[second].pk, fund.day)
        doors = [rounds.Given(stop.pk, *two, missed=missed) for stop in round_.stops.all()]
        return rounds.give(round_.pk, doors, actor=actor, at=fund.at)


@pytest.mark.parametrize("fen", [OWN, OWN + 1])
def test_what_a_household_gets_on_a_round_is_banded_like_a_grant(fund: FundTown, fen: int) -> None:
    fund.give(1_000_000)
    round_ = planned(fund, 100, fen, 200)
    if fen > OWN:
        with pytest.raises(Refused, match="above_first"):
            approved(fund, round_)
        with fund.by("head") as actor, pytest.raises(Refused, match="head_above_only"):
            rounds.approve_round_above(round_.pk, actor=actor, at=fund.at)
        approved_above(fund, round_)
        with pytest.raises(Refused, match="approved_already"):
            approved_above(fund, round_)
    assert approved(fund, round_).needs_upper is (fen > OWN)


def test_goods_count_with_the_money_of_a_household(fund: FundTown) -> None:
    fund.give(1_000_000)
    with fund.by("maker") as actor:
        what = {"name": "大米", "unit": "袋", "quantity": 10, "unit_fen": 9_800}
        gift = giving.Gift("donation", "侨商会")
        lot = giving.receive_goods(fund.fund.pk, gift, **what, on=fund.day, actor=actor, at=fund.at)  # type: ignore[arg-type]
    approved(fund, planned(fund, OWN - 9_800, lot=lot.pk, quantity=1))
    with pytest.raises(Refused, match="above_first"):
        approved(fund, planned(fund, OWN - 9_800 + 1, names="乙", lot=lot.pk, quantity=1))


def test_help_split_over_stops_or_rounds_counts_together_for_thirty_days(fund: FundTown) -> None:
    fund.give(2_000_000)
    twice = planned(fund, 200_000, 100_001, names="甲甲")
    with pytest.raises(Refused, match="above_first"):
        approved(fund, twice)
    approved(fund, planned(fund, 200_000, names="乙"))
    again = planned(fund, 100_001, names="乙", address="侨兴里 1 号")
    with pytest.raises(Refused, match="above_first"):
        approved(fund, again)
    approved(fund, planned(fund, 100_001, names="乙", address="侨兴里2号"))
    fund.at += timedelta(days=31)
    approved(fund, again)


def test_a_door_that_nobody_opened_got_nothing(fund: FundTown) -> None:
    fund.give(1_000_000)
    at_the_door(fund, approved(fund, planned(fund, OWN)), "maker", "second", missed=True)
    assert approved(fund, planned(fund, OWN)).state == "approved"


def test_a_round_that_grows_must_be_approved_above_anew(fund: FundTown) -> None:
    fund.give(1_000_000)
    round_ = planned(fund, OWN + 1)
    approved_above(fund, round_)
    with fund.by("maker") as actor:
        more = [rounds.Household("乙", "illness", amount_fen=100)]
        rounds.add_stops(round_.pk, more, actor=actor, at=fund.at)
    with pytest.raises(Refused, match="above_first"):
        approved(fund, round_)


def test_only_two_colleagues_of_that_day_stand_at_a_door(fund: FundTown) -> None:
    fund.give(1_000_000)
    fund.people["stranger"] = fund.town.stranger_he
    fund.people["gone"] = make_account("fund-gone", (fund.office, "clerk"))
    Post.objects.filter(account=fund.people["gone"]).update(until=fund.day - timedelta(days=1))
    round_ = approved(fund, planned(fund, 100))
    for who in ("stranger", "gone"):
        with pytest.raises(Refused, match="not_colleagues"):
            at_the_door(fund, round_, "maker", who)
    with pytest.raises(Refused, match="payer_apart"):
        at_the_door(fund, round_, "head", "second")
    Post.objects.filter(account=fund.people["gone"]).update(until=fund.day)
    at_the_door(fund, round_, "maker", "gone")


def test_who_left_the_office_is_nobodys_second_visitor(fund: FundTown) -> None:
    gone = make_account("fund-gone", (fund.office, "clerk"))
    grant = fund.draft(fund.file())
    Post.objects.filter(account=gone).update(until=fund.day - timedelta(days=1))
    with fund.by("maker") as actor:
        call = granting.Call(fund.day, "病历属实", second=gone.pk)
        with pytest.raises(Refused, match="two_visitors"):
            granting.record_home_visit(grant.pk, call, actor=actor, at=fund.at)
        assert gone not in colleagues(fund.office, on=fund.day)
        assert gone in colleagues(fund.office, on=fund.day - timedelta(days=1))


def test_the_database_lets_no_approver_stand_at_a_door_and_no_approved_round_change(fund: FundTown) -> None:
    fund.give(1_000_000)
    draft, round_ = planned(fund, 100, names="乙"), planned(fund, OWN + 1)
    approved_above(fund, round_)
    with fund.by("head"), refused("round_approved_by_whom_it_needs"):
        Round.objects.filter(pk=round_.pk).update(
            state="approved", approver=fund.people["head"], approved_at=fund.at, upper=None
        )
    approved(fund, round_)
    maker, head, above = (fund.people[name] for name in ("maker", "head", "above"))
    with fund.by("head"):
        for who in (head, above):
            for column in ("visitor_one", "visitor_two"):
                with refused("round_approver_does_not_visit"):
                    Stop.objects.filter(round=round_).update(**{column: who})
        with refused("round_stays_as_approved"):
            Stop.objects.filter(round=round_).update(amount_fen=1)
        with refused("round_stays_as_approved"):
            Stop.objects.create(
                office=fund.office, round=round_, order=9, name="x", purpose="illness", amount_fen=1
            )
        with refused("stop_given_on_an_approved_round"):
            Stop.objects.filter(round=draft).update(state="given")
        with refused("round_maker_does_not_approve_above"):
            Round.objects.filter(pk=round_.pk).update(upper=maker)
        with refused("round_approved_by_two_people"):
            Round.objects.filter(pk=round_.pk).update(upper=head)
    at_the_door(fund, round_, "maker", "second")
    with fund.by("head"), refused("round_approver_does_not_visit"):
        Round.objects.filter(pk=round_.pk).update(upper=fund.people["second"])


def test_what_was_cancelled_or_given_back_went_to_nobody(fund: FundTown) -> None:
    fund.give(2_000_000)
    grants = [fund.approved(fund.draft(fund.file(), 100_000)) for _ in range(3)]
    for grant in grants:
        fund.called(grant)
    fund.paid(grants[1])
    with fund.by("head") as actor:
        blind = bytes(grants[2].payees.get().blind)
        assert [fen for _day, fen in earlier_to(blind, grants[2])] == [100_000, 100_000]
        paying.cancel(grants[0].pk, reason="x", on=fund.day, actor=actor, at=fund.at)
        assert len(earlier_to(blind, grants[2])) == 1
        paid = reading.grant_file(grants[1].pk, actor, on=fund.day).paid
        assert paid is not None
        paying.refund(paid.pk, reason="x", on=fund.day, actor=actor, at=fund.at)
        assert earlier_to(blind, grants[2]) == []
