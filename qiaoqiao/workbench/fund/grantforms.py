"""The forms of a grant's steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.services.relief import wording
from qiaoqiao.services.relief.actions.granting import Wish
from qiaoqiao.services.relief.models import Fund, Lot
from qiaoqiao.services.relief.money import yuan
from qiaoqiao.services.relief.queries import HOME, colleagues, known_contacts, left_in
from qiaoqiao.ui.forms import DateField
from qiaoqiao.workbench.fund.fields import CHOOSE, FundForm, MoneyField, choices, lines, text

MEMBERS = 7


class WishForm(FundForm):
    """What a grant is to be."""

    def fill(self) -> None:
        funds = Fund.objects.filter(office=self.about.office, closed_on__isnull=True).order_by("name")
        grant = self.about.row
        self.fields["fund"] = forms.ChoiceField(
            label=_("从哪个基金支出"), choices=[CHOOSE, *((str(one.pk), one.name) for one in funds)]
        )
        if grant is not None:
            del self.fields["fund"]
        self.fields["purpose"] = forms.ChoiceField(label=_("困难种类"), choices=choices(wording.PURPOSES))
        self.fields["form"] = forms.ChoiceField(label=_("怎样帮助"), choices=choices(wording.FORMS))
        self.fields["amount"] = MoneyField(label=_("金额（元）"), help_text=_("实物按价值填写。例如 1234.50"))
        self.fields["bound"] = forms.BooleanField(
            label=_("用捐赠人指定给这种困难的钱"), required=False, help_text=_("不勾选就用不限用途的钱。")
        )
        if grant is not None:
            self.initial = {
                "purpose": grant.purpose,
                "form": grant.form,
                "amount": grant.amount_fen,
                "bound": bool(grant.restriction),
            }

    def wish(self) -> Wish:
        given = self.cleaned_data
        bound = given["purpose"] if given["bound"] else ""
        return Wish(given["form"], given["purpose"], given["amount"], bound)


class DraftForm(WishForm):
    """A new grant; a request that was just filed is accepted with the visit."""

    def fill(self) -> None:
        super().fill()
        self.fields["visit_on"] = DateField(label=_("哪天上门"), required=False)
        self.fields["visitors"] = text(
            _("哪两个人去（姓名）"), required=False, help_text=_("会写在给当事人的通知里。")
        )


class VisitForm(FundForm):
    visited_on = DateField(label=lazy("哪天去的"))
    found = lines(lazy("看到、听到的情况"))

    def fill(self) -> None:
        others = [
            one
            for one in colleagues(self.about.office, on=self.about.today)
            if one.pk != self.about.actor.account_id
        ]
        named = [("", _("没有账号的人（写在下面）")), *((str(one.pk), one.name) for one in others)]
        self.fields["second"] = forms.ChoiceField(label=_("和谁一起去的"), choices=named, required=False)
        self.fields["companion"] = text(
            _("同去的人（没有账号的）"), 60, required=False, help_text=_("写姓名和身份，例如：李梅，社区干部")
        )
        self.order_fields(["visited_on", "second", "companion", "found"])


class AssessForm(FundForm):
    members = forms.IntegerField(label=lazy("一起生活的有几口人"), min_value=1, max_value=30)
    income = MoneyField(label=lazy("全家每月收入（元）"), zero=True)
    spending = MoneyField(
        label=lazy("每月不能省的支出（元）"), zero=True, help_text=lazy("看病、房租、上学等。没有就写 0。")
    )
    kinds = forms.MultipleChoiceField(
        label=lazy("有哪些困难"), choices=list(wording.PURPOSES.items()), widget=forms.CheckboxSelectMultiple
    )
    note = lines(lazy("说明"), required=False)

    def fill(self) -> None:
        known = getattr(self.about.row, "assessment", None)
        if known is not None:
            self.initial = {
                "members": known.members,
                "income": known.income_fen,
                "spending": known.spending_fen,
                "kinds": known.kinds,
                "note": known.note,
            }


class SubmitForm(FundForm):
    found = lines(lazy("核实的情况，给评议看"))


class ReviewForm(FundForm):
    """A sitting: each member with their vote, as many rows as a committee has."""

    held_on = DateField(label=lazy("哪天评议的"))

    def fill(self) -> None:
        for row in range(1, MEMBERS + 1):
            self.fields[f"member_{row}"] = text(_("第 %(n)d 位成员") % {"n": row}, 60, required=False)
            self.fields[f"vote_{row}"] = forms.ChoiceField(
                label=_("第 %(n)d 位的意见") % {"n": row}, choices=choices(wording.VOTES), required=False
            )
        self.fields["reasons"] = lines(_("理由（不同意时要写）"), required=False)

    def rows(self) -> list[tuple[str, str]]:
        return [(self.said(f"member_{row}"), self.said(f"vote_{row}")) for row in range(1, MEMBERS + 1)]


class ObjectionsForm(FundForm):
    objections = text(lazy("公示期间有没有异议"))

    def fill(self) -> None:
        self.initial = {"objections": _("没有异议")}


class ReasonsForm(FundForm):
    reasons = lines(lazy("理由"))


class ReasonForm(FundForm):
    reason = text(lazy("原因"))


class ReasonDayForm(ReasonForm):
    on = DateField(label=lazy("记在哪一天"))

    def fill(self) -> None:
        self.initial = {"on": self.about.today}


class NoForm(FundForm):
    """Nothing to fill in: a button."""


class NoteForm(FundForm):
    note = lines(lazy("说明（会告诉当事人）"), required=False)


class RefuseForm(FundForm):
    """Why, as the service's own refusals name it."""

    def fill(self) -> None:
        known = [(one.id, words(one.name, self.about.language)) for one in entry("relief").refusals]
        self.fields["refusal"] = forms.ChoiceField(label=_("情形"), choices=[CHOOSE, *known])
        self.fields["reasons"] = lines(_("事实和理由"))
        self.fields["right_office"] = text(_("还可以找谁（名称、电话）"))


