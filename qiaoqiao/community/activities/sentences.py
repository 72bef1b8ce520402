"""What happened to a plan, an activity or a sign-up, said in plain words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SAID: Mapping[str, Any] = {
    "plan.drafted": _("起草计划"),
    "plan.line_added": _("计划添了一项"),
    "plan.line_removed": _("计划删了一项"),
    "plan.approved": _("计划已批准，活动已排好"),
    "activity.scheduled": _("安排活动"),
    "activity.changed": _("修改活动"),
    "activity.moved": _("改了时间或地点"),
    "activity.postponed": _("推迟活动"),
    "activity.cancelled": _("取消活动"),
    "activity.held": _("活动已举办"),
    "activity.minuted": _("写了纪要"),
    "activity.photo_added": _("添了照片"),
    "activity.photo_judged": _("登记了照片的同意情况"),
    "activity.material_added": _("添了材料"),
    "signup.made": _("报名"),
    "signup.again": _("有人重复报名，链接又发了一次"),
    "signup.cancelled": _("取消报名"),
    "signup.promoted": _("候补转为有名额"),
    "signup.came": _("已签到"),
}
