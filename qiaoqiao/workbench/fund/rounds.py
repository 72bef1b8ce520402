"""Festival rounds: planned, approved, walked along a route, written down door by door."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.lib.paging import cut
from qiaoqiao.services.relief import wording
from qiaoqiao.services.relief.actions import rounds as acting
from qiaoqiao.services.relief.models import Fund, Lot, Round, Stop
from qiaoqiao.services.relief.money import MoneyWrong, fen_of, yuan
from qiaoqiao.services.relief.papers import brought, print_route
from qiaoqiao.services.relief.queries import colleagues, left_in, visible
from qiaoqiao.services.relief.reading import PAGE, Role, road, role_in
from qiaoqiao.ui.forms import DateField
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.fund.fields import CHOOSE, FundForm, choices, text
from qiaoqiao.workbench.fund.grantforms import NoForm
from qiaoqiao.workbench.fund.grants import mark, road_shown
from qiaoqiao.workbench.fund.payments import fund_of, seen
from qiaoqiao.workbench.fund.stepping import Sheet, Step, take

MOST_HOUSEHOLDS = 500
SHAPES = {"draft": "waiting", "approved": "active", "closed": "done"}


class HouseholdsForm(FundForm):
    """Households, one a line: name, address, difficulty, yuan; goods the same for all."""

    def fill(self) -> None:
        self.fields["households"] = forms.CharField(
            label=_("走访哪些户，每户一行"), widget=forms.Textarea({"rows": 10}), max_length=60_000,
            help_text=_("姓名，住址，困难种类，金额（元）。例如：陈玉莲，端芬镇侨兴路8号，重病，1000"),
        )  # fmt: skip
        lots = Lot.objects.filter(fund=self.fund().pk).order_by("-made_at")[:50]
        named = [(str(one.pk), f"{one.name}（{left_in(one)}{one.unit}）") for one in lots]
        self.fields["lot"] = forms.ChoiceField(
            label=_("每户另送物资"), choices=[("", _("不送物资")), *named], required=False
        )
        self.fields["quantity"] = forms.IntegerField(
            label=_("每户几件"), min_value=1, max_value=99, required=False
        )

    def fund(self) -> Fund:
        row = self.about.row
        return row if isinstance(row, Fund) else row.fund

    def clean_households(self) -> list[acting.Household]:
        tokens = {str(words): token for token, words in wording.PURPOSES.items()}
        found, faults = [], []
        for number, line in enumerate(str(self.cleaned_data["households"]).splitlines(), 1):
            if line.strip():
                try:
                    found.append(household(line, tokens))
                except LineWrong as why:
                    faults.append(_("第 %(n)d 行：%(why)s") % {"n": number, "why": why.words})
        if len(found) > MOST_HOUSEHOLDS:
            faults.append(_("一次最多 %(n)d 户。") % {"n": MOST_HOUSEHOLDS})
        if faults:
            raise forms.ValidationError(faults)
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("lot") and not given.get("quantity"):
            self.add_error("quantity", _("请填写每户几件。"))
        empty = [one for one in given.get("households") or [] if not one.amount_fen]
        if empty and not given.get("lot"):
            self.add_error("households", _("没有写金额的户，要选送什么物资。"))
        return given

    def chosen(self) -> list[acting.Household]:
        """The households with what all of them get."""
        given = self.cleaned_data
        if not given.get("lot"):
            return list(given["households"])
        lot, quantity = UUID(given["lot"]), given["quantity"]
        return [
            acting.Household(**(vars(one) | {"lot": lot, "quantity": quantity}))
            for one in given["households"]
        ]


class LineWrong(Exception):
    """A line that says no household."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


def household(line: str, tokens: dict[str, str]) -> acting.Household:
    """Read one line. Raises LineWrong."""
    cells = [cell.strip() for cell in line.replace("，", ",").replace("\t", ",").split(",")]
    cells += [""] * (4 - len(cells))
    if not cells[0] or len(cells) > 4:
        raise LineWrong(_("要写姓名，最多四格，用逗号分开。"))
    if cells[2] not in tokens:
        raise LineWrong(_("困难种类写成：%(known)s。") % {"known": "、".join(tokens)})
    try:
        fen = fen_of(cells[3]) if cells[3] else 0
    except MoneyWrong as why:
        raise LineWrong(str(wording.MONEY[why.code])) from None
    return acting.Household(cells[0][:100], tokens[cells[2]], address=cells[1][:200], amount_fen=fen)


