"""Tables: an office's week of appointments, the slots it published, who booked, who waits, and calendar feeds.

Schedules and slots are public like opening hours. Bookings and the waiting list hold people: behind the wall.
"""

from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account, Office
from qiaoqiao.casework.models import Case
from qiaoqiao.community.appointments.rules import BookingState, SlotKind, WaitingState
from qiaoqiao.parties.models.files import Row


class Schedule(Row):
    """What an office offers: a kind of slot, its week and its rules. One that ended keeps its bookings."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="schedules")
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in SlotKind])
    titles = models.JSONField(help_text="By language; zh-Hans at least")
    services = models.JSONField(default=list, help_text="Ids of entries it is for; none: for anything")
    hours = models.JSONField(help_text='{"mon": ["09:00-12:00"]}, Beijing time')
    minutes = models.PositiveSmallIntegerField(help_text="How long one slot is")
    places = models.PositiveSmallIntegerField(help_text="How many at the same time")
    languages = models.JSONField(default=list, help_text="Languages and dialects spoken, tokens as of a file")
    make_up = models.CharField(max_length=3, blank=True, help_text="Whose hours hold on make-up days")
    where = models.CharField(max_length=200, blank=True, help_text="Which door, or how the video begins")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    lead_hours = models.PositiveSmallIntegerField(default=24, help_text="Book at least so long before")
    cancel_hours = models.PositiveSmallIntegerField(default=4, help_text="Move or cancel so long before")
    offer_hours = models.PositiveSmallIntegerField(default=12, help_text="A freed place is kept so long")
    waiting = models.PositiveIntegerField(
        default=0, help_text="How many wait: freed places are kept for them"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="schedule_ends_after_it_began",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="schedule_has_length_and_places",
                condition=Q(minutes__gte=5, minutes__lte=480, places__gte=1, places__lte=200),
            ),
        ]
        indexes = [models.Index(fields=["kind", "office"], name="schedule_by_kind")]


class Slot(Row):
    """A time that people may book. `held` places are kept for the waiting list; both count as gone."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="slots")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    state = models.CharField(max_length=6, default="open", help_text="open, closed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "starts_at"], name="slot_once"),
            models.CheckConstraint(
                name="slot_never_overbooked",
                condition=Q(taken__gte=0, held__gte=0, capacity__gte=F("taken") + F("held")),
            ),
            models.CheckConstraint(name="slot_ends_after_it_began", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="slot_open_or_closed", condition=Q(state__in=["open", "closed"])),
        ]
        indexes = [models.Index(fields=["office", "starts_at"], name="slot_by_office_day")]

    @property
    def free(self) -> int:
        return self.capacity - self.taken - self.held if self.state == "open" else 0


class Contact(Row):
    """Who somebody is and how to reach them. Personal data; retention class `booking`."""

    name = models.CharField(max_length=100)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=17, blank=True)
    contact = models.CharField(max_length=254, help_text="What tells people apart: address, else number")
    language = models.CharField(max_length=10)
    timezone = models.CharField(max_length=40)
    about = models.CharField(max_length=300, blank=True, help_text="What it is about, in their words")
    service = models.CharField(max_length=40, blank=True, help_text="The entry it is about")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


class Booking(Contact):
    """Somebody's place in a slot. `sequence` counts its moves, as calendars want it; the link to it stays."""

    reference = models.CharField(max_length=16, unique=True, help_text="Read aloud: QB26-7K3M-9PA")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(help_text="As the slot")
    ends_at = models.DateTimeField(help_text="As the slot")
    state = models.CharField(
        max_length=9, default="booked", choices=[(one.value, one.value) for one in BookingState]
    )
    sequence = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(help_text="Booked or last moved; reminders count from here")
    reminded = models.JSONField(default=list, help_text="Hours before, of the reminders already sent")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "contact"], condition=Q(state="booked"), name="booking_once_a_person"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "starts_at", "id"], name="booking_by_office_day"),
            models.Index(fields=["starts_at"], condition=Q(state="booked"), name="booking_to_come"),
            models.Index(fields=["case"], name="booking_by_case"),
        ]


class Waiting(Contact):
    """Somebody who wants a place on one of some days, in the order they came; offered one for a while."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="queue")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(
        max_length=7, default="waiting", choices=[(one.value, one.value) for one in WaitingState]
    )
    slot = models.ForeignKey(Slot, models.SET_NULL, null=True, related_name="+", help_text="Offered")
    offered_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "contact"],
                condition=Q(state__in=["waiting", "offered"]),
                name="waiting_once_a_person",
            ),
            models.CheckConstraint(
                name="waiting_offered_a_slot_until",
                condition=~Q(state="offered") | Q(slot__isnull=False, offered_until__isnull=False),
            ),
            models.CheckConstraint(name="waiting_days_in_order", condition=Q(last_day__gte=F("first_day"))),
        ]
        indexes = [
            models.Index(
                fields=["schedule", "made_at", "id"], condition=Q(state="waiting"), name="waiting_in_order"
            ),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="waiting_offers"),
            models.Index(fields=["office", "made_at", "id"], name="waiting_by_office"),
        ]


class Feed(Row):
    """A calendar that an officer subscribes to for an office, or a person for a case: by a link, until revoked."""

    office = models.ForeignKey(Office, models.CASCADE, null=True, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feed_of_an_office_or_a_case",
                condition=Q(office__isnull=False, account__isnull=False, case__isnull=True)
                | Q(office__isnull=True, account__isnull=True, case__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["office", "account"],
                condition=Q(revoked_at__isnull=True),
                name="feed_once_an_officer",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(revoked_at__isnull=True), name="feed_once_a_case"
            ),
        ]