class AccountForm(FundForm):
    holder = text(lazy("户名"), 100)
    bank = text(lazy("开户行"), 100)
    number = text(lazy("账号"), 40, help_text=lazy("账号加密保存，页面上只显示尾号。"))


class GoodsForm(FundForm):
    """Which goods, how many."""

    def fill(self) -> None:
        lots = Lot.objects.filter(fund=self.about.row.fund_id).order_by("-made_at")[:50]
        named = [
            (str(one.pk), f"{one.name}（{yuan(one.unit_fen)}/{one.unit}，{left_in(one)}）") for one in lots
        ]
        self.fields["lot"] = forms.ChoiceField(label=_("哪一批物资"), choices=[CHOOSE, *named])
        self.fields["quantity"] = forms.IntegerField(label=_("数量"), min_value=1)
        self.fields["on"] = DateField(label=_("哪天发放"), initial=self.about.today)


class FollowForm(FundForm):
    on = DateField(label=lazy("哪天回访的"))
    note = lines(lazy("说明"), required=False)


class CallForm(FundForm):
    """A call back at a contact that was known before the account."""

    whom = text(lazy("接电话的是谁"), 60, help_text=lazy("例如：本人；女儿陈明"))
    right = forms.ChoiceField(
        label=lazy("户名、开户行、账号尾号对不对"),
        choices=[("yes", lazy("对")), ("no", lazy("不对"))],
        widget=forms.RadioSelect,
    )
    remark = text(lazy("说明（不对时要写）"), required=False)

    def fill(self) -> None:
        payee = self.about.row
        known = known_contacts(payee.grant, before=payee.typed_at)
        named = [(one.tail, contact_words(one.tail)) for one in known]
        self.fields["contact"] = forms.ChoiceField(
            label=_("用以前就知道的哪个联系方式"), choices=named, widget=forms.RadioSelect
        )
        self.order_fields(["contact", "whom", "right", "remark"])


def contact_words(tail: str) -> str:
    return str(wording.HOME) if tail == HOME else _("尾号 %(tail)s 的电话") % {"tail": tail}


class ReceiptForm(FundForm):
    how = forms.ChoiceField(
        label=lazy("怎样签收的"),
        choices=[("visit", lazy("上门当面签收")), ("paper", lazy("上传签收单"))],
        widget=forms.RadioSelect,
    )
    on = DateField(label=lazy("哪天签收的"))
    paper = forms.FileField(label=lazy("签收单（PDF、JPG 或 PNG）"), required=False)

    def fill(self) -> None:
        self.initial = {"on": self.about.today}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("how") == "paper" and not given.get("paper"):
            self.add_error("paper", _("请上传签收单。"))
        return given
