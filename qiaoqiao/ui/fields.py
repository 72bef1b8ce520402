"""A form's field prepared for its component: label, hint, error and widget kept together."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qiaoqiao.ui.forms import WORDS, DateParts, box_order

WIDTHS = {2, 3, 4, 5, 10, 20, 30}


@dataclass(slots=True)
class Box:
    """One of the three boxes of a date."""

    id: str
    name: str
    label: str
    value: str
    width: int
    autocomplete: str


@dataclass(slots=True)
class Shown:
    """Everything the component needs, nothing of Django's widget classes."""

    bound: BoundField
    kind: str
    id: str
    label: str
    hint: str
    errors: list[str]
    describedby: str
    widget: SafeString | None = None
    boxes: list[Box] = field(default_factory=list)
    optional: bool = False


def kind_of(widget: forms.Widget) -> str:
    """Name the component a widget is drawn with."""
    if isinstance(widget, DateParts):
        return "date"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.HiddenInput):
        return "hidden"
    return "single"


def anchor(bound: BoundField) -> str:
    """Return the id of the first thing to type in or choose, where an error link leads."""
    if kind_of(bound.field.widget) == "date":
        return f"{bound.auto_id}_{box_order(get_language())[0]}"
    if kind_of(bound.field.widget) in {"checkboxes", "radios"}:
        return f"{bound.auto_id}_0"
    return str(bound.auto_id)


def widget_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "govuk-textarea"
    if isinstance(widget, forms.Select):
        return "govuk-select"
    return "govuk-file-upload" if isinstance(widget, forms.FileInput) else "govuk-input"


def draw_single(bound: BoundField, *, width: int | None, rows: int | None, describedby: str) -> SafeString:
    """Draw a text box, text area, list or file chooser with its classes and descriptions."""
    name = widget_class(bound.field.widget)
    classes = [name, bound.field.widget.attrs.get("class", "")]
    if width in WIDTHS and name == "govuk-input":
        classes.append(f"govuk-input--width-{width}")
    if bound.errors:
        classes.append(f"{name}--error")
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if describedby:
        attrs["aria-describedby"] = describedby
    if name == "govuk-textarea":
        attrs["rows"] = rows or 5
    return bound.as_widget(attrs=attrs)


def draw_boxes(bound: BoundField) -> list[Box]:
    """Lay out year, month and day in the order of the reader's language, keeping what was typed."""
    value = bound.value()
    if not isinstance(value, (list, tuple)):
        value = bound.field.widget.decompress(value)
    typed = dict(zip(WORDS, value, strict=True))
    birth = bound.field.widget.attrs.get("autocomplete") == "bday"
    return [
        Box(
            id=f"{bound.auto_id}_{part}",
            name=f"{bound.html_name}_{part}",
            label=str(WORDS[part]),
            value="" if typed[part] is None else str(typed[part]),
            width=4 if part == "year" else 2,
            autocomplete=f"bday-{part}" if birth else "",
        )
        for part in box_order(get_language())
    ]


def missing_words(bound: BoundField) -> str:
    """Say which answer is missing, by what one does to give it."""
    kind = kind_of(bound.field.widget)
    label = {"label": str(bound.label)}
    if kind == "checkbox":
        return _("请勾选“%(label)s”。") % label
    if kind in {"radios", "checkboxes"} or isinstance(bound.field.widget, forms.Select):
        return _("请选择“%(label)s”。") % label
    if isinstance(bound.field.widget, forms.FileInput):
        return _("请上传“%(label)s”。") % label
    return _("请填写“%(label)s”。") % label


def error_words(bound: BoundField) -> list[str]:
    """Return a field's errors; Django's bare "required" becomes words that name the field."""
    default = str(forms.Field.default_error_messages["required"])
    return [missing_words(bound) if str(error) == default else str(error) for error in bound.errors]


def prepare(
    bound: BoundField, *, label: str = "", hint: str = "", width: int | None = None, rows: int | None = None
) -> Shown:
    """Gather what the component shows; the hint and the error are tied to the widget by id."""
    kind = kind_of(bound.field.widget)
    hint = hint or str(bound.help_text or "")
    errors = error_words(bound)
    ids = [f"{bound.auto_id}_hint"] * bool(hint) + [f"{bound.auto_id}_error"] * bool(errors)
    describedby = " ".join(ids)
    shown = Shown(
        bound,
        kind,
        anchor(bound),
        label or str(bound.label),
        hint,
        errors,
        describedby,
        optional=not bound.field.required and kind not in {"checkbox", "hidden"},
    )
    if kind == "single":
        shown.widget = draw_single(bound, width=width, rows=rows, describedby=describedby)
    elif kind == "date":
        shown.boxes = draw_boxes(bound)
    return shown


def summary(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Return every error with the place it leads to; errors of the whole form lead nowhere."""
    found = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        found += [(f"#{anchor(bound)}", words) for words in error_words(bound)]
    return found
