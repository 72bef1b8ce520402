"""Accounts to pay to, and lists of payments. Maker, checker and payer of a list are three people."""

from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account as Officer
from qiaoqiao.access.models import Office
from qiaoqiao.parties.models.files import Row
from qiaoqiao.services.relief.models.books import Fund, JournalEntry
from qiaoqiao.services.relief.models.grants import Grant

LIVE = ["listed", "paid"]


class Payee(Row):
    """A bank account to pay a grant to. Held until somebody else has called the person back.

    The number is sealed; `tail` is what people see. What was typed never changes: a new account is a new row.
    Retention: with the grant's vouchers.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="payees")
    holder = models.CharField(max_length=100)
    bank = models.CharField(max_length=100)
    number = models.BinaryField(max_length=200, help_text="Sealed")
    blind = models.BinaryField(max_length=32, help_text="Keyed digest, to find the same account again")
    tail = models.CharField(max_length=4)
    state = models.CharField(max_length=10, default="held", help_text="held, verified, refused, replaced")
    typed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    typed_at = models.DateTimeField()
    held_until = models.DateTimeField(help_text="Not paid before, even when called back")
    called_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    called_whom = models.CharField(max_length=60, blank=True)
    called_tail = models.CharField(max_length=4, blank=True, help_text="Last digits of the number called")
    known_since = models.DateTimeField(null=True, help_text="Since when that number was known")
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grant"], condition=Q(state__in=["held", "verified"]), name="payee_one_at_a_time"
            ),
            models.CheckConstraint(
                name="payee_called_back_by_somebody_else",
                condition=Q(called_by__isnull=True) | ~Q(called_by=F("typed_by")),
            ),
            models.CheckConstraint(
                name="payee_verified_by_a_call",
                condition=~Q(state="verified")
                | Q(called_by__isnull=False, called_at__isnull=False, known_since__isnull=False)
                & ~Q(called_whom="")
                & ~Q(called_tail=""),
            ),
            models.CheckConstraint(
                name="payee_called_at_a_contact_known_before",
                condition=Q(known_since__isnull=True) | Q(known_since__lt=F("typed_at")),
            ),
            models.CheckConstraint(name="payee_held_at_first", condition=Q(held_until__gt=F("typed_at"))),
        ]
        indexes = [
            models.Index(fields=["office", "typed_at"], condition=Q(state="held"), name="payee_to_call"),
            models.Index(fields=["blind"], name="payee_by_account"),
        ]


class PaymentList(Row):
    """Payments made together. A change of what it holds makes its check and its approval fall."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="lists")
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(
        max_length=10, default="draft", help_text="draft, checked, approved, exported, paid, cancelled"
    )
    maker = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    checker = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    approver = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the bank file as exported")
    payer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)
    bank_reference = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="list_maker_does_not_check", condition=Q(checker__isnull=True) | ~Q(checker=F("maker"))
            ),
            models.CheckConstraint(
                name="list_maker_does_not_approve",
                condition=Q(approver__isnull=True) | ~Q(approver=F("maker")),
            ),
            models.CheckConstraint(
                name="list_maker_does_not_pay", condition=Q(payer__isnull=True) | ~Q(payer=F("maker"))
            ),
            models.CheckConstraint(
                name="list_checker_does_not_pay",
                condition=Q(payer__isnull=True) | Q(checker__isnull=False) & ~Q(payer=F("checker")),
            ),
            models.CheckConstraint(
                name="list_approver_does_not_pay",
                condition=Q(payer__isnull=True) | Q(approver__isnull=False) & ~Q(payer=F("approver")),
            ),
            models.CheckConstraint(
                name="list_checked_before_it_goes_on",
                condition=~Q(state__in=["checked", "approved", "exported", "paid"])
                | Q(checker__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="list_approved_before_it_goes_on",
                condition=~Q(state__in=["approved", "exported", "paid"])
                | Q(approver__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="list_paid_with_all_it_needs",
                condition=~Q(state="paid")
                | Q(payer__isnull=False, paid_at__isnull=False, paid_on__isnull=False)
                & ~Q(bank_reference=""),
            ),
        ]
        indexes = [models.Index(fields=["office", "-made_at", "-id"], name="list_newest")]


class Payment(Row):
    """One grant's line of a list. It goes only to an account that was called back (migration 0003)."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    list = models.ForeignKey(PaymentList, models.PROTECT, related_name="payments")
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="payments")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="payments")
    amount_fen = models.BigIntegerField()
    state = models.CharField(
        max_length=10, default="listed", help_text="listed, paid, returned, cancelled, refunded"
    )
    ended_at = models.DateTimeField(null=True, help_text="Returned, cancelled or refunded")
    reason = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(
        max_length=10, blank=True, help_text="How it was acknowledged: paper, visit, person"
    )
    receipt_file = models.CharField(max_length=80, blank=True, help_text="Storage key of the signed paper")
    received_on = models.DateField(null=True)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant"], condition=Q(state__in=LIVE), name="grant_paid_once"),
            models.CheckConstraint(
                name="payment_ended_with_a_reason",
                condition=Q(state__in=LIVE, ended_at__isnull=True)
                | Q(state__in=["returned", "cancelled", "refunded"], ended_at__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="receipt_whole",
                condition=Q(receipt="", received_on__isnull=True)
                | ~Q(receipt="") & Q(received_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["list", "id"], name="payment_of_list")]
