"""One's own file on the public pages: read, copy, agree, take back, put right, freeze; a stranger sees a door."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.gateways import mail, sms
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.ids import new_reference
from qiaoqiao.parties.actions.consenting import give
from qiaoqiao.parties.actions.files import document, make_file, opened
from qiaoqiao.parties.actions.linking_cases import link_applicant
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
    Standing,
)
from qiaoqiao.parties.reactions import send_code
from qiaoqiao.portal import tracking
from tests.cast import Town, as_staff, now_epoch
from tests.eyes import flaws
from tests.portal.conftest import Opener
from tests.portal.following import filed, page, prove, token_of, told

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
    for words in (
        "黎金好",
        "归侨",
        "印度尼西亚",
        "胜利社区5栋202",
        "依据：户口簿",
        "1234",
        "黎金水",
        "走访",
        "承办人员",
    ):
        assert words in said, words
    assert "440781195803271234" not in html
    assert "chen" not in html


# --- the door ---------------------------------------------------------------------------------------


def without_tokens(answer: object, number: str) -> str:
    text = answer.content.decode()  # type: ignore[attr-defined]
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r"<time [^>]*>[^<]*</time>", "", text.replace(number, "NUMBER"))


def test_a_known_and_an_unknown_number_get_the_same_answers(town: Town) -> None:
    file = my_file(town)
    seen = []
    for number in (file.number, NOBODYS):
        visitor = Client(headers={"accept-language": "es"})
        answers = [
            visitor.get(f"/my-file/?number={number}"),
            visitor.post("/my-file/", {"number": number}),
            visitor.get(f"/my-file/code/?number={number}"),
            *(visitor.post("/my-file/code/", {"number": number, "code": "000000"}) for _ in range(6)),
            visitor.get(f"/my-file/{number}/"),
            visitor.post(f"/my-file/{number}/correct/", {"reason": "hola"}),
            *(visitor.post("/my-file/", {"number": number}) for _ in range(5)),
        ]
        seen.append([(one.status_code, without_tokens(one, number)) for one in answers])
    assert seen[0] == seen[1]
    assert seen[0][-1][0] == 429


def test_asking_takes_the_same_time_whether_there_is_such_a_file(
    town: Town, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = my_file(town)
    slept: list[float] = []
    monkeypatch.setattr(tracking, "sleep", slept.append)
    for number in (file.number, NOBODYS):
        visitor.post("/my-file/", {"number": number})
        visitor.post("/my-file/code/", {"number": number, "code": "000000"})
    assert len(slept) == 4
    assert all(one > 0 for one in slept)


def test_a_code_goes_to_a_mobile_number_as_a_roll_wrote_it(town: Town, visitor: Client) -> None:
    file = my_file(town, "黎金好", Contact(kind="phone", value="13900139117"))
    prove_file(visitor, file)
    assert len(sms.recent(5, "+8613900139117")) == 1


def test_a_code_goes_to_no_contact_that_others_read_and_to_none_that_is_over(
    town: Town, visitor: Client
) -> None:
    file = my_file(
        town,
        "黎金好",
        Contact(kind="email", value="family@example.org", shared=True),
        Contact(kind="email", value="old@example.org", until=date(2020, 1, 1)),
        Contact(kind="phone", value="no number"),
    )
    prove_file(visitor, file)
    assert mail.recent(5, "family@example.org") == mail.recent(5, "old@example.org") == []


def test_after_five_wrong_tries_even_the_right_code_is_refused(town: Town, visitor: Client) -> None:
    file = my_file(town)
    visitor.post("/my-file/", {"number": file.number})
    right = code_sent(file)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert visitor.post("/my-file/code/", {"number": file.number, "code": wrong}).status_code == 422
    assert visitor.post("/my-file/code/", {"number": file.number, "code": right}).status_code == 422
    assert visitor.get(f"/my-file/{file.number}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "请填写档案编号"), ("QQ26-7K3M-9PA", "查进度"), ("QF26", "编号不完整"), ("x" * 9999, "编号")],
)
def test_what_is_no_number_is_said_to_be_none(town: Town, visitor: Client, typed: str, said: str) -> None:
    answer = visitor.post("/my-file/", {"number": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def linked(town: Town, file: File, how: str = "paper", **more: Any) -> Case:
    """Rosa's case, which an officer linked to the file."""
    case = filed(**more)
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        link_applicant(
            case.person_id, file.pk, case=case.reference, how=how, office=town.overseas_affairs, actor=actor,
            at=timezone.now(),
        )  # fmt: skip
    return case


