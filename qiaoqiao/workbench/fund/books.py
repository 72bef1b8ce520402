"""The books of a fund: vouchers, the trial balance of a day, where the money came from, the goods in stock."""

import csv
import io
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.lib.paging import Page, cut_by_id
from qiaoqiao.services.relief import wording
from qiaoqiao.services.relief.actions import booking, giving
from qiaoqiao.services.relief.models import Fund, GiveBack, JournalEntry, Lot, Posting, Source
from qiaoqiao.services.relief.money import plain, yuan
from qiaoqiao.services.relief.papers import unformulated
from qiaoqiao.services.relief.queries import balances, heads, offices_worked
from qiaoqiao.services.relief.reading import PAGE, entries_listed, trial_balance
from qiaoqiao.services.relief.rules import CASH
from qiaoqiao.ui.forms import DateField
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.filtering import row_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.fund.fields import FundForm, MoneyField, choices, text
from qiaoqiao.workbench.fund.givingback import back_line
from qiaoqiao.workbench.fund.grantforms import ReasonDayForm
from qiaoqiao.workbench.fund.overview import fund_line
from qiaoqiao.workbench.fund.payments import fund_of, seen
from qiaoqiao.workbench.fund.stepping import Sheet, Step, take

Row = TypeVar("Row", bound=Model)


def day_of(request: HttpRequest, name: str) -> date | None:
    """A day of the address; None when there is none or it is none."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def account_words(kind: str, restriction: str) -> str:
    name = wording.said(wording.ACCOUNTS, kind)
    if kind in {"held", "held_goods"}:
        return f"{name}（{wording.money_of(restriction)}）"
    return f"{name}（{wording.said(wording.PURPOSES, restriction)}）" if restriction else name


@needs(Permission.FUND)
@require_GET
def books(request: HttpRequest, fund_code: str) -> HttpResponse:
    """Vouchers, newest first, and the trial balance at the end of a day."""
    fund, today = fund_of(request, fund_code), timezone.localdate()
    on = day_of(request, "on") or today
    before = request.GET.get("before", "")
    rows, more = entries_listed(
        fund, since=day_of(request, "since"), until=day_of(request, "until"),
        before=int(before) if before.isdecimal() and len(before) < 9 else None,
    )  # fmt: skip
    trial = trial_balance(fund, on=on)
    query = {name: request.GET[name] for name in ("since", "until", "on") if request.GET.get(name)}
    head = heads(actor_of(request), fund.office, on=today)
    return show(
        request,
        "workbench/fund/books.html",
        fund=fund,
        rows=[voucher(one, head) for one in rows],
        next=f"?{urlencode(query | {'before': rows[-1].number})}" if more else None,
        on=on,
        trial=[
            (account_words(one.kind, one.restriction), plain(one.debit), plain(one.credit)) for one in trial
        ],
        debit=plain(sum(one.debit for one in trial)),
        credit=plain(sum(one.credit for one in trial)),
        query=urlencode(query),
    )


def voucher(entry: JournalEntry, head: bool) -> dict[str, Any]:
    sides = sorted(entry.postings.all(), key=lambda one: -one.amount_fen)
    reversed_ = hasattr(entry, "reversed_by")
    given_back = entry.source and any(one.kind == "give_back" for one in entry.source.entries.all())
    return {
        "entry": entry,
        "kind": wording.said(wording.ENTRIES, entry.kind),
        "giver": (entry.source.giver or _("不具名")) if entry.source else "",
        "sides": [
            (
                account_words(one.account.kind, one.account.restriction),
                plain(one.amount_fen) if one.amount_fen > 0 else "",
                plain(-one.amount_fen) if one.amount_fen < 0 else "",
            )
            for one in sides
        ],
        "reversed": reversed_,
        "reverses": head and entry.kind == "donation" and not reversed_ and not given_back,
    }


@needs(Permission.FUND)
@require_GET
def books_csv(request: HttpRequest, fund_code: str) -> HttpResponse:
    """Every posting of a fund, or of some days of it, for a spreadsheet."""
    fund = fund_of(request, fund_code)
    rows = Posting.objects.filter(entry__fund=fund).select_related("entry", "account")
    since, until = day_of(request, "since"), day_of(request, "until")
    if since:
        rows = rows.filter(entry__on__gte=since)
    if until:
        rows = rows.filter(entry__on__lte=until)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [_("凭证号"), _("日期"), _("事由"), _("科目"), _("借方（元）"), _("贷方（元）"), _("摘要")]
    )
    for one in rows.order_by("entry__number", "-amount_fen").iterator(chunk_size=2000):
        fen = one.amount_fen
        amounts = [f"{abs(fen) // 100}.{abs(fen) % 100:02d}", ""]
        writer.writerow(
            [one.entry.number, one.entry.on.isoformat(), wording.said(wording.ENTRIES, one.entry.kind),
             account_words(one.account.kind, one.account.restriction), *(amounts if fen > 0 else reversed(amounts)),
             unformulated(one.entry.memo)]
        )  # fmt: skip
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{fund.code}.csv"'
    return answer


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def reverse_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Correct a voucher by one that turns it round."""
    entry = seen(JournalEntry, entry_id, request, "fund", "office")
    step = Step(
        lazy("冲销凭证"), ReasonDayForm, lazy("已冲销。"),
        lambda form, actor, at: booking.reverse(
            entry.pk, reason=form.said("reason"), actor=actor, at=at, on=form.cleaned_data["on"]
        ),
        lazy("账不能改也不能删。记错了，用一张相反的凭证更正。"), warns=True,
    )  # fmt: skip
    back = reverse("staff_fund_books", args=[entry.fund.code])
    caption = f"{entry.fund.name} {entry.number}"
    return take(request, Sheet(step, f"reverse:{entry.pk}", entry.office, back, _("账本"), entry, caption))


