"""What a file holds, table by table and column by column: shown to the person, or left out for a reason.

A test walks the schema: a table or column that is neither here nor there fails it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from qiaoqiao.parties import wording
from qiaoqiao.parties.models import (
    Address,
    Change,
    Citizenship,
    Consent,
    Contact,
    Document,
    File,
    FileCode,
    FileReach,
    Kin,
    Member,
    Merge,
    Name,
    Need,
    Person,
    Proposal,
    Record,
    Standing,
    Visit,
)

Words = Any
"""A lazy translation."""

WHY_NOT: Mapping[str, Words] = {
    "index": _("由别的内容自动算出，供查找用，没有别的信息"),
    "sealed": _("证件号码加密保存，这里只显示尾号；要看全号，请带证件到窗口"),
    "others": _("是别人的信息，不是您提供的"),
    "officer": _("是工作人员个人的信息；是哪个单位、什么岗位，已经写明"),
    "inside": _("系统内部的编号，没有您的信息"),
    "moved": _("并入的档案，内容都在这份里"),
}
"""Why a column is not given; the reason goes with the copy."""


@dataclass(frozen=True)
class Column:
    """A column the person sees: its label, the words of its tokens, what kind of value it is.

    `read` is false for what only machines make use of: it is in the JSON, not on the page.
    """

    label: Words
    words: wording.Wording | None = None
    country: bool = False
    read: bool = True


@dataclass(frozen=True)
class Part:
    """A table of the file as the person sees it; `withheld` says why other columns are not given."""

    model: type[Model]
    key: str
    title: Words
    columns: Mapping[str, Column]
    withheld: Mapping[str, str] = field(default_factory=dict)


FACT_COLUMNS = ("since", "until", "proof", "record", "added_at")
"""What every dated fact has besides; told as where it comes from and since when."""
STRUCTURE = ("id", "file")

PARTS: tuple[Part, ...] = (
    Part(
        File, "file", _("这份档案"),
        {
            "number": Column(_("档案编号")), "state": Column(_("状态"), wording.FILE_STATES),
            "office": Column(_("保存单位")), "place": Column(_("社区")), "name": Column(_("姓名")),
            "latin_name": Column(_("拉丁字母姓名")), "sex": Column(_("性别"), wording.SEXES),
            "born": Column(_("出生日期")), "died_on": Column(_("去世日期")),
            "standing": Column(_("身份"), wording.STANDINGS),
            "origin": Column(_("侨居国或亲属所在国"), country=True), "return_year": Column(_("回国年份")),
            "country": Column(_("现居国家或地区"), country=True),
            "languages": Column(_("会说的语言"), wording.LANGUAGES), "made_at": Column(_("建立时间")),
            "checked_on": Column(_("上次核对")), "review_on": Column(_("下次核对")),
        },
        {"words": "index", "household": "index", "merged_into": "moved"},
    ),
    Part(
        Name, "names", _("姓名"),
        {
            "text": Column(_("姓名")), "kind": Column(_("种类"), wording.NAME_KINDS),
            "script": Column(_("文字"), wording.SCRIPTS), "spelling": Column(_("拼写"), wording.SPELLINGS),
        },
    ),
    Part(
        Document, "documents", _("证件"),
        {
            "kind": Column(_("种类"), wording.IDENTITY_KINDS),
            "issuer": Column(_("签发国家或地区"), country=True), "tail": Column(_("号码尾号")),
        },
        {"sealed": "sealed", "blind": "index"},
    ),
    Part(Citizenship, "citizenships", _("国籍"), {"country": Column(_("国家"), country=True)}),
    Part(
        Standing, "standings", _("身份"),
        {"kind": Column(_("身份"), wording.STANDINGS), "recognised_by": Column(_("认定单位"))},
    ),
    Part(
        Address, "addresses", _("地址"),
        {
            "kind": Column(_("种类"), wording.ADDRESS_KINDS), "text": Column(_("地址")),
            "country": Column(_("国家或地区"), country=True),
        },
    ),
    Part(
        Contact, "contacts", _("联系方式"),
        {
            "kind": Column(_("种类"), wording.CONTACT_KINDS), "value": Column(_("号码或地址")),
            "preferred": Column(_("优先用这个")), "shared": Column(_("家里别人也看得到")),
            "wish": Column(_("怎样联系")),
        },
    ),
    Part(
        Member, "household", _("家庭"),
        {"household": Column(_("家庭")), "relation": Column(_("与户主关系"), wording.RELATIONS)},
    ),
    Part(
        Kin, "kin", _("亲属"),
        {
            "relation": Column(_("关系"), wording.KIN), "name": Column(_("姓名")),
            "country": Column(_("国家或地区"), country=True),
        },
        {"other": "others"},
    ),
    Part(
        Need, "needs", _("需要的帮助"),
        {"kind": Column(_("需要"), wording.NEEDS), "note": Column(_("说明"))},
    ),
    Part(
        Visit, "visits", _("走访"),
        {
            "visited_at": Column(_("走访时间")), "kind": Column(_("种类"), wording.VISITS),
            "office": Column(_("单位")), "said": Column(_("您说的")), "found": Column(_("走访人看到的")),
        },
        {"key": "inside", "officer": "officer", "companion": "officer"},
    ),
    Part(
        Record, "records", _("名册里的记录"),
        {
            "source": Column(_("名册")), "line": Column(_("第几行")), "theirs": Column(_("名册编号")),
            "name_hanzi": Column(_("姓名")), "name_latin": Column(_("拉丁字母姓名")),
            "surname_latin": Column(_("拉丁字母姓")), "given_latin": Column(_("拉丁字母名")),
            "alias": Column(_("别名")), "sex": Column(_("性别"), {"M": wording.SEXES["m"], "F": wording.SEXES["f"]}),
            "birth_date": Column(_("出生日期")), "birth_calendar": Column(_("历法"), {"lunar": _("农历")}),
            "nationality": Column(_("国籍"), country=True),
            "id_type": Column(_("证件"), wording.PAPERS_OF_RECORDS), "id_tail": Column(_("号码尾号")),
            "phone": Column(_("电话")), "native_place": Column(_("祖籍")), "address": Column(_("地址")),
            "household_no": Column(_("户号")), "record_date": Column(_("登记日期")),
            "more": Column(_("其他内容")), "added_at": Column(_("导入时间")),
        },
        {
            "batch": "inside", "id_sealed": "sealed", "id_blind": "index", "keys": "index", "digest": "index", "began": "inside",
            "father_name": "others", "mother_name": "others", "spouse_name": "others",
        },
    ),
    Part(
        Consent, "consents", _("您同意过的"),
        {
            "purpose": Column(_("用途")), "recipient": Column(_("接收方")),
            "country": Column(_("国家或地区"), country=True), "version": Column(_("文本版本")),
            "language": Column(_("文本语言")), "method": Column(_("怎样同意的"), wording.CONSENT_METHODS),
            "guardian": Column(_("监护人")), "given_at": Column(_("同意时间")),
            "withdrawn_at": Column(_("撤回时间")), "wording": Column(_("文本指纹"), read=False),
        },
        {"given_to": "officer"},
    ),
    Part(
        Change, "changes", _("您或单位提出的请求"),
        {
            "kind": Column(_("种类"), wording.CHANGE_KINDS), "by_person": Column(_("是您提出的")),
            "wanted": Column(_("要改成")), "reason": Column(_("理由")), "evidence_name": Column(_("证明")),
            "asked_at": Column(_("提出时间")), "due_on": Column(_("答复不晚于")),
            "state": Column(_("状态"), wording.CHANGE_STATES), "decided_at": Column(_("答复时间")),
            "answer": Column(_("答复")),
        },
        {"asked_by": "officer", "evidence": "inside", "decided_by": "officer"},
    ),
    Part(
        FileReach, "reach", _("还有哪些单位能看"),
        {"office": Column(_("单位")), "why": Column(_("为什么"), wording.REACH), "until": Column(_("到哪天"))},
    ),
)  # fmt: skip

LEFT_OUT: Mapping[type[Model], Words] = {
    Proposal: _("两份档案像不像同一个人：说到另一份档案，那可能是别人的；结果在“发生过什么”里"),
    Merge: _("档案合并的经过：说到另一份档案；结果在“发生过什么”里"),
    FileCode: _("一次性验证码：不保存号码，过后删除"),
    Person: _("您提交过的申请：用每件申请自己的编号在“查进度”里看"),
}
"""Tables that point to a file and are not in its copy, and why."""
