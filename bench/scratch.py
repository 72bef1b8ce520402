"""A database and a state folder of the measurement's own: made anew, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from qiaoqiao.access.wall import install_ticket_key
from qiaoqiao.gateways.roles import ensure_database, ensure_roles, grant_web
from qiaoqiao.settings import database

NAME = "qiaoqiao_bench"


@contextmanager
def scratch(name: str = NAME) -> Iterator[str]:
    """Make an empty, migrated database for this process and those it starts; yield its address."""
    before = settings.OWNER_URL
    url = urlsplit(before)._replace(path=f"/{name}").geturl()
    drop(before, name)
    ensure_database(url, name)
    point_at(url)
    try:
        with own_state():
            yield prepared(url)
    finally:
        point_at(before)
        drop(before, name)


def prepared(url: str) -> str:
    """Migrate a new database and give the web's role its rights."""
    ensure_roles(url, settings.WEB_PASSWORD)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    grant_web(connections["owner"])
    install_ticket_key(connections["owner"])
    return url


@contextmanager
def own_state() -> Iterator[None]:
    """Keep files, outbox and keys out of the real state folder; only the static files are shared."""
    before, files, given = settings.STATE_DIR, settings.FILES_DIR, os.environ.get("STATE_DIR")
    with tempfile.TemporaryDirectory(prefix="qiaoqiao-bench-") as folder:
        Path(folder, "static").symlink_to(settings.STATIC_ROOT)
        settings.STATE_DIR, settings.FILES_DIR = Path(folder), Path(folder, "files")
        os.environ["STATE_DIR"] = folder
        try:
            yield
        finally:
            settings.STATE_DIR, settings.FILES_DIR = before, files
            os.environ["STATE_DIR"] = given or str(before)


def point_at(url: str) -> None:
    """Let both aliases of this process, and every process started from now on, reach a database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        if close_pool := getattr(connections[alias], "close_pool", None):
            close_pool()
    settings.OWNER_URL = os.environ["DATABASE_URL"] = url
    web = {"USER": settings.WEB_ROLE, "PASSWORD": settings.WEB_PASSWORD}
    for alias, changes in {"default": web, "owner": {}}.items():
        connections.settings[alias].update(database(url) | changes)


def drop(owner_url: str, name: str) -> None:
    server = urlsplit(owner_url)._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as keeper:
        keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
