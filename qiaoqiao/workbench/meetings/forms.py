"""Forms of joint meetings."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.access.models import Office
from qiaoqiao.catalogue.entry import words
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.services.joint.actions.planning import Plan
from qiaoqiao.services.joint.models import Meeting
from qiaoqiao.ui.forms import DateField

FIVE = ("federation", "overseas_affairs", "congress_committee", "consultative_committee", "zhigong")
"""The five bodies for overseas Chinese (五侨)."""


def text(label: Any, most: int, *, required: bool = True, hint: Any = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, widget=widget)


def named(offices: Sequence[Office], language: str) -> list[tuple[str, str]]:
    return [(str(one.pk), words(one.names, language)) for one in offices]


class PlanForm(forms.Form):
    """When, where and under which title; the hour is Beijing's."""

    title = text(gettext_lazy("会议名称"), 80)
    day = DateField(label=gettext_lazy("哪一天"))
    hour = forms.TimeField(
        label=gettext_lazy("几点（北京时间）"),
        help_text=gettext_lazy("例如 14:30"),
        widget=forms.TimeInput({"inputmode": "numeric"}),
        error_messages={"invalid": gettext_lazy("请写成 14:30 这样。")},
    )
    place = text(gettext_lazy("地点"), 120, required=False)
    link = text(
        gettext_lazy("线上入口"), 200, required=False, hint=gettext_lazy("会议号或地址，给不能到场的单位。")
    )

    @property
    def plan(self) -> Plan:
        """What was asked for, once the form is valid."""
        known = self.cleaned_data
        hour: time = known["hour"]
        starts = datetime.combine(known["day"], hour, SHANGHAI)
        return Plan(known["title"], starts, known["place"], known["link"])


def plan_of(meeting: Meeting) -> dict[str, Any]:
    """A meeting as the form shows it before it is changed."""
    local = meeting.starts_at.astimezone(SHANGHAI)
    return {
        "title": meeting.title,
        "day": local.date(),
        "hour": f"{local:%H:%M}",
        "place": meeting.place,
        "link": meeting.link,
    }


class NewForm(PlanForm):
    """A new meeting: also who convenes it and who is invited."""

    def __init__(self, data: Any, *, own: Sequence[Office], others: Sequence[Office], language: str) -> None:
        super().__init__(data)
        host = forms.TypedChoiceField(label=_("由哪个单位召集"), coerce=int, choices=named(own, language))
        self.fields = {"office": host, **self.fields}
        self.fields["offices"] = invited_field(others, language, required=True)
        five = [str(one.pk) for one in others if one.kind in FIVE and one.place_id == own[0].place_id]
        self.fields["offices"].initial = five


class InviteForm(forms.Form):
    """More offices to invite."""

    def __init__(self, data: Any, *, others: Sequence[Office], language: str) -> None:
        super().__init__(data)
        self.fields["offices"] = invited_field(others, language, required=True)


def invited_field(
    others: Sequence[Office], language: str, *, required: bool
) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("邀请哪些单位"),
        coerce=int,
        required=required,
        choices=named(others, language),
        widget=forms.CheckboxSelectMultiple,
    )


class ReasonForm(forms.Form):
    """Why a meeting is called off, or a resolution taken back."""

    def __init__(self, data: Any, *, label: str, most: int, name: str = "reason") -> None:
        super().__init__(data)
        self.fields[name] = text(label, most, rows=4)


class AnswerForm(forms.Form):
    """Whether an office comes, and whom it sends."""

    answer = forms.ChoiceField(
        label=gettext_lazy("能参加吗"),
        choices=[("yes", gettext_lazy("参加")), ("no", gettext_lazy("不能参加"))],
        widget=forms.RadioSelect,
    )
    name = text(gettext_lazy("谁来参加"), 60, required=False, hint=gettext_lazy("不能参加就不用填。"))
    note = text(gettext_lazy("要说明的"), 200, required=False)


class ItemForm(forms.Form):
    """Something to talk about; a case comes along by its reference."""

    title = text(gettext_lazy("议题"), 120, hint=gettext_lazy("所有参会单位都看得到，请不要写当事人的姓名。"))
    note = text(gettext_lazy("说明"), 1000, required=False, rows=3)


class DecideForm(forms.Form):
    """What was resolved: which office does what by when."""

    def __init__(self, data: Any, *, offices: Sequence[Office], language: str) -> None:
        super().__init__(data)
        self.fields["text"] = text(
            _("议定的事"), 2000, rows=4, hint=_("所有参会单位都看得到，请不要写当事人的姓名。")
        )
        self.fields["office"] = forms.TypedChoiceField(
            label=_("由哪个单位办"), coerce=int, choices=[("", _("请选择")), *named(offices, language)]
        )
        self.fields["due_on"] = DateField(label=_("最后一天"))


class MinutesForm(forms.Form):
    """What was said."""

    text = text(
        gettext_lazy("纪要"),
        20_000,
        rows=16,
        hint=gettext_lazy("议定的事不用再抄，打印时会附上。请不要写当事人的姓名。"),
    )
