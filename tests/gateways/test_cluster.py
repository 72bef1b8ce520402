"""The embedded PostgreSQL and the rights of the web's role, on a real server."""

import os
import signal
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from qiaoqiao.gateways.cluster import Cluster, ClusterBroken
from qiaoqiao.gateways.roles import RoleWrong, ensure_roles, grant_web

WEB_PASSWORD = "p@ss:w/rd 侨"
LONG = "很长的名字 " * 10  # 160 bytes: longer than any socket's path may be


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("侨 桥") / LONG.strip(), durable=False)
    made.start()
    ensure_roles(made.url(), WEB_PASSWORD)
    yield made
    made.remove()


@pytest.fixture(scope="module")
def owner(cluster: Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        for table in (
            "ledger_entry",
            "ledger_position",
            "ledger_checkpoint",
            "ledger_fact",
            "vault_key",
            "paper",
        ):
            connection.execute(f"CREATE TABLE {table} (id serial PRIMARY KEY, word text)")
            connection.execute(f"INSERT INTO {table} (word) VALUES ('first')")
        grant_web(connection)
        connection.execute("CREATE TABLE later (id serial PRIMARY KEY, word text)")
        yield connection


@pytest.fixture
def web(cluster: Cluster, owner: psycopg.Connection) -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        cluster.url(), user="qiaoqiao_web", password=WEB_PASSWORD, autocommit=True
    ) as connection:
        yield connection


def test_the_server_keeps_utf8_and_checksums_and_answers_on_this_machine_only(
    owner: psycopg.Connection,
) -> None:
    wanted = {"server_encoding": "UTF8", "data_checksums": "on", "listen_addresses": "127.0.0.1"}
    wanted |= {"unix_socket_directories": "", "max_connections": "100", "shared_buffers": "256MB"}
    found = {name: (owner.execute(f"SHOW {name}").fetchone() or [None])[0] for name in wanted}
    assert found == wanted


def test_a_lasting_server_syncs_to_disk_and_a_test_server_does_not(tmp_path: Path) -> None:
    lasting = Cluster(tmp_path)
    with lasting.use() as url, psycopg.connect(url.replace("/qiaoqiao", "/postgres")) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW full_page_writes").fetchone() == ("on",)
    lasting.remove()


def test_nobody_else_may_read_the_password_and_a_wrong_one_is_refused(cluster: Cluster) -> None:
    assert stat.S_IMODE((cluster.folder / "password").stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.url(), password="guessed")


def test_the_last_user_to_leave_stops_the_server(tmp_path: Path) -> None:
    first, second = Cluster(tmp_path, durable=False), Cluster(tmp_path, durable=False)
    with first.use():
        with second.use():
            pid = first.pid()
        assert pid is not None
        assert first.pid() == pid
    assert first.pid() is None
    first.remove()


def test_a_kept_server_outlives_its_users(tmp_path: Path) -> None:
    kept = Cluster(tmp_path, durable=False)
    kept.keep(True)
    with kept.use():
        pass
    assert kept.pid() is not None
    kept.remove()
    assert kept.pid() is None


def test_after_a_kill_the_data_is_there_and_the_port_is_the_same(tmp_path: Path) -> None:
    killed = Cluster(tmp_path)
    with killed.use() as url:
        ensure_roles(url, WEB_PASSWORD)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE paper AS SELECT 7 AS id")
        os.kill(killed.pid() or 0, signal.SIGKILL)
        wait_until(lambda: killed.pid() is None)
        killed.start()
        assert killed.url() == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT id FROM paper").fetchone() == (7,)
    killed.remove()


def test_a_process_id_that_went_to_another_program_is_not_taken_for_the_server(tmp_path: Path) -> None:
    restarted = Cluster(tmp_path, durable=False)
    with restarted.use():
        pass
    left = next(path for path in data_folders(restarted) if path.exists()) / "postmaster.pid"
    left.write_text(f"{os.getpid()}\n")
    assert restarted.pid() is None
    with restarted.use():
        assert restarted.pid() not in (None, os.getpid())
    restarted.remove()


