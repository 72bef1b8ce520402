"""Making a move: asked, previewed, done once; whoever is too late loses nothing they wrote."""

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.texts import keep_text
from qiaoqiao.casework.models import Assignment, Case, Paper
from qiaoqiao.ledger.models import Entry
from tests.cast import SINCE, Town, make_account, now_epoch
from tests.workbench.conftest import SignIn, client_of
from tests.workbench.roads import days_ago, petition, seen, settlement, step

DUE = (timezone.localdate() + timedelta(days=20)).isoformat().split("-")
NOTICE = {
    "missing": ["passport", "residence_proof"],
    "supplement_by_year": DUE[0],
    "supplement_by_month": DUE[1],
    "supplement_by_day": DUE[2],
    "note": "请一并翻译。",
}


def address(case: Case, move: str) -> str:
    return f"/staff/cases/{case.reference}/moves/{move}/"


def drawn_for(page: HttpResponse) -> str:
    """The step of the case that a form was drawn for."""
    found = re.search(r'name="seen" value="(\d+)"', page.content.decode())
    assert found
    return found.group(1)


def send(client: Client, case: Case, move: str, *, do: str = "confirm", **answers: Any) -> HttpResponse:
    shown = drawn_for(client.get(address(case, move)))
    return client.post(address(case, move), {"do": do, "seen": shown, **answers})


def kinds(case: Case) -> list[str]:
    return list(Entry.objects.filter(subject=case.pk).order_by("seq").values_list("kind", flat=True))


def test_the_page_says_what_the_move_does_and_what_it_rests_on(town: Town, signed_in: SignIn) -> None:
    page = signed_in(town.officer_chen).get(address(settlement(), "one_time_notice")).content.decode()
    for words in ("《一次性告知书", "已一次告知全部需要补正的材料", "行政许可法》第32条", "请在此日前补交"):
        assert words in page


def test_only_the_materials_of_this_case_can_be_ticked(town: Town, signed_in: SignIn) -> None:
    page = signed_in(town.officer_chen).get(address(settlement(), "one_time_notice")).content.decode()
    assert "结婚证明" in page
    assert 'value="work_proof"' not in page


def test_a_refusal_is_chosen_with_what_to_tell(town: Town, signed_in: SignIn) -> None:
    page = signed_in(town.officer_chen).get(address(settlement(), "not_accept")).content.decode()
    assert 'type="radio" name="refusal"' in page
    assert "告诉当事人：" in page


