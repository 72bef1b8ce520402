"""The forms of each step of a member, and of the nomination."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.access.models import Office
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.pools import rules, wording
from qiaoqiao.community.pools.models import PoolMember
from qiaoqiao.community.pools.rules import POOLS, PoolKind
from qiaoqiao.parties.rules import PHONE
from qiaoqiao.parties.wording import LANGUAGES, SEXES
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.forms import DateField
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.peopleforms import PartialDateField, line, past, pick

MOST_OFFICES = 300


def long(label: Any, *, most: int = 400, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, widget=forms.Textarea({"rows": 3})
    )


def several(label: Any, words: Mapping[str, Any], hint: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=[*words.items()],
        required=False,
        help_text=hint,
        widget=forms.CheckboxSelectMultiple,
    )


class StepForm(forms.Form):
    """A step of one member; `ask` adds its fields."""

    def __init__(self, data: Any, *, member: PoolMember, language: str, today: date) -> None:
        super().__init__(data)
        self.member, self.language, self.today = member, language, today
        self.pool = POOLS[PoolKind(member.kind)]
        self.ask()

    def ask(self) -> None:
        """Add the step's own fields."""

    def said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").strip()


class ReasonForm(StepForm):
    def ask(self) -> None:
        self.fields["reason"] = long(_("理由"), hint=_("会记入经过，最多 400 字。"))


class ReviewForm(StepForm):
    def ask(self) -> None:
        self.fields["sure"] = forms.BooleanField(
            label=_("已核实：品行、身体条件符合，没有法律规定不得担任的情形"),
            error_messages={"required": _("要核实以后才能通过。")},
        )
        self.fields["note"] = long(_("审查意见（选填）"), required=False)


class PublishForm(StepForm):
    def ask(self) -> None:
        self.fields["from_on"] = DateField(label=_("公示从哪天起"))
        self.fields["until_on"] = DateField(
            label=_("公示到哪天"), help_text=_("法律没有规定公示几天；本单位设定了天数的，不能少于它。")
        )


def appointing_offices(pool: rules.Pool, language: str) -> list[tuple[str, str]]:
    rows = Office.objects.filter(kind__in=sorted(pool.appointed_by)).order_by("path")[:MOST_OFFICES]
    return [(str(one.pk), name_of(one.names, language)) for one in rows]


class TermForm(StepForm):
    """Who appointed, from when, under which decision."""

    def ask(self) -> None:
        offered = appointing_offices(self.pool, self.language)
        self.fields["by"] = pick(_("由哪个单位任命、聘任"), dict(offered), hint=self.hint())
        self.fields["starts_on"] = DateField(label=_("任期从哪天起"))
        self.fields["decision"] = line(_("任命文件的文号（选填）"), most=80, required=False)
        if self.pool.most_terms and self.member.terms.exists():
            self.fields["anew"] = forms.BooleanField(
                label=_("已核实：离任后隔了足够的天数，届数重新计算"),
                required=False,
                help_text=_("法律没有写要隔多久，按本单位设定的天数；不勾就连着算。"),
            )

    def hint(self) -> str:
        if "federation" in self.pool.appointed_by:
            return ""
        return _("侨联只能推荐，这里登记有权单位的任命。") + wording.cited(self.pool.cites("appointed"))

    def office(self) -> Office:
        return Office.objects.get(pk=self.said("by"))


class AppointForm(TermForm):
    def ask(self) -> None:
        super().ask()
        if self.pool.announced:
            hint = _("选任公告至少 %(days)d 个工作日。") % {"days": self.pool.announced}
            self.fields["announced_on"] = DateField(label=_("选任公告从哪天起"))
            self.fields["announced_until"] = DateField(label=_("选任公告到哪天"), help_text=hint)


