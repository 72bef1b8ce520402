"""What is said of tasks: who was asked to do something by when, and what became of it."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from qiaoqiao.casework.notices import long_date

KINDS = ("task.given", "task.taken", "task.declined", "task.answered", "task.withdrawn")


def task_words(
    kind: str, facts: Mapping[str, object], office: str, language: str, *, to_staff: bool
) -> tuple[str, tuple[str, ...]]:
    """Title and lines of one entry. The person reads which office was asked by when; the rest is the offices'."""
    said = {"office": office}
    match kind:
        case "task.given":
            return _given(facts, office, language, to_staff=to_staff)
        case "task.taken":
            return _("%(office)s接下任务") % said, ()
        case "task.declined":
            lines = _line(_("理由：%(reason)s"), "reason", facts) if to_staff else ()
            return _("%(office)s退回任务") % said, lines
        case "task.answered":
            lines = _line(_("答复：%(text)s"), "text", facts) if to_staff else ()
            return _("%(office)s完成任务") % said, lines
    lines = _line(_("理由：%(reason)s"), "reason", facts) if to_staff else ()
    return _("撤回交给%(office)s的任务") % said, lines


def _given(
    facts: Mapping[str, object], office: str, language: str, *, to_staff: bool
) -> tuple[str, tuple[str, ...]]:
    by, due = str(facts.get("by") or ""), str(facts.get("due_on") or "")
    if not due:
        return _("请%(office)s办理一项任务") % {"office": office}, ()
    said = {"office": office, "due": long_date(date.fromisoformat(due), language)}
    title = _("请%(office)s在%(due)s前办理一项任务") % said
    if by:
        title = _("联席会议请%(office)s在%(due)s前办理") % said
    lines = _line(_("任务：%(what)s"), "what", facts) + _line(_("依据联席会议 %(by)s"), "by", facts)
    return title, lines if to_staff else ()


def _line(wording: str, name: str, facts: Mapping[str, object]) -> tuple[str, ...]:
    value = str(facts.get(name) or "")
    return (wording % {name: value},) if value else ()
