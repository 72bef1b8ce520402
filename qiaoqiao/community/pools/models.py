"""Members of pools and what hangs on them: qualifications, terms, nominations, other posts, training, rota, work."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account, Office, Place
from qiaoqiao.casework.models import Case
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.pools import rules
from qiaoqiao.parties.models.files import File, Row


def choices(tokens: object) -> list[tuple[str, str]]:
    return [(str(one), str(one)) for one in tokens]  # type: ignore[attr-defined]


class PoolMember(Row):
    """Somebody who is, was or may become one of a pool. Personal data; whether they belong to a party is never held."""

    kind = models.CharField(max_length=20, choices=choices(rules.PoolKind))
    state = models.CharField(max_length=14, choices=choices(rules.PoolState))
    keeper = models.ForeignKey(Office, models.PROTECT, related_name="pool_members")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="pool_members", help_text="Committee or station"
    )
    name = models.CharField(max_length=100)
    latin_name = models.CharField(max_length=120, blank=True)
    born = models.CharField(max_length=10, blank=True, help_text="YYYY, YYYY-MM or YYYY-MM-DD")
    sex = models.CharField(max_length=1, blank=True, help_text="m, f")
    nationality = models.CharField(max_length=2, help_text="ISO 3166-1")
    education = models.CharField(max_length=20, blank=True, help_text="One of rules.EDUCATION")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="+", help_text="Region they serve"
    )
    country = models.CharField(max_length=2, default="CN", help_text="Where they live, ISO 3166-1")
    languages = models.JSONField(default=list, help_text="Languages and dialects, tokens as of a file")
    specialties = models.JSONField(default=list, help_text="Tokens of wording.SPECIALTIES")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(File, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["keeper", "kind", "name", "id"], name="pool_member_by_kind"),
            models.Index(fields=["keeper", "name", "id"], name="pool_member_by_name"),
            models.Index(fields=["organisation", "kind"], name="pool_member_by_committee"),
            GinIndex(fields=["languages"], name="pool_member_languages"),
            GinIndex(fields=["specialties"], name="pool_member_specialties"),
        ]


class Qualification(Row):
    """What somebody is qualified by. A licence number is sealed; people read its last four characters."""

    member = models.ForeignKey(PoolMember, models.CASCADE, related_name="qualifications")
    kind = models.CharField(max_length=32, choices=choices(rules.QUALIFICATIONS))
    years = models.PositiveSmallIntegerField(default=0, help_text="Of work in it")
    issuer = models.CharField(max_length=120, blank=True)
    sealed = models.BinaryField(null=True, help_text="AES-256-GCM; the licence's number")
    tail = models.CharField(max_length=4, blank=True)
    issued_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pool_licence_sealed_with_its_tail",
                condition=Q(sealed__isnull=True, tail="") | (Q(sealed__isnull=False) & ~Q(tail="")),
            ),
        ]
        indexes = [models.Index(fields=["member"])]


class Nomination(Row):
    """Somebody proposed for a pool, and what became of it."""

    member = models.ForeignKey(PoolMember, models.CASCADE, related_name="nominations")
    by = models.CharField(max_length=12, help_text="self, federation, employer, organisation")
    by_name = models.CharField(max_length=120, blank=True)
    reason = models.TextField(max_length=1000, blank=True)
    number = models.CharField(max_length=60, blank=True, help_text="Of the letter of recommendation")
    state = models.CharField(max_length=14)
    nominated_on = models.DateField()
    announced_on = models.DateField(null=True, help_text="The call for candidates stood from")
    announced_until = models.DateField(null=True)
    notice_from = models.DateField(null=True, help_text="The candidate was made public from")
    notice_until = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    answer = models.CharField(max_length=400, blank=True, help_text="Why it was refused")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=sorted(str(one) for one in rules.CANDIDATES)),
                name="pool_one_open_nomination",
            ),
            models.CheckConstraint(
                name="pool_notice_has_both_days",
                condition=Q(notice_from__isnull=True, notice_until__isnull=True)
                | Q(
                    notice_from__isnull=False, notice_until__isnull=False, notice_until__gte=F("notice_from")
                ),
            ),
            models.CheckConstraint(
                name="pool_announcement_has_both_days",
                condition=Q(announced_on__isnull=True, announced_until__isnull=True)
                | Q(
                    announced_on__isnull=False,
                    announced_until__isnull=False,
                    announced_until__gte=F("announced_on"),
                ),
            ),
        ]
        indexes = [models.Index(fields=["member", "-nominated_on"], name="pool_nomination_newest")]


class PoolTerm(Row):
    """A term of office. `number` counts terms in a row; `most` is how many the law allowed when it began."""

    member = models.ForeignKey(PoolMember, models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="None where there is no term of office")
    appointed_by = models.ForeignKey(Office, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=80, blank=True, help_text="Number of the decision or letter")
    ended_on = models.DateField(null=True, help_text="When it really ended")
    warned_days = models.PositiveSmallIntegerField(null=True, help_text="The nearest threshold told of")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(ended_on__isnull=True), name="pool_one_open_term"
            ),
            models.UniqueConstraint(fields=["member", "starts_on"], name="pool_term_starts_once"),
            models.CheckConstraint(
                name="pool_term_within_the_limit",
                condition=Q(number__gte=1) & (Q(most__isnull=True) | Q(number__lte=F("most"))),
            ),
            models.CheckConstraint(
                name="pool_term_ends_after_it_began",
                condition=(Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on"))),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on", "id"], condition=Q(ended_on__isnull=True), name="pool_term_by_end"
            ),
        ]


class OtherPost(Row):
    """What else somebody is, for incompatibilities and conflicts of interest."""

    member = models.ForeignKey(PoolMember, models.CASCADE, related_name="posts")
    kind = models.CharField(max_length=24, choices=choices(rules.OTHER_POSTS))
    at = models.CharField(max_length=120, blank=True, help_text="Where: the body or firm")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pool_post_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [models.Index(fields=["member"])]


class TrainingRecord(Row):
    """A training that somebody took."""

    member = models.ForeignKey(PoolMember, models.CASCADE, related_name="trainings")
    title = models.CharField(max_length=120)
    held_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    organiser = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "title", "held_on"], name="pool_training_once"),
            models.CheckConstraint(name="pool_training_has_hours", condition=Q(hours__gt=0)),
        ]
        indexes = [models.Index(fields=["-held_on", "-id"], name="pool_training_newest")]


class DutyShift(Row):
    """Somebody's part of a day on duty; nobody is on duty twice at one time."""

    member = models.ForeignKey(PoolMember, models.CASCADE, related_name="shifts")
    on = models.DateField()
    part = models.CharField(max_length=10, choices=choices(rules.PARTS_OF_DAY))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "on", "part"], name="pool_on_duty_once")]
        indexes = [models.Index(fields=["on", "part"])]


class Engagement(Row):
    """Somebody of a pool at work on something, for workload: a case, or a matter named in words."""

    member = models.ForeignKey(PoolMember, models.CASCADE, related_name="engagements")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    matter = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=choices(rules.ROLES))
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "case", "role"],
                condition=Q(until__isnull=True),
                name="pool_engaged_once_in_a_role",
            ),
            models.CheckConstraint(
                name="pool_engagement_names_its_matter", condition=Q(case__isnull=False) | ~Q(matter="")
            ),
            models.CheckConstraint(
                name="pool_engagement_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [
            models.Index(fields=["member"], condition=Q(until__isnull=True), name="pool_engagement_open"),
        ]