# --- sources and goods ------------------------------------------------------------------------------


class GiftForm(FundForm):
    """Where it comes from."""

    kind = forms.ChoiceField(label=lazy("来源"), choices=choices(wording.SOURCES))
    giver = text(lazy("捐赠人或拨款单位"), 100, required=False, help_text=lazy("不愿具名的，留空。"))

    def fill(self) -> None:
        fund: Fund = self.about.row
        known = [
            (one, words)
            for one, words in wording.PURPOSES.items()
            if not fund.purposes or one in fund.purposes
        ]
        self.fields["restriction"] = forms.ChoiceField(
            label=_("指定用途"), choices=[("", _("不限用途")), *known], required=False
        )
        self.fields["agreement"] = text(_("协议或文号"), required=False)
        self.more()
        self.fields["on"] = DateField(label=_("记在哪一天"), initial=self.about.today)

    def more(self) -> None:
        self.fields["amount"] = MoneyField(label=_("金额（元）"), help_text=_("例如 1234.50"))

    def gift(self) -> giving.Gift:
        return giving.Gift(
            self.said("kind"), self.said("giver"), self.said("restriction"), self.said("agreement")
        )


class GoodsInForm(GiftForm):
    def more(self) -> None:
        self.fields["name"] = text(_("物资名称"), 80)
        self.fields["unit"] = text(_("单位（袋、箱、件）"), 10)
        self.fields["quantity"] = forms.IntegerField(label=_("数量"), min_value=1, max_value=1_000_000)
        self.fields["value"] = MoneyField(label=_("每件价值（元）"))


