"""The product's main job in a real browser: a request filed, routed, timed, answered, rated, counted."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.reactions import deliver_notice, send_code
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from tests.cast import Town, make_account, make_office, now_epoch
from tests.portal.forms import photograph
from tests.portal.test_filing_in_browser import bring_and_send, fill, go_on, sound
from tests.workbench.conftest import client_of

pytestmark = pytest.mark.browser
Seat = Callable[..., Page]


@pytest.fixture
def sit(browser: Browser, live_server: Any, served_town: Town) -> Iterator[Seat]:
    """Sit down at a page of the live server: the person (no account) or an officer."""
    contexts: list[BrowserContext] = []

    def opened(path: str, width: int, *, account: Account | None = None, language: str, zone: str) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, timezone_id=zone)
        contexts.append(context)
        context.set_default_timeout(20_000)
        cookies = {"language": language, "tz": zone}
        if account is not None:
            cookies["session"] = client_of(account).cookies["session"].value
        context.add_cookies(
            [{"name": one, "value": said, "url": live_server.url} for one, said in cookies.items()]
        )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def work_off(case: Case) -> None:
    """Do what the worker does after each step: send what is to be sent."""
    with acting(SYSTEM, epoch=now_epoch()):
        entries = list(Entry.objects.filter(subject=case.pk).values_list("kind", "uid"))
    for kind, uid in entries:
        if kind == "notice":
            deliver_notice(str(uid))
        elif kind == "code":
            send_code(str(uid))


def only_case() -> Case:
    with acting(SYSTEM, epoch=now_epoch()):
        return Case.objects.get()


def answer(page: Page, name: str, value: str) -> None:
    """Answer one question, whatever kind of box it has."""
    if page.locator(f"[name='{name}_year']").count():
        for part, number in zip(("year", "month", "day"), value.split("-"), strict=True):
            page.fill(f"[name='{name}_{part}']", str(int(number)))
    elif page.locator(f"[name='{name}'][value='{value}']").count():
        page.check(f"[name='{name}'][value='{value}']")
    else:
        page.fill(f"[name='{name}']", value)


def make(page: Page, home: str, case: Case, move: str, **answers: str) -> None:
    """Make a move from its own page: look, answer, confirm."""
    page.goto(f"{home}/staff/cases/{case.reference}/moves/{move}/")
    sound(page)
    for name, value in answers.items():
        answer(page, name, value)
    while page.url.endswith(f"/moves/{move}/"):
        go_on(page, "main button[name=do]:is([value=preview], [value=confirm]).govuk-button >> nth=0")
        assert page.locator(".govuk-error-summary").count() == 0, page.locator(
            ".govuk-error-summary"
        ).inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_from_caracas_to_a_permit_rated_and_counted(
    sit: Seat, served_town: Town, live_server: Any, width: int
) -> None:
    town, home = served_town, live_server.url
    register = make_office("ts-household", "household_police", town.taishan, level="county")
    lei = make_account("lei", (register, "handler"))
    rosa = sit("/services/settlement/", width, language="es", zone="America/Caracas")
    go_on(rosa, "#start button")
    fill(rosa, check=lambda page: None, scripted=True)
    bring_and_send(rosa, check=lambda page: None, scripted=True)
    case = only_case()
    work_off(case)

    chen = sit("/staff/office/", width, account=town.officer_chen, language="zh-hans", zone="Asia/Shanghai")
    assert chen.get_by_text(case.reference).first.is_visible()
    sound(chen)
    by = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    make(
        chen, home, case, "one_time_notice", missing="travel_record", supplement_by=by, note="请补出入境记录"
    )
    work_off(case)

    track(rosa, home, case)
    assert rosa.get_by_text("travel_record").count() == 0
    supplement(rosa, home, case)
    make(chen, home, case, "accept")
    make(chen, home, case, "consult")

    wu = sit("/staff/", width, account=town.police_wu, language="zh-hans", zone="Asia/Shanghai")
    make(wu, home, case, "opinion", opinion="agree", opinion_reasons="无不同意见")
    make(chen, home, case, "audit", finding="grant", finding_reasons="符合条件")
    zhou = sit("/staff/", width, account=town.city_head, language="zh-hans", zone="Asia/Shanghai")
    make(zhou, home, case, "city_takes")
    make(zhou, home, case, "approve")
    today = datetime.now(UTC).date().isoformat()
    make(zhou, home, case, "issue_permit", permit_number="粤侨定2026001", issued_on=today)
    household = sit("/staff/", width, account=lei, language="zh-hans", zone="Asia/Shanghai")
    make(household, home, case, "register", registered_on=today)
    work_off(case)

    rate(rosa, home, case)
    liang = sit("/staff/figures/", width, account=town.city_head, language="zh-hans", zone="Asia/Shanghai")
    sound(liang)
    go_on(liang, "a:has-text('办结') >> nth=0")
    assert liang.get_by_text(case.reference).first.is_visible()
    with acting(SYSTEM, epoch=now_epoch()):
        done = Case.objects.get()
        assert (done.outcome, done.rating, done.on_time) == ("settled", 5, True)


def track(page: Page, home: str, case: Case) -> None:
    """Find the case again on another day: reference, code from the mail, the case's page."""
    page.context.clear_cookies(name="session")
    page.goto(f"{home}/track/?reference={case.reference}")
    sound(page)
    go_on(page)
    work_off(case)
    letters = [letter for letter in mail.recent(20) if re.search(r"\b\d{6}\b", letter.body)]
    found = re.search(r"\b(\d{6})\b", letters[0].body)
    assert found
    page.fill("input[name=code]", found.group(1))
    page.press("input[name=code]", "Enter")
    page.wait_for_url(f"**/cases/{case.reference}/")
    sound(page)


def supplement(page: Page, home: str, case: Case) -> None:
    """Bring what the notice asked for."""
    page.goto(f"{home}/cases/{case.reference}/steps/supplement/")
    sound(page)
    box = page.locator("input[type=file]").first
    box.set_input_files([{"name": "entradas.jpg", "mimeType": "image/jpeg", "buffer": photograph().read()}])
    go_on(page, "main form .govuk-button-group button >> nth=0")
    assert page.locator(".govuk-error-summary").count() == 0, page.locator("main").inner_text()
    with acting(SYSTEM, epoch=now_epoch()):
        assert Case.objects.get().state == "supplemented"


def rate(page: Page, home: str, case: Case) -> None:
    """Say how it went."""
    page.goto(f"{home}/cases/{case.reference}/")
    sound(page)
    page.goto(f"{home}/cases/{case.reference}/rating/")
    sound(page)
    page.check("input[name=rating][value='5']")
    go_on(page)
