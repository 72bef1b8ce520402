"""What happened to a schedule, a booking or a place in line, said in plain words: every kind of entry has one."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SAID: Mapping[str, Promise | str] = {
    "appointment.schedule_made": gettext_lazy("建立了预约时间表"),
    "appointment.schedule_changed": gettext_lazy("更改了预约时间表"),
    "appointment.published": gettext_lazy("放出了新的预约时间"),
    "appointment.closed": gettext_lazy("停止预约一个时间"),
    "appointment.opened": gettext_lazy("重新开放一个时间"),
    "booking.made": gettext_lazy("约好了"),
    "booking.moved": gettext_lazy("改期了"),
    "booking.cancelled": gettext_lazy("取消了预约"),
    "booking.reminded": gettext_lazy("发出了提醒"),
    "booking.attended": gettext_lazy("登记为来过了"),
    "booking.no_show": gettext_lazy("登记为没有来"),
    "booking.lapsed": gettext_lazy("过了时间，没有登记"),
    "waiting.joined": gettext_lazy("排进候补"),
    "waiting.offered": gettext_lazy("有了空位，请本人确认"),
    "waiting.booked": gettext_lazy("从候补约到了"),
    "waiting.left": gettext_lazy("退出候补"),
    "waiting.passed": gettext_lazy("没有及时确认，空位让给下一位"),
    "waiting.closed": gettext_lazy("单位那段时间不接待，空位取消"),
    "waiting.over": gettext_lazy("候补的日子已过"),
    "feed.made": gettext_lazy("开通了日历订阅"),
    "feed.revoked": gettext_lazy("停用了日历订阅"),
}
