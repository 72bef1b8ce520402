"""One's own case on one page: where it is, by when, what is wanted, what went wrong, what it came to."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions import papers as paper_actions
from qiaoqiao.casework.actions.talking import say
from qiaoqiao.casework.models import Case, Delivery
from qiaoqiao.casework.reactions import deliver_notice
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.rules import Applicant
from tests.cast import Town, as_staff, now_epoch
from tests.eyes import flaws
from tests.portal.following import (
    act,
    asked_for_papers,
    code_mailed,
    filed,
    kinds,
    page,
    papers,
    prove,
    refused,
    seen,
    some_id,
    told,
)
from tests.portal.forms import photograph

MOST_STATEMENTS = 14


def notice_of(case: Case, kind: str) -> str:
    return f"/cases/{case.reference}/notices/{papers(case, kind=kind)[0].pk}/"


def test_the_page_says_where_it_is_who_has_it_and_by_when(town: Town, visitor: Client) -> None:
    case = filed()
    text = seen(prove(visitor, case), case)
    assert "已提交" in text
    assert "五个工作日内会告诉您是否受理" in text
    assert "台山市ts-overseas_affairs" in text
    assert "侨都路1号" in text
    assert "0750-0000000" in text
    assert "周一至周五" in text
    assert "23:59前，北京时间" in text
    assert "加拉加斯" in text  # the person's own zone, as they gave it
    assert "现在不用您做什么" in text


def test_no_officer_is_named_and_no_internal_word_is_shown(town: Town, visitor: Client) -> None:
    case = filed()
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        say(case.pk, "此人材料可疑", language="zh-hans", actor=chen, at=timezone.now(), internal=True)
        say(case.pk, "请问您何时回国？", language="zh-hans", actor=chen, at=timezone.now())
    act(town.officer_chen, case, "accept")
    act(town.officer_chen, case, "consult")
    prove(visitor, case)
    html = page(visitor, f"/cases/{case.reference}/") + page(visitor, f"/cases/{case.reference}/messages/")
    assert "可疑" not in html
    assert "chen" not in html.lower().replace("rosa chen", "")
    assert "请问您何时回国" in html


def test_how_the_date_was_reached_is_shown_day_by_day(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    html = page(visitor, f"/cases/{case.reference}/")
    assert f"/cases/{case.reference}/dates/correction/1/" in html
    html = page(visitor, f"/cases/{case.reference}/dates/correction/1/")
    assert "中华人民共和国行政许可法" in html
    assert "5 个工作日" in html
    assert "逐日列表" in html
    assert html.count("qq-cell--counted") >= 4
    for wrong in ("correction/2/", "nonsense/1/", "psb_reply/1/"):
        page(visitor, f"/cases/{case.reference}/dates/{wrong}", 404)


def test_a_pause_and_an_extension_are_told(town: Town, visitor: Client) -> None:
    case = filed()
    act(town.officer_chen, case, "accept", datetime(2026, 11, 2, 3, tzinfo=UTC))
    act(town.head_liang, case, "extend", datetime(2026, 11, 3, 3, tzinfo=UTC), days=5, reasons="案情复杂")
    begun = datetime(2026, 11, 4, 3, tzinfo=UTC)
    act(
        town.officer_chen,
        case,
        "start_examination",
        begun,
        examination="inspection",
        examination_days=9,
        reasons="入户核查",
    )
    prove(visitor, case)
    text = seen(visitor, case, "dates/licence_decide/1/")
    assert "依法延长5个工作日" in text
    assert "20个工作日" in text
    assert "现在暂停计时" in text
    assert "11月5日" in text
    assert "暂停计时" in seen(visitor, case)


def test_a_limit_that_was_overrun_is_said_to_be(town: Town, visitor: Client) -> None:
    case = filed(days_ago=40)
    text = seen(prove(visitor, case), case)
    assert "已逾期" in text
    assert "单位已经超期" in text
    act(town.officer_chen, case, "accept")
    text = seen(visitor, case)
    assert "单位没有做好的地方" in text
    assert "已记为单位逾期" in text


def test_missing_papers_are_named_one_by_one(town: Town, visitor: Client) -> None:
    case = filed()
    asked_for_papers(town, case)
    text = seen(prove(visitor, case), case)
    assert "单位要您补这些材料" in text
    assert "还差" in text
    assert "请一次补齐" in text
    assert "2027年3月20日" in text
    assert f"/cases/{case.reference}/steps/supplement/" in page(visitor, f"/cases/{case.reference}/")


def test_a_second_request_is_told_as_the_offices_fault(town: Town, visitor: Client) -> None:
    case = filed()
    act(town.officer_chen, case, "accept")
    act(town.officer_chen, case, "ask_more", missing=["photo"], supplement_by="2027-03-20")
    prove(visitor, case)
    text = seen(visitor, case)
    assert "第二次要求补材料" in text
    assert "已记为单位的过失，不是您的问题" in text
    assert "还差" in text
    html = page(visitor, f"/cases/{case.reference}/")
    assert f'href="/cases/{case.reference}/papers/" role="button"' in html


def test_opening_a_notice_serves_it_once(town: Town, visitor: Client) -> None:
    case = filed()
    asked_for_papers(town, case)
    prove(visitor, case)
    address = notice_of(case, "one_time_notice")
    assert visitor.head(address).status_code == 200
    assert "served:one_time_notice" not in kinds(case)
    html = page(visitor, address)
    page(visitor, address)
    assert kinds(case).count("served:one_time_notice") == 1
    with acting(SYSTEM, epoch=now_epoch()):
        delivery = Delivery.objects.get(case=case, paper__kind="one_time_notice", channel="page")
    assert (delivery.state, delivery.proof) == ("served", "本人在网页打开")
    assert "以中文为准" not in html  # who reads Chinese needs no translation


def test_a_notice_is_read_in_ones_own_language_first(town: Town) -> None:
    case = filed()
    asked_for_papers(town, case)
    visitor = prove(Client(headers={"accept-language": "es"}), case)
    html = page(visitor, notice_of(case, "one_time_notice"))
    assert 0 < html.index('class="qq-version" lang="es"') < html.index('class="qq-version" lang="zh-Hans"')
    assert html.count("<article") == 2


def test_the_notice_is_a_pdf_that_can_be_kept(town: Town, visitor: Client) -> None:
    case = filed()
    asked_for_papers(town, case)
    prove(visitor, case)
    before = visitor.get(notice_of(case, "one_time_notice") + "notice.pdf")
    assert before.content.startswith(b"%PDF-")
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.filter(subject=case.pk, kind="notice").latest("seq")
    deliver_notice(str(entry.uid))
    kept = visitor.get(notice_of(case, "one_time_notice") + "notice.pdf")
    assert kept.content.startswith(b"%PDF-")
    assert f"{case.reference}-one_time_notice.pdf" in kept["Content-Disposition"]


def test_a_letter_between_offices_is_not_the_persons_to_read(town: Town, visitor: Client) -> None:
    case = filed()
    act(town.officer_chen, case, "accept")
    act(town.officer_chen, case, "consult")
    prove(visitor, case)
    address = notice_of(case, "consultation_letter")
    assert visitor.get(address).status_code == 404
    assert visitor.get(address + "notice.pdf").status_code == 404
    assert (
        "征求"
        not in told(page(visitor, f"/cases/{case.reference}/"))
        .split("单位给您的文书")[1]
        .split("您交的材料")[0]
    )


def test_notices_and_papers_of_others_are_not_found(town: Town, visitor: Client) -> None:
    mine, theirs = filed(), filed()
    asked_for_papers(town, theirs)
    prove(visitor, mine)
    paper = papers(theirs, kind="one_time_notice")[0]
    for one in (paper.pk, some_id()):
        for path in (f"notices/{one}/", f"notices/{one}/notice.pdf", f"papers/{one}/"):
            assert visitor.get(f"/cases/{mine.reference}/{path}").status_code == 404
            assert visitor.get(f"/cases/{theirs.reference}/{path}").status_code == 404


def test_a_paper_found_wanting_says_why_and_asks_for_another(town: Town, visitor: Client) -> None:
    brought = paper_actions.Brought("passport", "护照", "0" * 32, "护照.jpg", "image/jpeg", 999, "a" * 64)
    case = filed(papers=(brought,))
    paper = papers(case, direction="in")[0]
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        paper_actions.judge(
            case.pk,
            paper.pk,
            verdict="wanting",
            remark="照片页拍不清楚",
            actor=as_staff(town.officer_chen),
            at=timezone.now(),
        )
    text = seen(prove(visitor, case), case)
    assert "还不符合要求" in text
    assert "照片页拍不清楚" in text
    assert "上传文件" in text


def test_ones_own_paper_can_be_fetched_again(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    visitor.post(f"/cases/{case.reference}/papers/", {"file_passport": photograph()})
    paper = papers(case, direction="in")[0]
    answer = visitor.get(f"/cases/{case.reference}/papers/{paper.pk}/")
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment")


def test_who_files_for_somebody_is_said_and_what_they_see(town: Town, visitor: Client) -> None:
    helper = Applicant(name="陈志强", country="CN", language="zh-hans", phone="+8613800000000")
    case = filed(helper=helper, relation="relative", evidence="本人在电话里同意")
    text = seen(prove(visitor, case), case)
    assert "陈志强（亲属）" in text
    assert "看得到这一页的全部内容" in text


def test_a_refusal_gives_reasons_and_remedies(town: Town, visitor: Client) -> None:
    case = filed()
    refused(town, case)
    text = seen(prove(visitor, case), case)
    assert "不予受理" in text
    assert "已经加入外国国籍" in text
    assert "不服怎么办" in text
    assert "六十日" in text
    assert "不想办了" not in text
    html = page(visitor, f"/cases/{case.reference}/")
    assert notice_of(case, "not_accepted_notice") in html.split("不服怎么办")[0]


# --- the page itself -------------------------------------------------------------------------------


def test_the_page_needs_few_statements_whatever_the_case_holds(town: Town, visitor: Client) -> None:
    case = filed()
    asked_for_papers(town, case)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        for number in range(5):
            say(case.pk, f"第{number}条", language="zh-hans", actor=chen, at=timezone.now())
    prove(visitor, case)
    page(visitor, f"/cases/{case.reference}/")
    with CaptureQueriesContext(connection) as statements:
        page(visitor, f"/cases/{case.reference}/")
    assert len(statements) <= MOST_STATEMENTS, [one["sql"][:120] for one in statements]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en", "es", "pt"])
def test_the_page_is_light_in_every_language(town: Town, language: str) -> None:
    case = filed()
    asked_for_papers(town, case)
    visitor = prove(Client(headers={"accept-language": language}), case)
    html = page(visitor, f"/cases/{case.reference}/")
    assert len(html.encode()) < 40_000
    assert "style=" not in html


def test_the_office_may_change_and_the_page_follows(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    with acting(SYSTEM, epoch=now_epoch()):
        Office.objects.filter(pk=town.overseas_affairs.pk).update(phone="0750-1234567")
    assert "0750-1234567" in seen(visitor, case)


# --- in a browser ----------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "view"), [(390, "zh-hans", "large"), (1280, "es", "normal")])
def test_the_pages_of_a_case_are_for_everybody(
    open_page: Callable[..., Page], served_town: Town, width: int, language: str, view: str
) -> None:
    case = filed(days_ago=40)
    asked_for_papers(served_town, case)
    browser = open_page(f"/track/?ref={case.reference}", width, language=language, view=view)
    found = flaws(browser)
    browser.click("main form button")
    found += flaws(browser)
    browser.fill("#id_code", code_mailed(case))
    browser.click("main form[action$='code/'] button")
    base = browser.url
    assert base.endswith(f"/cases/{case.reference}/")
    found += flaws(browser)
    loaded = browser.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)")
    assert all(name.startswith("/static/") for name in loaded)
    files = [finders.find(name.removeprefix("/static/")) for name in set(loaded)]
    weight = sum(len(gzip.compress(Path(str(file)).read_bytes())) for file in files)
    assert weight + len(gzip.compress(browser.content().encode())) < 200 * 1024
    open_ = ("steps/supplement/", "steps/withdraw/", "papers/", "messages/", "dates/correction/1/")
    for path in (*open_, notice_of(case, "one_time_notice").removeprefix(f"/cases/{case.reference}/")):
        browser.goto(base + path)
        found += flaws(browser)
    refused(served_town, case)
    for path in ("", "rating/", "not-solved/"):
        browser.goto(base + path)
        found += flaws(browser)
    browser.goto(base.replace(case.reference, "QQ26-0000-000"))
    assert found + flaws(browser) == []
