"""Tables: questions, the editions of their answers, the index they are found by, citations in cases, votes."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account, Office
from qiaoqiao.casework.models import Case, Message
from qiaoqiao.community.knowledge.rules import AnswerState
from qiaoqiao.parties.models.files import Row


class Answer(Row):
    """A question that people ask, kept by an office; its words lie in its editions."""

    key = models.SlugField(max_length=60, unique=True, help_text="Its address; never changes")
    office = models.ForeignKey(Office, models.PROTECT, related_name="answers")
    owner = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="+", help_text="Looks after it"
    )
    topics = models.JSONField(default=list, help_text="As the published edition has them")
    services = models.JSONField(default=list, help_text="Ids of entries it is about; as published")
    state = models.CharField(
        max_length=9, default="draft", choices=[(one.value, one.value) for one in AnswerState]
    )
    edition = models.PositiveSmallIntegerField(default=0, help_text="The published one; 0: none yet")
    checked_on = models.DateField(null=True, help_text="When somebody last confirmed it")
    review_on = models.DateField(null=True, help_text="To be looked at again by")
    flagged_at = models.DateTimeField(null=True, help_text="When its owner was told that it is due")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="answer_published_has_an_edition", condition=Q(state="draft") | Q(edition__gte=1)
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "review_on"], name="answer_by_office"),
            models.Index(fields=["review_on"], condition=Q(state="published"), name="answer_due"),
        ]


class Edition(Row):
    """What an answer says, or said. A draft becomes published by somebody else; earlier ones stay."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, default="draft", help_text="draft, published, past")
    questions = models.JSONField(help_text="By language")
    answers = models.JSONField(help_text="By language")
    phrases = models.JSONField(default=dict, help_text="Other ways to ask, by language")
    sources = models.JSONField(help_text="[{title, article, confidence, note}]")
    topics = models.JSONField(default=list)
    services = models.JSONField(default=list, help_text="Ids of entries it is about")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    written_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["answer"], condition=Q(state="draft"), name="edition_one_draft"),
            models.UniqueConstraint(
                fields=["answer"], condition=Q(state="published"), name="edition_one_published"
            ),
            models.CheckConstraint(
                name="edition_published_by_a_second_person",
                condition=Q(published_by__isnull=True)
                | Q(written_by__isnull=True)
                | ~Q(published_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="edition_valid_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]


class Finding(Row):
    """The index over published answers. A word's positions are the numbers of the texts that hold it."""

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="finding")
    words = SearchVectorField()
    texts = models.JSONField(help_text="[[weight, mass], ...] of each text, by its number from 1")

    class Meta:
        indexes = [GinIndex(fields=["words"], name="finding_words")]


class Citation(Row):
    """An answer that was used in a case, in the edition of that day."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="citations")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="citations")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="citation_by_case")]


class Vote(Row):
    """Whether an edition helped somebody; nobody knows whom."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="votes")
    helpful = models.BooleanField()
    on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["edition", "helpful"], name="vote_by_edition")]
