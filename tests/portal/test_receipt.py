"""The receipt: whoever filed keeps it, nobody else sees it."""

from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from tests.cast import Town, now_epoch
from tests.portal.forms import begin, fill, photograph, send


@pytest.fixture
def filed(town: Town, visitor: Client) -> str:
    """A request just filed by the visitor; its reference."""
    pages = begin(visitor)
    fill(visitor, pages)
    visitor.post(f"{pages}papers/", {"file_passport": photograph(), "continue": "yes"})
    return send(visitor, pages)


def test_whoever_filed_sees_reference_office_date_and_what_comes(filed: str, visitor: Client) -> None:
    answer = visitor.get(f"/receipt/{filed}/")
    page = unescape(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    assert filed in page
    assert "台山市ts-overseas_affairs" in page
    assert "有效的中国护照或旅行证" in page
    assert "护照 🛂.jpg" in page
    with acting(SYSTEM, epoch=now_epoch()):
        due = Case.objects.get(reference=filed).due_on
    assert due is not None
    assert f'datetime="{due.isoformat()}"' in page
    assert "<svg" in page
    assert "style=" not in page.split("<main")[1]


@pytest.mark.parametrize("part", ["", "paper.pdf", "date.ics", "dates/correction/"])
def test_a_stranger_gets_404(filed: str, part: str) -> None:
    assert Client().get(f"/receipt/{filed}/{part}").status_code == 404
    assert Client().get(f"/receipt/QQ26-9999-999/{part}").status_code == 404


def test_the_receipt_is_a_pdf_in_either_print(filed: str, visitor: Client) -> None:
    plain, large = (visitor.get(f"/receipt/{filed}/paper.pdf{query}") for query in ("", "?large"))
    assert plain["Content-Type"] == "application/pdf"
    assert plain.content.startswith(b"%PDF")
    assert large.content.startswith(b"%PDF")
    assert plain.content != large.content


def test_the_date_goes_into_any_calendar(filed: str, visitor: Client) -> None:
    answer = visitor.get(f"/receipt/{filed}/date.ics")
    text = answer.content.decode()
    with acting(SYSTEM, epoch=now_epoch()):
        due = Case.objects.get(reference=filed).due_on
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"DTSTART;VALUE=DATE:{due:%Y%m%d}" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert filed in text.replace("\r\n ", "")


def test_the_receipt_explains_its_date(filed: str, visitor: Client) -> None:
    page = visitor.get(f"/receipt/{filed}/dates/correction/").content.decode()
    assert "一天一天地数" in page
    assert visitor.get(f"/receipt/{filed}/dates/nothing/").status_code == 404


def test_a_receipt_page_takes_few_queries(
    filed: str, visitor: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        visitor.get(f"/receipt/{filed}/")


def test_a_proof_older_than_two_hours_opens_nothing(filed: str, visitor: Client) -> None:
    session = visitor.session
    session["proved_cases"] = {case: int(timezone.now().timestamp()) - 1 for case in session["proved_cases"]}
    session.save()
    assert visitor.get(f"/receipt/{filed}/").status_code == 404
