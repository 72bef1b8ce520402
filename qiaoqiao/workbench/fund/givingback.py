"""Giving money back to who gave it: one asks, another who heads the office approves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.relief.actions import giving_back
from qiaoqiao.services.relief.models import GiveBack, Source
from qiaoqiao.services.relief.money import yuan
from qiaoqiao.ui.forms import DateField
from qiaoqiao.workbench.fund.fields import FundForm, MoneyField
from qiaoqiao.workbench.fund.grantforms import NoForm, ReasonForm
from qiaoqiao.workbench.fund.payments import seen
from qiaoqiao.workbench.fund.stepping import Sheet, Step, take


class AskForm(ReasonForm):
    """How much goes back, and why."""

    def fill(self) -> None:
        super().fill()
        self.fields["amount"] = MoneyField(label=_("退还多少（元）"))


class OnForm(FundForm):
    """The day on which the money goes."""

    def fill(self) -> None:
        self.fields["on"] = DateField(label=_("记在哪一天"), initial=self.about.today)


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Ask that money goes back to who gave it."""
    source = seen(Source, source_id, request, "fund", "office")

    def perform(form: Any, actor: Actor, at: datetime) -> object:
        fen = form.cleaned_data["amount"]
        return giving_back.ask(source.pk, fen, reason=form.said("reason"), actor=actor, at=at)

    note = lazy("由另一位负责人批准以后，才记账、退钱。登记这笔来源的人不能批准。")
    step = Step(lazy("退还捐赠人"), AskForm, lazy("已提出，请负责人批准。"), perform, note, warns=True)
    return take(request, _sheet(step, f"back:{source.pk}", source, source.giver or _("不具名")))


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, back_id: UUID, step_id: str) -> HttpResponse:
    """Approve what was asked for (`approve`), or let it be (`drop`)."""
    asked = seen(GiveBack, back_id, request, "source__fund", "source__office", "asked_by")
    if step_id not in STEPS:
        raise Http404
    caption = f"{asked.source.giver or _('不具名')} {yuan(asked.amount_fen)}"
    return take(request, _sheet(STEPS[step_id], f"back-{step_id}:{asked.pk}", asked.source, caption, asked))


def _sheet(step: Step, name: str, source: Source, caption: str, row: Any = None) -> Sheet:
    back = reverse("staff_fund_sources", args=[source.fund.code])
    return Sheet(step, name, source.office, back, source.fund.name, row or source, caption)


STEPS: dict[str, Step] = {
    "approve": Step(
        lazy("批准退还"), OnForm, lazy("已退还，并已记账。"),
        lambda form, actor, at: giving_back.approve(
            form.about.row.pk, on=form.cleaned_data["on"], actor=actor, at=at
        ),
        warns=True,
    ),
    "drop": Step(
        lazy("取消退还"), NoForm, lazy("已取消，钱留在基金里。"),
        lambda form, actor, at: giving_back.drop(form.about.row.pk, actor=actor, at=at),
    ),
}  # fmt: skip


def back_line(asked: GiveBack, actor: Actor, head: bool) -> dict[str, Any]:
    """What was asked for and waits, as the list of sources shows it."""
    apart = actor.account_id not in {asked.asked_by_id, asked.source.made_by_id}
    steps = ["approve", "drop"] if head and apart else ["drop"]
    return {
        "back": asked,
        "giver": asked.source.giver or _("不具名"),
        "amount": yuan(asked.amount_fen),
        "on": timezone.localdate(asked.asked_at),
        "steps": [
            {"title": STEPS[one].title, "href": reverse("staff_fund_back", args=[asked.pk, one])}
            for one in steps
        ],
    }
