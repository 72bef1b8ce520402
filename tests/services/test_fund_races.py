"""Two at the same moment: money leaves once, and the last yuan goes to one."""

from copy import copy
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from qiaoqiao.access.tickets import acting
from qiaoqiao.services.relief.actions import deciding, giving, paying
from qiaoqiao.services.relief.actions.grounds import Refused
from qiaoqiao.services.relief.models import Fund, Grant, JournalEntry, PaymentList, PublicNotice
from qiaoqiao.services.relief.queries import balances, standing
from tests.casework.test_holding_together import at_once
from tests.cast import Town, as_staff, make_account, now_epoch
from tests.services.fund_town import DAYS_SHOWN, VOTES, FundTown


def test_of_two_payers_at_once_one_pays_and_it_is_booked_once(fresh_database: None) -> None:
    fund = FundTown(Town())
    fund.give(1_000_000)
    grant = fund.approved(fund.draft(fund.file()))
    fund.called(grant)
    sheet = fund.exported(grant)
    second = make_account("fund-payer-two", (fund.office, "clerk"))

    def pay(who: Any) -> PaymentList:
        actor = as_staff(who)
        with acting(actor, epoch=now_epoch()):
            return paying.pay(sheet.pk, bank_reference=who.username, on=fund.day, actor=actor, at=fund.at)

    done = at_once(lambda: pay(fund.people["payer"]), lambda: pay(second))
    assert sorted(type(one).__name__ for one in done) == ["PaymentList", "Refused"], done
    with fund.by("head"):
        assert JournalEntry.objects.filter(kind="payment").count() == 1
        assert standing(balances([fund.fund.pk])[fund.fund.pk]).cash == 800_000


def test_of_two_approvals_of_the_last_money_one_is_refused(fresh_database: None) -> None:
    fund = FundTown(Town())
    fund.give(300_000)
    grants = [fund.submitted(fund.draft(fund.file(), 200_000)) for _ in range(2)]
    other = make_account("fund-head-two", (fund.office, "head"))

    def approve(who: Any, grant: Grant) -> Grant:
        actor = as_staff(who)
        with acting(actor, epoch=now_epoch()):
            return deciding.approve(grant.pk, actor=actor, at=fund.at)

    done = at_once(lambda: approve(fund.people["head"], grants[0]), lambda: approve(other, grants[1]))
    kinds = sorted(type(one).__name__ for one in done)
    assert kinds in (["Grant", "Refused"], ["Grant", IntegrityError.__name__]), done
    with fund.by("head"):
        assert standing(balances([fund.fund.pk])[fund.fund.pk]).promised == 200_000


def other_fund(fund: FundTown) -> Fund:
    with fund.by("head") as actor:
        return giving.open_fund(
            fund.office, code="other", name="应急基金", purposes=[], actor=actor, at=fund.at, on=fund.day
        )


def test_two_funds_of_one_office_at_once_number_their_notices_and_lists_apart(fresh_database: None) -> None:
    town = FundTown(Town())
    twin = replace_fund(town, other_fund(town))
    for fund in (town, twin):
        fund.give(1_000_000)
    shown = [fund.verified(fund.draft(fund.file())) for fund in (town, twin)]
    town.at = twin.at = max(town.at, twin.at)

    def review(fund: FundTown, grant: Grant) -> str:
        with fund.by("maker") as actor:
            deciding.review(grant.pk, deciding.Meeting(fund.day, VOTES), actor=actor, at=fund.at)
            return PublicNotice.objects.get(grant=grant).number

    notices = at_once(lambda: review(town, shown[0]), lambda: review(twin, shown[1]))
    assert sorted(str(one)[-4:] for one in notices) == ["0001", "0002"], notices
    grants = []
    for fund, grant in zip((town, twin), shown, strict=True):
        fund.at += timedelta(days=DAYS_SHOWN + 1)
        with fund.by("maker") as actor:
            deciding.end_notice(grant.pk, objections="没有异议", actor=actor, at=fund.at)
        with fund.by("head") as actor:
            grants.append(deciding.approve(grant.pk, actor=actor, at=fund.at))
        fund.called(grant, f"6222 0812 3456 789{len(grants)}")
    lists = at_once(lambda: town.listed(grants[0]).number, lambda: twin.listed(grants[1]).number)
    assert sorted(str(one)[-4:] for one in lists) == ["0001", "0002"], lists


def replace_fund(town: FundTown, fund: Fund) -> FundTown:
    twin = copy(town)
    twin.fund = fund
    return twin


def test_of_two_who_draft_for_one_case_at_once_one_is_refused_in_words(fresh_database: None) -> None:
    fund = FundTown(Town())
    case = fund.file()
    done = at_once(lambda: fund.draft(case), lambda: fund.draft(case))
    assert sorted(type(one).__name__ for one in done) == ["Grant", "Refused"], done
    assert next(one.why for one in done if isinstance(one, Refused)) == "drafted_already"


ENTRY = """
INSERT INTO relief_journalentry (id, office_id, fund_id, number, kind, key, "on", at, memo)
VALUES (gen_random_uuid(), %(office)s, %(fund)s, %(number)s, 'x', %(key)s, now(), now(), '')
"""
POSTINGS = """
INSERT INTO relief_posting (id, office_id, entry_id, account_id, amount_fen)
SELECT gen_random_uuid(), a.office_id, e.id, a.id, CASE a.kind WHEN 'cash' THEN -600 ELSE 600 END
FROM relief_account a, relief_journalentry e WHERE e.key = %(key)s AND a.kind IN ('cash', 'held')
"""


def test_two_who_write_past_the_actions_cannot_both_take_the_last_money(fresh_database: None) -> None:
    fund = FundTown(Town())
    fund.give(1_000)

    def take(number: int) -> int:
        told = {"office": fund.office.pk, "fund": fund.fund.pk, "number": number, "key": str(number)}
        with fund.by("maker"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ENTRY, told)
            cursor.execute(POSTINGS, told)
        return number

    done = at_once(lambda: take(70), lambda: take(71))
    assert sorted(type(one).__name__ for one in done) == ["IntegrityError", "int"], done
