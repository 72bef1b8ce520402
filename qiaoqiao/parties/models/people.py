"""People who ask, the numbers of their papers under lock, and mandates to act for them."""

from django.db import models
from django.db.models import F, Q

from qiaoqiao.lib.ids import row_id


class Person(models.Model):
    """Somebody who asks, as they gave themselves; no more than a request needs.

    Personal data throughout: read only through a case that the reader may see (row-level security).
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    name = models.CharField(max_length=100, help_text="As the person writes it, any script")
    latin_name = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="Where they live, ISO 3166-1")
    language = models.CharField(max_length=10, default="zh-hans")
    timezone = models.CharField(max_length=40, default="Asia/Shanghai", help_text="IANA name")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=24, blank=True, help_text="E.164")
    made_at = models.DateTimeField()
    file = models.ForeignKey(
        "parties.File",
        models.SET_NULL,
        null=True,
        related_name="applicants",
        help_text="Once an officer knew them",
    )

    class Meta:
        indexes = [
            models.Index(fields=["email"], condition=~Q(email=""), name="person_by_email"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="person_by_phone"),
        ]


class Identity(models.Model):
    """The number of a person's paper: encrypted, found only by a keyed index, shown only in part."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=24, help_text="passport, resident_card, travel_document, other")
    sealed = models.BinaryField(help_text="AES-256-GCM; erased with the person")
    blind = models.BinaryField(max_length=32, help_text="HMAC of the tidied number, for exact look-up")
    tail = models.CharField(max_length=4)

    class Meta:
        indexes = [models.Index(fields=["kind", "blind"])]


class Mandate(models.Model):
    """Somebody acts for a person, in one case, until a day or until it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    principal = models.ForeignKey(Person, models.CASCADE, related_name="mandates")
    agent = models.ForeignKey(Person, models.CASCADE, related_name="acts_under")
    relation = models.CharField(max_length=40, help_text="relative, lawyer, station, friend, …")
    scope = models.CharField(max_length=40, help_text="The service it is given for")
    given_at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=200, blank=True, help_text="How the person confirmed it")

    class Meta:
        constraints = [
            models.CheckConstraint(name="mandate_between_two_people", condition=~Q(principal=F("agent"))),
        ]
        indexes = [models.Index(fields=["principal"]), models.Index(fields=["agent"])]
