"""Grants: the list, one grant with its whole road, and each of its steps."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_case
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.services.relief import sentences, wording
from qiaoqiao.services.relief.actions import deciding, granting, payees, paying, rounds
from qiaoqiao.services.relief.models import Grant, Payee, Review
from qiaoqiao.services.relief.money import capital, yuan
from qiaoqiao.services.relief.queries import offices_worked
from qiaoqiao.services.relief.reading import cases_without, grant_file, grants_listed, role_in, steps_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.fund import grantforms as forms
from qiaoqiao.workbench.fund.stepping import Sheet, Step, take

SHAPES = {
    "draft": "active", "committee": "waiting", "shown": "waiting", "approving": "waiting", "approved": "soon", "paid": "active",
    "received": "active", "closed": "done",
}  # fmt: skip


def grant_href(grant_id: object) -> str:
    return reverse("staff_fund_grant", args=[grant_id])


@needs(Permission.FUND)
@require_GET
def grants(request: HttpRequest) -> HttpResponse:
    """The grants of my offices, newest change first."""
    today, actor = timezone.localdate(), actor_of(request)
    state = request.GET.get("state", "")
    state = state if state in wording.GRANT_STATES else ""
    rows, more = grants_listed(actor, on=today, state=state, before=mark(request.GET.get("before", "")))
    last = rows[-1] if rows else None
    query = {"state": state, "before": f"{last.changed_at.isoformat()}_{last.pk}"} if last and more else {}
    return show(
        request,
        "workbench/fund/grants.html",
        rows=[line(one) for one in rows],
        next=f"?{urlencode(query)}" if query else None,
        states=[
            ("", _("全部"), not state),
            *((one, words, one == state) for one, words in wording.GRANT_STATES.items()),
        ],
    )


def mark(text: str) -> tuple[datetime, UUID] | None:
    """A place in the list. Raises Http404 for what is none."""
    if not text:
        return None
    at, _bar, row = text.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(row)
    except ValueError:
        raise Http404 from None


def line(grant: Grant) -> dict[str, Any]:
    """A grant as a list shows it."""
    return {
        "grant": grant,
        "name": grant.case.person.name if grant.case else "",
        "purpose": wording.said(wording.PURPOSES, grant.purpose),
        "form": wording.said(wording.FORMS, grant.form),
        "amount": yuan(grant.amount_fen),
        "state": wording.said(wording.GRANT_STATES, grant.state),
        "shape": SHAPES.get(grant.state, "plain"),
    }


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draft a grant for a case (`case=` its reference), or choose the case first."""
    today, actor = timezone.localdate(), actor_of(request)
    offices = offices_worked(actor, on=today)
    reference = request.GET.get("case", "")
    if not reference:
        cases = list(cases_without(actor, offices, on=today)[:100])
        return show(request, "workbench/fund/cases.html", cases=cases)
    try:
        case = visible_case(tidy_reference(reference) or reference[:16], actor, on=today)
    except Case.DoesNotExist:
        raise Http404 from None
    if case.service != granting.SERVICE or case.office_id not in {one.pk for one in offices}:
        raise Http404

    def perform(form: Any, actor: Actor, at: datetime) -> object:
        visit = granting.Planned(form.cleaned_data["visit_on"], form.said("visitors"))
        planned = visit if visit.on and visit.visitors else None
        fund = form.cleaned_data["fund"]
        return granting.draft(UUID(fund), form.wish(), actor=actor, at=at, case_id=case.pk, visit=planned)

    step = Step(
        lazy("制作救助单"),
        forms.DraftForm,
        lazy("救助单已制作。"),
        perform,
        lazy(
            "先写打算怎样帮助；金额在评议前还可以改。刚收到的申请，请写明哪天、哪两个人上门，通知会发给当事人。"
        ),
    )
    sheet = Sheet(
        step, f"draft:{case.pk}", case.office, reverse("staff_fund_grants"), _("救助单"),
        caption=f"{case.reference} {case.person.name}", onward=grant_href,
    )  # fmt: skip
    return take(request, sheet)


