"""What the person reads of joint handling: who was asked by when, and why their case goes first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qiaoqiao.access.tickets import PUBLIC, acting
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.tasks import give_task
from tests.cast import ROSA, SETTLE, Town, as_staff, now_epoch
from tests.portal.following import filed, page, prove


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def test_the_person_reads_which_office_was_asked_by_when_and_not_what(town: Town) -> None:
    case, chen = filed(), as_staff(town.officer_chen)
    due = timezone.localdate() + timedelta(days=9)
    with acting(chen, epoch=now_epoch()):
        give_task(case.pk, town.housing.pk, "内部的话", due, actor=chen, at=timezone.now(), by="〔2026〕3号")
    visitor = prove(Client(headers={"accept-language": "zh-CN"}), case)
    mine = page(visitor, f"/cases/{case.reference}/")
    day = f"{due.month}月{due.day}日"
    assert f"联席会议请台山市ts-housing在{due.year}年{day}前办理" in mine
    assert "联办任务" in mine
    assert "内部的话" not in mine
    in_spanish = page(visitor, f"/cases/{case.reference}/?lang=es", 302)
    assert in_spanish == ""
    spanish = page(visitor, f"/cases/{case.reference}/")
    assert "Una reunión conjunta encargó a" in spanish
    assert "内部的话" not in spanish


def test_the_green_channel_is_told_with_its_reason_and_only_to_whom_it_is_for(town: Town) -> None:
    mine = page(
        prove(Client(headers={"accept-language": "zh-CN"}), abroad := filed()), f"/cases/{abroad.reference}/"
    )
    assert "绿色通道" in mine
    assert "您在境外" in mine
    at_home = replace(ROSA, country="CN", timezone="Asia/Shanghai")
    filing = Filing(service="settlement", channel="web", applicant=at_home, facts=SETTLE)
    with acting(PUBLIC.with_case(filing.case_id), epoch=now_epoch()):
        case = file(filing, actor=PUBLIC, at=timezone.now())
    other = page(prove(Client(headers={"accept-language": "zh-CN"}), case), f"/cases/{case.reference}/")
    assert "绿色通道" not in other