class RoundForm(HouseholdsForm):
    def fill(self) -> None:
        self.fields["name"] = text(_("这次走访叫什么"), 80, help_text=_("例如：2027 年春节慰问"))
        self.fields["kind"] = forms.ChoiceField(label=_("走访种类"), choices=choices(wording.ROUNDS))
        self.fields["planned_on"] = DateField(label=_("打算哪天去"))
        self.fields["restriction"] = forms.ChoiceField(
            label=_("用哪种钱"), choices=[("", _("不限用途")), *wording.PURPOSES.items()], required=False
        )
        super().fill()


class GiveForm(FundForm):
    """Doors that two people came to on one day."""

    def fill(self) -> None:
        round_: Round = self.about.row
        left = round_.stops.filter(state="planned").select_related("lot").order_by("order")
        named = [(str(one.pk), f"{one.order}. {one.name} {one.address} {brought(one)}") for one in left]
        people = [
            CHOOSE,
            *(
                (str(one.pk), one.name)
                for one in colleagues(round_.office, on=self.about.today)
                if one.pk != round_.approver_id
            ),
        ]
        self.fields["first"] = forms.ChoiceField(label=_("第一位走访人"), choices=people)
        self.fields["second"] = forms.ChoiceField(label=_("第二位走访人"), choices=people)
        self.fields["on"] = DateField(label=_("哪天去的"), initial=self.about.today)
        self.fields["stops"] = forms.MultipleChoiceField(
            label=_("走到了哪些户"), choices=named, widget=forms.CheckboxSelectMultiple
        )
        self.fields["met"] = forms.ChoiceField(
            label=_("结果"),
            choices=[("yes", _("送到，当面签收")), ("no", _("没有遇到"))],
            widget=forms.RadioSelect,
        )
        self.fields["note"] = text(_("说明"), 400, required=False)

    def doors(self) -> list[acting.Given]:
        given = self.cleaned_data
        return [
            acting.Given(
                UUID(stop),
                int(given["first"]),
                int(given["second"]),
                given["on"],
                self.said("note"),
                given["met"] == "no",
            )
            for stop in given["stops"]
        ]


@needs(Permission.FUND)
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds of my offices, newest first."""
    today, actor = timezone.localdate(), actor_of(request)
    rows = visible(Round, actor, on=today).select_related("office", "fund").prefetch_related("stops")
    before = mark(request.GET.get("before", ""))
    place = (before[0].date(), before[1]) if before else None
    page = cut(rows, ("-planned_on", "-id"), PAGE, lambda one: f"{one.planned_on}_{one.pk}", after=place)
    return show(
        request,
        "workbench/fund/rounds.html",
        rows=[round_line(one) for one in page.rows],
        next=f"?before={page.after}" if page.after else None,
        funds=list(visible(Fund, actor, on=today).order_by("name")),
    )


def round_line(round_: Round) -> dict[str, Any]:
    stops = list(round_.stops.all())
    given = [one for one in stops if one.state == "given"]
    return {
        "round": round_,
        "kind": wording.said(wording.ROUNDS, round_.kind),
        "state": wording.said(wording.ROUND_STATES, round_.state),
        "shape": SHAPES[round_.state],
        "households": len(stops),
        "given": len(given),
        "planned_sum": yuan(sum(one.amount_fen for one in stops)),
        "given_sum": yuan(sum(one.amount_fen for one in given)),
    }


def round_href(round_id: object) -> str:
    return reverse("staff_fund_round", args=[round_id])


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, fund_code: str) -> HttpResponse:
    """Plan a round."""
    fund = fund_of(request, fund_code)

    def perform(form: Any, actor: Actor, at: datetime) -> object:
        given = form.cleaned_data
        occasion = acting.Occasion(
            form.said("name"), given["kind"], given["planned_on"], form.said("restriction")
        )
        return acting.plan(fund.pk, occasion, form.chosen(), actor=actor, at=at)

    step = Step(lazy("制定走访计划"), RoundForm, lazy("走访计划已制定，请负责人批准。"), perform)
    back = reverse("staff_fund_rounds")
    return take(
        request,
        Sheet(step, f"round:{fund.pk}", fund.office, back, _("走访慰问"), fund, fund.name, round_href),
    )


@needs(Permission.FUND)
@require_GET
def page(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """One round: its route, and what was done at each door."""
    round_ = seen(Round, round_id, request, "office", "fund", "maker", "approver", "upper")
    role = role_in(round_.office, actor_of(request), on=timezone.localdate())
    stops = list(round_.stops.select_related("lot", "visitor_one", "visitor_two").order_by("order"))
    above = (
        round_.state == "draft" and not round_.upper and acting.must_go_above(round_, timezone.localdate())
    )
    steps = steps_of(round_, role, above)
    return show(
        request,
        "workbench/fund/round.html",
        **round_line(round_),
        stops=[stop_line(one) for one in stops],
        steps=[
            {"title": STEPS[one].title, "href": reverse("staff_fund_round_step", args=[round_.pk, one])}
            for one in steps
        ],
        waits=round_.state == "draft" and role.works and role.account == round_.maker_id,
        above=above,
        road=road_shown(road(round_.pk))[:20],
    )


def steps_of(round_: Round, role: Role, above: bool) -> list[str]:
    """The steps that a round's state allows to this reader; `above`: the office above must still approve."""
    if round_.state == "approved":
        return ["give", "close"] if role.works else []
    if round_.state != "draft":
        return []
    steps = ["add"] if role.works else []
    if role.account != round_.maker_id and (role.above if above else role.heads):
        steps.insert(0, "above" if above else "approve")
    return steps


