"""Nobody is told that help was approved or paid by a case alone: where there is a grant, the grant must say so, too."""

from django.db import migrations

FOLLOWS = """
CREATE FUNCTION relief_case_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    granted relief_grant; stands text;
BEGIN
    SELECT * INTO granted FROM relief_grant WHERE case_id = NEW.id;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT state INTO stands FROM casework_case WHERE id = NEW.id;
    IF stands IN ('approved', 'paid', 'received', 'helped') AND granted.approver_id IS NULL
       OR stands IN ('paid', 'received', 'helped') AND granted.state NOT IN ('paid', 'received', 'closed', 'refunded') THEN
        RAISE EXCEPTION 'the case says %, the grant %', stands, granted.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_follows_grant';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_follows_grant AFTER UPDATE ON casework_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.service = 'relief' AND NEW.state IN ('approved', 'paid', 'received', 'helped'))
    EXECUTE FUNCTION relief_case_follows();
"""
GONE = "DROP TRIGGER case_follows_grant ON casework_case; DROP FUNCTION relief_case_follows;"


class Migration(migrations.Migration):
    dependencies = [("relief", "0003_books_that_balance"), ("casework", "0001_initial")]
    operations = [migrations.RunSQL(FOLLOWS, GONE)]
