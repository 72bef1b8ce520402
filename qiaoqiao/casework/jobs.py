"""What the calendar triggers: what the law says when nobody acts. No job counts days."""

from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from qiaoqiao.access.doors import by_system, each_by_system
from qiaoqiao.access.tickets import LAW
from qiaoqiao.casework.actions.grounds import hold, settle
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.actions.seating import take
from qiaoqiao.casework.models import Assignment, Draft, Term
from qiaoqiao.casework.rules import MoveRefused
from qiaoqiao.catalogue.loader import editions
from qiaoqiao.catalogue.loader import entry as entry_of
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways import storage
from qiaoqiao.ledger.actions import Happening

BATCH = 500
HALF_WRITTEN_FOR = timedelta(days=1)


@app.periodic(cron="*/10 * * * *")
@app.task(name="casework.keep_clocks", queueing_lock="casework.keep_clocks")
def keep_clocks(timestamp: int) -> None:
    """Let lapsed limits take effect and recompute provisional dates.

    The present moment counts: `timestamp` is when the job was due, in Unix time, and the worker may come late.
    """
    while lapse_due(at=datetime.now(UTC)) == BATCH:
        pass
    reckon_provisional(at=datetime.now(UTC))
    while forget_drafts(at=datetime.now(UTC)) == BATCH:
        pass


@app.periodic(cron="41 3 * * *")
@app.task(name="casework.sweep_files", queueing_lock="casework.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Remove uploads that a killed process left half written. `timestamp` in Unix time."""
    storage.sweep(datetime.fromtimestamp(timestamp, UTC) - HALF_WRITTEN_FOR)


def lapse_due(*, at: datetime) -> int:
    """Apply what the law says of limits that ran out before today; return how many cases changed.

    Limits without a consequence stay overdue: that is for people to mend.
    """
    today = at.astimezone(SHANGHAI).date()
    consequences = {
        (service, limit.id): limit.lapse
        for (service, _), entry in editions().items()
        for limit in entry.limits
        if limit.lapse
    }
    with_consequence = Q(pk__isnull=True)
    for service, limit_id in consequences:
        with_consequence |= Q(case__service=service, limit=limit_id)
    overdue = Term.objects.filter(with_consequence, state="running", due_on__lt=today)
    found = overdue.select_related("case").order_by("due_on", "id")[:BATCH]
    return each_by_system(found, lambda term: lapse(term, at=at))


def lapse(term: Term, *, at: datetime) -> bool:
    """Do what follows: `move:<id>` made by the law, or `accepted:<seat>` for an offer left unanswered."""
    case = term.case
    consequence = entry_of(case.service, case.edition).limit(term.limit).lapse or ""
    verb, _, name = consequence.partition(":")
    if not name:
        return False
    try:
        if verb == "move":
            move(term.case_id, name, answers={}, actor=LAW, at=at)
            return True
        return _deemed_accepted(term, name, at=at)
    except MoveRefused:
        return False


@transaction.atomic
def _deemed_accepted(term: Term, seat: str, *, at: datetime) -> bool:
    ground = hold(term.case_id)
    taken = (
        Assignment.objects.select_related("office")
        .filter(case=term.case_id, seat=seat, state="offered")
        .first()
    )
    if taken is None:
        return False
    take(ground.case, taken, at=at)
    facts = {"office": taken.office.code, "lapsed": term.limit}
    settle(ground, [Happening(f"accepted:{seat}", facts, LAW.ledger_name, at, taken.office.code)], at=at)
    return True


def reckon_provisional(*, at: datetime) -> int:
    """Recompute the dates that rested on a calendar not yet announced; return how many cases that is."""
    provisional = Term.objects.filter(provisional=True, state__in=["running", "paused"])
    with by_system():
        cases = list(provisional.values_list("case", flat=True).distinct())
    for case_id in cases:
        with by_system(), transaction.atomic():
            settle(hold(case_id), [], at=at)
    return len(cases)


def forget_drafts(*, at: datetime) -> int:
    """Delete drafts that were left alone for thirty days, as the person was told, and the files they held."""
    done = 0
    with by_system(), transaction.atomic():
        for draft in Draft.objects.select_for_update(skip_locked=True).filter(until__lt=at)[:BATCH]:
            for held in draft.files:
                if held["key"]:
                    transaction.on_commit(partial(storage.remove, held["key"]))
            draft.delete()
            done += 1
    return done
