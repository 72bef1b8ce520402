"""A round needs the approvers its households' worth needs; who approved it hands nothing out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$"

WALKED = f"""
CREATE FUNCTION relief_stop_lawful() RETURNS trigger {FUNCTION}
DECLARE
    walk relief_round;
BEGIN
    SELECT * INTO STRICT walk FROM relief_round WHERE id = NEW.round_id FOR SHARE;
    IF NEW.visitor_one_id IN (walk.approver_id, walk.upper_id) OR NEW.visitor_two_id IN (walk.approver_id, walk.upper_id) THEN
        RAISE EXCEPTION 'who approved the round does not hand out its money'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_approver_does_not_visit';
    END IF;
    IF walk.state <> 'draft' AND (TG_OP = 'INSERT'
        OR (OLD.round_id, OLD.purpose, OLD.amount_fen, OLD.lot_id, OLD.quantity) IS DISTINCT FROM
           (NEW.round_id, NEW.purpose, NEW.amount_fen, NEW.lot_id, NEW.quantity)) THEN
        RAISE EXCEPTION 'a round that is approved stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_stays_as_approved';
    END IF;
    IF NEW.state = 'given' AND walk.state <> 'approved' AND (TG_OP = 'INSERT' OR OLD.state <> 'given') THEN
        RAISE EXCEPTION 'nothing is given on a round that is not approved'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stop_given_on_an_approved_round';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stop_lawful BEFORE INSERT OR UPDATE ON relief_stop
    FOR EACH ROW EXECUTE FUNCTION relief_stop_lawful();

CREATE FUNCTION relief_round_lawful() RETURNS trigger {FUNCTION}
BEGIN
    IF EXISTS (
        SELECT 1 FROM relief_stop s WHERE s.round_id = NEW.id
           AND (s.visitor_one_id IN (NEW.approver_id, NEW.upper_id) OR s.visitor_two_id IN (NEW.approver_id, NEW.upper_id))
    ) THEN
        RAISE EXCEPTION 'who handed out the money of the round does not approve it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_approver_does_not_visit';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_lawful BEFORE UPDATE OF approver_id, upper_id ON relief_round
    FOR EACH ROW EXECUTE FUNCTION relief_round_lawful();
"""
GONE = """
DROP TRIGGER round_lawful ON relief_round; DROP TRIGGER stop_lawful ON relief_stop;
DROP FUNCTION relief_round_lawful; DROP FUNCTION relief_stop_lawful;
"""
NEEDED = "By the bands, at the time of approval"
ABOVE = models.ForeignKey(
    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
)
KEPT = {
    "round_maker_does_not_approve_above": Q(upper__isnull=True) | ~Q(upper=F("maker")),
    "round_approved_by_two_people": Q(upper__isnull=True) | Q(approver__isnull=True) | ~Q(upper=F("approver")),
    "round_approved_by_whom_it_needs": Q(state="draft")
    | Q(needs_upper=False)
    | Q(upper__isnull=False, upper_at__isnull=False),
}


class Migration(migrations.Migration):
    dependencies = [
        ("relief", "0005_given_back_to_whom"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        # Rounds that were there needed nobody above; new ones do until they are judged.
        migrations.AddField("round", "needs_upper", models.BooleanField(default=False, help_text=NEEDED)),
        migrations.AlterField("round", "needs_upper", models.BooleanField(default=True, help_text=NEEDED)),
        migrations.AddField("round", "upper", ABOVE),
        migrations.AddField("round", "upper_at", models.DateTimeField(null=True)),
        *(
            migrations.AddConstraint("round", models.CheckConstraint(condition=condition, name=name))
            for name, condition in KEPT.items()
        ),
        migrations.RunSQL(WALKED, GONE),
    ]
