"""What the calendar triggers: what the law says when nobody acts. No job counts days; dates come from the clock."""

from datetime import datetime

from django.db import transaction

from qiaoqiao.access.tickets import LAW
from qiaoqiao.casework.actions.grounds import hold, settle
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.actions.seating import take
from qiaoqiao.casework.models import Assignment, Draft, Term
from qiaoqiao.casework.rules import MoveRefused
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening


def lapse_due(*, at: datetime, limit: int = 500) -> int:
    """Apply what the law says of limits that ran out before today; return how many cases changed."""
    today = at.astimezone(SHANGHAI).date()
    changed = 0
    for term in Term.objects.filter(state="running", due_on__lt=today).select_related("case").order_by("due_on")[:limit]:
        consequence = _consequence(term)
        if consequence and lapse(term, consequence, at=at):
            changed += 1
    return changed


def lapse(term: Term, consequence: str, *, at: datetime) -> bool:
    """Do what lapses: `move:<id>` made by the law, or `accepted:<seat>` for an offer left unanswered."""
    verb, _, name = consequence.partition(":")
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
    taken = Assignment.objects.select_related("office").filter(case=term.case_id, seat=seat, state="offered").first()
    if taken is None:
        return False
    take(ground.case, taken, at=at)
    facts = {"office": taken.office.code, "lapsed": term.limit}
    settle(ground, [Happening(f"accepted:{seat}", facts, LAW.ledger_name, at, taken.office.code)], at=at)
    return True


def _consequence(term: Term) -> str:
    case = term.case
    return catalogue_entry(case.service, case.edition).limit(term.limit).lapse or ""


def reckon_provisional(*, at: datetime) -> int:
    """Recompute the dates that rested on a calendar not yet announced; return how many cases were looked at."""
    cases = Term.objects.filter(provisional=True, state__in=["running", "paused"]).values_list("case", flat=True)
    looked = 0
    for case_id in cases.distinct():
        with transaction.atomic():
            settle(hold(case_id), [], at=at)
        looked += 1
    return looked


def forget_drafts(*, at: datetime) -> int:
    """Delete drafts that were left alone for thirty days, as the person was told."""
    gone, _ = Draft.objects.filter(until__lt=at).delete()
    return gone


