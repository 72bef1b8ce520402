"""The relief funds of Jiangmen: three years of rounds and grants whose books add up to the article's figures.

2,851 households and ¥4,367,900.00 are not written anywhere: the last round is planned with what the books still lack.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from demo.people import GIVEN, SURNAMES
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, Actor, acting, staff
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.models import Case
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.parties.rules import Applicant
from qiaoqiao.services.relief.actions import deciding, giving, granting, payees, paying, rounds
from qiaoqiao.services.relief.models import Fund, Grant, Payment
from qiaoqiao.services.relief.queries import figures
from qiaoqiao.services.relief.rules import DIFFICULTIES

HOUSEHOLDS, GIVEN_FEN = 2851, 436_790_000
OPENED_DAYS = 1093
AREAS = ("440781", "4407", "440703", "440704", "440705", "440783", "440784", "440785")
TOWNS = ("端芬镇", "海宴镇", "塘口镇", "牛江镇", "赤坎镇", "水步镇", "斗山镇", "百合镇")
LANES = ("侨兴里", "永安村", "龙安里", "东和村", "西宁里", "南阳村", "仁厚里", "联安村")
GIVERS = ("旅委内瑞拉侨胞", "旅美台山同乡会", "加拿大五邑商会", "香港江门同乡总会", "")
USUAL_FEN = (80_000, 100_000, 100_000, 120_000, 150_000, 180_000, 200_000, 300_000)
GRANT_FEN = (200_000, 250_000, 280_000, 300_000, 480_000)
PAID_GRANTS = 12
QUORUM, SHOWN_DAYS, OWN_FEN = 3, 5, 300_000
VOTES = {"梁静云": "yes", "林伟文": "yes", "谭慧敏": "yes", "李健华": "abstain"}
STORIES = ("老伴住院三个月，药费自费部分多。", "台风把屋顶掀了，暂住亲戚家。", "孩子考上大学，学费还差一截。",
           "独居，腿脚不便，养老金只够吃饭。", "从国外回来，一时找不到活干。")  # fmt: skip


@dataclass
class Desk:
    """A federation's fund and the three people who keep it: each has a part of their own."""

    office: Office
    handler: int
    clerk: int
    head: int
    above: int
    chance: random.Random
    fund: Fund = field(init=False)


@contextmanager
def by(account_id: int) -> Iterator[Actor]:
    actor = staff(account_id)
    with acting(actor, epoch=int(time.time())):
        yield actor


def fill_fund(seed: int, now: datetime) -> None:
    """Tell three years of the funds, unless they were told before."""
    with acting(SYSTEM, epoch=int(time.time())):
        if Fund.objects.exists():
            return
    with without_reactions():
        desks = [open_desk(code, random.Random(seed + place), now) for place, code in enumerate(AREAS)]
        *told, last = sorted(
            [*gifts(desks, now), *grants(desks, now), *festivals(desks, now)], key=Doing.order
        )
        for one in told:
            with transaction.atomic():
                one.do()
        with transaction.atomic():
            close_the_books(last, desks[1], now)


@dataclass(frozen=True)
class Doing:
    """Something of the funds' three years and when it begins, so that vouchers are numbered as time goes."""

    at: datetime
    do: Callable[[], object]
    last: bool = False

    def order(self) -> tuple[bool, datetime]:
        return self.last, self.at


def grants(desks: list[Desk], now: datetime) -> Iterator[Doing]:
    """Grants long paid, and some at every step now."""
    for number in range(PAID_GRANTS):
        state, at = "closed" if number % 6 else "refunded", now - timedelta(days=60 + 82 * number)
        yield Doing(at, partial(to_state, desks[number % len(desks)], state, at))
    for days, state in OPEN:
        at = now - timedelta(days=days)
        yield Doing(at, partial(to_state, desks[0], state, at))


