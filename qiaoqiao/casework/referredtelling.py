"""What became of a referral to a partner, as the history of the case tells it."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from qiaoqiao.catalogue.entry import words

TITLES: Mapping[str, Callable[[], str]] = {
    "asked": lambda: _("征求同意：把这件事转介给“%(partner)s”"),
    "refused": lambda: _("没有同意转介给“%(partner)s”"),
    "agreed": lambda: _("同意转介给“%(partner)s”"),
    "sent": lambda: _("已把有限的内容发给“%(partner)s”"),
    "opened": lambda: _("“%(partner)s”打开了转介的链接"),
    "accepted": lambda: _("“%(partner)s”接受了转介，现在看得到联系方式"),
    "declined": lambda: _("“%(partner)s”没有接受转介"),
    "done": lambda: _("“%(partner)s”回复了结果"),
    "withdrawn": lambda: _("撤回了给“%(partner)s”的转介，链接失效"),
    "renewed": lambda: _("给“%(partner)s”换了新的链接"),
    "expired": lambda: _("给“%(partner)s”的链接过期，对方没有答复"),
    "lapsed": lambda: _("给“%(partner)s”的链接过期，对方没有回复结果，不再看得到联系方式"),
}


def referred_words(step: str, facts: Mapping[str, object], language: str) -> tuple[str, tuple[str, ...]]:
    """Title and lines of a step."""
    names = facts.get("partner")
    partner = words(names, language) if isinstance(names, dict) and "zh-Hans" in names else "—"
    title = TITLES[step]() if step in TITLES else _("转介给“%(partner)s”")
    lines = [str(facts[name]) for name in ("by", "words") if facts.get(name)]
    return title % {"partner": partner}, tuple(lines)
