"""The forms of an activity."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from qiaoqiao.community.activities import wording
from qiaoqiao.community.activities.actions.holding import Programme
from qiaoqiao.community.activities.models import Activity
from qiaoqiao.ui.forms import DateField
from qiaoqiao.ui.zones import zone_choices
from qiaoqiao.workbench.peopleforms import line, pick
from qiaoqiao.workbench.pools.forms import long

OTHERS = {"zh_hant": "zh-Hant", "en": "en", "es": "es", "pt": "pt"}
HOME = "Asia/Shanghai"
NAMED = {code.replace("-", "_"): name for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
"""The other languages, each by its own name."""


NARROW = {"class": "govuk-input--width-5"}


def clock_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, input_formats=["%H:%M", "%H：%M"], help_text=_("例如 09:30"), widget=forms.TextInput(NARROW),
        error_messages={"invalid": _("请写成 09:30 这样。")},
    )  # fmt: skip


class ProgrammeForm(forms.Form):
    """What an activity is, when and where, who may come."""

    def __init__(
        self, data: Any, *, organisations: list[tuple[str, str]] | None, activity: Activity | None = None
    ) -> None:
        super().__init__(data, initial=known_of(activity) if activity else {"zone": HOME})
        if organisations is not None:
            self.fields["organisation"] = pick(_("哪个组织办"), dict(organisations))
        self.fields["kind"] = pick(_("类型"), wording.KINDS)
        self.fields["title"] = line(_("活动名称"), most=100)
        for name, label in NAMED.items():
            self.fields[name] = line(
                _("活动名称（%(language)s，选填）") % {"language": label}, most=150, required=False
            )
        self.fields["theme"] = long(_("内容（选填）"), required=False)
        self.fields["partners"] = line(_("和谁一起办（选填）"), most=200, required=False)
        self.fields["on"] = DateField(label=_("哪天"))
        self.fields["from_"] = clock_field(_("几点开始"))
        self.fields["to"] = clock_field(_("几点结束"))
        known = zone_choices(timezone.now(), activity.zone if activity else "")[1:]
        self.fields["zone"] = pick(
            _("按哪里的时间"), {HOME: _("北京时间")} | {key: words for key, words in known if key != HOME}
        )
        self.fields["place"] = line(_("地点"), most=200, required=False)
        self.fields["online"] = forms.URLField(
            label=_("网上参加的网址（选填）"), required=False, assume_scheme="https"
        )
        self.fields["open"] = forms.BooleanField(label=_("公开，大家可以报名"), required=False)
        self.fields["capacity"] = forms.IntegerField(
            widget=forms.NumberInput(NARROW),
            label=_("名额（选填）"),
            min_value=1,
            max_value=10_000,
            required=False,
            help_text=_("不填就不限。满了以后报名的排进候补。"),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("from_") and given.get("to") and given["to"] <= given["from_"]:
            self.add_error("to", _("结束要在开始之后。"))
        if not given.get("place") and not given.get("online") and "online" not in self.errors:
            self.add_error("place", _("请写地点，或者网上参加的网址。"))
        return given

    def programme(self) -> Programme:
        given = self.cleaned_data
        others = {language: given[name] for name, language in OTHERS.items() if given[name]}
        return Programme(
            kind=given["kind"],
            names={"zh-Hans": given["title"], **others},
            starts_at=self.moment(given["from_"]),
            ends_at=self.moment(given["to"]),
            **{
                name: given[name]
                for name in ("theme", "partners", "zone", "place", "online", "open", "capacity")
            },
        )

    def moment(self, at: time) -> datetime:
        return datetime.combine(self.cleaned_data["on"], at, tzinfo=ZoneInfo(self.cleaned_data["zone"]))


def known_of(activity: Activity) -> dict[str, Any]:
    """An activity as its form shows it."""
    starts, ends = (at.astimezone(ZoneInfo(activity.zone)) for at in (activity.starts_at, activity.ends_at))
    names: Mapping[str, str] = activity.names
    return {
        "title": names.get("zh-Hans", ""),
        **{name: names.get(language, "") for name, language in OTHERS.items()},
        "on": starts.date(),
        "from_": f"{starts:%H:%M}",
        "to": f"{ends:%H:%M}",
        **{
            name: getattr(activity, name)
            for name in ("kind", "theme", "partners", "zone", "place", "online", "open", "capacity")
        },
    }


class ReasonForm(forms.Form):
    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"] = long(_("理由"), hint=_("报名的人会看到，也会收到通知。"))


class HeldForm(forms.Form):
    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["walk_ins"] = forms.IntegerField(
            widget=forms.NumberInput(NARROW),
            label=_("没有报名、直接来的有几人"),
            min_value=0,
            max_value=100_000,
            initial=0,
        )


class MinutesForm(forms.Form):
    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["text"] = long(_("纪要"), most=8000)
        self.fields["outcome"] = long(_("结果（选填）"), most=1000, required=False)
        self.fields["opinions"] = forms.IntegerField(
            widget=forms.NumberInput(NARROW), label=_("收集意见几条"), min_value=0, max_value=999, initial=0
        )


class PhotoForm(forms.Form):
    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        most = settings.MAX_UPLOAD_BYTES // 1024 // 1024
        self.fields["file"] = forms.FileField(
            label=_("照片"), help_text=_("JPG 或 PNG，不超过 %(most)d MB。") % {"most": most}
        )
        self.fields["caption"] = line(_("说明（选填）"), most=200, required=False)
        self.fields["people_shown"] = forms.IntegerField(
            widget=forms.NumberInput(NARROW),
            label=_("照片里认得出几个人"),
            min_value=0,
            max_value=999,
            help_text=_("有人的照片，要他们同意才能公开。"),
        )


class ConsentForm(forms.Form):
    """Who agreed and how; without it a photo of people stays inside."""

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["by"] = line(_("谁同意的"), most=400, required=False, hint=_("写姓名；都不同意就留空。"))
        self.fields["how"] = pick(_("怎样同意的"), wording.HOW_AGREED, required=False)
        self.fields["on"] = DateField(label=_("哪天同意的"), required=False)
        self.fields["public"] = forms.BooleanField(label=_("公开这张照片"), required=False)


class MaterialForm(forms.Form):
    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        most = settings.MAX_UPLOAD_BYTES // 1024 // 1024
        self.fields["file"] = forms.FileField(
            label=_("材料"), help_text=_("PDF、JPG 或 PNG，不超过 %(most)d MB。") % {"most": most}
        )
        self.fields["public"] = forms.BooleanField(label=_("公开，大家可以下载"), required=False)
