"""The database and the web's role on any PostgreSQL, and what that role may do."""

from contextlib import AbstractContextManager, suppress
from typing import LiteralString, Protocol
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

WEB_ROLE = "qiaoqiao_web"
BUILTIN_LOCALE = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
WEB_LIMITS = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"


class RoleWrong(Exception):
    """The web's role is missing or wrong and may not be set right from here; the message holds the SQL."""


class Cursor(Protocol):
    """A cursor of psycopg's or of Django's."""

    def execute(self, query: LiteralString, /) -> object: ...


class Connection(Protocol):
    """What a psycopg connection and Django's connection have in common."""

    def cursor(self) -> AbstractContextManager[Cursor]: ...


def ensure_roles(owner_url: str, web_password: str) -> None:
    """Make the database and the web's role on any PostgreSQL from 15 on, where they are missing.

    Raises RoleWrong, with the SQL to run, when the owner may not make them or the password does not fit.
    """
    name = unquote(urlsplit(owner_url).path.lstrip("/"))
    try:
        ensure_database(owner_url, name)
        with psycopg.connect(owner_url, autocommit=True) as owner:
            if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB_ROLE]).fetchone():
                owner.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} {}").format(
                        sql.Identifier(WEB_ROLE), sql.Literal(web_password), sql.SQL(WEB_LIMITS)
                    )
                )
    except psycopg.errors.InsufficientPrivilege as why:
        raise RoleWrong(
            "This PostgreSQL does not let DATABASE_URL's user prepare it. Have its keeper run:\n"
            f"  CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8';  -- unless it exists\n"
            f"  CREATE ROLE {WEB_ROLE} LOGIN PASSWORD '<WEB_DATABASE_PASSWORD>' {WEB_LIMITS};"
        ) from why
    check_web_role(owner_url, web_password)


def ensure_database(owner_url: str, name: str) -> None:
    """Create the database if it does not exist, with an order of letters no update can change."""
    server = urlsplit(owner_url)._replace(path="/postgres")
    with suppress(psycopg.OperationalError), psycopg.connect(owner_url, connect_timeout=10):
        return
    with psycopg.connect(urlunsplit(server), connect_timeout=10, autocommit=True) as keeper:
        if keeper.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        builtin = keeper.info.server_version >= 170000
        for locale in (*((BUILTIN_LOCALE,) if builtin else ()), "LOCALE 'C.UTF-8'", "LOCALE 'C'"):
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' {}")
            with suppress(psycopg.errors.InvalidParameterValue, psycopg.errors.WrongObjectType):
                keeper.execute(statement.format(sql.Identifier(name), sql.SQL(locale)))
                return


def check_web_role(owner_url: str, web_password: str) -> None:
    """Refuse a web role that cannot sign in, or that row-level security would not hold."""
    parts = urlsplit(owner_url)
    place = parts.netloc.rpartition("@")[2]
    web_url = urlunsplit(parts._replace(netloc=f"{WEB_ROLE}:{quote(web_password, safe='')}@{place}"))
    try:
        with psycopg.connect(web_url, connect_timeout=10) as web:
            free = web.execute(
                "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles"
                " WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError as why:
        raise RoleWrong(
            f"The role {WEB_ROLE} cannot sign in: {why}\n"
            "Set WEB_DATABASE_PASSWORD to its password, or have the password set:\n"
            f"  ALTER ROLE {WEB_ROLE} PASSWORD '<WEB_DATABASE_PASSWORD>';"
        ) from why
    if free is None or free[0]:
        raise RoleWrong(
            f"The role {WEB_ROLE} has rights it must not have. Run:\n  ALTER ROLE {WEB_ROLE} {WEB_LIMITS};"
        )


def grant_web(connection: Connection) -> None:
    """Give the web's role what it needs in schema public and nothing more; called after each migration."""
    with connection.cursor() as cursor:
        cursor.execute(WEB_RIGHTS)


WEB_RIGHTS: LiteralString = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO qiaoqiao_web;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM qiaoqiao_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO qiaoqiao_web;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO qiaoqiao_web;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO qiaoqiao_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO qiaoqiao_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO qiaoqiao_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO qiaoqiao_web;
DO $$
DECLARE
    kept text;
BEGIN
    -- What has been recorded stays as it was: the ledger and the fund's books only grow.
    FOR kept IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename IN ('ledger_entry', 'ledger_position', 'ledger_checkpoint',
            'relief_journalentry', 'relief_posting', 'relief_stockmove')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON public.%I FROM qiaoqiao_web', kept);
    END LOOP;
    -- A personal fact may be erased, never rewritten.
    IF to_regclass('public.ledger_fact') IS NOT NULL THEN
        REVOKE UPDATE ON public.ledger_fact FROM qiaoqiao_web;
    END IF;
    -- Vaults are reached through functions only.
    FOR kept IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND starts_with(c.relname, 'vault_')
    LOOP
        EXECUTE format('REVOKE ALL ON public.%I FROM qiaoqiao_web', kept);
    END LOOP;
END
$$;
"""
