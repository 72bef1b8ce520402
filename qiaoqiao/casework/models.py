"""Tables of a case. What must always hold is a constraint; nothing here decides or writes."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from qiaoqiao.access.models import Account, Client, Office, Place
from qiaoqiao.parties.models import Mandate, Person
from qiaoqiao.parties.models.files import Row

OPEN_STATES = ["offered", "accepted"]
KEPT_OF_CASE = ("service", "category", "channel", "country", "priority", "filed_on")
"""What a seat keeps of its case, so that a queue is one index; none of it ever changes."""


class Case(Row):
    """One request on its way to an answer. `due_on` and `due_limit` are an index over the clock."""

    reference = models.CharField(max_length=16, unique=True)
    service = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    state = models.CharField(max_length=40)
    stage = models.CharField(max_length=10)
    outcome = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, help_text="web, counter, phone, letter, api")
    language = models.CharField(max_length=10)
    country = models.CharField(max_length=2, blank=True)
    priority = models.BooleanField(default=False, help_text="Green channel: abroad or aged")
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="cases")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="cases")
    facts = models.JSONField(help_text="The form, by field id; personal")
    words = SearchVectorField(null=True)
    filed_at = models.DateTimeField()
    filed_on = models.DateField(help_text="In Asia/Shanghai")
    due_on = models.DateField(null=True)
    due_limit = models.CharField(max_length=40, blank=True)
    provisional = models.BooleanField(default=False)
    person_due_on = models.DateField(null=True, help_text="What the person must do by")
    closed_at = models.DateTimeField(null=True)
    on_time = models.BooleanField(null=True, help_text="At closing: no limit of an office was overrun")
    faults = models.PositiveSmallIntegerField(default=0, help_text="Second requests for papers and the like")
    rating = models.PositiveSmallIntegerField(null=True)
    not_solved_at = models.DateTimeField(null=True)
    last_kind = models.CharField(max_length=60)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_closed_iff_done",
                condition=Q(stage="done", closed_at__isnull=False)
                | (~Q(stage="done") & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_outcome_iff_done",
                condition=Q(stage="done") & ~Q(outcome="") | ~Q(stage="done") & Q(outcome=""),
            ),
            models.CheckConstraint(
                name="case_rating_one_to_five", condition=Q(rating__isnull=True) | Q(rating__range=(1, 5))
            ),
            models.CheckConstraint(
                name="case_due_names_its_limit",
                condition=Q(due_on__isnull=True, due_limit="") | Q(due_on__isnull=False) & ~Q(due_limit=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due_on", "id"], condition=~Q(stage="done"), name="case_open_by_due"
            ),
            models.Index(fields=["office", "state", "filed_at"], name="case_by_office_state"),
            models.Index(
                fields=["office", "-closed_at", "-id"], condition=Q(stage="done"), name="case_by_closing"
            ),
            models.Index(fields=["person"], name="case_by_person"),
            models.Index(fields=["filed_at", "id"], name="case_by_filed"),
            GinIndex(fields=["words"], name="case_words"),
        ]


class Reach(Row):
    """Which offices may see a case. Holds no personal data; row-level security reads it for every table."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reach")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "office"], name="reach_once")]
        indexes = [models.Index(fields=["office", "case"])]