def open_desk(code: str, chance: random.Random, now: datetime) -> Desk:
    """Open an area's fund three years ago and lay down its numbers."""
    offices = {
        one.code: one for one in Office.objects.filter(code__in=[f"{code}-federation", "4407-federation"])
    }
    named = {
        one.username: one.pk for one in Account.objects.filter(username__startswith=f"{code}-federation-")
    }
    cards = {"440781": ("taishan-fund", "taishan-window", "taishan-head")}.get(code)
    city = {"4407": "jiangmen-federation"}.get(code)
    accounts = {one.username: one.pk for one in Account.objects.all()} if cards or city else {}
    keys = cards or (
        f"{code}-federation-handler",
        f"{code}-federation-clerk",
        city or f"{code}-federation-head",
    )
    handler, clerk, head = (named.get(key) or accounts[key] for key in keys)
    above = Account.objects.get(username="jiangmen-federation").pk
    desk = Desk(offices[f"{code}-federation"], handler, clerk, head, above, chance)
    at = now - timedelta(days=OPENED_DAYS)
    numbers = {"committee_quorum": QUORUM, "notice_days": SHOWN_DAYS, "hold_hours": 24, "bank_layout": 1}
    own = None if code == "4407" else OWN_FEN
    with by(head) as actor, transaction.atomic():
        name = f"{desk.office.place.names['zh-Hans']}归侨侨眷关爱基金"
        desk.fund = giving.open_fund(
            desk.office, code=f"care-{code}", name=name, purposes=[], actor=actor, at=at, on=day(at)
        )
        bands = [(None, False)] if own is None else [(own, False), (None, True)]
        giving.lay_down(desk.office, numbers, bands, actor=actor, at=at)
    return desk


def gifts(desks: list[Desk], now: datetime) -> Iterator[Doing]:
    """Money twice a year, some of it bound to studies, and rice this month."""
    for desk in desks:
        for half in range(6):
            at = now - timedelta(days=OPENED_DAYS - 1 - 170 * half)
            yield Doing(at, partial(receive, desk, half, at))
        at = now - timedelta(days=OPENED_DAYS - 2)
        yield Doing(at, partial(receive, desk, -1, at))
        at = now - timedelta(days=9)
        yield Doing(at, partial(receive_rice, desk, at))


def receive(desk: Desk, half: int, at: datetime) -> None:
    giver = GIVERS[(half + len(desk.office.code)) % len(GIVERS)]
    gift = giving.Gift(
        "donation" if half % 3 else "allocation", giver, agreement=f"捐字〔{at.year}〕{half + 1}号"
    )
    if half < 0:
        gift = giving.Gift("donation", "陈氏助学会", "study", "助学捐赠协议")
    with by(desk.handler) as actor:
        fen = 5_000_000 if half < 0 else 12_000_000
        giving.receive(desk.fund.pk, gift, fen, on=day(at), actor=actor, at=at)


def receive_rice(desk: Desk, at: datetime) -> None:
    rice = giving.Gift("donation", "江门侨商会")
    with by(desk.handler) as actor:
        giving.receive_goods(
            desk.fund.pk,
            rice,
            name="大米",
            unit="袋",
            quantity=60,
            unit_fen=9_800,
            on=day(at),
            actor=actor,
            at=at,
        )


def day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def name_of(chance: random.Random) -> str:
    return chance.choice(list(SURNAMES)) + chance.choice(GIVEN)


# --- grants ----------------------------------------------------------------------------------------

ORDER = ("reported", "draft", "visited", "committee", "shown", "approving", "approved", "called", "listed", "checked",
         "exported", "paid", "received", "closed")  # fmt: skip
OPEN = ((1, "reported"), (3, "draft"), (5, "visited"), (7, "committee"), (4, "shown"), (14, "approving"),
        (16, "approved"), (20, "called"), (22, "listed"), (23, "checked"), (24, "exported"), (30, "paid"), (33, "received"),
        (12, "refused"), (18, "above"))  # fmt: skip


def to_state(desk: Desk, state: str, at: datetime) -> None:
    """File a request and take a grant as far as this state."""
    purpose = desk.chance.choice(DIFFICULTIES[:8])
    fen = OWN_FEN + 180_000 if state == "above" else desk.chance.choice(GRANT_FEN[:4])
    case = ask(desk, purpose, at)
    far = {"refunded": "paid", "refused": "visited", "above": "approving"}.get(state, state)
    if far == "reported":
        return
    grant = granted(desk, case, purpose, fen, at)
    steps = ORDER[ORDER.index("visited") : ORDER.index(far) + 1] if far != "draft" else ()
    for step in steps:
        at = STEPS[step](desk, grant, at)
    if state == "refused":
        with by(desk.handler) as actor:
            ground = deciding.Ground(
                "no_hardship", "子女已接回同住，医药费已报销。", "村侨胞之家 0750-0000000"
            )
            deciding.refuse(grant.pk, ground, actor=actor, at=at)
    if state == "refunded":
        with by(desk.handler) as actor:
            payment = Payment.objects.get(grant=grant, state="paid")
            at += timedelta(days=6)
            paying.refund(payment.pk, reason="子女已接济，本人退回", on=day(at), actor=actor, at=at)


