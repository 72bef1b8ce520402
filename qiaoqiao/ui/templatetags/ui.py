"""The house's components as template tags; a builtin library, so no template loads it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qiaoqiao.clock.rules import Day
from qiaoqiao.ui import days as calendars
from qiaoqiao.ui import fields, moments, shapes
from qiaoqiao.ui.language import Here, zones
from qiaoqiao.ui.places import hours_shown
from qiaoqiao.ui.zones import zone_choices

register = template.Library()


def draw(name: str, **context: object) -> SafeString:
    """Render one component; components see only what they are given."""
    return render_to_string(f"ui/components/{name}.html", context)


def here_of(context: Context) -> Here | None:
    found = context.get("here")
    return found if isinstance(found, Here) else None


def this_year(context: Context, on: date) -> bool:
    """Tell whether a date lies in Beijing's present year, so that the year need not be said."""
    found = here_of(context)
    return found is not None and found.now.astimezone(moments.BEIJING).year == on.year


# --- small pieces: built here, since a table draws hundreds of them --------------------------------


@register.simple_tag
def icon(name: str) -> SafeString:
    return shapes.icon(name)


@register.simple_tag
def tag(words: str, state: str = "plain") -> SafeString:
    return shapes.tag(words, state)


@register.simple_tag
def reference(ref: str) -> SafeString:
    """Show a reference in groups that can be read out; selecting it copies it whole."""
    return format_html('<span class="qq-ref" translate="no">{}</span>', ref)


@register.simple_tag(takes_context=True)
def day(context: Context, on: date, short: bool = False) -> SafeString:
    return moments.day(on, weekday=not short, year=not this_year(context, on))


@register.simple_tag(takes_context=True)
def moment(
    context: Context, at: datetime, before: bool = False, short: bool = False, zone: str | None = None
) -> SafeString:
    """Show an instant in Beijing time and the reader's own; `zone` when another person's is meant."""
    found = here_of(context)
    person = zone or (found.zone if found else None)
    year = not this_year(context, at.astimezone(moments.BEIJING).date())
    return moments.moment(at, zone=person, before=before, short=short, year=year)


@register.simple_tag
def hours(written: str) -> SafeString | str:
    """An office's opening hours."""
    return hours_shown(written)


@register.simple_tag(takes_context=True)
def local_time(context: Context, zone: str) -> SafeString:
    """Say what time it is there now, and whether people there are likely asleep."""
    found = here_of(context)
    if found is None or zone not in zones():
        return mark_safe("")
    words = moments.local_words(found.now, zone)
    if not moments.is_night(found.now, zone):
        return format_html('<span class="qq-local">{}</span>', words)
    night = format_html('<span class="qq-night">{}{}</span>', shapes.shape("night"), _("夜间"))
    return format_html('<span class="qq-local">{} {}</span>', words, night)


@register.simple_tag(takes_context=True)
def due(
    context: Context,
    on: date | None,
    days: int | None = None,
    state: str = "open",
    working: bool = False,
    provisional: bool = False,
    href: str = "",
) -> SafeString:
    """Show when something is due: state with its shape, days left or late, and the date."""
    if state in {"paused", "done"}:
        words = _("暂停计时") if state == "paused" else _("已办结")
    elif days is None:
        words = ""
    else:
        words = moments.days_left_words(days, working=working)
    known = {"open": "plain"}.get(state, state)
    badge = shapes.tag(words, known) if words else mark_safe("")
    when = moments.day(on, year=not this_year(context, on)) if on else mark_safe("")
    if provisional and on:
        hint = _("当年放假安排尚未公布，日期可能调整")
        when = format_html(
            '<span class="qq-provisional">{}<span class="qq-small">（{}）</span></span>', when, hint
        )
    if href and on:
        when = format_html('<a class="govuk-link" href="{}">{}</a>', href, when)
    return format_html('<span class="qq-due qq-due--{}">{} {}</span>', known, badge, when)


@register.filter
def beijing_clock(at: datetime) -> str:
    """Return only the hour and minute in Beijing."""
    return moments.clock_words(at.astimezone(moments.BEIJING))


@register.filter
def filesize(size: int) -> str:
    """Write a size in bytes as people read it."""
    amount = float(size)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            decimals = 0 if unit in {"B", "KB"} or amount >= 100 else 1
            return f"{number_format(round(amount, decimals), decimals)} {unit}"
        amount /= 1024
    raise AssertionError("unreachable")


# --- actions and navigation ------------------------------------------------------------------------

BUTTONS = {
    "primary": "",
    "secondary": " govuk-button--secondary",
    "warning": " govuk-button--warning",
    "quiet": " qq-quiet",
}  # fmt: skip


