"""Mail and text messages: once per key, to real addresses, with no way to attach anything."""

import fcntl
import inspect
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from qiaoqiao.gateways import mail, sms
from qiaoqiao.gateways.mail import AddressWrong, MailFailed, OutboxMail, SmtpMail
from qiaoqiao.gateways.outbox import Outbox
from qiaoqiao.gateways.sms import NumberWrong, OutboxSms


@pytest.fixture
def installation(settings: Settings, tmp_path: Path) -> Path:
    settings.STATE_DIR = tmp_path
    return tmp_path


def test_the_mailbox_shows_the_newest_first_and_one_persons_only(installation: Path) -> None:
    for n in range(4):
        to = "a@example.org" if n % 2 else "b@example.org"
        mail.mail().send(to, f"办件 {n}", "https://window.example/t", key=f"k{n}")
    assert [letter.subject for letter in mail.recent(3)] == ["办件 3", "办件 2", "办件 1"]
    assert [letter.subject for letter in mail.recent(9, to="a@example.org")] == ["办件 3", "办件 1"]


def test_the_same_key_sends_once_and_answers_alike(installation: Path) -> None:
    first = mail.mail().send("a@example.org", "s", "b", key="k")
    again = mail.mail().send("a@example.org", "s", "b", key="k")
    assert first == again
    assert len(mail.recent(9)) == 1


def test_two_processes_with_one_key_send_once(tmp_path: Path) -> None:
    path = tmp_path / "mail.jsonl"
    boxes = [Outbox(path) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda box: box.put(key="k", to="t", subject="s", body="b"), boxes))
    assert len({letter.provider_id for letter in sent}) == 1
    assert len(path.read_bytes().splitlines()) == 1


def test_a_process_waits_until_another_has_written(tmp_path: Path) -> None:
    path = tmp_path / "mail.jsonl"
    with path.open("w") as other, ThreadPoolExecutor(1) as pool:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting = pool.submit(Outbox(path).put, key="k", to="t", subject="s", body="b")
        with pytest.raises(FutureTimeout):
            waiting.result(0.3)
        fcntl.flock(other, fcntl.LOCK_UN)
        assert waiting.result(5).key == "k"


def test_a_line_torn_by_a_kill_counts_as_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "mail.jsonl"
    Outbox(path).put(key="one", to="t", subject="s", body="b")
    with path.open("ab") as file:
        file.write(('{"key": "two", "to": "' + "侨" * 500).encode()[:-1])
    box = Outbox(path)
    box.put(key="two", to="t", subject="s", body="b")
    assert [letter.key for letter in box.recent(9)] == ["two", "one"]
    assert [json.loads(line)["key"] for line in path.read_bytes().splitlines()] == ["one", "two"]


def test_an_outbox_that_was_emptied_starts_anew(tmp_path: Path) -> None:
    path = tmp_path / "mail.jsonl"
    box = Outbox(path)
    box.put(key="one", to="t", subject="s", body="b")
    path.write_bytes(b"")
    assert box.recent(9) == []
    box.put(key="one", to="t", subject="s", body="b")
    assert len(box.recent(9)) == 1


@pytest.mark.parametrize("to", ["", "no-at", "a@example.org\nBcc: c@example.org", "a@b@c"])
def test_what_is_not_an_address_is_refused(installation: Path, to: str) -> None:
    with pytest.raises(AddressWrong):
        mail.mail().send(to, "s", "b", key="k")
    assert mail.recent(9) == []


def test_a_subject_of_two_lines_becomes_one(installation: Path) -> None:
    mail.mail().send("a@example.org", "s\r\nBcc: c@example.org", "b", key="k")
    assert mail.recent(1)[0].subject == "s Bcc: c@example.org"


@pytest.mark.parametrize("adapter", [OutboxMail, SmtpMail, OutboxSms])
def test_nothing_can_be_attached(adapter: type) -> None:
    assert set(inspect.signature(adapter.send).parameters) <= {"self", "to", "subject", "body", "key"}


@pytest.mark.parametrize("to", ["+8613800138000", "+584121234567", "+5511912345678", "+85298765432"])
def test_a_number_of_any_country_is_taken(installation: Path, to: str) -> None:
    sms.sms().send(to, "QQ26", key=to)
    assert sms.recent(1)[0].to == to


@pytest.mark.parametrize(
    "to", ["13800138000", "+0123456789", "+86 138", "+1234567890123456", "", "+861380013800x"]
)
def test_what_is_not_an_international_number_is_refused(installation: Path, to: str) -> None:
    with pytest.raises(NumberWrong):
        sms.sms().send(to, "QQ26", key="k")


def test_an_unknown_gateway_is_named(settings: Settings) -> None:
    settings.MAIL_GATEWAY = settings.SMS_GATEWAY = "pigeon"
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        mail.mail()
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        sms.sms()


@contextmanager
def mail_server(answer_to_letter: str) -> Iterator[tuple[int, list[str]]]:
    """A mail server on this machine that takes one conversation and remembers what it was told."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def converse() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rw", newline="") as talk:
                answers = {"EHLO": "250 hello", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on"}
                say(talk, "220 ready")
                while line := talk.readline():
                    heard.append(line.rstrip())
                    if line.upper().startswith("QUIT"):
                        return say(talk, "221 bye")
                    say(talk, answers.get(line[:4].upper(), "250 ok"))
                    if line.upper().startswith("DATA"):
                        while (text := talk.readline().rstrip()) != ".":
                            heard.append(text)
                        say(talk, answer_to_letter)

        thread = threading.Thread(target=converse, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(10)


def say(talk: TextIO, line: str) -> None:
    talk.write(line + "\r\n")
    talk.flush()


def test_smtp_hands_the_letter_over_under_an_id_made_of_its_key(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", "window@jm.example"
    ids = []
    for _ in range(2):
        with mail_server("250 taken") as (port, heard):
            settings.EMAIL_PORT = port
            ids.append(
                SmtpMail().send("a@example.org", "QQ26", "https://window.example", key="k").provider_id
            )
        assert f"Message-ID: {ids[-1]}" in heard
        assert any("a@example.org" in line for line in heard if line.startswith("rcpt TO"))
        assert "https://window.example" in heard
    assert ids[0] == ids[1]


def test_smtp_says_when_the_server_does_not_take_the_letter(settings: Settings) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    with mail_server("451 try later") as (port, _):
        settings.EMAIL_PORT = port
        with pytest.raises(MailFailed):
            SmtpMail().send("a@example.org", "QQ26", "b", key="k")


def test_smtp_says_when_there_is_no_server(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
    assert "mail server 127.0.0.1" in (SmtpMail().check() or "")
