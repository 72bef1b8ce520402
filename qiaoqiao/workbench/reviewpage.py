"""A pair of files in words: every field on both sides, the evidence with its weight, who lives with whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.lib.words import fold
from qiaoqiao.parties import wording
from qiaoqiao.parties.linkage.evidence import PRIOR, Item, as_items
from qiaoqiao.parties.linkage.evidence_words import WHATS, sentence
from qiaoqiao.parties.linkage.rows import Line, lines_of
from qiaoqiao.parties.linkage.weighing import OPEN, SURE
from qiaoqiao.parties.models import File, Proposal
from qiaoqiao.parties.reading import age_of, whole
from qiaoqiao.parties.reviewing import BIN, Measured
from qiaoqiao.parties.sentences import tell
from qiaoqiao.ui.pictures import bar
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.personpage import Page, on_words, teller_of

MARKS: Mapping[str, tuple[Any, str]] = {
    "same": (gettext_lazy("同"), "circle-check"),
    "near": (gettext_lazy("相近"), "circle-question-mark"),
    "other": (gettext_lazy("不同"), "x"),
    "none": (gettext_lazy("一方没有"), "minus"),
    "apart": (gettext_lazy("不能比"), "minus"),
}
"""How two sides of a field stand: in a word and a shape."""
LABELS: Mapping[str, Any] = {
    "name": gettext_lazy("姓名"), "alias": gettext_lazy("别名"), "sex": gettext_lazy("性别"),
    "birth_date": gettext_lazy("出生日期"), "nationality": gettext_lazy("国籍或签发地"), "id_no": gettext_lazy("证件"),
    "phone": gettext_lazy("电话"), "household_no": gettext_lazy("户号"), "address": gettext_lazy("地址"),
    "native_place": gettext_lazy("祖籍"), "father_name": gettext_lazy("父亲"), "mother_name": gettext_lazy("母亲"),
    "spouse_name": gettext_lazy("配偶"),
}  # fmt: skip
NEAR: Mapping[str, tuple[str, int]] = {
    "birth_date": ("birth", 4), "id_no": ("number", 3), "native_place": ("native", 2), "father_name": ("parents", 3),
    "mother_name": ("parents", 3), "spouse_name": ("spouse", 3),
}  # fmt: skip
"""From which level of which comparison on two different writings of a field are near each other."""
CHINA = frozenset({"CN", "HK", "MO", "TW"})
NAMES_NEAR = {"surname": 3, "given": 6}
BAND_SHAPES = {"sure": "done", "likely": "active", "open": "waiting"}
HISTORY = 5
MINUS = "\u2212"


@dataclass(frozen=True)
class Field:
    """One field on both sides, and how they stand."""

    label: str
    left: str
    right: str
    mark: str
    word: str
    shape: str


@dataclass(frozen=True)
class Reason:
    """One piece of evidence: its sentence, its bits with their sign, and a bar."""

    what: str
    text: str
    bits: str
    speaks_for: bool
    picture: SafeString


@dataclass(frozen=True)
class Side:
    """One file of a pair: who, from where, with whom, and what happened."""

    file: File
    name: str
    others: Sequence[str]
    about: Sequence[str]
    sources: Sequence[str]
    members: Sequence[Mapping[str, str]]
    kin: Sequence[str]
    history: Sequence[Any]


def sides(proposal: Proposal, language: str, today: date) -> tuple[Side, Side]:
    return side(proposal.one, language, today), side(proposal.other, language, today)


def side(file: File, language: str, today: date) -> Side:
    """One file as the page shows it."""
    held = whole(file, on=today)
    page = Page(held, language, today)
    members: Any = page.members()["others"]
    kin = [_("%(label)s：%(value)s") % {"label": one.note, "value": one.text} for one in page.around()[3][2]]
    sources = [
        _("，").join(
            filter(None, [name_of(one.source.names, language), on_words(one.record_date or one.added_at)])
        )
        for one in held.records
    ]
    names = dict.fromkeys(one.text for one in held.names if one.text != file.name)
    return Side(
        file=file,
        name=file.name or file.latin_name or file.number,
        others=list(names)[:4],
        about=about(file, language, today),
        sources=sources,
        members=members,
        kin=kin,
        history=tell(held.doings, teller_of(held, language))[:HISTORY],
    )


def about(file: File, language: str, today: date) -> list[str]:
    """A line on who it is: sex, age, standing, keeper, place."""
    age = None if file.died_on else age_of(file.born, today)
    said = [
        wording.said(wording.SEXES, file.sex),
        _("%(n)d 岁") % {"n": age} if age else "",
        wording.said(wording.STANDINGS, file.standing),
        name_of(file.place.names, language) if file.place else "",
        name_of(file.office.names, language),
    ]
    return [one for one in said if one]


# --- field by field ------------------------------------------------------------------------------------


def fields(proposal: Proposal, items: Sequence[Item], language: str) -> list[Field]:
    """Every field that a side says, side by side: of the two lines that were compared."""
    left, right = compared(proposal, items)
    levels = {item["what"]: item["level"] for item in items}
    rows = [field(name, left, right, levels, language) for name in LABELS]
    return [row for row in rows if row.left or row.right]


def compared(proposal: Proposal, items: Sequence[Item]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The two lines that the evidence speaks of; of a file that lost its record, another of its lines."""
    lines = lines_of([proposal.one_id, proposal.other_id])
    named = (items[-1]["left"], items[-1]["right"]) if items else ("", "")
    return line(lines, proposal.one_id, named[0]), line(lines, proposal.other_id, named[1])


