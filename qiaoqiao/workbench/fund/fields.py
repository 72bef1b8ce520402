"""Form pieces of the fund: amounts in yuan, and forms that know whom they are shown to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.relief import wording
from qiaoqiao.services.relief.money import MoneyWrong, fen_of, plain

LONG = 2000
CHOOSE = ("", _("请选择"))


class MoneyField(forms.CharField):
    """An amount typed in yuan; its value is fen. What is wrong is said, nothing is guessed."""

    widget = forms.TextInput({"inputmode": "decimal"})

    def __init__(self, *, zero: bool = False, **more: Any) -> None:
        self.zero = zero
        super().__init__(max_length=40, **more)

    def clean(self, value: Any) -> Any:
        text = str(value or "")
        if not text.strip() and not self.required:
            return None
        try:
            return fen_of(text, zero=self.zero)
        except MoneyWrong as why:
            raise ValidationError(str(wording.MONEY[why.code])) from None

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, int) else value


@dataclass(frozen=True)
class About:
    """Whom a form is shown to, for which office, on which day, and the row it is about."""

    actor: Actor
    office: Office
    language: str
    today: date
    row: Any = None


class FundForm(forms.Form):
    """A form about something of the fund; `about` fills its choices."""

    def __init__(self, data: Any = None, files: Any = None, *, about: About) -> None:
        super().__init__(data, files)
        self.about = about
        self.fill()

    def fill(self) -> None:
        """Set choices and first values."""

    def said(self, name: str) -> str:
        """An answer as text without spaces around it."""
        return str(self.cleaned_data.get(name) or "").strip()


def choices(words: wording.Words) -> list[tuple[str, Any]]:
    return [CHOOSE, *words.items()]


def text(label: Any, most: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **more)


def lines(label: Any, most: int = LONG, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": 4}), **more)