def test_a_first_start_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    cut = Cluster(tmp_path, durable=False)
    with cut.use():
        pass
    data = next(path for path in data_folders(cut) if path.exists())
    data.rename(data.with_name("half"))
    with cut.use() as url, psycopg.connect(url.replace("/qiaoqiao", "/postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    cut.remove()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_state_folder_of_somebody_else_is_refused_plainly(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ClusterBroken, match="set STATE_DIR"):
        Cluster(tmp_path).start()
    tmp_path.chmod(0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_roots_server_keeps_its_data_apart_only_where_its_user_cannot_enter(mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(mode)
        cluster = Cluster(Path(name, "state"), durable=False)
        with cluster.use():
            assert (cluster.folder / "home").exists() == (mode == 0o700)
        assert stat.S_IMODE(Path(name).stat().st_mode) == mode  # nobody's folder was opened for it
        cluster.remove()


def test_a_removed_server_leaves_nothing_behind(tmp_path: Path) -> None:
    gone = Cluster(tmp_path, durable=False)
    gone.start()
    places = [path for path in data_folders(gone) if path.exists()]
    gone.remove()
    assert places
    assert not any(path.exists() for path in places)
    assert not gone.folder.exists()


def data_folders(cluster: Cluster) -> list[Path]:
    """Where the data may lie: below the state, or apart when root's folder is shut to the server's user."""
    pointer = cluster.folder / "home"
    apart = [Path(pointer.read_text()) / "data"] if pointer.exists() else []
    return [cluster.folder / "data", cluster.folder / "server" / "data", *apart]


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def test_the_settings_name_the_role_that_is_granted_its_rights() -> None:
    assert settings.WEB_ROLE == "qiaoqiao_web"


def test_the_webs_role_is_held_by_every_wall(web: psycopg.Connection) -> None:
    query = (
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    assert web.execute(query).fetchone() == (False, False, False, False)
    query = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
    assert web.execute(query).fetchone() == (0,)


@pytest.mark.parametrize("table", ["paper", "later"])
def test_the_webs_role_works_in_ordinary_tables_also_in_those_made_later(
    web: psycopg.Connection, table: str
) -> None:
    web.execute(f"INSERT INTO {table} (word) VALUES ('mine')")
    web.execute(f"UPDATE {table} SET word = 'changed' WHERE word = 'mine'")
    assert web.execute(f"SELECT count(*) FROM {table} WHERE word = 'changed'").fetchone() == (1,)
    web.execute(f"DELETE FROM {table} WHERE word = 'changed'")


@pytest.mark.parametrize(
    "statement",
    [
        *(
            f"UPDATE {table} SET word = 'x'"
            for table in ("ledger_entry", "ledger_position", "ledger_checkpoint")
        ),
        *(f"DELETE FROM {table}" for table in ("ledger_entry", "ledger_position", "ledger_checkpoint")),
        "UPDATE ledger_fact SET word = 'x'",
        "SELECT * FROM vault_key",
        "INSERT INTO vault_key (word) VALUES ('x')",
        "TRUNCATE paper",
        "TRUNCATE later",
        "TRUNCATE ledger_entry",
        "CREATE TABLE own (id int)",
        "CREATE TRIGGER t BEFORE INSERT ON paper EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER TABLE paper DISABLE ROW LEVEL SECURITY",
        "SET ROLE postgres",
    ],
)
def test_the_webs_role_may_not(web: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)


def test_the_webs_role_adds_to_the_ledger_and_erases_personal_facts(web: psycopg.Connection) -> None:
    web.execute("INSERT INTO ledger_entry (word) VALUES ('second')")
    web.execute("DELETE FROM ledger_fact")
    assert web.execute("SELECT count(*) FROM ledger_fact").fetchone() == (0,)


def test_granting_twice_leaves_the_same_rights(owner: psycopg.Connection) -> None:
    query = (
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    grant_web(owner)
    once = owner.execute(query).fetchall()
    grant_web(owner)
    assert owner.execute(query).fetchall() == once


def test_preparing_twice_is_harmless(cluster: Cluster) -> None:
    ensure_roles(cluster.url(), WEB_PASSWORD)


def test_a_password_that_does_not_fit_is_said_with_the_sql_to_run(cluster: Cluster) -> None:
    with pytest.raises(RoleWrong, match="ALTER ROLE qiaoqiao_web PASSWORD"):
        ensure_roles(cluster.url(), "another")


def test_a_web_role_with_too_many_rights_is_refused(cluster: Cluster, owner: psycopg.Connection) -> None:
    owner.execute("ALTER ROLE qiaoqiao_web BYPASSRLS")
    try:
        with pytest.raises(RoleWrong, match="NOBYPASSRLS"):
            ensure_roles(cluster.url(), WEB_PASSWORD)
    finally:
        owner.execute("ALTER ROLE qiaoqiao_web NOBYPASSRLS")


def test_an_owner_who_may_not_make_roles_is_told_what_to_have_run(tmp_path: Path) -> None:
    bare = Cluster(tmp_path, durable=False)
    with bare.use():
        with psycopg.connect(bare.url("postgres"), autocommit=True) as keeper:
            keeper.execute("CREATE ROLE modest LOGIN PASSWORD 'modest'")
            keeper.execute("CREATE DATABASE qiaoqiao OWNER modest")
        address = bare.url().replace(bare.url().split("//")[1].split("@")[0], "modest:modest")
        with pytest.raises(RoleWrong, match="CREATE ROLE qiaoqiao_web LOGIN"):
            ensure_roles(address, WEB_PASSWORD)
    bare.remove()
