"""A gift goes back to who gave it: never more than they gave, never by who booked it."""

from django.db import migrations, models
from django.db.models import Q

# Judged at the end of the transaction. Every movement of a gift passes the fund's bank account, which
# `relief_not_overdrawn` locks, so that of two at once the second sees what the first took.
GIVEN = """
CREATE FUNCTION relief_given_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    wanted uuid := CASE WHEN TG_TABLE_NAME = 'relief_posting' THEN (to_jsonb(NEW)->>'entry_id')::uuid ELSE NEW.id END;
    made relief_journalentry; gift relief_source; remains numeric;
BEGIN
    SELECT * INTO STRICT made FROM relief_journalentry WHERE id = wanted;
    IF made.source_id IS NULL THEN RETURN NULL; END IF;
    SELECT * INTO STRICT gift FROM relief_source WHERE id = made.source_id;
    IF gift.fund_id <> made.fund_id THEN
        RAISE EXCEPTION 'entry % names a source of another fund', wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_of_its_funds_source';
    END IF;
    IF made.kind = 'give_back' AND made.made_by_id = gift.made_by_id THEN
        RAISE EXCEPTION 'who booked a gift does not give it back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_booker_does_not_give_back';
    END IF;
    SELECT coalesce(sum(p.amount_fen), 0) INTO remains
      FROM relief_posting p JOIN relief_account a ON a.id = p.account_id JOIN relief_journalentry e ON e.id = p.entry_id
     WHERE e.source_id = gift.id AND a.kind = 'cash';
    IF remains < 0 THEN
        RAISE EXCEPTION 'source % would get back % fen more than it gave', gift.id, -remains
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_back_than_given';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_given_back AFTER INSERT ON relief_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source_id IS NOT NULL) EXECUTE FUNCTION relief_given_back();
CREATE CONSTRAINT TRIGGER posting_given_back AFTER INSERT ON relief_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION relief_given_back();
"""
GONE = """
DROP TRIGGER posting_given_back ON relief_posting; DROP TRIGGER entry_given_back ON relief_journalentry;
DROP FUNCTION relief_given_back;
"""


class Migration(migrations.Migration):
    dependencies = [("relief", "0004_case_follows_grant")]
    operations = [
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.CheckConstraint(
                name="entry_gives_back_to_a_source",
                condition=~Q(kind="give_back") | Q(source__isnull=False, made_by__isnull=False),
            ),
        ),
        migrations.RunSQL(GIVEN, GONE),
    ]
