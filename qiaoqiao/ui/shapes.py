"""States as word and shape, and the outline icons; nothing here is told by colour alone."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = Path(__file__).parent / "static" / "vendor" / "icons"
STATES = {
    "soon": '<path d="M3 1h10M3 15h10M4.5 1c0 4 7 5.5 7 7s-7 3-7 7M11.5 1c0 4-7 5.5-7 7s7 3 7 7"'
    ' fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "overdue": '<path d="M8 1 15.5 14.5H.5z" fill="currentColor"/>',
    "done": '<path d="m2 8.5 4 4.5 8-10" fill="none" stroke="currentColor" stroke-width="2.6"/>',
    "paused": '<path d="M4.5 2v12M11.5 2v12" stroke="currentColor" stroke-width="3.2"/>',
    "active": '<circle cx="8" cy="8" r="5.5" fill="currentColor"/>',
    "waiting": '<circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "provisional": '<path d="M2 13h.1M6 13h.1M10 13h.1M14 13h.1" stroke="currentColor" stroke-width="2.6"'
    ' stroke-linecap="round"/><path d="M4 9.5 8 2l4 7.5z" fill="none" stroke="currentColor"/>',
    "night": '<path d="M14 9.8A6.5 6.5 0 1 1 6.2 2a5.2 5.2 0 0 0 7.8 7.8z" fill="currentColor"/>',
    "plain": "",
}


def shape(state: str) -> SafeString:
    """Return the small drawing of a state; raises KeyError for a state that has none."""
    drawing = STATES[state]
    if not drawing:
        return mark_safe("")
    return mark_safe(
        f'<svg class="qq-shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{drawing}</svg>'
    )


def tag(words: str, state: str) -> SafeString:
    return format_html('<strong class="qq-tag qq-tag--{}">{}{}</strong>', state, shape(state), words)


@cache
def icon_paths(name: str) -> str | None:
    """Return the drawing inside an icon's file, or None when the front end is not built or has none such."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        return None
    file = ICONS / f"{name}.svg"
    if not file.exists():
        return None
    inside = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(), re.DOTALL)
    return " ".join(inside.group(1).split()) if inside else None


def icon(name: str) -> SafeString:
    """Return an outline icon in the text's colour; nothing when it is missing, the words beside it stand."""
    paths = icon_paths(name)
    if paths is None:
        return mark_safe("")
    return mark_safe(
        '<svg class="qq-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{paths}</svg>'
    )