def ask(desk: Desk, purpose: str, at: datetime) -> Case:
    chance = desk.chance
    person = Applicant(name=name_of(chance), country="CN", phone=f"+86 750 0{chance.randint(100000, 999999)}")
    facts = {
        "standing": chance.choice(["returnee", "relative"]), "place": desk.office.place_id,
        "address": f"{chance.choice(TOWNS)}{chance.choice(LANES)}{chance.randint(1, 60)}号（虚构）",
        "members": chance.randint(1, 5), "income": chance.randrange(600, 4000, 100), "difficulty": purpose,
        "story": chance.choice(STORIES), "emergency": False, "wish": "cash",
        "government_aid": chance.choice(["never", "receiving", "refused"]),
    }  # fmt: skip
    filing = Filing(
        service="relief", channel="counter", applicant=person, facts=facts, intake_office=desk.office.pk
    )
    with acting(staff(desk.clerk).with_case(filing.case_id), epoch=int(time.time())):
        return file(filing, actor=staff(desk.clerk), at=at)


def granted(desk: Desk, case: Case, purpose: str, fen: int, at: datetime) -> Grant:
    when = at + timedelta(hours=3)
    form = "study" if purpose == "study" else "cash"
    bound = purpose if purpose == "study" else ""
    with by(desk.handler) as actor:
        visit = granting.Planned(day(at) + timedelta(days=1), "基金经办人和窗口同事")
        wish = granting.Wish(form, purpose, fen, bound)
        return granting.draft(desk.fund.pk, wish, actor=actor, at=when, case_id=case.pk, visit=visit)


