"""The form by which a file is begun."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qiaoqiao.access.models import Place
from qiaoqiao.parties import wording
from qiaoqiao.parties.actions.files import document
from qiaoqiao.parties.models import Address, Contact, Name, Standing
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.rules import PHONE
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.workbench.peopleforms import FIRST_YEAR, WORDS, PartialDateField, line, past, pick, script_of


class PersonForm(forms.Form):
    """A person at the counter, in as few answers as a file needs."""

    name = line(gettext_lazy("姓名"), most=100, hint=gettext_lazy("证件上的写法，汉字或字母都可以"))
    latin_name = line(gettext_lazy("字母写的姓名（选填）"), most=120, required=False)
    other_name = line(
        gettext_lazy("别的姓名（选填）"),
        most=120,
        required=False,
        hint=gettext_lazy("曾用名、别名或乳名，一个"),
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("性别"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("m", pgettext_lazy("sex", "男")), ("f", pgettext_lazy("sex", "女"))],
    )
    born = PartialDateField(
        label=gettext_lazy("出生日期（选填）"),
        required=False,
        help_text=gettext_lazy("只知道年份，就只填年份"),
    )
    country = forms.ChoiceField(label=gettext_lazy("现在住在（选填）"), required=False, initial="CN")
    standing = pick(gettext_lazy("身份（选填）"), wording.STANDINGS, required=False)
    origin = forms.ChoiceField(label=gettext_lazy("侨居国家或地区（选填）"), required=False)
    return_year = forms.IntegerField(
        label=gettext_lazy("回国年份（选填）"),
        required=False,
        min_value=FIRST_YEAR,
        widget=forms.TextInput(WORDS | {"inputmode": "numeric"}),
    )
    paper = pick(gettext_lazy("证件（选填）"), wording.IDENTITY_KINDS, required=False)
    number = line(
        gettext_lazy("证件号码（选填）"),
        most=40,
        required=False,
        hint=gettext_lazy("号码加密保存，以后只显示末四位"),
    )
    phone = line(
        gettext_lazy("电话（选填）"), most=30, required=False, kind="tel",
        hint=gettext_lazy("国外电话请带国家区号，例如 +58"),
    )  # fmt: skip
    address = line(gettext_lazy("现住址（选填）"), most=200, required=False)
    place = forms.ChoiceField(label=gettext_lazy("社区、村（选填）"), required=False)
    office = forms.ChoiceField(label=gettext_lazy("由哪个单位保管"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        language: str,
        today: date,
        offices: list[tuple[str, str]],
        places: list[tuple[str, Any]],
        known: dict[str, str],
    ) -> None:
        super().__init__(data, initial={name: value for name, value in known.items() if value})
        self.today = today
        choices = {
            "origin": country_choices(language),
            "country": country_choices(language),
            "place": [("", _("请选择")), *places],
            "office": offices,
        }
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered
        if len(offices) < 2:
            del self.fields["office"]

    def said(self, name: str) -> str:
        return " ".join(str(self.cleaned_data.get(name) or "").split())

    def clean_born(self) -> str:
        born = str(self.cleaned_data["born"])
        past(born, self.today)
        return born

    def clean_return_year(self) -> int | None:
        year: int | None = self.cleaned_data["return_year"]
        if year and year > self.today.year:
            raise ValidationError(_("这一年还没有到。"), code="future")
        return year

    def clean_phone(self) -> str:
        phone = "".join(char for char in self.said("phone") if char not in " -().·")
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError(_("电话只写数字，国外的前面加 + 和国家区号。"), code="malformed")
        return phone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.said("number") and not self.said("paper"):
            self.add_error("paper", _("请选择这是什么证件。"))
        return given

    def place_of(self) -> Place | None:
        return Place.objects.filter(pk=self.said("place")).first() if self.said("place") else None

    def facts(self) -> list[Fact]:
        """What the file begins with; the form is clean."""
        name, latin, other = self.said("name"), self.said("latin_name"), self.said("other_name")
        names = [(name, "legal"), (latin, "legal"), (other, "alias")]
        found: list[Fact] = [
            Name(text=text, script=script_of(text), kind=kind) for text, kind in names if text
        ]
        if self.said("standing"):
            found.append(Standing(kind=self.said("standing")))
        if self.said("number"):
            found.append(document(self.said("paper"), self.said("number")))
        if self.said("phone"):
            found.append(Contact(kind="phone", value=self.said("phone")))
        if self.said("address"):
            found.append(Address(kind="home", text=self.said("address")))
        return found