def stop_line(stop: Stop) -> dict[str, Any]:
    shapes = {"planned": "waiting", "given": "done", "missed": "plain"}
    return {
        "stop": stop,
        "purpose": wording.said(wording.PURPOSES, stop.purpose),
        "brought": brought(stop),
        "state": wording.said(wording.STOPS, stop.state),
        "shape": shapes[stop.state],
    }


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, round_id: UUID, step_id: str) -> HttpResponse:
    """One step of a round."""
    round_ = seen(Round, round_id, request, "office", "fund")
    if step_id not in STEPS:
        raise Http404
    return take(
        request,
        Sheet(
            STEPS[step_id],
            f"{step_id}:{round_.pk}",
            round_.office,
            round_href(round_.pk),
            round_.name,
            round_,
            round_.name,
        ),
    )


STEPS: dict[str, Step] = {
    "add": Step(
        lazy("加几户"), HouseholdsForm, lazy("已加上。"),
        lambda form, actor, at: acting.add_stops(form.about.row.pk, form.chosen(), actor=actor, at=at),
    ),
    "above": Step(
        lazy("上级批准"), NoForm, lazy("上级已批准。"),
        lambda form, actor, at: acting.approve_round_above(form.about.row.pk, actor=actor, at=at),
        lazy("批准的人不参加发放。"),
    ),
    "approve": Step(
        lazy("批准走访计划"), NoForm, lazy("走访计划已批准。"),
        lambda form, actor, at: acting.approve_round(form.about.row.pk, actor=actor, at=at),
        lazy("批准的人不参加发放。"),
    ),
    "give": Step(
        lazy("登记走到的户"), GiveForm, lazy("已登记，并已记账。"),
        lambda form, actor, at: acting.give(form.about.row.pk, form.doors(), actor=actor, at=at),
        lazy("两个人一起上门，当面签收。一次可以登记同一天走到的几户。"),
    ),
    "close": Step(
        lazy("结束走访"), NoForm, lazy("走访已结束。"),
        lambda form, actor, at: acting.close_round(form.about.row.pk, actor=actor, at=at),
        lazy("还没有走到的户会记为“没有遇到”，钱留在基金里。"),
    ),
}  # fmt: skip


@needs(Permission.FUND)
@require_GET
def route(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The route to take along, as a paper."""
    round_ = seen(Round, round_id, request, "office")
    stops = list(round_.stops.select_related("lot").order_by("address", "order"))
    paper = print_route(round_, stops, at=round_.approved_at or round_.made_at)
    return HttpResponse(paper, content_type="application/pdf")
