"""A case is never tabled where an office shielded from it sits, nor read by somebody of such an office."""

from django.db import migrations

ITEM = """(joint_agendaitem.case_id IS NULL OR joint_agendaitem.case_id NOT IN (
    SELECT shield.case_id FROM casework_shield shield WHERE shield.office_id = ANY ((SELECT qq_lineage())::bigint[])
))"""
RESOLUTION = "EXISTS (SELECT 1 FROM joint_agendaitem item WHERE item.id = joint_resolution.item_id)"
NEVER = {"joint_agendaitem": ITEM, "joint_resolution": RESOLUTION}

# Two triggers, for the case may come to the office or the office to the case.
APART = """
CREATE FUNCTION qq_apart(cases uuid[], sitting bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM casework_shield shield
               JOIN access_office accused ON accused.id = shield.office_id
               JOIN access_office own ON own.path LIKE accused.path || '%'
               WHERE shield.case_id = ANY (cases) AND own.id = ANY (sitting)) THEN
        RAISE EXCEPTION 'an office of the meeting is shielded from a case on its agenda'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_apart_from_the_accused';
    END IF;
END $$;
CREATE FUNCTION qq_item_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM qq_apart(ARRAY[NEW.case_id], (SELECT offices FROM joint_meeting WHERE id = NEW.meeting_id));
    RETURN NEW;
END $$;
CREATE FUNCTION qq_meeting_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM qq_apart(ARRAY(SELECT case_id FROM joint_agendaitem WHERE meeting_id = NEW.id), NEW.offices);
    RETURN NEW;
END $$;
CREATE TRIGGER item_apart_from_the_accused BEFORE INSERT OR UPDATE OF case_id, meeting_id ON joint_agendaitem
    FOR EACH ROW WHEN (NEW.case_id IS NOT NULL) EXECUTE FUNCTION qq_item_apart();
CREATE TRIGGER meeting_apart_from_the_accused BEFORE UPDATE OF offices ON joint_meeting
    FOR EACH ROW EXECUTE FUNCTION qq_meeting_apart();
"""
TOGETHER = """
DROP TRIGGER meeting_apart_from_the_accused ON joint_meeting;
DROP TRIGGER item_apart_from_the_accused ON joint_agendaitem;
DROP FUNCTION qq_meeting_apart(); DROP FUNCTION qq_item_apart(); DROP FUNCTION qq_apart(uuid[], bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("joint", "0002_second_wall"), ("casework", "0003_tasks"), ("access", "0002_second_wall")]
    operations = [
        *(
            migrations.RunSQL(
                f"CREATE POLICY never ON {table} AS RESTRICTIVE FOR SELECT USING ({seen});",
                f"DROP POLICY never ON {table};",
            )
            for table, seen in NEVER.items()
        ),
        migrations.RunSQL(APART, TOGETHER),
    ]