class QualificationForm(StepForm):
    def ask(self) -> None:
        self.fields["kind"] = pick(_("资格"), wording.QUALIFICATIONS)
        self.fields["years"] = forms.IntegerField(
            label=_("从事几年（选填）"), min_value=0, max_value=80, required=False
        )
        self.fields["issuer"] = line(_("发证单位（选填）"), most=120, required=False)
        self.fields["number"] = line(
            _("证号（选填）"), most=60, required=False, hint=_("加密保存，页面上只显示末四位。")
        )
        self.fields["issued_on"] = DateField(label=_("发证日期（选填）"), required=False)
        self.fields["valid_until"] = DateField(label=_("有效期到（选填）"), required=False)


class TrainingForm(StepForm):
    def ask(self) -> None:
        self.fields["title"] = line(_("培训名称"), most=120)
        self.fields["held_on"] = DateField(label=_("哪天培训的"))
        self.fields["hours"] = forms.DecimalField(
            label=_("学时"), min_value=0.5, max_value=999, decimal_places=1, max_digits=5
        )
        self.fields["organiser"] = line(_("谁办的（选填）"), most=120, required=False)

    def clean_held_on(self) -> date | None:
        day: date | None = self.cleaned_data["held_on"]
        past(day, self.today)
        return day


class PostForm(StepForm):
    def ask(self) -> None:
        self.fields["kind"] = pick(_("任什么职"), wording.POSTS)
        self.fields["where"] = line(_("在哪个单位"), most=120, hint=_("写全称，用来判断要不要回避。"))
        self.fields["since"] = DateField(label=_("从哪天起（选填）"), required=False)


