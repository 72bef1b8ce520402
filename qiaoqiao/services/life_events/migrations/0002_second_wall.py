"""Journeys behind the wall: seen by whoever reached one, its legs also by who sees their case."""

from django.db import migrations

from qiaoqiao.access.wall import HELD, SYSTEM, facts_seen_with, guarded, open_wall

LEG = (
    f"{SYSTEM} OR life_events_journeyleg.journey_id {HELD}"
    " OR EXISTS (SELECT 1 FROM casework_case c WHERE c.id = life_events_journeyleg.case_id)"
)
# A leg's policy does not read journeys, so this one may read legs.
JOURNEY = (
    f"{SYSTEM} OR life_events_journey.id {HELD}"
    " OR EXISTS (SELECT 1 FROM life_events_journeyleg l WHERE l.journey_id = life_events_journey.id)"
)
WALLS = {
    "life_events_journeyleg": guarded("life_events_journeyleg", LEG, remove=False),
    "life_events_journey": guarded("life_events_journey", JOURNEY, remove=False),
}


class Migration(migrations.Migration):
    dependencies = [
        ("life_events", "0001_initial"),
        ("casework", "0002_second_wall"),
        ("access", "0002_second_wall"),
        ("ledger", "__first__"),
    ]
    operations = [
        *(migrations.RunSQL(sql, open_wall(table)) for table, sql in WALLS.items()),
        migrations.RunSQL(*facts_seen_with("life_events_journey")),
        migrations.RunSQL("CREATE SEQUENCE life_events_reference", "DROP SEQUENCE life_events_reference"),
    ]
