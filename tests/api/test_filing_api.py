"""Filing and following a case through the API."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser

from qiaoqiao.access.models import Client
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from tests.cast import SETTLE, Town, now_epoch

TOKEN = "token-of-the-tests"
ROSA = {
    "name": "陈玉莲",
    "country": "VE",
    "language": "es",
    "timezone": "America/Caracas",
    "email": "rosa@example.org",
    "identity_kind": "passport",
    "identity_number": "E12345678",
}
BODY = {"service": "settlement", "applicant": ROSA, "facts": SETTLE}


@pytest.fixture
def town(db: None) -> Town:
    Client.objects.create(
        name="测试系统", token_digest=hashlib.sha256(TOKEN.encode()).digest(), made_at=datetime.now(UTC)
    )
    return Town()


def call(method: str, path: str, body: object = None, **headers: str) -> Any:
    sent = {"Authorization": f"Bearer {TOKEN}", "Accept-Language": "es"} | headers
    browser = Browser(headers=sent)
    data = json.dumps(body) if body is not None else None
    return browser.generic(method, f"/api/v1{path}", data or "", content_type="application/json")


def test_the_same_key_and_body_make_one_case(town: Town) -> None:
    first = call("POST", "/cases", BODY, **{"Idempotency-Key": "k1"})
    again = call("POST", "/cases", BODY, **{"Idempotency-Key": "k1"})
    assert first.status_code == 200, first.content
    assert first.json()["reference"] == again.json()["reference"]
    with acting(SYSTEM, epoch=now_epoch()):
        assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(town: Town) -> None:
    call("POST", "/cases", BODY, **{"Idempotency-Key": "k1"})
    other = BODY | {"facts": SETTLE | {"address": "别处"}}
    assert call("POST", "/cases", other, **{"Idempotency-Key": "k1"}).status_code == 422


def test_a_person_reads_their_case_with_its_proof_and_a_stranger_gets_404(town: Town) -> None:
    filed = call("POST", "/cases", BODY).json()
    mine = call("GET", f"/cases/{filed['reference']}", **{"X-Case-Proof": filed["proof"]})
    assert mine.json()["state"] == "submitted"
    assert call("GET", f"/cases/{filed['reference']}").status_code == 404
    assert call("GET", f"/cases/{filed['reference']}/moves").status_code == 404


def test_faults_come_back_as_a_problem_in_the_callers_language(town: Town) -> None:
    facts = {name: value for name, value in SETTLE.items() if name != "address"}
    answer = call("POST", "/cases", BODY | {"facts": facts | {"left_on": "2001-02-30"}})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert {one["field"] for one in answer.json()["errors"]} == {"facts.address", "facts.left_on"}


def test_no_token_no_answer(town: Town) -> None:
    answer = Browser().get("/api/v1/services")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_filing_takes_few_queries(town: Town, django_assert_max_num_queries: Any) -> None:
    call("POST", "/cases", BODY)
    with django_assert_max_num_queries(26) as counted:
        call("POST", "/cases", BODY, **{"Idempotency-Key": "k2"})
    print(len(counted.captured_queries))
    for query in counted.captured_queries:
        print(query["sql"][:110])
