"""Ending what is over by `parties.retention`: held rolls, codes, proofs of refused requests; the dead looked at."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways import storage
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions.grounds import hold, settle
from qiaoqiao.parties.actions.importing import forget_held
from qiaoqiao.parties.models import Batch, Change, File, FileCode
from qiaoqiao.parties.retention import RULES, years_before, years_kept

A_YEAR = timedelta(days=365)
MOST = 500
"""Rows in one call; a job calls again while there are more."""


def clear(*, at: datetime) -> dict[str, int]:
    """End all that is over, at most `MOST` of each kind; return how many of each. Under a system's ticket."""
    return {
        "held_roll": clear_held_rolls(at=at),
        "code": clear_codes(at=at),
        "refused_proof": clear_refused_proofs(at=at),
        "dead": review_the_dead(at=at),
    }


def clear_held_rolls(*, at: datetime) -> int:
    """Forget rolls looked through more than a week ago, and what reports quote of them: what was wrong stays."""
    old = Batch.objects.filter(made_at__lt=at - _period("held_roll")).order_by("made_at")
    over = [one for one in old if one.held or any(line.get("value") for line in one.report)]
    for batch in over[:MOST]:
        forget_held(batch)
    return len(over[:MOST])


def clear_codes(*, at: datetime) -> int:
    """Delete one-time codes a day after they ran out."""
    over = FileCode.objects.filter(until__lt=at - _period("code")).values("pk")[:MOST]
    gone, _ = FileCode.objects.filter(pk__in=over).delete()
    return gone


def clear_refused_proofs(*, at: datetime) -> int:
    """Remove the proofs that came with refused requests; the request and its answer stay."""
    over = at - _period("refused_proof")
    refused = Change.objects.filter(state="refused", decided_at__lt=over).exclude(evidence="")
    changes = list(refused.order_by("decided_at")[:MOST])
    for change in changes:
        storage.remove(change.evidence)  # first the file: a key without a file is found again, not lost
        change.evidence, change.evidence_name = "", ""
        change.save(update_fields=["evidence", "evidence_name"])
    return len(changes)


def review_the_dead(*, at: datetime) -> int:
    """Put files of the long dead before their office, once a year; nobody's file is deleted unseen."""
    today = at.astimezone(SHANGHAI).date()
    rule = RULES["dead"]
    looked = 0
    for office in Office.objects.filter(settings__registry__has_key=rule.setting):
        years = years_kept(office.settings, rule)
        if years is None:
            continue
        lately = Entry.objects.filter(subject=OuterRef("pk"), kind="file.to_review", at__gt=at - A_YEAR)
        over = File.objects.filter(
            ~Exists(lately), office=office, state="active", died_on__lt=years_before(today, years)
        )
        for file_id in over.values_list("pk", flat=True)[: MOST - looked]:
            with transaction.atomic():
                file = hold(file_id)
                file.review_on = today
                why = Happening("file.to_review", {"class": "dead"}, SYSTEM.ledger_name, at, office.code)
                settle(file, why, at=at, fields=["review_on"])
            looked += 1
    return looked


def _period(name: str) -> timedelta:
    period = RULES[name].period
    if period is None:
        raise AssertionError(f"{name} has a period of its own")
    return period
