"""What partners offer, and the referrals of cases to them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Office
from qiaoqiao.casework.models import Case
from qiaoqiao.community.alliance.rules import OPEN, RUNNING, State
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.parties.models.files import Row

AGREED = [State.SENT, State.SEEN, State.ACCEPTED, State.DECLINED, State.DONE, State.EXPIRED]


class Offer(Row):
    """What an organisation of the alliance does for people. Public like the organisation itself."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="offers")
    titles = models.JSONField(help_text="By language; zh-Hans is there")
    about = models.JSONField(default=dict, help_text="By language")
    conditions = models.JSONField(default=dict, help_text="For whom and how, by language")
    cost = models.JSONField(default=dict, help_text="What it costs, in words by language")
    services = models.JSONField(default=list, help_text="Ids of entries it goes with; empty: any")
    places = models.JSONField(default=list, help_text="Codes; what lies below is meant too; empty: any")
    countries = models.JSONField(default=list, help_text="ISO 3166-1, where people live; empty: any")
    languages = models.JSONField(default=list, help_text="Tokens as of a file")
    since = models.DateField()
    until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="alliance_offer_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-since"], name="alliance_offer_of"),
            GinIndex(fields=["services"], name="alliance_offer_services"),
        ]


class Referral(Row):
    """A case shown to a partner, with the person's consent. Personal; retention as of the case.

    `shown` names nobody; `kept_back` shows once the partner accepts, and is emptied when it is withdrawn, declined,
    refused or expired. `link` is what the present link was made for: a new one ends the one before, none ends all.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="referrals")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State])
    shown = models.JSONField(default=dict)
    kept_back = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    consent_at = models.DateTimeField(null=True)
    consent_by = models.CharField(
        max_length=40, blank=True, help_text="Ledger name of who said or recorded it"
    )
    consent_method = models.CharField(max_length=8, blank=True, help_text="page, counter")
    consent_language = models.CharField(max_length=10, blank=True)
    consent_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the words that were shown"
    )
    consent_paper = models.CharField(max_length=120, blank=True, help_text="Where the signed paper lies")
    link = models.UUIDField(null=True, unique=True)
    version = models.PositiveSmallIntegerField(default=0, help_text="How many links there were")
    until = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True, help_text="Who answered, as they wrote it")
    reason = models.CharField(max_length=12, blank=True, help_text="Why declined, or the outcome")
    words = models.TextField(blank=True, max_length=1000)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="alliance_nothing_leaves_before_consent",
                condition=~Q(state__in=AGREED)
                | Q(consent_at__isnull=False) & ~Q(consent_by="") & ~Q(consent_digest=""),
            ),
            models.CheckConstraint(
                name="alliance_paper_of_a_counter_consent",
                condition=~Q(consent_method="counter") | ~Q(consent_paper=""),
            ),
            models.CheckConstraint(
                name="alliance_link_only_with_partner",
                condition=Q(link__isnull=True)
                | Q(state__in=[State.SENT, State.SEEN, State.ACCEPTED, State.DECLINED, State.DONE]),
            ),
            models.CheckConstraint(
                name="alliance_link_has_its_end", condition=Q(link__isnull=True) | Q(until__isnull=False)
            ),
            models.UniqueConstraint(
                name="alliance_open_once", fields=["case", "offer"], condition=Q(state__in=list(OPEN))
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-asked_at", "id"], name="alliance_referral_newest"),
            models.Index(
                fields=["until"], condition=Q(state__in=list(RUNNING)), name="alliance_referral_runs_out"
            ),
            models.Index(fields=["case"], name="alliance_referral_case"),
        ]
