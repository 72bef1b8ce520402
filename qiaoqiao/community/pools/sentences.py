"""What happened to a member of a pool, said in plain sentences; facts add their own line."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from qiaoqiao.community.pools import wording
from qiaoqiao.community.pools.wording import said

SAID: Mapping[str, Any] = {
    "pool.nominated": _("提名"),
    "pool.recommended": _("开出推荐函"),
    "pool.reviewed": _("审查通过"),
    "pool.public_notice": _("开始公示"),
    "pool.appointed": _("登记任命"),
    "pool.refused": _("提名未通过"),
    "pool.renewed": _("续任"),
    "pool.began": _("到任"),
    "pool.suspended": _("暂停履职"),
    "pool.resumed": _("恢复履职"),
    "pool.removed": _("免去"),
    "pool.resigned": _("辞任"),
    "pool.expired": _("任期届满"),
    "pool.expiring": _("提醒：任期将满"),
    "pool.qualified": _("添了一项资格"),
    "pool.changed": _("修改了联系方式或专长"),
    "pool.post_added": _("登记了一项任职"),
    "pool.post_ended": _("一项任职结束"),
    "pool.trained": _("登记了一次培训"),
    "pool.on_duty": _("排了值班"),
    "pool.off_duty": _("撤下值班"),
    "pool.engaged": _("接了一件事"),
    "pool.released": _("一件事办完"),
}


def line(kind: str, facts: Mapping[str, Any]) -> str:
    """What the facts of an entry add to its title; nothing once they are erased."""
    if reason := facts.get("reason") or facts.get("note"):
        return str(reason)
    if kind in {"pool.appointed", "pool.renewed"} and facts:
        said_of = {"number": facts["number"], "since": facts["from"], "until": facts["until"]}
        if not facts["until"]:
            return _now("第 %(number)d 届，%(since)s 起，没有届满日期") % said_of
        return _now("第 %(number)d 届，%(since)s 至 %(until)s") % said_of
    if kind == "pool.public_notice" and facts:
        return _now("%(since)s 至 %(until)s") % {"since": facts["from"], "until": facts["until"]}
    if kind in {"pool.on_duty", "pool.off_duty"} and facts:
        return f"{facts['on']} {said(wording.PARTS, facts['part'])}"
    words = {
        "pool.qualified": (wording.QUALIFICATIONS, "kind"),
        "pool.post_added": (wording.POSTS, "kind"),
        "pool.post_ended": (wording.POSTS, "kind"),
        "pool.engaged": (wording.ROLES, "role"),
        "pool.released": (wording.ROLES, "role"),
        "pool.nominated": (wording.NOMINATED_BY, "by"),
    }.get(kind)
    if words and facts:
        return said(words[0], str(facts.get(words[1], "")))
    return str(facts.get("number") or facts.get("until") or "")
