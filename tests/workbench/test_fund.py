"""The relief fund at the workbench: each person walks their own part through the pages, and no further."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qiaoqiao.services.relief.actions import giving, rounds
from qiaoqiao.services.relief.models import Grant, Payee, Payment, PaymentList, Round
from tests.cast import Town
from tests.journeys.roads import english_in
from tests.services.fund_town import FundTown, reread
from tests.workbench.conftest import client_of


@pytest.fixture
def fund(town: Town) -> FundTown:
    return FundTown(town, at=timezone.now() - timedelta(days=30))


def browser(fund: FundTown, name: str) -> Client:
    return client_of(fund.people[name])


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    html = answer.content.decode()
    assert "{%" not in html
    return html


def send(client: Client, address: str, status: int = 302, **given: Any) -> str:
    """Fill in a step's form and send it; days in three boxes."""
    token = re.search(r'name="once" value="(\w+)"', page(client, address))
    assert token, address
    days = {name: value for name, value in given.items() if hasattr(value, "year")}
    data = {name: value for name, value in given.items() if name not in days} | {"once": token[1]}
    for name, value in days.items():
        data |= {f"{name}_year": value.year, f"{name}_month": value.month, f"{name}_day": value.day}
    answer = client.post(address, data)
    assert answer.status_code == status, re.findall(
        r'govuk-error-summary__list">(.*?)</ul>', answer.content.decode(), re.S
    )
    return answer.content.decode() if status != 302 else answer["Location"]


def test_a_request_becomes_a_payment_through_the_pages(fund: FundTown) -> None:
    case = fund.file()
    today = timezone.localdate()
    maker, checker, head, payer = (browser(fund, name) for name in ("maker", "checker", "head", "payer"))
    send(
        maker,
        "/staff/fund/of/care/receive/money/",
        kind="donation",
        giver="旅委侨胞",
        amount="１０，０００",
        on=today,
    )
    assert case.reference in page(maker, "/staff/fund/grants/new/")
    fresh = f"/staff/fund/grants/new/?case={case.reference}"
    wish = {"fund": str(fund.fund.pk), "purpose": "illness", "form": "cash"}
    wrong = send(maker, fresh, 422, **wish, amount="1万")
    assert "不要写“万”" in wrong
    assert 'value="1万"' in wrong
    href = send(maker, fresh, **wish, amount="2000", visit_on=today, visitors="黄志雄、李梅")
    send(maker, f"{href}visit/", visited_on=today, second=str(fund.people["second"].pk), found="病历属实")
    kinds = {"members": "3", "income": "1800", "spending": "900", "kinds": ["illness", "old_age"]}
    send(maker, f"{href}assess/", **kinds)
    assert "(¥1,800.00 - ¥900.00) ÷ 3 = ¥300.00" in page(maker, href)
    send(maker, f"{href}submit/", found="情况属实")
    votes = {
        "member_1": "甲",
        "vote_1": "yes",
        "member_2": "乙",
        "vote_2": "yes",
        "member_3": "丙",
        "vote_3": "abstain",
    }
    assert "到会人数不够，至少要 3 人" in send(
        maker, f"{href}review/", 422, held_on=today, member_1="甲", vote_1="yes"
    )
    send(maker, f"{href}review/", held_on=today, **votes)
    shown = page(Client(headers={"accept-language": "zh-CN"}), "/relief/notices/")
    assert "¥1,000.00到¥3,000.00" in shown
    assert "台山市" in shown
    assert "陈玉莲" not in shown
    assert "侨兴路" not in shown
    assert "公示还没有结束" in send(maker, f"{href}end-notice/", 422, objections="没有异议")
    with fund.by("maker"):
        grant = Grant.objects.get()
        grant.notices.update(shown_from=today - timedelta(days=9), shown_until=today - timedelta(days=1))
    send(maker, f"{href}end-notice/", objections="没有异议")
    send(maker, f"{href}approve/", 422)
    send(head, f"{href}approve/")
    assert "人民币贰仟元整" in page(head, href)
    send(maker, f"{href}account/", holder="陈玉莲", bank="台山农商银行", number="6222 0812 3456 7890")
    assert "6222" not in page(maker, href)
    assert "您录入的，请同事回电" in page(maker, "/staff/fund/payees/")
    with fund.by("maker"):
        call = f"/staff/fund/payees/{Payee.objects.get().pk}/call/"
    assert "换一个人" in send(maker, call, 422, contact="home", whom="本人", right="yes")
    send(checker, call, contact="home", whom="本人", right="yes")
    sheet = send(maker, "/staff/fund/of/care/lists/new/", grants=[str(grant.pk)])
    assert "您是制单人" in page(maker, sheet)
    send(checker, f"{sheet}check/")
    send(head, f"{sheet}approve/")
    exported = head.post(f"{sheet}bank.csv")
    assert "陈玉莲,6222081234567890,台山农商银行,2000.00" in exported.content.decode("utf-8-sig")
    assert page_bytes(head, f"{sheet}list.pdf").startswith(b"%PDF")
    for other in (maker, checker, head):
        assert "换一个人" in send(other, f"{sheet}pay/", 422, bank_reference="B-1", on=today)
    assert "还在冻结时间内" in send(payer, f"{sheet}pay/", 422, bank_reference="B-1", on=today)


