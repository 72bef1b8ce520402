"""Whether two files are one person: proposed by the model, decided by people, undone when it was wrong."""

from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account, Office
from qiaoqiao.parties.models.files import File, Row


class Training(models.Model):
    """A set of weights that matching runs on, and what it was learned from."""

    settings = models.JSONField()
    made_at = models.DateTimeField()
    decisions = models.PositiveIntegerField(default=0, help_text="Reviewers' decisions it was learned from")
    current = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["current"], condition=Q(current=True), name="one_training_in_force"
            ),
        ]


class Proposal(Row):
    """Two files that look like one person; `one` is the older id. Nothing follows without a decision.

    `evidence` is what parties.linkage.evidence says: [{what, level, weight, left, right}].
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text="Decides")
    one = models.ForeignKey(File, models.CASCADE, related_name="+")
    other = models.ForeignKey(File, models.CASCADE, related_name="+")
    weight = models.FloatField(help_text="Log2 of the odds that they are one person")
    band = models.CharField(max_length=8, help_text="sure, likely, open")
    evidence = models.JSONField()
    training = models.ForeignKey(Training, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, default="open", help_text="open, later, accepted, rejected, gone")
    later_on = models.DateField(null=True, help_text="To be shown again from this day")
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="proposal_once_a_pair"),
            models.CheckConstraint(name="proposal_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(
                name="proposal_decided_by_somebody",
                condition=Q(
                    state__in=["accepted", "rejected"], decided_at__isnull=False, decided_by__isnull=False
                )
                | ~Q(state__in=["accepted", "rejected"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "-weight", "id"],
                condition=Q(state__in=["open", "later"]),
                name="proposal_open_by_weight",
            ),
            models.Index(fields=["one"]),
            models.Index(fields=["other"]),
        ]


class Merge(Row):
    """Two files made one by a person's decision. `moved` says what went over, so that it can go back."""

    proposal = models.ForeignKey(Proposal, models.SET_NULL, null=True, related_name="merges")
    kept = models.ForeignKey(File, models.CASCADE, related_name="+")
    absorbed = models.ForeignKey(File, models.CASCADE, related_name="+")
    moved = models.JSONField(help_text="{table: [row ids]} and the columns of `kept` before")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at__isnull=True), name="absorbed_once"
            ),
        ]
