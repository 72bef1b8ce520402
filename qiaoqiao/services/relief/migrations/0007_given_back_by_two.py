"""Money goes back to who gave it when one has asked for it and another approved it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import qiaoqiao.lib.ids
from qiaoqiao.access.wall import MINE, SYSTEM, guarded, open_wall

FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$"

BY_TWO = f"""
CREATE FUNCTION relief_given_back_by_two() RETURNS trigger {FUNCTION}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM relief_giveback g
         WHERE g.entry_id = NEW.id AND g.state = 'done' AND g.source_id = NEW.source_id AND g.decided_by_id = NEW.made_by_id
           AND g.amount_fen = (SELECT -sum(p.amount_fen) FROM relief_posting p JOIN relief_account a ON a.id = p.account_id
                                WHERE p.entry_id = NEW.id AND a.kind = 'cash')
    ) THEN
        RAISE EXCEPTION 'nobody else asked that this goes back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_goes_back_by_two';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER given_back_by_two AFTER INSERT ON relief_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'give_back') EXECUTE FUNCTION relief_given_back_by_two();

CREATE FUNCTION relief_give_back_as_asked() RETURNS trigger {FUNCTION}
BEGIN
    IF OLD.state <> 'asked' OR (OLD.office_id, OLD.source_id, OLD.amount_fen, OLD.asked_by_id) IS DISTINCT FROM
                               (NEW.office_id, NEW.source_id, NEW.amount_fen, NEW.asked_by_id) THEN
        RAISE EXCEPTION 'what was asked for stays as it was'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'give_back_stays_as_asked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER give_back_as_asked BEFORE UPDATE ON relief_giveback
    FOR EACH ROW EXECUTE FUNCTION relief_give_back_as_asked();
"""
GONE = """
DROP TRIGGER give_back_as_asked ON relief_giveback; DROP TRIGGER given_back_by_two ON relief_journalentry;
DROP FUNCTION relief_give_back_as_asked; DROP FUNCTION relief_given_back_by_two;
"""
OURS = f"({SYSTEM} OR office_id {MINE})"
PROTECT = django.db.models.deletion.PROTECT


def officer(*, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(null=null, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    dependencies = [
        ("relief", "0006_rounds_within_bands"),
        ("access", "0002_second_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            "GiveBack",
            [
                (
                    "id",
                    models.UUIDField(
                        default=qiaoqiao.lib.ids.row_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount_fen", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("state", models.CharField(default="asked", help_text="asked, done, dropped", max_length=8)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("asked_by", officer()),
                ("decided_by", officer(null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=PROTECT, related_name="give_back", to="relief.journalentry"
                    ),
                ),
                ("office", models.ForeignKey(on_delete=PROTECT, related_name="+", to="access.office")),
                (
                    "source",
                    models.ForeignKey(on_delete=PROTECT, related_name="give_backs", to="relief.source"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="give_back_of_something", condition=Q(amount_fen__gt=0)),
                    models.CheckConstraint(
                        name="give_back_asked_and_approved_by_two",
                        condition=~Q(state="done")
                        | Q(decided_by__isnull=False, decided_at__isnull=False, entry__isnull=False)
                        & ~Q(decided_by=F("asked_by")),
                    ),
                    models.UniqueConstraint(
                        fields=["source"], condition=Q(state="asked"), name="give_back_asked_once"
                    ),
                ]
            },
        ),
        migrations.RunSQL(guarded("relief_giveback", OURS, remove=False), open_wall("relief_giveback")),
        migrations.RunSQL(BY_TWO, GONE),
    ]
