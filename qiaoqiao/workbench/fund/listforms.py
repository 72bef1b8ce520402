"""The forms of payment lists."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from qiaoqiao.services.relief.models import Grant
from qiaoqiao.services.relief.money import yuan
from qiaoqiao.services.relief.reading import ready_to_list
from qiaoqiao.ui.forms import DateField
from qiaoqiao.workbench.fund.fields import CHOOSE, FundForm, text


def named(grants: list[Grant]) -> list[tuple[str, str]]:
    return [
        (str(one.pk), f"{one.case.person.name if one.case else one.pk} {yuan(one.amount_fen)}")
        for one in grants
    ]


class ListForm(FundForm):
    """Whom to pay; all of them are marked at first."""

    def fill(self) -> None:
        ready = named(ready_to_list(self.about.row))
        self.fields["grants"] = forms.MultipleChoiceField(
            label=_("付给谁"),
            choices=ready,
            widget=forms.CheckboxSelectMultiple,
            initial=[one for one, _words in ready],
        )


class AddForm(FundForm):
    def fill(self) -> None:
        ready = named(ready_to_list(self.about.row.fund))
        self.fields["grant"] = forms.ChoiceField(label=_("加上谁"), choices=[CHOOSE, *ready])


class PayForm(FundForm):
    bank_reference = text(lazy("银行流水号"), 60)
    on = DateField(label=lazy("银行哪天付的"))

    def fill(self) -> None:
        self.initial = {"on": self.about.today}
