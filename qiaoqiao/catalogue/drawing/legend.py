"""Beside the picture: what the signs mean, moves possible in several states, and every limit."""

from collections.abc import Iterator

from django.utils.translation import gettext

from qiaoqiao.catalogue.drawing.board import (
    FAINT,
    STAGE_COLOUR,
    Board,
    Box,
    amount,
    details,
    numbers,
    stage_word,
)
from qiaoqiao.catalogue.drawing.svg import INK, arrowhead, state_box, tag, text_lines
from qiaoqiao.catalogue.drawing.text import Line, wrap
from qiaoqiao.catalogue.entry import Entry, Limit, Stage, words
from qiaoqiao.catalogue.rules import FILED, PERSON, PROMISE_KEPT, PROMISED

COLUMN = 360.0
_GUTTER = 34.0
_SIZE = 12.5
_BETWEEN = 13.0

Card = list[Line]


def cards(entry: Entry, board: Board, language: str) -> list[Card]:
    """What the panel says, in pieces that stay whole."""
    found: list[Card] = []
    number = numbers(entry)
    for place, move in enumerate(board.elsewhere):
        card = [] if place else _heading(gettext("在几个状态都可以办"))
        origins = "".join(number[state] for state in dict.fromkeys(move.from_))
        sign = f"→ {number[move.to]}" if move.to else "↻"
        card.append(Line(f"{sign} {words(move.name, language)}", 14, bold=True))
        card.append(Line(gettext("可在：%(states)s") % {"states": origins}, _SIZE, colour=FAINT))
        found.append(card + [Line(detail, _SIZE, colour=FAINT) for detail in details(entry, move, language)])
    for place, limit in enumerate(entry.limits):
        card = [] if place else _heading(gettext("全部期限"))
        found.append(card + list(_limit(entry, limit, language)))
    return [[row for line in card for row in wrap(line, COLUMN) or [line]] for card in found]


def _heading(text: str) -> Card:
    return [Line(text, 17, bold=True), Line(" ", 4)]


def _limit(entry: Entry, limit: Limit, language: str) -> Iterator[Line]:
    lasts = amount(limit)
    if limit.extension and limit.amount != 0:
        lasts += gettext("（可延长 %(most)s）") % {"most": limit.extension.most}
    yield Line(
        gettext("%(limit)s：%(amount)s") % {"limit": words(limit.name, language), "amount": lasts},
        14,
        bold=True,
    )
    either = gettext("，或")
    bound = gettext("申请人") if limit.binds == PERSON else words(entry.seats[limit.binds].name, language)
    yield Line(gettext("约束：%(who)s") % {"who": bound}, _SIZE, colour=FAINT)
    for text, events in ((gettext("自：%(events)s"), limit.starts), (gettext("到：%(events)s"), limit.ends)):
        said = either.join(dict.fromkeys(event(entry, each, language) for each in events))
        yield Line(text % {"events": said}, _SIZE, colour=FAINT)
    law = f"{entry.sources[limit.law.source].title} {limit.law.article}".strip()
    yield Line(gettext("依据：%(law)s") % {"law": law}, _SIZE, colour=FAINT)


def event(entry: Entry, name: str, language: str) -> str:
    """An event in words: “收到申请”, “同意”, “通知书送达”."""
    if name == FILED:
        return gettext("收到申请")
    if name in (PROMISED, PROMISE_KEPT):
        return gettext("承诺补交材料") if name == PROMISED else gettext("补齐承诺的材料")
    kind, _, what = name.partition(":")
    if kind == "move":
        return words(entry.move(what).name, language)
    if kind == "served":
        return gettext("%(paper)s送达") % {"paper": words(entry.notices[what].title, language)}
    office = {"office": words(entry.seats[what].name, language)}
    return {
        "offered": gettext("%(office)s收到来件"),
        "accepted": gettext("%(office)s接收"),
        "declined": gettext("%(office)s退回"),
        "answered": gettext("%(office)s答复"),
    }[kind] % office


def panel(
    entry: Entry, board: Board, language: str, left: float, top: float, room: float
) -> tuple[list[str], float, float]:
    """Draw the panel in columns `room` pixels high; the drawn parts, the width and the height taken."""
    drawn, y = _signs(left, top)
    x, lowest = left, y
    for card in cards(entry, board, language):
        height = sum(line.height for line in card)
        if y + height > top + room and y > top:
            x, y = x + COLUMN + _GUTTER, top
        drawn += text_lines(card, x, y)
        y += height + _BETWEEN
        lowest = max(lowest, y)
    return drawn, x + COLUMN - left, lowest - top


def _signs(left: float, top: float) -> tuple[list[str], float]:
    """The key to the signs; the drawn parts and where they end."""
    drawn = list(text_lines(_heading(gettext("图例")), left, top))
    x, y = left, top + 34
    for stage in Stage:
        box = Box([Line(stage_word(stage), 12, bold=True, colour=STAGE_COLOUR[stage][1])])
        box.fit()
        if x + box.width > left + COLUMN:
            x, y = left, y + box.height + 8
        box.x, box.y = x + box.width / 2, y
        drawn += state_box(box, stage)
        x += box.width + 8
    y += 54
    for dashes, meaning in (
        ("none", gettext("实线：往前走一步")),
        ("8 4", gettext("长虚线：退回前面的状态")),
        ("2 4", gettext("点线：到期没有人办，依法发生")),
    ):
        line = f"M{left + 6:.1f} {y:.1f}v14"
        drawn.append(tag("path", d=line, stroke=INK, stroke_width=1.6, stroke_dasharray=dashes))
        drawn.append(arrowhead(left + 6, y + 22))
        rows = wrap(Line(meaning, _SIZE), COLUMN - 22)
        drawn += text_lines(rows, left + 22, y + 1)
        y += max(28, sum(row.height for row in rows) + 8)
    for meaning in (
        gettext("↻ 办了以后状态不变"),
        gettext("→ 从这里直接到所标号码的状态"),
        gettext("期限：办这一步的人必须在这个时间内办"),
    ):
        rows = wrap(Line(meaning, _SIZE), COLUMN)
        drawn += text_lines(rows, left, y)
        y += sum(row.height for row in rows) + 2
    return drawn, y + _BETWEEN


def heading(entry: Entry, language: str, left: float, top: float, most: float) -> tuple[list[str], float]:
    """Name and edition; the drawn parts and the height they take."""
    edition = gettext("第 %(edition)s 版，自 %(since)s 起施行") % {
        "edition": entry.edition,
        "since": entry.since.isoformat(),
    }
    rows = wrap(Line(words(entry.name, language), 26, bold=True), most)
    rows += wrap(Line(edition, 13, colour=FAINT), most)
    return list(text_lines(rows, left, top)), sum(row.height for row in rows)
