"""Forgetting somebody of a pool whose file is erased, once they are out of office.

Who holds an office, or stands for one, holds it in public: that goes on, and the link to the emptied file stays so
that the night's work finds them when it is over. Then name, birth, contacts, qualifications, other posts and all
words go. What stays: which pool, the terms with who appointed, trainings and matters, so that figures hold.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.community.pools.models import Nomination, OtherPost, PoolMember, Qualification
from qiaoqiao.community.pools.rules import CANDIDATES, IN_OFFICE
from qiaoqiao.ledger.actions import erase_facts
from qiaoqiao.parties.forgetting import NOBODY, Leaving

BLANK: dict[str, object] = {
    "name": NOBODY, "latin_name": "", "born": "", "sex": "", "nationality": "", "education": "", "email": "",
    "phone": "", "place": None, "languages": [], "specialties": [], "account": None, "file": None,
}  # fmt: skip
STILL = sorted(str(one) for one in CANDIDATES | IN_OFFICE)


def forget(leaving: Leaving) -> int:
    """Forget who is out of office; return how many."""
    over = PoolMember.objects.filter(file=leaving.file).exclude(state__in=STILL)
    found = list(over.values_list("pk", flat=True))
    for pk in found:
        blank(pk, at=leaving.at)
    return len(found)


@transaction.atomic
def blank(member_id: UUID, *, at: datetime) -> None:
    """Leave nothing of who somebody was; again changes nothing."""
    row = PoolMember.objects.select_for_update(of=("self",)).get(pk=member_id)
    if row.state in STILL:
        return
    for column, value in BLANK.items():
        setattr(row, column, value)
    row.save(update_fields=list(BLANK))
    Qualification.objects.filter(member=row).delete()
    OtherPost.objects.filter(member=row).delete()
    Nomination.objects.filter(member=row).update(by_name="", reason="", answer="")
    erase_facts(row.pk, reason="file_erased", actor="system", at=at)
