"""What follows in the fund when a case of relief moves by itself: the person has the money, or the case has ended."""

from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import reacts_to
from qiaoqiao.parties.forgetting import forgets
from qiaoqiao.services.relief.actions.clearing import forget
from qiaoqiao.services.relief.actions.deciding import follow_case
from qiaoqiao.services.relief.actions.paying import confirmed
from qiaoqiao.services.relief.models import Grant


@reacts_to("closed", name="relief.follow_case")
def grant_follows_case(entry_uid: str) -> None:
    """Close the grant of a case that is closed."""
    at = timezone.now()
    with acting(SYSTEM, epoch=int(at.timestamp())):
        subject = Entry.objects.values_list("subject", flat=True).get(uid=entry_uid)
        grant = Grant.objects.filter(case=subject).first()
        if grant is not None:
            outcome = Case.objects.values_list("outcome", flat=True).get(pk=subject)
            follow_case(grant.pk, outcome, actor=SYSTEM, at=at)


@reacts_to("move:confirm_receipt", name="relief.received_by_person")
def grant_received_by_person(entry_uid: str) -> None:
    """Keep with the payment that the person has confirmed it."""
    at = timezone.now()
    with acting(SYSTEM, epoch=int(at.timestamp())):
        subject = Entry.objects.values_list("subject", flat=True).get(uid=entry_uid)
        grant = Grant.objects.filter(case=subject).first()
        if grant is not None:
            confirmed(grant.pk, on=timezone.localdate(at), actor=SYSTEM, at=at)


forgets("relief")(forget)
