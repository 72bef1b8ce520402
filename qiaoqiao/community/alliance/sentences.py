"""What the kinds of entries of offers and referrals mean."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaoqiao.community.alliance.wording import DECLINING, OUTCOMES
from qiaoqiao.community.network.sentences import Told
from qiaoqiao.ledger.queries import Recorded

SAID: Mapping[str, object] = {
    "offer.made": _("登记了一项服务"),
    "offer.changed": _("更改了服务"),
    "offer.closed": _("停止了服务"),
    "referral.asked": _("请当事人同意转介"),
    "referral.refused": _("当事人不同意转介"),
    "referral.agreed": _("当事人同意转介"),
    "referral.sent": _("把有限的预览发给了对方"),
    "referral.opened": _("对方打开了链接"),
    "referral.accepted": _("对方接受了转介"),
    "referral.declined": _("对方没有接受转介"),
    "referral.done": _("对方回复了结果"),
    "referral.withdrawn": _("撤回了转介，链接失效"),
    "referral.renewed": _("换了新的链接，旧的失效"),
    "referral.expired": _("链接过期，对方没有答复"),
    "referral.lapsed": _("链接过期，对方没有回复结果，不再看得到联系方式"),
}


def told(entry: Recorded, officers: Mapping[str, str]) -> Told:
    """An entry in words; `officers` are names by ledger name."""
    facts = entry.facts or {}
    reason, answered_by = str(facts.get("reason") or ""), str(facts.get("by") or "")
    parts = [str(DECLINING.get(reason) or OUTCOMES.get(reason) or ""), str(facts.get("words") or "")]
    by = answered_by or officers.get(entry.actor, "")
    return Told(str(SAID.get(entry.kind, entry.kind)), entry.at, by, gettext("；").join(filter(None, parts)))
