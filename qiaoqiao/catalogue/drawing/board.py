"""What a picture of an entry shows: a box for each state, a label for each move between two."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext, ngettext, pgettext

from qiaoqiao.catalogue.drawing.text import Line, wrap
from qiaoqiao.catalogue.entry import Entry, Limit, Move, Role, Stage, words
from qiaoqiao.catalogue.rules import LAW, PERSON, ends_with

FAINT = "#4a4a52"
PADDING = 11
_STATE_ROOM, _MOVE_ROOM = 230, 200
_LEAST_STATE = 132
_LARGE = 20
_MANY = 4


@dataclass
class Box:
    """A state, a bundle of moves, or (without lines) a point an arrow bends at."""

    lines: list[Line] = field(default_factory=list)
    state: str = ""
    width: float = 0
    height: float = 0
    x: float = 0  # of its middle
    y: float = 0  # of its top

    def fit(self, least: float = 0) -> None:
        self.width = max([least, *(line.width for line in self.lines)]) + 2 * PADDING
        self.height = sum(line.height for line in self.lines) + 2 * PADDING


@dataclass
class Arrow:
    """Moves that lead from the same states to the same state, drawn as one arrow with one label."""

    sources: list[str]
    target: str
    label: Box
    law: bool


@dataclass
class Board:
    """`elsewhere` are the moves that boxes only name; the panel beside the picture tells the rest."""

    states: dict[str, Box]
    forward: list[Arrow]
    back: list[Arrow]
    elsewhere: list[Move]


def stage_word(stage: Stage) -> str:
    return {
        Stage.RECEIVED: pgettext("stage", "收件"),
        Stage.WAITING: pgettext("stage", "等申请人"),
        Stage.WORKING: pgettext("stage", "办理"),
        Stage.DONE: pgettext("stage", "办结"),
    }[stage]


STAGE_COLOUR = {
    Stage.RECEIVED: ("#e7f0fa", "#174f86"),
    Stage.WAITING: ("#fff3d9", "#7a4b00"),
    Stage.WORKING: ("#eaf5ea", "#1c5c2c"),
    Stage.DONE: ("#f1f0f4", "#3f3a4d"),
}


def circled(number: int) -> str:
    """①, ② … as far as there are such characters."""
    for last, zero in ((20, 0x245F), (35, 0x323C), (50, 0x328D)):
        if number <= last:
            return chr(zero + number)
    return f"({number})"


def numbers(entry: Entry) -> dict[str, str]:
    """A number for each state, the starting one first, the others as the file lists them."""
    ordered = sorted(entry.states, key=lambda state: state != entry.start)
    return {state: circled(number) for number, state in enumerate(ordered, 1)}


def actor(entry: Entry, move: Move, language: str) -> str:
    """Who makes a move, with the roles when not every officer may."""
    if move.seat == PERSON:
        return gettext("申请人")
    if move.seat == LAW:
        return gettext("依法（到期自动）")
    seat = words(entry.seats[move.seat].name, language)
    names = {Role.CLERK: gettext("窗口人员"), Role.HANDLER: gettext("经办人"), Role.HEAD: gettext("负责人")}
    if set(move.by) == set(Role):
        return seat
    return gettext("%(office)s：%(roles)s") % {
        "office": seat,
        "roles": gettext("、").join(names[by] for by in move.by),
    }


def amount(limit: Limit) -> str:
    if limit.amount is None:
        return gettext("由本单位设定")
    if limit.amount == 0:
        return gettext("逐案指定") if limit.extension else gettext("当场")
    counted = {
        "working_day": ngettext("%(n)s 个工作日", "%(n)s 个工作日", limit.amount),
        "calendar_day": ngettext("%(n)s 日", "%(n)s 日", limit.amount),
        "month": ngettext("%(n)s 个月", "%(n)s 个月", limit.amount),
        "year": ngettext("%(n)s 年", "%(n)s 年", limit.amount),
        "hour": ngettext("%(n)s 小时", "%(n)s 小时", limit.amount),
    }
    return counted[limit.unit] % {"n": limit.amount}


def details(entry: Entry, move: Move, language: str) -> list[str]:
    """Who, with what paper, within what time; a line each."""
    found = [actor(entry, move, language)]
    if move.offers:
        found.append(gettext("请入：%(office)s") % {"office": words(entry.seats[move.offers].name, language)})
    if move.notice:
        found.append(
            gettext("文书：%(paper)s") % {"paper": words(entry.notices[move.notice].title, language)}
        )
    if move.extends:
        found.append(gettext("延长：%(limit)s") % {"limit": words(entry.limit(move.extends).name, language)})
    for limit in _kept(entry, move):
        facts = {"amount": amount(limit), "limit": words(limit.name, language)}
        found.append(gettext("期限：%(limit)s，%(amount)s") % facts)
    return found


def _kept(entry: Entry, move: Move) -> list[Limit]:
    """The limits within which the mover itself must make this move, or whose end makes it."""
    if move.seat == LAW:
        return [limit for limit in entry.limits if limit.lapse == f"move:{move.id}"]
    return [limit for limit in ends_with(entry, move) if limit.binds == move.seat]


def move_lines(entry: Entry, move: Move, language: str, *, sign: str = "", rule: bool = False) -> list[Line]:
    said = [Line(f"{sign}{words(move.name, language)}", 14, bold=True, rule=rule)]
    return said + [Line(detail, 12, colour=FAINT) for detail in details(entry, move, language)]


def wrapped(lines: Iterable[Line], room: float) -> list[Line]:
    return [row for line in lines for row in wrap(line, room)]


def _leaving(move: Move) -> list[str]:
    """The states a move leaves for another."""
    return [state for state in dict.fromkeys(move.from_) if move.to and state != move.to]


def _staying(move: Move) -> list[str]:
    """The states a move leaves as they are."""
    return [state for state in dict.fromkeys(move.from_) if move.to in (None, state)]


def _drawn(entry: Entry, move: Move) -> list[str]:
    """The states from which a move is drawn as an arrow; the boxes of the others only name it.

    Arrows from very many states would bury the picture; in a large one, one arrow a move must do.
    """
    leaving = _leaving(move)
    if len(leaving) >= _MANY:
        return []
    if len(entry.states) <= _LARGE or len(leaving) < _MANY - 1:
        return leaving
    return [next(state for state in numbers(entry) if state in leaving)]


def board(entry: Entry, language: str) -> Board:
    """Sort the moves into boxes, forward arrows and arrows back, by the order of the states."""
    number = numbers(entry)
    order = {state: place for place, state in enumerate(number)}
    bundles: dict[tuple[tuple[str, ...], str], list[Move]] = {}
    for move in entry.moves:
        drawn = _drawn(entry, move)
        ahead = tuple(state for state in drawn if move.to and order[state] < order[move.to])
        behind = tuple(state for state in drawn if state not in ahead)
        for sources in filter(None, (ahead, behind)):
            bundles.setdefault((sources, move.to or ""), []).append(move)
    arrows = [_arrow(entry, sources, to, moves, language) for (sources, to), moves in bundles.items()]
    boxes = {state: _state(entry, state, number, language) for state in number}
    forward = [arrow for arrow in arrows if order[arrow.sources[0]] < order[arrow.target]]
    elsewhere = [move for move in entry.moves if len(_leaving(move)) >= _MANY or len(_staying(move)) > 1]
    return Board(boxes, forward, [arrow for arrow in arrows if arrow not in forward], elsewhere)


def _arrow(entry: Entry, sources: tuple[str, ...], target: str, moves: list[Move], language: str) -> Arrow:
    lines: list[Line] = []
    number = numbers(entry)
    for place, move in enumerate(moves):
        lines += move_lines(entry, move, language, rule=place > 0)
        others = "".join(number[state] for state in _leaving(move) if state not in _drawn(entry, move))
        if others:
            lines.append(Line(gettext("也可在 %(states)s 办") % {"states": others}, 12, colour=FAINT))
    label = Box(wrapped(lines, _MOVE_ROOM))
    label.fit()
    return Arrow(list(sources), target, label, law=all(move.seat == LAW for move in moves))


def _state(entry: Entry, state: str, number: dict[str, str], language: str) -> Box:
    stage = entry.states[state].stage
    lines = [
        Line(f"{number[state]} {stage_word(stage)}", 12, bold=True, colour=STAGE_COLOUR[stage][1]),
        Line(words(entry.states[state].name, language), 17, bold=True),
    ]
    for move in entry.moves:
        name, leaving, staying = words(move.name, language), _leaving(move), _staying(move)
        if state in staying and len(staying) == 1:
            lines += move_lines(entry, move, language, sign="↻ ", rule=True)
        elif state in staying:
            lines.append(Line(f"↻ {name}", 12.5))
        elif state in leaving and state not in _drawn(entry, move) and move.to:
            lines.append(Line(f"→ {number[move.to]} {name}", 12.5))
        elif move.to == state and len(leaving) >= _MANY:
            facts = {"states": "".join(number[origin] for origin in leaving), "move": name}
            lines.append(Line(gettext("%(states)s 处%(move)s到此") % facts, 12.5))
    box = Box(wrapped(lines, _STATE_ROOM), state=state)
    box.fit(_LEAST_STATE)
    return box
