"""What is wrong with a page that a browser shows: the one way in which all tests of pages look at them."""

from pathlib import Path

from playwright.sync_api import Error, Page

AXE = (Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# Only what is wrong comes back: the whole of axe's report is a hundred times that, and slow to carry over.
ASK = """(rules) => axe.run(document, {rules, resultTypes: ['violations']}).then(seen =>
  seen.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}`)))"""
RULES = {"target-size": {"enabled": True}}
WIDTHS = (390, 1280)
STRICT = RULES | {"color-contrast-enhanced": {"enabled": True}}
# What is pressed: its own box, or its label. Links inside a sentence are exempt (WCAG 2.5.5); what is hidden from
# readers is there for the Enter key alone.
SMALL = """() =>
  [...document.querySelectorAll('a[href],button,summary,input:not([type=hidden]),select,textarea')]
  .filter(e => e.offsetParent !== null && !e.closest('p,.govuk-details__text'))
  .filter(e => !e.matches('.govuk-skip-link, [aria-hidden=true]'))
  .map(e => (e.matches('[type=checkbox],[type=radio]') && e.closest('label')) || e)
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, b]) => b.height < 43.5 || b.width < 43.5)
  .map(([e, b]) => `small: ${e.className} ${e.textContent.trim().slice(0, 12)} ${b.width}x${b.height}`)"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['sideways'] : []"


def wrong(page: Page) -> list[str]:
    """What is wrong with the page on a phone and on a desk; afterwards it is as wide as it was."""
    was, said = page.viewport_size, []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        said += [f"{width} px: {one}" for one in looked_at(page, RULES)]
    if was:
        page.set_viewport_size(was)
    return said


def flaws(page: Page) -> list[str]:
    """What is wrong with the page as wide as it is, with the contrast of WCAG AAA, as public pages have it."""
    return looked_at(page, STRICT)


def looked_at(page: Page, rules: dict[str, dict[str, bool]]) -> list[str]:
    """What axe finds, what is too small to press (44 pixels), and whether the page must be pushed sideways."""
    return [f"{page.url} {one}" for one in faults(page, rules) + page.evaluate(SMALL) + page.evaluate(WIDER)]


def faults(page: Page, rules: dict[str, dict[str, bool]]) -> list[str]:
    """What axe finds on the page once it is there.

    A click that leads on may be answered while axe still reads the page before: then the next one is read.
    """
    page.wait_for_load_state()
    try:
        return asked(page, rules)
    except Error:
        page.wait_for_load_state()
        return asked(page, rules)


def asked(page: Page, rules: dict[str, dict[str, bool]]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(ASK, rules)
    return found
