"""Asking for a correction and deciding a request: the forms, and old and new in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.parties import correcting, wording
from qiaoqiao.parties.models import Change, File
from qiaoqiao.parties.rules import STANDINGS
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.faults import fault_words

MOST_TYPED = 20_000
COUNTRIES = ("origin", "citizenship")
OUTCOMES: Mapping[str, Any] = {
    "done": gettext_lazy("同意，照办"),
    "refused": gettext_lazy("不同意"),
}
OF_DELETION: Mapping[str, Any] = {
    "erased": gettext_lazy("同意，永久删除档案内容"),
    "frozen": gettext_lazy("法律要求保留，先冻结，不再使用"),
    "refused": gettext_lazy("不同意"),
}


def value_words(word: str, value: object, language: str) -> str:
    """What a field says, as people say it; "" for nothing."""
    if isinstance(value, dict):
        value = value.get("tail", "")
    text = str(value or "")
    if not text:
        return ""
    if word in COUNTRIES:
        return country_name(text, language) or text
    if word == "document":
        return _("尾号 %(tail)s") % {"tail": text}
    named: Mapping[str, wording.Wording] = {
        "sex": wording.SEXES,
        "standing": wording.STANDINGS,
        "need": wording.NEEDS,
        "member": wording.RELATIONS,
    }
    return wording.said(named[word], text) if word in named else text


@dataclass(frozen=True)
class Pair:
    """One field of a correction: what the file says, and what is wanted; `ends` when the fact is to end."""

    label: str
    old: str
    new: str
    ends: bool


def pairs_of(change: Change, before: Mapping[str, str], language: str) -> list[Pair]:
    """Old and new side by side; `before` is what columns said before a correction that was carried out."""
    found = []
    for name, value in change.wanted.items():
        word = name.partition(":")[0]
        old = before.get(name, correcting.now_of(change.file, name))
        found.append(
            Pair(
                wording.said(correcting.LABELS, word),
                value_words(word, old, language),
                value_words(word, value, language),
                ends=not value,
            )
        )
    return found


def field_choices(file: File, today: Any, language: str) -> list[tuple[str, str, str]]:
    """What can be corrected: (field, its name, what it says now)."""
    return [
        (name, wording.said(correcting.LABELS, word), value_words(word, value, language))
        for name, value in correcting.choices_of(file, on=today)
        for word in [name.partition(":")[0]]
    ]


class AskForm(forms.Form):
    """A correction of one field: the new value, why, and the proof."""

    over = forms.BooleanField(label=gettext_lazy("这一项不再成立，只要结束它"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("为什么要更正"), max_length=MOST_TYPED, widget=forms.Textarea(), required=False
    )
    evidence = forms.FileField(
        label=gettext_lazy("证明（照片或扫描件）"),
        required=False,
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, word: str, data: Any = None, files: Any = None, *, named: bool, language: str) -> None:
        super().__init__(data, files)
        self.word = word
        fields = {"value": self._value(word, language), **self.fields}
        if not named and word not in correcting.COLUMNS:
            del fields["over"]
        if word in correcting.ENDED_ONLY:
            del fields["value"]
        self.fields = fields

    def _value(self, word: str, language: str) -> forms.Field:
        label = _("改成")
        if word == "sex":
            return forms.ChoiceField(
                label=label, choices=list(wording.SEXES.items()), widget=forms.RadioSelect, required=False
            )
        if word == "standing":
            choices = [("", _("请选择")), *((one, wording.STANDINGS[one]) for one in STANDINGS)]
            return forms.ChoiceField(label=label, choices=choices, required=False)
        if word in COUNTRIES:
            return forms.ChoiceField(label=label, choices=country_choices(language), required=False)
        hints = {
            "born": _("写年、年-月或年-月-日，例如 1951-02-03"),
            "return_year": _("四位数字，例如 1978"),
            "phone": _("只写数字，国外号码带国家代码，例如 +58 412 555 0123"),
        }
        return forms.CharField(
            label=label, max_length=MOST_TYPED, required=False, help_text=hints.get(word, "")
        )

    def wanted(self) -> str:
        """The new value; "" to end the fact."""
        said = self.cleaned_data
        if said.get("over") or "value" not in self.fields:
            return ""
        value = str(said.get("value") or "")
        return value.replace(" ", "") if self.word in {"phone", "born", "return_year"} else value

    def take(self, faults: Mapping[str, str]) -> None:
        """Put each fault of the action beside its field, in words."""
        for name, fault in faults.items():
            field = name if name in self.fields else "value" if "value" in self.fields else None
            if fault == "same":
                said = _("这和档案里现在的一样，没有要改的。")
            elif name == "evidence":
                said = _("请附上证明。改核实过的内容，要有证明，再由另一个人决定。")
            elif self.word == "born" and fault == "malformed":
                said = _("没有这一天，或写法不对。请写年、年-月或年-月-日，例如 1951-02-03。")
            elif self.word == "return_year" and fault == "malformed":
                said = _("请写四位数字的年份，例如 1978。")
            else:
                label = str(self.fields[field].label) if field else ""
                most = 400 if name == "reason" else correcting.LONGEST.get(self.word, 120)
                said = fault_words(fault, label, field=self.word, most=most)
            self.add_error(field, said)

    @property
    def blank(self) -> bool:
        """Whether neither a new value nor an end was given."""
        said = self.cleaned_data
        return "value" in self.fields and not said.get("over") and not said.get("value")


class DecideForm(forms.Form):
    """Agree or not, and in words why not."""

    outcome = forms.ChoiceField(label=gettext_lazy("同意吗"), widget=forms.RadioSelect, required=False)
    words = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=MOST_TYPED,
        widget=forms.Textarea(),
        required=False,
        help_text=gettext_lazy("不同意时必须写明理由，本人会读到"),
    )

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data)
        outcomes = OF_DELETION if kind == "delete" else OUTCOMES
        self.fields["outcome"].choices = list(outcomes.items())  # type: ignore[attr-defined]

    def take(self, faults: Mapping[str, str]) -> None:
        for name, fault in faults.items():
            if name in {"state", "outcome"}:
                self.add_error("outcome", _("请选择“同意吗”。"))
            elif fault == "missing":
                self.add_error("words", _("请写明理由：不同意要告诉本人为什么。"))
            else:
                self.add_error("words", fault_words(fault, _("答复"), most=400))
