"""What the fixed words of a person's file are called for people; the tokens themselves stand in `parties.rules`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Wording = Mapping[str, Any]
"""{token: lazy text}. A token that somebody forgot is shown by `said`, never raised."""


def said(wording: Wording, token: str) -> str:
    """What a token is called; one without words stands as it is, so that nothing disappears."""
    return str(wording.get(token, token)) if token else ""


STANDINGS: Wording = {
    "overseas_chinese": _("华侨"),
    "foreign_chinese": _("外籍华人"),
    "returnee": _("归侨"),
    "relative": _("侨眷"),
    "none": _("没有侨的身份"),
}
SEXES: Wording = {"m": pgettext_lazy("sex", "男"), "f": pgettext_lazy("sex", "女")}
NAME_KINDS: Wording = {
    "legal": _("证件上的姓名"),
    "former": _("曾用名"),
    "married": _("婚后姓名"),
    "alias": _("别名"),
    "given": _("外文名"),
    "childhood": _("乳名"),
}
SCRIPTS: Wording = {
    "hans": _("简体汉字"),
    "hant": _("繁体汉字"),
    "latin": _("拉丁字母"),
    "other": _("其他文字"),
}
SPELLINGS: Wording = {
    "pinyin": _("汉语拼音"),
    "wade": _("威妥玛拼音"),
    "hongkong": _("香港拼写"),
    "macao": _("澳门拼写"),
    "cantonese": _("粤语拼写"),
    "toisan": _("台山话拼写"),
    "hokkien": _("闽南话拼写"),
    "dutch": _("荷兰式拼写"),
    "indonesia": _("印尼拼写"),
    "teochew": _("潮州话拼写"),
    "hainan": _("海南话拼写"),
    "hakka": _("客家话拼写"),
    "vietnam": _("越南语拼写"),
}
IDENTITY_KINDS: Wording = {
    "passport": _("中国护照"),
    "resident_card": _("居民身份证"),
    "travel_document": _("旅行证或通行证"),
    "foreign_passport": _("外国护照"),
    "other": _("其他证件"),
}
ADDRESS_KINDS: Wording = {
    "home": _("现住址"),
    "register": _("户籍地址"),
    "native": _("祖籍"),
    "post": _("通信地址"),
}
CONTACT_KINDS: Wording = {"phone": _("电话"), "email": _("电子邮件"), "wechat": _("微信")}
RELATIONS: Wording = {
    "head": _("户主"),
    "spouse": _("配偶"),
    "child": _("子女"),
    "parent": _("父母"),
    "sibling": _("兄弟姐妹"),
    "grandchild": _("孙辈"),
    "grandparent": _("祖辈"),
    "other": _("其他亲属"),
}
"""To the head of the household."""
KIN: Wording = {
    "father": _("父亲"),
    "mother": _("母亲"),
    "spouse": _("配偶"),
    "child": _("子女"),
    "sibling": _("兄弟姐妹"),
    "grandparent": _("祖辈"),
    "grandchild": _("孙辈"),
    "other": _("其他亲属"),
}
NEEDS: Wording = {
    "elderly": _("高龄照料"),
    "alone": _("独居"),
    "illness": _("患病"),
    "disability": _("残疾"),
    "hardship": _("生活困难"),
    "housing": _("住房"),
    "schooling": _("上学"),
    "work": _("就业"),
    "law": _("法律帮助"),
    "kin": _("寻亲、联系亲属"),
}
VISITS: Wording = {
    "festival": _("节日慰问"),
    "routine": _("日常走访"),
    "illness": _("探望病人"),
    "bereavement": _("丧事慰问"),
}
PURPOSES_OF_READING: Wording = {
    "handling": _("办理本人的事"),
    "visit": _("走访"),
    "review": _("核对、更新档案"),
    "linking": _("判断是不是同一个人"),
    "figures": _("统计核对"),
    "request": _("答复本人对档案的请求"),
    "other": _("其他，另写理由"),
}
"""Why an officer opens a file; the person reads the same words."""
SOURCE_KINDS: Wording = {
    "federation": _("侨联登记册"),
    "hukou": _("户籍登记"),
    "cn_passport": _("中国护照登记"),
    "foreign_passport": _("外国护照登记"),
    "court": _("法院名册"),
    "school": _("学校名册"),
    "relief": _("救助名册"),
    "assoc": _("侨团名册"),
}
PAPERS_OF_RECORDS: Wording = {"CNID": _("居民身份证"), "PASSPORT": _("护照")}
"""`Record.id_type`; other values stand as the source writes them."""
FILE_STATES: Wording = {
    "active": _("在用"),
    "frozen": _("已冻结"),
    "merged": _("已并入另一份档案"),
    "erased": _("已删除"),
}
CHANGE_KINDS: Wording = {
    "correct": _("更正"),
    "delete": _("删除"),
    "freeze": _("冻结"),
    "thaw": _("解除冻结"),
    "copy": _("复制"),
}
CHANGE_STATES: Wording = {"open": _("等待答复"), "done": _("已办"), "refused": _("没有同意")}
BANDS: Wording = {"sure": _("几乎可以肯定"), "likely": _("很可能"), "open": _("要仔细看")}
"""How sure the model is that two files are one person."""
PROPOSAL_STATES: Wording = {
    "open": _("等待判断"),
    "later": _("以后再看"),
    "accepted": _("是同一个人"),
    "rejected": _("不是同一个人"),
    "gone": _("已不存在"),
}
BATCH_STATES: Wording = {"looked": _("已试看，未导入"), "done": _("已导入"), "undone": _("已撤回")}
CONSENT_METHODS: Wording = {
    "page": _("本人在网页上"),
    "counter": _("在窗口"),
    "paper": _("书面"),
    "phone": _("电话"),
    "visit": _("上门时"),
}
MADE_FROM: Wording = {
    "counter": _("在窗口建立"),
    "visit": _("走访时建立"),
    "case": _("办件时建立"),
}
"""Where a file came from (`file.made`); anything else is the code of a source."""
REACH: Wording = {
    "case": _("经办本人的一件事"),
    "alliance": _("共建单位"),
    "break_glass": _("写明理由，当天查看"),
}
FACTS: Wording = {
    "name": _("姓名"),
    "document": _("证件"),
    "citizenship": _("国籍"),
    "standing": _("身份"),
    "address": _("地址"),
    "contact": _("联系方式"),
    "member": _("家庭"),
    "kin": _("亲属"),
    "need": _("需要"),
    "visit": _("走访"),
    "consent": _("本人的同意"),
    "language": _("语言"),
}
"""Kinds of facts, as the ledger names them."""
LANGUAGES: Wording = {
    "mandarin": _("普通话"),
    "cantonese": _("粤语"),
    "toisan": _("台山话"),
    "hakka": _("客家话"),
    "hokkien": _("闽南话"),
    "teochew": _("潮州话"),
    "hainan": _("海南话"),
    "zhuang": _("壮语"),
    "vietnamese": _("越南语"),
    "indonesian": _("印尼语"),
    "malay": _("马来语"),
    "thai": _("泰语"),
    "khmer": _("高棉语"),
    "burmese": _("缅甸语"),
    "english": _("英语"),
    "spanish": _("西班牙语"),
    "portuguese": _("葡萄牙语"),
    "french": _("法语"),
}
"""Languages and dialects that `File.languages` may hold."""
