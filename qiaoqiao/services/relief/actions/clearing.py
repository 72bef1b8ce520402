"""Forgetting a person in the fund when their file is erased; help still under way is finished first.

What stays, and why: amounts, purposes, votes, who decided and who paid, the books and the public notice, since the
fund accounts for every fen; and the account that money went to, with its holder and the signed receipt, since
they are part of the voucher (accounting archives; LAW names no shorter period). What goes: what was found at
home, notes and reasons in words, accounts that nothing was ever listed to, the name and address of a call of a
round, and the link to the file.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from qiaoqiao.parties.forgetting import NOBODY, Leaving
from qiaoqiao.services.relief.models import Assessment, Grant, HomeVisit, Payee, Review, Stop

OVER = ("closed", "refused", "cancelled", "led", "refunded")
BATCH = 200


def forget(leaving: Leaving) -> int:
    """Forget what is over; what is not keeps its link to the emptied file, by which `forget_finished` finds it."""
    theirs = Grant.objects.filter(Q(file=leaving.file) | Q(case__person__in=leaving.people))
    theirs.exclude(state__in=OVER).update(file=leaving.file)
    stops = Stop.objects.filter(file=leaving.file)
    return blank_grants(theirs.filter(state__in=OVER)) + blank_stops(stops.exclude(state="planned"))


def forget_finished() -> int:
    """Forget people whose files were erased while their help was under way and is over now; return how many rows."""
    grants = Grant.objects.filter(file__state="erased", state__in=OVER)
    stops = Stop.objects.filter(file__state="erased").exclude(state="planned")
    return blank_grants(grants[:BATCH]) + blank_stops(stops[:BATCH])


@transaction.atomic
def blank_grants(rows: Iterable[Grant]) -> int:
    ids = [one.pk for one in rows]
    Assessment.objects.filter(grant__in=ids).update(note="")
    HomeVisit.objects.filter(grant__in=ids).update(found="")
    Review.objects.filter(grant__in=ids).update(reasons="")
    typed = Payee.objects.filter(grant__in=ids)
    typed.filter(payments__isnull=True).delete()
    typed.update(remark="")
    Grant.objects.filter(pk__in=ids).update(file=None)
    return len(ids)


def blank_stops(rows: QuerySet[Stop]) -> int:
    ids = list(rows.values_list("pk", flat=True))
    return Stop.objects.filter(pk__in=ids).update(file=None, name=NOBODY, address="", note="")
