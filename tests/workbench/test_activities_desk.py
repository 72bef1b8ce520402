"""Activities at the desk: a plan approved, planned against done, people checked in, photos with consent."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page

from qiaoqiao.access.links import make_link
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.community.activities import queries
from qiaoqiao.community.activities.actions import holding
from qiaoqiao.community.activities.models import Activity, Attendance, Photo, Plan
from tests.cast import Town, now_epoch
from tests.community.activities_town import canary_activity, make_activity, make_station, signed, signup_of
from tests.eyes import wrong
from tests.workbench.conftest import Opener, SignIn


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def jpeg(name: str = "会场.jpg") -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (60, 40), "#8f1717").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def stored(model: Any, **wanted: Any) -> Any:
    with acting(SYSTEM, epoch=now_epoch()):
        return model.objects.get(**wanted)


def test_a_plan_is_written_held_to_the_offices_numbers_approved_and_counted(
    town: Town, signed_in: SignIn
) -> None:
    station = make_station(town)
    town.federation.settings = {"activities": {"least_visit": 12}}
    town.federation.save(update_fields=["settings"])
    client, year = signed_in(town.officer_chen), timezone.localdate().year
    made = client.post("/staff/activities/plans/", {"organisation": str(station.pk), "year": str(year)})
    address = made["Location"]
    again = client.post("/staff/activities/plans/", {"organisation": str(station.pk), "year": str(year)})
    assert "已经有计划" in again.content.decode()
    item = {
        "kind": "visit",
        "name": "走访归侨",
        "every": "quarter",
        "day": "15",
        "month": "",
        "place": "社区",
    }
    assert client.post(address, item).status_code == 302
    unasked = client.post(f"{address}approve/")
    assert unasked.status_code == 422
    assert "要由负责人批准" in unasked.content.decode()
    head = signed_in(town.head_liang)
    few = head.post(f"{address}approve/")
    assert few.status_code == 422
    assert "走访只排了 4 次，本单位定的是一年至少 12 次" in few.content.decode()
    client.post(address, item | {"every": "month"})
    assert head.post(f"{address}approve/").status_code == 302
    page = text(client, address)
    assert "已批准" in page
    assert "至少 12 次" in page
    assert client.post(address, item).status_code == 422
    query = f"?organisation={station.pk}&amp;kind=visit&amp;state=held&amp;year={year}&amp;quarter=1"
    assert query in page
    assert text(client, "/staff/activities/" + query.replace("&amp;", "&")).count("data-row") == 0


def test_an_activity_is_put_on_once_changed_put_off_and_cancelled(town: Town, signed_in: SignIn) -> None:
    station = make_station(town)
    client, on = signed_in(town.officer_chen), timezone.localdate() + timedelta(days=9)
    given = {
        "organisation": str(station.pk), "kind": "lecture", "title": "侨房继承宣讲", "en": "Inheriting a house",
        "on_year": str(on.year), "on_month": str(on.month), "on_day": str(on.day), "from_": "09:30", "to": "11:30",
        "zone": "Asia/Shanghai", "place": "侨胞之家", "open": "on", "capacity": "20", "once": "a1",
    }  # fmt: skip
    wrong_times = client.post("/staff/activities/new/", given | {"to": "09:00", "place": "", "once": "a0"})
    assert wrong_times.status_code == 422
    assert "结束要在开始之后" in wrong_times.content.decode()
    assert "请写地点" in wrong_times.content.decode()
    addresses = {client.post("/staff/activities/new/", given)["Location"] for _twice in range(2)}
    assert len(addresses) == 1
    activity = stored(Activity)
    assert activity.starts_at.astimezone(UTC).hour == 1
    address = f"/staff/activities/{activity.pk}/"
    assert "海报和二维码" in text(client, address)
    assert client.post(f"{address}postpone/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}postpone/", {"reason": "台风"}).status_code == 302
    assert client.get(f"{address}held/").status_code == 302
    assert client.post(f"{address}held/", {"walk_ins": "3"}).status_code == 422
    assert client.post(f"{address}change/", given | {"place": "社区礼堂"}).status_code == 302
    assert client.post(f"{address}held/", {"walk_ins": "3"}).status_code == 302
    minutes = {"text": "讲了继承公证", "outcome": "解答 8 人", "opinions": "2"}
    assert client.post(f"{address}minutes/", minutes).status_code == 302
    page = text(client, address)
    assert all(words in page for words in ("已举办", "讲了继承公证", "收集意见 2 条", "另有 3 人"))


@pytest.mark.parametrize(
    ("year", "month", "day", "zone"),
    [("0001", "1", "1", "Asia/Shanghai"), ("9999", "12", "31", "America/New_York")],
)
def test_a_day_that_no_program_can_read_is_not_taken_and_the_list_stays_open(
    town: Town, signed_in: SignIn, year: str, month: str, day: str, zone: str
) -> None:
    station, client = make_station(town), signed_in(town.officer_chen)
    given = {
        "organisation": str(station.pk), "kind": "lecture", "title": "宣讲", "on_year": year, "on_month": month,
        "on_day": day, "from_": "00:30", "to": "22:00", "zone": zone, "place": "侨胞之家", "once": "a1",
    }  # fmt: skip
    answer = client.post("/staff/activities/new/", given)
    assert answer.status_code == 422
    assert "年份请填 1850 到 2200 之间的" in answer.content.decode()
    assert text(client, "/staff/activities/").count("data-row") == 0


def test_people_are_checked_in_by_code_by_link_and_by_name_once(town: Town, signed_in: SignIn) -> None:
    activity = make_activity(town, capacity=3)
    for name in ("an", "bo", "cai", "dan"):
        signed(activity, name)
    client, address = signed_in(town.officer_chen), f"/staff/activities/{activity.pk}/attendance/"
    an, bo, cai = (signup_of(activity, name) for name in ("an", "bo", "cai"))
    token = make_link("attend", bo.pk, until=datetime.now(UTC) + timedelta(days=1))
    assert client.post(address, {"code": an.code.lower()}).status_code == 302
    assert client.post(address, {"code": f"http://x/staff/activities/check-in/{token}/"}).status_code == 302
    assert client.post(address, {"signup": str(cai.pk)}).status_code == 302
    assert client.post(address, {"signup": str(cai.pk)}).status_code == 302
    for unknown in ("ZZZZZ", "", "a:b:c"):
        refused = client.post(address, {"code": unknown})
        assert refused.status_code == 422
        assert "没有这个签到码" in refused.content.decode()
    assert "还在候补" in client.post(address, {"code": signup_of(activity, "dan").code}).content.decode()
    with acting(SYSTEM, epoch=now_epoch()):
        assert sorted(Attendance.objects.values_list("how", flat=True)) == ["list", "qr", "qr"]
    assert "bo" in text(client, f"/staff/activities/check-in/{token}/")
    assert client.get("/staff/activities/check-in/a:b:c/").status_code == 404


def test_a_long_list_is_turned_and_a_name_ticked_on_its_second_page_stays_there(
    town: Town, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "NAMES_A_PAGE", 2)
    activity = make_activity(town, capacity=3)
    for name in ("an", "bo", "cai", "dan"):
        signed(activity, name)
    client, address = signed_in(town.officer_chen), f"/staff/activities/{activity.pk}/attendance/"
    first = text(client, address)
    assert first.count("data-row") == 2
    second = f"{address}?after={signup_of(activity, 'bo').pk}"
    assert second.rpartition("/")[2] in first
    page = text(client, second)
    assert page.count("data-row") == 2
    assert "cai@example.org" in page
    assert f"?before={signup_of(activity, 'cai').pk}" in page
    ticked = client.post(second, {"signup": str(signup_of(activity, "cai").pk)})
    assert ticked["Location"] == second


def test_a_photo_goes_out_only_with_consent(town: Town, signed_in: SignIn) -> None:
    activity = make_activity(town)
    client, address = signed_in(town.officer_chen), f"/staff/activities/{activity.pk}/"
    refused = client.post(f"{address}add/photo/", {"file": jpeg("a.pdf"), "people_shown": "1"})
    assert refused.status_code == 422
    answer = client.post(f"{address}add/photo/", {"file": jpeg(), "people_shown": "2", "caption": "会场"})
    photo = stored(Photo)
    consent = f"{address}photos/{photo.pk}/consent/"
    assert answer["Location"] == consent
    assert "认得出 2 个人" in text(client, consent)
    public = f"/activities/{activity.pk}/photos/{photo.pk}/"
    missing = client.post(consent, {"by": "", "how": "", "public": "on"})
    assert missing.status_code == 422
    assert "才能公开" in missing.content.decode()
    assert Client().get(public).status_code == 404
    agreed = {
        "by": "何婶、伍伯",
        "how": "spoken",
        "on_year": "2026",
        "on_month": "3",
        "on_day": "2",
        "public": "on",
    }
    assert client.post(consent, agreed).status_code == 302
    picture = Client().get(public)
    assert picture["Content-Type"] == "image/jpeg"
    assert b"".join(picture).startswith(b"\xff\xd8")  # type: ignore[arg-type]
    assert "何婶" not in Client().get(f"/activities/{activity.pk}/").content.decode()
    client.post(consent, {"by": "", "how": "", "public": ""})
    assert Client().get(public).status_code == 404


def test_materials_are_kept_and_given_out_when_public(town: Town, signed_in: SignIn) -> None:
    activity = make_activity(town)
    client, address = signed_in(town.officer_chen), f"/staff/activities/{activity.pk}/"
    client.post(f"{address}add/material/", {"file": jpeg("讲义.jpg"), "public": "on"})
    assert "讲义.jpg" in text(client, address)
    assert "讲义.jpg" in Client().get(f"/activities/{activity.pk}/").content.decode()


@pytest.mark.browser
def test_the_main_pages_have_no_faults(open_page: Opener, served_town: Town) -> None:
    canary_activity(served_town, "何婶")
    activity, plan = stored(Activity), stored(Plan)
    with acting(SYSTEM, epoch=now_epoch()):
        Photo.objects.all().delete()
        holding.postpone(activity.pk, reason="台风", actor=SYSTEM, at=datetime.now(UTC))
    one = f"/staff/activities/{activity.pk}/"
    for path in ("/staff/activities/", "/staff/activities/plans/", f"/staff/activities/plans/{plan.pk}/",
                 "/staff/activities/new/", one, f"{one}attendance/", f"{one}add/photo/"):  # fmt: skip
        page: Page = open_page(path, account=served_town.officer_chen)
        assert wrong(page) == [], path


def test_nobody_public_learns_who_signed_up(town: Town) -> None:
    activity = make_activity(town)
    signed(activity, "何婶", email="he@example.org")
    with acting(PUBLIC, epoch=now_epoch()):
        page = Client().get(f"/activities/{activity.pk}/").content.decode()
    assert "何婶" not in page
    assert "he@example.org" not in page
