"""Goods given in kind, and festival rounds (走访慰问) with a route and what was left at each door."""

from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account as Officer
from qiaoqiao.access.models import Office, Place
from qiaoqiao.parties.models import File
from qiaoqiao.parties.models.files import Row
from qiaoqiao.services.relief.models.books import Fund, JournalEntry, Source
from qiaoqiao.services.relief.models.grants import Grant


class Lot(Row):
    """Goods that came in together, each piece at one value."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="lots")
    source = models.ForeignKey(Source, models.PROTECT, related_name="lots")
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=10)
    quantity = models.PositiveIntegerField()
    unit_fen = models.BigIntegerField()
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="lot_of_something", condition=Q(quantity__gte=1, unit_fen__gte=1)),
        ]
        indexes = [models.Index(fields=["fund", "-made_at", "-id"], name="lot_newest")]


class Round(Row):
    """Calls on several households for an occasion, approved by somebody who did not plan it.

    `approver` heads the office, `upper` the office above. Neither is among the visitors (migration 0006).
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="rounds")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, help_text="festival, routine, illness, bereavement")
    restriction = models.CharField(max_length=16, blank=True)
    planned_on = models.DateField()
    state = models.CharField(max_length=10, default="draft", help_text="draft, approved, closed")
    maker = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    needs_upper = models.BooleanField(default=True, help_text="By the bands, at the time of approval")
    upper = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    upper_at = models.DateTimeField(null=True)
    approver = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="round_maker_does_not_approve",
                condition=Q(approver__isnull=True) | ~Q(approver=F("maker")),
            ),
            models.CheckConstraint(
                name="round_approved_before_it_begins",
                condition=Q(state="draft") | Q(approver__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="round_maker_does_not_approve_above",
                condition=Q(upper__isnull=True) | ~Q(upper=F("maker")),
            ),
            models.CheckConstraint(
                name="round_approved_by_two_people",
                condition=Q(upper__isnull=True) | Q(approver__isnull=True) | ~Q(upper=F("approver")),
            ),
            models.CheckConstraint(
                name="round_approved_by_whom_it_needs",
                condition=Q(state="draft")
                | Q(needs_upper=False)
                | Q(upper__isnull=False, upper_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["office", "-planned_on", "-id"], name="round_newest")]


class Stop(Row):
    """One household of a round. Personal: name and address, as the visitors need them."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="stops")
    order = models.PositiveSmallIntegerField()
    file = models.ForeignKey(File, models.SET_NULL, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=16)
    amount_fen = models.BigIntegerField(default=0)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, default="planned", help_text="planned, given, missed")
    visitor_one = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    visitor_two = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    given_on = models.DateField(null=True)
    note = models.CharField(max_length=400, blank=True)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "order"], name="stop_order_once"),
            models.CheckConstraint(
                name="stop_brings_something",
                condition=Q(amount_fen__gt=0) | Q(lot__isnull=False, quantity__gte=1, amount_fen=0),
            ),
            models.CheckConstraint(
                name="stop_goods_whole",
                condition=Q(lot__isnull=True, quantity=0) | Q(lot__isnull=False, quantity__gte=1),
            ),
            models.CheckConstraint(
                name="stop_visited_by_two",
                condition=Q(visitor_one__isnull=True)
                | Q(visitor_two__isnull=True)
                | ~Q(visitor_one=F("visitor_two")),
            ),
            models.CheckConstraint(
                name="stop_given_by_two",
                condition=~Q(state="given")
                | Q(
                    visitor_one__isnull=False,
                    visitor_two__isnull=False,
                    given_on__isnull=False,
                    entry__isnull=False,
                ),
            ),
        ]


class StockMove(Row):
    """Pieces of a lot that went out, to a grant or at a door; never more than there are (migration 0003)."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="moves")
    quantity = models.PositiveIntegerField()
    grant = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="goods")
    stop = models.ForeignKey(Stop, models.PROTECT, null=True, related_name="goods")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="stock_moves_something", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="stock_goes_to_one",
                condition=Q(grant__isnull=False, stop__isnull=True)
                | Q(grant__isnull=True, stop__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["lot"], name="stock_of_lot")]
