"""What the tokens of the alliance are called, and the words a person agrees to."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaoqiao.casework.models import Case
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.community.alliance.rules import State

Wording = Mapping[str, Any]

STATES: Wording = {
    State.ASKED: _("等当事人同意"),
    State.REFUSED: _("当事人不同意"),
    State.SENT: _("已发出"),
    State.SEEN: _("对方已打开"),
    State.ACCEPTED: _("对方已接受"),
    State.DECLINED: _("对方没有接受"),
    State.DONE: _("对方已回复结果"),
    State.WITHDRAWN: _("已撤回"),
    State.EXPIRED: _("已过期，没有结果"),
}
SHAPES: Mapping[str, str] = {
    "asked": "waiting", "sent": "active", "seen": "active", "accepted": "active", "done": "done",
    "declined": "plain", "refused": "plain", "withdrawn": "plain", "expired": "overdue",
}  # fmt: skip
ITEMS: Wording = {
    "matter": _("要办的事"),
    "category": _("类别"),
    "place": _("国内哪个地方"),
    "country": _("现在住的国家或地区"),
    "language": _("说什么话"),
    "name": _("姓名"),
    "phone": _("电话"),
    "email": _("电子邮件"),
    "request": _("请对方做的事"),
}
DECLINING: Wording = {
    "full": _("最近人手不够"),
    "not_ours": _("不是我们能办的事"),
    "place": _("不在我们服务的地方"),
    "language": _("没有会说这种话的人"),
    "other": _("其他原因"),
}
OUTCOMES: Wording = {
    "helped": _("办成了"),
    "partly": _("办成了一部分"),
    "not_helped": _("没有办成"),
    "not_reached": _("联系不上当事人"),
}
WHY: Wording = {
    "offer_closed": _("这项服务已经停止，或者这个组织已经撤销，不能转介。"),
    "no_address": _("这个组织没有登记电子邮件，发不出链接。请先在侨务网络里补上。"),
    "already": _("这件事已经转介给这项服务，还没有结束。"),
    "case_over": _("这件事已经办结，不能再转介。"),
    "nothing": _("至少要给对方一种联系当事人的方式：姓名加电话或电子邮件。"),
    "no_paper": _("请写明签了字的同意书放在哪里。"),
    "answered": _("已经答复过了，不能再改。"),
    "over": _("这次转介已经结束。"),
    "not_asked": _("现在不用再表示同意或不同意。"),
    "not_accepted": _("接受以后才能回复结果。"),
    "missing": _("请写明是谁答复的，并选一个回答。"),
}
"""Why a step cannot be taken."""


def consent_words(case: Case, partner: str, items: Sequence[str], days: timedelta, language: str) -> str:
    """The words a person agrees to, whole, in one language."""
    with translation.override(language):
        entry = catalogue_entry(case.service, case.edition)
        said = gettext(
            "您的申请“%(matter)s”（编号 %(reference)s）可以请“%(partner)s”帮忙。您同意的话，我们只把下面几项告诉它：%(items)s。"
            "它接受以前看不到您的姓名和联系方式。链接 %(days)d 天内有效，谁打开过您都能看到。"
            "您可以不同意，也可以随时撤回，不影响我们继续办理您的申请。"
        )
        return said % {
            "matter": words(entry.name, language),
            "reference": case.reference,
            "partner": partner,
            "items": gettext("、").join(str(ITEMS[one]) for one in items),
            "days": days.days,
        }


def digest(text: str) -> str:
    """What is kept of the words that were shown."""
    return hashlib.sha256(text.encode()).hexdigest()