class Shield(Row):
    """An office that must never see a case, nor any office below it (Petition Regulations 30)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="shields")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "office"], name="shield_once")]


class Assignment(Row):
    """An office's seat at a case, with its own state, reason and limit.

    A seat `task:<n>` is one thing asked of any office, whatever seats the entry has: `task` says what,
    `task_due_on` by when, `reason` why it was declined or what was answered.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    office = models.ForeignKey(Office, models.PROTECT, related_name="assignments")
    seat = models.CharField(max_length=20)
    role = models.CharField(max_length=10, help_text="lead, co, informed")
    state = models.CharField(
        max_length=10, help_text="offered, accepted, declined, answered, withdrawn, released"
    )
    officer = models.ForeignKey(Account, models.PROTECT, null=True, related_name="assignments")
    reason = models.TextField(blank=True)
    offered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    due_limit = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=40, help_text="The case's, so that a queue is one index")
    case_state = models.CharField(max_length=40)
    category = models.CharField(
        max_length=40, blank=True, help_text="This and the following: the case's, too"
    )
    channel = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=2, blank=True)
    priority = models.BooleanField(default=False)
    filed_on = models.DateField(null=True)
    task = models.TextField(blank=True, max_length=2000)
    task_due_on = models.DateField(
        null=True, help_text="As whoever gave the task set it; no limit of the entry"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="lead", state="accepted"), name="one_responsible_office"
            ),
            models.UniqueConstraint(
                fields=["case", "seat"], condition=Q(state__in=OPEN_STATES), name="seat_taken_once"
            ),
            models.CheckConstraint(
                name="declining_needs_a_reason", condition=~Q(state="declined") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="assignment_ended_iff_not_open",
                condition=Q(state__in=OPEN_STATES, ended_at__isnull=True)
                | ~Q(state__in=OPEN_STATES) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="task_seat_has_words_and_date",
                condition=Q(seat__startswith="task:", task_due_on__isnull=False, role="co") & ~Q(task="")
                | ~Q(seat__startswith="task:") & Q(task="", task_due_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due_on", "-priority", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="queue_by_due",
            ),
            models.Index(
                fields=["office", "case_state", "due_on", "-priority", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="queue_by_state",
            ),
            models.Index(
                fields=["officer", "due_on", "-priority", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="queue_by_officer",
            ),
            models.Index(
                fields=["office", "due_on", "-priority", "id"],
                condition=Q(state="offered"),
                name="queue_offered",
            ),
            models.Index(
                fields=["office", "due_on", "-priority", "id"],
                condition=Q(role="co", state__in=OPEN_STATES),
                name="queue_joint",
            ),
            models.Index(fields=["office", "filed_on"], condition=Q(seat="lead"), name="lead_by_filing"),
        ]


class Term(Row):
    """A limit in run or ended: an index over the clock, recomputed from the ledger, never counted down."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="terms")
    limit = models.CharField(max_length=40)
    binds = models.CharField(max_length=20)
    round = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    due_on = models.DateField(null=True, help_text="None while it stands still")
    state = models.CharField(max_length=10, help_text="running, paused, met, late, stopped")
    ended_on = models.DateField(null=True)
    extension = models.PositiveSmallIntegerField(default=0)
    provisional = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "limit", "round"], name="term_once_a_round"),
            models.CheckConstraint(
                name="term_ended_iff_over",
                condition=Q(state__in=["running", "paused"], ended_on__isnull=True)
                | Q(state__in=["met", "late", "stopped"], ended_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state="running"), name="term_running_by_due"),
            models.Index(fields=["due_on"], condition=Q(provisional=True), name="term_provisional"),
        ]


class Paper(Row):
    """A paper of the case: brought by the person, or issued by an office as a notice."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=40, help_text="A material or notice id of the entry, or `other`")
    direction = models.CharField(max_length=3, help_text="in, out")
    title = models.CharField(max_length=200)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=60, blank=True, help_text="文号")
    sheet = models.JSONField(
        null=True, help_text="What a notice says, in Chinese and in the person's language"
    )
    file = models.CharField(max_length=80, blank=True, help_text="Storage key")
    file_name = models.CharField(max_length=200, blank=True)
    mime = models.CharField(max_length=60, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    seen_by_person = models.BooleanField(default=True)
    verdict = models.CharField(max_length=10, blank=True, help_text="fits, wanting; blank: not looked at")
    remark = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"], condition=~Q(number=""), name="document_number_once"
            ),
        ]
        indexes = [models.Index(fields=["case", "added_at"])]


class Message(Row):
    """Words between the person and the offices, or between offices (`internal`)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    sender = models.CharField(max_length=80)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    internal = models.BooleanField(default=False)
    body = models.TextField(max_length=5000)
    language = models.CharField(max_length=10)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="internal_words_are_an_offices", condition=Q(internal=False) | Q(office__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["case", "sent_at"])]


class Delivery(Row):
    """One way a notice went to the person, and the proof that it arrived."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="deliveries")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, help_text="page, email, sms, counter, post")
    state = models.CharField(max_length=10, help_text="waiting, sent, served, failed")
    sent_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(
                name="served_has_time_and_proof",
                condition=~Q(state="served") | Q(served_at__isnull=False) & ~Q(proof=""),
            ),
        ]


class Code(Row):
    """A one-time code for a case, good for minutes and a few tries; its digits are kept nowhere."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="codes")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)


class Once(models.Model):
    """A request that must not happen twice: its key, whose it is, what was asked, what was answered."""

    key = models.CharField(max_length=120, primary_key=True)
    client = models.ForeignKey(Client, models.CASCADE, null=True)
    asked = models.BinaryField(max_length=32, help_text="SHA-256 of the request")
    answer = models.JSONField()
    at = models.DateTimeField()


class Draft(Row):
    """A form begun and not sent. The secret in the person's cookie opens it; it goes after thirty days."""

    service = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    secret = models.BinaryField(max_length=32, help_text="SHA-256 of the secret")
    answers = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    language = models.CharField(max_length=10)
    changed_at = models.DateTimeField()
    until = models.DateTimeField()
    filed = models.UUIDField(null=True, help_text="The case it became")


class SavedView(models.Model):
    """A named set of filters over a queue, of one account."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="saved_view_name_once")]


class DocumentNumber(models.Model):
    """The last document number an office used in a year; taken under lock, so none is used twice."""

    office = models.ForeignKey(Office, models.CASCADE)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "year"], name="numbers_of_a_year")]


class StandardText(models.Model):
    """A wording an office uses again and again, for one kind of answer."""

    office = models.ForeignKey(Office, models.CASCADE, null=True)
    service = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=60)
    body = models.TextField(max_length=2000)
