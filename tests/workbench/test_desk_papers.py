"""Papers at the desk: read safely, judged, handed over with proof."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.papers import add
from qiaoqiao.casework.bringing import bring
from qiaoqiao.casework.models import Case, Delivery, Paper
from tests.cast import ROSA, Town, as_staff, now_epoch
from tests.workbench.conftest import SignIn
from tests.workbench.roads import CLAIM, days_ago, settlement, the_person

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def with_photo(case: Case) -> Paper:
    """The case with a photograph somebody uploaded."""
    who = the_person(case)
    kept = bring(BytesIO(PIXEL), name="护照 𠮷.png", kind="passport", title="护照", now=timezone.now())
    with acting(who, epoch=now_epoch()):
        add(case.pk, [kept], actor=who, at=days_ago(1))
        return Paper.objects.get(case=case, kind="passport")


def the_receipt(case: Case) -> Paper:
    with acting(SYSTEM, epoch=now_epoch()):
        return Paper.objects.get(case=case, kind="receipt")


def paper_again(paper: Paper) -> Paper:
    with acting(SYSTEM, epoch=now_epoch()):
        return Paper.objects.get(pk=paper.pk)


def content(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_photograph_is_shown_so_that_nothing_in_it_can_act(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    paper = with_photo(case)
    answer = signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/papers/{paper.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("inline")
    assert content(answer).startswith(b"\x89PNG")


def test_it_can_be_taken_away_as_a_file(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    paper = with_photo(case)
    answer = signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/papers/{paper.pk}/?download")
    assert answer["Content-Disposition"].startswith("attachment")
    content(answer)


def test_a_notice_not_yet_printed_is_printed_on_the_spot(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    answer = signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/papers/{the_receipt(case).pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert content(answer).startswith(b"%PDF")


def test_a_paper_of_another_case_is_not_found(town: Town, signed_in: SignIn) -> None:
    mine, other = settlement(), settlement(ago=4)
    address = f"/staff/cases/{mine.reference}/papers/{the_receipt(other).pk}/"
    assert signed_in(town.officer_chen).get(address).status_code == 404


def test_a_paper_noted_without_a_file_has_nothing_to_read(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    paper = with_photo(case)
    with acting(SYSTEM, epoch=now_epoch()):
        Paper.objects.filter(pk=paper.pk).update(file="")
    assert (
        signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/papers/{paper.pk}/").status_code
        == 404
    )


def test_a_paper_is_judged_with_what_it_lacks(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    paper = with_photo(case)
    client = signed_in(town.officer_chen)
    address = f"/staff/cases/{case.reference}/papers/{paper.pk}/verdict/"
    client.post(address, {"verdict": "wanting", "remark": ""})
    assert paper_again(paper).verdict == ""
    client.post(address, {"verdict": "wanting", "remark": "缺盖章页" * 200})
    assert (paper_again(paper).verdict, len(paper_again(paper).remark)) == ("wanting", 400)
    client.post(address, {"verdict": "perfect"})
    client.post(address, {"verdict": "fits"})
    assert paper_again(paper).verdict == "fits"


@pytest.mark.parametrize("proof", ["本人签收 𠮷", " " * 5])
def test_handing_over_a_notice_needs_its_proof(town: Town, signed_in: SignIn, proof: str) -> None:
    case = at_the_counter(town)
    with acting(SYSTEM, epoch=now_epoch()):
        way = Delivery.objects.get(case=case, channel="counter")
    client = signed_in(town.officer_chen)
    address = f"/staff/cases/{case.reference}/papers/{way.paper_id}/ways/{way.pk}/"
    assert "登记送达" in client.get(f"/staff/cases/{case.reference}/").content.decode()
    for _press in range(2):
        assert client.post(address, {"proof": proof}).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        way.refresh_from_db()
    assert (way.state, way.proof) == (("served", "本人签收 𠮷") if proof.strip() else ("waiting", ""))


def at_the_counter(town: Town) -> Case:
    """A petition taken at the window from somebody with neither e-mail nor phone."""
    who = replace(ROSA, email="", phone="")
    filing = Filing(
        service="petition", channel="counter", applicant=who, facts=CLAIM, intake_office=town.federation.pk
    )
    actor = as_staff(town.officer_chen).with_case(filing.case_id)
    with acting(actor, epoch=now_epoch()):
        return file(filing, actor=actor, at=days_ago(1))
