"""Writing down one more fact of a person, where the law lets it be kept."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.parties.actions.files import add_facts
from qiaoqiao.parties.models import Consent, File, Need
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.rules import SENSITIVE_NEEDS


class ConsentMissing(Exception):
    """Health and hardship are written down only while the person agrees to it (PIPL 29)."""


@transaction.atomic
def learn(file_id: UUID, fact: Fact, *, actor: Actor, at: datetime, office: str = "") -> File:
    """Add one fact to a file. Raises ConsentMissing and FileClosed."""
    if isinstance(fact, Need) and fact.kind in SENSITIVE_NEEDS:
        agreed = Consent.objects.filter(file=file_id, purpose="sensitive", withdrawn_at__isnull=True)
        if not agreed.exists():
            raise ConsentMissing
    return add_facts(file_id, fact, actor=actor, at=at, office=office)
