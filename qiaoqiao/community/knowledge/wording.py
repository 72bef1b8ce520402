"""Topics and states in the reader's words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

TOPIC_WORDS: Mapping[str, Promise | str] = {
    "identity": gettext_lazy("身份认定"),
    "settlement": gettext_lazy("回国定居"),
    "nationality": gettext_lazy("国籍"),
    "school": gettext_lazy("子女上学"),
    "university": gettext_lazy("考大学"),
    "petition": gettext_lazy("信访"),
    "house": gettext_lazy("侨房"),
    "dispute": gettext_lazy("纠纷调解"),
    "notary": gettext_lazy("公证"),
    "law": gettext_lazy("法律帮助"),
    "health": gettext_lazy("健康"),
    "tax": gettext_lazy("税务"),
    "relief": gettext_lazy("困难救助"),
    "data": gettext_lazy("个人信息"),
    "time": gettext_lazy("期限怎么算"),
}
STATES: Mapping[str, Promise | str] = {
    "draft": gettext_lazy("草稿"),
    "published": gettext_lazy("已公布"),
    "outdated": gettext_lazy("已过期"),
    "retired": gettext_lazy("已收回"),
}
STATE_TAGS = {"draft": "waiting", "published": "done", "outdated": "overdue", "retired": "plain"}
CONFIDENCE_WORDS: Mapping[str, Promise | str] = {
    "verified": gettext_lazy("已核对原文"),
    "high": gettext_lazy("把握很大"),
    "medium": gettext_lazy("把握一般，请再向单位核实"),
    "low": gettext_lazy("把握不大，请先向单位核实"),
}
