"""Plans, activities, who signs up and comes, photos with the consent of those shown, materials."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account, Office
from qiaoqiao.community.activities import rules
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.parties.forgetting import NOBODY
from qiaoqiao.parties.models.files import Row

EARLIEST, LATEST = datetime(1849, 1, 1, tzinfo=UTC), datetime(2202, 1, 1, tzinfo=UTC)
"""A year wider than what a form takes: wherever it is held, the day is the form's."""


def choices(tokens: object) -> list[tuple[str, str]]:
    return [(str(one), str(one)) for one in tokens]  # type: ignore[attr-defined]


class Plan(Row):
    """What an organisation means to do in a year."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    keeper = models.ForeignKey(Office, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=choices(rules.PLAN_STATES), default="drafted")
    approved_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="activity_one_plan_a_year"),
            models.CheckConstraint(
                name="activity_plan_approved_on_a_day",
                condition=Q(state="drafted", approved_on__isnull=True)
                | Q(state="approved", approved_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["keeper", "-year"], name="activity_plan_by_keeper")]


class PlannedItem(Row):
    """A line of a plan: what, how often, about when."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=choices(rules.ActivityKind))
    names = models.JSONField(help_text="By language; zh-Hans at least")
    every = models.CharField(max_length=8, choices=choices(rules.Every))
    month = models.PositiveSmallIntegerField(default=6, help_text="Of a yearly one")
    day = models.PositiveSmallIntegerField(default=rules.MIDDLE)
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="activity_item_on_a_day_of_every_month",
                condition=Q(month__range=(1, 12)) & Q(day__range=(1, 28)),
            ),
        ]
        indexes = [models.Index(fields=["plan"])]


class Activity(Row):
    """Something an organisation does at a time and place. Public like a poster; who comes stands in other tables."""

    item = models.ForeignKey(PlannedItem, models.SET_NULL, null=True, related_name="activities")
    number = models.PositiveSmallIntegerField(null=True, help_text="Which of its item's days")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="activities")
    keeper = models.ForeignKey(Office, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=choices(rules.ActivityKind))
    names = models.JSONField(help_text="By language; zh-Hans at least")
    theme = models.CharField(max_length=400, blank=True)
    partners = models.CharField(max_length=200, blank=True, help_text="Who holds it together with us")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=40, default="Asia/Shanghai", help_text="Where it is held, IANA")
    place = models.CharField(max_length=200, blank=True)
    online = models.URLField(blank=True)
    open = models.BooleanField(default=False, help_text="The public may sign up")
    capacity = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=choices(rules.ActivityState), default="scheduled")
    reason = models.CharField(max_length=400, blank=True, help_text="Why postponed or cancelled; public")
    walk_ins = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(
        default=0, help_text="Grows with each change: a calendar's SEQUENCE"
    )
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="activity_once_for_each_day_of_a_plan"),
            models.CheckConstraint(
                name="activity_ends_after_it_began", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="activity_in_years_that_can_be_read",
                condition=Q(starts_at__gte=EARLIEST, ends_at__lt=LATEST),
            ),
            models.CheckConstraint(
                name="activity_never_overbooked",
                condition=Q(capacity__isnull=True) | Q(taken__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="activity_off_for_a_reason",
                condition=~Q(state__in=["postponed", "cancelled"]) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["keeper", "-starts_at", "-id"], name="activity_by_keeper"),
            models.Index(fields=["organisation", "starts_at"], name="activity_by_organisation"),
            models.Index(fields=["starts_at", "id"], condition=Q(open=True), name="activity_open_by_time"),
        ]

    @property
    def left(self) -> int | None:
        """Places that nobody has or waits for; None without a limit."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.taken - self.waiting)


class Minutes(Row):
    """What was said and came of it; for the office."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="minutes")
    text = models.TextField(max_length=8000)
    outcome = models.CharField(max_length=1000, blank=True)
    opinions = models.PositiveSmallIntegerField(default=0, help_text="How many opinions were taken down")
    written_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()


class Signup(Row):
    """Somebody who wants to come. Personal data; seen by the keeping office and by whoever holds the link.

    Some days after it is over name, contact and fingerprint are cleared (`actions/clearing.py`).
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="signups")
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    blind = models.BinaryField(max_length=32, help_text="HMAC of the contact: nobody signs up twice")
    code = models.CharField(max_length=8, help_text="Read out at the door")
    state = models.CharField(max_length=10, choices=choices(rules.SIGNED))
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "blind"], condition=~Q(state="cancelled"), name="signup_once"
            ),
            models.UniqueConstraint(fields=["activity", "code"], name="signup_code_is_its_own"),
            models.CheckConstraint(
                name="signup_can_be_reached", condition=~Q(email="") | ~Q(phone="") | Q(name=NOBODY)
            ),
        ]
        indexes = [models.Index(fields=["activity", "state", "signed_at"], name="signup_in_line")]


class Attendance(Row):
    """Somebody who came, once."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendances")
    signup = models.OneToOneField(Signup, models.CASCADE, related_name="attendance")
    how = models.CharField(max_length=4, choices=choices(rules.HOW_ATTENDED))
    came_at = models.DateTimeField()


class Photo(Row):
    """A picture of an activity. With people in it, public only when who is shown has agreed."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="photos")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=40)
    caption = models.CharField(max_length=200, blank=True)
    people_shown = models.PositiveSmallIntegerField(help_text="How many can be recognised")
    agreed_by = models.CharField(max_length=400, blank=True, help_text="Who agreed")
    agreed_how = models.CharField(max_length=10, blank=True, help_text="One of rules.HOW_AGREED")
    agreed_on = models.DateField(null=True)
    public = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="photo_public_only_with_consent",
                condition=Q(public=False)
                | Q(people_shown=0)
                | (~Q(agreed_by="") & ~Q(agreed_how="") & Q(agreed_on__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["activity"])]


class Material(Row):
    """A paper handed out or used."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="materials")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    public = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["activity"])]
