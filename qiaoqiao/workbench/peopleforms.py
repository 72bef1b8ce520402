"""Pieces of the forms about people: days known in part, and one small form for each kind of fact."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.access.models import Office
from qiaoqiao.lib.words import fold, is_han, runs
from qiaoqiao.parties import wording
from qiaoqiao.parties.actions.files import document
from qiaoqiao.parties.models import Address, Citizenship, Contact, Kin, Name, Need, Standing
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.rules import EMAIL, PHONE
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.forms import TO_HALF_WIDTH, DateField, DateParts
from qiaoqiao.ui.places import name_of

FIRST_YEAR = 1880
WORDS = {"autocomplete": "off"}


class PartialDateField(DateField):
    """A birth date of which perhaps only the year, or the year and month, are known; gives YYYY[-MM[-DD]]."""

    widget = DateParts

    def clean(self, value: Any) -> str:  # type: ignore[override]
        typed = [str(part or "").strip().translate(TO_HALF_WIDTH) for part in value or ["", "", ""]]
        if not any(typed):
            return ""
        year, month, day = typed
        if not year or (day and not month):
            raise ValidationError(_("请至少填年份；填了日，也要填月。"), code="missing")
        self.read([year, month or "1", day or "1"])
        if not int(year) >= FIRST_YEAR:
            raise ValidationError(self.error_messages["year"], code="year")
        parts = [f"{int(year):04d}", *(f"{int(part):02d}" for part in (month, day) if part)]
        return "-".join(parts)


def past(day: date | str | None, today: date) -> None:
    """Raise for a day that has not come yet."""
    if day and str(day) > today.isoformat():
        raise ValidationError(_("这一天还没有到。"), code="future")


def line(label: Any, *, most: int, required: bool = True, hint: Any = "", kind: str = "") -> forms.CharField:
    widget = forms.TextInput(WORDS | ({"inputmode": kind} if kind else {}))
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, widget=widget, strip=True
    )


def pick(label: Any, words: Mapping[str, Any], *, required: bool = True, hint: Any = "") -> forms.ChoiceField:
    choices = [("", gettext_lazy("请选择")), *words.items()]
    return forms.ChoiceField(label=label, choices=choices, required=required, help_text=hint)


def script_of(text: str) -> str:
    """In which script a name is written: hans, hant, latin or other."""
    if any(is_han(run) for run in runs(text)):
        return "hant" if any(is_han(char) and fold(char) != char for char in text) else "hans"
    return "latin" if any(char.isalpha() and ord(char) < 0x250 for char in text) else "other"


class FactForm(forms.Form):
    """What is written down of one fact: what it says, since when, and how it is known."""

    kind = ""
    must_prove = False

    def __init__(self, data: Any = None, *, language: str, today: date, offices: list[Office]) -> None:
        super().__init__(data)
        self.language, self.today, self.offices = language, today, offices
        self.ask()
        self.fields["since"] = DateField(label=_("从哪天起（选填）"), required=False)
        self.fields["proof"] = line(
            _("怎么知道的"),
            most=200,
            required=self.must_prove,
            hint=_("例如：看了户口簿原件；本人电话里说的"),
        )

    def ask(self) -> None:
        """Add the kind's own fields."""

    def fact(self) -> Fact:
        """The fact as it was written down; the form is clean."""
        raise NotImplementedError

    @property
    def dated(self) -> dict[str, Any]:
        return {"since": self.cleaned_data["since"], "proof": self.cleaned_data["proof"]}

    def said(self, name: str) -> str:
        return " ".join(str(self.cleaned_data.get(name) or "").split())

    def clean_since(self) -> date | None:
        since: date | None = self.cleaned_data["since"]
        past(since, self.today)
        return since


class NameForm(FactForm):
    kind = "name"

    def ask(self) -> None:
        self.fields["text"] = line(_("姓名"), most=120, hint=_("照原样写，汉字或字母都可以，一次写一种写法"))
        self.fields["called"] = pick(_("这是什么名字"), wording.NAME_KINDS)
        self.fields["spelling"] = pick(_("按哪种话拼写的（字母写的才选）"), wording.SPELLINGS, required=False)

    def fact(self) -> Fact:
        text = self.said("text")
        script = script_of(text)
        spelling = self.said("spelling") if script == "latin" else ""
        return Name(text=text, script=script, spelling=spelling, kind=self.said("called"), **self.dated)


class DocumentForm(FactForm):
    kind, must_prove = "document", True

    def ask(self) -> None:
        self.fields["paper"] = pick(_("证件"), wording.IDENTITY_KINDS)
        self.fields["issuer"] = forms.ChoiceField(
            label=_("发证国家或地区"), choices=country_choices(self.language), required=False
        )
        self.fields["number"] = line(_("证件号码"), most=40, hint=_("号码加密保存，以后只显示末四位"))

    def clean_number(self) -> str:
        number = self.said("number")
        if not any(char.isdigit() for char in number) or len(number) < 4:
            raise ValidationError(_("这不像一个证件号码，请再核对一次。"), code="malformed")
        return number

    def fact(self) -> Fact:
        return document(self.said("paper"), self.said("number"), issuer=self.said("issuer"), **self.dated)


class CitizenshipForm(FactForm):
    kind, must_prove = "citizenship", True

    def ask(self) -> None:
        self.fields["country"] = forms.ChoiceField(label=_("国籍"), choices=country_choices(self.language))

    def fact(self) -> Fact:
        return Citizenship(country=self.said("country"), **self.dated)


