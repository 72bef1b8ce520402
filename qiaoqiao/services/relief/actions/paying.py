"""Payment lists: drafted, checked, approved, exported and paid by different people; returned, refunded, cancelled."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.relief.actions.booking import Movement, book, paid, promised, refunded, turned
from qiaoqiao.services.relief.actions.deciding import must_go_above
from qiaoqiao.services.relief.actions.grounds import (
    Facts,
    Refused,
    advance,
    another,
    day,
    heading,
    hold_fund,
    hold_grant,
    hold_list,
    hold_office,
    move_case,
    say,
    working_in,
)
from qiaoqiao.services.relief.models import Grant, Payee, Payment, PaymentList

OPEN_LISTS = ("draft", "checked", "approved", "exported")


@transaction.atomic
def draft_list(fund_id: UUID, grants: Iterable[UUID], *, actor: Actor, at: datetime) -> PaymentList:
    """Draft a list of approved grants whose accounts were called back. Raises Refused."""
    ids = sorted(set(grants))
    if not ids:
        raise Refused("list_empty")
    _hold_all(ids)
    fund = hold_fund(fund_id)
    maker = working_in(fund.office, actor, at)
    hold_office(fund.office_id)
    before = PaymentList.objects.filter(office=fund.office, made_at__year=day(at).year).count()
    number = f"{fund.office_id}-{day(at).year}-{before + 1:04d}"
    sheet = PaymentList.objects.create(office=fund.office, fund=fund, number=number, maker=maker, made_at=at)
    for grant_id in ids:
        _add(sheet, grant_id, at)
    facts: Facts = {"number": number, "payments": len(ids)}
    say(sheet.pk, "list.drafted", facts, office=fund.office, actor=actor, at=at)
    return sheet


def _hold_all(grants: list[UUID]) -> None:
    """Lock grants in one order; everywhere grants are locked before the fund, so that nobody waits in a ring."""
    list(Grant.objects.select_for_update(of=("self",)).filter(pk__in=grants).order_by("pk"))


@transaction.atomic
def add_to_list(list_id: UUID, grant_id: UUID, *, actor: Actor, at: datetime) -> Payment:
    """Put one more grant on a list; what was checked before must be checked again. Raises Refused."""
    sheet = hold_list(list_id, *OPEN_LISTS)
    working_in(sheet.office, actor, at)
    payment = _add(sheet, grant_id, at)
    say(sheet.pk, "list.added", {"grant": str(grant_id)}, office=sheet.office, actor=actor, at=at)
    return payment


def _add(sheet: PaymentList, grant_id: UUID, at: datetime) -> Payment:
    grant = hold_grant(grant_id, "approved")
    if grant.fund_id != sheet.fund_id or grant.form == "in_kind":
        raise Refused("list_other_fund")
    payee = Payee.objects.filter(grant=grant, state="verified").first()
    if payee is None:
        raise Refused("not_called_back")
    if grant.upper_id is None and must_go_above(grant, day(grant.approved_at or at)):
        raise Refused("split_suspected")
    if Payment.objects.filter(grant=grant, state__in=["listed", "paid"]).exists():
        raise Refused("listed_already")
    return Payment.objects.create(
        office=sheet.office, list=sheet, grant=grant, payee=payee, amount_fen=grant.amount_fen
    )


@transaction.atomic
def take_off(payment_id: UUID, *, reason: str, actor: Actor, at: datetime) -> Payment:
    """Cancel a payment before it is made; the grant waits for another list. Raises Refused."""
    list_id = Payment.objects.values_list("list", flat=True).get(pk=payment_id)
    sheet = hold_list(list_id, *OPEN_LISTS)
    working_in(sheet.office, actor, at)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state != "listed":
        raise Refused("payment_over")
    payment.state, payment.ended_at, payment.reason = "cancelled", at, reason
    payment.save(update_fields=["state", "ended_at", "reason"])
    say(sheet.pk, "list.taken_off", {"grant": str(payment.grant_id)}, office=sheet.office, actor=actor, at=at)
    return payment


@transaction.atomic
def check(list_id: UUID, *, actor: Actor, at: datetime) -> PaymentList:
    """Confirm that a list is right, by somebody who did not make it. Raises Refused."""
    sheet = hold_list(list_id, "draft")
    checker = another(working_in(sheet.office, actor, at), sheet.maker_id)
    if not sheet.payments.filter(state="listed").exists():
        raise Refused("list_empty")
    sheet.state, sheet.checker, sheet.checked_at = "checked", checker, at
    sheet.save(update_fields=["state", "checker", "checked_at"])
    say(sheet.pk, "list.checked", {}, office=sheet.office, actor=actor, at=at)
    return sheet


@transaction.atomic
def approve_list(list_id: UUID, *, actor: Actor, at: datetime) -> PaymentList:
    """Approve a checked list; a head who did not make it does. Raises Refused."""
    sheet = hold_list(list_id, "checked")
    head = another(heading(sheet.office, actor, at), sheet.maker_id)
    sheet.state, sheet.approver, sheet.approved_at = "approved", head, at
    sheet.save(update_fields=["state", "approver", "approved_at"])
    say(sheet.pk, "list.approved", {}, office=sheet.office, actor=actor, at=at)
    return sheet


@transaction.atomic
def exported(list_id: UUID, content: bytes, *, actor: Actor, at: datetime) -> PaymentList:
    """Remember that the bank's file was taken, and what exactly stood in it; it may be taken again. Raises Refused."""
    sheet = hold_list(list_id, "approved", "exported")
    working_in(sheet.office, actor, at)
    sheet.state, sheet.digest = "exported", hashlib.sha256(content).hexdigest()
    sheet.save(update_fields=["state", "digest"])
    say(sheet.pk, "list.exported", {"sha256": sheet.digest}, office=sheet.office, actor=actor, at=at)
    return sheet


