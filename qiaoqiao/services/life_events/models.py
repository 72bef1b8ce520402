"""A journey: what somebody started once, and the cases it became or will become."""

from django.db import models
from django.db.models import Q

from qiaoqiao.casework.models import Case
from qiaoqiao.parties.models.files import Row


class Journey(Row):
    """One start of a life event. Its cases carry the facts; only what waits is kept with its leg."""

    reference = models.CharField(max_length=16, unique=True, help_text="Read aloud: QJ26-7K3M-9PA")
    event = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    started_at = models.DateTimeField()


class JourneyLeg(Row):
    """One service of a journey: its case, or what it waits for and what is kept for it until then. Personal."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="legs")
    number = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=40)
    state = models.CharField(max_length=8, help_text="waiting, ready, started, dropped")
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="leg")
    facts = models.JSONField(default=dict, help_text="The service's own form so far; emptied once filed")
    papers = models.JSONField(default=list, help_text="Files kept for it; emptied once filed")
    draft = models.UUIDField(null=True, help_text="The draft in which the person is completing it")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "service"], name="leg_once_a_service"),
            models.CheckConstraint(
                name="leg_started_iff_it_has_a_case",
                condition=Q(state="started", case__isnull=False) | ~Q(state="started") & Q(case__isnull=True),
            ),
            models.CheckConstraint(
                name="leg_keeps_nothing_once_over",
                condition=Q(state__in=["waiting", "ready"]) | Q(facts={}, papers=[]),
            ),
        ]
        indexes = [
            models.Index(fields=["draft"], condition=Q(draft__isnull=False), name="leg_by_draft"),
        ]