def test_the_notice_is_seen_in_both_languages_before_anything_happens(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    page = send(signed_in(town.officer_chen), case, "one_time_notice", do="preview", **NOTICE)
    html = page.content.decode()
    assert page.status_code == 200
    assert 'lang="zh-Hans"' in html
    assert 'lang="es"' in html
    assert "境外居留证明" in html
    assert 'name="note" value="请一并翻译。"' in html
    assert seen(case).state == "submitted"
    assert "move:one_time_notice" not in kinds(case)


def test_confirming_makes_the_move_and_issues_its_notice(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    page = send(signed_in(town.officer_chen), case, "one_time_notice", **NOTICE)
    assert (page.status_code, page["Location"]) == (302, f"/staff/cases/{case.reference}/")
    assert seen(case).state == "correcting"
    with acting(SYSTEM, epoch=now_epoch()):
        assert Paper.objects.filter(case=case, kind="one_time_notice").count() == 1


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    town: Town, signed_in: SignIn
) -> None:
    case = settlement()
    page = send(signed_in(town.officer_chen), case, "one_time_notice", do="preview", note="已写好的说明𠮷👵")
    html = page.content.decode()
    assert page.status_code == 422
    assert "请选择“缺少或不合格的材料（全部）”。" in html
    assert "已写好的说明𠮷👵" in html


@pytest.mark.parametrize("text", ["字" * 50_000, "\x00", "[object]", "<script>alert(1)</script>" * 300])
def test_odd_and_endless_text_is_refused_in_words(town: Town, signed_in: SignIn, text: str) -> None:
    case = settlement()
    answers = {**NOTICE, "supplement_by_day": text}
    page = send(signed_in(town.officer_chen), case, "one_time_notice", do="preview", **answers)
    assert page.status_code == 422
    assert (
        "没有这一天" in page.content.decode()
        or "请填写" in page.content.decode()
        or "看不懂" in page.content.decode()
    )
    assert "<script>alert" not in page.content.decode()


def test_fifty_thousand_characters_stay_in_the_box(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    page = send(
        signed_in(town.officer_chen),
        case,
        "one_time_notice",
        do="preview",
        **{**NOTICE, "note": "长" * 50_000},
    )
    assert page.status_code == 422
    assert "太长了" in page.content.decode() or "最多" in page.content.decode()
    assert "长" * 50_000 in page.content.decode()


def test_a_move_the_entry_does_not_have_is_not_found(town: Town, signed_in: SignIn) -> None:
    assert signed_in(town.officer_chen).get(address(settlement(), "fly")).status_code == 404


def test_a_double_click_makes_one_move(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    client = signed_in(town.officer_chen)
    shown = drawn_for(client.get(address(case, "accept")))
    first, second = (client.post(address(case, "accept"), {"do": "confirm", "seen": shown}) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert kinds(case).count("move:accept") == 1


def test_going_back_and_sending_something_else_is_told_that_the_case_has_moved(
    town: Town, signed_in: SignIn
) -> None:
    case = settlement()
    step(case, town.officer_chen, "accept", days_ago(2))
    client = signed_in(town.officer_chen)
    wanted = {"missing": "passport", **{key: NOTICE[key] for key in NOTICE if key.startswith("supplement")}}
    shown = drawn_for(client.get(address(case, "ask_more")))
    first = client.post(address(case, "ask_more"), {"seen": shown, **wanted, "note": "一"})
    again = client.post(address(case, "ask_more"), {"seen": shown, **wanted, "note": "二"})
    assert (first.status_code, again.status_code) == (302, 409)
    assert kinds(case).count("move:ask_more") == 1


def test_a_step_made_elsewhere_since_the_form_was_drawn_is_not_overlooked(
    town: Town, signed_in: SignIn
) -> None:
    case = settlement()
    step(case, town.officer_chen, "accept", days_ago(2))
    liang = signed_in(town.head_liang)
    shown = drawn_for(liang.get(address(case, "ask_more")))
    step(case, town.officer_chen, "ask_more", days_ago(1), missing=["passport"], supplement_by="2030-01-01")
    for do in ("preview", "confirm"):
        assert liang.post(address(case, "ask_more"), {"do": do, "seen": shown, **NOTICE}).status_code == 409
    assert kinds(case).count("move:ask_more") == 1


def test_the_officer_who_is_too_late_reads_what_happened_and_keeps_the_text(
    town: Town, signed_in: SignIn
) -> None:
    case = settlement()
    chen, liang = signed_in(town.officer_chen), signed_in(town.head_liang)
    shown = drawn_for(liang.get(address(case, "one_time_notice")))
    assert send(chen, case, "accept").status_code == 302
    late = liang.post(address(case, "one_time_notice"), {"do": "confirm", "seen": shown, **NOTICE})
    html = late.content.decode()
    assert late.status_code == 409
    for words in ("现在办不了", "已受理", "受理", "chen", "请一并翻译。", "要等案件到"):
        assert words in html
    assert "move:one_time_notice" not in kinds(case)


@pytest.mark.parametrize("move", ["accept", "one_time_notice"])
def test_of_two_officers_at_the_very_same_moment_one_wins(fresh_database: None, move: str) -> None:
    town = Town()
    case = settlement()
    other = make_account("liu", (town.overseas_affairs, "handler"))
    answers = {**NOTICE, "do": "confirm"} if move == "one_time_notice" else {"do": "confirm"}
    found = at_once([town.officer_chen, other], case, move, answers)
    assert sorted(found) == [302, 409]
    with acting(SYSTEM, epoch=now_epoch()):
        assert kinds(case).count(f"move:{move}") == 1


def test_of_two_moves_that_leave_the_state_alone_one_wins_too(fresh_database: None) -> None:
    town = Town()
    case = settlement()
    step(case, town.officer_chen, "accept", days_ago(2))
    other = make_account("liu", (town.overseas_affairs, "handler"))
    found = at_once([town.officer_chen, other], case, "ask_more", {**NOTICE, "do": "confirm"})
    assert sorted(found) == [302, 409]
    with acting(SYSTEM, epoch=now_epoch()):
        assert kinds(case).count("move:ask_more") == 1


def at_once(accounts: list[Account], case: Case, move: str, answers: dict[str, Any]) -> list[int]:
    """Send the same form from several desks in the same moment."""
    clients = [client_of(account) for account in accounts]
    shown = [drawn_for(client.get(address(case, move))) for client in clients]
    start, found = Barrier(len(clients)), []

    def press(client: Client, seen_at: str) -> None:
        start.wait()
        found.append(client.post(address(case, move), {"seen": seen_at, **answers}).status_code)
        connections.close_all()

    threads = [Thread(target=press, args=pair) for pair in zip(clients, shown, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_page_of_a_move_that_is_not_open_says_why(town: Town, signed_in: SignIn) -> None:
    page = signed_in(town.officer_chen).get(address(settlement(), "audit"))
    assert page.status_code == 409
    assert re.search("要等案件到“[^”]*公安[^”]*”时才能办。", page.content.decode())


def test_a_clerk_is_told_whose_role_a_move_needs(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    clerk = make_account("yu", (town.overseas_affairs, "clerk"))
    page = signed_in(clerk).get(f"/staff/cases/{case.reference}/").content.decode()
    assert "要由承办人、负责人办理。" in page
    assert "/moves/not_accept/" not in page


def test_offices_to_choose_from_are_of_the_seats_kinds_and_nearest_first(
    town: Town, signed_in: SignIn
) -> None:
    case = petition()
    page = signed_in(town.officer_chen).get(address(case, "refer")).content.decode()
    offices = re.findall(r'<option value="(\d+)">([^<]+)', page)
    assert offices[0][1].startswith("台山市")
    assert not [name for _id, name in offices if "federation" in name]


def test_referring_hands_the_matter_to_the_chosen_office(town: Town, signed_in: SignIn) -> None:
    case = petition()
    answers = {"referred_to": str(town.housing.pk), "why_there": "房屋征收由住建部门负责。"}
    assert send(signed_in(town.officer_chen), case, "refer", **answers).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert Assignment.objects.get(case=case, seat="organ").office_id == town.housing.pk


@pytest.mark.parametrize("office", ["jm-federation", "0", "9" * 40, "𠮷", "1; drop table"])
def test_an_office_that_was_not_offered_is_refused_at_its_field(
    town: Town, signed_in: SignIn, office: str
) -> None:
    case = petition()
    page = send(signed_in(town.officer_chen), case, "refer", referred_to=office, why_there="x")
    assert page.status_code == 422
    assert "没有这一项" in page.content.decode()


def test_an_extension_beyond_its_ceiling_is_refused_with_the_ceiling(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    step(case, town.officer_chen, "accept", days_ago(2))
    liang = signed_in(town.head_liang)
    page = send(liang, case, "extend", do="preview", days="11", reasons="材料要核实")
    assert page.status_code == 422
    assert "最多还能延长 10" in page.content.decode()
    assert send(liang, case, "extend", days="10", reasons="材料要核实").status_code == 302


def test_a_standard_text_goes_behind_what_was_typed_without_script(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    text = keep_text(town.overseas_affairs.pk, title="一般说明", body="请在工作日来电。")
    client = signed_in(town.officer_chen)
    sent = {"seen": "0", "insert": "note", "text-note": str(text.pk), **NOTICE}
    page = client.post(address(case, "one_time_notice"), sent).content.decode()
    assert "请一并翻译。\n请在工作日来电。" in page
    assert 'value="passport" checked' in page or "checked" in page
    assert seen(case).state == "submitted"


def test_another_offices_text_cannot_be_inserted(town: Town, signed_in: SignIn) -> None:
    text = keep_text(town.kaiping_federation.pk, title="别家", body="别家的话")
    sent = {"seen": "0", "insert": "note", "text-note": str(text.pk)}
    page = signed_in(town.officer_chen).post(address(settlement(), "one_time_notice"), sent).content.decode()
    assert "别家的话" not in page


def test_somebody_elses_seat_cannot_be_used_by_hand_made_requests(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    step(case, town.officer_chen, "accept", days_ago(2))
    step(case, town.officer_chen, "consult", days_ago(2))
    wu = signed_in(town.police_wu)
    assert wu.post(address(case, "audit"), {"do": "confirm", "seen": "2"}).status_code == 409
    assert wu.post(address(case, "supplement"), {"do": "confirm", "seen": "2"}).status_code == 409
    assert wu.post(address(case, "deemed_accepted"), {"do": "confirm", "seen": "2"}).status_code == 409


def test_the_police_answer_through_their_page(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    step(case, town.officer_chen, "accept", days_ago(2))
    step(case, town.officer_chen, "consult", days_ago(2))
    answers = {"opinion": "agree", "opinion_reasons": "无异议"}
    assert send(signed_in(town.police_wu), case, "opinion", **answers).status_code == 302
    assert seen(case).state == "opinion_received"


def test_a_post_that_ended_no_longer_moves_anything(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    client = signed_in(town.officer_chen)
    shown = drawn_for(client.get(address(case, "accept")))
    town.officer_chen.posts.update(since=SINCE, until=timezone.localdate() - timedelta(days=1))
    assert client.post(address(case, "accept"), {"seen": shown}).status_code == 403
    assert seen(case).state == "submitted"
