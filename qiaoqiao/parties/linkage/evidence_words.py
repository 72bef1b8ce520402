"""Evidence in plain sentences: one for each level of each comparison, so that a person can judge it."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from qiaoqiao.parties import wording
from qiaoqiao.parties.linkage.comparing import COMPARISONS
from qiaoqiao.parties.linkage.evidence import PRIOR, Item

Said = tuple[Any, ...]

_SURNAMES: Said = (_("姓氏不合"), _("姓氏对不太上"), _("姓氏可能相合"), _("姓氏相合"))
_GIVEN: Said = (_("名字不同"), _("名字对不太上"), _("名字相合"), _("名字相合，而且少见"))
_OF_SURNAME = (0, 1, 1, 2, 2, 3, 3, 3)
_OF_GIVEN = (0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3)

LEVELS: Mapping[str, Said] = {
    "surname": tuple(_SURNAMES[stage] for stage in _OF_SURNAME),
    "given": tuple(_GIVEN[stage] for stage in _OF_GIVEN),
    "foreign": (_("外文名不同"), _("有一个外文名相同"), _("两个外文名都相同")),
    "sex": (_("性别不同"), _("性别相同")),
    "birth": (
        _("出生日期不同"),
        _("出生年份只差一年"),
        _("同月同日，年份不同"),
        _("只有出生年份相同"),
        _("一方只写到年份，年份相同"),
        _("一方只写到月份，年月相同"),
        _("出生年月日有两项相同"),
        _("同月同日，年份差 1、2 或 10 年，像是抄错"),
        _("出生日期只差日月互换"),
        _("出生日期相合：一方是农历，或见于证件号码"),
        _("出生日期相同"),
    ),
    "number": (
        _("身份证号码不同"),
        _("同一国家的证件，号码不同（换发后会变）"),
        _("身份证号码只差一位，而两个号码都有效：多半是两个人"),
        _("证件号码只差一位，像是抄错"),
        _("身份证号码只差一位或相邻两位颠倒，像是抄错"),
        _("有一方的号码遮住了，露出的部分相同"),
        _("证件号码相同"),
        _("身份证号码相同"),
    ),
    "phone": (_("电话不同"), _("电话相同")),
    "home": (_("住址不同"), _("住址相同"), _("户号相同，在同一户")),
    "native": (
        _("祖籍不同省"),
        _("祖籍同省不同县"),
        _("祖籍同省，一方没有写到县"),
        _("祖籍同县"),
        _("祖籍同村"),
    ),
    "parents": (
        _("父母姓名不同"),
        _("父母姓名对不太上"),
        _("父母姓名可能相合"),
        _("父母姓名相合，兄弟姐妹也会这样"),
        _("父母姓名相合，兄弟姐妹也会这样"),
        _("父母姓名相同，兄弟姐妹也会这样"),
    ),
    "spouse": (
        _("配偶是另外一个人"),
        _("配偶姓名对不太上"),
        _("配偶姓名可能相合"),
        _("配偶姓名相合"),
        _("配偶姓名相合"),
        _("配偶姓名相同"),
    ),
    "kinship": (_("没有一方写明另一方是家人"), _("一方是另一方写明的家人：应是两个人")),
}
"""By comparison and level; what each level is stands in `comparing`."""

WHOSE: Mapping[str, Any] = {
    "father": _("一方是另一方写明的父亲：应是两个人"),
    "mother": _("一方是另一方写明的母亲：应是两个人"),
    "spouse": _("一方是另一方写明的配偶：应是两个人"),
}
WHATS: Mapping[str, Any] = {
    "surname": _("姓"), "given": _("名"), "foreign": _("外文名"), "sex": _("性别"), "birth": _("出生日期"),
    "number": _("证件号码"), "phone": _("电话"), "home": _("住址和户"), "native": _("祖籍"), "parents": _("父母"),
    "spouse": _("配偶"), "kinship": _("亲属关系"), PRIOR: _("起点"),
}  # fmt: skip
TOGETHER = _("住在一起，但名字不同：可能是兄弟姐妹或夫妻")
BEFORE = _("起点：只看到有一处相近的两份记录，多半不是同一个人")


def sentence(item: Item, language: str) -> str:
    """One piece of evidence as a sentence."""
    with translation.override(language.lower()):
        return f"{head(item)}{after(item)}"


def head(item: Item) -> str:
    """What the comparison found."""
    match item["what"], item["how"]:
        case "kinship", str(relative) if relative in WHOSE and item["level"]:
            return str(WHOSE[relative])
        case "home", "others" if item["level"]:
            return str(TOGETHER)
        case "prior", _anything:
            return str(BEFORE)
    return str(LEVELS[item["what"]][item["level"]])


def after(item: Item) -> str:
    """What both sides say, where it can be seen at a glance."""
    left, right = item["left"], item["right"]
    if item["what"] == PRIOR or not left or not right:
        return ""
    if item["what"] == "sex":
        left, right = (wording.said(wording.SEXES, one.lower()) for one in (left, right))
    if item["what"] == "number":
        left, right = (str(_("尾号 %(tail)s")) % {"tail": one} for one in (left, right))
    if left == right:
        return str(_("：%(text)s")) % {"text": left}
    spelling = wording.said(wording.SPELLINGS, item["how"]) if item["how"] in wording.SPELLINGS else ""
    both = _("：%(left)s = %(right)s（%(spelling)s）") if spelling else _("：%(left)s / %(right)s")
    return str(both) % {"left": left, "right": right, "spelling": spelling}


def unsaid() -> dict[str, int]:
    """Comparisons that have fewer sentences than levels, with how many they have."""
    return {
        what: len(LEVELS.get(what, ()))
        for what, most in COMPARISONS.items()
        if len(LEVELS.get(what, ())) != most
    }
