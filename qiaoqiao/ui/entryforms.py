"""A catalogue form's section, or what a move asks, as a Django form that the house's components can draw.

The rules below judge the answers; these forms only show what was typed with the faults that were found,
so nothing typed is ever lost. Answers travel as plain JSON: text as typed, ISO dates, booleans, lists.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qiaoqiao.catalogue.entry import Ask, Entry, FormField, Move, Option, holds, words
from qiaoqiao.catalogue.forms import LONG_TEXT_LIMIT, TEXT_LIMIT
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.faults import fault_words
from qiaoqiao.ui.forms import TO_HALF_WIDTH, DateField
from qiaoqiao.ui.places import Atlas

Answers = Mapping[str, object]
TOWN = "_town"
SHOWN = "_shown"
MOST_RADIOS = 8


class ManyFiles(forms.ClearableFileInput):
    """A chooser for any number of files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class JudgedForm(forms.Form):
    """Shows answers and the faults that a rule found in them, by field; checks nothing itself.

    A fault is a code (worded by `ui.faults`) or, where it contains a space or is not ASCII, words already.
    """

    def __init__(self, answers: Answers, faults: Mapping[str, str] | None = None) -> None:
        super().__init__(data={name: _as_typed(value) for name, value in answers.items()})
        self.faults = dict(faults or {})

    def full_clean(self) -> None:
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        for name, fault in self.faults.items():
            if name in self.fields:
                self.add_error(name, self._words(name, fault))

    def _words(self, name: str, fault: str) -> str:
        if not fault.isascii() or " " in fault:
            return fault
        asked = self.fields[name]
        choosing = isinstance(asked.widget, forms.widgets.ChoiceWidget | forms.CheckboxInput)
        return fault_words(
            fault,
            str(asked.label),
            choosing=choosing,
            field=name,
            most=getattr(asked, "most", None),
            least=getattr(asked, "least", None),
        )


@dataclass(frozen=True)
class Row:
    """One question as a page draws it; `when` is its condition on others beside it, as JSON."""

    bound: forms.BoundField
    when: str
    hidden: bool
    width: int | None
    inline: bool


class SectionForm(JudgedForm):
    """A section of an entry's form. Questions that hang on an answer beside them are there, but hidden."""

    def __init__(
        self,
        entry: Entry,
        fields: Sequence[FormField],
        answers: Answers,
        *,
        atlas: Atlas,
        language: str,
        faults: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(answers, faults)
        self.entry, self.language, self.answers = entry, language, applicable(entry, answers)
        self.asked = [one for one in fields if _may_be_asked(one, fields, self.answers)]
        for one in self.asked:
            self.fields[one.id] = form_field(one, language, atlas)
            if one.type == "place" and _to_the_town(entry, one):
                self._add_town(one, answers, atlas)

    def rows(self) -> Iterator[Row]:
        """The questions in order, each with when it shows."""
        here = {one.id for one in self.asked}
        by_id = {one.id: one for one in self.asked}
        for name in self.fields:
            one = by_id.get(name.removesuffix(TOWN))
            when = {key: value for key, value in one.when.items() if key in here} if one else {}
            hidden = bool(one) and not holds(one.when, dict(self.answers))  # type: ignore[union-attr]
            field = self.fields[name]
            yield Row(self[name], json.dumps(_typed_condition(when)) if when else "", hidden, *_look(field))

    def shown(self) -> str:
        """Ids of the questions the person saw, so that a new one is not at once called missing."""
        return " ".join(one.id for one in self.asked if holds(one.when, dict(self.answers)))

    def _add_town(self, one: FormField, answers: Answers, atlas: Atlas) -> None:
        code = str(answers.get(one.id) or "")
        county = atlas.county_of(code)
        self.fields[one.id + TOWN] = forms.ChoiceField(
            required=False,
            label=_("乡镇或街道"),
            help_text=_("知道的话请选，能更快找到离事情最近的单位。"),
            choices=[("", _("不知道或不确定")), *atlas.townships(self.language)],
        )
        if county and county != code:
            self.data = {**self.data, one.id: county, one.id + TOWN: code}


def _to_the_town(entry: Entry, one: FormField) -> bool:
    """A seat that any level may take goes to the nearest office, so the town matters."""
    return any(
        seat.place == one.id and seat.level in {None, "township", "village"} for seat in entry.seats.values()
    )


def applicable(entry: Entry, answers: Answers) -> dict[str, object]:
    """The answers to questions that these answers ask; one left over from another choice goes."""
    kept = dict(answers)
    known = {one.id: one for one in entry.fields}
    while True:
        over = [name for name in kept if name in known and not holds(known[name].when, kept)]
        if not over:
            return {name: value for name, value in kept.items() if name in known}
        for name in over:
            del kept[name]


def _may_be_asked(one: FormField, fields: Sequence[FormField], answers: Answers) -> bool:
    here = {other.id for other in fields}
    outside = {key: value for key, value in one.when.items() if key not in here}
    return holds(outside, dict(answers))


def _typed_condition(when: Mapping[str, object]) -> dict[str, list[str]]:
    """A condition in the values that the browser's inputs hold."""
    listed = {key: value if isinstance(value, list) else [value] for key, value in when.items()}
    return {key: [str(_as_typed(one)) for one in values] for key, values in listed.items()}


def _as_typed(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _look(field: forms.Field) -> tuple[int | None, bool]:
    return getattr(field, "width", None), getattr(field, "inline", False)


def form_field(one: FormField, language: str, atlas: Atlas) -> forms.Field:
    """The Django field by which the components draw a catalogue field."""
    common: dict[str, Any] = {
        "label": words(one.label, language),
        "help_text": words(one.help, language) if one.help else "",
        "required": one.required,
    }
    match one.type:
        case "choice":
            return _choice(one.options, common, language)
        case "choices":
            return forms.MultipleChoiceField(
                choices=_options(one.options, language), widget=forms.CheckboxSelectMultiple, **common
            )
        case "yesno":
            return _yes_or_no(common)
        case "date":
            return DateField(**common)
        case "country":
            return forms.ChoiceField(choices=country_choices(language), **common)
        case "place":
            return _pick(atlas.counties(language), common)
        case "office":
            return _pick(atlas.offices_by_place(language), common)
        case "number":
            return _number(common, one.most, one.least)
        case _:
            return _text(common, one.most, long=one.type == "longtext")


def _choice(options: Sequence[Option], common: dict[str, Any], language: str) -> forms.Field:
    listed = _options(options, language)
    if len(listed) > MOST_RADIOS:
        return _pick(list(listed), common)
    return forms.ChoiceField(choices=listed, widget=forms.RadioSelect, **common)


def _options(options: Sequence[Option], language: str) -> list[tuple[str, str]]:
    return [(option.id, words(option.label, language)) for option in options]


def _pick(choices: Sequence[tuple[str, object]], common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("请选择")), *choices], **common)


