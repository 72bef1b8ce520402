"""An office's system sends its roll through the API."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser

from qiaoqiao.access.models import Account, Client
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.parties.models import Batch, File, Record, Source
from tests.cast import Town, make_account, now_epoch
from tests.parties.rolls import CHEN, HEADER, LI, changed, make_source


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def source(town: Town) -> Source:
    return make_source(town.overseas_affairs, giver=town.exit_entry_police)


def as_record(row: Any) -> dict[str, object]:
    return dict(zip(HEADER, row, strict=True))


BODY: dict[str, Any] = {"records": [as_record(CHEN), as_record(LI)]}


def send(account: Account, source: str, body: object, **headers: str) -> Any:
    token = f"token of {account.username}"
    digest = hashlib.sha256(token.encode()).digest()
    Client.objects.get_or_create(
        token_digest=digest, defaults={"name": token, "account": account, "made_at": datetime.now(UTC)}
    )
    browser = Browser(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"} | headers)
    address = f"/api/v1/sources/{source}/records"
    return browser.generic("POST", address, json.dumps(body), content_type="application/json")


def counted() -> tuple[int, int]:
    with acting(SYSTEM, epoch=now_epoch()):
        return File.objects.count(), Record.objects.count()


def test_a_keepers_system_brings_records_in_and_hears_of_each(town: Town, source: Source) -> None:
    bad = as_record(changed(CHEN, 编号="A3", 姓名="", 国籍="火星"))
    answer = send(town.officer_chen, source.code, {"records": [*BODY["records"], bad]})
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["state"], said["waiting"]) == ("done", False)
    assert said["counts"] == {"new": 2, "joined": 0, "same": 0, "errors": 1, "warnings": 0}
    assert [row["taken"] for row in said["rows"]] == [True, True, False]
    faults = {one["code"]: (one["level"], one["message"]) for one in said["rows"][2]["faults"]}
    assert faults["missing_name"] == ("error", "No name")
    assert faults["unknown_country"][0] == "warning"
    assert counted() == (2, 2)


def test_our_own_column_names_need_no_mapping(town: Town, source: Source) -> None:
    record = {
        "name_hanzi": "陈大文",
        "birth_date": "1954-03-02",
        "id_no": "440781195403020112",
        "record_id": "7",
    }
    assert send(town.officer_chen, source.code, {"records": [record]}).json()["counts"]["new"] == 1
    with acting(SYSTEM, epoch=now_epoch()):
        kept = Record.objects.get()
    assert (kept.name_hanzi, kept.birth_date, kept.id_tail, kept.theirs) == (
        "陈大文",
        "1954-03-02",
        "0112",
        "7",
    )


def test_a_dry_run_brings_nothing_in(town: Town, source: Source) -> None:
    said = send(town.officer_chen, source.code, BODY | {"dry_run": True}).json()
    assert (said["state"], said["counts"]["new"]) == ("looked", 2)
    assert counted() == (0, 0)


def test_the_same_key_brings_nothing_twice(town: Town, source: Source) -> None:
    first, again = (
        send(town.officer_chen, source.code, BODY, **{"Idempotency-Key": "k1"}).json() for _ in range(2)
    )
    assert first == again
    assert counted() == (2, 2)
    other = {"records": [as_record(CHEN)]}
    assert send(town.officer_chen, source.code, other, **{"Idempotency-Key": "k1"}).status_code == 422


def test_the_same_records_without_a_key_are_known(town: Town, source: Source) -> None:
    send(town.officer_chen, source.code, BODY)
    again = send(town.officer_chen, source.code, BODY).json()
    assert again["counts"]["same"] == 2
    assert [row["taken"] for row in again["rows"]] == [False, False]
    assert counted() == (2, 2)


def test_the_giving_offices_records_wait_and_tell_it_nothing(town: Town, source: Source) -> None:
    send(town.officer_chen, source.code, BODY)
    said = send(town.police_wu, source.code, BODY).json()
    assert (said["state"], said["waiting"], said["counts"]["new"]) == ("looked", True, 2)
    assert all(row["faults"] == [] for row in said["rows"])
    assert counted() == (2, 2)


@pytest.mark.parametrize("who", ["stranger_he", "housing_lin"])
def test_a_strangers_system_gets_404_for_a_source(town: Town, source: Source, who: str) -> None:
    assert send(getattr(town, who), source.code, BODY).status_code == 404
    assert send(town.officer_chen, "no-such-source", BODY).status_code == 404
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Batch.objects.exists()


def test_a_clerks_system_may_not_send(town: Town, source: Source) -> None:
    clerk = make_account("clerk", (town.overseas_affairs, "clerk"))
    assert send(clerk, source.code, BODY).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"records": []},
        {"records": [{"姓名": "陈"}] * 501},
        {"records": [{"瓜": "豆"}]},
        {"records": [{"性别": "男"}]},
        {"records": "all"},
        {"records": [{"姓名": ["陈"]}]},
    ],
    ids=["none", "too many", "no known column", "no name", "no list", "no plain value"],
)
def test_what_is_no_list_of_records_is_a_problem(town: Town, source: Source, body: object) -> None:
    answer = send(town.officer_chen, source.code, body)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert counted() == (0, 0)
