"""What a partner offers: made, changed, closed by the officers of whoever keeps the partner's organisation."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.alliance.models import Offer
from qiaoqiao.community.alliance.queries import kept_offers
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.network.queries import kept_by
from qiaoqiao.ledger.actions import Happening, record, start


class NotYours(Exception):
    """The organisation or the offer is not the actor's to change."""


@dataclass(frozen=True)
class Offered:
    """An offer as somebody describes it."""

    titles: dict[str, str]
    since: date
    until: date | None = None
    about: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    cost: dict[str, str] = field(default_factory=dict)
    services: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def local_day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


@transaction.atomic
def make_offer(organisation: str, given: Offered, *, actor: Actor, at: datetime) -> Offer:
    """Begin an offer of an organisation by its code. Raises NotYours."""
    kept = kept_by(actor, on=local_day(at)).select_related("keeper")
    try:
        row = kept.get(code=organisation, closed_on__isnull=True)
    except Organisation.DoesNotExist:
        raise NotYours(organisation) from None
    offer = Offer.objects.create(organisation=row, **asdict(given))
    facts = {"organisation": row.code}
    start(offer.pk, Happening("offer.made", facts, actor.ledger_name, at, row.keeper.code))
    return offer


@transaction.atomic
def change_offer(offer_id: UUID, given: Offered, *, actor: Actor, at: datetime) -> bool:
    """Describe an offer anew; False when nothing changed. Raises NotYours."""
    offer = _held(offer_id, actor, at)
    changed = [name for name, value in asdict(given).items() if getattr(offer, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(offer, name, getattr(given, name))
    offer.save(update_fields=changed)
    office = offer.organisation.keeper.code
    record(offer.pk, Happening("offer.changed", {"changed": list(changed)}, actor.ledger_name, at, office))
    return True


@transaction.atomic
def close_offer(offer_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """End an offer; referrals under way go on. False when it had ended. Raises NotYours."""
    offer = _held(offer_id, actor, at)
    if offer.closed_at is not None:
        return False
    offer.closed_at = at
    offer.save(update_fields=["closed_at"])
    record(offer.pk, Happening("offer.closed", {}, actor.ledger_name, at, offer.organisation.keeper.code))
    return True


def _held(offer_id: UUID, actor: Actor, at: datetime) -> Offer:
    rows = kept_offers(actor, on=local_day(at)).select_related("organisation__keeper")
    offer = rows.select_for_update(of=("self",)).filter(pk=offer_id).first()
    if offer is None:
        raise NotYours(str(offer_id))
    return offer
