"""Taking one's own step: papers that were asked for, withdrawing, words to the office; once, and nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case, Message
from tests.cast import PETITION, Town, file_case, now_epoch
from tests.portal.following import (
    act,
    again,
    asked_for_papers,
    code_mailed,
    filed,
    kinds,
    page,
    papers,
    proof_runs_out,
    prove,
    refused,
    token_of,
)
from tests.portal.forms import photograph

EXT_B = "𠮷𡈽𠀀"
OPINION = {
    "findings": "经查，祖屋登记在申请人名下。",
    "opinion": "不支持返还。",
    "basis": "《广东省华侨权益保护条例》",
    "next_authority": "江门市住房和城乡建设局",
}
EMPTY = SimpleUploadedFile("空.pdf", b"", content_type="application/pdf")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def both() -> dict[str, Any]:
    """Everything the one-time notice asked for."""
    return {"file_travel_record": photograph("出入境记录.jpg"), "file_stay_proof": photograph("居留.jpg")}


def waiting(town: Town) -> tuple[Case, str]:
    """A case that waits for the person's papers, and where they are handed in."""
    case = filed()
    asked_for_papers(town, case)
    return case, f"/cases/{case.reference}/steps/supplement/"


def messages(case: Case) -> list[Message]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Message.objects.filter(case=case).order_by("sent_at"))


# --- answering a request for papers ----------------------------------------------------------------


