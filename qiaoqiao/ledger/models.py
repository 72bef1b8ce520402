"""The ledger's tables. What may never change and what may be erased are kept apart."""

import uuid

from django.db import models


class Entry(models.Model):
    """One thing that happened to a subject. Append-only; a trigger refuses every change.

    Holds names, not foreign keys, and no personal data: the facts are in `Fact`, bound by `commitment`.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    subject = models.UUIDField(db_comment="The case or other thing it happened to.")
    seq = models.IntegerField(db_comment="1, 2, 3... within the subject.")
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=80, db_comment="staff:7, client:3, person, law or system.")
    office = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()
    commitment = models.BinaryField(max_length=32, db_comment="SHA-256(salt, canonical facts).")
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="entry_one_per_step", fields=["subject", "seq"]),
            models.CheckConstraint(name="entry_steps_start_at_one", condition=models.Q(seq__gte=1)),
        ]
        indexes = [models.Index(name="entry_by_kind_and_time", fields=["kind", "at"])]

    def __str__(self) -> str:
        return f"{self.subject}/{self.seq} {self.kind}"


class Fact(models.Model):
    """The personal facts of an entry. May be erased, never changed; the chain holds without them."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.DO_NOTHING)
    subject = models.UUIDField(db_index=True)
    salt = models.BinaryField(max_length=16, db_comment="Dies with the facts.")
    facts = models.JSONField(
        db_comment="Personal data. Erased when the subject's retention ends or erasure is granted."
    )

    def __str__(self) -> str:
        return f"facts of entry {self.pk}"


class Waiting(models.Model):
    """An entry that has no place in the global sequence yet. A trigger adds it with the entry."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False)

    def __str__(self) -> str:
        return f"entry {self.pk} waits for its place"


class Position(models.Model):
    """An entry's place in the global sequence: 0, 1, 2... without gaps, given by the one sequencer."""

    idx = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING)
    leaf = models.BinaryField(max_length=32, db_comment="RFC 6962 leaf hash of the canonical entry.")
    placed_at = models.DateTimeField(db_comment="When the sequencer came by; proves nothing.")

    def __str__(self) -> str:
        return f"{self.idx}: entry {self.entry_id}"


class Checkpoint(models.Model):
    """The signed root over the first `size` entries."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    peaks = models.BinaryField(db_comment="Roots of the complete subtrees, largest first, 32 bytes each.")
    note = models.TextField(db_comment="C2SP checkpoint: origin, size, root, signature.")
    made_at = models.DateTimeField()
    key_id = models.CharField(max_length=8)

    def __str__(self) -> str:
        return f"checkpoint over {self.size}"
