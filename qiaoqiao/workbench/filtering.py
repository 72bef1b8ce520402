"""The filters over a queue, as a form that an address can carry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any
from uuid import UUID

from django import forms
from django.forms.utils import flatatt
from django.http import Http404, HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.access.models import Office
from qiaoqiao.casework.queues import Filters
from qiaoqiao.catalogue.entry import Entry, Option, Stage, words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.templatetags.ui import field
from qiaoqiao.workbench.words import CHANNELS, told_to_staff

Choices = list[tuple[str, Any]]
OWN, BELOW = "", "below"


class QuickSelect(forms.Select):
    """A select written in one go: Django's own renders a template for each of some 300 options."""

    written = ""
    """The options as markup, where they are the same for everybody."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        inside = self.written or options(self.choices)
        if chosen:
            mark = f'value="{escape(chosen)}"'
            inside = inside.replace(f"{mark}>", f"{mark} selected>", 1)
        given = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return mark_safe(f"<select{given}>{inside}</select>")


def options(choices: Iterable[tuple[Any, Any]]) -> str:
    """Options, or named groups of them, with none chosen."""
    return "".join(
        f'<optgroup label="{escape(key)}">{options(label)}</optgroup>'
        if isinstance(label, list | tuple)
        else f'<option value="{escape(key)}">{escape(label)}</option>'
        for key, label in choices
    )


def choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=QuickSelect)


def offer(form: forms.Form, offered: Mapping[str, Choices]) -> None:
    """Put what can be chosen into a form's fields."""
    for name, choices in offered.items():
        select = form.fields[name]
        if isinstance(select, forms.ChoiceField):
            select.choices = choices


def row_of(request: HttpRequest, name: str) -> UUID | None:
    """A row to turn the page from, by its id in the address; a broken one is no page."""
    text = request.GET.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


def categories_of(entry: Entry) -> Sequence[Option]:
    """What the figures of a service are broken down by."""
    return next((one.options for one in entry.fields if one.id == entry.category), [])


@cache
def services(language: str) -> Choices:
    return [("", _("全部")), *((entry.id, words(entry.name, language)) for entry in current())]


@cache
def states(language: str) -> Choices:
    """Every state of every service, under the service's name."""
    groups = [
        (words(entry.name, language), [(f"{entry.id}.{name}", told_to_staff(state.name, language))
         for name, state in entry.states.items() if state.stage != Stage.DONE])
        for entry in current()
    ]  # fmt: skip
    return [("", _("全部")), *groups]


@cache
def categories(language: str) -> Choices:
    groups = [
        (words(entry.name, language), [(f"{entry.id}.{one.id}", words(one.label, language))
         for one in categories_of(entry)])
        for entry in current()
    ]  # fmt: skip
    return [("", _("全部")), *groups]


@cache
def channels(language: str) -> Choices:
    return [("", _("全部")), *((name, str(label)) for name, label in CHANNELS.items())]


@cache
def countries(language: str) -> Choices:
    return [("", _("全部")), *country_choices(language)[1:]]


OFFERED: Mapping[str, Callable[[str], Choices]] = {
    "service": services,
    "state": states,
    "category": categories,
    "channel": channels,
    "country": countries,
}
"""What everybody may choose from, worked out and written once a language."""


@cache
def written(name: str, language: str) -> str:
    return options(OFFERED[name](language))


def offices(own: Sequence[Office], below: Sequence[Office], language: str) -> Choices:
    """Whose queue a head looks at: the own office's, everybody's below, or one office's."""
    each = [(str(office.pk), words(office.names, language)) for office in below]
    return [(OWN, _("我的单位")), (BELOW, _("所辖各单位")), (_("一个单位"), each)]


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}))


class FilterForm(forms.Form):
    """What to show. Values that are not offered are passed over, as an address may be old."""

    office = choice(gettext_lazy("单位"))
    service = choice(gettext_lazy("事项"))
    state = choice(gettext_lazy("状态"))
    category = choice(gettext_lazy("类别"))
    channel = choice(gettext_lazy("来件方式"))
    country = choice(gettext_lazy("当事人所在国家或地区"))
    filed_from = day_field(gettext_lazy("收到日期，从"))
    filed_to = day_field(gettext_lazy("收到日期，到"))
    priority = forms.BooleanField(label=gettext_lazy("只看绿色通道"), required=False)

    def __init__(
        self, data: Mapping[str, Any], *, language: str, own: Sequence[Office], below: Sequence[Office]
    ) -> None:
        super().__init__(data)
        self.language = language
        for name, offered in OFFERED.items():
            select = self.fields[name]
            if isinstance(select, forms.ChoiceField) and isinstance(select.widget, QuickSelect):
                select.choices = partial(offered, language)
                select.widget.written = written(name, language)
        whose = self.fields["office"]
        if isinstance(whose, forms.ChoiceField) and below:
            whose.choices = offices(own, below, language)
        else:
            del self.fields["office"]
        self.is_valid()

    @property
    def filters(self) -> Filters:
        """The filters chosen; a state or category brings its service along."""
        known = self.cleaned_data
        state_of, _dot, state = str(known.get("state") or "").partition(".")
        category_of, _dot, category = str(known.get("category") or "").partition(".")
        return Filters(
            service=str(known.get("service") or state_of or category_of),
            state=state,
            category=category,
            channel=known.get("channel") or "",
            country=known.get("country") or "",
            priority=bool(known.get("priority")),
            filed_from=known.get("filed_from"),
            filed_to=known.get("filed_to"),
        )

    @property
    def drawn(self) -> SafeString:
        """The fields as markup; while nothing is chosen, all but the office look the same to everybody."""
        if self.chosen:
            return drawn(self)
        whose = field(self["office"], small=True, optional=False) if "office" in self.fields else ""
        return mark_safe(whose + blank(self.language))

    @property
    def whose(self) -> str:
        return str(self.cleaned_data.get("office") or OWN)

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, as an address carries it, in the form's order."""
        return {
            name: str(self.data.get(name))
            for name in self.fields
            if name in self.cleaned_data and self.cleaned_data[name] and self.data.get(name)
        }


def drawn(form: FilterForm) -> SafeString:
    return mark_safe("".join(field(one, small=True, optional=False) for one in form))


@cache
def blank(language: str) -> SafeString:
    return drawn(FilterForm({}, language=language, own=[], below=[]))
