"""The pools of the demo: the article's figures, through the real actions, once."""

import random
from datetime import UTC, date, datetime

from demo.offices import load_offices, load_staff
from demo.places import load_places
from demo.pools import fill_pools
from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.pools.models import DutyShift, Engagement
from qiaoqiao.community.pools.queries import expiring, figures
from tests.cast import as_staff, now_epoch


def test_the_pools_hold_what_the_article_counts_and_are_filled_once(db: None) -> None:
    now = datetime.now(UTC)
    with acting(SYSTEM, epoch=now_epoch()):
        load_staff(load_offices(load_places()), since=date(2020, 1, 1), chance=random.Random(1))
    made = fill_pools(7, now)
    assert fill_pools(7, now) == made == 152 + 57 + 5 + 3 + 16
    head = as_staff(Account.objects.get(username="jiangmen-federation"))
    with acting(head, epoch=now_epoch()):
        shown = figures(head, on=now.date())
        assert len(shown.committees) == 8
        assert shown.advisers_in_committees == shown.by_kind["adviser"] == 152
        assert shown.by_kind["invited_mediator"] == 57 - 1
        assert (shown.supervisors_recommended, shown.arbitrators_recommended) == (5, 3)
        assert shown.by_kind["people_supervisor"] == 3
        assert expiring(head, on=now.date()).count() > 5
        assert DutyShift.objects.count() > 50
        assert Engagement.objects.filter(until__isnull=True).count() == 50
