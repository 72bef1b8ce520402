"""Filings per second through the API as it is served, beside the floor."""

import secrets
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg

from bench.floor import Rows, captured, counts, floor
from bench.machine import Spread, spread
from bench.request import wire

CLIENTS = 8


class Refused(Exception):
    """A filing was not answered as it should be."""


class Wire:
    """One kept connection to the server; says as little as HTTP allows, since it shares the processors."""

    def __init__(self, host: str, port: int) -> None:
        self.host = f"{host}:{port}"
        self.socket = socket.create_connection((host, port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def file(self) -> None:
        """File once. Raises Refused."""
        self.socket.sendall(wire(self.host, secrets.token_hex(8)))
        answer = self.socket.recv(65536)
        while b"\r\n\r\n" not in answer:
            answer += self.more()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += self.more()
        if not head.startswith(b"HTTP/1.1 200"):
            raise Refused((head + b"\n" + body).decode(errors="replace"))

    def more(self) -> bytes:
        received = self.socket.recv(65536)
        if not received:
            raise Refused("the server closed the connection")
        return received


def file_for(host: str, port: int, seconds: float) -> int:
    """File again and again over one connection; return how often it was answered in time."""
    connection = Wire(host, port)
    until, made = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        connection.file()
        made += 1
    connection.socket.close()
    return made


def through_api(host: str, port: int, *, clients: int, seconds: float) -> float:
    """Filings per second of so many clients at once."""
    with ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(file_for, host, port, seconds) for _ in range(clients)]
        return sum(each.result() for each in running) / seconds


@dataclass(frozen=True)
class Filings:
    """What was measured: filings and floor per second, and their ratio, round by round."""

    rows: int
    tables: int
    api: Spread
    floor: Spread
    percent: Spread


def one_filing(host: str, port: int, url: str) -> list[Rows]:
    """The rows of the first filing in a fresh database."""
    with psycopg.connect(url, autocommit=True) as owner:
        before = counts(owner)
        Wire(host, port).file()
        return captured(owner, before)


def measure(
    host: str, port: int, url: str, *, filing: list[Rows], rounds: int = 3, seconds: float = 5
) -> Filings:
    """Let the floor and the API take turns, so that what else the machine does meets both."""
    through_api(host, port, clients=CLIENTS, seconds=2)
    api, low = [], []
    for number in range(rounds):
        low.append(floor(url, filing, clients=CLIENTS, first_client=number * CLIENTS, seconds=seconds))
        api.append(through_api(host, port, clients=CLIENTS, seconds=seconds))
    ratios = [100 * ours / theirs for ours, theirs in zip(api, low, strict=True)]
    return Filings(
        sum(len(each.rows) for each in filing), len(filing), spread(api), spread(low), spread(ratios)
    )
