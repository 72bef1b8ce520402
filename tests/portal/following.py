"""Following a case in the tests: a request filed from Caracas, its code as the worker sends it, an office that acts."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.actions.proving import digits
from qiaoqiao.casework.models import Case, Code, Paper
from qiaoqiao.casework.reactions import send_code
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from tests.cast import SETTLE, Town, as_staff, file_case, now_epoch


def filed(*, days_ago: int = 1, **changes: Any) -> Case:
    """Rosa's request to settle back, filed yesterday."""
    return file_case("settlement", SETTLE, at=timezone.now() - timedelta(days=days_ago), **changes)


def act(account: Account, case: Case, move_id: str, at: datetime | None = None, **answers: Any) -> None:
    """An officer makes a move."""
    with acting(as_staff(account), epoch=now_epoch()):
        move(case.pk, move_id, answers=answers, actor=as_staff(account), at=at or timezone.now())


def asked_for_papers(town: Town, case: Case, *missing: str) -> None:
    """The office gives its one-time notice."""
    act(
        town.officer_chen,
        case,
        "one_time_notice",
        missing=list(missing) or ["travel_record", "stay_proof"],
        supplement_by="2027-03-20",
        note="请一次补齐",
    )


def refused(town: Town, case: Case) -> None:
    """The office does not accept the request, with reasons."""
    act(
        town.officer_chen,
        case,
        "not_accept",
        refusal="foreign_citizen",
        reasons="已经加入外国国籍",
        right_office="台山市公安局出入境管理大队",
    )


def codes(case: Case) -> list[Code]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Code.objects.filter(case=case).order_by("made_at"))


def code_mailed(case: Case) -> str:
    """Let the worker send the newest code, and read it from the letter."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.filter(subject=case.pk, kind="code").latest("seq")
    send_code(str(entry.uid))
    letter = mail.recent(1, "rosa@example.org")[0]
    expected = digits(codes(case)[-1].pk)
    assert case.reference in letter.body
    assert expected in letter.body
    return expected


def prove(visitor: Client, case: Case) -> Client:
    """Ask for a code, take it from the letter and type it in."""
    answer = visitor.post("/track/", {"reference": case.reference})
    assert answer.status_code == 303, answer.content.decode()
    answer = visitor.post("/track/code/", {"reference": case.reference, "code": code_mailed(case)})
    assert answer.status_code == 303, answer.content.decode()
    assert answer["Location"] == f"/cases/{case.reference}/"
    return visitor


def again(case: Case) -> Case:
    with acting(SYSTEM, epoch=now_epoch()):
        return Case.objects.get(pk=case.pk)


def kinds(case: Case) -> list[str]:
    """What the ledger says happened."""
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Entry.objects.filter(subject=case.pk).order_by("seq").values_list("kind", flat=True))


def papers(case: Case, **wanted: Any) -> list[Paper]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Paper.objects.filter(case=case, **wanted).order_by("added_at"))


def token_of(html: str) -> str:
    """The token by which a form is sent once."""
    return html.split('name="once" value="')[1].split('"')[0]


def page(visitor: Client, address: str, status: int = 200) -> str:
    answer = visitor.get(address)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def proof_runs_out(visitor: Client, case: Case) -> None:
    """Two hours pass: the browser's proof of the case is over, its session is not."""
    session = visitor.session
    session["proved_cases"] = {str(case.pk): now_epoch() - 1}
    session.save()


def some_id() -> UUID:
    return UUID("0192f0c8-0000-7000-8000-000000000000")


def told(html: str) -> str:
    """The words of a page, as somebody hears them."""
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def seen(visitor: Client, case: Case, path: str = "") -> str:
    return told(page(visitor, f"/cases/{case.reference}/{path}"))
