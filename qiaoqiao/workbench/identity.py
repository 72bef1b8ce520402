"""Who a case is about, as the bar on top of its page says it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.parties.models import Mandate, Person

LANGUAGES = {
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
    "en": "English",
    "es": "Español",
    "pt": "Português",
}
PAPERS = {
    "passport": gettext_lazy("中国护照"),
    "resident_card": gettext_lazy("居民身份证"),
    "travel_document": gettext_lazy("旅行证或通行证"),
    "foreign_passport": gettext_lazy("外国护照"),
    "other": gettext_lazy("其他证件"),
}
RELATIONS = {
    "relative": gettext_lazy("亲属"),
    "friend": gettext_lazy("朋友或邻居"),
    "lawyer": gettext_lazy("律师或受托人"),
    "station": gettext_lazy("侨胞之家、联络站工作人员"),
    "other": gettext_lazy("其他"),
}


@dataclass(frozen=True)
class Who:
    """The person of the case; contacts are whole only for offices that sit at it."""

    name: str
    latin_name: str
    country: str
    zone: str
    language: str
    language_tag: str
    email: str
    phone: str
    papers: tuple[str, ...]
    helper: bool
    helped: str
    representatives: tuple[str, ...]
    consent: str


def who(file: CaseFile, language: str) -> Who:
    person, mandate = file.case.person, file.case.mandate
    seated = file.seated()
    helper = mandate.agent if mandate else None
    reached = person if person.email or person.phone or helper is None else helper
    return Who(
        name=person.name,
        latin_name=person.latin_name,
        country=country_name(person.country, language) if person.country else "",
        zone=person.timezone,
        language=LANGUAGES.get(person.language, person.language),
        language_tag=person.language,
        email=reached.email if seated else hidden(reached.email),
        phone=reached.phone if seated else hidden(reached.phone),
        papers=tuple(f"{PAPERS.get(one.kind, one.kind)} …{one.tail}" for one in file.identities),
        helper=helper is not None,
        helped=_helped(helper, mandate) if helper and mandate else "",
        consent=_consent(file),
        representatives=tuple(str(one) for one in file.case.facts.get("representatives", [])),
    )


def _consent(file: CaseFile) -> str:
    """What the person agreed to when filing; nothing where no consent was recorded."""
    filed = next((step.facts.get("consent") for step in file.steps if step.kind == "filed"), None)
    if not isinstance(filed, Mapping) or not filed:
        return ""
    return _("已同意，含敏感信息") if filed.get("sensitive") else _("已同意")


def _helped(helper: Person, mandate: Mandate) -> str:
    """Who files for the person, as what, and how the person agreed."""
    relation = str(RELATIONS.get(mandate.relation, mandate.relation))
    facts = {"name": _named(helper), "relation": relation, "evidence": mandate.evidence}
    return (
        _("%(name)s（%(relation)s，%(evidence)s）") if mandate.evidence else _("%(name)s（%(relation)s）")
    ) % facts


def _named(person: Person) -> str:
    return (
        _("%(name)s（%(latin)s）") % {"name": person.name, "latin": person.latin_name}
        if person.latin_name
        else person.name
    )


def hidden(contact: str) -> str:
    """A contact of which only the ends are shown."""
    if len(contact) < 6:
        return "•••" if contact else ""
    return f"{contact[:2]}•••{contact[-3:]}"
