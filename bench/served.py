"""The product as it is served, and what its processes weigh."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from qiaoqiao.gateways.cluster import free_port
from qiaoqiao.ui import serving

HOST = "127.0.0.1"
WORKERS = 2


@dataclass(frozen=True)
class Served:
    """Where the web's processes answer, and which one started them."""

    port: int
    pid: int


@contextmanager
def web() -> Iterator[Served]:
    """Serve pages and API as `qiaoqiao serve` does, on a port of its own."""
    port = free_port()
    process = serving.launch(*serving.granian(HOST, port, WORKERS))
    try:
        serving.await_answer(HOST, port, [process])
        yield Served(port, process.pid)
    finally:
        serving.end([process])


@contextmanager
def worker(*, seconds: float) -> Iterator[int]:
    """Run the jobs that wait for so long, as `qiaoqiao serve` does; then yield the process's id."""
    process = serving.launch("-m", "django", "procrastinate", "worker", "--concurrency", "4", quiet=True)
    try:
        time.sleep(seconds)
        serving.check_alive([process])
        yield process.pid
    finally:
        serving.end([process])


def memory(pid: int) -> float:
    """Resident memory of a process and all below it, in MB; shared pages count each time."""
    listed = subprocess.run(
        ("ps", "-A", "-o", "pid=,ppid=,rss="),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"LC_ALL": "C"},
    ).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    family, found = {pid}, 0
    while len(family) > found:
        found = len(family)
        family |= {child for child, parent, _ in rows if parent in family}
    return sum(rss for child, _, rss in rows if child in family) / 1024
