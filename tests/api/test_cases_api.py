"""Working a case through the API: the person with a proof, offices with their client's account."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from qiaoqiao.access.models import Account, Client
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.proving import digits
from qiaoqiao.casework.models import Code
from tests.api.test_filing_api import BODY, call, town
from tests.cast import Town, now_epoch

__all__ = ["town"]  # the fixture
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001"
    "f61738550000000049454e44ae426082"
)


def system_of(account: Account) -> dict[str, str]:
    token = f"token-of-{account.username}"
    digest = hashlib.sha256(token.encode()).digest()
    Client.objects.get_or_create(
        token_digest=digest, defaults={"name": token, "account": account, "made_at": datetime.now(UTC)}
    )
    return {"Authorization": f"Bearer {token}"}


def file_one() -> dict[str, Any]:
    answer = call("POST", "/cases", BODY)
    assert answer.status_code == 200, answer.content
    return answer.json()  # type: ignore[no-any-return]


def test_an_office_works_its_queue_and_a_stranger_finds_nothing(town: Town) -> None:
    reference = file_one()["reference"]
    office, stranger = system_of(town.officer_chen), system_of(town.stranger_he)
    queue = call("GET", "/queue", **office).json()
    assert [row["reference"] for row in queue["rows"]] == [reference]
    assert call("GET", "/queue", **stranger).json()["rows"] == []
    found = call("GET", f"/search?q={quote('侨兴路')}", **office).json()["rows"]
    assert [row["reference"] for row in found] == [reference]
    assert call("GET", f"/search?q={quote('侨兴路')}", **stranger).json()["rows"] == []
    moved = call("POST", f"/cases/{reference}/moves/accept", {"answers": {}}, **office)
    assert moved.json()["state"] == "accepted"
    again = call("POST", f"/cases/{reference}/moves/accept", {"answers": {}}, **office)
    assert (again.status_code, again.json()["state"]) == (409, "accepted")
    assert call("POST", f"/cases/{reference}/moves/consult", {}, **stranger).status_code == 404


def test_a_move_that_lacks_an_answer_names_it(town: Town) -> None:
    reference = file_one()["reference"]
    answer = call("POST", f"/cases/{reference}/moves/one_time_notice", {}, **system_of(town.officer_chen))
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"missing", "supplement_by"}


def test_a_one_time_code_gives_a_proof_once(town: Town) -> None:
    reference = file_one()["reference"]
    assert call("POST", f"/cases/{reference}/code").status_code == 202
    assert call("POST", "/cases/QQ26-AAAA-AAA/code").status_code == 202, (
        "the same for one that does not exist"
    )
    with acting(SYSTEM, epoch=now_epoch()):
        code = digits(Code.objects.get().pk)
    wrong = call("POST", f"/cases/{reference}/proof", {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    proof = call("POST", f"/cases/{reference}/proof", {"code": code}).json()["proof"]
    assert call("POST", f"/cases/{reference}/proof", {"code": code}).status_code == 422
    mine = call("GET", f"/cases/{reference}/timeline", **{"X-Case-Proof": proof})
    assert mine.status_code == 200
    assert mine.json()


def test_a_code_is_dead_after_five_wrong_tries(town: Town) -> None:
    reference = file_one()["reference"]
    call("POST", f"/cases/{reference}/code")
    with acting(SYSTEM, epoch=now_epoch()):
        code = digits(Code.objects.get().pk)
    for _ in range(5):
        call("POST", f"/cases/{reference}/proof", {"code": "nothing"})
    assert call("POST", f"/cases/{reference}/proof", {"code": code}).status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"MZ" + bytes(200), "not_allowed"),
        ("a.png", bytes(30 * 1024 * 1024), "too_large"),
    ],
)
def test_files_that_cannot_be_taken_are_refused_with_the_reason(
    town: Town, name: str, content: bytes, kind: str
) -> None:
    browser = Browser(headers={"Authorization": "Bearer token-of-the-tests", "Accept-Language": "es"})
    answer = browser.post("/api/v1/files", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert answer.json()["type"] == f"urn:qiaoqiao:file-{kind}"


def test_papers_messages_rating_and_withdrawing_are_the_persons(town: Town) -> None:
    filed = file_one()
    reference, mine = filed["reference"], {"X-Case-Proof": filed["proof"]}
    browser = Browser(headers={"Authorization": "Bearer token-of-the-tests"})
    token = browser.post(
        "/api/v1/files", {"file": SimpleUploadedFile("照片𠮷.png", PNG), "kind": "photo"}
    ).json()
    added = call("POST", f"/cases/{reference}/papers", {"files": [token["token"]]}, **mine)
    assert [paper["kind"] for paper in added.json() if paper["direction"] == "in"] == ["photo"]
    forged = call("POST", f"/cases/{reference}/papers", {"files": [token["token"] + "x"]}, **mine)
    assert forged.status_code == 422
    said = call("POST", f"/cases/{reference}/messages", {"body": "¿Cuándo? 🙏 𠮷", "language": "es"}, **mine)
    assert said.json()["body"] == "¿Cuándo? 🙏 𠮷"
    assert call("POST", f"/cases/{reference}/rating", {"rating": 5}, **mine).status_code == 409
    assert call("POST", f"/cases/{reference}/moves/withdraw", {}, **mine).json()["stage"] == "done"
    assert call("POST", f"/cases/{reference}/rating", {"rating": 5}, **mine).json()["rating"] == 5
    office = system_of(town.officer_chen)
    assert call("POST", f"/cases/{reference}/rating", {"rating": 1}, **office).status_code == 404


def test_figures_of_a_stranger_are_empty(town: Town) -> None:
    file_one()
    assert call("GET", "/figures", **system_of(town.head_liang)).json()["totals"]["filed"]["number"] == 1
    assert call("GET", "/figures", **system_of(town.stranger_he)).json()["totals"]["filed"]["number"] == 0
