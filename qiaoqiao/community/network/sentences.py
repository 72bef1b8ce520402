"""What happened to an organisation, said in plain sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaoqiao.community.network.wording import COLUMNS, called
from qiaoqiao.ledger.queries import Recorded

SAID: Mapping[str, object] = {
    "organisation.founded": _("登记了这个组织"),
    "organisation.changed": _("更改了资料"),
    "organisation.closed": _("撤销了这个组织"),
    "organisation.reopened": _("恢复了这个组织"),
    "organisation.post_began": _("公布了一个职务"),
    "organisation.post_ended": _("一个职务结束了"),
    "network.looked": _("试看了一个文件"),
    "network.imported": _("导入了一个文件"),
}


@dataclass(frozen=True)
class Told:
    """One moment of an organisation's history, or of its referrals."""

    title: str
    at: datetime
    by: str = ""
    text: str = ""


def told(entry: Recorded, officers: Mapping[str, str]) -> Told:
    """An entry in words; `officers` are names by ledger name."""
    facts = entry.facts or {}
    changed = facts.get("changed")
    text = ""
    if isinstance(changed, list):
        text = gettext("改了：%(what)s") % {"what": called(COLUMNS, [str(one) for one in changed])}
    elif facts.get("title"):
        text = str(facts["title"])
    if facts.get("upload"):
        text = f"{text}{gettext('；') if text else ''}{gettext('从 Excel 文件导入')}"
    return Told(str(SAID.get(entry.kind, entry.kind)), entry.at, officers.get(entry.actor, ""), text)
