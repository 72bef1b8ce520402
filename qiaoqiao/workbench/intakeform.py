"""The window's form: who asks, by which way, and the entry's questions, on one page with sensible defaults."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.core import get_global
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.access.models import Office
from qiaoqiao.casework.promising import lead_office, not_kept, waited_for
from qiaoqiao.casework.sentences import UNITS
from qiaoqiao.catalogue.entry import Entry, FormField, words
from qiaoqiao.parties.rules import Applicant
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.entryforms import Answers, JudgedForm, SectionForm, plain, section_answers
from qiaoqiao.ui.places import Atlas
from qiaoqiao.workbench.identity import PAPERS, RELATIONS

CHANNELS = {"counter": gettext_lazy("到窗口"), "phone": gettext_lazy("来电"), "letter": gettext_lazy("来信")}
WHO = (
    "channel",
    "name",
    "phone",
    "email",
    "country",
    "language",
    "latin_name",
    "identity_kind",
    "identity_number",
)
HELPER = ("helper_name", "helper_phone", "relation", "evidence")
BY_HAND, LATER = "handed", "later"
# Where most people of a country live, when it has several zones; others take the first of the zone table.
USUAL_ZONES = {
    "AR": "America/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "US": "America/New_York",
}


class WhoForm(JudgedForm):
    """The person at the window or on the line; what is not known yet is left out."""

    def __init__(
        self, answers: Answers, *, entry: Entry, language: str, faults: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(answers, faults)
        self.fields["channel"] = _radios(_("怎么来的"), list(CHANNELS.items()))
        self.fields["name"] = _line(_("姓名"), autofocus=True)
        self.fields["phone"] = _line(_("电话"), required=False, kind="tel")
        self.fields["email"] = _line(_("电子邮件"), required=False, kind="email")
        self.fields["country"] = forms.ChoiceField(label=_("现在住在"), choices=country_choices(language))
        self.fields["language"] = forms.ChoiceField(label=_("书面通知用的语言"), choices=settings.LANGUAGES)
        needed = entry.identity == "required"
        if entry.identity != "none":
            kinds = [("", _("请选择")), *PAPERS.items()]
            self.fields["identity_kind"] = forms.ChoiceField(label=_("证件"), choices=kinds, required=needed)
            self.fields["identity_number"] = _line(_("证件号码"), required=needed)


class HelperForm(JudgedForm):
    """Whoever asks for somebody else."""

    def __init__(self, answers: Answers, faults: Mapping[str, str] | None = None) -> None:
        super().__init__(answers, faults)
        relations = [("", _("请选择")), *RELATIONS.items()]
        self.fields["helper_name"] = _line(_("代办人姓名"), required=False)
        self.fields["helper_phone"] = _line(_("代办人电话"), required=False, kind="tel")
        self.fields["relation"] = forms.ChoiceField(
            label=_("与本人的关系"), choices=relations, required=False
        )
        self.fields["evidence"] = _line(_("本人怎样同意的"), required=False)


@dataclass(frozen=True)
class Window:
    """What the window form holds: about the person, answers to the entry's questions, papers handed over or promised."""

    entry: Entry
    who: Mapping[str, object]
    facts: Mapping[str, object]
    handed: tuple[str, ...] = ()
    later: tuple[str, ...] = ()

    def applicant(self) -> Applicant:
        given = {name: str(self.who.get(name) or "") for name in WHO if name != "channel"}
        zone = zone_of_country(given["country"])
        return Applicant(**given, timezone=zone)

    def helper(self) -> Applicant | None:
        name = str(self.who.get("helper_name") or "")
        phone = str(self.who.get("helper_phone") or "")
        return Applicant(name=name, phone=phone) if name or phone else None


def zone_of_country(country: str) -> str:
    """The time zone in which most people of a country live."""
    known = get_global("territory_zones")
    return USUAL_ZONES.get(country) or next(iter(known.get(country, ())), "Asia/Shanghai")


def read_window(entry: Entry, sent: QueryDict) -> Window:
    who = {name: plain(sent.get(name, "")) for name in (*WHO, *HELPER) if sent.get(name, "").strip()}
    known = {material.id for material in entry.materials}
    handed = tuple(one for one in sent.getlist(BY_HAND) if one in known)
    later = tuple(one for one in dict.fromkeys(sent.getlist(LATER)) if one in known and one not in handed)
    return Window(entry, who, section_answers(entry.fields, sent), handed, later)


def fresh_window(entry: Entry, *, channel: str, office: Office, atlas: Atlas) -> Window:
    """An empty form with what is usual at this window: its own place, Chinese, living in China, named."""
    county = atlas.county_of(office.place_id)
    here = office.place_id if office.level == "township" else county
    facts: dict[str, object] = {one.id: here for one in entry.fields if one.type == "place" and here}
    facts |= {one.id: False for one in entry.fields if one.id == "anonymous"}
    return Window(entry, {"channel": channel, "country": "CN", "language": "zh-hans"}, facts)


def questions(window: Window, *, atlas: Atlas, language: str, faults: Mapping[str, str]) -> SectionForm:
    """The entry's questions, all sections on one page."""
    return SectionForm(
        window.entry, window.entry.fields, window.facts, atlas=atlas, language=language, faults=faults
    )


def papers_handed(window: Window, language: str) -> list[tuple[str, str, str, bool]]:
    """The materials of the entry to tick: id, name, form, and whether ticked."""
    return [
        (one.id, words(one.name, language), words(one.form, language), one.id in window.handed)
        for one in window.entry.materials
    ]


@dataclass(frozen=True)
class Promises:
    """The papers that may come later (容缺受理): who waits, which and how long, and what follows otherwise.

    `papers` are id, words and whether ticked; what is ticked stays, even where this office does not wait for it.
    """

    office: str
    papers: list[tuple[str, str, bool]]
    otherwise: str
    fault: str


def papers_promised(window: Window, language: str, *, refused: bool) -> Promises | None:
    """What may be promised to the office of the place given so far; `refused` when it was and must not be."""
    entry, office = window.entry, lead_office(window.entry, window.facts)
    waits = {one.material.id: one for one in waited_for(entry, office)} if office else {}
    papers = []
    for material in entry.materials:
        name = words(material.name, language)
        if one := waits.get(material.id):
            said = {"paper": name, "length": UNITS[one.unit](one.amount)}
            papers.append((material.id, _("%(paper)s，%(length)s内补交") % said, material.id in window.later))
        elif material.id in window.later:
            papers.append((material.id, name, True))
    if not papers:
        return None
    move = not_kept(entry)
    fault = _("勾选的材料这次不用交，或者负责的单位不接受以后补交。请取消勾选，当面收下或登记后一次告知。")
    return Promises(
        office=words(office.names, language) if office else "",
        papers=papers,
        otherwise=words(move.says, language) if move else "",
        fault=fault if refused else "",
    )


def field_of(entry: Entry, name: str) -> FormField | None:
    return next((one for one in entry.fields if one.id == name), None)


def _line(label: str, *, required: bool = True, kind: str = "text", autofocus: bool = False) -> forms.Field:
    attributes = {"autocomplete": "off"} | ({"inputmode": kind} if kind != "text" else {})
    widget = forms.TextInput(attributes | ({"autofocus": ""} if autofocus else {}))
    return forms.CharField(label=label, required=required, widget=widget)


def _radios(label: str, choices: list[tuple[str, object]]) -> forms.Field:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
