"""Words of the staff pages for stored tokens, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from qiaoqiao.catalogue.entry import Words, words

ROLES = {
    "clerk": _("窗口人员"),
    "handler": _("承办人"),
    "head": _("负责人"),
    "keeper": _("系统管理员"),
}
SEATS = {"lead": _("主办"), "co": _("协办"), "informed": _("知会")}
GREEN = {"abroad": _("境外"), "aged": _("高龄")}
CHANNELS = {
    "web": _("网上"),
    "counter": _("窗口"),
    "phone": _("电话"),
    "letter": _("来信"),
    "api": _("系统对接"),
}
YOU = {"zh-hans": ("您", "当事人"), "zh-hant": ("您", "當事人")}


def told_to_staff(names: Words, language: str) -> str:
    """Words of the catalogue that speak to the person, as the officer reads them: of the person."""
    said = words(names, language)
    return said.replace(*YOU[language]) if language in YOU else said
