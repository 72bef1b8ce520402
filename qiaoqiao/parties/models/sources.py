"""Where facts come from: an office's roll, one import of it, one line of it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from qiaoqiao.access.models import Account, Office
from qiaoqiao.parties.models.files import File, Row


class Source(models.Model):
    """A roll that an office keeps: what its columns are called, and how far each is to be believed."""

    code = models.CharField(max_length=40, unique=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="sources", help_text="Gives the roll")
    keeper = models.ForeignKey(
        Office, models.PROTECT, related_name="+", help_text="Keeps the files made of it"
    )
    names = models.JSONField(help_text="In the five languages")
    kind = models.CharField(max_length=16, help_text="hukou, cn_passport, foreign_passport, court, school, …")
    mapping = models.JSONField(default=dict, help_text="{their column: our column}")
    dates = models.CharField(max_length=3, blank=True, help_text="Order of 02/03/1954: dmy, mdy, or unknown")
    basis = models.CharField(max_length=40, help_text="Legal ground on which the roll is shared")
    rank = models.PositiveSmallIntegerField(default=5, help_text="1 is believed first where sources differ")


class Batch(Row):
    """One import of a source: looked through, done, or undone."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, help_text="looked, doing, done, undoing, undone")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=list, help_text="[{row, column, fault, value}]: what is wrong, by row")
    held = models.BinaryField(null=True, help_text="The file itself between looking and doing, sealed")
    mapping = models.JSONField(default=dict, help_text="{their column: our column} as it was read")
    dates = models.CharField(max_length=3, blank=True)
    counts = models.JSONField(default=dict, help_text="What became of its rows, and how far it has got")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="batch_undone_has_its_time",
                condition=Q(state="undone", undone_at__isnull=False)
                | ~Q(state="undone") & Q(undone_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["source", "-made_at"])]


class Record(Row):
    """One line of a source, as it was given and tidied; a file is made of one or more of them.

    The columns are those of shared rolls; `born` may be partial or impossible, as it was written.
    Personal data throughout; the identity number is sealed, the rest falls with the file.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="records")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="records")
    line = models.PositiveIntegerField(default=0, help_text="Row in the batch, from 1")
    theirs = models.CharField(max_length=60, blank=True, help_text="The source's own number of the line")
    file = models.ForeignKey(File, models.SET_NULL, null=True, related_name="records")
    name_hanzi = models.CharField(max_length=60, blank=True)
    name_latin = models.CharField(max_length=120, blank=True)
    surname_latin = models.CharField(max_length=60, blank=True)
    given_latin = models.CharField(max_length=90, blank=True)
    alias = models.CharField(max_length=90, blank=True)
    sex = models.CharField(max_length=1, blank=True, help_text="M, F")
    birth_date = models.CharField(max_length=10, blank=True)
    birth_calendar = models.CharField(max_length=6, blank=True, help_text="lunar, or blank")
    nationality = models.CharField(max_length=2, blank=True)
    id_type = models.CharField(max_length=10, blank=True, help_text="CNID, PASSPORT, or another paper")
    id_sealed = models.BinaryField(null=True)
    id_blind = models.BinaryField(max_length=32, null=True)
    id_tail = models.CharField(max_length=4, blank=True)
    phone = models.CharField(max_length=24, blank=True)
    native_place = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=200, blank=True)
    household_no = models.CharField(max_length=40, blank=True)
    father_name = models.CharField(max_length=120, blank=True)
    mother_name = models.CharField(max_length=120, blank=True)
    spouse_name = models.CharField(max_length=120, blank=True)
    record_date = models.DateField(null=True)
    more = models.JSONField(default=dict, help_text="Mapped facts besides: origin, return_year, need, …")
    keys = ArrayField(models.BigIntegerField(), default=list, help_text="Keys of parties.linkage.keys")
    digest = models.BinaryField(max_length=32, null=True, help_text="Keyed digest of all that the line says")
    began = models.BooleanField(default=False, help_text="The file was made of this line")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "line"], condition=Q(line__gt=0), name="record_line_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "digest"], condition=Q(digest__isnull=False), name="record_by_digest"
            ),
            models.Index(fields=["source", "theirs"], condition=~Q(theirs=""), name="record_by_theirs"),
            GinIndex(fields=["keys"], name="record_keys"),
            models.Index(fields=["file"]),
            models.Index(fields=["batch", "line"]),
            models.Index(fields=["id_blind"], condition=Q(id_blind__isnull=False), name="record_by_number"),
        ]
