"""Refuse every change of entries, places and checkpoints; queue each new entry for the sequencer.

The refusing triggers run per statement: they also stop TRUNCATE, which no row trigger sees. A superuser can
switch triggers off; that is detected by verification, not prevented here.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the ledger only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER position_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_position
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER checkpoint_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER fact_is_kept_or_erased BEFORE UPDATE OR TRUNCATE ON ledger_fact
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- Runs as its owner, so the writing role needs no right on the queue; names its table in full.
CREATE FUNCTION ledger_await_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO public.ledger_waiting (entry_id) SELECT id FROM fresh;
    RETURN NULL;
END
$$;
CREATE TRIGGER entry_awaits_place AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_await_place();

ALTER TABLE ledger_entry ADD CONSTRAINT entry_digests_have_their_length CHECK (
    octet_length(commitment) = 32 AND octet_length(prev_hash) = 32 AND octet_length(hash) = 32);
ALTER TABLE ledger_fact ADD CONSTRAINT fact_salt_has_its_length CHECK (octet_length(salt) = 16);
ALTER TABLE ledger_position ADD CONSTRAINT position_leaf_has_its_length CHECK (
    octet_length(leaf) = 32 AND idx >= 0);
ALTER TABLE ledger_checkpoint ADD CONSTRAINT checkpoint_root_has_its_length CHECK (
    octet_length(root) = 32 AND size > 0);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'qiaoqiao_web') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entry, ledger_position, ledger_checkpoint FROM qiaoqiao_web;
        REVOKE UPDATE, TRUNCATE ON ledger_fact FROM qiaoqiao_web;
    END IF;
END
$$;
"""

BACKWARD = """
ALTER TABLE ledger_entry DROP CONSTRAINT entry_digests_have_their_length;
ALTER TABLE ledger_fact DROP CONSTRAINT fact_salt_has_its_length;
ALTER TABLE ledger_position DROP CONSTRAINT position_leaf_has_its_length;
ALTER TABLE ledger_checkpoint DROP CONSTRAINT checkpoint_root_has_its_length;
DROP TRIGGER entry_awaits_place ON ledger_entry;
DROP TRIGGER entry_only_grows ON ledger_entry;
DROP TRIGGER position_only_grows ON ledger_position;
DROP TRIGGER checkpoint_only_grows ON ledger_checkpoint;
DROP TRIGGER fact_is_kept_or_erased ON ledger_fact;
DROP FUNCTION ledger_await_place();
DROP FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
