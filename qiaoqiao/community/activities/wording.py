"""What the fixed words of plans and activities are called for people; tokens stand in `rules`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

Wording = Mapping[str, Any]

KINDS: Wording = {
    "visit": _("走访"),
    "lecture": _("宣讲"),
    "study": _("学习"),
    "training": _("培训"),
    "research": _("调研"),
    "inspection": _("视察"),
    "forum": _("座谈"),
    "condolence": _("慰问"),
    "talk": _("民情沟通"),
    "open_day": _("开放日"),
    "other": _("其他活动"),
}
STATES: Wording = {
    "scheduled": _("已安排"),
    "held": _("已举办"),
    "postponed": _("推迟"),
    "cancelled": _("已取消"),
}
SHAPES: Mapping[str, str] = {
    "scheduled": "active",
    "held": "done",
    "postponed": "paused",
    "cancelled": "plain",
}
EVERY: Wording = {"month": _("每月一次"), "quarter": _("每季度一次"), "year": _("每年一次")}
PLAN_STATES: Wording = {"drafted": _("草稿"), "approved": _("已批准")}
SIGNED: Wording = {"going": _("有名额"), "waiting": _("候补"), "cancelled": _("已取消")}
HOW_ATTENDED: Wording = {"qr": _("扫码"), "code": _("本人输入签到码"), "list": _("名单上勾")}
HOW_AGREED: Wording = {"spoken": _("当面口头同意"), "written": _("书面同意"), "message": _("发消息同意")}


def said(wording: Wording, token: str) -> str:
    """What a token is called; one without words stands as it is, so that nothing disappears."""
    return str(wording.get(token, token)) if token else ""
