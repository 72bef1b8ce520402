"""Words of joint meetings for stored tokens, and what is wrong with a form, in the reader's language."""

from collections.abc import Callable, Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.services.joint.rules import Followed, Reason

STATES = {
    "planned": gettext_lazy("已定"),
    "held": gettext_lazy("已开，待定纪要"),
    "closed": gettext_lazy("已结束"),
    "cancelled": gettext_lazy("已取消"),
}
STATE_SHAPES = {"planned": "waiting", "held": "active", "closed": "done", "cancelled": "plain"}
ROLES = {
    "host": gettext_lazy("召集单位"),
    "member": gettext_lazy("成员单位"),
    "guest": gettext_lazy("列席单位"),
}
ANSWERS = {
    "yes": gettext_lazy("参加"),
    "no": gettext_lazy("不能参加"),
    "": gettext_lazy("还没有答复"),
}
PRESENT = {True: gettext_lazy("到会"), False: gettext_lazy("没有到会"), None: ""}
FOLLOWED = {
    Followed.OPEN: gettext_lazy("办理中"),
    Followed.LATE: gettext_lazy("逾期未办"),
    Followed.DONE: gettext_lazy("已办"),
    Followed.DONE_LATE: gettext_lazy("已办，超过期限"),
    Followed.DECLINED: gettext_lazy("被退回，待另行安排"),
    Followed.WITHDRAWN: gettext_lazy("已撤回"),
}
FOLLOWED_SHAPES = {
    Followed.OPEN: "active",
    Followed.LATE: "overdue",
    Followed.DONE: "done",
    Followed.DONE_LATE: "done",
    Followed.DECLINED: "overdue",
    Followed.WITHDRAWN: "plain",
}
REASONS = {
    Reason.OVERDUE: gettext_lazy("已逾期"),
    Reason.SEVERAL: gettext_lazy("几个单位在办"),
    Reason.STUCK: gettext_lazy("很久没有动静"),
    Reason.GREEN: gettext_lazy("绿色通道"),
}

FAULTS: Mapping[tuple[str, str], Callable[[], str]] = {
    ("place", "missing"): lambda: _("地点和线上入口至少要写一样。"),
    ("offices", "missing"): lambda: _("请至少邀请一个单位。"),
    ("starts_at", "past"): lambda: _("这个时间已经过去了，请选以后的时间。"),
    ("due_on", "past"): lambda: _("这一天已经过去，请选今天或以后的一天。"),
    ("office", "not_here"): lambda: _("这个单位没有受邀参加会议，不能给它派任务。"),
    ("office", "unseen"): lambda: _("您单位看不到这件案件，不能就它议定任务。"),
    ("office", "over"): lambda: _("这件案件已经办结，不能再派任务。"),
    ("office", "lead_absent"): lambda: _("这件案件的主办单位没有受邀或没有到会，不能在它缺席时议定。"),
    ("office", "shielded"): lambda: _("当事人检举的就是这个单位或它的上级，不能交给它。"),
    ("case", "shielded"): lambda: _(
        "当事人检举的就是参会单位之一或它的上级，这件案件不能上这次会。请在没有它参加的会上议。"
    ),
    ("offices", "shielded"): lambda: _("议程上有一件案件，检举的就是所选单位之一或它的上级，不能邀请它。"),
    ("reason", "unseen"): lambda: _("您单位看不到这件案件，不能撤回那里的任务。"),
    ("present", "early"): lambda: _("会议的日子还没有到。"),
    ("present", "missing"): lambda: _("请至少勾选一个到会的单位。"),
    ("text", "head"): lambda: _("纪要要由召集单位的负责人批准。"),
    ("title", "too_many"): lambda: _("议题太多了，请另开一次会。"),
}
ANYWHERE: Mapping[str, Callable[[], str]] = {
    "missing": lambda: _("请填写这一栏。"),
    "too_long": lambda: _("太长了，请缩短一些。您写的都还在框里。"),
    "names": lambda: _("所有参会单位都会看到这些文字，请不要写当事人的姓名。"),
    "past": lambda: _("这个时间已经过去了，请选以后的时间。"),
}


def fault_words(field: str, fault: str) -> str:
    """What is wrong with a field, in one sentence."""
    known = FAULTS.get((field, fault)) or ANYWHERE.get(fault)
    return known() if known else fault


def put_into(form: forms.Form, faults: Mapping[str, str], **elsewhere: str) -> None:
    """Show faults next to their fields; `elsewhere` says which field stands for another name."""
    for name, fault in faults.items():
        field = elsewhere.get(name, name)
        form.add_error(field if field in form.fields else None, fault_words(name, fault))