def page_bytes(client: Client, address: str) -> bytes:
    return client.get(address).content


def paid(fund: FundTown) -> tuple[Grant, PaymentList]:
    fund.give(1_000_000)
    grant = fund.approved(fund.draft(fund.file()))
    fund.called(grant)
    return grant, fund.paid(grant)


def test_what_was_paid_is_signed_for_returned_or_refunded(fund: FundTown) -> None:
    grant, sheet = paid(fund)
    maker, today = browser(fund, "maker"), timezone.localdate()
    with fund.by("maker"):
        payment = Payment.objects.get(grant=grant)
    assert "银行退回" in page(maker, f"/staff/fund/lists/{sheet.pk}/")
    send(maker, f"/staff/fund/payments/{payment.pk}/receipt/", 422, how="paper", on=today)
    send(maker, f"/staff/fund/payments/{payment.pk}/receipt/", how="visit", on=today)
    assert reread(grant, fund).state == "received"
    send(maker, f"/staff/fund/payments/{payment.pk}/returned/", reason="户名不符", on=today)
    assert reread(grant, fund).state == "approved"
    page_ = page(browser(fund, "head"), "/staff/fund/of/care/books/")
    for words in ("银行退回", "已批准未付", "8,000.00", "试算平衡"):
        assert words in page_
    debit, credit = re.findall(r'<td class="qq-num"><b>([\d,.]+)</b>', page_)
    assert debit == credit
    assert english_in(page_) - {"CSV", "fund", *fund.people} == set()


def test_a_round_is_planned_approved_and_given_by_different_people(fund: FundTown) -> None:
    fund.give(1_000_000)
    maker, head, today = browser(fund, "maker"), browser(fund, "head"), timezone.localdate()
    address = "/staff/fund/of/care/rounds/new/"
    told = {"name": "春节慰问", "kind": "festival", "planned_on": today}
    wrong = send(
        maker, address, 422, **told, households="陈玉莲，侨兴路8号，重病，1万\n\n黄志强，台城，没钱，500"
    )
    assert "第 1 行：请写成数字" in wrong
    assert "第 3 行：困难种类写成" in wrong
    href = send(
        maker, address, **told, households="陈玉莲，侨兴路8号，重病，1000\n黄志强，台城，老龄空巢，500"
    )
    send(maker, f"{href}approve/", 422)
    send(head, f"{href}approve/")
    with fund.by("maker"):
        stops = [str(one.pk) for one in Round.objects.get().stops.order_by("order")]
    two = {
        "first": str(fund.people["maker"].pk),
        "second": str(fund.people["second"].pk),
        "on": today,
        "met": "yes",
    }
    assert "两个不同的人" in send(maker, f"{href}give/", 422, **(two | {"second": two["first"]}), stops=stops)
    send(maker, f"{href}give/", **two, stops=stops[:1])
    shown = page(maker, href)
    assert "1 / 2" in shown
    assert "¥1,000.00" in shown
    assert page_bytes(maker, f"{href}route.pdf").startswith(b"%PDF")
    send(maker, f"{href}close/")
    assert "没有遇到" in page(maker, href)
    overview = page(head, "/staff/fund/")
    assert re.search(r"<b>1</b>\s*户", overview)


