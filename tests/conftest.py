"""One PostgreSQL for all tests, one database for each worker, made from a migrated template.

Tests work as the web's role, as the product does. Ordinary `django_db` tests roll back. A test that must
commit asks for `fresh_database` (or `transactional_db`, or a live server): its database is made anew from
the template afterwards, since neither the web's role nor the ledger's triggers allow emptying tables.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker
from pytest_socket import socket_allow_hosts

from qiaoqiao.access.wall import install_ticket_key
from qiaoqiao.gateways.cluster import Cluster
from qiaoqiao.gateways.roles import ensure_database, ensure_roles, grant_web
from qiaoqiao.settings import database
from qiaoqiao.ui.translations import compile_messages
from tests.cast import Town

PROJECT = Path(__file__).resolve().parent.parent


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


class Databases:
    """The databases of one test worker on one server."""

    def __init__(self, url: str) -> None:
        self.server = url
        self.template = f"qq_template_{schema_digest()}"
        self.name = f"qq_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"

    def prepare(self) -> None:
        """Make the template if the migrations have changed, then this worker's database."""
        ensure_roles(self.at("postgres"), settings.WEB_PASSWORD)
        with self.keeper() as keeper:
            keeper.execute("SELECT pg_advisory_lock(71910)")
            self.drop_leftovers(keeper)
            if not keeper.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template]).fetchone():
                self.migrate(keeper)
        self.renew()

    def migrate(self, keeper: psycopg.Connection) -> None:
        half = f"{self.template}_half"
        keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(half)))
        ensure_database(self.at(half), half)
        self.point_at(half)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        grant_web(connections["owner"])
        install_ticket_key(connections["owner"])
        connections.close_all()
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        keeper.execute(rename.format(sql.Identifier(half), sql.Identifier(self.template)))

    def renew(self) -> None:
        """Make this worker's database anew from the template and work in it."""
        connections.close_all()
        with self.keeper() as keeper:
            name, template = sql.Identifier(self.name), sql.Identifier(self.template)
            keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            keeper.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
        self.keep_first_plans()
        self.point_at(self.name)

    def keep_first_plans(self) -> None:
        """Keep autovacuum away: between two tests it finds every table empty, and the plans made on that
        knowledge take seconds a page for the rest of the run.
        """
        with psycopg.connect(self.at(self.name), autocommit=True) as owner:
            owner.execute(
                """
                DO $$ DECLARE one regclass; BEGIN
                    FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                    LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', one); END LOOP;
                END $$
                """
            )

    def drop(self) -> None:
        connections.close_all()
        with self.keeper() as keeper:
            keeper.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name))
            )

    def drop_leftovers(self, keeper: psycopg.Connection) -> None:
        """Drop what killed runs left, and old templates but the last few: another run may need them."""
        rows = keeper.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, 'qq_t') ORDER BY oid DESC"
        )
        names = [name for (name,) in rows.fetchall()]
        dead = [
            name for name in names if name.startswith("qq_test_") and not is_alive(name.rpartition("_")[2])
        ]
        old = [name for name in names if name.startswith("qq_template_") and name != self.template][5:]
        for name in dead + old:
            keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def point_at(self, name: str) -> None:
        """Let both aliases reach a database, in every thread: threads share the settings changed here."""
        url = self.at(name)
        for alias, changes in {
            "default": {"USER": settings.WEB_ROLE, "PASSWORD": settings.WEB_PASSWORD, "OPTIONS": {}},
            "owner": {},
        }.items():
            connections[alias].close()
            connections.settings[alias].update(database(url) | changes)

    def at(self, name: str) -> str:
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def keeper(self) -> psycopg.Connection:
        return psycopg.connect(self.at("postgres"), autocommit=True)


def is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def schema_digest() -> str:
    """Return a name for the present schema: migrations, whatever they import, and the installed packages."""
    digest = hashlib.sha256()
    places = [*PROJECT.glob("qiaoqiao/**/migrations/*.py"), *PROJECT.glob("qiaoqiao/*/wall.py")]
    for path in sorted([*places, PROJECT / "requirements.txt", PROJECT / "qiaoqiao/gateways/roles.py"]):
        digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def test_state() -> Path:
    """Return the folder of the tests' server, the same for each run of this work tree."""
    name = f"qiaoqiao-tests-{os.geteuid()}-{hashlib.sha256(bytes(PROJECT)).hexdigest()[:8]}"
    folder = Path(tempfile.gettempdir(), name)
    folder.mkdir(exist_ok=True, mode=0o711)
    if folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to somebody else; remove it or set TMPDIR.")
    return folder


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The owner's address of the tests' PostgreSQL: DATABASE_URL if set, else an embedded one."""
    with ExitStack() as stack:
        yield os.environ.get("DATABASE_URL") or stack.enter_context(
            Cluster(test_state(), durable=False).use()
        )


@pytest.fixture(scope="session")
def databases(server_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Databases]:
    mine = Databases(server_url)
    with django_db_blocker.unblock():
        mine.prepare()
    yield mine
    with django_db_blocker.unblock():
        mine.drop()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, databases: Databases) -> Iterator[None]:
    """Replace pytest-django's own database, which the web's role could not make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: databases.renew())
        yield


@pytest.fixture
def fresh_database(transactional_db: None) -> None:
    """A database in which a test may really commit; it is thrown away afterwards."""


@pytest.fixture(scope="session", autouse=True)
def house_in_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep files out of the real state folder; serve static files from where they are written."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.STATE_DIR = tmp_path_factory.mktemp("state")
    settings.FILES_DIR = settings.STATE_DIR / "files"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session", autouse=True)
def words_compiled() -> None:
    """Pages are looked at in all languages, so the translations stand compiled."""
    compile_messages()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; its event loop would make Django refuse the database to the tests' own thread."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as play:
        executable = CHROMIUM if Path(CHROMIUM).exists() else None
        chromium = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def served_town(transactional_db: None) -> Town:
    """A town that the live server sees, since it is committed."""
    return Town()
