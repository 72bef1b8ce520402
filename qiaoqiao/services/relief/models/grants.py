"""Grants and all that is decided on them. Who may do which step of one grant is held by constraints."""

from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account as Officer
from qiaoqiao.access.models import Office, Place
from qiaoqiao.casework.models import Case
from qiaoqiao.parties.models import File
from qiaoqiao.parties.models.files import Row
from qiaoqiao.services.relief.models.books import Fund
from qiaoqiao.services.relief.rules import DIFFICULTIES, FORMS

LATER = ["approved", "paid", "received", "closed", "refunded"]
"""States of a grant that somebody approved."""


class Grant(Row):
    """Help for one household on its way. Its case, where there is one, moves with it.

    `maker` drafted it; `approver` heads the office, `upper` the office above. `restriction` names the bound
    money it is paid of, blank for free money.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="grants")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="grants")
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="grant")
    file = models.ForeignKey(File, models.SET_NULL, null=True, related_name="+", help_text="Of the household")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", help_text="The county")
    form = models.CharField(max_length=8, choices=[(one, one) for one in FORMS])
    purpose = models.CharField(max_length=16, choices=[(one, one) for one in DIFFICULTIES])
    restriction = models.CharField(max_length=16, blank=True)
    amount_fen = models.BigIntegerField()
    state = models.CharField(
        max_length=10,
        default="draft",
        help_text="draft, committee, shown, approving, approved, paid, received, closed; refused, cancelled, led, refunded",
    )
    maker = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    needs_upper = models.BooleanField(default=True, help_text="By the bands, at the time of approval")
    upper = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    upper_at = models.DateTimeField(null=True)
    approver = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="grant_of_some_worth", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="grant_of_bound_money_serves_its_purpose",
                condition=Q(restriction="") | Q(restriction=F("purpose")),
            ),
            models.CheckConstraint(
                name="grant_maker_does_not_approve",
                condition=Q(approver__isnull=True) | ~Q(approver=F("maker")),
            ),
            models.CheckConstraint(
                name="grant_maker_does_not_approve_above",
                condition=Q(upper__isnull=True) | ~Q(upper=F("maker")),
            ),
            models.CheckConstraint(
                name="grant_approved_by_two_people",
                condition=Q(upper__isnull=True) | Q(approver__isnull=True) | ~Q(upper=F("approver")),
            ),
            models.CheckConstraint(
                name="grant_approved_by_whom_it_needs",
                condition=~Q(state__in=LATER)
                | Q(approver__isnull=False, approved_at__isnull=False)
                & (Q(needs_upper=False) | Q(upper__isnull=False, upper_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-changed_at", "-id"], name="grant_by_state"),
            models.Index(fields=["office", "-changed_at", "-id"], name="grant_newest"),
        ]


class Assessment(Row):
    """What a household has and needs in a month. A figure per head is computed; nobody gets points."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    grant = models.OneToOneField(Grant, models.CASCADE, related_name="assessment")
    members = models.PositiveSmallIntegerField()
    income_fen = models.BigIntegerField(help_text="Of all members, a month")
    spending_fen = models.BigIntegerField(help_text="What cannot be avoided (illness, rent, school), a month")
    kinds = models.JSONField(default=list, help_text="Difficulties, tokens")
    note = models.TextField(max_length=2000, blank=True)
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="assessment_of_somebody", condition=Q(members__gte=1)),
            models.CheckConstraint(
                name="assessment_of_no_debt", condition=Q(income_fen__gte=0, spending_fen__gte=0)
            ),
        ]


class HomeVisit(Row):
    """Two people at the door. The second may be somebody without an account; then the maker is not the first.

    `maker` is the grant's, filled in by the database.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="visits")
    maker = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    visitor_one = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    visitor_two = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    companion = models.CharField(max_length=60, blank=True)
    visited_on = models.DateField()
    found = models.TextField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="home_visit_by_two",
                condition=Q(visitor_two__isnull=False, companion="") & ~Q(visitor_two=F("visitor_one"))
                | Q(visitor_two__isnull=True) & ~Q(companion="") & ~Q(visitor_one=F("maker")),
            ),
        ]
        indexes = [models.Index(fields=["grant", "-visited_on"], name="home_visit_newest")]


class Review(Row):
    """A committee's review of one grant; a new one after it was looked at again."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="reviews")
    held_on = models.DateField()
    quorum = models.PositiveSmallIntegerField(help_text="Members that the office's rule wants present")
    yes = models.PositiveSmallIntegerField()
    no = models.PositiveSmallIntegerField()
    abstain = models.PositiveSmallIntegerField()
    agreed = models.BooleanField()
    reasons = models.TextField(max_length=2000, blank=True)
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_with_quorum",
                condition=Q(quorum__gte=2, quorum__lte=F("yes") + F("no") + F("abstain")),
            ),
            models.CheckConstraint(
                name="review_agreed_by_most",
                condition=Q(agreed=False) | Q(yes__gt=F("no") + F("abstain")),
            ),
        ]


class Vote(Row):
    """How one member of the committee voted."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="votes")
    member = models.CharField(max_length=60)
    vote = models.CharField(max_length=8, help_text="yes, no, abstain")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "member"], name="one_member_one_vote")]


class PublicNotice(Row):
    """What is put up: a number, a kind of hardship, a band of amount, a county. Nothing of a person."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="notices")
    number = models.CharField(max_length=20, unique=True)
    purpose = models.CharField(max_length=16)
    form = models.CharField(max_length=8)
    from_fen = models.BigIntegerField()
    upto_fen = models.BigIntegerField(null=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    shown_from = models.DateField()
    shown_until = models.DateField()
    ended_on = models.DateField(null=True, help_text="Taken down, because it was over or before that")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_shown_some_days", condition=Q(shown_until__gt=F("shown_from"))
            ),
        ]
        indexes = [models.Index(fields=["-shown_from", "-id"], name="notice_newest")]


class Band(Row):
    """Up to which amount whose approval is enough; laid down by the office. `most_fen` null: without end."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="bands")
    most_fen = models.BigIntegerField(null=True)
    above = models.BooleanField(help_text="The head of the office above must approve as well")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "most_fen"], name="band_once", nulls_distinct=False),
        ]