def test_ones_own_case_opens_ones_file(town: Town, visitor: Client) -> None:
    file = my_file(town)
    case = linked(town, file)
    prove(visitor, case)
    address = f"/cases/{case.reference}/my-file/"
    assert address in page(visitor, f"/cases/{case.reference}/")
    assert visitor.post(address)["Location"] == f"/my-file/{file.number}/"
    assert "黎金好" in page(visitor, f"/my-file/{file.number}/")


def test_a_case_linked_by_its_number_alone_does_not_open_the_file(town: Town, visitor: Client) -> None:
    """Whoever knows somebody's identity number could file with an address of their own."""
    file = my_file(town)
    case = linked(town, file, "number")
    prove(visitor, case)
    address = f"/cases/{case.reference}/my-file/"
    html = page(visitor, f"/cases/{case.reference}/")
    assert address not in html
    assert "用档案编号和验证码打开" in html
    assert visitor.post(address).status_code == 404
    assert visitor.get(f"/my-file/{file.number}/").status_code == 404


def test_a_case_without_a_file_opens_none(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    assert (
        'my-file/"' not in page(visitor, f"/cases/{case.reference}/").split("<main", 1)[1].split("</main>")[0]
    )
    assert visitor.post(f"/cases/{case.reference}/my-file/").status_code == 404


def test_another_persons_proof_shows_nothing(town: Town, visitor: Client) -> None:
    mine, theirs = my_file(town), my_file(town, "鑫淼垚", email="other@example.org")
    with acting(SYSTEM, epoch=now_epoch()):
        consent = give_to(theirs)
    prove_file(visitor, mine)
    for path in (
        "", "looks/", "copy/", "consents/", "consents/contact/", f"consents/{consent.pk}/withdraw/", "correct/",
        "correct/?field=born", "ask/delete/", "copy/file.json", "copy/file.pdf",
    ):  # fmt: skip
        for answer in (
            visitor.get(f"/my-file/{theirs.number}/{path}"),
            visitor.post(f"/my-file/{theirs.number}/{path}"),
        ):
            assert answer.status_code in {404, 405}
            assert "鑫淼垚" not in answer.content.decode()
    # not by way of one's own address either
    answer = visitor.post(f"/my-file/{mine.number}/consents/{consent.pk}/withdraw/")
    assert answer.status_code == 404
    with acting(SYSTEM, epoch=now_epoch()):
        assert Consent.objects.get(pk=consent.pk).withdrawn_at is None


def test_leaving_forgets_the_file_in_this_browser(town: Town, visitor: Client) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    assert file.number in page(visitor, "/my-file/")
    assert visitor.post("/my-file/leave/")["Location"] == "/my-file/"
    assert visitor.get(f"/my-file/{file.number}/").status_code == 404


def test_what_is_typed_after_the_proof_ran_out_is_shown_but_not_kept(town: Town, visitor: Client) -> None:
    answer = visitor.post(f"/my-file/{NOBODYS}/correct/", {"field": "born", "reason": "出生年份抄错了"})
    assert answer.status_code == 404
    assert "出生年份抄错了" in answer.content.decode()
    assert "出生年份抄错了" not in str(dict(visitor.session.items()))


def test_pages_of_a_file_are_never_kept_by_anybody(town: Town, visitor: Client) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    for path in ("/my-file/", f"/my-file/{file.number}/", f"/my-file/{file.number}/copy/"):
        assert "no-store" in visitor.get(path)["Cache-Control"]


# --- who looked, and a copy -------------------------------------------------------------------------


def test_who_looked_is_told_by_office_post_and_purpose_and_in_the_persons_hour(
    town: Town, visitor: Client
) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    visitor.cookies["tz"] = "America/Caracas"
    said = told(page(visitor, f"/my-file/{file.number}/looks/"))
    assert "承办人员用途：走访" in said
    assert "加拉加斯" in said
    assert town.officer_chen.name not in said


def test_the_copy_in_json_is_complete_and_its_making_is_recorded(town: Town, visitor: Client) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    answer = visitor.post(f"/my-file/{file.number}/copy/file.json")
    assert answer["Content-Disposition"] == f'attachment; filename="{file.number}.json"'
    copy = json.loads(answer.content)
    assert copy["names"][0]["text"] == "黎金好"
    assert copy["file"][0]["born"] == "1958-03-27"
    assert copy["documents"][0]["tail"] == "1234"
    assert "sealed" in copy["withheld"]["documents"]
    assert copy["looks"][0]["purpose"] == "走访"
    assert "440781195803271234" not in answer.content.decode()
    assert kinds(file)[-1] == "file.copied"


def test_the_copy_in_pdf_is_a_paper(town: Town, visitor: Client) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    visitor.cookies["language"] = "es"
    answer = visitor.post(f"/my-file/{file.number}/copy/file.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert kinds(file)[-1] == "file.copied"


def kinds(file: File) -> list[str]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Entry.objects.filter(subject=file.pk).order_by("seq").values_list("kind", flat=True))


# --- consents ---------------------------------------------------------------------------------------


def give_to(file: File, purpose: str = "contact") -> Consent:
    return give(file.pk, purpose, language="zh-hans", method="page", actor=SYSTEM, at=timezone.now())


def test_nothing_is_agreed_to_without_ticking_its_own_box(town: Town, visitor: Client) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    address = f"/my-file/{file.number}/consents/sensitive/"
    html = page(visitor, address)
    assert html.count('type="checkbox"') == 1
    assert "checked" not in html.split("<main", 1)[1]
    answer = visitor.post(address, {})
    assert answer.status_code == 422
    assert "不同意可以直接离开" in answer.content.decode()
    assert visitor.post(address, {"agree": "on"}).status_code == 303
    with acting(SYSTEM, epoch=now_epoch()):
        consent = Consent.objects.get(file=file)
    assert (consent.purpose, consent.method, consent.language) == ("sensitive", "page", "zh-hans")


def test_abroad_names_whom_and_where(town: Town, visitor: Client) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    address = f"/my-file/{file.number}/consents/abroad/"
    answer = visitor.post(address, {"agree": "on", "recipient": "Casa China"})
    assert answer.status_code == 422
    assert 'value="Casa China"' in answer.content.decode()
    assert (
        visitor.post(address, {"agree": "on", "recipient": "Casa China", "country": "VE"}).status_code == 303
    )
    assert "委内瑞拉的“Casa China”" in page(visitor, f"/my-file/{file.number}/consents/")


def test_a_consent_is_taken_back_in_two_clicks_and_what_rested_on_it_goes(
    town: Town, visitor: Client
) -> None:
    file = my_file(town, "黎金好", Need(kind="illness", note="糖尿病"), Need(kind="alone"))
    with acting(SYSTEM, epoch=now_epoch()):
        consent = give_to(file, "sensitive")
    prove_file(visitor, file)
    first = f"/my-file/{file.number}/consents/{consent.pk}/withdraw/"
    assert first in page(visitor, f"/my-file/{file.number}/consents/")
    assert "马上删除" in page(visitor, first)
    assert visitor.post(first).status_code == 303
    with acting(SYSTEM, epoch=now_epoch()):
        assert Consent.objects.get(pk=consent.pk).withdrawn_at is not None
        assert list(Need.objects.filter(file=file).values_list("kind", flat=True)) == ["alone"]
    assert "糖尿病" not in page(visitor, f"/my-file/{file.number}/")


# --- asking -----------------------------------------------------------------------------------------


def test_a_fact_is_asked_to_be_put_right_once_and_holds_until_it_is_decided(
    town: Town, visitor: Client
) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    address = f"/my-file/{file.number}/correct/"
    assert "?field=born" in page(visitor, address)
    sent = {"field": "born", "value": "1959-03-27", "reason": "抄错了"}
    sent["once"] = token_of(page(visitor, f"{address}?field=born"))
    for _ in range(2):
        assert visitor.post(address, sent).status_code == 303
    with acting(SYSTEM, epoch=now_epoch()):
        change = Change.objects.get(file=file)
        assert File.objects.get(pk=file.pk).born == "1958-03-27"
    assert (change.by_person, change.kind, change.wanted) == (True, "correct", {"born": "1959-03-27"})
    assert "等待答复的请求" in page(visitor, f"/my-file/{file.number}/")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"value": "", "reason": ""}, "请填写“为什么要改”"),
        ({"value": "1958-03-27", "reason": "x"}, "一样"),
        ({"value": "昨天", "reason": "x"}, "应该是"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field_and_nothing_is_lost(
    town: Town, visitor: Client, sent: dict[str, str], said: str
) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    answer = visitor.post(f"/my-file/{file.number}/correct/", {"field": "born", **sent})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert sent["value"] in answer.content.decode()


def test_a_person_freezes_their_file_at_once_and_thaws_it(town: Town, visitor: Client) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    here = f"/my-file/{file.number}/"
    assert visitor.post(f"{here}ask/freeze/", {"reason": ""}).status_code == 303
    assert "档案已冻结" in page(visitor, here)
    assert visitor.get(f"{here}ask/freeze/").status_code == 404
    assert visitor.post(f"{here}consents/contact/", {"agree": "on"}).status_code == 303
    assert visitor.post(f"{here}ask/thaw/").status_code == 303
    with acting(SYSTEM, epoch=now_epoch()):
        assert File.objects.get(pk=file.pk).state == "active"
        assert not Consent.objects.filter(file=file).exists()
    assert [kind for kind in kinds(file) if kind in {"file.frozen", "file.thawed"}] == [
        "file.frozen",
        "file.thawed",
    ]


def test_deletion_is_asked_for_once_and_waits_for_an_officer(town: Town, visitor: Client) -> None:
    file = my_file(town)
    prove_file(visitor, file)
    for _ in range(2):
        assert visitor.post(f"/my-file/{file.number}/ask/delete/", {"reason": "不想留"}).status_code == 303
    with acting(SYSTEM, epoch=now_epoch()):
        change = Change.objects.get(file=file)
        assert File.objects.get(pk=file.pk).state == "active"
    assert (change.kind, change.state, change.reason) == ("delete", "open", "不想留")
    assert "删除" in page(visitor, f"/my-file/{file.number}/")


def test_the_page_takes_as_many_queries_for_many_facts_as_for_few(town: Town, visitor: Client) -> None:
    few = my_file(town)
    many = my_file(
        town, "陈玉莲", *(Address(kind="home", text=f"{n}号") for n in range(20)), email="many@example.org"
    )
    counted = []
    for file, to in ((few, MAIL), (many, "many@example.org")):
        prove_file(visitor, file, to)
        with CaptureQueriesContext(connection) as queries:
            page(visitor, f"/my-file/{file.number}/")
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] < 45