def test_the_page_asks_for_exactly_what_is_missing(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    html = page(prove(visitor, case), address)
    assert 'name="file_travel_record"' in html
    assert 'name="file_stay_proof"' in html
    assert 'name="file_other"' in html
    assert 'name="file_passport"' not in html
    assert "请一次补齐" in html


def test_papers_are_handed_in_and_the_step_is_taken(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    answer = visitor.post(address, both() | {"note": "已经备齐"}, follow=True)
    assert answer.redirect_chain == [(f"/cases/{case.reference}/", 303)]
    assert again(case).state == "supplemented"
    brought = papers(case, direction="in")
    assert sorted((one.kind, one.file_name) for one in brought) == [
        ("stay_proof", "居留.jpg"),
        ("travel_record", "出入境记录.jpg"),
    ]
    assert "已经办好" in answer.content.decode()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (upload("空.pdf", b""), "是空的"),
        (upload("大.pdf", b"%PDF-1.7" + b"0" * (30 * 1024 * 1024)), "超过 10 MB"),
        (upload("照片.jpg", b"MZ\x90\x00" + b"\x00" * 400), "不是 PDF、JPG 或 PNG"),
        (upload("护照.pdf", b"%PDF-1.7\nhalf of it"), "打不开"),
    ],
)
def test_a_file_that_does_not_fit_is_named_and_nothing_is_lost(
    town: Town, visitor: Client, file: SimpleUploadedFile, said: str
) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    file.seek(0)
    note = f"请看 {EXT_B} 😀"
    answer = visitor.post(
        address, {"file_travel_record": photograph(), "file_stay_proof": file, "note": note}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert note in html
    assert again(case).state == "correcting"
    assert papers(case, direction="in") == []
    kept = html.split('name="kept" value="')[1].split('"')[0]
    answer = visitor.post(
        address,
        {"kept": kept, "file_stay_proof": photograph("居留.jpg"), "note": note, "once": token_of(html)},
    )
    assert answer.status_code == 303
    assert sorted(one.kind for one in papers(case, direction="in")) == ["stay_proof", "travel_record"]
    assert again(case).state == "supplemented"


def test_a_kept_file_of_another_case_or_altered_is_not_taken(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    other, elsewhere = waiting(town)
    prove(prove(visitor, case), other)
    html = visitor.post(
        address, {"file_travel_record": photograph(), "file_stay_proof": EMPTY}
    ).content.decode()
    kept = html.split('name="kept" value="')[1].split('"')[0]
    for token in (kept, kept[:-2] + "xx", "nonsense"):
        answer = visitor.post(elsewhere, {"kept": token, "anyway": "yes"})
        assert answer.status_code == 422
    assert papers(other, direction="in") == []


def test_nothing_uploaded_is_asked_for_again(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    answer = visitor.post(address, {"note": "在路上"})
    assert answer.status_code == 422
    assert "请至少上传一个文件" in answer.content.decode()
    assert again(case).state == "correcting"


def test_sending_only_some_of_the_papers_is_asked_back_once(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    answer = visitor.post(address, {"file_travel_record": photograph()})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "还有材料没有上传" in html
    assert again(case).state == "correcting"
    kept = html.split('name="kept" value="')[1].split('"')[0]
    assert visitor.post(address, {"kept": kept, "anyway": "yes", "once": token_of(html)}).status_code == 303
    assert again(case).state == "supplemented"
    assert len(papers(case, direction="in")) == 1


def test_papers_brought_before_the_step_count(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    assert visitor.post(f"/cases/{case.reference}/papers/", both()).status_code == 303
    assert visitor.post(address, {}).status_code == 303
    assert again(case).state == "supplemented"
    assert len(papers(case, direction="in")) == 2


def test_a_note_of_50_000_characters_is_refused_and_kept(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    answer = visitor.post(address, both() | {"note": "长" * 50_000})
    assert answer.status_code == 422
    assert "长" * 50_000 in answer.content.decode()
    assert "太长" in answer.content.decode() or "最多" in answer.content.decode()
    assert papers(case, direction="in") == []


def test_a_double_click_hands_in_once(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    token = token_of(page(prove(visitor, case), address))
    for _ in range(2):
        answer = visitor.post(address, both() | {"once": token}, follow=True)
        assert answer.redirect_chain == [(f"/cases/{case.reference}/", 303)]
        assert "已经办好" in answer.content.decode()
    assert len(papers(case, direction="in")) == 2
    assert kinds(case).count("move:supplement") == 1


def test_two_clicks_at_the_same_moment_hand_in_once(transactional_db: None, visitor: Client) -> None:
    town = Town()
    case, address = waiting(town)
    token = token_of(page(prove(visitor, case), address))
    picture = BytesIO()
    Image.new("RGB", (40, 30), "#8f1717").save(picture, "JPEG")

    def click(_number: int) -> int:
        try:
            second = Client(headers={"accept-language": "zh-CN"})
            second.cookies = visitor.cookies
            files = {
                name: upload(f"{name}.jpg", picture.getvalue())
                for name in ("file_travel_record", "file_stay_proof")
            }
            return int(second.post(address, files | {"once": token}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(click, range(2))) == [303, 303]
    assert len(papers(case, direction="in")) == 2
    assert kinds(case).count("move:supplement") == 1


def test_a_step_that_is_no_longer_open_says_so_and_keeps_the_files(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    visitor.post(address, both())
    assert visitor.get(address, follow=True).redirect_chain == [(f"/cases/{case.reference}/", 303)]
    answer = visitor.post(address, {"file_other": photograph(), "anyway": "yes"}, follow=True)
    text = answer.content.decode()
    assert "现在不能“补交材料”" in text
    assert "1 个文件已经收下" in text
    assert len(papers(case, direction="in")) == 3


def test_a_paper_brought_besides_the_list_is_named_in_the_person_s_language(
    town: Town, visitor: Client
) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    visitor.post(address, {"file_other": photograph(), "anyway": "yes"}, follow=True)
    visitor.get("/", {"lang": "es"})
    text = visitor.get(f"/cases/{case.reference}/").content.decode()
    own = text[text.index("Sus documentos") : text.index("Qué ha pasado")]
    assert "Otros documentos" in own
    assert "其他材料" not in own


def test_steps_of_offices_and_steps_that_are_none_are_not_found(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    for move in ("accept", "not_accept", "deemed_accepted", "nonsense"):
        assert visitor.get(f"/cases/{case.reference}/steps/{move}/").status_code == 404
        assert visitor.post(f"/cases/{case.reference}/steps/{move}/").status_code == 404
    assert again(case).state == "submitted"


# --- withdrawing, choosing -------------------------------------------------------------------------


def test_withdrawing_is_confirmed_and_done_once(town: Town, visitor: Client) -> None:
    case = filed()
    address = f"/cases/{case.reference}/steps/withdraw/"
    html = page(prove(visitor, case), address)
    assert "这件事就此结束" in html
    assert "不，继续办" in html
    assert again(case).state == "submitted"
    for _ in range(2):
        answer = visitor.post(address, {"note": "我改主意了", "once": token_of(html)})
        assert answer.status_code == 303
    assert again(case).outcome == "withdrawn"
    assert kinds(case).count("move:withdraw") == 1
    assert "改主意" in page(visitor, f"/cases/{case.reference}/")


def test_a_review_is_applied_for_with_words_and_papers(town: Town, visitor: Client) -> None:
    case = file_case("petition", PETITION, at=timezone.now())
    act(town.officer_chen, case, "refer", referred_to=town.housing.pk, why_there="房屋权属由住建管理")
    act(town.housing_lin, case, "receive_matter", how_handled="已接收")
    act(town.housing_lin, case, "accept_matter")
    act(town.housing_lin, case, "not_support", **OPINION)
    address = f"/cases/{case.reference}/steps/apply_review/"
    assert 'name="disagreement"' in page(prove(visitor, case), address)
    assert visitor.post(address, {"disagreement": "", "file_other": photograph()}).status_code == 422
    sent = {"disagreement": f"房契在我手里 {EXT_B}", "file_evidence": photograph("房契.jpg")}
    assert visitor.post(address, sent).status_code == 303
    assert again(case).state == "review_requested"
    assert [(one.kind, one.file_name) for one in papers(case, direction="in")] == [("evidence", "房契.jpg")]
    assert EXT_B in page(visitor, f"/cases/{case.reference}/")


# --- papers without a step -------------------------------------------------------------------------


def test_a_paper_may_be_brought_at_any_time_while_the_case_is_open(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    address = f"/cases/{case.reference}/papers/"
    assert 'name="file_passport"' in page(visitor, address)
    assert visitor.post(address, {}).status_code == 422
    token = token_of(page(visitor, address))
    for _ in range(2):
        assert visitor.post(address, {"file_passport": photograph(), "once": token}).status_code == 303
    assert [one.kind for one in papers(case, direction="in")] == ["passport"]
    refused(town, case)
    answer = visitor.post(address, {"file_passport": photograph()}, follow=True)
    assert "已经办结" in answer.content.decode()
    assert len(papers(case, direction="in")) == 1


# --- words to the office ---------------------------------------------------------------------------


def test_a_message_with_rare_characters_arrives_whole_and_once(town: Town, visitor: Client) -> None:
    case = filed()
    address = f"/cases/{case.reference}/messages/"
    token = token_of(page(prove(visitor, case), address))
    text = f"我叫{EXT_B}，👨‍👩‍👧‍👦 <script>alert(1)</script>\r\n第二行"
    for _ in range(2):
        assert visitor.post(address, {"body": text, "once": token}).status_code == 303
    assert [one.body for one in messages(case)] == [text.replace("\r\n", "\n")]
    html = page(visitor, address)
    assert EXT_B in html
    assert "<script>alert" not in html
    assert "已经送到办理单位" in html


@pytest.mark.parametrize(
    ("body", "said"), [("", "请先写几句话"), (" \n ", "请先写几句话"), ("很" * 5001, "您写了 5001 字")]
)
def test_a_message_that_cannot_be_sent_is_kept_in_the_box(
    town: Town, visitor: Client, body: str, said: str
) -> None:
    case = filed()
    prove(visitor, case)
    answer = visitor.post(f"/cases/{case.reference}/messages/", {"body": body})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert body.strip() in answer.content.decode()
    assert messages(case) == []


def test_another_message_from_a_page_already_sent_is_kept_in_the_box(town: Town, visitor: Client) -> None:
    case = filed()
    address = f"/cases/{case.reference}/messages/"
    token = token_of(page(prove(visitor, case), address))
    visitor.post(address, {"body": "第一条", "once": token})
    answer = visitor.post(address, {"body": "第二条", "once": token})
    assert answer.status_code == 409
    assert "第二条" in answer.content.decode()
    assert (
        visitor.post(address, {"body": "第二条", "once": token_of(answer.content.decode())}).status_code
        == 303
    )
    assert [one.body for one in messages(case)] == ["第一条", "第二条"]


def test_a_proof_that_runs_out_while_writing_loses_no_word(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    proof_runs_out(visitor, case)
    address = f"/cases/{case.reference}/messages/"
    text = f"写了很久的一段话 {EXT_B} 😀"
    answer = visitor.post(address, {"body": text})
    assert answer.status_code == 404
    assert text in answer.content.decode()
    assert f'name="next" value="{address}"' in answer.content.decode()
    assert messages(case) == []
    asked = visitor.post("/track/", {"reference": case.reference, "next": address})
    assert "next=" in asked["Location"]
    proved = visitor.post(
        "/track/code/", {"reference": case.reference, "code": code_mailed(case), "next": address}
    )
    assert proved["Location"] == address
    assert text in page(visitor, address)
    assert text not in page(visitor, address)  # given back once
    assert visitor.post(address, {"body": text}).status_code == 303


def test_files_sent_after_the_proof_ran_out_are_said_to_be_needed_again(town: Town, visitor: Client) -> None:
    case, address = waiting(town)
    prove(visitor, case)
    proof_runs_out(visitor, case)
    answer = visitor.post(address, both() | {"note": "这是补充说明"})
    assert answer.status_code == 404
    assert "请证明以后再选一次" in answer.content.decode()
    assert "这是补充说明" in answer.content.decode()


def test_a_stranger_writes_to_no_case(town: Town, visitor: Client) -> None:
    case = filed()
    for path, sent in (
        ("messages", {"body": "x"}),
        ("papers", {"file_passport": photograph()}),
        ("steps/withdraw", {}),
        ("rating", {"rating": "1"}),
        ("not-solved", {"reason": "x"}),
    ):
        assert visitor.post(f"/cases/{case.reference}/{path}/", sent).status_code == 404
    assert again(case).state == "submitted"
    assert messages(case) == []
