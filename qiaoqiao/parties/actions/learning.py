"""Writing down one more fact of a person, where the law lets it be kept."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.parties.actions.files import add_facts
from qiaoqiao.parties.actions.grounds import hold, settle
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


@transaction.atomic
def speak(file_id: UUID, languages: Iterable[str], *, actor: Actor, at: datetime, office: str = "") -> File:
    """Say which languages and dialects the person speaks, as tokens of `wording.LANGUAGES`. Raises FileClosed."""
    file = hold(file_id)
    file.languages = list(dict.fromkeys(languages))
    learned = Happening("file.learned", {"kind": "language"}, actor.ledger_name, at, office)
    return settle(file, learned, at=at, fields=["languages"])
