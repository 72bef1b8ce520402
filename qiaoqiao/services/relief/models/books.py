"""The books: funds, where their money comes from, accounts, and journal entries that only grow.

Amounts are fen; a debit is positive. That an entry's postings sum to zero and that no account is overdrawn
is held by triggers (migration 0003), whoever writes.
"""

from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account as Officer
from qiaoqiao.access.models import Office
from qiaoqiao.parties.models.files import Row
from qiaoqiao.services.relief.rules import ACCOUNT_KINDS, SOURCE_KINDS


class Fund(Row):
    """One pot of an office's money with books of its own. `purposes` are difficulties; empty: all of them."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="funds")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    purposes = models.JSONField(default=list)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)


class Source(Row):
    """A gift or an allocation to a fund. `giver` may be a person's name and stays blank when they want that."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=12, choices=[(one, one) for one in SOURCE_KINDS])
    giver = models.CharField(max_length=100, blank=True)
    anonymous = models.BooleanField(default=False)
    restriction = models.CharField(max_length=16, blank=True, help_text="The difficulty it is bound to")
    agreement = models.CharField(
        max_length=200, blank=True, help_text="Donation agreement or document number"
    )
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="source_named_unless_anonymous",
                condition=Q(anonymous=True, giver="") | Q(anonymous=False) & ~Q(giver=""),
            ),
        ]
        indexes = [models.Index(fields=["fund", "-made_at", "-id"], name="source_newest")]


class Account(Row):
    """An account of a fund's books; `restriction` is the purpose of a bound or spent sum, else blank."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=12, choices=[(one, one) for one in ACCOUNT_KINDS])
    restriction = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "kind", "restriction"], name="account_once"),
        ]


class JournalEntry(Row):
    """One movement. `key` says what it books, so that nothing is booked twice; a mistake is reversed, never changed."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField(help_text="Voucher number, without gaps in a fund")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80, unique=True)
    on = models.DateField(help_text="The day it is booked for, in Asia/Shanghai")
    at = models.DateTimeField()
    made_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    memo = models.CharField(max_length=200, blank=True, help_text="No names of people helped")
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="entries")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="voucher_number_once"),
            models.CheckConstraint(
                name="entry_reverses_iff_reversal",
                condition=Q(kind="reversal", reverses__isnull=False)
                | ~Q(kind="reversal") & Q(reverses__isnull=True),
            ),
            models.CheckConstraint(
                name="entry_gives_back_to_a_source",
                condition=~Q(kind="give_back") | Q(source__isnull=False, made_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["fund", "-on", "-number"], name="entry_by_day")]


class Posting(Row):
    """One side of an entry."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    amount_fen = models.BigIntegerField(help_text="Debit positive, credit negative")

    class Meta:
        constraints = [models.CheckConstraint(name="posting_moves_something", condition=~Q(amount_fen=0))]
        indexes = [models.Index(fields=["account", "amount_fen"], name="posting_by_account")]


class GiveBack(Row):
    """Money to go back to who gave it: somebody asks, a head approves. The entry needs its row here (migration 0007)."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="give_backs")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default="asked", help_text="asked, done, dropped")
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, related_name="give_back")

    class Meta:
        constraints = [
            models.CheckConstraint(name="give_back_of_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="give_back_asked_and_approved_by_two",
                condition=~Q(state="done")
                | Q(decided_by__isnull=False, decided_at__isnull=False, entry__isnull=False)
                & ~Q(decided_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state="asked"), name="give_back_asked_once"
            ),
        ]
