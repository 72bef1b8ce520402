"""An organisation's data as a form: each answer is read as a workbook's cell is, and refused in the same words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.access.models import Office, Place
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.network import hours
from qiaoqiao.community.network.entered import LONGEST, TOKENS, Entered
from qiaoqiao.community.network.gazetteer import Gazetteer
from qiaoqiao.community.network.judging import Wrong, cell, whole
from qiaoqiao.community.network.wording import ACCEPTED, COLUMNS, DONE_ABOUT, FAULTS, KINDS
from qiaoqiao.parties.wording import LANGUAGES
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.places import name_of
from qiaoqiao.ui.zones import zone_choices
from qiaoqiao.workbench.filtering import QuickSelect
from qiaoqiao.workbench.network.listing import grouped

FIRST = (
    "code",
    "kind",
    "name",
    "parent",
    "place",
    "country",
    "address",
    "phone",
    "email",
    "hours",
    "languages",
    "services",
)
REQUIRED = {"code", "kind", "name"}
MOST_TYPED = 1000


def fault_words(column: str, fault: str) -> str:
    """What is wrong and what is accepted."""
    todo = DONE_ABOUT.get(fault) or ACCEPTED.get(column, "")
    return f"{FAULTS[fault]}{_('。')}{todo}"


class OrganisationForm(forms.Form):
    """The columns of a workbook as fields, and which office keeps it when there are several."""

    def __init__(
        self,
        data: Any,
        *,
        language: str,
        places: Sequence[Place],
        keepers: Sequence[Office] = (),
        given: Entered | None = None,
    ) -> None:
        super().__init__(data, initial=typed(given) if given else {"country": "CN"})
        self.places = Gazetteer({one.code: one.code for one in places})
        if len(keepers) > 1:
            named = [(str(one.pk), name_of(one.names, language)) for one in keepers]
            self.fields["keeper"] = forms.ChoiceField(
                label=_("由哪个单位保管"), choices=[("", _("请选择")), *named], widget=QuickSelect
            )
        for column in (*FIRST, *(one for one in TOKENS if one not in FIRST)):
            zone = str(self.data.get("zone") or self.initial.get("zone") or "")
            self.fields[column] = field_of(column, language, places, zone)
        self.entered: Entered | None = None

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in FIRST or name == "keeper"]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in FIRST and name != "keeper"]

    def clean(self) -> dict[str, Any]:
        """Read every answer as a cell; then the whole."""
        said: dict[str, Any] = {}
        for column in TOKENS:
            answer = self.cleaned_data.get(column)
            if column in {"languages", "services"}:
                said[column] = list(answer or [])
                continue
            try:
                said[column] = cell(column, str(answer or "").replace("\x00", "").strip(), self.places)
            except Wrong as why:
                if column not in self.errors:
                    self.add_error(column, fault_words(column, str(why)))
        if not self.errors:
            self.entered = Entered(**said)
            for column, fault, _value in whole(self.entered):
                self.add_error(column, fault_words(column, fault))
        return self.cleaned_data


def typed(given: Entered) -> dict[str, Any]:
    """An organisation's data as they are typed."""
    return {token: getattr(given, token) for token in TOKENS} | {"hours": hours.write(given.hours)}


def field_of(column: str, language: str, places: Sequence[Place], known_zone: str = "") -> forms.Field:
    label, required = COLUMNS[column], column in REQUIRED
    choices: Mapping[str, Any] = {
        "kind": [("", _("请选择")), *KINDS.items()],
        "place": [("", _("请选择")), *grouped(places, language)],
        "country": country_choices(language),
        "zone": zone_choices(timezone.now(), known_zone),
    }
    if column in choices:
        return forms.ChoiceField(
            label=label, choices=choices[column], required=required, widget=QuickSelect,
            help_text=HINTS.get(column, ""),
        )  # fmt: skip
    if column in {"languages", "services"}:
        offered = (
            list(LANGUAGES.items())
            if column == "languages"
            else [(entry.id, words(entry.name, language)) for entry in current()]
        )
        return forms.MultipleChoiceField(
            label=label, choices=offered, required=False, widget=forms.CheckboxSelectMultiple
        )
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST.get(column, MOST_TYPED),
        help_text=HINTS.get(column, ACCEPTED.get(column, "")),
        widget=forms.Textarea({"rows": 3}) if column == "about" else forms.TextInput,
    )


HINTS: Mapping[str, Any] = {
    "place": gettext_lazy("境外的组织不选。"),
    "zone": gettext_lazy("境外的组织才选。"),
    "parent": gettext_lazy("写上级组织的代码。没有上级就空着。"),
    "about": gettext_lazy("一两句话：能帮什么、怎么去。"),
    "address": "",
    "name": "",
}


class PostForm(forms.Form):
    """Who holds which post, since when."""

    title = forms.CharField(
        label=gettext_lazy("职务"), max_length=60, help_text=gettext_lazy("例如：主席、站长")
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("公开的电话"), max_length=40, required=False)
    since = forms.DateField(label=gettext_lazy("从哪一天起"), widget=forms.DateInput({"type": "date"}))