@register.simple_tag
def button(words: str, kind: str = "primary", href: str = "", wide: bool = False, **more: Any) -> SafeString:
    """Draw a submit button, or a link that looks like one; further attributes go through."""
    return draw(
        "button", words=words, href=href, shape=more.pop("icon", ""), attributes=more,
        classes=f"govuk-button{BUTTONS[kind]}{' qq-wide' if wide else ''}",
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def nav_link(
    context: Context, href: str, words: str, icon: str = "", count: int | None = None, exact: bool = False
) -> SafeString:
    """One entry of the navigation; it is current when the page's address starts with its own."""
    found = here_of(context)
    path = found.path if found else ""
    plain = href.split("?", 1)[0]
    current = path == plain or (not exact and plain.rstrip("/") != "" and path.startswith(plain))
    return draw("nav_link", href=href, words=words, icon=icon, count=count, current=current)


@register.simple_tag
def back_link(href: str, words: str = "") -> SafeString:
    return format_html('<a href="{}" class="govuk-back-link">{}</a>', href, words or _("返回"))


@register.simple_tag
def pagination(previous: str | None, next: str | None, shown: str = "") -> SafeString:
    """Keyset paging: the addresses of the neighbours, no page numbers."""
    return draw("pagination", previous=previous, next=next, shown=shown)


@register.simple_tag
def tabs(items: Sequence[Mapping[str, Any]], label: str = "") -> SafeString:
    """Views of one list as links with counts; works without script."""
    return draw("tabs", items=items, label=label or _("视图"))


# --- forms -----------------------------------------------------------------------------------------


@register.simple_tag
def error_summary(form: forms.BaseForm | None) -> SafeString:
    """List a form's errors with links to their fields; nothing when there are none."""
    errors = fields.summary(form) if form is not None and form.is_bound else []
    return draw("error_summary", errors=errors) if errors else mark_safe("")


@register.simple_tag
def field(
    bound: BoundField,
    label: str = "",
    hint: str = "",
    width: int | None = None,
    rows: int | None = None,
    optional: bool | None = None,
    **look: bool,
) -> SafeString:
    """Draw one field; looks are `heading`, `inline`, `small`."""
    shown = fields.prepare(bound, label=label, hint=hint, width=width, rows=rows)
    if shown.kind == "hidden":
        return bound.as_widget()
    if optional is not None:
        shown.optional = optional
    return draw("field", shown=shown, bound=bound, look=look)


@register.simple_tag(takes_context=True)
def zone_form(context: Context) -> SafeString:
    """Let a person without script, or travelling, choose the time zone times are shown in."""
    found = here_of(context)
    if found is None:
        return draw("zone_form", choices=[], zone=None)
    known = zone_choices(found.now, found.zone or "")
    return draw("zone_form", choices=known if not found.zone else known[1:], zone=found.zone)


# --- what a page is made of ------------------------------------------------------------------------


@register.simple_tag
def summary_list(rows: Sequence[Mapping[str, Any]]) -> SafeString:
    return summary_of(
        *(summary_row(row["value"], row["key"], row.get("href", ""), row.get("action", "")) for row in rows)
    )


def summary_of(*rows: str) -> SafeString:
    return format_html('<dl class="govuk-summary-list">{}</dl>', mark_safe("".join(rows)))


def summary_row(content: object, key: str, href: str = "", action: str = "") -> SafeString:
    return draw(
        "summary_row",
        content=conditional_escape(content if isinstance(content, str) else str(content)),
        key=key,
        href=href,
        action=action or _("修改"),
    )


@register.simple_block_tag
def summary(content: str) -> SafeString:
    return summary_of(content)


@register.simple_block_tag
def row(content: str, key: str, href: str = "", action: str = "") -> SafeString:
    return summary_row(content, key, href, action)


@register.simple_tag(takes_context=True)
def timeline(context: Context, items: Sequence[Any], heading: int = 3) -> SafeString:
    return draw("timeline", items=items, heading=heading, here=context.get("here"))


@register.simple_tag(takes_context=True)
def thread(context: Context, items: Sequence[Any]) -> SafeString:
    return draw("thread", items=items, here=context.get("here"))


@register.simple_tag
def steps(items: Sequence[Any]) -> SafeString:
    return draw("steps", items=items)


@register.simple_tag
def progress(step: int, of: int, words: str = "") -> SafeString:
    return draw("progress", step=step, of=of, words=words, marks=range(1, of + 1))


@register.simple_tag
def days_calendar(days: Sequence[Day], due_on: date | None = None) -> SafeString:
    """Draw a reckoning's days by month, with the same as a table beneath."""
    drawn = calendars.cells(days, due_on)
    return draw(
        "days_calendar", cells=drawn, months=calendars.months(drawn), legend=calendars.legend(drawn),
        weekdays=moments.weekday_heads(),
    )  # fmt: skip


@register.simple_tag
def warning(words: str) -> SafeString:
    return draw("warning", words=words)


@register.simple_block_tag
def banner(content: str, title: str, kind: str = "info", heading: int = 2) -> SafeString:
    return draw("banner", content=content, title=title, kind=kind, heading=heading)


@register.simple_block_tag
def details(content: str, words: str, open: bool = False) -> SafeString:
    return draw("details", content=content, words=words, open=open)


@register.simple_block_tag
def panel(content: str, title: str, heading: int = 2) -> SafeString:
    return draw("panel", content=content, title=title, heading=heading)


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "inbox") -> SafeString:
    return draw("empty", content=content, title=title, icon=icon)


@register.simple_block_tag
def identity_bar(content: str, label: str = "") -> SafeString:
    return draw("identity_bar", content=content, label=label or _("当事人"))


@register.simple_block_tag
def fact(content: str, key: str) -> SafeString:
    return format_html('<div class="qq-fact"><dt>{}</dt><dd>{}</dd></div>', key, mark_safe(content))
