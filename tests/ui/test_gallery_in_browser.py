"""The gallery in a real browser: reachable, readable, light, and usable without script."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Page, expect

from tests.eyes import flaws

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
PAGES = [
    "/",
    "/gallery/public/",
    "/gallery/public/?broken",
    "/gallery/staff/?broken",
    "/gallery/queue/",
    "/nowhere/",
]


@pytest.mark.parametrize("view", ["normal", "large"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_within_reach_at_every_width(open_page: Opener, path: str, view: str) -> None:
    """No axe violation, nothing to press under 44 pixels, nothing that scrolls sideways (320 px is 400 %)."""
    page = open_page(path, 390, view=view)
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert flaws(page) == [], width


@pytest.mark.parametrize("language", ["zh-hant", "en", "es", "pt"])
def test_every_language_is_within_reach_on_a_phone(open_page: Opener, language: str) -> None:
    page = open_page("/gallery/public/", 320, language=language, view="large")
    assert flaws(page) == []


def test_main_controls_are_60_pixels_in_large_print(open_page: Opener) -> None:
    page = open_page("/gallery/public/", 390, view="large")
    controls = ".govuk-button, .govuk-input, .govuk-select, .qq-tool:not([hidden])"
    heights = page.eval_on_selector_all(controls, "all => all.map(e => e.offsetHeight)")
    assert min(heights) >= 60


@pytest.mark.parametrize(("view", "size"), [("normal", "18px"), ("large", "24px")])
def test_text_is_as_large_as_promised(open_page: Opener, view: str, size: str) -> None:
    page = open_page("/gallery/public/", view=view)
    shown = page.eval_on_selector("#main p", "e => getComputedStyle(e).fontSize")
    assert abs(float(shown[:-2]) - float(size[:-2])) < 0.1


@pytest.mark.parametrize("path", PAGES)
def test_no_text_is_smaller_than_16_pixels(open_page: Opener, path: str) -> None:
    small = """() => [...document.querySelectorAll('body *')].filter(e => e.offsetParent !== null
      && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
      && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.className || e.tagName)"""
    assert open_page(path, 390).evaluate(small) == []


def test_a_public_page_weighs_less_than_200_kilobytes(open_page: Opener, reader: Client) -> None:
    page = open_page("/gallery/public/", 390)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)")
    files = {name for name in loaded if name.startswith("/static/")}
    assert not [name for name in files if "moj" in name or "echarts" in name]
    weight = sum(
        len(gzip.compress(Path(found).read_bytes())) for name in files if (found := finders.find(name[8:]))
    )
    html = reader.get("/").content
    assert len(files) >= 6
    assert len(html) < 40 * 1024
    assert weight + len(gzip.compress(html)) < 200 * 1024


def test_the_browser_tells_its_time_zone_once(open_page: Opener) -> None:
    page = open_page("/gallery/public/", zone="America/Lima")
    page.reload()
    expect(page.locator("body")).to_contain_text("利马")


def test_a_form_is_sent_once_and_says_so(open_page: Opener) -> None:
    page = open_page("/gallery/public/")
    page.evaluate("addEventListener('submit', e => e.preventDefault())")
    button = page.locator("form[method=post] button").first
    button.click()
    assert "正在提交" in button.inner_text()
    prevented = page.evaluate("""() => { const f = document.querySelector('form[method=post]');
      return !f.dispatchEvent(new SubmitEvent('submit', {cancelable: true, bubbles: true})); }""")
    assert prevented
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert "提交申请" in button.inner_text()
    assert not page.evaluate("document.querySelector('form[method=post]').dataset.sent")


def test_staff_pages_have_keyboard_paths(open_page: Opener) -> None:
    page = open_page("/gallery/queue/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("j")
    assert page.input_value("#search") == "j"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "QQ26-2F8T-4C"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "QQ26-7K3M-9P"
    page.keyboard.press("?")
    assert page.evaluate("document.getElementById('keys').open")
    page.check("#keys-off")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"
    page.evaluate("document.getElementById('keys-open').click()")
    page.uncheck("#keys-off")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/staff/new/")


def test_the_language_menu_opens_by_keyboard_and_escape_closes_it(open_page: Opener) -> None:
    page = open_page("/", 390)
    page.locator("summary.qq-tool").focus()
    page.keyboard.press("Enter")
    assert page.locator(".qq-menu__list").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".qq-menu__list").is_visible()


def test_language_and_print_size_change_without_script(open_page: Opener) -> None:
    page = open_page("/", 390, script=False)
    page.locator("summary.qq-tool").click()
    page.get_by_text("Español").click()
    assert page.get_attribute("html", "lang") == "es"
    page.get_by_text("Letra grande").click()
    assert "qq-large" in (page.get_attribute("html", "class") or "")
    assert page.url.endswith("/")
    assert "?" not in page.url


def test_the_first_stop_of_the_keyboard_skips_to_the_text(open_page: Opener) -> None:
    page = open_page("/gallery/public/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_focus_is_a_dark_ring_on_yellow(open_page: Opener) -> None:
    page = open_page("/gallery/public/")
    page.locator("form[method=post] button").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    ring = page.evaluate(
        "(s => [s.outlineColor, s.outlineWidth, s.boxShadow])(getComputedStyle(document.activeElement))"
    )
    assert ring[:2] == ["rgb(29, 29, 27)", "3px"]
    assert "rgb(255, 221, 0)" in ring[2]


def test_the_page_can_be_read_aloud_paragraph_by_paragraph(open_page: Opener) -> None:
    page = open_page("/nowhere/", 390)
    page.evaluate("window.said = []; speechSynthesis.speak = u => said.push([u.text, u.rate, u.lang]); 0")
    page.click("#aloud-open")
    page.click("[data-aloud=forward]")
    page.select_option("[data-aloud=rate]", "0.6")
    said = page.evaluate("said")
    assert said[0] == ["没有找到这个页面", 1, "zh-CN"]
    assert said[1][0].startswith("可能是地址少抄")
    assert said[-1][1] == pytest.approx(0.6)
    page.click("[data-aloud=close]")
    assert page.evaluate("document.activeElement.id") == "aloud-open"


def test_scripts_run_under_the_content_security_policy(open_page: Opener) -> None:
    page = open_page("/gallery/staff/?broken")
    blocked: list[str] = []
    page.on("console", lambda line: blocked.append(line.text) if line.type == "error" else None)
    page.reload()
    page.wait_for_function("document.body.classList.contains('govuk-frontend-supported')")
    page.wait_for_timeout(300)
    assert blocked == []
    assert page.evaluate("htmx.config.allowEval") is False
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
