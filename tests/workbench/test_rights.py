"""Rights at the counter: consents taken down in their words, requests with a proof, a death; a frozen file is shut."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.parties.actions.rights import ask_for
from qiaoqiao.parties.consents import PURPOSES, wording
from qiaoqiao.parties.models import Change, Consent, File, Need
from tests.cast import Town, now_epoch
from tests.eyes import wrong
from tests.workbench.conftest import Opener, SignIn
from tests.workbench.people_town import make_person, open_for

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\r\xefF\xb8\x00\x00\x00\x00IEND\xaeB`\x82"
)


def at_the_counter(town: Town, signed_in: SignIn) -> tuple[Any, File]:
    file = make_person(town)
    open_for(town.officer_chen, file)
    return signed_in(town.officer_chen), file


def test_a_consent_is_taken_down_in_the_words_and_language_it_was_read_in(
    town: Town, signed_in: SignIn
) -> None:
    client, file = at_the_counter(town, signed_in)
    address = f"/staff/people/{file.number}/consents/sensitive/"
    assert wording("sensitive", "es").text in client.get(f"{address}?in=es").content.decode()
    sent = {"method": "visit", "language": "es", "agree": "on"}
    assert client.post(address, {**sent, "agree": ""}).status_code == 422
    assert client.post(address, sent).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        kept = Consent.objects.get(file=file)
    assert (kept.purpose, kept.method, kept.language) == ("sensitive", "visit", "es")
    assert kept.wording == wording("sensitive", "es").fingerprint


def test_a_withdrawal_at_the_counter_takes_two_clicks_too(town: Town, signed_in: SignIn) -> None:
    client, file = at_the_counter(town, signed_in)
    here = f"/staff/people/{file.number}/consents/"
    client.post(f"{here}sensitive/", {"method": "counter", "language": "zh-hans", "agree": "on"})
    with acting(SYSTEM, epoch=now_epoch()):
        Need.objects.create(file=file, kind="illness", note="糖尿病", added_at=timezone.now())
        consent = Consent.objects.get(file=file)
    back = f"{here}{consent.pk}/withdraw/"
    assert back in client.get(here).content.decode()
    assert "马上删除" in client.get(back).content.decode()
    assert client.post(back).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Need.objects.filter(file=file, kind="illness").exists()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_has_its_own_page_and_its_own_unticked_box(
    town: Town, signed_in: SignIn, purpose: str
) -> None:
    client, file = at_the_counter(town, signed_in)
    html = client.get(f"/staff/people/{file.number}/consents/{purpose}/").content.decode()
    assert html.split("<main", 1)[1].split("</main>")[0].count('type="checkbox"') == 1
    answer = client.post(f"/staff/people/{file.number}/consents/{purpose}/", {"agree": "on"})
    assert answer.status_code == 422


def test_a_request_at_the_counter_needs_a_proof_and_waits_for_a_colleague(
    town: Town, signed_in: SignIn
) -> None:
    client, file = at_the_counter(town, signed_in)
    address = f"/staff/people/{file.number}/ask/"
    assert client.post(address, {"kind": "delete", "reason": "儿子"}).status_code == 422
    proof = SimpleUploadedFile("hukou.png", PNG)
    assert client.post(address, {"kind": "delete", "reason": "儿子", "evidence": proof}).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        change = Change.objects.get(file=file)
    assert (change.kind, change.by_person, change.state, bool(change.evidence)) == (
        "delete",
        False,
        "open",
        True,
    )


def test_a_death_is_taken_down_with_the_proof_that_was_seen(town: Town, signed_in: SignIn) -> None:
    client, file = at_the_counter(town, signed_in)
    sent = {"on_year": "2026", "on_month": "3", "on_day": "1", "proof": "死亡证明"}
    address = f"/staff/people/{file.number}/died/"
    assert client.post(address, {**sent, "proof": ""}).status_code == 422
    assert client.post(address, {**sent, "on_year": "2999"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert File.objects.get(pk=file.pk).died_on == date(2026, 3, 1)


def test_of_a_frozen_file_an_officer_sees_number_and_name_only(town: Town, signed_in: SignIn) -> None:
    client, file = at_the_counter(town, signed_in)
    me = person(file.pk)
    with acting(me, epoch=now_epoch()):
        ask_for(file.pk, "freeze", actor=me, at=timezone.now())
    html = client.get(f"/staff/people/{file.number}/").content.decode()
    assert "已冻结" in html
    assert "陈玉莲" in html
    for held in ("侨兴路8号", "+5804125550123", "归侨证", "陈明", "1946"):
        assert held not in html
    assert (
        client.post(
            f"/staff/people/{file.number}/consents/contact/",
            {"method": "counter", "language": "es", "agree": "on"},
        ).status_code
        == 422
    )


@pytest.mark.browser
def test_the_pages_of_rights_work_for_everybody(
    open_page: Opener, served_town: Town, live_server: Any
) -> None:
    file = make_person(served_town)
    open_for(served_town.officer_chen, file)
    here = f"/staff/people/{file.number}/"
    page = open_page(here, account=served_town.officer_chen)
    for path in ("consents/", "consents/abroad/", "ask/", "died/"):
        page.goto(live_server.url + here + path)
        assert wrong(page) == [], path
