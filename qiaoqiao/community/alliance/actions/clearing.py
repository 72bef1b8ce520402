"""Forgetting a person whose file is erased: partners see nothing of them any more.

Referrals still open are taken back: they rest on a consent, and the erasure ends it. Of those that are over go
the partner's words. What stays: that the case was referred, when, and the facts that name nobody, with the case.
"""

from qiaoqiao.access.tickets import SYSTEM
from qiaoqiao.community.alliance.actions.referring import withdraw
from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.rules import OPEN
from qiaoqiao.ledger.actions import erase_facts
from qiaoqiao.parties.forgetting import Leaving


def forget(leaving: Leaving) -> int:
    """Take back what is open and forget what partners wrote; return how many referrals."""
    theirs = Referral.objects.filter(case__person__in=leaving.people).order_by("pk")
    for pk in list(theirs.filter(state__in=list(OPEN)).values_list("pk", flat=True)):
        withdraw(pk, actor=SYSTEM, at=leaving.at)
    rows = list(theirs.select_for_update(of=("self",)))
    for row in rows:
        row.words, row.kept_back = "", {}
        row.save(update_fields=["words", "kept_back"])
        erase_facts(row.pk, reason="file_erased", actor=SYSTEM.ledger_name, at=leaving.at)
    return len(rows)
