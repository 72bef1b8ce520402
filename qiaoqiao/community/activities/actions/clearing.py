"""Forgetting who came: some days after an activity, and when a person's file is erased.

That somebody signed up and came stays, without name, contact or fingerprint, so that figures hold; a photo's
note of who agreed stays as long as the photo, which it allows to be shown. Sign-ups to what is still to come
stay until it is over: somebody is expected.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from qiaoqiao.community.activities.models import Activity, Signup
from qiaoqiao.gateways import vault
from qiaoqiao.ledger.actions import erase_facts
from qiaoqiao.ledger.models import Fact
from qiaoqiao.parties.forgetting import NOBODY, Leaving

BATCH = 200


def clear_past(days: int, *, at: datetime) -> int:
    """Forget who signed up for what was over so many days ago; return how many this round, up to `BATCH`."""
    return _blank(past_signups(at - timedelta(days=days)), "retention", at=at)


def past_signups(moment: datetime) -> QuerySet[Signup]:
    """Sign-ups for activities that were over at a moment, of people still known."""
    return Signup.objects.filter(activity__ends_at__lt=moment).exclude(name=NOBODY)


def forget(leaving: Leaving) -> int:
    """Forget where a person signed up, whose file is erased, at a contact that is theirs alone."""
    blinds = [vault.blind("signup", one) for one in sorted(leaving.contacts)]
    rows, done = past_signups(leaving.at).filter(blind__in=blinds), 0
    while got := _blank(rows, "file_erased", at=leaving.at):
        done += got
    return done


@transaction.atomic
def _blank(rows: QuerySet[Signup], reason: str, *, at: datetime) -> int:
    found = list(rows.order_by("activity", "pk")[:BATCH])
    touched = sorted({row.activity_id for row in found})
    list(Activity.objects.select_for_update(of=("self",)).filter(pk__in=touched).order_by("pk"))
    for row in found:
        _forget_letters(row, reason, at=at)
        row.name, row.email, row.phone, row.blind = NOBODY, "", "", row.pk.bytes
        row.save(update_fields=["name", "email", "phone", "blind"])
    return len(found)


def _forget_letters(row: Signup, reason: str, *, at: datetime) -> None:
    """The ledger knows by a fingerprint who asked for the letter once more."""
    told = Fact.objects.filter(subject=row.activity_id, facts__blind=bytes(row.blind).hex())
    erase_facts(
        row.activity_id,
        reason=reason,
        actor="system",
        at=at,
        seqs=list(told.values_list("entry__seq", flat=True)),
    )
