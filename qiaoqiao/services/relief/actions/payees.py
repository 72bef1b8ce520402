"""Accounts to pay to: typed by one, called back by another at a contact that was known before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.gateways.vault import Place, blind, normalised, seal, unseal
from qiaoqiao.lib.ids import row_id
from qiaoqiao.services.relief.actions.grounds import Facts, Refused, hold_grant, hold_list, say, working_in
from qiaoqiao.services.relief.models import Payee, Payment
from qiaoqiao.services.relief.queries import known_contacts, number_of
from qiaoqiao.services.relief.rules import LEAST_HOLD_HOURS, MOST_HOLD_HOURS

LEAST_DIGITS, MOST_DIGITS = 8, 30


@dataclass(frozen=True)
class BankAccount:
    """An account as it stands in the bank book."""

    holder: str
    bank: str
    number: str


def hold_hours(wanted: int) -> int:
    """How long a new account is held: what the office set, within 24 to 72 hours."""
    return min(max(wanted, LEAST_HOLD_HOURS), MOST_HOLD_HOURS)


def number_place(payee_id: UUID) -> Place:
    """Where an account's number is sealed; it opens nowhere else."""
    return Place("relief_payee", "number", str(payee_id))


def number_in(payee: Payee) -> str:
    """An account's whole number, for the bank's file only. Raises SealBroken."""
    return unseal(bytes(payee.number), number_place(payee.pk))


@transaction.atomic
def type_account(grant_id: UUID, account: BankAccount, *, actor: Actor, at: datetime) -> Payee:
    """Enter the account of a grant, or another one instead: held either way. A payment listed to the old one is cancelled.

    Raises Refused, also for a number that is no account's.
    """
    for listed_on in Payment.objects.filter(grant=grant_id, state="listed").values_list("list", flat=True):
        hold_list(listed_on)
    grant = hold_grant(grant_id, "draft", "committee", "shown", "approving", "approved")
    typed_by = working_in(grant.office, actor, at)
    number = normalised(account.number)
    if not number.isascii() or not number.isdigit() or not LEAST_DIGITS <= len(number) <= MOST_DIGITS:
        raise Refused("not_an_account")
    old = Payee.objects.select_for_update().filter(grant=grant, state__in=["held", "verified"])
    for before in old:
        listed = Payment.objects.filter(payee=before, state="listed")
        listed.update(state="cancelled", ended_at=at, reason="account_changed")
        before.state = "replaced"
        before.save(update_fields=["state"])
    payee_id = row_id()
    payee = Payee.objects.create(
        id=payee_id,
        office=grant.office,
        grant=grant,
        holder=account.holder,
        bank=account.bank,
        number=seal(number, number_place(payee_id)),
        blind=blind("bank_account", number),
        tail=number[-4:],
        typed_by=typed_by,
        typed_at=at,
        held_until=at + timedelta(hours=hold_hours(number_of(grant.office, "hold_hours"))),
    )
    facts: Facts = {"payee": str(payee.pk), "tail": payee.tail, "again": bool(old)}
    say(grant.pk, "payee.typed", facts, office=grant.office, actor=actor, at=at)
    return payee


@dataclass(frozen=True)
class CallBack:
    """A call to the person about the account: whom, at which of the contacts known before, and whether it is right."""

    whom: str
    contact: str
    right: bool
    remark: str = ""


@transaction.atomic
def call_back(payee_id: UUID, call: CallBack, *, actor: Actor, at: datetime) -> Payee:
    """Keep the call that verifies or refuses an account; somebody else than who typed it. Raises Refused."""
    grant_id = Payee.objects.values_list("grant", flat=True).get(pk=payee_id)
    grant = hold_grant(grant_id)
    payee = Payee.objects.select_for_update().get(pk=payee_id)
    caller = working_in(grant.office, actor, at)
    if payee.state != "held":
        raise Refused("called_already")
    if caller.pk == payee.typed_by_id:
        raise Refused("typist_cannot_call")
    known = {one.tail: one for one in known_contacts(grant, before=payee.typed_at)}.get(call.contact)
    if known is None:
        raise Refused("contact_too_new")
    if not call.right and not call.remark:
        raise Refused("reasons_missing")
    payee.state = "verified" if call.right else "refused"
    payee.called_by, payee.called_at = caller, at
    payee.called_whom, payee.called_tail, payee.known_since = call.whom, known.tail, known.since
    payee.remark = call.remark
    payee.save()
    facts: Facts = {"payee": str(payee.pk), "right": call.right, "tail": known.tail}
    say(grant.pk, "payee.called", facts, office=grant.office, actor=actor, at=at)
    return payee