def file_of(request: HttpRequest, grant_id: UUID) -> Any:
    """A grant as this officer may see it; a stranger gets 404."""
    try:
        return grant_file(grant_id, actor_of(request), on=timezone.localdate())
    except Grant.DoesNotExist:
        raise Http404 from None


@needs(Permission.FUND)
@require_GET
def page(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """One grant: what it is, what was found, who decided, where the money went, and what can be done now."""
    file = file_of(request, grant_id)
    grant, role = file.grant, role_in(file.grant.office, actor_of(request), on=timezone.localdate())
    steps = [
        {"id": one, "title": STEPS[one].title, "href": reverse("staff_fund_grant_step", args=[grant.pk, one])}
        for one in steps_of(file, role)
    ]
    kinds = file.assessment.kinds if file.assessment else []
    return show(
        request,
        "workbench/fund/grant.html",
        file=file,
        **line(grant),
        capital=capital(grant.amount_fen),
        money=wording.money_of(grant.restriction),
        steps=steps,
        works=role.works,
        kinds=[wording.said(wording.PURPOSES, kind) for kind in kinds],
        sum=arithmetic(file),
        reviews=[review_line(one) for one in file.reviews],
        payees=[payee_line(one) for one in file.payees],
        payments=[
            {"payment": one, "state": wording.said(wording.PAYMENT_STATES, one.state)}
            for one in file.payments
        ],
        road=road_shown(file.road),
    )


def review_line(review: Review) -> dict[str, Any]:
    """A review with each member's vote."""
    return {
        "review": review,
        "votes": [(one.member, wording.said(wording.VOTES, one.vote)) for one in review.votes.all()],
    }


def payee_line(payee: Payee) -> dict[str, Any]:
    """An account with how it was called back about."""
    state = wording.said(wording.PAYEE_STATES, payee.state)
    return {"payee": payee, "state": state, "called": forms.contact_words(payee.called_tail)}


def road_shown(road: Any) -> list[dict[str, Any]]:
    """What happened, newest first, for the timeline."""
    return [
        {"title": sentences.SAID.get(one.kind, one.kind), "at": one.at, "by": one.by}
        for one in reversed(road)
    ]


def arithmetic(file: Any) -> str:
    """How the figure per head was reached."""
    one = file.assessment
    if one is None:
        return ""
    income, spending, left = yuan(one.income_fen), yuan(one.spending_fen), yuan(file.per_head_fen)
    return f"({income} - {spending}) ÷ {one.members} = {left}"


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, grant_id: UUID, step_id: str) -> HttpResponse:
    """One step of a grant."""
    file = file_of(request, grant_id)
    if step_id not in STEPS:
        raise Http404
    grant = file.grant
    sheet = Sheet(
        STEPS[step_id], f"{step_id}:{grant.pk}", grant.office, grant_href(grant.pk), _("救助单"), grant,
        caption=f"{grant.case.person.name if grant.case else ''} {yuan(grant.amount_fen)}",
    )  # fmt: skip
    return take(request, sheet)


def visited(form: Any, actor: Actor, at: datetime) -> object:
    second = form.said("second")
    call = granting.Call(
        form.cleaned_data["visited_on"],
        form.said("found"),
        int(second) if second else None,
        form.said("companion"),
    )
    return granting.record_home_visit(form.about.row.pk, call, actor=actor, at=at)


def assessed(form: Any, actor: Actor, at: datetime) -> object:
    given = form.cleaned_data
    reckoned = granting.Reckoned(
        given["members"], given["income"], given["spending"], tuple(given["kinds"]), form.said("note")
    )
    return granting.assess(form.about.row.pk, reckoned, actor=actor, at=at)


def reviewed(form: Any, actor: Actor, at: datetime) -> object:
    votes = deciding.members_of(form.rows())
    meeting = deciding.Meeting(form.cleaned_data["held_on"], votes, form.said("reasons"))
    return deciding.review(form.about.row.pk, meeting, actor=actor, at=at)


def refused(form: Any, actor: Actor, at: datetime) -> object:
    ground = deciding.Ground(form.said("refusal"), form.said("reasons"), form.said("right_office"))
    return deciding.refuse(form.about.row.pk, ground, actor=actor, at=at)


