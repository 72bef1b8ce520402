"""One's own file on the public pages: read, copy, agree, take back, put right, freeze; a stranger sees a door."""

import json
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.ids import new_reference
from qiaoqiao.parties.actions.consenting import give
from qiaoqiao.parties.actions.files import document, make_file, opened
from qiaoqiao.parties.actions.proving import digits
from qiaoqiao.parties.models import (
    Address,
    Change,
    Consent,
    Contact,
    File,
    FileCode,
    Kin,
    Name,
    Need,
    Person,
    Standing,
)
from qiaoqiao.parties.reactions import send_code
from qiaoqiao.portal import tracking
from tests.cast import Town, as_staff, now_epoch
from tests.portal.following import filed, page, prove, told, token_of

MAIL = "liang@example.org"
NOBODYS = new_reference(2026, 77, b"another installation", prefix="QF")


def my_file(town: Town, text: str = "黎金好", *more: object, email: str = MAIL) -> File:
    """A file such as an office keeps: a few facts, opened once for a visit."""
    actor = as_staff(town.officer_chen)
    at = timezone.now() - timedelta(days=20)
    with acting(actor, epoch=now_epoch()):
        file = make_file(
            Name(text=text, script="hans", kind="legal", since=date(1958, 3, 27)),
            Contact(kind="email", value=email),
            Address(kind="home", country="CN", text="胜利社区5栋202", proof="户口簿"),
            Standing(kind="returnee", since=date(1960, 5, 1)),
            Kin(relation="sibling", name="黎金水", country="ID"),
            document("resident_card", "440781195803271234", issuer="CN"),
            *more,  # type: ignore[arg-type]
            office=town.federation, actor=actor, at=at, sex="f", born="1958-03-27", origin="ID",
            return_year=1960, country="CN",
        )  # fmt: skip
        opened(file.pk, purpose="visit", actor=actor, at=at + timedelta(days=1), office=town.federation.code)
    return file


def code_sent(file: File, to: str = MAIL) -> str:
    """Let the worker send the newest code, and read it from the letter."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.filter(subject=file.pk, kind="file.code").latest("seq")
        newest = FileCode.objects.filter(file=file).latest("made_at")
    send_code(str(entry.uid))
    letter = mail.recent(1, to)[0]
    assert file.number in letter.body
    assert digits(newest.pk) in letter.body
    return digits(newest.pk)


def prove_file(visitor: Client, file: File, to: str = MAIL) -> Client:
    assert visitor.post("/my-file/", {"number": file.number}).status_code == 303
    answer = visitor.post("/my-file/code/", {"number": file.number, "code": code_sent(file, to)})
    assert answer.status_code == 303, answer.content.decode()
    assert answer["Location"] == f"/my-file/{file.number}/"
    return visitor


def test_a_person_opens_their_file_with_its_number_and_a_code(town: Town, visitor: Client) -> None:
    file = my_file(town)
    html = page(prove_file(visitor, file), f"/my-file/{file.number}/")
    said = told(html)
    for words in ("黎金好", "归侨", "印度尼西亚", "胜利社区5栋202", "依据：户口簿", "1234", "黎金水", "走访", "经办人"):
        assert words in said, words
    assert "440781195803271234" not in html
    assert "chen" not in html
