"""Tables of joint meetings. A meeting is read by the offices it names; a case on its agenda only by who may see it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from qiaoqiao.access.models import Account, Office
from qiaoqiao.casework.models import Assignment, Case
from qiaoqiao.parties.models.files import Row


class Meeting(Row):
    """One joint meeting. `offices` are the convening one and all invited: the wall reads it."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text="Who convenes it")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(help_text="Of the office in the year")
    title = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    place = models.CharField(max_length=120, blank=True)
    link = models.CharField(max_length=200, blank=True, help_text="How to join from elsewhere")
    state = models.CharField(max_length=10, default="planned", help_text="planned, held, closed, cancelled")
    offices = ArrayField(models.BigIntegerField())
    reason = models.CharField(max_length=400, blank=True, help_text="Why it was cancelled")
    version = models.PositiveSmallIntegerField(
        default=0, help_text="Grows with each change: a calendar's SEQUENCE"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "serial"], name="meeting_number_once"),
            models.CheckConstraint(
                name="meeting_cancelled_says_why", condition=~Q(state="cancelled") | ~Q(reason="")
            ),
            models.CheckConstraint(name="meeting_is_somewhere", condition=~Q(place="") | ~Q(link="")),
        ]
        indexes = [
            GinIndex(fields=["offices"], name="meeting_offices"),
            models.Index(fields=["-starts_at", "-id"], name="meeting_by_start"),
        ]

    @property
    def number(self) -> str:
        return f"〔{self.year}〕{self.serial}号"


class Attendee(Row):
    """An office at a meeting, and whom it sends."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendees")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=6, help_text="host, member, guest")
    invited_at = models.DateTimeField()
    answer = models.CharField(max_length=3, blank=True, help_text="yes, no")
    note = models.CharField(max_length=200, blank=True)
    present = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "office"], name="attendee_once_an_office"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(role="host"), name="meeting_has_one_host"
            ),
        ]


class AgendaItem(Row):
    """What a meeting talks about. Title and note are read by all its offices: they name nobody."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="agenda_items")
    reference = models.CharField(
        max_length=16, blank=True, help_text="The case's, for offices that may not see it"
    )
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=1000, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text="Who proposed it")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="case_once_on_an_agenda"),
            models.UniqueConstraint(
                fields=["meeting", "order"], name="agenda_order_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]


class Minutes(Row):
    """What was said; approved by the convening office, which closes the meeting."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes")
    text = models.TextField(max_length=20_000)
    written_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="minutes_approved_by_somebody",
                condition=Q(approved_at__isnull=True) | Q(approved_by__isnull=False),
            ),
        ]


class Resolution(Row):
    """What was decided: an office, a day. About a case it became a task there, and its state is the task's."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="resolutions")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="resolutions")
    text = models.CharField(max_length=2000)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    due_on = models.DateField()
    task = models.OneToOneField(Assignment, models.PROTECT, null=True, related_name="resolution")
    seat = models.CharField(
        max_length=20, blank=True, help_text="The task's, for offices that may not see the case"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=10,
        default="accepted",
        help_text="Without a task: accepted, answered, withdrawn; withdrawn also after a task was declined",
    )
    report = models.CharField(max_length=2000, blank=True, help_text="What was done, or why withdrawn")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="resolution_state_is_its_tasks",
                condition=Q(task__isnull=True, seat="")
                | Q(task__isnull=False, state__in=["accepted", "withdrawn"]) & ~Q(seat=""),
            ),
            models.CheckConstraint(
                name="resolution_ended_iff_over",
                condition=Q(state="accepted", ended_at__isnull=True)
                | ~Q(state="accepted") & Q(ended_at__isnull=False) & ~Q(report=""),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="resolution_by_due"),
            models.Index(fields=["office", "due_on"], name="resolution_of_office"),
        ]