# --- in the browser ---------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "width"), [("zh-hans", 1280), ("zh-hans", 390), ("es", 390), ("es", 1280)]
)
def test_the_pages_work_for_everybody(
    open_page: Opener, served_town: Town, live_server: Any, language: str, width: int
) -> None:
    file = my_file(served_town)
    with acting(SYSTEM, epoch=now_epoch()):
        consent = give_to(file)
    visitor = Client()
    prove_file(visitor, file)
    seen = open_page("/my-file/", width, language=language, session=visitor.cookies["session"].value)
    here = f"/my-file/{file.number}/"
    for path in (
        "/my-file/", f"/my-file/code/?number={file.number}", here, f"{here}looks/", f"{here}copy/", f"{here}consents/",
        f"{here}consents/abroad/", f"{here}consents/{consent.pk}/withdraw/", f"{here}correct/",
        f"{here}correct/?field=sex", f"{here}ask/delete/", f"/my-file/{NOBODYS}/", "/privacy/",
    ):  # fmt: skip
        seen.goto(live_server.url + path)
        assert flaws(seen) == [], path
    seen.goto(f"{live_server.url}{here}consents/{consent.pk}/withdraw/")
    seen.locator("main form button").click()
    seen.wait_for_url("**/consents/")
    with acting(SYSTEM, epoch=now_epoch()):
        assert Consent.objects.get(pk=consent.pk).withdrawn_at is not None
