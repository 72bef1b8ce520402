"""The whole filing in a real browser: from Caracas in Spanish on a phone, with script and without."""

import gzip
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from tests.eyes import flaws
from tests.portal.forms import photograph

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
SEND = "main form button[type=submit]:visible >> nth=-1"


def sound(page: Page) -> None:
    """Within everybody's reach."""
    assert flaws(page) == []


def go_on(page: Page, control: str = SEND) -> None:
    with page.expect_navigation():
        page.click(control)


def fill(page: Page, *, check: Callable[[Page], None], scripted: bool) -> None:
    """Fill every page of questions in; `check` looks at each."""
    check(page)
    go_on(page)
    assert page.locator(".govuk-error-summary").is_visible()
    check(page)
    page.check("#id_filing_for_0")
    page.fill("#id_name", "陈玉莲")
    page.select_option("#id_country", "VE")
    page.fill("#id_email", "rosa@example.org")
    page.select_option("#id_identity_kind", "passport")
    page.fill("#id_identity_number", "E12345678")
    go_on(page)
    page.select_option("#id_nationality", "CN")
    page.select_option("#id_residence_country", "VE")
    assert page.locator("#id_stay_months_2y").is_hidden()
    page.check("#id_residence_right_0")
    page.check("#id_study_or_official_1")
    if not scripted:
        go_on(page)  # without script the new questions come with the next page
        assert page.locator(".govuk-error-summary").count() == 0
    assert page.locator("#id_stay_months_2y").is_visible()
    for part, typed in (("day", "6"), ("month", "5"), ("year", "2001")):
        page.fill(f"#id_resident_since_{part}", typed)
    page.fill("#id_stay_months_2y", "22")
    check(page)
    go_on(page)
    page.check("#id_household_state_2")
    go_on(page)
    page.check("#id_settle_kind_0")
    page.select_option("#id_place", "440781")
    page.fill("#id_address", "端芬镇侨兴路8号")
    check(page)
    go_on(page)
    page.fill("#id_continuous_days", "100")
    page.fill("#id_days_in_6_months", "100")
    page.check("#id_housing_1")
    page.check("#id_livelihood_2")
    page.check("#id_applied_by_0")
    go_on(page)


def bring_and_send(page: Page, *, check: Callable[[Page], None], scripted: bool) -> None:
    picture = photograph()
    file: Any = {"name": "pasaporte.jpg", "mimeType": "image/jpeg", "buffer": picture.read()}
    wrong: Any = {"name": "foto.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a picture"}
    for field, chosen in (("#file_passport", file), ("#file_photo", wrong)):
        if scripted:
            with page.expect_navigation():
                page.set_input_files(field, [chosen])
        else:
            page.set_input_files(field, [chosen])
            go_on(page, "button[name=upload]")
    assert page.get_by_text("pasaporte.jpg", exact=True).is_visible()
    assert page.locator("#paper-photo .govuk-error-message").is_visible()
    check(page)
    go_on(page, "button[name=continue]")
    check(page)
    page.check("#id_consent")
    page.check("#id_consent_sensitive")
    go_on(page)
    assert urlsplit(page.url).path.startswith("/receipt/QQ")
    check(page)


@pytest.mark.parametrize("view", ["normal", "large"])
def test_rosa_files_from_caracas_in_spanish_on_her_phone(open_page: Opener, view: str) -> None:
    page = open_page("/", 390, language="es", view=view)
    sound(page)
    page.fill("#q", "quiero volver a vivir en mi pueblo")
    with page.expect_navigation():
        page.press("#q", "Enter")
    sound(page)
    go_on(page, ".qq-hit a[href='/services/settlement/']")
    for answer in ("#ask-chinese", "#ask-permanent", "#ask-for_good"):
        page.check(answer)
        go_on(page, ".qq-steering button")
    assert page.get_by_text("Sí, puede hacer este trámite").is_visible()
    sound(page)
    go_on(page, "#start button")
    fill(page, check=sound, scripted=True)
    bring_and_send(page, check=sound, scripted=True)
    assert page.get_by_text("Recibimos su solicitud").is_visible()
    assert page.get_by_text("Caracas").first.is_visible()
    go_on(page, ".qq-dates a")
    sound(page)


def test_the_same_works_without_script(open_page: Opener) -> None:
    page = open_page("/services/settlement/", 390, language="es", script=False)
    go_on(page, "#start button")
    page.select_option("#id_timezone", "America/Caracas")
    fill(page, check=lambda page: None, scripted=False)
    bring_and_send(page, check=lambda page: None, scripted=False)
    assert page.get_by_text("Recibimos su solicitud").is_visible()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "path",
    ["/", "/find/?q=nada", "/services/", "/services/settlement/", "/services/settlement/dates/correction/",
     "/services/settlement/picture/", "/offices/?place=440781", "/about/", "/privacy/", "/accessibility/"],
)  # fmt: skip
def test_every_page_is_sound_at_every_width(open_page: Opener, path: str, width: int) -> None:
    sound(open_page(path, width))


@pytest.mark.parametrize("path", ["/", "/services/settlement/", "/about/"])
def test_a_first_visit_weighs_at_most_two_hundred_kilobytes(open_page: Opener, path: str) -> None:
    page = open_page("/privacy/")
    page.context.clear_cookies()
    loaded: list[Response] = []
    page.on("response", lambda answer: loaded.append(answer))
    page.goto(f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}{path}", wait_until="networkidle")
    weight = sum(len(gzip.compress(page.request.get(one.url).body())) for one in loaded)
    assert len(loaded) >= 5
    assert weight <= 200_000
    hosts = {urlsplit(one.url).netloc for one in loaded}
    assert hosts == {urlsplit(page.url).netloc}