def line(lines: Sequence[Line], file: UUID, record: str) -> Mapping[str, str]:
    by_record = [one.row for one in lines if record and str(one.record) == record]
    return (by_record or [one.row for one in lines if one.file == file] or [{}])[0]


def field(
    name: str, left: Mapping[str, str], right: Mapping[str, str], levels: Mapping[str, int], language: str
) -> Field:
    mark = standing(name, raw(name, left), raw(name, right), levels)
    word, shape = MARKS[mark]
    return Field(
        str(LABELS[name]), shown(name, left, language), shown(name, right, language), mark, str(word), shape
    )


def raw(name: str, row: Mapping[str, str]) -> str:
    """What is compared: a name in all its writings, else the column as it stands."""
    if name == "name":
        return " / ".join(filter(None, [row.get("name_hanzi", ""), row.get("name_latin", "")]))
    return row.get(name, "")


def standing(name: str, left: str, right: str, levels: Mapping[str, int]) -> str:
    """`same`, `near`, `other`, `none` where a side says nothing, `apart` for papers of two kinds."""
    if not left or not right:
        return "none"
    if bare(left) == bare(right):
        return "same"
    if name == "name":
        return "near" if all(levels.get(what, 0) >= least for what, least in NAMES_NEAR.items()) else "other"
    if name == "nationality":
        return "near" if {left, right} <= CHINA else "other"
    if name == "id_no" and "number" not in levels:
        return "apart"
    what, least = NEAR.get(name, ("", 0))
    return "near" if what and levels.get(what, 0) >= least else "other"


def bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def shown(name: str, row: Mapping[str, str], language: str) -> str:
    """What a side says, for people; of a number only its end."""
    text = raw(name, row)
    match name:
        case "sex":
            return wording.said(wording.SEXES, text.lower())
        case "nationality":
            return country_name(text, language) if text else ""
        case "birth_date" if row.get("birth_calendar") == "lunar":
            return _("农历 %(day)s") % {"day": text}
        case "id_no" if text:
            tail = "".join(char for char in text if char.isalnum())[-4:]
            kind = wording.said(wording.PAPERS_OF_RECORDS, row.get("id_type", ""))
            return _("，").join(filter(None, [kind, _("尾号 %(tail)s") % {"tail": tail}]))
    return text


# --- evidence ------------------------------------------------------------------------------------------


def reasons(items: Sequence[Item], language: str) -> list[Reason]:
    """The evidence in sentences, the heaviest first; what was there before any comes last."""
    most = max((abs(item["weight"]) for item in items), default=1)
    return [
        Reason(
            what=str(WHATS.get(item["what"], item["what"])),
            text=sentence(item, language),
            bits=signed(item["weight"]),
            speaks_for=item["weight"] > 0,
            picture=bar(round(100 * abs(item["weight"])), round(100 * most), picture(item)),
        )
        for item in items
    ]


def picture(item: Item) -> str:
    return "plain" if item["weight"] > 0 else "striped"


def signed(bits: float) -> str:
    """A weight with its sign, in one digit: +6.4."""
    return f"{MINUS if bits < 0 else '+'}{abs(bits):.1f}"


def in_all(weight: float) -> str:
    """What a total means, in words."""
    if weight >= SURE:
        return _("合起来看，几乎可以肯定是同一个人。")
    if weight >= 0:
        return _("合起来看，很可能是同一个人。")
    if weight > OPEN / 2:
        return _("合起来看，说不准，要仔细看。")
    return _("合起来看，更像是两个人，要仔细看。")


def items_of(proposal: Proposal) -> list[Item]:
    return as_items(proposal.evidence)


def weightiest(items: Sequence[Item]) -> Item | None:
    """The piece of evidence to say on one line of a list."""
    return next((item for item in items if item["what"] != PRIOR), None)


# --- the measure ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One row of the measure: how many pairs, how many of them people said are one person, and a bar."""

    name: str
    measured: Measured
    picture: SafeString


def measure_rows(measured: Mapping[str, Measured]) -> list[Row]:
    """By band."""
    return [Row(wording.said(wording.BANDS, band), one, rate(one)) for band, one in measured.items()]


def weight_rows(measured: Mapping[int, Measured]) -> list[Row]:
    """By weight, in steps."""
    return [
        Row(_("%(low)s 到 %(high)s") % {"low": signed(low), "high": signed(low + BIN)}, one, rate(one))
        for low, one in measured.items()
    ]


def rate(one: Measured) -> SafeString:
    return bar(one.percent, 100)
