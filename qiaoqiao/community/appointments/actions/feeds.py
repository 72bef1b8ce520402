"""Calendars to subscribe to: begun once, good until revoked."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.appointments.models import Feed
from qiaoqiao.community.appointments.queries import visible_feeds
from qiaoqiao.community.appointments.rules import BEIJING
from qiaoqiao.ledger.actions import Happening, record, start


@transaction.atomic
def feed_of_office(office: Office, *, actor: Actor, at: datetime) -> Feed:
    """The officer's calendar of an office; the one they have, or a new one."""
    held = visible_feeds(actor, on=at.astimezone(BEIJING).date()).filter(office=office).first()
    if held:
        return held
    feed = Feed(office=office, account_id=actor.account_id, made_at=at)
    feed.save(force_insert=True)
    start(feed.pk, Happening("feed.made", {"office": office.code}, actor.ledger_name, at, office.code))
    return feed


@transaction.atomic
def feed_of_case(case_id: UUID, *, actor: Actor, at: datetime) -> Feed:
    """The person's calendar of one case; the one there is, or a new one."""
    held = visible_feeds(actor, on=at.astimezone(BEIJING).date()).filter(case=case_id).first()
    if held:
        return held
    feed = Feed(case_id=case_id, made_at=at)
    feed.save(force_insert=True)
    start(feed.pk, Happening("feed.made", {}, actor.ledger_name, at))
    return feed


@transaction.atomic
def revoke(feed_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End a feed: its link opens nothing from now on. Raises Feed.DoesNotExist for another's."""
    seen = visible_feeds(actor, on=at.astimezone(BEIJING).date())
    feed = seen.select_for_update(of=("self",)).get(pk=feed_id)
    feed.revoked_at = at
    feed.save(update_fields=["revoked_at"])
    office = feed.office.code if feed.office else ""
    record(feed.pk, Happening("feed.revoked", {}, actor.ledger_name, at, office))
