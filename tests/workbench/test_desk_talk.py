"""Words at the desk: messages, second looks, standard texts, and whose seat it is."""

from datetime import timedelta

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.talking import not_solved
from qiaoqiao.casework.actions.texts import keep_text
from qiaoqiao.casework.models import Assignment, Case, Message, StandardText
from tests.cast import Town, make_account, now_epoch
from tests.workbench.conftest import SignIn
from tests.workbench.roads import days_ago, settlement, step, the_person


def messages(case: Case) -> list[Message]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Message.objects.filter(case=case).order_by("sent_at"))


def seat(case: Case, name: str) -> Assignment:
    with acting(SYSTEM, epoch=now_epoch()):
        return Assignment.objects.select_related("officer").filter(case=case, seat=name).latest("offered_at")


def consulted(town: Town) -> Case:
    case = settlement(ago=6)
    step(case, town.officer_chen, "accept", days_ago(5))
    step(case, town.officer_chen, "consult", days_ago(4))
    return case


def test_a_message_is_sent_once_however_often_the_form_comes(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    client = signed_in(town.officer_chen)
    sent = {"once": "a" * 32, "body": "您好，𠮷先生 👵"}
    assert [client.post(f"/staff/cases/{case.reference}/messages/", sent).status_code for _ in range(2)] == [
        302,
        302,
    ]
    assert [(one.body, one.internal) for one in messages(case)] == [("您好，𠮷先生 👵", False)]


def test_internal_words_stay_between_offices(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    sent = {"once": "b" * 32, "body": "只给单位", "internal": "yes"}
    signed_in(town.officer_chen).post(f"/staff/cases/{case.reference}/messages/", sent)
    assert [one.internal for one in messages(case)] == [True]


@pytest.mark.parametrize(
    ("body", "said"), [("", "请先写内容"), ("\x00 ", "请先写内容"), ("长" * 50_000, "最多 5000 个字")]
)
def test_what_cannot_be_sent_stays_in_its_box(town: Town, signed_in: SignIn, body: str, said: str) -> None:
    case = settlement()
    page = signed_in(town.officer_chen).post(
        f"/staff/cases/{case.reference}/messages/", {"once": "c" * 32, "body": body}
    )
    assert page.status_code == 422
    assert said in page.content.decode()
    assert body.replace("\x00", "").strip() in page.content.decode()
    assert messages(case) == []


def test_only_an_office_with_a_seat_may_write(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    above = make_account("above", (town.city_overseas_affairs, "head"))
    answer = signed_in(above).post(f"/staff/cases/{case.reference}/messages/", {"body": "x"})
    assert answer.status_code == 404


def test_a_standard_text_is_put_into_a_message_without_script(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    text = keep_text(town.overseas_affairs.pk, title="问候", body="祝好。")
    sent = {"body": "已收到。", "insert": "body", "text-body": str(text.pk)}
    page = signed_in(town.officer_chen).post(f"/staff/cases/{case.reference}/messages/", sent)
    assert "已收到。\n祝好。" in page.content.decode()
    assert messages(case) == []


def test_a_second_look_is_answered_once(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    rosa = the_person(case)
    step(case, rosa, "withdraw", days_ago(2))
    with acting(rosa, epoch=now_epoch()):
        not_solved(case.pk, reason="还想再问", actor=rosa, at=days_ago(1))
    client = signed_in(town.officer_chen)
    address = f"/staff/cases/{case.reference}/look/"
    assert "还想再问" in client.get(address).content.decode()
    assert client.post(address, {"once": "d" * 32, "body": ""}).status_code == 422
    assert client.post(address, {"once": "e" * 32, "body": "已重新核对。"}).status_code == 302
    assert seat(case, "look").state == "answered"
    late = client.post(address, {"once": "f" * 32, "body": "再答一次"})
    assert late.status_code == 409
    assert "再答一次" in late.content.decode()


def test_an_offered_seat_is_taken_by_one_press(town: Town, signed_in: SignIn) -> None:
    case = consulted(town)
    wu = signed_in(town.police_wu)
    for _press in range(2):
        assert wu.post(f"/staff/cases/{case.reference}/seats/police/accept/").status_code == 302
    assert seat(case, "police").state == "accepted"


def test_declining_needs_a_reason(town: Town, signed_in: SignIn) -> None:
    case = consulted(town)
    wu = signed_in(town.police_wu)
    address = f"/staff/cases/{case.reference}/seats/police/decline/"
    assert wu.get(address).status_code == 200
    assert "请写明退回的理由" in wu.post(address, {"reason": " "}).content.decode()
    assert wu.post(address, {"reason": "长" * 50_000}).status_code == 422
    assert wu.post(address, {"reason": "不在本辖区"}).status_code == 302
    assert (seat(case, "police").state, seat(case, "police").reason) == ("declined", "不在本辖区")


def test_of_two_officers_one_takes_and_the_other_is_told(town: Town, signed_in: SignIn) -> None:
    case = consulted(town)
    other = make_account("wang", (town.exit_entry_police, "handler"))
    assert signed_in(other).post(f"/staff/cases/{case.reference}/seats/police/accept/").status_code == 302
    late = signed_in(town.police_wu).post(
        f"/staff/cases/{case.reference}/seats/police/decline/", {"reason": "不在本辖区"}
    )
    assert late.status_code == 409
    assert "不在本辖区" in late.content.decode()
    assert "接收" in late.content.decode()


def test_a_seat_that_a_move_decides_is_not_taken_here(town: Town, signed_in: SignIn) -> None:
    case = consulted(town)
    step(case, town.police_wu, "opinion", days_ago(3), opinion="agree", opinion_reasons="无异议")
    step(case, town.officer_chen, "audit", days_ago(2), finding="grant", finding_reasons="符合")
    answer = signed_in(town.city_head).post(f"/staff/cases/{case.reference}/seats/city/accept/")
    assert answer.status_code == 409
    assert seat(case, "city").state == "offered"


def test_a_case_is_handed_to_a_colleague_of_the_same_office(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    liu = make_account("liu", (town.overseas_affairs, "handler"))
    client = signed_in(town.officer_chen)
    address = f"/staff/cases/{case.reference}/seats/lead/hand/"
    assert "liu" in client.get(address).content.decode()
    for wrong in ("", str(town.police_wu.pk), "x", "9" * 30):
        assert client.post(address, {"officer": wrong}).status_code == 422
    assert client.post(address, {"officer": str(liu.pk)}).status_code == 302
    assert seat(case, "lead").officer == liu


def test_standard_texts_are_kept_replaced_and_dropped(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    office = str(town.overseas_affairs.pk)
    for body in ("第一版", "第二版"):
        sent = {"office": office, "title": "问候", "body": body, "service": ""}
        assert client.post("/staff/texts/", sent).status_code == 302
    kept = StandardText.objects.get(office=town.overseas_affairs)
    assert kept.body == "第二版"
    assert "第二版" in client.get("/staff/texts/").content.decode()
    assert client.post(f"/staff/texts/{kept.pk}/drop/").status_code == 302
    assert not StandardText.objects.exists()


def test_a_standard_text_without_words_or_too_long_is_refused_beside_its_field(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(town.officer_chen)
    office = str(town.overseas_affairs.pk)
    page = client.post("/staff/texts/", {"office": office, "title": "", "body": "字" * 50_000})
    assert page.status_code == 422
    assert "请填写“名称”" in page.content.decode()
    assert "字" * 50_000 in page.content.decode()


def test_another_offices_texts_are_out_of_reach(town: Town, signed_in: SignIn) -> None:
    theirs = keep_text(town.kaiping_federation.pk, title="别家", body="别家的话")
    client = signed_in(town.officer_chen)
    assert "别家的话" not in client.get("/staff/texts/").content.decode()
    assert client.post(f"/staff/texts/{theirs.pk}/drop/").status_code == 404
    sent = {"office": str(town.kaiping_federation.pk), "title": "x", "body": "y"}
    assert client.post("/staff/texts/", sent).status_code == 404
    assert client.post("/staff/texts/", {"office": "x", "title": "x", "body": "y"}).status_code == 404


@pytest.mark.parametrize("path", ["/staff/texts/", "/staff/intake/"])
def test_the_keeper_of_the_installation_has_no_desk(town: Town, signed_in: SignIn, path: str) -> None:
    keeper = make_account("keeper", (town.city_federation, "keeper"))
    assert signed_in(keeper).get(path).status_code == 403


def test_how_a_date_was_reached_is_told_day_by_day_here_and_there(town: Town, signed_in: SignIn) -> None:
    case = consulted(town)
    page = (
        signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/dates/psb_reply/1/").content.decode()
    )
    for words in ("24:00前，北京时间", "加拉加斯", "10 个工作日", "当天不算", "逐日列表"):
        assert words in page
    first = (days_ago(4) + timedelta(hours=8)).date()
    assert f"{first.month}月{first.day}日" in page


@pytest.mark.parametrize("path", ["psb_reply/2/", "no_such/1/", "psb_reply/99999999999999999999/"])
def test_a_date_that_was_never_reckoned_is_not_found(town: Town, signed_in: SignIn, path: str) -> None:
    case = consulted(town)
    assert signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/dates/{path}").status_code == 404
