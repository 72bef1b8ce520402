"""Joint meetings and tasks in a real browser: a resolution's road by hand, and every main page for everybody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from qiaoqiao.access.tickets import acting
from qiaoqiao.services.joint.actions import minuting
from qiaoqiao.services.joint.models import Meeting
from tests.cast import Town, as_staff, now_epoch
from tests.eyes import wrong
from tests.services.joint_table import PLAN, held, planned, resolved, tabled
from tests.workbench.conftest import Opener
from tests.workbench.roads import days_ago, petition, settlement
from tests.workbench.test_meetings import soon

pytestmark = pytest.mark.browser


def under_way(town: Town) -> Meeting:
    """A meeting held today over two cases and one matter, with resolutions and a draft of the minutes."""
    offices = [town.exit_entry_police, town.housing, town.federation]
    meeting = planned(
        town, at=days_ago(7), plan=replace(PLAN, starts_at=days_ago(0, hour=0)), offices=offices
    )
    for case, title in ((settlement(ago=9), "回国定居：住房证明"), (petition(ago=40), "祖屋补偿：查清登记")):
        tabled(meeting, town, case, title=title, at=days_ago(1))
    last = tabled(meeting, town, None, title="来年走访分工", note="按镇街分片。", at=days_ago(1))
    at = days_ago(0, hour=1)
    held(meeting, town, at=at)
    first = meeting_items(town, meeting)[0]
    resolved(meeting, first, town, town.housing.pk, text="查清登记，书面告知侨务局。", due=soon(6), at=at)
    resolved(meeting, last, town, town.exit_entry_police.pk, text="交一份名单。", due=soon(0), at=at)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        text = "会议由侨务局召集。\n各单位通报了情况，议定两件事。"
        minuting.write_minutes(meeting.pk, text, actor=chen, at=at + timedelta(minutes=5))
    return meeting


def meeting_items(town: Town, meeting: Meeting) -> list[object]:
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        return list(meeting.items.order_by("order"))


def test_axe_finds_nothing_wrong_on_the_pages_of_a_meeting(open_page: Opener, served_town: Town) -> None:
    meeting = under_way(served_town)
    one = f"/staff/meetings/{meeting.pk}/"
    page = open_page("/staff/meetings/", account=served_town.head_liang)
    for path in ("/staff/meetings/", one, f"{one}agenda/", "/staff/meetings/new/", "/staff/meetings/follow-up/",
                 "/staff/green-channel/", f"{one}attendance/"):  # fmt: skip
        page.goto(page.url.split("/staff")[0] + path)
        assert wrong(page) == [], path


def test_what_was_resolved_is_taken_up_and_answered_by_hand(open_page: Opener, served_town: Town) -> None:
    meeting = under_way(served_town)
    page: Page = open_page("/staff/offered/", account=served_town.housing_lin)
    expect(page.get_by_text("待接下的任务")).to_be_visible()
    page.locator("table.qq-queue tbody th a").first.click()
    page.get_by_role("button", name="接下任务").click()
    page.get_by_role("button", name="答复任务").click()
    page.get_by_label("做了什么，结果如何").fill("已查清，登记在村集体名下。")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.get_by_text("已答复，任务完成。")).to_be_visible()
    mine = open_page(f"/staff/meetings/{meeting.pk}/", account=served_town.head_liang)
    expect(mine.locator(".qq-joint-resolved").first).to_contain_text("已办")
    mine.get_by_role("button", name="批准纪要，结束会议").click()
    expect(mine.get_by_text("纪要已批准，会议结束。")).to_be_visible()