def visited(desk: Desk, grant: Grant, at: datetime) -> datetime:
    at += timedelta(days=1)
    with by(desk.handler) as actor:
        call = granting.Call(day(at), "两人上门，情况属实，病历和存折看过。", second=desk.clerk)
        granting.record_home_visit(grant.pk, call, actor=actor, at=at)
        income = desk.chance.randrange(80_000, 400_000, 10_000)
        reckoned = granting.Reckoned(desk.chance.randint(1, 5), income, income // 2, (grant.purpose,))
        granting.assess(grant.pk, reckoned, actor=actor, at=at)
    return at


def committee(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.handler) as actor:
        granting.to_committee(grant.pk, found="情况属实，建议救助。", actor=actor, at=at + timedelta(hours=2))
    return at + timedelta(hours=3)


def shown(desk: Desk, grant: Grant, at: datetime) -> datetime:
    at += timedelta(days=1)
    with by(desk.handler) as actor:
        deciding.review(grant.pk, deciding.Meeting(day(at), VOTES), actor=actor, at=at)
    return at


def approving(desk: Desk, grant: Grant, at: datetime) -> datetime:
    at += timedelta(days=SHOWN_DAYS + 1)
    with by(desk.handler) as actor:
        deciding.end_notice(grant.pk, objections="没有异议", actor=actor, at=at)
    return at


def approved(desk: Desk, grant: Grant, at: datetime) -> datetime:
    at += timedelta(hours=20)
    with by(desk.head) as actor:
        deciding.approve(grant.pk, actor=actor, at=at)
    with by(desk.handler) as actor:
        account = payees.BankAccount(
            name_of(desk.chance), "五邑农商银行（虚构）", f"62220000{desk.chance.randint(10**9, 10**10 - 1)}"
        )
        payees.type_account(grant.pk, account, actor=actor, at=at + timedelta(hours=1))
    return at + timedelta(hours=2)


def called(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.clerk) as actor:
        payee = grant.payees.get(state="held")
        payees.call_back(payee.pk, payees.CallBack("本人", "home", right=True), actor=actor, at=at)
    return at + timedelta(days=2)


def listed(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.handler) as actor:
        paying.draft_list(desk.fund.pk, [grant.pk], actor=actor, at=at)
    return at


def checked(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.head) as actor:
        paying.check(list_of(grant), actor=actor, at=at)
    return at


def exported(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.head) as actor:
        paying.approve_list(list_of(grant), actor=actor, at=at)
        paying.exported(list_of(grant), str(grant.pk).encode(), actor=actor, at=at)
    return at + timedelta(hours=1)


def paid(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.clerk) as actor:
        reference = f"演示{day(at):%Y%m%d}{desk.chance.randint(1000, 9999)}"
        paying.pay(list_of(grant), bank_reference=reference, on=day(at), actor=actor, at=at)
    return at + timedelta(days=2)


def list_of(grant: Grant) -> Any:
    return Payment.objects.values_list("list", flat=True).get(grant=grant, state="listed")


def received(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.handler) as actor:
        payment = Payment.objects.get(grant=grant, state="paid")
        paying.acknowledge(payment.pk, how="visit", on=day(at), actor=actor, at=at)
    return at + timedelta(days=20)


def closed(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.handler) as actor:
        paying.follow_up(grant.pk, on=day(at), note="回访：情况好转。", actor=actor, at=at)
    return at


STEPS: dict[str, Any] = {
    "visited": visited, "committee": committee, "shown": shown, "approving": approving, "approved": approved,
    "called": called, "listed": listed, "checked": checked, "exported": exported, "paid": paid, "received": received,
    "closed": closed,
}  # fmt: skip


# --- rounds ----------------------------------------------------------------------------------------


def festivals(desks: list[Desk], now: datetime) -> list[Doing]:
    """The rounds of the six festivals of the last three years, about as many households in each."""
    found = []
    for year in range(now.year - 3, now.year + 1):
        for name, month, on in (("春节慰问", 1, 28), ("中秋慰问", 9, 12)):
            at = datetime(year, month, on, 9, 30, tzinfo=SHANGHAI)
            if now - timedelta(days=3 * 365 - 12) < at < now - timedelta(days=10):
                found += [(desk, f"{year} 年{name}", at) for desk in desks]
    return [
        Doing(at, partial(walk_usual, desk, name, at, len(found)), last=place == len(found) - 1)
        for place, (desk, name, at) in enumerate(found)
    ]


def walk_usual(desk: Desk, name: str, at: datetime, rounds_: int) -> None:
    """A round of the usual size, its amounts about the usual in all."""
    count = HOUSEHOLDS // rounds_ - 1
    amounts = [desk.chance.choice(USUAL_FEN) for _ in range(count)]
    level(amounts, GIVEN_FEN // rounds_ * 49 // 50, exactly=False)
    walk_round(desk, name, at, amounts)


def close_the_books(last: Doing, city: Desk, now: datetime) -> None:
    """Walk the last round with the households and the money that the books still lack of the article's figures."""
    with by(city.above) as actor:
        told = figures(actor, on=day(now), since=day(now - timedelta(days=3 * 365)), until=day(now))
    desk, name, at, _rounds = last.do.args  # type: ignore[attr-defined]
    amounts = [desk.chance.choice(USUAL_FEN) for _ in range(HOUSEHOLDS - told.households)]
    level(amounts, GIVEN_FEN - told.given_fen, exactly=True)
    walk_round(desk, name, at, amounts)


def level(amounts: list[int], total: int, *, exactly: bool) -> None:
    """Move amounts by a hundred yuan at a time until they come to about the total, or exactly to it."""
    place = 0
    while abs(missing := total - sum(amounts)) >= 10_000:
        step = 10_000 if missing > 0 else -10_000
        if amounts[place % len(amounts)] + step >= 30_000:
            amounts[place % len(amounts)] += step
        place += 1
    if exactly:
        amounts[-1] += total - sum(amounts)


def walk_round(desk: Desk, name: str, at: datetime, amounts: list[int]) -> None:
    chance = desk.chance
    households = [
        rounds.Household(
            name_of(chance),
            chance.choice(("old_age", "illness", "disability", "other")),
            address=f"{town}{chance.choice(LANES)}{chance.randint(1, 80)}号（虚构）",
            place=desk.office.place_id,
            amount_fen=fen,
        )
        for town, fen in zip(sorted(chance.choice(TOWNS) for _ in amounts), amounts, strict=True)
    ]
    occasion = rounds.Occasion(name, "festival", day(at))
    with by(desk.handler) as actor:
        round_ = rounds.plan(desk.fund.pk, occasion, households, actor=actor, at=at - timedelta(days=9))
    with by(desk.head) as actor:
        rounds.approve_round(round_.pk, actor=actor, at=at - timedelta(days=6))
    with by(desk.handler) as actor:
        stops = round_.stops.order_by("order").values_list("pk", flat=True)
        doors = [rounds.Given(stop, desk.handler, desk.clerk, day(at)) for stop in stops]
        rounds.give(round_.pk, doors, actor=actor, at=at + timedelta(hours=6))
        rounds.close_round(round_.pk, actor=actor, at=at + timedelta(days=1))
