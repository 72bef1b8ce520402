"""Form pieces that Django has not: a date in three boxes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

YEAR, MONTH, DAY = "year", "month", "day"
WORDS = {YEAR: _("年"), MONTH: _("月"), DAY: _("日")}
FIRST_YEAR, LAST_YEAR = 1850, 2200
"""Nobody alive was born before, nothing is planned for after; and no time zone carries such a day out of what
a program can read."""
TO_HALF_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}


def box_order(language: str | None) -> tuple[str, str, str]:
    """Return the order in which a reader of this language writes a date."""
    return (YEAR, MONTH, DAY) if (language or "zh").startswith("zh") else (DAY, MONTH, YEAR)


class DateParts(forms.MultiWidget):
    """Three text boxes; the names in the form end in `_year`, `_month`, `_day`."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput({"inputmode": "numeric"}) for part in (YEAR, MONTH, DAY)
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: date | None) -> list[str | int | None]:
        return [value.year, value.month, value.day] if value else [None, None, None]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str | None]:
        """Read three boxes, or one ISO date under the plain name (saved drafts, the API)."""
        whole = data.get(name)
        if isinstance(whole, date):
            whole = whole.isoformat()
        if isinstance(whole, str) and whole.count("-") == 2:
            return list(whole.split("-"))
        return [data.get(f"{name}_{part}") for part in (YEAR, MONTH, DAY)]


class DateField(forms.MultiValueField):
    """A date typed as year, month and day; says which box is missing or that no such day exists."""

    widget = DateParts
    default_error_messages = {
        "missing": _("日期还差：%(parts)s。"),
        "number": _("年、月、日请只填数字，例如 1985 年 3 月 27 日。"),
        "year": _("年份请填四位数字，例如 1985。"),
        "far": _("年份请填 %(first)d 到 %(last)d 之间的。"),
        "impossible": _("没有这一天。请检查月和日。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        fields = tuple(forms.CharField(required=False, max_length=8) for _part in WORDS)
        super().__init__(fields, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> date | None:
        typed = [str(part or "").strip().translate(TO_HALF_WIDTH) for part in value or ["", "", ""]]
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        day = self.read(typed)
        self.validate(day)
        self.run_validators(day)
        return day

    def read(self, typed: list[str]) -> date:
        """Turn three typed numbers into a date; raises ValidationError in plain words."""
        missing = [str(words) for words, part in zip(WORDS.values(), typed, strict=True) if not part]
        if missing:
            comma = "、" if (get_language() or "zh").startswith("zh") else ", "
            raise ValidationError(self.error_messages["missing"], "missing", {"parts": comma.join(missing)})
        if not all(part.isascii() and part.isdigit() for part in typed):
            raise ValidationError(self.error_messages["number"], code="number")
        if len(typed[0]) != 4:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            day = date(*map(int, typed))
        except ValueError:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            ends = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise ValidationError(self.error_messages["far"], code="far", params=ends)
        return day

    def compress(self, data_list: list[Any]) -> date | None:
        return self.read([str(part) for part in data_list]) if data_list else None
