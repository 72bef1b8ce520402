"""What the database itself refuses, whatever code asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction

from qiaoqiao.casework.actions.moving import move
from qiaoqiao.services.relief.actions import deciding
from qiaoqiao.services.relief.models import (
    Account,
    Fund,
    GiveBack,
    Grant,
    HomeVisit,
    JournalEntry,
    Payee,
    Payment,
    PaymentList,
    Posting,
    Source,
)
from tests.services.fund_town import FundTown, reread


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    """A block that the database refuses, naming this constraint."""
    why: DatabaseError | None = None
    try:
        with transaction.atomic():
            yield
            connection.check_constraints()
    except DatabaseError as error:
        why = error
    assert why is not None, f"{constraint} let it pass"
    assert constraint in f"{why} {getattr(getattr(why.__cause__, 'diag', None), 'constraint_name', '')}"


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_who_made_a_list_cannot_check_approve_or_pay_it(fund: FundTown) -> None:
    fund.give(1_000_000)
    grant = fund.approved(fund.draft(fund.file()))
    fund.called(grant)
    sheet = fund.exported(grant)
    ids = {name: one.pk for name, one in fund.people.items()}
    with fund.by("head"):
        for column, who, constraint in [
            ("checker_id", "maker", "list_maker_does_not_check"),
            ("approver_id", "maker", "list_maker_does_not_approve"),
            ("payer_id", "maker", "list_maker_does_not_pay"),
            ("payer_id", "checker", "list_checker_does_not_pay"),
            ("payer_id", "head", "list_approver_does_not_pay"),
        ]:
            with refused(constraint):
                sql(f"UPDATE relief_paymentlist SET {column} = %s WHERE id = %s", ids[who], sheet.pk)
        with refused("list_checked_before_it_goes_on"):
            sql("UPDATE relief_paymentlist SET checker_id = NULL WHERE id = %s", sheet.pk)
        with refused("list_paid_with_all_it_needs"):
            sql("UPDATE relief_paymentlist SET state = 'paid' WHERE id = %s", sheet.pk)


def test_who_made_a_grant_cannot_approve_it_and_one_person_is_not_two(fund: FundTown) -> None:
    fund.give(1_000_000)
    grant = fund.submitted(fund.draft(fund.file(), 400_000))
    maker, head, above = (fund.people[name].pk for name in ("maker", "head", "above"))
    with fund.by("head"):
        with refused("grant_maker_does_not_approve"):
            Grant.objects.filter(pk=grant.pk).update(approver=maker)
        with refused("grant_maker_does_not_approve_above"):
            Grant.objects.filter(pk=grant.pk).update(upper=maker)
        with refused("grant_approved_by_two_people"):
            Grant.objects.filter(pk=grant.pk).update(approver=head, upper=head)
        with refused("grant_approved_by_whom_it_needs"):
            Grant.objects.filter(pk=grant.pk).update(state="approved", approver=head, approved_at=fund.at)
        with refused("grant_approved_by_whom_it_needs"):
            Grant.objects.filter(pk=grant.pk).update(state="approved", upper=above, upper_at=fund.at)


def test_no_payment_goes_to_an_account_that_nobody_called_back(fund: FundTown) -> None:
    fund.give(1_000_000)
    grant = fund.approved(fund.draft(fund.file()))
    other = fund.approved(fund.draft(fund.file()))
    called = fund.called(other)
    sheet = fund.listed(other)
    with fund.by("maker"):
        held = Payee.objects.create(
            office=fund.office, grant=grant, holder="x", bank="y", number=b"1", blind=b"2", tail="1234",
            typed_by=fund.people["maker"], typed_at=fund.at, held_until=fund.at + timedelta(hours=24),
        )  # fmt: skip
        line = {"office": fund.office, "list": sheet, "grant": grant, "amount_fen": grant.amount_fen}
        with refused("payment_to_a_verified_account"):
            Payment.objects.create(**line, payee=held)
        with refused("payment_to_its_own_account"):
            Payment.objects.create(**line, payee=called)
        with refused("payee_called_back_by_somebody_else"):
            Payee.objects.filter(pk=held.pk).update(called_by=fund.people["maker"])
        with refused("payee_verified_by_a_call"):
            Payee.objects.filter(pk=held.pk).update(state="verified")
        with refused("payee_called_at_a_contact_known_before"):
            Payee.objects.filter(pk=held.pk).update(known_since=fund.at)
        for column, value in [
            ("number", b"9"),
            ("tail", "9999"),
            ("holder", "z"),
            ("held_until", fund.at + timedelta(days=2)),
        ]:
            with refused("payee_stays_as_typed"):
                Payee.objects.filter(pk=held.pk).update(**{column: value})
        with refused("payment_is_what_was_granted"):
            Payment.objects.filter(grant=other).update(amount_fen=1)
        with refused("payee_is_listed"):
            Payee.objects.filter(pk=called.pk).update(state="refused")
        with refused("grant_paid_once"):
            Payment.objects.create(**(line | {"grant": other}), payee=called)


def test_a_held_account_is_not_paid_before_its_hours_are_over(fund: FundTown) -> None:
    fund.give(1_000_000)
    grant = fund.approved(fund.draft(fund.file()))
    payee = fund.called(grant)
    sheet = fund.exported(grant)
    early = payee.held_until - timedelta(seconds=1)
    with fund.by("payer"), refused("payment_after_the_hold"):
        PaymentList.objects.filter(pk=sheet.pk).update(
            state="paid", payer=fund.people["payer"], paid_at=early, paid_on=early.date(), bank_reference="B"
        )
        Payment.objects.filter(list=sheet).update(state="paid")


def test_who_made_the_grant_does_not_pay_a_list_of_others(fund: FundTown) -> None:
    fund.give(1_000_000)
    grant = fund.approved(fund.draft(fund.file()))
    fund.called(grant)
    fund.people["maker"], fund.people["second"] = fund.people["second"], fund.people["maker"]
    sheet = fund.exported(grant)
    with fund.by("second"), refused("grant_maker_does_not_pay"):
        PaymentList.objects.filter(pk=sheet.pk).update(
            state="paid", payer=grant.maker, paid_at=fund.at, paid_on=fund.day, bank_reference="B"
        )
        Payment.objects.filter(list=sheet).update(state="paid")


def test_what_changes_after_the_check_must_be_checked_again(fund: FundTown) -> None:
    fund.give(1_000_000)
    one, two = (fund.approved(fund.draft(fund.file())) for _ in range(2))
    fund.called(one)
    fund.called(two, "6222 0812 3456 9999")
    sheet = fund.exported(one)
    with fund.by("maker"):
        Payment.objects.create(
            office=fund.office, list=sheet, grant=two, amount_fen=two.amount_fen, payee=two.payees.get()
        )
    changed = reread(sheet, fund)
    assert (changed.state, changed.checker, changed.approver, changed.digest) == ("draft", None, None, "")


def test_a_list_that_is_paid_does_not_change(fund: FundTown) -> None:
    fund.give(1_000_000)
    one, two = (fund.approved(fund.draft(fund.file())) for _ in range(2))
    fund.called(one)
    fund.called(two, "6222 0812 3456 9999")
    sheet = fund.paid(one)
    with fund.by("maker"), refused("list_over_does_not_change"):
        Payment.objects.create(
            office=fund.office, list=sheet, grant=two, amount_fen=two.amount_fen, payee=two.payees.get()
        )


def test_two_people_stand_at_the_door(fund: FundTown) -> None:
    grant = fund.draft(fund.file())
    maker, second = fund.people["maker"], fund.people["second"]
    visit = {"office": fund.office, "grant": grant, "visited_on": fund.day, "found": "x", "at": fund.at}
    with fund.by("maker"):
        with refused("home_visit_by_two"):
            HomeVisit.objects.create(**visit, visitor_one=maker, visitor_two=maker)
        with refused("home_visit_by_two"):
            HomeVisit.objects.create(**visit, visitor_one=second)
        with refused(
            "home_visit_by_two"
        ):  # the maker beside somebody whom no account names, whatever is claimed
            HomeVisit.objects.create(**visit, visitor_one=maker, companion="李梅", maker=second)
        HomeVisit.objects.create(**visit, visitor_one=second, companion="李梅")


def entry(fund: FundTown, *sides: tuple[Account, int], key: str = "", **more: Any) -> JournalEntry:
    told = {"kind": "donation"} | more
    made = JournalEntry.objects.create(
        office=fund.office, fund=fund.fund, number=900 + JournalEntry.objects.count(),
        key=key or str(uuid4()), on=fund.day, at=fund.at, **told,
    )  # fmt: skip
    Posting.objects.bulk_create(
        Posting(office=fund.office, entry=made, account=account, amount_fen=fen) for account, fen in sides
    )
    return made


def test_an_entry_balances_stays_within_its_accounts_and_is_never_changed(fund: FundTown) -> None:
    fund.give(1_000)
    fund.give(500, "illness")
    with fund.by("maker"):
        known = {(one.kind, one.restriction): one for one in Account.objects.all()}
        cash, free, bound = known["cash", ""], known["held", ""], known["held", "illness"]
        spent = Account.objects.create(
            office=fund.office, fund=fund.fund, kind="expense", restriction="study"
        )
        with refused("entry_balances"):
            entry(fund, (cash, 100), (free, -99))
        with refused("entry_balances"):
            entry(fund)
        with refused("account_not_overdrawn"):
            entry(fund, (cash, -1_501), (free, 1_501))
        with refused("account_not_overdrawn"):  # there is the cash, and none of it is free for this
            entry(fund, (cash, -1_100), (free, 1_100))
        with refused("bound_money_serves_its_purpose"):
            entry(fund, (cash, -100), (bound, 100), (spent, 100), (free, -100))
        some = JournalEntry.objects.order_by("number").first()
        assert some is not None
        for statement in (
            "UPDATE relief_posting SET amount_fen = 1",
            "DELETE FROM relief_posting",
            "UPDATE relief_journalentry SET memo = ''",
            "DELETE FROM relief_journalentry",
            "DELETE FROM relief_stockmove",
        ):
            with refused("permission denied"):
                sql(statement)
        with refused("relief_journalentry_key"):
            entry(fund, (cash, 1), (free, -1), key=some.key)


def test_a_gift_goes_back_to_its_giver_only_by_another_and_up_to_what_it_was(fund: FundTown) -> None:
    fund.give(1_000)
    fund.give(500)
    head, maker = fund.people["head"], fund.people["maker"]
    with fund.by("head"):
        known = {one.kind: one for one in Account.objects.all()}
        gift = Source.objects.order_by("id").first()
        out = (known["cash"], -600), (known["held"], 600)
        too_much = (known["cash"], -1_001), (known["held"], 1_001)
        back: dict[str, Any] = {"kind": "give_back", "source": gift, "made_by": head}
        with refused("gift_booker_does_not_give_back"):
            entry(fund, *out, **(back | {"made_by": maker}))
        for left_out in ("source", "made_by"):
            with refused("entry_gives_back_to_a_source"):
                entry(fund, *out, **(back | {left_out: None}))
        with refused("no_more_back_than_given"):
            entry(fund, *too_much, **back)
        with refused("gift_goes_back_by_two"):
            entry(fund, *out, **back)
        told = {
            "office": fund.office,
            "source": gift,
            "asked_at": fund.at,
            "decided_at": fund.at,
            "state": "done",
        }
        two = {"asked_by": maker, "decided_by": head}
        for fen, who, constraint in [
            (600, two | {"asked_by": head}, "give_back_asked_and_approved_by_two"),
            (600, two | {"decided_by": maker, "asked_by": head}, "gift_goes_back_by_two"),
            (599, two, "gift_goes_back_by_two"),
            (0, two, "give_back_of_something"),
        ]:
            with refused(constraint):
                GiveBack.objects.create(**told, **who, amount_fen=fen, entry=entry(fund, *out, **back))
        done = GiveBack.objects.create(**told, **two, amount_fen=600, entry=entry(fund, *out, **back))
        connection.check_constraints()
        with refused("give_back_stays_as_asked"):
            GiveBack.objects.filter(pk=done.pk).update(state="asked")
        for kind in (
            {},
            {"kind": "reversal", "reverses": JournalEntry.objects.get(source=gift, kind="donation")},
        ):
            with refused("no_more_back_than_given"):
                entry(fund, *out, **(back | kind))
        other = Fund.objects.create(office=fund.office, code="other", name="x", opened_on=fund.day)
        elsewhere = Source.objects.create(
            office=fund.office, fund=other, kind="donation", giver="x", made_by=maker, made_at=fund.at
        )
        with refused("entry_of_its_funds_source"):
            entry(fund, *out, **(back | {"source": elsewhere}))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_even_the_tables_owner_cannot_change_the_books() -> None:
    for table in ("relief_posting", "relief_journalentry", "relief_stockmove"):
        for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            with pytest.raises(DatabaseError, match="only grow"), transaction.atomic("owner"):
                connections["owner"].cursor().execute(statement.format(table))


def test_a_case_cannot_say_approved_or_paid_when_its_grant_does_not(fund: FundTown) -> None:
    fund.give(1_000_000)
    case = fund.file()
    grant = fund.submitted(fund.draft(case))
    with fund.by("head") as actor:
        with refused("case_follows_grant"):
            move(case.pk, "approve", answers={"amount": "一万元"}, actor=actor, at=fund.at)
        deciding.approve(grant.pk, actor=actor, at=fund.at)
        connection.check_constraints()
        with refused("case_follows_grant"):
            paid = {"paid_on": fund.day.isoformat(), "way": "x"}
            move(case.pk, "pay", answers=paid, actor=actor, at=fund.at)


def test_a_notice_may_be_read_by_anybody_and_nothing_else_of_the_fund(fund: FundTown) -> None:
    fund.give(1_000_000)
    fund.reviewed(fund.draft(fund.file()))
    for table in ("fund", "source", "account", "journalentry", "posting", "grant", "assessment", "homevisit",
                  "review", "vote", "payee", "paymentlist", "payment", "lot", "round", "stop", "stockmove", "band",
                  "giveback"):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM relief_{table}")
            assert cursor.fetchone() == (0,), table
