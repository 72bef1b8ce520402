"""What the person agreed to, what they asked for (copy, correction, deletion, freezing), how they prove it is theirs."""

from django.db import models
from django.db.models import Q

from qiaoqiao.access.models import Account
from qiaoqiao.parties.models.files import File, Row


class Consent(Row):
    """One agreement for one purpose, with the wording it was given to. Never changed but by withdrawal."""

    file = models.ForeignKey(File, models.CASCADE, related_name="consents")
    purpose = models.CharField(
        max_length=16, help_text="One of parties.consents.PURPOSES; separate ones are never bundled"
    )
    recipient = models.CharField(max_length=120, blank=True, help_text="Third party or overseas recipient")
    country = models.CharField(max_length=2, blank=True, help_text="Where the data go, for `abroad`")
    version = models.CharField(max_length=12)
    wording = models.CharField(max_length=64, help_text="SHA-256 of the text in its language")
    language = models.CharField(max_length=10)
    method = models.CharField(max_length=12, help_text="page, counter, paper, phone, visit")
    guardian = models.CharField(max_length=100, blank=True, help_text="Who agreed for a child under 14")
    given_at = models.DateTimeField()
    given_to = models.CharField(max_length=80, help_text="Ledger name of who took it down")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "purpose", "recipient"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_in_force_once",
            ),
            models.CheckConstraint(
                name="consent_abroad_names_where",
                condition=~Q(purpose="abroad") | ~Q(country="") & ~Q(recipient=""),
            ),
            models.CheckConstraint(
                name="consent_third_party_names_whom", condition=~Q(purpose="third_party") | ~Q(recipient="")
            ),
        ]
        indexes = [models.Index(fields=["file"])]


class Change(Row):
    """Something asked for about a file: by the person as of right, or by an officer for a verified fact.

    `wanted` is {field: new value} for a correction; nothing of it holds before the decision.
    """

    file = models.ForeignKey(File, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, help_text="correct, delete, freeze, thaw, copy")
    by_person = models.BooleanField()
    asked_by = models.CharField(max_length=80, help_text="Ledger name")
    wanted = models.JSONField(default=dict)
    reason = models.CharField(max_length=400, blank=True)
    evidence = models.CharField(max_length=80, blank=True, help_text="Storage key of the proof")
    evidence_name = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField(help_text="Answer by, in Asia/Shanghai: 15 working days, an office's promise")
    state = models.CharField(max_length=8, default="open", help_text="open, done, refused")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=400, blank=True, help_text="Reason of a refusal (PIPL 50)")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="change_refused_with_a_reason", condition=~Q(state="refused") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="change_decided_iff_not_open",
                condition=Q(state="open", decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["file"]),
            models.Index(fields=["due_on", "id"], condition=Q(state="open"), name="change_open_by_due"),
        ]


class FileCode(Row):
    """A one-time code that proves a file to be one's own. Its digits are derived, never kept."""

    file = models.ForeignKey(File, models.CASCADE, related_name="codes")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["file", "-made_at"], name="filecode_newest")]
