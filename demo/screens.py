"""`python -m demo.screens --port 8000`: takes the main pages of a running demo into docs/screens/.

It goes through the pages as people do and reads no database: one request is filed from Caracas, an officer asks
for what is missing, and in the end the request is withdrawn, so that the demo's queues stay as they were.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

SCREENS = Path(__file__).parents[1] / "docs" / "screens"
WIDEST, HEAVIEST = 1280, 300_000
PHONE, DESKTOP = (390, 844), (1280, 900)
CLERK, HEAD = "黄志雄", "梁静云"
SEND = "main form button[type=submit]:visible >> nth=-1"
CONFIRM = "main button[value=confirm]"
MISSING = ("application_form", "photo", "residence_proof")
MESSAGE = "Buenos días. ¿Puedo enviar la apostilla de Venezuela, o hace falta el consulado?"
NOTE = "照片请用近六个月的白底免冠照；境外居留证明可用附加证明书（Apostille）。"
CHROMIUM = Path("/usr/bin/chromium")
MOST_DAYS = 95
LOOKED_AT = 8


class Walk:
    """One visit: takes pictures under `docs/screens/`, and goes from page to page."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base

    @contextmanager
    def visitor(self, size: tuple[int, int], language: str, locale: str) -> Iterator[Page]:
        """A browser of somebody's own, on a phone in Caracas or at a desk in China."""
        phone = size == PHONE
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=2 if phone else 1,
            timezone_id="America/Caracas" if phone else "Asia/Shanghai",
            locale=locale,
        )
        page = context.new_page()
        page.goto(f"{self.base}/?lang={language}")
        yield page
        context.close()

    def open(self, page: Page, path: str) -> None:
        answer = page.goto(self.base + path)
        if answer is None or not answer.ok:
            raise SystemExit(f"{path} answers {answer.status if answer else 'nothing'}.")

    def go(self, page: Page, control: str = SEND) -> None:
        with page.expect_navigation():
            page.click(control)

    def sign_in(self, page: Page, name: str) -> None:
        self.open(page, "/staff/sign-in/")
        with page.expect_navigation():
            page.locator("main form", has_text=name).locator("button").first.click()

    def take(self, page: Page, name: str, *, height: int = 0) -> None:
        """Keep what the page shows; `height` in CSS pixels where more than the first screen is wanted."""
        size = page.viewport_size
        assert size is not None
        page.set_viewport_size({"width": size["width"], "height": height or size["height"]})
        page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
        page.wait_for_timeout(300)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        page.set_viewport_size(size)
        keep(picture, SCREENS / f"{name}.png")