def test_a_round_beyond_the_band_waits_for_the_office_above(fund: FundTown) -> None:
    fund.give(1_000_000)
    maker, head, above = (browser(fund, name) for name in ("maker", "head", "above"))
    told = {"name": "慰问", "kind": "illness", "planned_on": timezone.localdate()}
    rich = "陈玉莲，侨兴路8号，重病，3000.01"
    href = send(maker, "/staff/fund/of/care/rounds/new/", **told, households=rich)
    assert "超过本单位的权限" in page(head, href)
    assert f"{href}approve/" not in page(head, href)
    assert "先由上一级单位" in send(head, f"{href}approve/", 422)
    assert f"{href}above/" in page(above, href)
    send(above, f"{href}above/")
    assert f"{href}above/" not in page(above, href)
    assert "超过本单位的权限" not in page(head, href)
    send(head, f"{href}approve/")
    assert "走访中" in page(head, href)


def test_rounds_of_one_day_all_come_when_the_pages_are_turned(
    fund: FundTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiaoqiao.workbench.fund.rounds.PAGE", 2)
    fund.give(1_000_000)
    maker = browser(fund, "maker")
    names = [f"慰问{number}" for number in "一二三四五"]
    for name in names:
        told = {"name": name, "kind": "festival", "planned_on": timezone.localdate()}
        send(maker, "/staff/fund/of/care/rounds/new/", **told, households="陈玉莲，侨兴路8号，重病，100")
    shown, following = [], ""
    for size in (2, 2, 1):
        text = page(maker, f"/staff/fund/rounds/{following}")
        found = re.findall("慰问[一二三四五]", text)
        shown += dict.fromkeys(found)
        assert len(set(found)) == size
        following = "".join(re.findall(r'href="(\?before=[^"]+)"', text)[:1])
    assert following == ""
    assert sorted(shown) == sorted(names)


def test_sources_lots_and_notices_all_come_when_the_pages_are_turned(
    fund: FundTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiaoqiao.workbench.fund.books.PAGE", 2)
    monkeypatch.setattr("qiaoqiao.portal.relief.PAGE", 2)
    with fund.by("maker") as actor:
        for one in "一二三":
            gift, told = (
                giving.Gift("donation", f"侨团{one}"),
                {"on": fund.day, "actor": actor, "at": fund.at},
            )
            giving.receive(fund.fund.pk, gift, 100_000, **told)  # type: ignore[arg-type]
            what = {"name": f"大米{one}", "unit": "袋", "quantity": 9, "unit_fen": 1}
            giving.receive_goods(fund.fund.pk, giving.Gift("donation"), **what, **told)  # type: ignore[arg-type]
    maker = browser(fund, "maker")
    sources = "/staff/fund/of/care/sources/"
    assert turned(maker, sources, r">(侨团.)</th>", "after") == ["侨团三", "侨团二", "侨团一"]
    assert turned(maker, sources, r">(大米.)</th>", "lots_after") == ["大米三", "大米二", "大米一"]
    fund.at = timezone.now() - timedelta(days=3)
    for _ in range(3):
        fund.reviewed(fund.draft(fund.file()))
    assert len(turned(Client(), "/relief/notices/", r"(\d+-\d{4}-\d{4})<", "after")) == 3


def turned(client: Client, address: str, shown: str, named: str) -> list[str]:
    """What all pages of a list show, in order."""
    found, following = [], ""
    for _ in range(9):
        text = page(client, address + following)
        found += re.findall(shown, text)
        following = "".join(re.findall(rf'href="(\?{named}=[^"]+)"', text)[:1])
        if not following:
            break
    return found


def test_a_form_sent_twice_is_done_once(fund: FundTown) -> None:
    maker, today = browser(fund, "maker"), timezone.localdate()
    address = "/staff/fund/of/care/receive/money/"
    token = re.search(r'name="once" value="(\w+)"', page(maker, address))[1]  # type: ignore[index]
    data = {"kind": "donation", "giver": "某侨团", "amount": "88", "once": token, "on_year": today.year, "on_month": today.month,
            "on_day": today.day}  # fmt: skip
    assert [maker.post(address, data).status_code for _ in range(2)] == [302, 302]
    assert page(maker, "/staff/fund/of/care/sources/").count(">某侨团</th>") == 1
    assert "¥88.00" in page(maker, "/staff/fund/")


def test_money_goes_back_to_its_giver_by_two_people(fund: FundTown) -> None:
    fund.give(100_000)
    second, head, today = browser(fund, "second"), browser(fund, "head"), timezone.localdate()
    sources = "/staff/fund/of/care/sources/"
    address = re.search(r"/staff/fund/sources/[\w-]+/back/", page(second, sources))[0]  # type: ignore[index]
    assert "不够" in send(second, address, 422, reason="项目取消", amount="1000.01")
    send(second, address, reason="项目取消", amount="400")
    approve = re.search(r"/staff/fund/backs/[\w-]+/approve/", page(head, sources))[0]  # type: ignore[index]
    assert approve not in page(second, sources)
    assert "项目取消" in page(second, sources)
    assert english_in(page(head, sources)) - {"fund", *fund.people} == set()
    send(second, approve, 422, on=today)
    send(head, approve, on=today)
    assert approve not in page(head, sources)
    assert "¥600.00" in page(head, sources)
    page(client_of(fund.town.stranger_he), approve, 404)


def test_a_stranger_finds_nothing_and_the_head_above_reads_without_doing(fund: FundTown) -> None:
    grant, sheet = paid(fund)
    stranger, above = client_of(fund.town.stranger_he), browser(fund, "above")
    addresses = [
        f"/staff/fund/grants/{grant.pk}/",
        f"/staff/fund/lists/{sheet.pk}/",
        "/staff/fund/of/care/books/",
    ]
    for address in addresses:
        page(stranger, address, 404)
        page(above, address)
    assert "侨爱基金" not in page(stranger, "/staff/fund/")
    refund = f"/staff/fund/payments/{payment_of(fund, grant)}/refunded/"
    assert "不能办" in send(above, refund, 422, reason="x", on=timezone.localdate())


def payment_of(fund: FundTown, grant: Grant) -> Any:
    with fund.by("maker"):
        return Payment.objects.get(grant=grant).pk


def test_the_case_leads_to_its_grant_and_does_not_decide_beside_it(fund: FundTown) -> None:
    fund.give(1_000_000)
    case = fund.file()
    head = browser(fund, "head")
    fresh = head.get(f"/staff/fund/cases/{case.reference}/")
    assert fresh["Location"] == f"/staff/fund/grants/new/?case={case.reference}"
    grant = fund.submitted(fund.draft(case))
    assert "在救助基金里办" in page(head, f"/staff/cases/{case.reference}/")
    for method in (head.get, head.post):
        answer = method(f"/staff/cases/{case.reference}/moves/approve/")
        assert (answer.status_code, answer["Location"]) == (302, f"/staff/fund/grants/{grant.pk}/")


def test_settings_are_the_heads_and_say_what_was_laid_down(fund: FundTown) -> None:
    head = browser(fund, "head")
    page(browser(fund, "maker"), "/staff/fund/settings/", 404)
    numbers = {"committee_quorum": "5", "notice_days": "7", "hold_hours": "48", "bank_layout": "2"}
    send(head, "/staff/fund/settings/", 422, **(numbers | {"hold_hours": "2"}))
    send(head, "/staff/fund/settings/", **numbers, own="5,000")
    shown = page(head, "/staff/fund/settings/")
    for words in ('value="5"', 'value="7"', 'value="48"', "5,000.00"):
        assert words in shown


LISTS = ("", "grants/", "lists/", "payees/", "rounds/", "of/care/books/")


def test_more_rows_need_no_more_queries(fund: FundTown) -> None:
    fund.give(10_000_000)
    head = browser(fund, "head")
    fill(fund, 1)
    few = {one: counted(head, f"/staff/fund/{one}") for one in LISTS}
    fill(fund, 2)
    many = {one: counted(head, f"/staff/fund/{one}") for one in LISTS}
    assert {one: (few[one], many[one]) for one in LISTS if many[one] > few[one] + 1} == {}


def fill(fund: FundTown, times: int) -> None:
    for number in range(times):
        grants = [fund.approved(fund.draft(fund.file())) for _ in range(2)]
        fund.called(grants[0], f"6222 0812 3456 {fund.at.day:02d}{number:02d}")
        fund.listed(grants[0])
        with fund.by("maker") as actor:
            fund_row = fund.fund.pk
            occasion = rounds.Occasion("慰问", "festival", fund.day)
            rounds.plan(
                fund_row,
                occasion,
                [rounds.Household("甲", "illness", amount_fen=100)],
                actor=actor,
                at=fund.at,
            )


def counted(client: Client, address: str) -> int:
    page(client, address)
    with CaptureQueriesContext(connection) as queries:
        page(client, address)
    return len(queries)
