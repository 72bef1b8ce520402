"""Where money usually goes astray: split grants, swapped accounts, goods that are not there, cases that end by themselves."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.ledger.models import Entry
from qiaoqiao.services.relief import sentences, wording
from qiaoqiao.services.relief.actions import booking, deciding, giving, giving_back, paying, rounds
from qiaoqiao.services.relief.actions.grounds import Refused
from qiaoqiao.services.relief.actions.payees import BankAccount, CallBack, call_back, hold_hours, type_account
from qiaoqiao.services.relief.models import Account, Grant, JournalEntry, Payment, PublicNotice, Source
from qiaoqiao.services.relief.queries import balances, standing
from qiaoqiao.services.relief.reactions import grant_follows_case, grant_received_by_person
from tests.cast import as_staff, make_account, now_epoch
from tests.services.fund_town import FundTown, reread

NUMBER = "6222 0812 3456 7890"


def test_two_halves_to_one_account_within_thirty_days_need_the_office_above(fund: FundTown) -> None:
    fund.give(2_000_000)
    one, other = (fund.approved(fund.draft(fund.file(), 200_000)) for _ in range(2))
    fund.called(one, NUMBER)
    fund.called(other, "6222-0812-3456-7890")
    assert not reread(other, fund).needs_upper
    with fund.by("maker") as actor, pytest.raises(Refused, match="split_suspected"):
        paying.draft_list(fund.fund.pk, [other.pk], actor=actor, at=fund.at)
    with fund.by("above") as actor:
        deciding.approve_above(other.pk, actor=actor, at=fund.at)
    assert fund.listed(other).state == "draft"


def test_an_account_that_changes_takes_its_payment_off_the_list_which_falls(fund: FundTown) -> None:
    fund.give(1_000_000)
    grant = fund.approved(fund.draft(fund.file()))
    fund.called(grant)
    sheet = fund.exported(grant)
    with fund.by("second") as actor:
        swapped = type_account(
            grant.pk, BankAccount("别人", "别处", "99998888777766"), actor=actor, at=fund.at
        )
    assert reread(sheet, fund).state == "draft"
    with fund.by("payer") as actor:
        assert Payment.objects.get(list=sheet).state == "cancelled"
        with pytest.raises(Refused, match="list_other_state"):
            paying.pay(sheet.pk, bank_reference="B", on=fund.day, actor=actor, at=fund.at)
        with pytest.raises(Refused, match="contact_too_new"):
            call_back(swapped.pk, CallBack("别人", "0000", right=True), actor=actor, at=fund.at)
        with pytest.raises(Refused, match="not_called_back"):
            paying.draft_list(fund.fund.pk, [grant.pk], actor=actor, at=fund.at)


def test_an_account_is_held_for_one_to_three_days_whatever_is_set() -> None:
    assert [hold_hours(wanted) for wanted in (0, 1, 24, 48, 72, 500)] == [24, 24, 24, 48, 72, 72]


def test_an_account_number_is_nowhere_in_the_database_or_the_ledger(fund: FundTown) -> None:
    fund.give(1_000_000)
    payee = fund.called(fund.approved(fund.draft(fund.file())))
    stored = reread(payee, fund)
    plain = NUMBER.replace(" ", "").encode()
    assert plain not in bytes(stored.number)
    assert plain not in bytes(stored.blind)
    assert stored.tail == "7890"


def test_a_grant_ends_when_its_case_is_withdrawn(fund: FundTown) -> None:
    fund.give(1_000_000)
    case = fund.file()
    grant = fund.reviewed(fund.draft(case))
    with acting(person(case.pk), epoch=now_epoch()):
        move(case.pk, "withdraw", answers={}, actor=person(case.pk), at=fund.at)
    with acting(SYSTEM, epoch=now_epoch()):
        closed = Entry.objects.get(subject=case.pk, kind="closed")
    for _ in range(2):  # a reaction may run twice
        grant_follows_case(str(closed.uid))
    with fund.by("head"):
        assert Grant.objects.get(pk=grant.pk).state == "cancelled"
        assert PublicNotice.objects.get(grant=grant).ended_on is not None
        assert Entry.objects.filter(subject=grant.pk, kind="grant.case_closed").count() == 1


def test_a_receipt_that_the_person_confirms_is_kept_with_the_payment(fund: FundTown) -> None:
    fund.give(1_000_000)
    case = fund.file()
    grant = fund.approved(fund.draft(case))
    fund.called(grant)
    fund.paid(grant)
    with acting(person(case.pk), epoch=now_epoch()):
        move(case.pk, "confirm_receipt", answers={}, actor=person(case.pk), at=fund.at)
    with acting(SYSTEM, epoch=now_epoch()):
        said = Entry.objects.get(subject=case.pk, kind="move:confirm_receipt")
    for _ in range(2):
        grant_received_by_person(str(said.uid))
    with fund.by("head"):
        assert Grant.objects.get(pk=grant.pk).state == "received"
        assert Payment.objects.get(grant=grant).receipt == "person"
        assert Entry.objects.filter(subject=grant.pk, kind="grant.received").count() == 1


def test_goods_go_out_once_at_their_value_and_never_more_than_there_are(fund: FundTown) -> None:
    with fund.by("maker") as actor:
        gift = giving.Gift("donation", "侨商会")
        what = {"name": "大米", "unit": "袋", "quantity": 10, "unit_fen": 9_800}
        lot = giving.receive_goods(fund.fund.pk, gift, **what, on=fund.day, actor=actor, at=fund.at)  # type: ignore[arg-type]
    grant = fund.approved(fund.draft(fund.file(), 5 * 9_800, form="in_kind"))
    with fund.by("maker") as actor, pytest.raises(Refused, match="payer_apart"):
        rounds.hand_over(grant.pk, lot.pk, 5, on=fund.day, actor=actor, at=fund.at)
    with fund.by("payer") as actor:
        with pytest.raises(Refused, match="worth_differs"):
            rounds.hand_over(grant.pk, lot.pk, 4, on=fund.day, actor=actor, at=fund.at)
        rounds.hand_over(grant.pk, lot.pk, 5, on=fund.day, actor=actor, at=fund.at)
        now = standing(balances([fund.fund.pk])[fund.fund.pk])
    assert (now.goods, now.free, now.promised) == (5 * 9_800, 5 * 9_800, 0)
    homes = [
        rounds.Household("甲", "illness", lot=lot.pk, quantity=3),
        rounds.Household("乙", "illness", lot=lot.pk, quantity=3),
    ]
    with fund.by("maker") as actor:
        round_ = rounds.plan(
            fund.fund.pk, rounds.Occasion("慰问", "festival", fund.day), homes, actor=actor, at=fund.at
        )
    with fund.by("head") as actor:
        rounds.approve_round(round_.pk, actor=actor, at=fund.at)
    two = (fund.people["maker"].pk, fund.people["second"].pk, fund.day)
    with fund.by("maker") as actor:
        first, second = round_.stops.order_by("order")
        rounds.give(round_.pk, [rounds.Given(first.pk, *two)], actor=actor, at=fund.at)
        with pytest.raises(Refused, match="stock_missing"):
            rounds.give(round_.pk, [rounds.Given(second.pk, *two)], actor=actor, at=fund.at)


def test_a_mistake_is_corrected_by_a_voucher_the_other_way_round(fund: FundTown) -> None:
    fund.give(1_000)
    with fund.by("head") as actor:
        wrong = JournalEntry.objects.get(kind="donation")
        booking.reverse(wrong.pk, reason="重复入账", actor=actor, at=fund.at, on=fund.day)
        with pytest.raises(Refused, match="reversed_already"):
            booking.reverse(wrong.pk, reason="重复入账", actor=actor, at=fund.at, on=fund.day)
        assert standing(balances([fund.fund.pk])[fund.fund.pk]).cash == 0
        assert Account.objects.count() == 2


def test_a_funds_code_that_an_unseen_office_uses_is_refused_in_words(fund: FundTown) -> None:
    elsewhere = make_account("fund-elsewhere", (fund.town.kaiping_federation, "head"))
    told: dict[str, Any] = {"code": "care", "name": "x", "purposes": [], "at": fund.at, "on": fund.day}
    actor = as_staff(elsewhere)
    with acting(actor, epoch=now_epoch()):
        with pytest.raises(Refused, match="code_taken"):
            giving.open_fund(fund.town.kaiping_federation, **told, actor=actor)
        giving.open_fund(fund.town.kaiping_federation, **(told | {"code": "care-2"}), actor=actor)


def back(fund: FundTown, fen: int, *, of: str = "旅委侨胞", who: str = "head") -> None:
    """Give money back to who gave it: the checker asks, a head approves."""
    with fund.by("checker") as actor:
        source = Source.objects.get(giver=of)
        asked = giving_back.ask(source.pk, fen, reason="捐赠人要求", actor=actor, at=fund.at)
    with fund.by(who) as actor:
        giving_back.approve(asked.pk, on=fund.day, actor=actor, at=fund.at)


def test_nobody_gets_back_more_than_they_gave(fund: FundTown) -> None:
    fund.give(1_000_000)
    with fund.by("second") as actor:
        one = giving.Gift("donation", "黄志强")
        giving.receive(fund.fund.pk, one, 100, on=fund.day, actor=actor, at=fund.at)
    with pytest.raises(Refused, match="more_than_given"):
        back(fund, 101, of="黄志强")
    back(fund, 60, of="黄志强")
    with pytest.raises(Refused, match="more_than_given"):
        back(fund, 41, of="黄志强")
    back(fund, 40, of="黄志强")


def test_goods_are_not_given_back_in_money(fund: FundTown) -> None:
    fund.give(1_000_000)
    with fund.by("maker") as actor:
        what = {"name": "大米", "unit": "袋", "quantity": 10, "unit_fen": 9_800}
        gift = giving.Gift("donation", "侨商会")
        giving.receive_goods(fund.fund.pk, gift, **what, on=fund.day, actor=actor, at=fund.at)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="more_than_given"):
        back(fund, 1, of="侨商会")


def test_who_booked_a_gift_does_not_give_it_back(fund: FundTown) -> None:
    with fund.by("head") as actor:
        gift = giving.Gift("donation", "旅委侨胞")
        giving.receive(fund.fund.pk, gift, 1, on=fund.day, actor=actor, at=fund.at)
    with pytest.raises(Refused, match="booker_cannot"):
        back(fund, 1)


def test_money_goes_back_when_one_asked_and_another_approved(fund: FundTown) -> None:
    fund.give(1_000)
    with fund.by("head") as actor:
        source = Source.objects.get()
        asked = giving_back.ask(source.pk, 600, reason="x", actor=actor, at=fund.at)
        with pytest.raises(Refused, match="back_asked_already"):
            giving_back.ask(source.pk, 100, reason="x", actor=actor, at=fund.at)
        with pytest.raises(Refused, match="maker_cannot"):
            giving_back.approve(asked.pk, on=fund.day, actor=actor, at=fund.at)
    with fund.by("second") as actor:
        with pytest.raises(Refused, match="head_only"):
            giving_back.approve(asked.pk, on=fund.day, actor=actor, at=fund.at)
        giving_back.drop(asked.pk, actor=actor, at=fund.at)
        again = giving_back.ask(source.pk, 600, reason="x", actor=actor, at=fund.at)
    with fund.by("head") as actor:
        for row, why in ((asked, "other_state"), (again, "in_the_future")):
            with pytest.raises(Refused, match=why):
                giving_back.approve(row.pk, on=fund.day + timedelta(days=1), actor=actor, at=fund.at)
        giving_back.approve(again.pk, on=fund.day, actor=actor, at=fund.at)
        with pytest.raises(Refused, match="other_state"):
            giving_back.approve(again.pk, on=fund.day, actor=actor, at=fund.at)
        assert standing(balances([fund.fund.pk])[fund.fund.pk]).cash == 400


def test_a_gift_leaves_the_fund_once_given_back_or_corrected(fund: FundTown) -> None:
    fund.give(1_000_000)
    with fund.by("second") as actor:
        for giver in ("黄志强", "谭慧敏"):
            gift = giving.Gift("donation", giver)
            giving.receive(fund.fund.pk, gift, 500, on=fund.day, actor=actor, at=fund.at)
    back(fund, 500, of="黄志强")
    told = {"reason": "重复入账", "at": fund.at, "on": fund.day}
    with fund.by("head") as actor:
        given_back, wrong = (
            JournalEntry.objects.get(kind="donation", source__giver=one) for one in ("黄志强", "谭慧敏")
        )
        with pytest.raises(Refused, match="not_reversible"):
            booking.reverse(given_back.pk, actor=actor, **told)  # type: ignore[arg-type]
        booking.reverse(wrong.pk, actor=actor, **told)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="reversed_already"):
        back(fund, 500, of="谭慧敏")
    with fund.by("head"):
        assert standing(balances([fund.fund.pk])[fund.fund.pk]).cash == 1_000_000


def test_bound_money_is_given_for_its_purpose_only(fund: FundTown) -> None:
    fund.give(100_000, "study")
    with pytest.raises(Refused, match="bound_elsewhere"):
        fund.draft(fund.file(), 50_000, "illness", restriction="study")
    grant = fund.submitted(fund.draft(fund.file(), 50_000, "illness"))
    with fund.by("head") as actor, pytest.raises(Refused, match="not_enough"):
        deciding.approve(grant.pk, actor=actor, at=fund.at)
    assert fund.approved(fund.draft(fund.file(), 50_000, "study", restriction="study")).state == "approved"


def test_every_kind_and_every_refusal_of_the_fund_has_words() -> None:
    folder = Path(booking.__file__).parent
    code = "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    kinds = set(re.findall(r'"((?:fund|grant|list|payee|payment|donation|goods|round|stop)\.[a-z_]+)"', code))
    assert kinds == set(sentences.SAID)
    refused = set(re.findall(r'Refused\(\s*"(\w+)"', code))
    assert refused == set(wording.REFUSALS)


def test_what_the_notice_shows_is_over_after_its_last_day(fund: FundTown) -> None:
    fund.give(1_000_000)
    grant = fund.reviewed(fund.draft(fund.file()))
    with fund.by("head"):
        notice = PublicNotice.objects.get(grant=grant)
    assert notice.shown_until - notice.shown_from == timedelta(days=5)
    assert (notice.from_fen, notice.upto_fen) == (100_000, 300_000)
