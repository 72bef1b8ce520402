"""A fund of Taishan's federation and the people who keep it, each doing only their own part."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import acting
from qiaoqiao.casework.models import Case
from qiaoqiao.services.relief.actions import deciding, giving, granting, payees, paying
from qiaoqiao.services.relief.actions.giving import Gift
from qiaoqiao.services.relief.models import Account as Account_
from qiaoqiao.services.relief.models import (
    Fund,
    GiveBack,
    Grant,
    JournalEntry,
    Payee,
    Payment,
    PaymentList,
    Posting,
    Round,
    Source,
    Stop,
)
from tests.cast import AT, TODAY, Town, as_staff, file_case, make_account, now_epoch

RELIEF: dict[str, Any] = {
    "standing": "returnee", "place": "440781", "address": "端芬镇侨兴路8号", "members": 3, "income": 1800,
    "difficulty": "illness", "story": "老伴住院", "emergency": False, "government_aid": "receiving", "wish": "cash",
}  # fmt: skip
VOTES = {"梁静云": "yes", "陈惠仪": "yes", "李梅": "no"}
DAYS_SHOWN = 5


@dataclass
class FundTown:
    """The people of the fund; `at` is now and goes on as steps are taken."""

    town: Town
    at: datetime = AT
    people: dict[str, Account] = field(default_factory=dict)

    def __post_init__(self) -> None:
        federation: Office = self.town.federation
        for name, role in {
            "maker": "handler",
            "second": "clerk",
            "checker": "handler",
            "payer": "clerk",
            "head": "head",
        }.items():
            self.people[name] = make_account(f"fund-{name}", (federation, role))
        self.people["above"] = self.town.city_head
        self.office = federation
        with self.by("head") as actor:
            self.fund = giving.open_fund(
                federation, code="care", name="侨爱基金", purposes=[], actor=actor, at=self.at, on=TODAY
            )
            numbers = {"committee_quorum": 3, "notice_days": DAYS_SHOWN, "hold_hours": 24}
            giving.lay_down(federation, numbers, [(300_000, False), (None, True)], actor=actor, at=self.at)

    def by(self, name: str) -> AbstractContextManager[Any]:
        """Act as one of the people of the fund."""
        return As(self.people[name])

    def give(self, fen: int, restriction: str = "") -> None:
        with self.by("maker") as actor:
            gift = Gift("donation", "旅委侨胞", restriction)
            giving.receive(self.fund.pk, gift, fen, on=self.day, actor=actor, at=self.at)

    @property
    def day(self) -> date:
        return self.at.date()

    def file(self, **facts: Any) -> Case:
        return file_case("relief", RELIEF | facts, at=self.at)

    def draft(
        self, case: Case | None = None, fen: int = 200_000, purpose: str = "illness", **more: Any
    ) -> Grant:
        with self.by("maker") as actor:
            return granting.draft(
                self.fund.pk,
                granting.Wish(more.get("form", "cash"), purpose, fen, more.get("restriction", "")),
                actor=actor,
                at=self.at,
                case_id=case.pk if case else None,
                visit=granting.Planned(self.day + timedelta(days=1), "黄志雄、李梅"),
            )

    def verified(self, grant: Grant) -> Grant:
        """Visited by two, assessed, put before the committee."""
        self.at += timedelta(days=1)
        with self.by("maker") as actor:
            call = granting.Call(self.day, "病历属实", second=self.people["second"].pk)
            granting.record_home_visit(grant.pk, call, actor=actor, at=self.at)
            reckoned = granting.Reckoned(3, 180_000, 90_000, ("illness",))
            granting.assess(grant.pk, reckoned, actor=actor, at=self.at)
            return granting.to_committee(grant.pk, found="情况属实", actor=actor, at=self.at)

    def reviewed(self, grant: Grant) -> Grant:
        self.verified(grant)
        with self.by("maker") as actor:
            deciding.review(grant.pk, deciding.Meeting(self.day, VOTES), actor=actor, at=self.at)
        return reread(grant, self)

    def submitted(self, grant: Grant) -> Grant:
        self.reviewed(grant)
        self.at += timedelta(days=DAYS_SHOWN + 1)
        with self.by("maker") as actor:
            return deciding.end_notice(grant.pk, objections="没有异议", actor=actor, at=self.at)

    def approved(self, grant: Grant) -> Grant:
        if self.submitted(grant).needs_upper:
            with self.by("above") as actor:
                deciding.approve_above(grant.pk, actor=actor, at=self.at)
        with self.by("head") as actor:
            return deciding.approve(grant.pk, actor=actor, at=self.at)

    def called(self, grant: Grant, number: str = "6222 0812 3456 7890") -> Payee:
        """An account typed by the maker and called back by the checker at the door they visited."""
        with self.by("maker") as actor:
            account = payees.BankAccount("陈玉莲", "台山农商银行", number)
            payee = payees.type_account(grant.pk, account, actor=actor, at=self.at)
        with self.by("checker") as actor:
            call = payees.CallBack("本人", "home", right=True)
            payees.call_back(payee.pk, call, actor=actor, at=self.at + timedelta(hours=1))
        self.at += timedelta(days=2)
        return payee

    def listed(self, *grants: Grant) -> PaymentList:
        with self.by("maker") as actor:
            return paying.draft_list(self.fund.pk, [one.pk for one in grants], actor=actor, at=self.at)

    def exported(self, *grants: Grant) -> PaymentList:
        sheet = self.listed(*grants)
        self.export(sheet)
        return sheet

    def export(self, sheet: PaymentList) -> None:
        with self.by("checker") as actor:
            paying.check(sheet.pk, actor=actor, at=self.at)
        with self.by("head") as actor:
            paying.approve_list(sheet.pk, actor=actor, at=self.at)
            paying.exported(sheet.pk, b"bank file", actor=actor, at=self.at)

    def paid(self, *grants: Grant) -> PaymentList:
        sheet = self.exported(*grants)
        with self.by("payer") as actor:
            return paying.pay(sheet.pk, bank_reference="B-1", on=self.day, actor=actor, at=self.at)


class As:
    """A block in which somebody acts; gives their actor."""

    def __init__(self, account: Account) -> None:
        self.actor = as_staff(account)
        self.acting = acting(self.actor, epoch=now_epoch())

    def __enter__(self) -> Any:
        self.acting.__enter__()
        return self.actor

    def __exit__(self, *what: Any) -> None:
        self.acting.__exit__(*what)


def reread(row: Any, town: FundTown) -> Any:
    """The row as the database has it."""
    with town.by("head"):
        return type(row)._default_manager.get(pk=row.pk)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def canary_fund(town: Town, case: Case, canary: str) -> dict[str, object]:
    """A row of everything an address of the fund may name, each carrying the canary; for the test of routes."""
    office, at = town.federation, datetime.now(UTC)
    maker, head = town.officer_chen, town.head_liang
    own = {
        "office": office,
        "fund": Fund.objects.create(office=office, code="canary", name=canary, opened_on=TODAY),
    }
    source = Source.objects.create(**own, kind="donation", giver=canary, made_by=maker, made_at=at)
    back = GiveBack.objects.create(
        office=office, source=source, amount_fen=5, reason=canary, asked_by=maker, asked_at=at
    )
    entry = JournalEntry.objects.create(
        **own, number=1, kind="donation", key="canary", on=TODAY, at=at, source=source
    )
    for kind, fen in (("cash", 5), ("held", -5)):
        account = Account_.objects.create(**own, kind=kind)
        Posting.objects.create(office=office, entry=entry, account=account, amount_fen=fen)
    grant = Grant.objects.create(
        **own, case=case, form="cash", purpose="illness", amount_fen=5, maker=maker, made_at=at, changed_at=at,
        state="approved", needs_upper=False, approver=head, approved_at=at,
    )  # fmt: skip
    long_ago = at - timedelta(days=9)
    payee = Payee.objects.create(
        office=office, grant=grant, holder=canary, bank=canary, number=b"1", blind=b"2", tail="1234", state="verified",
        typed_by=maker, typed_at=long_ago, held_until=at, called_by=head, called_at=at, called_whom=canary,
        called_tail="1111", known_since=long_ago - timedelta(days=1),
    )  # fmt: skip
    sheet = PaymentList.objects.create(**own, number=canary, maker=maker, made_at=at)
    payment = Payment.objects.create(office=office, list=sheet, grant=grant, payee=payee, amount_fen=5)
    round_ = Round.objects.create(
        **own, name=canary, kind="festival", planned_on=TODAY, maker=maker, made_at=at
    )
    Stop.objects.create(office=office, round=round_, order=1, name=canary, purpose="illness", amount_fen=5)
    return {
        "grant_id": grant.pk,
        "payee_id": payee.pk,
        "list_id": sheet.pk,
        "payment_id": payment.pk,
        "round_id": round_.pk,
        "entry_id": entry.pk,
        "source_id": source.pk,
        "back_id": back.pk,
        "fund_code": "canary",
        "what": "money",
    }


__all__ = ["AT", "RELIEF", "As", "Fund", "FundTown", "reread", "utc"]
