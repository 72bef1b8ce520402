"""Kinds and states in the reader's words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

KINDS: Mapping[str, Promise | str] = {
    "counter": gettext_lazy("到窗口"),
    "phone": gettext_lazy("打电话"),
    "video": gettext_lazy("视频通话"),
    "hospital": gettext_lazy("到医院"),
    "tax_post": gettext_lazy("到税务服务点"),
}
KINDS_ABOUT: Mapping[str, Promise | str] = {
    "counter": gettext_lazy("约好时间到窗口办，不用排队。"),
    "phone": gettext_lazy("工作人员在约好的时间给您打电话。"),
    "video": gettext_lazy("在国外也能当面说，看得见材料。"),
    "hospital": gettext_lazy("侨胞健康服务的门诊和咨询。"),
    "tax_post": gettext_lazy("涉侨税务的咨询和办理。"),
}
STATES: Mapping[str, Promise | str] = {
    "booked": gettext_lazy("已约好"),
    "cancelled": gettext_lazy("已取消"),
    "attended": gettext_lazy("来过了"),
    "no_show": gettext_lazy("没有来"),
    "lapsed": gettext_lazy("过了时间，没有登记"),
}
STATE_TAGS = {
    "booked": "active",
    "cancelled": "plain",
    "attended": "done",
    "no_show": "overdue",
    "lapsed": "paused",
}
WAITING_STATES: Mapping[str, Promise | str] = {
    "waiting": gettext_lazy("候补中"),
    "offered": gettext_lazy("有空位，等确认"),
    "booked": gettext_lazy("已约好"),
    "passed": gettext_lazy("没有及时确认"),
    "left": gettext_lazy("已退出候补"),
    "closed": gettext_lazy("单位那段时间不接待"),
    "over": gettext_lazy("候补的日子已过"),
}
