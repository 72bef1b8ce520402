"""What an office arranges around the cases: one page that leads to each area."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.workbench.frame import show


@dataclass(frozen=True)
class Area:
    """One area of an office's own work: the name of its first page, its words, its icon."""

    route: str
    name: Promise | str
    about: Promise | str
    icon: str


AREAS: list[Area] = [
    Area(
        "staff_alliance",
        _("助侨服务联盟"),
        _("伙伴愿意做什么，经当事人同意转介给它们，以及结果。"),
        "heart-handshake",
    ),
    Area(
        "staff_network",
        _("侨务网络"),
        _("侨联组织、侨胞之家、法律服务站和境外的侨团：资料、上下级、覆盖情况、Excel 导入导出。"),
        "building-2",
    ),
    Area(
        "staff_meetings",
        _("联席会议"),
        _("五侨和有关单位一起议难办的事：议程、纪要、议定的任务和跟踪。"),
        "heart-handshake",
    ),
    Area(
        "staff_green_channel", _("绿色通道"), _("境外和高龄当事人的案件等了多久，有没有被排到后面。"), "clock"
    ),
    Area(
        "staff_pools",
        _("人员库"),
        _("法律顾问、调解员、仲裁员、人民监督员、译员：任期、资格、值班和手上的事。"),
        "users",
    ),
    Area(
        "staff_fund",
        _("救助基金"),
        _("困难救助和走访慰问：救助单、评议公示、付款清单、账本、捐款和物资。"),
        "hand-helping",
    ),
    Area(
        "staff_appointments",
        _("预约"),
        _("窗口、电话、视频、医院、税务点的预约：谁什么时候来，放出时间，候补。"),
        "calendar",
    ),
    Area(
        "staff_questions",
        _("常见问题"),
        _("公众查得到的答复：写、公布、到日子核对，办案时引用。"),
        "circle-question-mark",
    ),
    Area(
        "staff_activities",
        _("活动"),
        _("年度计划、报名、签到、纪要、照片和材料；计划了多少，办了多少。"),
        "calendar-check",
    ),
]
"""In the order of the page; an area is added by a line."""


@needs(Permission.ORGANISE)
@require_GET
def affairs(request: HttpRequest) -> HttpResponse:
    """Every area with what it is for."""
    return show(request, "workbench/affairs.html", areas=AREAS)