@transaction.atomic
def pay(list_id: UUID, *, bank_reference: str, on: date, actor: Actor, at: datetime) -> PaymentList:
    """Book a list as paid, with the bank's reference. Of two at once one pays; the other gets `list_other_state`.

    Raises Refused for who made, checked or approved the list or a grant of it, and while an account is held.
    """
    sheet = hold_list(list_id, "exported")
    payer = working_in(sheet.office, actor, at)
    if payer.pk in {sheet.maker_id, sheet.checker_id, sheet.approver_id}:
        raise Refused("payer_apart")
    if on > day(at):
        raise Refused("in_the_future")
    _hold_all(sorted(sheet.payments.filter(state="listed").values_list("grant", flat=True)))
    fund = hold_fund(sheet.fund_id)
    payments = list(
        sheet.payments.filter(state="listed").select_related("grant__office", "payee").order_by("id")
    )
    for payment in payments:
        if payer.pk in {payment.grant.maker_id, payment.grant.approver_id, payment.grant.upper_id}:
            raise Refused("payer_apart")
        if at < payment.payee.held_until:
            raise Refused("still_held", tail=payment.payee.tail)
    sheet.state, sheet.payer, sheet.paid_at, sheet.paid_on = "paid", payer, at, on
    sheet.bank_reference = bank_reference
    sheet.save()
    movements = [Movement("payment", f"payment:{one.pk}:paid", paid(one.amount_fen)) for one in payments]
    entries = book(fund, *movements, on=on, actor=actor, at=at)
    for payment, entry in zip(payments, entries, strict=True):
        payment.state, payment.entry = "paid", entry
        payment.save(update_fields=["state", "entry"])
        _paid(payment, on, actor=actor, at=at)
    facts: Facts = {"bank_reference": bank_reference, "fen": sum(one.amount_fen for one in payments)}
    say(sheet.pk, "list.paid", facts, office=sheet.office, actor=actor, at=at)
    return sheet


def _paid(payment: Payment, on: date, *, actor: Actor, at: datetime) -> None:
    grant = hold_grant(payment.grant_id, "approved")
    answers = {"paid_on": on.isoformat(), "way": f"{payment.payee.bank} ****{payment.payee.tail}"}
    move_case(grant, "pay", answers, actor=actor, at=at)
    advance(grant, "paid", at=at)
    facts: Facts = {"payment": str(payment.pk), "fen": payment.amount_fen, "tail": payment.payee.tail}
    say(grant.pk, "grant.paid", facts, office=grant.office, actor=actor, at=at)


@transaction.atomic
def bank_returned(payment_id: UUID, *, reason: str, on: date, actor: Actor, at: datetime) -> Payment:
    """The bank sent a payment back: the money is owed again, and the account must be called back anew. Raises Refused."""
    payment, grant = _held(payment_id, actor, at, "paid", "received")
    fund = hold_fund(grant.fund_id)
    key = f"payment:{payment.pk}:returned"
    book(fund, Movement("returned", key, turned(paid(payment.amount_fen))), on=on, actor=actor, at=at)
    _end(payment, "returned", reason, at)
    Payee.objects.filter(pk=payment.payee_id, state="verified").update(state="refused", remark=reason[:200])
    move_case(grant, "payment_returned", {"reasons": reason}, actor=actor, at=at)
    advance(grant, "approved", at=at)
    say(grant.pk, "payment.returned", {"payment": str(payment.pk)}, office=grant.office, actor=actor, at=at)
    return payment


