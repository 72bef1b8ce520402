"""Tables: places, offices, accounts, posts, clients of the API."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.rules import Level, OfficeKind, PostRole


def choices(values: type[Level] | type[OfficeKind] | type[PostRole]) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


class Place(models.Model):
    """A division of the country, by its GB/T 2260 code (townships and villages: the longer codes)."""

    code = models.CharField(max_length=12, primary_key=True)
    names = models.JSONField(help_text="zh-Hans, zh-Hant and Latin names")
    level = models.CharField(max_length=10, choices=choices(Level))
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")


class Office(models.Model):
    """An office that can take a seat at a case. `path` is the line of offices above it: `/1/7/`."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(help_text="In the five languages; zh-Hans is the official one")
    kind = models.CharField(max_length=24, choices=choices(OfficeKind))
    level = models.CharField(max_length=10, choices=choices(Level))
    place = models.ForeignKey(Place, models.PROTECT, related_name="offices")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
    path = models.CharField(max_length=200)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    letterhead = models.CharField(max_length=40, blank=True, help_text="发文字号 prefix such as 江侨函")
    settings = models.JSONField(
        default=dict, help_text="{service: {setting: number}}: what the law left open"
    )

    class Meta:
        indexes = [
            models.Index(fields=["kind", "place"]),
            models.Index(fields=["path"], name="office_path_prefix", opclasses=["varchar_pattern_ops"]),
        ]


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody (or a system) that signs in. Rights come from posts, never from the account."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False, help_text="May be entered by one click, only in the demo")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = AccountManager()

    @property
    def ledger_name(self) -> str:
        return f"staff:{self.pk}"


class Post(models.Model):
    """An account's role in an office, from a day, to a day."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="posts")
    office = models.ForeignKey(Office, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=10, choices=choices(PostRole))
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "office", "role"], condition=Q(until__isnull=True), name="post_held_once"
            ),
            models.CheckConstraint(
                name="post_not_granted_to_oneself",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("account")),
            ),
            models.CheckConstraint(
                name="post_ends_after_it_began", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]


class Client(models.Model):
    """A system that calls the API. It files for people, and acts for an office through its account."""

    name = models.CharField(max_length=80)
    token_digest = models.BinaryField(max_length=32, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="clients")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class Attempt(models.Model):
    """A counter of tries in a window of time: sign-ins, codes, filings (by an address alone only widely)."""

    key = models.CharField(max_length=120, primary_key=True)
    count = models.IntegerField()
    until = models.DateTimeField()
