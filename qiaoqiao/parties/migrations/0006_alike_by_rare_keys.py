"""Finding the records most like a new one: those that share its rarest keys come first."""

from importlib import import_module

from django.db import migrations

FILE_SEEN = import_module("qiaoqiao.parties.migrations.0003_second_wall").FILE_SEEN

# A key that more than `common` records share tells too little, as in the batch: reading stops just above it.
# A key counts the more the fewer records share it. The planner cannot know how rare a key is, hence no scans
# of the whole table; and a definer function, because no index of arrays works behind the wall.
FOUND = f"""
CREATE FUNCTION qq_most_alike(wanted bigint[], common int, most int) RETURNS TABLE (record uuid, file uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
    WITH met AS MATERIALIZED (
        SELECT found.id, found.file_id, count(*) OVER (PARTITION BY one.key) AS sharing
        FROM unnest(wanted) AS one(key)
        CROSS JOIN LATERAL (
            SELECT r.id, r.file_id FROM parties_record r WHERE r.keys @> ARRAY[one.key] LIMIT common + 1
        ) AS found
    ), likest AS MATERIALIZED (
        SELECT met.id, met.file_id, sum(ln((common + 2.0) / (sharing + 1))) AS told
        FROM met WHERE sharing <= common AND met.file_id IS NOT NULL
        GROUP BY met.id, met.file_id ORDER BY told DESC, met.id LIMIT 10 * most
    )
    SELECT likest.id, likest.file_id
    FROM likest JOIN parties_file f ON f.id = likest.file_id
    WHERE f.state IN ('active', 'frozen') AND {FILE_SEEN.format(file="f")}
    ORDER BY likest.told DESC, likest.id
    LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0005_imports_resumed")]
    operations = [migrations.RunSQL(FOUND, "DROP FUNCTION qq_most_alike(bigint[], int, int)")]
