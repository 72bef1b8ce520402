"""The forms of the area: somebody at the counter, and an office's week."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.appointments.actions.publishing import Plan
from qiaoqiao.community.appointments.models import Schedule
from qiaoqiao.community.appointments.rules import WEEKDAYS, SlotKind, WeekWrong, read_spans
from qiaoqiao.community.appointments.wording import KINDS
from qiaoqiao.parties.wording import LANGUAGES
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.entryforms import JudgedForm
from qiaoqiao.ui.forms import DateField

FORM = "staff-booking-form"
FORM_LASTS = timedelta(hours=12)
WEEKDAY_WORDS: Mapping[str, Promise | str] = {
    "mon": gettext_lazy("星期一"),
    "tue": gettext_lazy("星期二"),
    "wed": gettext_lazy("星期三"),
    "thu": gettext_lazy("星期四"),
    "fri": gettext_lazy("星期五"),
    "sat": gettext_lazy("星期六"),
    "sun": gettext_lazy("星期日"),
}


class VisitorForm(JudgedForm):
    """Somebody who stands here or rings up; they need not be reachable."""

    ASKED = ("name", "phone", "email", "language", "country", "about")

    def __init__(
        self, answers: Mapping[str, object], *, at: datetime, faults: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(answers, faults)
        self.fields["name"] = forms.CharField(label=_("姓名"))
        self.fields["phone"] = forms.CharField(
            label=_("电话"), required=False, help_text=_("有电话或电子邮件，才能确认和提醒。")
        )
        self.fields["email"] = forms.CharField(label=_("电子邮件"), required=False)
        self.fields["language"] = forms.ChoiceField(label=_("通知用的语言"), choices=settings.LANGUAGES)
        self.fields["country"] = forms.ChoiceField(
            label=_("现在住在哪个国家或地区"), choices=country_choices(get_language() or "zh-hans")
        )
        self.fields["about"] = forms.CharField(label=_("想办或想问的事"), required=False)


class ScheduleForm(forms.Form):
    """An office's week."""

    def __init__(
        self, data: Any, *, offices: Sequence[Office], language: str, schedule: Schedule | None = None
    ) -> None:
        super().__init__(data, initial=_initial(schedule))
        if schedule is None:
            named = [(office.pk, words(office.names, language)) for office in offices]
            self.fields["office"] = forms.TypedChoiceField(label=_("单位"), coerce=int, choices=named)
        self.fields["kind"] = forms.ChoiceField(
            label=_("方式"), choices=[(one.value, KINDS[one]) for one in SlotKind]
        )
        self.fields["title"] = forms.CharField(
            label=_("名称"), max_length=60, help_text=_("例如：侨务窗口、涉侨税务咨询")
        )
        self.fields["title_en"] = forms.CharField(label=_("英文名称"), max_length=80, required=False)
        for day in WEEKDAYS:
            self.fields[day] = forms.CharField(
                label=str(WEEKDAY_WORDS[day]),
                required=False,
                help_text=_("例如 09:00-12:00，14:30-17:00；空着就是不接待。") if day == "mon" else "",
            )
        self._ask_rules()
        self._ask_about(language)

    def _ask_rules(self) -> None:
        self.fields["make_up"] = forms.ChoiceField(
            label=_("调休上班的周末"),
            required=False,
            choices=[("", _("不接待")), *((day, WEEKDAY_WORDS[day]) for day in WEEKDAYS[:5])],
            help_text=_("选一天，调休上班时按那天的时间接待。法定节假日一律不接待。"),
        )
        self.fields["minutes"] = _whole(_("每次多少分钟"), 5, 480, 30)
        self.fields["places"] = _whole(_("同一时间接待几个人"), 1, 200, 1)
        self.fields["lead_hours"] = _whole(_("最迟提前几小时约"), 0, 720, 24)
        self.fields["cancel_hours"] = _whole(_("最迟提前几小时改期或取消"), 0, 720, 4)
        self.fields["offer_hours"] = _whole(_("空位为候补的人保留几小时"), 1, 168, 12)

    def _ask_about(self, language: str) -> None:
        self.fields["where"] = forms.CharField(
            label=_("地点或怎样开始"),
            max_length=200,
            required=False,
            help_text=_("例如：一楼3号窗口；我们会拨打您留的电话。"),
        )
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("可以说的语言"),
            required=False,
            choices=list(LANGUAGES.items()),
            widget=forms.CheckboxSelectMultiple(),
        )
        services = [(one.id, words(one.name, language)) for one in current()]
        self.fields["services"] = forms.MultipleChoiceField(
            label=_("接待哪些事项"),
            required=False,
            choices=services,
            widget=forms.CheckboxSelectMultiple(),
            help_text=_("一项都不选，就是什么事都可以约。"),
        )
        self.fields["valid_from"] = DateField(label=_("从哪天起"))
        self.fields["valid_until"] = DateField(label=_("到哪天为止"), required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        hours: dict[str, list[str]] = {}
        for day in WEEKDAYS:
            try:
                hours[day] = read_spans(given.get(day) or "")
            except WeekWrong:
                self.add_error(day, _("请写成 09:00-12:00 这样；几段之间用逗号，前后不能重叠。"))
        if not self.errors and not any(hours.values()):
            self.add_error("mon", _("请至少写一天的时间。"))
        first, last = given.get("valid_from"), given.get("valid_until")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("valid_until", _("结束的日子不能早于开始的日子。"))
        given["hours"] = hours
        return given

    def plan(self) -> Plan:
        """What was filled in, as the action wants it."""
        given = self.cleaned_data
        kept = ("minutes", "places", "lead_hours", "cancel_hours", "offer_hours", "make_up", "where", "hours")
        titles = {"zh-Hans": given["title"]} | ({"en": given["title_en"]} if given["title_en"] else {})
        return Plan(
            kind=SlotKind(given["kind"]),
            titles=titles,
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            languages=given["languages"],
            services=given["services"],
            **{name: given[name] for name in kept},
        )


def _whole(label: str, least: int, most: int, usual: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, initial=usual)


def _initial(schedule: Schedule | None) -> dict[str, Any]:
    if schedule is None:
        return {}
    names = ("kind", "make_up", "minutes", "places", "lead_hours", "cancel_hours", "offer_hours", "where")
    said: dict[str, Any] = {name: getattr(schedule, name) for name in names}
    said |= {day: "，".join(schedule.hours.get(day, [])) for day in WEEKDAYS}
    return said | {
        "title": schedule.titles.get("zh-Hans", ""),
        "title_en": schedule.titles.get("en", ""),
        "languages": schedule.languages,
        "services": schedule.services,
        "valid_from": schedule.valid_from,
        "valid_until": schedule.valid_until,
    }