class StandingForm(FactForm):
    kind, must_prove = "standing", True

    def ask(self) -> None:
        self.fields["standing"] = pick(
            _("身份"), wording.STANDINGS, hint=_("华侨是中国公民，外籍华人不是；归侨是回国定居的华侨")
        )
        names = {str(office.pk): name_of(office.names, self.language) for office in self.offices}
        self.fields["by"] = pick(_("由哪个单位认定（选填）"), names, required=False)

    def fact(self) -> Fact:
        by = next((office for office in self.offices if str(office.pk) == self.said("by")), None)
        return Standing(kind=self.said("standing"), recognised_by=by, **self.dated)


class AddressForm(FactForm):
    kind = "address"

    def ask(self) -> None:
        self.fields["what"] = pick(_("这是什么地址"), wording.ADDRESS_KINDS)
        self.fields["country"] = forms.ChoiceField(
            label=_("国家或地区"), choices=country_choices(self.language), required=False
        )
        self.fields["text"] = line(_("地址"), most=200, hint=_("照当地的写法写"))

    def fact(self) -> Fact:
        return Address(
            kind=self.said("what"), country=self.said("country"), text=self.said("text"), **self.dated
        )


class ContactForm(FactForm):
    kind = "contact"

    def ask(self) -> None:
        self.fields["way"] = pick(_("联系方式"), wording.CONTACT_KINDS)
        self.fields["value"] = line(_("号码或地址"), most=120, hint=_("国外电话请带国家区号，例如 +58"))
        self.fields["preferred"] = forms.BooleanField(label=_("本人愿意先用这个联系"), required=False)
        self.fields["shared"] = forms.BooleanField(label=_("家里别人也看得到、听得到"), required=False)
        self.fields["wish"] = line(
            _("什么时候、用什么话联系（选填）"),
            most=120,
            required=False,
            hint=_("例如：晚上八点以后，讲台山话"),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        way, value = given.get("way"), "".join(str(given.get("value") or "").split())
        bare = value.translate(str.maketrans("", "", "-().·"))
        if value and way == "phone" and not PHONE.fullmatch(bare):
            self.add_error("value", _("电话只写数字，国外的前面加 + 和国家区号。"))
        elif value and way == "email" and not EMAIL.fullmatch(value):
            self.add_error("value", _("电子邮件地址里要有 @ 和域名，例如 name@example.com。"))
        else:
            given["value"] = bare if way == "phone" else value
        return given

    def fact(self) -> Fact:
        given = self.cleaned_data
        return Contact(
            kind=self.said("way"), value=given["value"], preferred=given["preferred"], shared=given["shared"],
            wish=self.said("wish"), **self.dated,
        )  # fmt: skip


class KinForm(FactForm):
    kind = "kin"

    def ask(self) -> None:
        self.fields["relation"] = pick(_("是本人的什么人"), wording.KIN)
        self.fields["name"] = line(_("姓名（选填）"), most=120, required=False)
        self.fields["country"] = forms.ChoiceField(
            label=_("住在"), choices=country_choices(self.language), required=False
        )

    def fact(self) -> Fact:
        return Kin(
            relation=self.said("relation"), name=self.said("name"), country=self.said("country"), **self.dated
        )


class NeedForm(FactForm):
    kind = "need"

    def ask(self) -> None:
        self.fields["need"] = pick(
            _("需要什么帮助"), wording.NEEDS, hint=_("患病、残疾、生活困难，要本人另外同意才能记")
        )
        self.fields["note"] = forms.CharField(
            label=_("具体情况（选填）"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
        )

    def fact(self) -> Fact:
        return Need(kind=self.said("need"), note=self.cleaned_data["note"].strip(), **self.dated)


class MemberForm(FactForm):
    """Joining a household: written by its own action, since it may begin one."""

    kind = "member"

    def ask(self) -> None:
        self.fields["beside"] = line(
            _("和谁住在一起：那个人的档案编号（选填）"),
            most=20,
            required=False,
            hint=_("例如 QF26-7K3M-9PA。不写就是自己立一户。"),
        )
        self.fields["relation"] = pick(_("和户主是什么关系"), wording.RELATIONS)
        self.fields["register"] = line(_("户号（自己立户时写，选填）"), most=40, required=False)


class SpeakForm(FactForm):
    """Languages stand on the file itself; the form shows those known and takes them all anew."""

    kind = "language"

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        del self.fields["since"], self.fields["proof"]

    def ask(self) -> None:
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("会说的话，可以选几种"),
            choices=list(wording.LANGUAGES.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


KINDS: Mapping[str, type[FactForm]] = {
    form.kind: form
    for form in (
        NameForm, DocumentForm, CitizenshipForm, StandingForm, AddressForm, ContactForm, KinForm, NeedForm, MemberForm,
        SpeakForm,
    )
}  # fmt: skip
ADD: Mapping[str, Any] = {
    "name": gettext_lazy("添一个姓名"),
    "document": gettext_lazy("添一个证件"),
    "citizenship": gettext_lazy("添一个国籍"),
    "standing": gettext_lazy("登记身份"),
    "address": gettext_lazy("添一个地址"),
    "contact": gettext_lazy("添一个联系方式"),
    "member": gettext_lazy("登记和谁住在一起"),
    "kin": gettext_lazy("添一位亲属"),
    "need": gettext_lazy("添一项需要"),
    "language": gettext_lazy("登记会说的话"),
}


class EndForm(forms.Form):
    """Until which day something held."""

    until = DateField(label=gettext_lazy("到哪天为止"))

    def __init__(self, data: Any = None, *, since: date | None, today: date) -> None:
        super().__init__(data, initial={"until": today})
        self.since, self.today = since, today

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        past(until, self.today)
        if self.since and until < self.since:
            raise ValidationError(_("比开始的那天还早，请再核对一次。"), code="before")
        return until
