"""Pictures of numbers as SVG, drawn by the server: they need no script, print as they are, and speak.

Colour never stands alone: each kind has a pattern of its own, and each picture a title and a description.
Text in them is 16 px when the picture is 360 px wide. None is a number that is not told.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 360
UNTOLD = "*"
"""Stands in a picture for a number that is not told; the legend says so."""
STUB = 10
ROW, BAR = 23, 17
MIDDLE, DIGIT = 62, 10
TALL, LABEL = 180, 26

PATTERNS = mark_safe(
    '<svg class="qq-patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="qq-plain" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<rect width="8" height="8" fill="#8f1717"/></pattern>'
    '<pattern id="qq-striped" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#e7c48c"/><rect width="2.5" height="6" fill="#8a5a12"/></pattern>'
    '<pattern id="qq-untold" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#fff"/><circle cx="3" cy="3" r="1.2" fill="#4f4a44"/></pattern>'
    "</defs></svg>"
)
"""Put once on a page that shows any of these pictures."""


def fill(number: int | None, kind: str) -> str:
    return "url(#qq-untold)" if number is None else f"url(#qq-{kind})"


def length(number: int | None, most: int, room: float) -> float:
    """How long a bar is; what is not told has a short stub, one person is still seen."""
    if number is None:
        return STUB
    return round(max(room * number / most, 2), 1) if number and most else 0


def most_of(numbers: Sequence[int | None]) -> int:
    return max((number for number in numbers if number is not None), default=0)


def told(number: int | None) -> str:
    return UNTOLD if number is None else str(number)


def bar(number: int | None, most: int, kind: str = "plain") -> SafeString:
    """A bar for the row of a table that says its number beside it."""
    return format_html(
        '<svg class="qq-bar" viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect x="0" y="1" width="{}" height="14" fill="{}"/></svg>',
        length(number, most, 200),
        fill(number, kind),
    )


def framed(kind: str, title: str, said: str, height: int, inside: SafeString) -> SafeString:
    name = f"qq-picture-{kind}"
    return format_html(
        '<svg class="qq-picture qq-picture--{0}" viewBox="0 0 {1} {2}" role="img" focusable="false"'
        ' aria-labelledby="{3}-title {3}-said">'
        '<title id="{3}-title">{4}</title><desc id="{3}-said">{5}</desc>{6}</svg>',
        kind,
        WIDTH,
        height,
        name,
        title,
        said,
        inside,
    )


def pyramid(
    rows: Sequence[tuple[str, int | None, int | None]], *, title: str, said: str, heads: tuple[str, str]
) -> SafeString:
    """Two sides of bars back to back, the first row on top: label, number on the left, number on the right."""
    most = most_of([number for _label, *both in rows for number in both])
    room = (WIDTH - MIDDLE) / 2 - DIGIT * (len(str(most)) + 1)
    left, right = (WIDTH - MIDDLE) / 2, (WIDTH + MIDDLE) / 2
    lines = []
    for at, (label, one, other) in enumerate(rows, 1):
        top, foot = at * ROW + 3, at * ROW + 17
        first, second = length(one, most, room), length(other, most, room)
        lines.append(
            format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/><rect x="{}" y="{}" width="{}" height="{}"'
                ' fill="{}"/><text x="{}" y="{}" text-anchor="middle">{}</text><text class="qq-picture__number"'
                ' x="{}" y="{}" text-anchor="end">{}</text><text class="qq-picture__number" x="{}" y="{}">{}</text>',
                *(round(left - first, 1), top, first, BAR, fill(one, "plain")),
                *(right, top, second, BAR, fill(other, "striped")),
                *(WIDTH / 2, foot, label),
                *(round(left - first - 5, 1), foot, told(one)),
                *(round(right + second + 5, 1), foot, told(other)),
            )
        )
    top_line = format_html(
        '<text class="qq-picture__head" x="{}" y="17" text-anchor="end">{}</text>'
        '<text class="qq-picture__head" x="{}" y="17">{}</text>',
        *(left, heads[0], right, heads[1]),
    )
    inside = format_html("{}{}", top_line, mark_safe("".join(lines)))
    return framed("pyramid", title, said, (len(rows) + 1) * ROW + 4, inside)


def columns(rows: Sequence[tuple[str, int | None]], *, title: str, said: str) -> SafeString:
    """Upright bars over their labels, from left to right."""
    most = most_of([number for _label, number in rows])
    step = WIDTH / max(len(rows), 1)
    wide = min(step * 0.7, 56)
    inside = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/><text class="qq-picture__number" x="{}" y="{}"'
        ' text-anchor="middle">{}</text><text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                *(
                    round(middle - wide / 2, 1),
                    round(base - high, 1),
                    round(wide, 1),
                    high,
                    fill(number, "plain"),
                ),
                *(round(middle, 1), round(base - high - 6, 1), told(number)),
                *(round(middle, 1), base + LABEL - 6, label),
            )
            for at, (label, number) in enumerate(rows)
            for middle in [step * (at + 0.5)]
            for base in [TALL + LABEL]
            for high in [length(number, most, TALL)]
        ),
    )
    line = format_html('<path class="qq-picture__ground" d="M0 {0}.5H{1}"/>', TALL + LABEL, WIDTH)
    return framed("columns", title, said, TALL + 2 * LABEL, format_html("{}{}", inside, line))


def square(number: int | None, most: int) -> SafeString:
    """A square of a map: from one to four marks and as deep a colour, by the share of the largest."""
    level = 0 if number is None or not most else min(4, 4 * number // most + 1)
    marks = mark_safe(
        "".join(f'<rect x="{8 + 13 * at}" y="102" width="9" height="9"/>' for at in range(level))
    )
    return format_html(
        '<svg class="qq-square qq-square--{}" viewBox="0 0 120 120" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect class="qq-square__ground" width="120" height="120"{}/>{}</svg>',
        level,
        mark_safe(' fill="url(#qq-untold)"') if number is None else "",
        marks,
    )
