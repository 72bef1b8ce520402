"""Joint meetings at the desk: from the invitation to the minutes, and what each office reads there."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.tasks import give_task
from qiaoqiao.casework.models import Assignment
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.services.joint.models import Meeting, Resolution
from tests.cast import PETITION, ROSA, Town, as_staff, file_case, now_epoch
from tests.services.joint_table import PLAN, held, planned, resolved, tabled
from tests.workbench.conftest import SignIn
from tests.workbench.roads import days_ago, seen, settlement


def parts(name: str, on: Any) -> dict[str, Any]:
    return {f"{name}_year": on.year, f"{name}_month": on.month, f"{name}_day": on.day}


def soon(days: int) -> Any:
    return timezone.now().astimezone(SHANGHAI).date() + timedelta(days=days)


def link(page: str, words: str) -> str:
    """The address behind a link or button with these words."""
    found = re.search(rf'href="([^"]+)"[^>]*>(?:\s*<[^>]*>)*\s*{words}', page)
    assert found, words
    return found.group(1)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def today_meeting(town: Town) -> Meeting:
    """A meeting that was called last week and is today."""
    return planned(town, at=days_ago(7), plan=replace(PLAN, starts_at=days_ago(0, hour=0)))


def test_a_meeting_from_the_invitation_to_its_approved_minutes(town: Town, signed_in: SignIn) -> None:
    case = settlement(ago=9)
    head, lin = signed_in(town.head_liang), signed_in(town.housing_lin)
    asked = {
        "office": town.overseas_affairs.pk, "title": "五侨联席会议", **parts("day", soon(0)), "hour": "23:59",
        "place": "三楼", "offices": [town.housing.pk, town.exit_entry_police.pk], "once": "a",
    }  # fmt: skip
    answer = head.post("/staff/meetings/new/", asked)
    again = head.post("/staff/meetings/new/", asked)
    assert answer.status_code == again.status_code == 302
    assert answer.headers["Location"] == again.headers["Location"]
    address = answer.headers["Location"]
    page = text(lin, address)
    assert lin.post(link(page, "答复邀请"), {"answer": "yes", "name": "林科长"}).status_code == 302
    agenda = link(text(head, address), "列入议题")
    assert case.reference in text(head, agenda + "?q=" + case.reference)
    assert head.post(agenda, {"title": "回国定居", "case": case.reference}).status_code == 302
    attendance = link(text(head, address), "登记到会")
    there = {f"present-{town.overseas_affairs.pk}": "on", f"present-{town.housing.pk}": "on"}
    assert head.post(attendance, there).status_code == 302
    decide = link(text(head, address), "议定一件事")
    wanted = {"text": "查清房屋登记。", "office": town.housing.pk, **parts("due_on", soon(10)), "once": "b"}
    assert head.post(decide, wanted).status_code == head.post(decide, wanted).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert Resolution.objects.count() == 1
        assert Assignment.objects.get(case=case, seat="task:1").office_id == town.housing.pk
    assert "查清房屋登记。" in text(lin, "/staff/offered/")
    minutes = link(text(head, address), "写纪要")
    assert head.post(minutes, {"text": "会议听取了情况。"}).status_code == 302
    assert head.post(f"{address}minutes/approve/").status_code == 302
    page = text(lin, address)
    assert "已结束" in page
    assert "会议听取了情况。" in page
    paper = lin.get(f"{address}minutes.pdf")
    assert paper.content[:5] == b"%PDF-"
    assert text(head, "/staff/meetings/follow-up/").count("查清房屋登记。") == 1


def test_an_invited_office_reads_number_and_title_but_nothing_of_the_person(
    town: Town, signed_in: SignIn
) -> None:
    case, meeting = settlement(), planned(town, plan=PLAN, at=days_ago(300))
    tabled(meeting, town, case, title="回国定居", note="家里没有房子", at=days_ago(299))
    mine, theirs = (signed_in(one) for one in (town.officer_chen, town.housing_lin))
    page = text(theirs, f"/staff/meetings/{meeting.pk}/")
    assert case.reference in page
    assert "回国定居" in page
    assert "案件本身您单位看不到" in page
    assert f"/staff/cases/{case.reference}/" not in page
    assert "家里没有房子" not in page
    assert ROSA.name not in page
    own = text(mine, f"/staff/meetings/{meeting.pk}/")
    assert f"/staff/cases/{case.reference}/" in own
    assert "家里没有房子" in own


def test_the_page_says_why_the_accused_and_the_accusation_do_not_meet(town: Town, signed_in: SignIn) -> None:
    facts = PETITION | {"purpose": "accusation", "accused_office": town.housing.code}
    case, plan = file_case("petition", facts), replace(PLAN, starts_at=days_ago(-5))
    there = planned(town, at=days_ago(1), plan=plan)
    away = planned(town, at=days_ago(1), plan=plan, offices=[town.exit_entry_police])
    chen = signed_in(town.officer_chen)
    brought = chen.post(f"/staff/meetings/{there.pk}/agenda/", {"title": "某事", "case": case.reference})
    assert brought.status_code == 422
    assert "这件案件不能上这次会" in brought.content.decode()
    tabled(away, town, case)
    invited = chen.post(f"/staff/meetings/{away.pk}/invite/", {"offices": [town.housing.pk]})
    assert invited.status_code == 422
    assert "不能邀请它" in invited.content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": ""}, "请填写“会议名称”。"),
        ({"hour": "25:99"}, "请写成 14:30 这样。"),
        ({"place": ""}, "地点和线上入口至少要写一样。"),
        ({"offices": []}, "请选择“邀请哪些单位”。"),
    ],
)
def test_a_faulty_plan_comes_back_with_everything_typed(
    town: Town, signed_in: SignIn, changed: dict[str, Any], told: str
) -> None:
    asked = {
        "office": town.overseas_affairs.pk, "title": "五侨联席会议", **parts("day", soon(3)), "hour": "14:30",
        "place": "三楼会议室", "link": "", "offices": [town.housing.pk],
    } | changed  # fmt: skip
    answer = signed_in(town.head_liang).post("/staff/meetings/new/", asked)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(told) >= 2
    assert "三楼会议室" in page or "place" in changed


def test_a_case_is_brought_before_a_meeting_from_its_own_page(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    meeting = planned(town, at=days_ago(1), plan=replace(PLAN, starts_at=days_ago(-5)))
    chen = signed_in(town.officer_chen)
    address = link(text(chen, f"/staff/cases/{case.reference}/"), "上联席会议")
    assert chen.post(address, {"title": "某事"}).status_code == 422
    named = chen.post(address, {"title": f"{ROSA.name}一案", "meeting": str(meeting.pk)})
    assert named.status_code == 422
    assert "请不要写当事人的姓名" in named.content.decode()
    assert chen.post(address, {"title": "回国定居", "meeting": str(meeting.pk)}).status_code == 302
    assert meeting.title in text(chen, address)
    assert text(signed_in(town.stranger_he), address, 404)


def test_a_task_is_given_taken_and_answered_at_the_desk(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    chen, lin = signed_in(town.officer_chen), signed_in(town.housing_lin)
    address = f"/staff/cases/{case.reference}/"
    give = link(text(chen, address), "请别的单位办一项任务")
    faulty = chen.post(give, {"office": town.housing.pk, "what": "查清登记", **parts("due_on", soon(-1))})
    assert faulty.status_code == 422
    assert "这一天已经过去" in faulty.content.decode()
    assert "查清登记" in faulty.content.decode()
    asked = {"office": town.housing.pk, "what": "查清登记", **parts("due_on", soon(5)), "once": "x"}
    assert chen.post(give, asked).status_code == chen.post(give, asked).status_code == 302
    page = text(lin, address)
    assert "查清登记" in page
    assert "等它接下" in page
    for _twice in range(2):
        assert lin.post(f"{address}tasks/task:1/take/").status_code == 302
    assert chen.post(f"{address}tasks/task:1/take/").status_code == 404
    assert lin.post(f"{address}tasks/task:1/answer/", {"text": ""}).status_code == 422
    assert lin.post(f"{address}tasks/task:1/answer/", {"text": "已查清"}).status_code == 302
    late = lin.post(f"{address}tasks/task:1/decline/", {"text": "不办"})
    assert late.status_code == 409
    assert "不办" in late.content.decode()
    assert "答复：已查清" in text(chen, address)
    assert seen(case).office_id == town.overseas_affairs.pk


def test_an_unanswered_task_past_its_day_is_overdue_for_the_office_that_has_it(
    town: Town, signed_in: SignIn
) -> None:
    case, chen = settlement(ago=20), as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        due = days_ago(3).date()
        give_task(case.pk, town.housing.pk, "查清登记", due, actor=chen, at=days_ago(10))
    assert case.reference in text(signed_in(town.housing_lin), "/staff/overdue/")
    case_page = text(signed_in(town.officer_chen), f"/staff/cases/{case.reference}/")
    assert "查清登记" in case_page
    assert "撤回任务" in case_page


def test_pages_of_meetings_take_as_many_queries_for_many_rows_as_for_few(
    town: Town, signed_in: SignIn
) -> None:
    meeting = today_meeting(town)
    chen = signed_in(town.officer_chen)

    counted = []
    for rows in (1, 6):
        for row in range(rows):
            item = tabled(meeting, town, settlement(ago=9), at=days_ago(0, hour=0))
            if (rows, row) == (1, 0):
                held(meeting, town, at=timezone.now())
            resolved(meeting, item, town, town.housing.pk, due=soon(5), at=timezone.now())
        for path in (f"/staff/meetings/{meeting.pk}/", "/staff/meetings/", "/staff/meetings/follow-up/"):
            chen.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert chen.get(path).status_code == 200
            counted.append(len(queries))
    assert counted[:3] == counted[3:]


def test_the_hour_of_a_meeting_goes_into_ones_own_calendar(town: Town, signed_in: SignIn) -> None:
    meeting = planned(town)
    answer = signed_in(town.housing_lin).get(f"/staff/meetings/{meeting.pk}/meeting.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20260309T063000Z" in answer.content.decode()
    assert ROSA.name not in answer.content.decode()
