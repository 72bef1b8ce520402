"""Runs the processes of one installation together: pages and API, and the worker for jobs."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

PATIENCE_SECONDS = 15
START_SECONDS = 60
"""A crowded machine takes its time to start."""


class CannotServe(Exception):
    """The address cannot be served, or one of the processes ended by itself."""


class Stopped(Exception):
    """Somebody asked us to stop."""


def gather_static() -> bool:
    """Collect, name by content and compress the static files; return False when none has changed."""
    total = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            file = Path(storage.path(name)).stat()
            total.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    stamp = settings.STATE_DIR / "static.stamp"
    if stamp.exists() and stamp.read_text() == total.hexdigest() and settings.STATIC_ROOT.exists():
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(total.hexdigest())
    return True


def serve(host: str, port: int, workers: int, *, words: Path) -> None:
    """Serve until asked to stop, then end every process; `words` are shown once the address answers.

    Raises CannotServe when the port is taken or a process ends by itself.
    """
    check_free(host, port)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.append(launch(*granian(host, port, workers)))
        processes.append(launch("-m", "django", "procrastinate", "worker", "--concurrency", "4", quiet=True))
        await_answer(host, port, processes)
        print(f"\nQiaoQiao: http://{host}:{port}  (Ctrl-C stops it)", flush=True)
        if words.exists():
            print(words.read_text(), flush=True)
        while True:
            check_alive(processes)
            time.sleep(0.5)
    except Stopped:
        print("\nStopping ...", flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end(processes)


def granian(host: str, port: int, workers: int) -> Sequence[str]:
    return (
        *("-m", "granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "4"),
        *("--host", host, "--port", str(port), "--log-level", "warning", "qiaoqiao.wsgi:application"),
    )


def launch(*arguments: str, quiet: bool = False) -> subprocess.Popen[bytes]:
    """Start a Python process in a session of its own, so that Ctrl-C reaches it through us, in order."""
    environment = os.environ | {"PYTHONPATH": str(settings.BASE_DIR)}
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL if quiet else None,
        start_new_session=True,
    )


def check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as why:
            raise CannotServe(
                f"{host}:{port} cannot be used ({why.strerror}). Is QiaoQiao running already?"
                f" Stop what uses port {port}, or choose another: make demo PORT={port + 1}"
            ) from why


def await_answer(host: str, port: int, processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for _ in range(START_SECONDS * 10):
        check_alive(processes)
        try:
            socket.create_connection((host, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise CannotServe(f"Nothing answered at {host}:{port} within {START_SECONDS} seconds.")


def check_alive(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is not None:
            name = " ".join(str(word) for word in list(process.args)[1:4])  # type: ignore[arg-type]
            raise CannotServe(f"`{name}` ended by itself with code {process.returncode}; see above.")


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask every process to finish, and kill what has not after a while."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
