"""One's own file: what is held and from where, who opened it and why, what happened to it, a copy to keep."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.rules import Permission
from qiaoqiao.gateways.printing import CopyLine, CopySection, CopySheet, print_copy
from qiaoqiao.parties import copying, wording
from qiaoqiao.parties.actions.rights import copied, frozen_by_person
from qiaoqiao.parties.models import Change
from qiaoqiao.portal.ownfile import MyFile, own_file
from qiaoqiao.ui.language import view_of
from qiaoqiao.ui.moments import clock_words, day_words
from qiaoqiao.ui.places import name_of

ROLES = {
    "clerk": gettext_lazy("窗口人员"),
    "handler": gettext_lazy("承办人员"),
    "head": gettext_lazy("负责人"),
    "keeper": gettext_lazy("系统管理员"),
}
CHINESE = "zh-hans"
BEIJING = ZoneInfo("Asia/Shanghai")
LAST_LOOKS = 3


@dataclass(frozen=True)
class Row:
    """One row of a section as the page shows it."""

    items: list[tuple[str, str]]
    note: str
    over: bool


@dataclass(frozen=True)
class Group:
    """A section as the page shows it."""

    key: str
    title: str
    rows: list[Row]


@needs(Permission.OWN_FILE)
@own_file
@require_safe
def page(request: HttpRequest, mine: MyFile) -> HttpResponse:
    """Everything about one's file on one page."""
    seen = copying.looks(mine.file.pk, mine.language)
    waiting = Change.objects.filter(file=mine.file, state="open", by_person=True).order_by("due_on", "id")
    context = mine.frame() | {
        "groups": [_group(one, mine) for one in copying.sections(copying.held(mine.file), mine.language)],
        "looks": [look_words(one) for one in seen[:LAST_LOOKS]],
        "looks_more": max(0, len(seen) - LAST_LOOKS),
        "waiting": [_waiting(one) for one in waiting],
        "thaws": mine.frozen and frozen_by_person(mine.file),
    }
    return render(request, "portal/file/file.html", context)


def _waiting(change: Change) -> dict[str, object]:
    kind = wording.said(wording.CHANGE_KINDS, change.kind)
    return {"title": kind, "due_on": change.due_on, "asked_at": change.asked_at}


@needs(Permission.OWN_FILE)
@own_file
@require_safe
def looks(request: HttpRequest, mine: MyFile) -> HttpResponse:
    """Who opened the file, why and when; and everything else that happened to it."""
    context = mine.frame() | {
        "looks": [look_words(one) for one in copying.looks(mine.file.pk, mine.language)],
        "timeline": copying.happened(mine.file.pk, mine.language),
    }
    return render(request, "portal/file/looks.html", context)


def look_words(look: copying.Look) -> dict[str, object]:
    comma = "、" if translation.get_language().startswith("zh") else ", "
    return {
        "office": look.office,
        "role": comma.join(str(ROLES.get(role, role)) for role in look.roles),
        "purpose": look.purpose,
        "reason": look.reason,
        "at": look.at,
    }


def _group(section: copying.Section, mine: MyFile) -> Group:
    rows = [
        Row(
            [(item.label, shown(item.value, mine.language)) for item in line.items],
            _note(line, mine),
            line.until is not None and line.until < mine.today,
        )
        for line in section.lines
    ]
    return Group(section.key, section.title, rows)


def _note(line: copying.Line, mine: MyFile) -> str:
    """From when to when a fact holds, and where it came from, in one line."""
    said = []
    if line.since:
        said.append(_("从 %(day)s 起") % {"day": day_words(line.since, weekday=False)})
    if line.until:
        said.append(_("到 %(day)s 为止") % {"day": day_words(line.until, weekday=False)})
    if line.source:
        said.append(_("依据：%(source)s") % {"source": line.source})
    if line.added_at:
        there = line.added_at.astimezone(ZoneInfo(mine.zone)).date()
        said.append(_("%(day)s 登记") % {"day": day_words(there, weekday=False)})
    return " · ".join(said)


def shown(value: object, language: str) -> str:
    """A value of the file in words; instants in Beijing time."""
    if isinstance(value, datetime):
        there = value.astimezone(BEIJING)
        facts = {"day": day_words(there.date(), weekday=False), "clock": clock_words(there)}
        return _("%(day)s %(clock)s（北京时间）") % facts
    if isinstance(value, date):
        return day_words(value, weekday=False)
    if isinstance(value, Office | Place):
        return name_of(value.names, language)
    return str(value)


# --- a copy ------------------------------------------------------------------------------------------


