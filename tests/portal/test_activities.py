"""Activities for everybody: found by place, signed up without script, cancelled by the link, come to by the code."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qiaoqiao.access.links import make_link
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.activities.actions import holding
from qiaoqiao.community.activities.actions.holding import cancel
from qiaoqiao.community.activities.codes import code_of_day
from qiaoqiao.community.activities.letters import SIGNUP
from qiaoqiao.community.activities.models import Activity, Attendance, Signup
from qiaoqiao.ledger.models import Entry
from tests.cast import Town, now_epoch
from tests.community.activities_town import in_line, make_activity, programme, signed, signup_of
from tests.eyes import wrong
from tests.portal.conftest import Opener

AN = {"name": "何婶", "email": "he@example.org", "phone": ""}


def link(signup: Signup) -> str:
    token = make_link(SIGNUP, signup.pk, until=datetime.now(UTC) + timedelta(days=1))
    return f"/activities/signup/{token}/"


def test_what_is_coming_is_found_by_place(town: Town, visitor: Client) -> None:
    make_activity(town)
    assert "侨房继承宣讲会" in visitor.get("/activities/?place=440781").content.decode()
    assert "侨房继承宣讲会" in visitor.get("/activities/").content.decode()
    other = visitor.get("/activities/?place=440783").content.decode()
    assert "侨房继承宣讲会" not in other
    assert "现在没有可以报名的活动" in other


def test_somebody_signs_up_and_a_double_click_is_one_and_tells_nothing(town: Town, visitor: Client) -> None:
    activity = make_activity(town)
    address = f"/activities/{activity.pk}/"
    answers = [visitor.post(address, AN) for _twice in range(2)]
    assert {one["Location"] for one in answers} == {f"{address}received/"}
    assert in_line(activity) == [("何婶", "going")]
    assert "已收到您的报名" in visitor.get(f"{address}received/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": ""}, "写一个就行"),
        ({"email": "nobody"}, "邮"),
        ({"email": "", "phone": "abc"}, "电话只写数字"),
        ({"name": ""}, "怎么称呼您"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    town: Town, visitor: Client, changes: dict[str, str], said: str
) -> None:
    activity = make_activity(town)
    answer = visitor.post(f"/activities/{activity.pk}/", AN | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert (AN | changes)["name"] in answer.content.decode()
    assert in_line(activity) == []


def test_nobody_signs_up_to_what_is_cancelled_and_closed_ones_do_not_exist(
    town: Town, visitor: Client
) -> None:
    activity = make_activity(town)
    with acting(SYSTEM, epoch=now_epoch()):
        cancel(activity.pk, reason="场地维修", actor=SYSTEM, at=datetime.now(UTC))
    page = visitor.get(f"/activities/{activity.pk}/").content.decode()
    assert "场地维修" in page
    assert '<form method="post"' not in page
    assert visitor.post(f"/activities/{activity.pk}/", AN).status_code == 422
    Activity.objects.update(open=False)
    assert visitor.get(f"/activities/{activity.pk}/").status_code == 404


def test_one_browser_cannot_fill_the_list(town: Town, visitor: Client) -> None:
    activity = make_activity(town, capacity=None)
    statuses = [
        visitor.post(f"/activities/{activity.pk}/", AN | {"email": f"n{number}@example.org"}).status_code
        for number in range(32)
    ]
    assert statuses.count(302) == 30
    assert statuses[-1] == 422


def test_without_a_cookie_nobody_is_written_to_more_than_once_an_hour_for_one_activity(town: Town) -> None:
    activity = make_activity(town, capacity=None)
    statuses = [
        Client(headers={"accept-language": "zh-CN"}).post(f"/activities/{activity.pk}/", AN).status_code
        for _browser in range(12)
    ]
    assert statuses == [302] * 10 + [422] * 2
    with acting(SYSTEM, epoch=now_epoch()):
        assert Entry.objects.filter(kind="signup.again").count() == 1


def test_one_address_fills_no_list_by_forgetting_its_cookies(town: Town, settings: Any) -> None:
    settings.BROWSERS_AT_ONE_ADDRESS = 1
    activity = make_activity(town, capacity=None)
    statuses = [
        Client(headers={"accept-language": "zh-CN"})
        .post(f"/activities/{activity.pk}/", AN | {"email": f"n{number}@example.org"})
        .status_code
        for number in range(31)
    ]
    assert (statuses.count(302), statuses[-1]) == (30, 422)
    elsewhere = Client(headers={"accept-language": "zh-CN"}, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post(f"/activities/{activity.pk}/", AN).status_code == 302


def test_the_link_shows_the_sign_up_and_gives_the_place_back(town: Town, visitor: Client) -> None:
    activity = make_activity(town, online="https://example.org/room")
    signed(activity, "何婶", email="he@example.org")
    signup = signup_of(activity, "何婶")
    address = link(signup)
    page = visitor.get(address).content.decode()
    assert signup.code in page
    assert "<svg" in page
    assert "https://example.org/room" in page
    assert "https://example.org/room" not in visitor.get(f"/activities/{activity.pk}/").content.decode()
    for _twice in range(2):
        assert visitor.post(f"{address}cancel/").status_code == 302
    assert in_line(activity) == [("何婶", "cancelled")]
    assert signup.code not in visitor.get(address).content.decode()


def test_a_link_for_another_purpose_or_over_opens_nothing(town: Town, visitor: Client) -> None:
    activity = make_activity(town)
    signed(activity, "何婶", email="he@example.org")
    signup = signup_of(activity, "何婶")
    now = datetime.now(UTC)
    for token in (
        make_link("attend", signup.pk, until=now + timedelta(days=1)),
        make_link(SIGNUP, signup.pk, until=now - timedelta(seconds=1)),
        make_link(SIGNUP, activity.pk, until=now + timedelta(days=1)),
    ):
        assert visitor.get(f"/activities/signup/{token}/").status_code == 404
        assert visitor.post(f"/activities/signup/{token}/cancel/").status_code == 404


def test_who_is_there_types_the_code_of_the_day(town: Town, visitor: Client) -> None:
    activity = make_activity(town, starts_at=datetime.now(UTC) + timedelta(seconds=30))
    signed(activity, "何婶", email="he@example.org")
    address = link(signup_of(activity, "何婶"))
    today = datetime.now(UTC).astimezone(SHANGHAI).date()
    right = code_of_day(activity, today)
    wrong_one = f"{(int(right) + 1) % 1_000_000:06d}"
    assert visitor.post(address, {"code": wrong_one}).status_code == 422
    assert visitor.post(address, {"code": right}).status_code == 302
    assert "已签到" in visitor.get(address).content.decode()
    with acting(SYSTEM, epoch=now_epoch()):
        assert Attendance.objects.get().how == "code"


def test_on_another_day_the_code_is_worth_nothing(town: Town, visitor: Client) -> None:
    activity = make_activity(town)
    signed(activity, "何婶", email="he@example.org")
    right = code_of_day(activity, datetime.now(UTC).astimezone(SHANGHAI).date())
    assert visitor.post(link(signup_of(activity, "何婶")), {"code": right}).status_code == 422


def test_the_calendar_file_and_the_poster(town: Town, visitor: Client) -> None:
    activity = make_activity(town)
    file = visitor.get(f"/activities/{activity.pk}/calendar.ics").content.decode()
    assert "SUMMARY:侨房继承宣讲会" in file
    assert "STATUS:CONFIRMED" in file
    assert f"/activities/{activity.pk}/" in visitor.get(f"/activities/{activity.pk}/poster/").content.decode()


def ics(visitor: Client, activity: Activity) -> list[str]:
    return visitor.get(f"/activities/{activity.pk}/calendar.ics").content.decode().split("\r\n")


def test_the_calendar_file_tells_nobody_the_address_of_the_meeting_online(
    town: Town, visitor: Client
) -> None:
    activity = make_activity(town, place="", online="https://meet.example.org/secret")
    assert "meet.example.org" not in "".join(ics(visitor, activity))


def test_a_calendar_takes_each_later_file_for_newer_and_what_was_put_off_comes_back(
    town: Town, visitor: Client
) -> None:
    activity = make_activity(town)
    said = datetime.now(UTC).replace(microsecond=0)

    def step(number: int, do: Any, *given: Any, **more: Any) -> list[str]:
        at = said + timedelta(hours=number)
        with acting(SYSTEM, epoch=now_epoch()):
            do(activity.pk, *given, actor=SYSTEM, at=at, **more)
        lines = ics(visitor, activity)
        assert f"SEQUENCE:{number}" in lines
        assert f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}" in lines
        return lines

    assert "SEQUENCE:0" in ics(visitor, activity)
    later = activity.starts_at + timedelta(days=1)
    assert f"DTSTART:{later:%Y%m%dT%H%M%SZ}" in step(1, holding.change, programme(later))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED"} <= set(step(2, holding.postpone, reason="台风"))
    assert {"METHOD:PUBLISH", "STATUS:CONFIRMED"} <= set(step(3, holding.change, programme(later)))
    assert "STATUS:CANCELLED" in step(4, holding.cancel, reason="场地维修")


@pytest.mark.browser
def test_somebody_signs_up_without_script_and_the_pages_have_no_faults(
    open_page: Opener, served_town: Town
) -> None:
    activity = make_activity(served_town)
    page = open_page(f"/activities/{activity.pk}/", script=False)
    page.fill("#id_name", "何婶")
    page.fill("#id_email", "he@example.org")
    page.click("main button:has-text('报名')")
    assert page.url.endswith("/received/")
    own = link(signup_of(activity, "何婶"))
    for path in ("/activities/", f"/activities/{activity.pk}/", f"/activities/{activity.pk}/poster/", own):
        for language in ("zh-hans", "es"):
            assert wrong(open_page(path, language=language)) == [], path