@transaction.atomic
def refund(payment_id: UUID, *, reason: str, on: date, actor: Actor, at: datetime) -> Payment:
    """The person gave the money back: it may be given to others, and the person is told that it came. Raises Refused.

    A case that was closed as helped stays so.
    """
    payment, grant = _held(payment_id, actor, at, "paid", "received", "closed")
    fund = hold_fund(grant.fund_id)
    sides = refunded(payment.amount_fen, grant.purpose, grant.restriction)
    book(fund, Movement("refund", f"payment:{payment.pk}:refunded", sides), on=on, actor=actor, at=at)
    _end(payment, "refunded", reason, at)
    if grant.state != "closed":
        move_case(grant, "money_came_back", {"reasons": reason}, actor=actor, at=at)
    advance(grant, "refunded", at=at)
    say(grant.pk, "payment.refunded", {"payment": str(payment.pk)}, office=grant.office, actor=actor, at=at)
    return payment


def _held(payment_id: UUID, actor: Actor, at: datetime, *states: str) -> tuple[Payment, Grant]:
    grant_id = Payment.objects.values_list("grant", flat=True).get(pk=payment_id)
    grant = hold_grant(grant_id, *states)
    working_in(grant.office, actor, at)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state != "paid":
        raise Refused("payment_over")
    return payment, grant


def _end(payment: Payment, state: str, reason: str, at: datetime) -> None:
    payment.state, payment.reason, payment.ended_at = state, reason[:200], at
    payment.save(update_fields=["state", "reason", "ended_at"])


@transaction.atomic
def cancel(grant_id: UUID, *, reason: str, on: date, actor: Actor, at: datetime) -> Grant:
    """Take an approved grant back before it is paid: what was promised is free again, and the person is told why.

    A head does. Raises Refused.
    """
    grant = hold_grant(grant_id, "approved")
    heading(grant.office, actor, at)
    if Payment.objects.filter(grant=grant, state="listed").exists():
        raise Refused("listed_already")
    if grant.form != "in_kind":
        fund = hold_fund(grant.fund_id)
        sides = turned(promised(grant.amount_fen, grant.purpose, grant.restriction))
        key = f"grant:{grant.pk}:cancelled"
        book(fund, Movement("cancel", key, sides, memo=reason), on=on, actor=actor, at=at)
    move_case(grant, "cancel_help", {"reasons": reason}, actor=actor, at=at)
    advance(grant, "cancelled", at=at)
    say(grant.pk, "grant.cancelled", {"fen": grant.amount_fen}, office=grant.office, actor=actor, at=at)
    return grant


@transaction.atomic
def acknowledge(
    payment_id: UUID, *, how: str, on: date, actor: Actor, at: datetime, file: str = ""
) -> Payment:
    """Keep that the person has the money: a signed paper, or signed at a visit. Raises Refused."""
    payment, grant = _held(payment_id, actor, at, "paid")
    if on > day(at):
        raise Refused("in_the_future")
    if how not in {"paper", "visit", "person"} or (how == "paper" and not file):
        raise Refused("receipt_missing")
    payment.receipt, payment.receipt_file, payment.received_on = how, file, on
    payment.save(update_fields=["receipt", "receipt_file", "received_on"])
    move_case(grant, "sign_receipt", {}, actor=actor, at=at)
    advance(grant, "received", at=at)
    say(grant.pk, "grant.received", {"how": how}, office=grant.office, actor=actor, at=at)
    return payment


@transaction.atomic
def confirmed(grant_id: UUID, *, on: date, actor: Actor, at: datetime) -> Grant | None:
    """Keep that the person said on their case's page that the money is there; None when it was known."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("office").get(pk=grant_id)
    payment = Payment.objects.select_for_update().filter(grant=grant, state="paid", receipt="").first()
    if grant.state != "paid" or payment is None:
        return None
    payment.receipt, payment.received_on = "person", on
    payment.save(update_fields=["receipt", "received_on"])
    advance(grant, "received", at=at)
    say(grant.pk, "grant.received", {"how": "person"}, office=grant.office, actor=actor, at=at)
    return grant


@transaction.atomic
def follow_up(grant_id: UUID, *, on: date, note: str, actor: Actor, at: datetime) -> Grant:
    """Look in again after the help, and close. Raises Refused."""
    grant = hold_grant(grant_id, "received")
    working_in(grant.office, actor, at)
    move_case(grant, "follow_up", {"visited_on": on.isoformat(), "note": note}, actor=actor, at=at)
    advance(grant, "closed", at=at)
    say(grant.pk, "grant.followed_up", {}, office=grant.office, actor=actor, at=at)
    return grant
