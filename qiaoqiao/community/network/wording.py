"""What the tokens of the network are called for people: kinds, columns, days of the week, faults of an upload."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaoqiao.community.network.hours import DAYS, Kept, runs
from qiaoqiao.community.network.rules import OrganisationKind
from qiaoqiao.parties.importing.reading import RollRefused
from qiaoqiao.parties.importing.wording import REFUSALS as OF_ANY_FILE

Wording = Mapping[str, Any]

KINDS: Wording = {
    OrganisationKind.FEDERATION: _("侨联组织"),
    OrganisationKind.PARTY_POINT: _("党建带侨建示范点"),
    OrganisationKind.LEGAL_STATION: _("涉侨法律服务站"),
    OrganisationKind.HOME: _("侨胞之家"),
    OrganisationKind.STUDIO: _("涉侨纠纷多元化解工作室"),
    OrganisationKind.LIAISON_STATION: _("人大代表联络站"),
    OrganisationKind.PROCURATORATE_STATION: _("检侨联络站"),
    OrganisationKind.ADVISER_COMMITTEE: _("法律顾问委员会"),
    OrganisationKind.SERVICE_CENTRE: _("服务中心"),
    OrganisationKind.PARTNER: _("助侨服务联盟成员"),
    OrganisationKind.ASSOCIATION: _("海外侨团"),
}
COLUMNS: Wording = {
    "code": _("代码"),
    "kind": _("种类"),
    "name": _("名称"),
    "name_hant": _("繁体名称"),
    "name_en": _("英文名称"),
    "name_es": _("西班牙文名称"),
    "name_pt": _("葡萄牙文名称"),
    "parent": _("上级代码"),
    "place": _("地方"),
    "country": _("国家或地区"),
    "address": _("地址"),
    "phone": _("电话"),
    "email": _("电子邮件"),
    "hours": _("办公时间"),
    "zone": _("时区"),
    "languages": _("语言、方言"),
    "services": _("能帮的事项"),
    "about": _("简介"),
    "longitude": _("经度"),
    "latitude": _("纬度"),
    "opened_on": _("成立日期"),
    "closed_on": _("撤销日期"),
    "checked_on": _("核对日期"),
}
"""In the order of the workbook; the Chinese words are its headings."""
WEEKDAYS: Wording = dict(
    zip(DAYS, (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")), strict=True)
)
FATES: Wording = {
    "new": _("新登记"),
    "changed": _("有改动"),
    "unchanged": _("没有变化"),
    "closed": _("撤销"),
    "wrong": _("有错，不导入"),
}
"""What becomes of a row."""
FAULTS: Wording = {
    "missing": _("这一格不能空着"),
    "too_long": _("内容太长"),
    "formula": _("单元格里是公式"),
    "bad_code": _("代码的写法不对"),
    "twice": _("这个代码在文件里不止一行"),
    "elsewhere": _("这个代码属于别的单位保管的组织"),
    "unknown_kind": _("没有这个种类"),
    "unknown_parent": _("找不到这个上级代码"),
    "parent_wrong": _("上级那一行有错"),
    "loop": _("上下级绕成了一圈"),
    "unknown_place": _("找不到这个地方"),
    "several_places": _("有几个地方都叫这个名字"),
    "abroad_with_place": _("境外的组织不写地方"),
    "unknown_country": _("不认识这个国家或地区"),
    "bad_phone": _("电话号码不对"),
    "bad_email": _("电子邮件地址不对"),
    "bad_hours": _("办公时间读不懂"),
    "unknown_zone": _("没有这个时区"),
    "unknown_language": _("不认识这种语言"),
    "unknown_service": _("没有这个事项"),
    "half_coordinates": _("经度和纬度要一起写"),
    "bad_number": _("不是数字，或者超出范围"),
    "bad_date": _("日期读不懂，或者没有这一天"),
    "closed_before": _("撤销日期早于成立日期"),
}
ACCEPTED: Wording = {
    "code": _("字母、数字、点、横线，不超过 40 位，例如 440781-H01。"),
    "kind": _("写种类的名称，例如“侨胞之家”。全部种类见填写说明。"),
    "name": _("写全称，不超过 100 个字。"),
    "parent": _("写上级组织的代码：文件里的，或者已经登记的。没有上级就空着。"),
    "place": _("从大到小写全名，例如“江门市台山市端芬镇”；境外的空着。"),
    "country": _("写国家的名称，例如“巴西”；国内的空着，或写“中国”。"),
    "phone": _("数字、加号和横线，例如 0750-5512345。几个号码用逗号隔开。"),
    "email": _("例如 home@example.org。"),
    "hours": _("例如“周一至周五 09:00-12:00，14:30-17:00；周六 09:00-11:30”。"),
    "zone": _("境外的才写，例如 America/Sao_Paulo。"),
    "languages": _("写名称，用顿号隔开，例如“普通话、粤语、葡萄牙语”。"),
    "services": _("写事项目录里的名称，用顿号隔开。"),
    "longitude": _("度数，例如 112.79381。"),
    "latitude": _("度数，例如 22.25107。"),
    "opened_on": _("例如 2019-05-20。"),
    "closed_on": _("例如 2026-11-20；没有撤销就空着。"),
    "checked_on": _("例如 2026-11-20。"),
}
"""What may stand in a cell of a column."""
DONE_ABOUT: Wording = {
    "formula": _("在表格软件里把公式换成数值，再上传。"),
    "too_long": _("缩短后再上传。"),
    "twice": _("只留一行，再上传。"),
    "elsewhere": _("换一个代码，或者请保管它的单位来改。"),
    "parent_wrong": _("先改好上级那一行。"),
    "loop": _("请检查这几行的上级代码。"),
    "several_places": _("请从市、县写起，例如“江门市台山市白沙镇”。"),
    "half_coordinates": _("两格都写，或者都空着。"),
    "closed_before": _("请核对两个日期。"),
}
"""What to do about a fault, where it is not said by what the column accepts."""
REFUSALS: Wording = {
    "not_a_workbook": _("只接收 .xlsx 文件。请下载模板，在模板里填写。"),
    "no_header": _("没有一张工作表有“代码”“种类”“名称”这几个栏目。请下载模板，在模板里填写。"),
    "no_rows": _("表头下面没有内容。"),
}


def refusal_words(why: RollRefused) -> str:
    """Why a file cannot be taken, and what to do."""
    said = str((REFUSALS | dict(OF_ANY_FILE))[why.code])  # type: ignore[operator]
    return said % why.data if why.data else said


def called(wording: Wording, tokens: Sequence[str]) -> str:
    """Several tokens in words, as a list."""
    return gettext("、").join(str(wording.get(one, one)) for one in tokens)


def hours_words(hours: Kept) -> str:
    """Office hours in the reader's language."""
    parts = []
    for first, last, spans in runs(hours):
        days = str(WEEKDAYS[first])
        if last != first:
            days = gettext("%(first)s至%(last)s") % {"first": days, "last": WEEKDAYS[last]}
        parts.append(f"{days} {gettext('，').join(spans)}")
    return gettext("；").join(parts)
