"""The functions that row-level security asks: who is here, which offices they sit in, which cases they proved."""

from django.db import migrations

# The key lies in a table that the web role has no rights on; the functions read it as their owner.
FUNCTIONS = """
CREATE TABLE vault_ticket_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    key bytea NOT NULL
);
REVOKE ALL ON vault_ticket_key FROM PUBLIC;

CREATE FUNCTION qq_ticket() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    raw text := nullif(current_setting('qiaoqiao.ticket', true), '');
    parts text[];
    secret bytea;
BEGIN
    IF raw IS NULL THEN RETURN NULL; END IF;
    parts := string_to_array(raw, '|');
    IF array_length(parts, 1) IS DISTINCT FROM 5 THEN RETURN NULL; END IF;
    SELECT key INTO secret FROM vault_ticket_key;
    IF encode(sha256(secret || sha256(secret || convert_to(array_to_string(parts[1:4], '|'), 'UTF8'))), 'hex')
       IS DISTINCT FROM parts[5] THEN RETURN NULL; END IF;
    IF parts[4]::bigint < extract(epoch FROM clock_timestamp()) THEN RETURN NULL; END IF;
    RETURN parts;
END $$;

CREATE FUNCTION qq_kind() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT (qq_ticket())[1]
$$;

CREATE FUNCTION qq_cases() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(string_to_array(nullif((qq_ticket())[3], ''), ',')::uuid[], '{}')
$$;

-- Offices whose cases the account may read: its own, and for a head all offices below.
CREATE FUNCTION qq_offices() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT seen.id), '{}')
    FROM access_post post
    JOIN access_account account ON account.id = post.account_id AND account.is_active
    JOIN access_office own ON own.id = post.office_id
    JOIN access_office seen ON seen.id = own.id OR (post.role = 'head' AND seen.path LIKE own.path || '%')
    WHERE post.account_id = nullif((qq_ticket())[2], '')::bigint
      AND post.role IN ('clerk', 'handler', 'head')
      AND (post.until IS NULL OR post.until >= (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
$$;

-- The account's offices and all above them: an office accused in a case shuts its whole subtree out.
CREATE FUNCTION qq_lineage() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT above.id), '{}')
    FROM access_post post
    JOIN access_office own ON own.id = post.office_id
    JOIN access_office above ON own.path LIKE above.path || '%'
    WHERE post.account_id = nullif((qq_ticket())[2], '')::bigint
$$;
"""

GONE = """
DROP FUNCTION qq_lineage(); DROP FUNCTION qq_offices(); DROP FUNCTION qq_cases(); DROP FUNCTION qq_kind();
DROP FUNCTION qq_ticket(); DROP TABLE vault_ticket_key;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS, GONE)]