def keep(picture: Image.Image, target: Path) -> None:
    """Write a picture small enough for a page of documentation: fewer colours, then fewer dots."""
    if picture.width > WIDEST:
        picture = picture.resize((WIDEST, picture.height * WIDEST // picture.width), Image.Resampling.LANCZOS)
    for scale in (1.0, 0.85, 0.7, 0.5):
        smaller = picture.resize(
            (int(picture.width * scale), int(picture.height * scale)), Image.Resampling.LANCZOS
        )
        smaller.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= HEAVIEST:
            break
    typer.echo(f"{target.name}  {smaller.width} x {smaller.height}  {target.stat().st_size // 1000} KB")


# --- the person in Caracas ------------------------------------------------------------------------


def photograph(name: str) -> FilePayload:
    """A picture that stands for a paper."""
    made = io.BytesIO()
    Image.new("RGB", (900, 600), "#b9c4d0").save(made, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}


def look_around(walk: Walk) -> None:
    with walk.visitor(PHONE, "zh-hans", "zh-CN") as page:
        walk.take(page, "home-phone")
        walk.open(page, "/services/settlement/")
        walk.take(page, "service-phone", height=1100)


def fill_in(walk: Walk, page: Page) -> str:
    """File a request to settle, as Rosa would in Spanish, and return its reference."""
    walk.open(page, "/services/settlement/")
    walk.go(page, "#start button")
    page.check("#id_filing_for_0")
    page.fill("#id_name", "陈玉莲")
    page.select_option("#id_country", "VE")
    page.fill("#id_email", "rosa.chen@example.org")
    page.select_option("#id_identity_kind", "passport")
    page.fill("#id_identity_number", "E12345678")
    walk.go(page)
    page.select_option("#id_nationality", "CN")
    page.select_option("#id_residence_country", "VE")
    page.check("#id_residence_right_0")
    page.check("#id_study_or_official_1")
    for part, typed in (("day", "6"), ("month", "5"), ("year", "2001")):
        page.fill(f"#id_resident_since_{part}", typed)
    page.fill("#id_stay_months_2y", "22")
    walk.take(page, "form-phone", height=1100)
    walk.go(page)
    page.check("#id_household_state_2")
    walk.go(page)
    page.check("#id_settle_kind_0")
    page.select_option("#id_place", "440781")
    page.fill("#id_address", "端芬镇侨兴路8号")
    walk.go(page)
    page.fill("#id_continuous_days", "100")
    page.fill("#id_days_in_6_months", "100")
    page.check("#id_housing_1")
    page.check("#id_livelihood_2")
    page.check("#id_applied_by_0")
    walk.go(page)
    with page.expect_navigation():
        page.set_input_files("#file_passport", [photograph("pasaporte.jpg")])
    walk.go(page, "button[name=continue]")
    page.check("#id_consent")
    page.check("#id_consent_sensitive")
    walk.go(page)
    walk.take(page, "receipt-phone", height=1100)
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def prove(walk: Walk, page: Page, reference: str) -> None:
    """Open the request with the code from the demo's mailbox, and write to the office."""
    walk.open(page, "/track/")
    page.fill("input[name=reference]", reference)
    walk.go(page)
    code_page = page.url
    walk.open(page, f"/demo/mailbox/?ref={reference}")
    found = re.search(r"\b(\d{6})\b", page.inner_text("main"))
    assert found, "no code in the mailbox"
    page.goto(code_page)
    page.fill("#id_code", found[1])
    walk.go(page, "main form:has(#id_code) button")
    walk.open(page, f"/cases/{reference}/messages/")
    page.fill("main textarea", MESSAGE)
    walk.go(page)


def read_what_is_wanted(walk: Walk, page: Page, reference: str) -> None:
    walk.open(page, f"/cases/{reference}/")
    walk.take(page, "case-person-phone", height=1360)
    walk.go(page, "main a[href*='/notices/'] >> nth=0")
    walk.take(page, "notice-phone", height=1180)


def withdraw(walk: Walk, page: Page, reference: str) -> None:
    walk.open(page, f"/cases/{reference}/steps/withdraw/")
    walk.go(page, "main form button.govuk-button >> nth=0")


# --- the offices ----------------------------------------------------------------------------------


def give_the_notice(walk: Walk, page: Page, reference: str) -> None:
    """The officer looks at the request and tells everything that is missing, once."""
    walk.open(page, f"/staff/cases/{reference}/")
    walk.take(page, "case-staff-desktop", height=1100)
    walk.open(page, f"/staff/cases/{reference}/moves/one_time_notice/")
    for paper in MISSING:
        page.check(f"input[name=missing][value={paper}]")
    year, month, day = in_a_month(page)
    for part, typed in (("day", day), ("month", month), ("year", year)):
        page.fill(f"#id_supplement_by_{part}", typed)
    page.fill("#id_note", NOTE)
    walk.go(page, "button[value=preview] >> nth=-1")
    walk.take(page, "move-desktop", height=1000)
    walk.go(page, CONFIRM)


def in_a_month(page: Page) -> tuple[str, str, str]:
    """Year, month and day thirty days from now."""
    then: str = page.evaluate("new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10)")
    year, month, day = then.split("-")
    return year, str(int(month)), str(int(day))


def look_at_the_queue(walk: Walk, page: Page) -> None:
    walk.open(page, "/staff/office/")
    walk.take(page, "queue-desktop")
    walk.open(page, "/staff/intake/?service=petition")
    walk.take(page, "intake-desktop", height=1000)
    walk.open(page, richest_date(walk, page))
    walk.take(page, "date-reached-desktop", height=1000)


def richest_date(walk: Walk, page: Page) -> str:
    """The date in this office's queue whose calendar has most to tell, within what a screen holds."""
    walk.open(page, "/staff/office/")
    rows = page.locator("table [data-row] a[href*='/cases/']")
    cases = {rows.nth(at).get_attribute("href") or "" for at in range(rows.count())}
    told: dict[str, tuple[int, int]] = {}
    for case in sorted(cases)[:LOOKED_AT]:
        walk.open(page, case)
        links = page.locator("main a[href*='/dates/']")
        for href in {links.nth(at).get_attribute("href") or "" for at in range(links.count())}:
            walk.open(page, href)
            told[href] = what_a_calendar_tells(page)
            walk.open(page, case)
    fitting = {href: told[href] for href in told if told[href][1] <= MOST_DAYS}
    return max(fitting or told, key=lambda href: told[href])


def what_a_calendar_tells(page: Page) -> tuple[int, int]:
    """How many kinds of days the page explains, and how many days it shows."""
    return page.locator(".qq-legend li").count(), page.locator("td.qq-cell:not(.qq-cell--none)").count()


def look_at_the_figures(walk: Walk) -> None:
    with walk.visitor(DESKTOP, "zh-hans", "zh-CN") as page:
        walk.sign_in(page, HEAD)
        walk.open(page, "/staff/figures/")
        walk.take(page, "figures-desktop", height=1000)


AREAS = {
    "affairs-desktop": "/staff/affairs/",
    "network-coverage-desktop": "/staff/network/coverage/",
    "meetings-desktop": "/staff/meetings/",
    "pools-desktop": "/staff/pools/",
    "appointments-day-desktop": "/staff/appointments/",
    "fund-desktop": "/staff/fund/",
}
"""What an office arranges around its cases, as its head sees it."""
PUBLIC = {
    "event-phone": "/events/move_home/",
    "questions-phone": "/questions/?q=%E6%88%91%E6%83%B3%E6%81%A2%E5%A4%8D%E4%B8%AD%E5%9B%BD%E5%9B%BD%E7%B1%8D",
    "appointments-phone": "/appointments/",
    "near-phone": "/near/?place=440781",
}


def look_at_the_areas(walk: Walk) -> None:
    with walk.visitor(DESKTOP, "zh-hans", "zh-CN") as page:
        walk.sign_in(page, HEAD)
        for name, path in AREAS.items():
            walk.open(page, path)
            walk.take(page, name, height=1000)
    with walk.visitor(PHONE, "zh-hans", "zh-CN") as page:
        for name, path in PUBLIC.items():
            walk.open(page, path)
            walk.take(page, name, height=1100)


def take_all(port: Annotated[int, typer.Option(help="Where the demo is served.")] = 8000) -> None:
    """Take the main pages of a running demo into docs/screens/."""
    base = f"http://127.0.0.1:{port}"
    try:
        urlopen(f"{base}/demo/mailbox/").close()
    except URLError as why:
        raise SystemExit(f"No demo answers at {base} ({why}). Start it with `make demo`.") from why
    SCREENS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        executable = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        walk = Walk(browser, base)
        look_around(walk)
        look_at_the_figures(walk)
        look_at_the_areas(walk)
        with (
            walk.visitor(DESKTOP, "zh-hans", "zh-CN") as desk,
            walk.visitor(PHONE, "es", "es-VE") as phone,
        ):
            walk.sign_in(desk, CLERK)
            look_at_the_queue(walk, desk)
            reference = fill_in(walk, phone)
            prove(walk, phone, reference)
            give_the_notice(walk, desk, reference)
            read_what_is_wanted(walk, phone, reference)
            withdraw(walk, phone, reference)
        browser.close()


if __name__ == "__main__":
    typer.run(take_all)
