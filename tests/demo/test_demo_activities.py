"""The activities of the demo: Shengli's year against its plan, and what the public may come to."""

import random
from datetime import UTC, date, datetime

from demo.activities import fill_activities
from demo.offices import load_offices, load_staff
from demo.places import load_places
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.activities.models import Activity, Plan, Signup
from qiaoqiao.community.activities.queries import against_plan, upcoming
from qiaoqiao.community.activities.rules import ActivityKind
from tests.cast import now_epoch


def test_shenglis_year_is_planned_held_and_in_part_missing_once(db: None) -> None:
    now = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    with acting(SYSTEM, epoch=now_epoch()):
        load_staff(load_offices(load_places()), since=date(2020, 1, 1), chance=random.Random(1))
    made = fill_activities(7, now)
    assert fill_activities(7, now) == made
    with acting(SYSTEM, epoch=now_epoch()):
        rows = {row.kind: row for row in against_plan(Plan.objects.get(), today=now.date())}
        assert (rows[ActivityKind.VISIT].planned, rows[ActivityKind.VISIT].missing) == (12, 1)
        assert (rows[ActivityKind.LECTURE].planned, rows[ActivityKind.LECTURE].missing) == (4, 1)
        assert rows[ActivityKind.STUDY].missing == 0
        assert len(upcoming(now=now)) == 3
        assert Signup.objects.filter(state="waiting").exists()
        assert Activity.objects.filter(state="postponed").count() == 1
