"""The fund's papers: the bank's file, the list as an official paper, the route of a round."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office
from qiaoqiao.casework.notices import long_date
from qiaoqiao.catalogue.entry import words
from qiaoqiao.gateways.printing import Block, NoticeSheet, Verification, print_notice
from qiaoqiao.services.relief.actions.grounds import day
from qiaoqiao.services.relief.actions.payees import number_in
from qiaoqiao.services.relief.models import Payment, PaymentList, Round, Stop
from qiaoqiao.services.relief.money import capital, plain, yuan
from qiaoqiao.services.relief.queries import number_of

CHINESE = "zh-hans"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PLAIN_LAYOUT, PIPED_LAYOUT = 1, 2
"""What `bank_layout` of an office may be: comma-separated with a head in UTF-8, or `|` without a head in GB 18030."""


def bank_file(sheet: PaymentList, payments: Sequence[Payment]) -> bytes:
    """What is handed to the bank, in the layout the office set. Raises SealBroken."""
    piped = number_of(sheet.office, "bank_layout") == PIPED_LAYOUT
    out = io.StringIO()
    writer = csv.writer(out, delimiter="|" if piped else ",", lineterminator="\r\n")
    with translation.override(CHINESE):
        if not piped:
            writer.writerow(
                [_("序号"), _("户名"), _("账号"), _("开户行"), _("金额（元）"), _("用途"), _("清单编号")]
            )
        for place, one in enumerate(payments, 1):
            amount = f"{one.amount_fen // 100}.{one.amount_fen % 100:02d}"
            payee = one.payee
            purpose = _("归侨侨眷救助")
            cells = [payee.holder, number_in(payee), payee.bank, amount, purpose, sheet.number]
            if piped:
                cells = [number_in(payee), payee.holder, amount, payee.bank, f"{purpose} {sheet.number}"]
            writer.writerow([*([] if piped else [place]), *(unformulated(cell) for cell in cells)])
    text = out.getvalue()
    return text.encode("gb18030") if piped else text.encode("utf-8-sig")


def unformulated(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def print_list(sheet: PaymentList, payments: Sequence[Payment], *, at: datetime) -> bytes:
    """The list as an official paper, for signing; accounts by their last digits only."""
    with translation.override(CHINESE):
        total = sum(one.amount_fen for one in payments)
        rows = [
            [str(place), one.payee.holder, one.payee.bank, f"****{one.payee.tail}", plain(one.amount_fen)]
            for place, one in enumerate(payments, 1)
        ]
        head = [_("序号"), _("户名"), _("开户行"), _("账号"), _("金额（元）")]
        people = [
            (_("制单"), sheet.maker),
            (_("复核"), sheet.checker),
            (_("批准"), sheet.approver),
            (_("付款"), sheet.payer),
        ]
        signed = [[said_, who.name if who else ""] for said_, who in people]
        return _printed(
            sheet.office,
            sheet.number,
            _("救助款付款清单"),
            _("经办银行"),
            [
                _("共 %(n)d 笔，合计%(capital)s（%(yuan)s）。")
                % {"n": len(payments), "capital": capital(total), "yuan": yuan(total)},
            ],
            [Block(_("付款明细"), "table", [head, *rows]), Block(_("经手人"), "facts", signed)],
            at,
        )


def print_route(round_: Round, stops: Sequence[Stop], *, at: datetime) -> bytes:
    """The route of a round, to take along and have signed at each door."""
    with translation.override(CHINESE):
        head = [_("序号"), _("姓名"), _("住址"), _("送什么"), _("签收")]
        rows = [[str(one.order), one.name, one.address, brought(one), ""] for one in stops]
        total = sum(one.amount_fen for one in stops)
        said_ = _("共 %(n)d 户，现金合计%(capital)s（%(yuan)s）。上门要两个人，当面签收。")
        facts = {"n": len(stops), "capital": capital(total) if total else "—", "yuan": yuan(total)}
        blocks = [Block(_("路线"), "table", [head, *rows])]
        return _printed(
            round_.office,
            round_.planned_on.isoformat(),
            f"{round_.name}{_('走访路线')}",
            _("各位走访人"),
            [said_ % facts],
            blocks,
            at,
        )


def brought(stop: Stop) -> str:
    """What is brought to a door, in words."""
    goods = f"{stop.lot.name} {stop.quantity}{stop.lot.unit}" if stop.lot else ""
    money = yuan(stop.amount_fen) if stop.amount_fen else ""
    return "、".join(one for one in (money, goods) if one)


def _printed(
    office: Office,
    number: str,
    title: str,
    to: str,
    paragraphs: Sequence[str],
    blocks: Sequence[Block],
    at: datetime,
) -> bytes:
    name = words(office.names, CHINESE)
    return print_notice(
        NoticeSheet(
            office=name,
            number=number,
            title=title,
            addressee=to,
            paragraphs=paragraphs,
            closing="",
            signed_by=name,
            dated=long_date(day(at), CHINESE),
            verification=Verification(number, f"{settings.PUBLIC_URL}/staff/fund/"),
            blocks=blocks,
            language=CHINESE,
            demo=settings.DEMO,
            issued_at=at,
        )
    )
