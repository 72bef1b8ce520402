"""What happened to a meeting, said in plain words: every kind of entry has one."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SAID: Mapping[str, Promise | str] = {
    "meeting.planned": gettext_lazy("召集了会议"),
    "meeting.invited": gettext_lazy("发出了邀请"),
    "meeting.changed": gettext_lazy("改了时间、地点或名称"),
    "meeting.cancelled": gettext_lazy("取消了会议"),
    "meeting.answered": gettext_lazy("答复了邀请"),
    "meeting.tabled": gettext_lazy("列入一项议题"),
    "meeting.taken_off": gettext_lazy("撤下一项议题"),
    "meeting.attended": gettext_lazy("登记了到会情况"),
    "meeting.decided": gettext_lazy("议定了一件事"),
    "meeting.withdrawn": gettext_lazy("撤回一件议定的事"),
    "meeting.reported": gettext_lazy("报告了办理结果"),
    "meeting.minuted": gettext_lazy("写了会议纪要"),
    "meeting.approved": gettext_lazy("批准了会议纪要，会议结束"),
}
