"""Accounts to call back, payment lists, the bank's file, and what became of each payment."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.bringing import bring
from qiaoqiao.gateways import storage
from qiaoqiao.lib.paging import cut
from qiaoqiao.services.relief import wording
from qiaoqiao.services.relief.actions import payees, paying
from qiaoqiao.services.relief.actions.grounds import Refused
from qiaoqiao.services.relief.models import Fund, Payee, Payment, PaymentList
from qiaoqiao.services.relief.money import capital, yuan
from qiaoqiao.services.relief.papers import bank_file, print_list
from qiaoqiao.services.relief.queries import visible
from qiaoqiao.services.relief.reading import PAGE, ready_to_list, road, role_in
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.fund import grantforms as forms
from qiaoqiao.workbench.fund.grants import grant_href, mark, road_shown
from qiaoqiao.workbench.fund.listforms import AddForm, ListForm, PayForm
from qiaoqiao.workbench.fund.stepping import Sheet, Step, take

SHAPES = {"draft": "waiting", "checked": "waiting", "approved": "soon", "exported": "soon", "paid": "done"}


@needs(Permission.FUND)
@require_GET
def to_call(request: HttpRequest) -> HttpResponse:
    """Accounts that nobody has called back yet, oldest first."""
    held = visible(Payee, actor_of(request), on=timezone.localdate()).filter(state="held")
    rows = list(held.select_related("grant__case__person", "typed_by", "office").order_by("typed_at")[:100])
    me = actor_of(request).account_id
    return show(
        request,
        "workbench/fund/payees.html",
        rows=[
            {"payee": one, "amount": yuan(one.grant.amount_fen), "mine": one.typed_by_id == me}
            for one in rows
        ],
    )


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    """Call the person back about an account."""
    payee = seen(Payee, payee_id, request, "grant__case__person", "grant__case__mandate__agent", "office")
    sheet = Sheet(
        CALL, f"call:{payee.pk}", payee.office, reverse("staff_fund_payees"), _("待回电的账户"), payee,
        caption=f"{payee.holder} {payee.bank} ****{payee.tail}",
    )  # fmt: skip
    return take(request, sheet)


def called(form: Any, actor: Actor, at: datetime) -> object:
    call = payees.CallBack(
        form.said("whom"), form.said("contact"), form.cleaned_data["right"] == "yes", form.said("remark")
    )
    return payees.call_back(form.about.row.pk, call, actor=actor, at=at)


CALL = Step(
    lazy("回电核对账户"), forms.CallForm, lazy("已登记回电。"), called,
    lazy("打以前就知道的号码，不打这次新给的号码。不要念出整个账号，请对方说尾号，您来核对。"),
)  # fmt: skip


def seen(table: Any, row_id: UUID, request: HttpRequest, *with_: str) -> Any:
    """A row this officer may see; a stranger gets 404."""
    try:
        return (
            visible(table, actor_of(request), on=timezone.localdate()).select_related(*with_).get(pk=row_id)
        )
    except table.DoesNotExist:
        raise Http404 from None


# --- lists -----------------------------------------------------------------------------------------


@needs(Permission.FUND)
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Payment lists, newest first."""
    rows = visible(PaymentList, actor_of(request), on=timezone.localdate()).select_related("fund", "maker")
    before = mark(request.GET.get("before", ""))
    rows = rows.prefetch_related("payments")
    page = cut(
        rows, ("-made_at", "-id"), PAGE, lambda one: f"{one.made_at.isoformat()}_{one.pk}", after=before
    )
    return show(
        request,
        "workbench/fund/lists.html",
        rows=[list_line(one) for one in page.rows],
        next=f"?{urlencode({'before': page.after})}" if page.after else None,
        funds=list(visible(Fund, actor_of(request), on=timezone.localdate()).order_by("name")),
    )


def list_line(sheet: PaymentList) -> dict[str, Any]:
    live = [one for one in sheet.payments.all() if one.state != "cancelled"]
    return {
        "sheet": sheet,
        "state": wording.said(wording.LIST_STATES, sheet.state),
        "shape": SHAPES.get(sheet.state, "plain"),
        "count": len(live),
        "amount": yuan(sum(one.amount_fen for one in live)),
        "capital": capital(sum(one.amount_fen for one in live)),
    }