class EngagementForm(StepForm):
    def ask(self) -> None:
        self.fields["role"] = pick(_("做什么"), wording.ROLES)
        self.fields["role"].initial = rules.USUAL_ROLE[self.member.kind]
        self.fields["reference"] = line(
            _("案件编号（选填）"), most=20, required=False, hint=_("您看得到的案件才能写。")
        )
        self.fields["matter"] = line(_("不是案件的，写是什么事"), most=120, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("reference") and not given.get("matter"):
            self.add_error("matter", _("请写案件编号，或者写是什么事。"))
        return given


class ParticularsForm(forms.Form):
    """What may be changed of a member at any time, and is asked at a nomination too."""

    def __init__(
        self,
        data: Any,
        *,
        language: str,
        today: date,
        places: Sequence[tuple[str, Any]],
        stations: Sequence[tuple[str, Any]],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.language, self.today = language, today
        self.ask(dict(places), dict(stations))

    def ask(self, places: dict[str, Any], stations: dict[str, Any]) -> None:
        self.fields["name"] = line(_("姓名"), most=100)
        self.fields["latin_name"] = line(_("拼音或外文姓名"), most=120, required=False)
        self.fields["phone"] = line(_("电话"), most=40, required=False, kind="tel")
        self.fields["email"] = forms.EmailField(label=_("电子邮件"), required=False)
        self.fields["country"] = forms.ChoiceField(
            label=_("住在哪个国家或地区"), choices=country_choices(self.language)
        )
        self.fields["country"].initial = self.initial.get("country", "CN")
        self.fields["place"] = pick(_("服务地区"), places, required=False)
        self.fields["organisation"] = pick(_("委员会、站点"), stations, required=False)
        self.fields["languages"] = several(_("会说的话，可以选几种"), LANGUAGES)
        self.fields["specialties"] = several(_("专长，可以选几种"), wording.SPECIALTIES)

    def clean_phone(self) -> str:
        phone = "".join(char for char in self.cleaned_data["phone"] if char not in " -()")
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError(_("电话只写数字，国外的从 + 和国家号写起。"))
        return phone

    def said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").strip()

    def particulars(self) -> dict[str, Any]:
        """The member's own columns, as the form says them."""
        known = self.cleaned_data
        texts = ("name", "latin_name", "phone", "email", "country")
        return {
            **{name: self.said(name) for name in texts},
            "languages": known["languages"],
            "specialties": known["specialties"],
            "organisation": Organisation.objects.filter(pk=known["organisation"]).first()
            if known["organisation"]
            else None,
        }


class NominationForm(ParticularsForm):
    """Somebody put forward for one pool; asks what the pool's law judges by, and judges it."""

    def __init__(
        self, data: Any, *, kind: PoolKind, keepers: Sequence[tuple[str, str]], **given: Any
    ) -> None:
        self.kind, self.pool, self.keepers = kind, POOLS[kind], dict(keepers)
        super().__init__(data, **given)

    def ask(self, places: dict[str, Any], stations: dict[str, Any]) -> None:
        super().ask(places, stations)
        pool = self.pool
        self.fields["nationality"] = forms.ChoiceField(
            label=_("国籍"), choices=country_choices(self.language), initial="CN"
        )
        self.fields["sex"] = pick(_("性别"), SEXES, required=False)
        self.fields["born"] = PartialDateField(label=_("出生日期"), required=bool(pool.age))
        self.fields["education"] = pick(_("学历"), wording.EDUCATION, required=bool(pool.education))
        if pool.grounds:
            grounds = {one: wording.QUALIFICATIONS[one] for one in pool.grounds}
            self.fields["ground"] = pick(
                _("符合哪一项条件"), grounds, hint=wording.cited(pool.cites("conditions"))
            )
            self.fields["ground_years"] = forms.IntegerField(
                label=_("从事几年"), min_value=0, max_value=80, required=False
            )
        if pool.excluded:
            posts = {one: wording.POSTS[one] for one in rules.OTHER_POSTS}
            self.fields["posts"] = several(
                _("现在还任什么职"), posts, hint=_("有的任职不能同时担任，会马上说明。")
            )
        self.fields["by"] = pick(_("谁提名"), wording.NOMINATED_BY)
        self.fields["reason"] = long(_("推荐理由"), most=1000, hint=_("会写进推荐函。"))
        self.fields["keeper"] = pick(_("由哪个单位保管"), self.keepers)
        if len(self.keepers) == 1:
            self.fields["keeper"].initial = next(iter(self.keepers))

    def clean(self) -> dict[str, Any]:
        """Judge the conditions at once, each beside its field; the action judges them again."""
        given = super().clean() or {}
        candidate = rules.Candidate(
            born=given.get("born") or "",
            nationality=given.get("nationality") or "",
            education=given.get("education") or "",
            ground=given.get("ground") or "",
            ground_years=given.get("ground_years") or 0,
            posts=given.get("posts") or (),
        )
        for one in rules.unmet(self.kind, candidate, on=self.today):
            if one.field not in self.errors:
                self.add_error(one.field, wording.refusal(one))
        return given


STEP_FORMS: Mapping[str, type[StepForm]] = {
    "review": ReviewForm,
    "publish": PublishForm,
    "appoint": AppointForm,
    "refuse": ReasonForm,
    "renew": TermForm,
    "suspend": ReasonForm,
    "resume": ReasonForm,
    "remove": ReasonForm,
    "resign": ReasonForm,
    "nominate": ReasonForm,
    "qualification": QualificationForm,
    "training": TrainingForm,
    "post": PostForm,
    "engagement": EngagementForm,
}
DONE: Mapping[str, Any] = {
    "review": gettext_lazy("已审查通过。"),
    "publish": gettext_lazy("已登记公示。"),
    "appoint": gettext_lazy("已登记任命。"),
    "renew": gettext_lazy("已续任。"),
    "suspend": gettext_lazy("已暂停履职，今天以后的值班已撤下。"),
    "resume": gettext_lazy("已恢复履职。"),
    "remove": gettext_lazy("已免去。"),
    "resign": gettext_lazy("已登记辞任。"),
    "refuse": gettext_lazy("已登记提名未通过。"),
}
"""What is said after a step; the others say that it is saved."""