@needs(Permission.OWN_FILE)
@own_file
@require_safe
def copy(request: HttpRequest, mine: MyFile) -> HttpResponse:
    """What a copy is, and its two forms."""
    return render(request, "portal/file/copy.html", mine.frame())


@needs(Permission.OWN_FILE)
@own_file
@require_POST
def copy_json(request: HttpRequest, mine: MyFile) -> HttpResponse:
    """The copy for machines; it is made for this answer and kept nowhere."""
    read = copying.held(mine.file)
    said = copying.machine(mine.file, read, at=mine.at, language=mine.language)
    copied(mine.file.pk, form="json", actor=mine.actor, at=mine.at)
    text = json.dumps(said, ensure_ascii=False, indent=1)
    return _download(text.encode(), "application/json", f"{mine.file.number}.json")


@needs(Permission.OWN_FILE)
@own_file
@require_POST
def copy_pdf(request: HttpRequest, mine: MyFile) -> HttpResponse:
    """The copy for reading, in Chinese and the person's language; made for this answer and kept nowhere."""
    printed = print_copy(sheet(mine, large=view_of(request) == "large"))
    copied(mine.file.pk, form="pdf", actor=mine.actor, at=mine.at)
    return _download(printed, "application/pdf", f"{mine.file.number}.pdf")


def _download(content: bytes, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def sheet(mine: MyFile, *, large: bool = False) -> CopySheet:
    """The copy on paper: everything in Chinese, and beside it in the person's language where that is another."""
    read = copying.held(mine.file)
    chinese, theirs = _words(mine, read, CHINESE), _words(mine, read, mine.language)
    return CopySheet(
        language=mine.language,
        number=mine.file.number,
        office=_both(chinese.office, theirs.office),
        title=_both(chinese.title, theirs.title),
        made=_both(chinese.made, theirs.made),
        notes=chinese.notes if chinese == theirs else [*chinese.notes, *theirs.notes],
        sections=[_joined(one, other) for one, other in zip(chinese.sections, theirs.sections, strict=True)],
        large_print=large,
        demo=settings.DEMO,
        issued_at=mine.at.replace(microsecond=0),
    )


@dataclass(frozen=True)
class _Words:
    office: str
    title: str
    made: str
    notes: list[str]
    sections: list[CopySection]


def _words(mine: MyFile, read: copying.Held, language: str) -> _Words:
    with translation.override(language):
        sections = [
            CopySection(one.title, [_copy_line(line, mine, language) for line in one.lines])
            for one in copying.sections(read, language)
        ]
        seen = [
            CopyLine(
                [
                    (_("单位"), " ".join(filter(None, [str(one["office"]), str(one["role"])]))),
                    (_("用途"), str(one["purpose"])),
                    *([(_("理由"), str(one["reason"]))] if one["reason"] else []),
                    (_("打开时间"), plain_time(one["at"])),
                ],
                "",
            )
            for one in map(look_words, copying.looks(mine.file.pk, language))
        ]
        if seen:
            sections.append(CopySection(_("谁打开过，为什么"), seen))
        notes = [
            _("证件号码只写尾号；要看全号，请带证件到窗口。别人的信息，不是您提供的，不写在这里。"),
            _("这份副本只给您本人，我们不另存。"),
        ]
        office = name_of(mine.file.office.names, language)
        return _Words(office, _("个人档案副本"), plain_time(mine.at), notes, sections)


def _copy_line(line: copying.Line, mine: MyFile, language: str) -> CopyLine:
    items = [
        (one.label, plain_time(one.value) if isinstance(one.value, date) else shown(one.value, language))
        for one in line.items
    ]
    held = " – ".join(str(one or "…") for one in (line.since, line.until)) if line.since or line.until else ""
    return CopyLine(items, " · ".join(filter(None, [held, line.source])))


def plain_time(value: object) -> str:
    """A day or an instant as figures, the same in every language; instants in Beijing time."""
    if isinstance(value, datetime):
        return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M} (UTC+8)"
    return str(value)


def _both(one: str, other: str) -> str:
    return one if one == other else f"{one} / {other}"


def _joined(one: CopySection, other: CopySection) -> CopySection:
    lines: Sequence[CopyLine] = [
        CopyLine(
            [(_both(a, b), _both(x, y)) for (a, x), (b, y) in zip(mine.items, theirs.items, strict=True)],
            _both(mine.note, theirs.note),
        )
        for mine, theirs in zip(one.lines, other.lines, strict=True)
    ]
    return CopySection(_both(one.title, other.title), lines)
