"""The organisation tree. Public like a telephone book; who keeps it up is an office."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account, Office, Place
from qiaoqiao.community.network.rules import OrganisationKind
from qiaoqiao.parties.models.files import Row


class Organisation(Row):
    """A federation, station, home, studio or partner, and where to find it. `path` is its line of codes:
    `/JM/JM-TS/`.

    It may be the public side of an `Office` that takes seats at cases; most are not. One that closed stays.
    """

    code = models.CharField(max_length=40, unique=True, help_text="As the keeper's list writes it")
    keeper = models.ForeignKey(Office, models.PROTECT, related_name="organisations")
    office = models.OneToOneField(Office, models.PROTECT, null=True, related_name="organisation")
    kind = models.CharField(max_length=24, choices=[(one.value, one.value) for one in OrganisationKind])
    names = models.JSONField(help_text="zh-Hans, and other languages where there are any")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
    path = models.CharField(max_length=400)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="organisations")
    country = models.CharField(max_length=2, default="CN", help_text="ISO 3166-1; abroad there is no place")
    address = models.CharField(max_length=200, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=5, null=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    hours = models.JSONField(default=dict, help_text='{"mon": ["09:00-12:00", ...]}, local time')
    zone = models.CharField(max_length=40, blank=True, help_text="IANA, abroad; here it is Shanghai")
    languages = models.JSONField(default=list, help_text="Languages and dialects spoken, tokens as of a file")
    services = models.JSONField(default=list, help_text="Ids of entries it helps with")
    about = models.JSONField(default=dict, help_text="A sentence or two, by language")
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    checked_on = models.DateField(null=True, help_text="When somebody last confirmed the data")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_abroad_or_placed",
                condition=Q(country="CN", place__isnull=False) | (~Q(country="CN") & Q(place__isnull=True)),
            ),
            models.CheckConstraint(
                name="organisation_closes_after_opening",
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="organisation_has_whole_coordinates",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["keeper", "kind", "code"], name="organisation_by_keeper"),
            models.Index(fields=["place", "kind"], name="organisation_by_place"),
            models.Index(fields=["country", "kind"], name="organisation_by_country"),
            models.Index(fields=["path"], name="organisation_path_prefix", opclasses=["varchar_pattern_ops"]),
            GinIndex(fields=["languages"], name="organisation_languages"),
        ]


class OrganisationPost(Row):
    """Somebody's post in an organisation, as it is announced publicly; an account only if they work here."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="posts")
    title = models.CharField(max_length=60, help_text="As announced, such as 主席, 站长")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_post_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-since"], name="organisation_post_newest")]


class Upload(Row):
    """A file of a keeper's organisations: looked through, then put in force, or left lying.

    `rows` are the rows that may be put in force, tidied, each with a digest of what stood there before; `report`
    says what is wrong with each cell of the others.
    """

    keeper = models.ForeignKey(Office, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default="looked", help_text="looked, done")
    rows = models.JSONField(default=list)
    report = models.JSONField(default=list)
    counts = models.JSONField(default=dict, help_text="{new, changed, unchanged, closed, wrong: number}")
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="network_upload_done_has_its_moment",
                condition=Q(state="looked", done_at__isnull=True) | Q(state="done", done_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["keeper", "-made_at"], name="network_upload_newest")]
