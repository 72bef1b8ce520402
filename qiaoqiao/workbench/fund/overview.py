"""The fund at a glance, opening one, and the numbers an office lays down for it."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.relief import wording
from qiaoqiao.services.relief.actions import giving
from qiaoqiao.services.relief.models import Band, Fund
from qiaoqiao.services.relief.money import yuan
from qiaoqiao.services.relief.queries import (
    balances,
    figures,
    heads,
    number_of,
    offices_worked,
    standing,
    visible,
)
from qiaoqiao.services.relief.reading import cases_without, states_counted, waiting_for
from qiaoqiao.services.relief.rules import LEAST_HOLD_HOURS, MOST_HOLD_HOURS
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.fund.fields import FundForm, MoneyField, text
from qiaoqiao.workbench.fund.stepping import Sheet, Step, take

BANDS = 3
LAYOUTS = {"1": lazy("逗号分隔，有表头，UTF-8"), "2": lazy("竖线分隔，没有表头，GB 18030")}


@needs(Permission.FUND)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every fund with what it holds, and what waits for the reader."""
    today, actor = timezone.localdate(), actor_of(request)
    funds = list(visible(Fund, actor, on=today).select_related("office").order_by("office__path", "name"))
    held = balances(one.pk for one in funds)
    since = date(today.year - 3, today.month, min(today.day, 28))
    told = figures(actor, on=today, since=since, until=today)
    offices = offices_worked(actor, on=today)
    counted = states_counted(actor, on=today)
    return show(
        request,
        "workbench/fund/overview.html",
        funds=[fund_line(one, held.get(one.pk, [])) for one in funds],
        waiting=waiting_for(actor, on=today),
        cases=cases_without(actor, offices, on=today).count(),
        states=[
            (one, words, counted[one]) for one, words in wording.GRANT_STATES.items() if counted.get(one)
        ],
        households=told.households,
        given=yuan(told.given_fen),
        heads=any(heads(actor, one, on=today) for one in offices),
    )


def fund_line(fund: Fund, held: Any) -> dict[str, Any]:
    """A fund in words."""
    now = standing(held)
    return {
        "fund": fund,
        "cash": yuan(now.cash),
        "goods": yuan(now.goods),
        "promised": yuan(now.promised),
        "free": yuan(now.free),
        "bound": [(wording.said(wording.PURPOSES, one), yuan(fen)) for one, fen in now.bound],
    }


def my_office(request: HttpRequest) -> Office:
    """The office for which the reader, being its head, acts. Raises Http404 for anybody else."""
    today, actor = timezone.localdate(), actor_of(request)
    headed = [one for one in offices_worked(actor, on=today) if heads(actor, one, on=today)]
    wanted = request.GET.get("office", "")
    chosen = (
        [one for one in headed if one.code == wanted]
        or [one for one in headed if one.kind == "federation"]
        or headed
    )
    if not chosen:
        raise Http404
    return chosen[0]


class NewFundForm(FundForm):
    name = text(lazy("基金名称"), 80)
    code = forms.SlugField(
        label=lazy("代码"), max_length=40, help_text=lazy("小写字母、数字和连字符，例如 ts-care")
    )
    purposes = forms.MultipleChoiceField(
        label=lazy("只用于这些困难"),
        choices=list(wording.PURPOSES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("不选就是都可以用。"),
    )


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a fund; heads do."""
    office = my_office(request)

    def perform(form: Any, actor: Actor, at: datetime) -> object:
        given = form.cleaned_data
        return giving.open_fund(
            office, code=given["code"], name=given["name"], purposes=given["purposes"], actor=actor, at=at,
            on=timezone.localdate(at),
        )  # fmt: skip

    step = Step(lazy("设立基金"), NewFundForm, lazy("基金已设立。"), perform)
    return take(request, Sheet(step, "fund", office, reverse("staff_fund"), _("救助基金")))


class SettingsForm(FundForm):
    """What the law leaves to the office: people, days, hours, bands."""

    def fill(self) -> None:
        office = self.about.office
        self.fields["committee_quorum"] = forms.IntegerField(
            label=_("评议至少几位成员到会"),
            min_value=2,
            max_value=7,
            help_text=_("没有统一规定，由单位设定。"),
        )
        self.fields["notice_days"] = forms.IntegerField(
            label=_("公示几天"),
            min_value=1,
            max_value=60,
            help_text=_("没有统一规定，由单位设定。贴出当天不算。"),
        )
        self.fields["hold_hours"] = forms.IntegerField(
            label=_("新账户冻结几小时"), min_value=LEAST_HOLD_HOURS, max_value=MOST_HOLD_HOURS,
            help_text=_("24 到 72 小时。"),
        )  # fmt: skip
        self.fields["bank_layout"] = forms.ChoiceField(label=_("银行文件格式"), choices=list(LAYOUTS.items()))
        self.initial = {
            "committee_quorum": number_of(office, "committee_quorum") or None,
            "notice_days": number_of(office, "notice_days") or None,
            "hold_hours": number_of(office, "hold_hours") or LEAST_HOLD_HOURS,
            "bank_layout": str(number_of(office, "bank_layout") or 1),
        }
        known = list(Band.objects.filter(office=office, above=False).order_by("most_fen"))
        self.fields["own"] = MoneyField(
            label=_("多少元以内由本单位负责人批准"),
            required=False,
            help_text=_("超过的，还要上一级单位的负责人批准。不填就是每一笔都要上级批准。"),
        )
        if known and known[-1].most_fen:
            self.initial["own"] = known[-1].most_fen


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Lay down the office's numbers; heads do."""
    office = my_office(request)

    def perform(form: Any, actor: Actor, at: datetime) -> object:
        given = form.cleaned_data
        names = ("committee_quorum", "notice_days", "hold_hours", "bank_layout")
        own = given.get("own")
        bands = [(own, False), (None, True)] if own else [(None, True)]
        giving.lay_down(office, {name: int(given[name]) for name in names}, bands, actor=actor, at=at)
        return None

    step = Step(lazy("基金设定"), SettingsForm, lazy("已保存设定。"), perform)
    return take(request, Sheet(step, "settings", office, reverse("staff_fund"), _("救助基金")))
