"""A database of the measurement's own, on the server in use: made anew, dropped afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    """Make an empty, migrated database, let this process and those it starts work in it; yield its address."""
    before = settings.OWNER_URL
    url = urlsplit(before)._replace(path=f"/{name}").geturl()
    drop(before, name)
    ensure_database(url, name)
    point_at(url)
    try:
        ensure_roles(url, settings.WEB_PASSWORD)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        grant_web(connections["owner"])
        install_ticket_key(connections["owner"])
        yield url
    finally:
        point_at(before)
        drop(before, name)


def point_at(url: str) -> None:
    """Let both aliases of this process, and every process started from now on, reach a database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        if connections[alias].settings_dict.get("OPTIONS", {}).get("pool"):
            connections[alias].close_pool()
    settings.OWNER_URL = os.environ["DATABASE_URL"] = url
    web = {"USER": settings.WEB_ROLE, "PASSWORD": settings.WEB_PASSWORD}
    for alias, changes in {"default": web, "owner": {}}.items():
        connections.settings[alias].update(database(url) | changes)


def drop(owner_url: str, name: str) -> None:
    server = urlsplit(owner_url)._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as keeper:
        keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