def list_href(list_id: object) -> str:
    return reverse("staff_fund_list", args=[list_id])


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def new_list(request: HttpRequest, fund_code: str) -> HttpResponse:
    """Draft a list of grants that may be paid."""
    fund = fund_of(request, fund_code)
    step = Step(
        lazy("制作付款清单"), ListForm, lazy("清单已制作，请另一位同事复核。"),
        lambda form, actor, at: paying.draft_list(
            fund.pk, [UUID(one) for one in form.cleaned_data["grants"]], actor=actor, at=at
        ),
        lazy("只列出已批准、账户已回电核对的救助单。"),
    )  # fmt: skip
    sheet = Sheet(
        step,
        f"list:{fund.pk}",
        fund.office,
        reverse("staff_fund_lists"),
        _("付款清单"),
        fund,
        fund.name,
        list_href,
    )
    return take(request, sheet)


def fund_of(request: HttpRequest, code: str) -> Fund:
    """A fund this officer may see; a stranger gets 404."""
    try:
        return (
            visible(Fund, actor_of(request), on=timezone.localdate()).select_related("office").get(code=code)
        )
    except Fund.DoesNotExist:
        raise Http404 from None


@needs(Permission.FUND)
@require_GET
def list_page(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One list: whom it pays, who did what, and what comes next."""
    sheet = seen(PaymentList, list_id, request, "fund", "office", "maker", "checker", "approver", "payer")
    role = role_in(sheet.office, actor_of(request), on=timezone.localdate())
    rows = list(sheet.payments.select_related("payee", "grant__case__person").order_by("id"))
    mine = role.account == sheet.maker_id
    apart = role.works and role.account not in {sheet.maker_id, sheet.checker_id, sheet.approver_id}
    steps = {
        "draft": ["check"] if role.works and not mine else [],
        "checked": ["approve"] if role.heads and not mine else [],
        "exported": ["pay"] if apart else [],
    }.get(sheet.state, [])
    adds = role.works and sheet.state in paying.OPEN_LISTS and bool(ready_to_list(sheet.fund))
    shown = [*steps, *(["add"] if adds else [])]
    return show(
        request,
        "workbench/fund/list.html",
        **list_line(sheet),
        rows=[payment_line(one, role.works) for one in rows],
        steps=[
            {"title": STEPS[one].title, "href": reverse("staff_fund_list_step", args=[sheet.pk, one])}
            for one in shown
        ],
        exports=role.works and sheet.state in {"approved", "exported"},
        waits=why_not(sheet, mine, role.works, shown),
        road=road_shown(road(sheet.pk)),
    )


def why_not(sheet: PaymentList, mine: bool, works: bool, steps: list[str]) -> str:
    """Why the reader cannot take the next step, when another can."""
    if not works or {"check", "approve", "pay"} & set(steps):
        return ""
    return {
        "draft": _("您是制单人，请另一位同事复核。") if mine else "",
        "checked": _("等本单位负责人批准；制单人不能批准。"),
        "approved": _("请导出银行文件，交银行付款。"),
        "exported": _("付款要由没有制单、复核、批准过这张清单的人登记。"),
    }.get(sheet.state, "")


def payment_line(payment: Payment, works: bool) -> dict[str, Any]:
    steps = {
        "listed": ["off"] if payment.list.state in paying.OPEN_LISTS else [],
        "paid": ["returned", "refunded"],
    }
    open_ = list(steps.get(payment.state, [])) if works else []
    if works and payment.state == "paid" and not payment.receipt:
        open_.insert(0, "receipt")
    return {
        "payment": payment,
        "grant_href": grant_href(payment.grant_id),
        "amount": yuan(payment.amount_fen),
        "state": wording.said(wording.PAYMENT_STATES, payment.state),
        "steps": [
            {"title": PAYMENT_STEPS[one].title, "href": reverse("staff_fund_payment", args=[payment.pk, one])}
            for one in open_
        ],
    }


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def list_step(request: HttpRequest, list_id: UUID, step_id: str) -> HttpResponse:
    """Check, approve, add to, or pay a list."""
    found = seen(PaymentList, list_id, request, "fund", "office")
    if step_id not in STEPS:
        raise Http404
    words = list_line(found)
    sheet = Sheet(
        STEPS[step_id], f"{step_id}:{found.pk}", found.office, list_href(found.pk), found.number, found,
        f"{words['count']} × {words['amount']}",
    )  # fmt: skip
    return take(request, sheet)


STEPS: dict[str, Step] = {
    "check": Step(
        lazy("复核清单"), forms.NoForm, lazy("已复核。"),
        lambda form, actor, at: paying.check(form.about.row.pk, actor=actor, at=at),
        lazy("请逐笔核对户名、开户行、账号尾号和金额。复核以后清单再有变动，要重新复核。"),
    ),
    "approve": Step(
        lazy("批准清单"), forms.NoForm, lazy("已批准。"),
        lambda form, actor, at: paying.approve_list(form.about.row.pk, actor=actor, at=at),
    ),
    "add": Step(
        lazy("清单加人"), AddForm, lazy("已加上，清单要重新复核。"),
        lambda form, actor, at: paying.add_to_list(form.about.row.pk, UUID(form.said("grant")), actor=actor, at=at),
    ),
    "pay": Step(
        lazy("登记付款"), PayForm, lazy("已登记付款，并已记账。"),
        lambda form, actor, at: paying.pay(
            form.about.row.pk, bank_reference=form.said("bank_reference"), on=form.cleaned_data["on"], actor=actor, at=at
        ),
        lazy("银行付款成功以后再登记。登记后整张清单一次记账，不能重复。"),
    ),
}  # fmt: skip


@needs(Permission.FUND)
@require_POST
def export(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The bank's file; taking it is recorded with its digest."""
    sheet = seen(PaymentList, list_id, request, "fund", "office")
    payments = list(sheet.payments.filter(state="listed").select_related("payee").order_by("id"))
    content = bank_file(sheet, payments)
    try:
        paying.exported(sheet.pk, content, actor=actor_of(request), at=timezone.now())
    except Refused:
        return redirect(list_href(sheet.pk))
    answer = HttpResponse(content, content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="{sheet.number}.csv"'
    return answer


@needs(Permission.FUND)
@require_GET
def list_paper(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The list as an official paper."""
    sheet = seen(PaymentList, list_id, request, "fund", "office", "maker", "checker", "approver", "payer")
    payments = list(sheet.payments.exclude(state="cancelled").select_related("payee").order_by("id"))
    paper = print_list(sheet, payments, at=sheet.paid_at or sheet.approved_at or sheet.made_at)
    return HttpResponse(paper, content_type="application/pdf")


# --- one payment ------------------------------------------------------------------------------------


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, payment_id: UUID, step_id: str) -> HttpResponse:
    """Take a payment off, or keep that it came back, was refunded, or was signed for."""
    found = seen(Payment, payment_id, request, "list", "payee", "office")
    if step_id not in PAYMENT_STEPS:
        raise Http404
    sheet = Sheet(
        PAYMENT_STEPS[step_id], f"{step_id}:{found.pk}", found.office, list_href(found.list_id), found.list.number,
        found, f"{found.payee.holder} {yuan(found.amount_fen)}",
    )  # fmt: skip
    return take(request, sheet)


def ended(action: Any) -> Any:
    return lambda form, actor, at: action(
        form.about.row.pk, reason=form.said("reason"), on=form.cleaned_data["on"], actor=actor, at=at
    )


def signed(form: Any, actor: Actor, at: datetime) -> object:
    given = form.cleaned_data
    key = ""
    if given["how"] == "paper":
        paper = given["paper"]
        key = bring(paper, name=paper.name, kind="receipt", title="receipt", now=at).key
    return paying.acknowledge(
        form.about.row.pk, how=given["how"], on=given["on"], actor=actor, at=at, file=key
    )


PAYMENT_STEPS: dict[str, Step] = {
    "off": Step(
        lazy("付款前取消"), forms.ReasonForm, lazy("已取消，清单要重新复核。"),
        lambda form, actor, at: paying.take_off(form.about.row.pk, reason=form.said("reason"), actor=actor, at=at),
        warns=True,
    ),
    "returned": Step(
        lazy("登记银行退回"), forms.ReasonDayForm, lazy("已登记退回。账户要重新录入、重新核对。"),
        ended(paying.bank_returned), lazy("会书面告诉当事人，理由照写在通知里。"), warns=True,
    ),
    "refunded": Step(
        lazy("登记受助人退款"), forms.ReasonDayForm, lazy("已登记退款，钱回到基金。"), ended(paying.refund),
        lazy("会书面告诉当事人，理由照写在通知里。"), warns=True,
    ),
    "receipt": Step(lazy("登记签收"), forms.ReceiptForm, lazy("已登记签收。"), signed),
}  # fmt: skip


@needs(Permission.FUND)
@require_GET
def receipt(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """The signed paper of a payment."""
    found = seen(Payment, payment_id, request)
    if not found.receipt_file:
        raise Http404
    with storage.open_kept(found.receipt_file) as kept:
        content = kept.read()
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{found.pk}"'
    return answer