def _yes_or_no(common: dict[str, Any]) -> forms.Field:
    field = forms.ChoiceField(choices=[("yes", _("是")), ("no", _("否"))], widget=forms.RadioSelect, **common)
    field.inline = True  # type: ignore[attr-defined]
    return field


def _number(common: dict[str, Any], most: int | None, least: int | None) -> forms.Field:
    field = forms.CharField(widget=forms.TextInput({"inputmode": "numeric"}), **common)
    field.most, field.least, field.width = most, least, 10  # type: ignore[attr-defined]
    return field


def _text(common: dict[str, Any], most: int | None, *, long: bool) -> forms.Field:
    field = forms.CharField(widget=forms.Textarea() if long else forms.TextInput(), **common)
    field.most = most or (LONG_TEXT_LIMIT if long else TEXT_LIMIT)  # type: ignore[attr-defined]
    return field


# --- what was sent ---------------------------------------------------------------------------------


def section_answers(fields: Sequence[FormField], sent: QueryDict) -> dict[str, object]:
    """Read a section as it was posted, right or wrong; questions without an answer are left out."""
    found: dict[str, object] = {}
    for one in fields:
        value = _sent_value(one.type, one.id, sent)
        if one.type == "place" and (town := plain(sent.get(one.id + TOWN, ""))):
            value = town
        if value not in ("", [], None):
            found[one.id] = value
    return found


def _sent_value(kind: str, name: str, sent: QueryDict) -> object:
    match kind:
        case "choices" | "materials":
            return [plain(one) for one in sent.getlist(name)]
        case "yesno":
            return {"yes": True, "no": False}.get(sent.get(name, ""))
        case "date":
            return sent_date(name, sent)
        case _:
            return plain(sent.get(name, ""))


def plain(text: str) -> str:
    """What was typed without NUL, which no database keeps, and with one kind of line end."""
    return text.replace("\x00", "").replace("\r\n", "\n")


def sent_date(name: str, sent: QueryDict) -> str:
    """A date typed in three boxes as ISO text; one that is no date as it was typed, parted by hyphens."""
    parts = [
        plain(sent.get(f"{name}_{part}", "")).strip().translate(TO_HALF_WIDTH)
        for part in ("year", "month", "day")
    ]
    if not any(parts):
        return plain(sent.get(name, ""))
    year, month, day = (part.replace("-", " ") for part in parts)
    return f"{year}-{month:0>2}-{day:0>2}" if month and day else f"{year}-{month}-{day}"


# --- a move's questions ----------------------------------------------------------------------------


def move_form(
    entry: Entry,
    move: Move,
    answers: Answers,
    *,
    atlas: Atlas,
    language: str = "",
    faults: Mapping[str, str] | None = None,
) -> JudgedForm:
    """What a move asks, as a form. Faults come from AnswerMissing."""
    language = language or get_language() or "zh-hans"
    form = JudgedForm(answers, faults)
    for ask in move.asks:
        form.fields[ask.id] = _asked_field(entry, ask, language, atlas)
    return form


def _asked_field(entry: Entry, ask: Ask, language: str, atlas: Atlas) -> forms.Field:
    common: dict[str, Any] = {
        "label": words(ask.label, language),
        "help_text": words(ask.help, language) if ask.help else "",
        "required": ask.required,
    }
    match ask.type:
        case "choice":
            return _choice(ask.options, common, language)
        case "date":
            return DateField(**common)
        case "number":
            return _number(common, None, 0)
        case "office":
            return _pick(atlas.offices_by_place(language), common)
        case "materials":
            listed = [(one.id, words(one.name, language)) for one in entry.materials]
            return forms.MultipleChoiceField(choices=listed, widget=forms.CheckboxSelectMultiple, **common)
        case "refusal":
            refusals = [(one.id, words(one.name, language)) for one in entry.refusals]
            return _pick(refusals, common)
        case "papers":
            return forms.FileField(widget=ManyFiles(), **common)
        case _:
            return _text(
                common, LONG_TEXT_LIMIT if ask.type == "longtext" else None, long=ask.type == "longtext"
            )


def move_answers(move: Move, sent: QueryDict) -> dict[str, object]:
    """Read a move's answers as they were posted; files are the door's to take in."""
    found: dict[str, object] = {}
    for ask in move.asks:
        value = _sent_value(ask.type, ask.id, sent)
        if ask.type == "number" and isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        if value not in ("", [], None):
            found[ask.id] = value
    return found