def typed(form: Any, actor: Actor, at: datetime) -> object:
    account = payees.BankAccount(form.said("holder"), form.said("bank"), form.said("number"))
    return payees.type_account(form.about.row.pk, account, actor=actor, at=at)


def handed(form: Any, actor: Actor, at: datetime) -> object:
    given = form.cleaned_data
    return rounds.hand_over(
        form.about.row.pk, UUID(given["lot"]), given["quantity"], on=given["on"], actor=actor, at=at
    )


ACCOUNT_NOTE = lazy("新的或者换过的账户先冻结，要由另一位同事用以前就知道的联系方式回电核对，才能付款。")
STEPS: dict[str, Step] = {
    "change": Step(
        lazy("修改救助单"), forms.WishForm, lazy("已修改。"),
        lambda form, actor, at: granting.redraft(form.about.row.pk, form.wish(), actor=actor, at=at),
    ),
    "visit": Step(lazy("登记上门核实"), forms.VisitForm, lazy("已登记上门。"), visited, lazy("上门要两个不同的人。")),
    "assess": Step(
        lazy("核算家庭情况"), forms.AssessForm, lazy("已核算。"), assessed,
        lazy("只算收入和不能省的支出，不给人打分。能通过核对查到的，不要让当事人开证明。"),
    ),
    "submit": Step(
        lazy("提请集体评议"), forms.SubmitForm, lazy("已提请评议。"),
        lambda form, actor, at: granting.to_committee(form.about.row.pk, found=form.said("found"), actor=actor, at=at),
    ),
    "review": Step(
        lazy("登记集体评议"), forms.ReviewForm, lazy("评议已登记。"), reviewed,
        lazy("过半数到会成员同意才算通过。通过后自动公示，公示不写姓名、住址和病情。"),
    ),
    "again": Step(
        lazy("退回再核实"), forms.ReasonsForm, lazy("已退回再核实。"),
        lambda form, actor, at: deciding.look_again(form.about.row.pk, reasons=form.said("reasons"), actor=actor, at=at),
    ),
    "end-notice": Step(
        lazy("公示结束，报批"), forms.ObjectionsForm, lazy("已报批。"),
        lambda form, actor, at: deciding.end_notice(form.about.row.pk, objections=form.said("objections"), actor=actor, at=at),
    ),
    "above": Step(
        lazy("上级批准"), forms.NoForm, lazy("上级已批准。"),
        lambda form, actor, at: deciding.approve_above(form.about.row.pk, actor=actor, at=at),
    ),
    "approve": Step(
        lazy("批准救助"), forms.NoteForm, lazy("已批准，金额已通知当事人。"),
        lambda form, actor, at: deciding.approve(form.about.row.pk, actor=actor, at=at, note=form.said("note")),
    ),
    "refuse": Step(lazy("不予救助"), forms.RefuseForm, lazy("已通知当事人。"), refused, warns=True),
    "account": Step(lazy("录入收款账户"), forms.AccountForm, lazy("账户已录入，等同事回电核对。"), typed, ACCOUNT_NOTE),
    "another-account": Step(lazy("换收款账户"), forms.AccountForm, lazy("账户已录入，等同事回电核对。"), typed, ACCOUNT_NOTE),
    "goods": Step(lazy("发放物资"), forms.GoodsForm, lazy("已发放。"), handed),
    "follow": Step(
        lazy("回访，办完"), forms.FollowForm, lazy("已办完。"),
        lambda form, actor, at: paying.follow_up(
            form.about.row.pk, on=form.cleaned_data["on"], note=form.said("note"), actor=actor, at=at
        ),
    ),
    "cancel": Step(
        lazy("撤销救助"), forms.ReasonDayForm, lazy("已撤销，钱回到基金。"),
        lambda form, actor, at: paying.cancel(
            form.about.row.pk, reason=form.said("reason"), on=form.cleaned_data["on"], actor=actor, at=at
        ),
        lazy("会书面告诉当事人，理由照写在通知里。"),
        warns=True,
    ),
}  # fmt: skip