@needs(Permission.FUND)
@require_GET
def sources(request: HttpRequest, fund_code: str) -> HttpResponse:
    """Where a fund's money and goods came from, newest first, and what is in stock."""
    fund, actor, today = fund_of(request, fund_code), actor_of(request), timezone.localdate()
    given, goods = (
        page_of(request, fund.sources.prefetch_related("entries__postings__account")),
        stock(request, fund),
    )
    works = fund.office_id in {one.pk for one in offices_worked(actor, on=today)}
    head = heads(actor, fund.office, on=today)
    asked = GiveBack.objects.filter(source__fund=fund, state="asked").select_related("source", "asked_by")
    return show(
        request,
        "workbench/fund/sources.html",
        **fund_line(fund, balances([fund.pk]).get(fund.pk, [])),
        rows=[source_line(one) for one in given.rows],
        lots=[lot_line(one) for one in goods.rows],
        turning=turned(given, ""),
        turning_lots=turned(goods, "lots_"),
        works=works,
        backs=[back_line(one, actor, head) for one in asked] if works else [],
    )


def page_of(request: HttpRequest, rows: QuerySet[Row], prefix: str = "") -> Page[Row, UUID]:
    """A page of sources or lots, newest first; both stand on one page of the browser and turn apart."""
    before, after = row_of(request, f"{prefix}before"), row_of(request, f"{prefix}after")
    return cut_by_id(rows, ("-made_at", "-id"), PAGE, before=before, after=after)


def turned(page: Page[Any, UUID], prefix: str) -> dict[str, str | None]:
    """The addresses of the neighbouring pages."""
    return {
        "previous": f"?{prefix}before={page.before}" if page.before else None,
        "next": f"?{prefix}after={page.after}" if page.after else None,
    }


def stock(request: HttpRequest, fund: Fund) -> Page[Lot, UUID]:
    return page_of(request, Lot.objects.filter(fund=fund).prefetch_related("moves"), "lots_")


def lot_line(lot: Lot) -> dict[str, Any]:
    left = lot.quantity - sum(one.quantity for one in lot.moves.all())
    return {"lot": lot, "left": left, "value": yuan(lot.unit_fen)}


def source_line(source: Source) -> dict[str, Any]:
    """One source as its list shows it; money goes back while there is some."""
    postings = [one for entry in source.entries.all() for one in entry.postings.all()]
    left = sum(one.amount_fen for one in postings if one.account.kind == CASH)
    came = [one for one in source.entries.all() if one.kind in {"donation", "goods_in"}]
    fen = sum(one.amount_fen for entry in came for one in entry.postings.all() if one.amount_fen > 0)
    return {
        "source": source,
        "kind": wording.said(wording.SOURCES, source.kind),
        "giver": source.giver or _("不具名"),
        "money": wording.money_of(source.restriction),
        "amount": yuan(fen),
        "on": came[0].on if came else None,
        "goes_back": left > 0,
    }


@needs(Permission.FUND)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, fund_code: str, what: str) -> HttpResponse:
    """Book money (`money`) or goods (`goods`) that came in."""
    fund = fund_of(request, fund_code)
    if what not in RECEIVING:
        raise Http404
    back = reverse("staff_fund_sources", args=[fund.code])
    return take(
        request, Sheet(RECEIVING[what], f"{what}:{fund.pk}", fund.office, back, fund.name, fund, fund.name)
    )


def money_in(form: Any, actor: Actor, at: datetime) -> object:
    given = form.cleaned_data
    return giving.receive(form.about.row.pk, form.gift(), given["amount"], on=given["on"], actor=actor, at=at)


def goods_in(form: Any, actor: Actor, at: datetime) -> object:
    given = form.cleaned_data
    return giving.receive_goods(
        form.about.row.pk, form.gift(), name=form.said("name"), unit=form.said("unit"), quantity=given["quantity"],
        unit_fen=given["value"], on=given["on"], actor=actor, at=at,
    )  # fmt: skip


RECEIVING: dict[str, Step] = {
    "money": Step(lazy("登记收到的钱"), GiftForm, lazy("已记账。"), money_in),
    "goods": Step(lazy("物资入库"), GoodsInForm, lazy("已入库。"), goods_in),
}
