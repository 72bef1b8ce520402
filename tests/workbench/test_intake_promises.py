"""At the window: a paper the office waits for is noted as promised, with its days, and the receipt counts on."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case, Term
from tests.cast import Town, make_office, now_epoch
from tests.workbench.conftest import SignIn

DAYS = 20
GIVEN = {
    "service": "residence_registration", "channel": "counter", "name": "陈玉莲", "phone": "13800000000", "country": "CN",
    "language": "zh-hans", "identity_kind": "passport", "identity_number": "E12345678", "ground": "permit",
    "permit_number": "粤江2026001", "place": "440781", "address": "端芬镇侨兴路8号", "household": "own",
    "permit_issued_on_year": "2026", "permit_issued_on_month": "11", "permit_issued_on_day": "20",
    "visit_from_year": "2026", "visit_from_month": "12", "visit_from_day": "10", "handed": ["passport", "permit"],
}  # fmt: skip


@pytest.fixture
def waiting(town: Town) -> Office:
    """The register desk of Taishan, which waits so many days for a promised paper."""
    office = make_office("ts-household", "household_police", town.taishan, level="county")
    office.settings = {"residence_registration": {"promise_days": DAYS}}
    office.save(update_fields=["settings"])
    return office


def take_in(client: Client, **changes: Any) -> HttpResponse:
    return client.post("/staff/intake/", {"once": "1" * 32, **GIVEN, **changes})


def window(client: Client) -> str:
    return client.get("/staff/intake/", {"service": "residence_registration"}).content.decode()


def test_the_window_offers_what_the_office_waits_for_and_says_what_follows(
    town: Town, signed_in: SignIn, waiting: Office
) -> None:
    html = window(signed_in(town.officer_chen))
    assert f"租赁合同等），{DAYS} 天内补交" in html
    assert "承诺补交的材料到期没有交，暂停办理" in html
    waiting.settings = {}
    waiting.save(update_fields=["settings"])
    assert "以后补交" not in window(signed_in(town.officer_chen))


def test_a_paper_promised_at_the_window_has_its_days_and_is_not_called_missing(
    town: Town, signed_in: SignIn, waiting: Office
) -> None:
    client = signed_in(town.officer_chen)
    taken = take_in(client, later=["home_proof"])
    assert taken.status_code == 302, taken.content.decode()
    with acting(SYSTEM, epoch=now_epoch()):
        case = Case.objects.get()
        assert case.facts["promised"] == ["home_proof"]
        assert Term.objects.get(case=case, limit="promise").due_on == case.filed_on + timedelta(days=DAYS)
    html = client.get(taken["Location"]).content.decode()
    assert "本人承诺以后补交的材料" in html
    assert "还没有交的材料" not in html


def test_a_paper_handed_over_is_not_promised_as_well(town: Town, signed_in: SignIn, waiting: Office) -> None:
    handed = [*GIVEN["handed"], "home_proof"]
    take_in(signed_in(town.officer_chen), handed=handed, later=["home_proof"])
    with acting(SYSTEM, epoch=now_epoch()):
        assert "promised" not in Case.objects.get().facts


@pytest.mark.parametrize("paper", ["permit", "householder_agrees"])
def test_a_promise_nobody_takes_is_refused_in_words_and_stays_ticked(
    town: Town, signed_in: SignIn, waiting: Office, paper: str
) -> None:
    page = take_in(signed_in(town.officer_chen), handed=["passport"], later=[paper])
    html = page.content.decode()
    assert page.status_code == 422
    assert "负责的单位不接受以后补交" in html
    assert f'value="{paper}" checked' in html
    assert "not_offered" not in html


def test_an_unknown_paper_is_no_promise(town: Town, signed_in: SignIn, waiting: Office) -> None:
    assert take_in(signed_in(town.officer_chen), later=["moon", "home_proof"]).status_code == 302
