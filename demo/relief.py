"""The relief funds of Jiangmen: three years of rounds and grants whose books add up to the article's figures.

2,851 households and ¥4,367,900.00 are not written anywhere: the last round is planned with what the books still lack.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from demo.granting import LANES, OPEN, OWN_FEN, SHOWN_DAYS, TOWNS, Desk, by, day, name_of, to_state
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.services.relief.actions import giving, rounds
from qiaoqiao.services.relief.models import Fund
from qiaoqiao.services.relief.queries import figures

HOUSEHOLDS, GIVEN_FEN = 2851, 436_790_000
OPENED_DAYS = 1093
AREAS = ("440781", "4407", "440703", "440704", "440705", "440783", "440784", "440785")
GIVERS = ("旅委内瑞拉侨胞", "旅美台山同乡会", "加拿大五邑商会", "香港江门同乡总会", "")
USUAL_FEN = (80_000, 100_000, 100_000, 120_000, 150_000, 180_000, 200_000, 300_000)
PAID_GRANTS = 12
QUORUM = 3


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
    with by(desk.above) as actor:
        if rounds.must_go_above(round_, day(at)):
            rounds.approve_round_above(round_.pk, actor=actor, at=at - timedelta(days=7))
    with by(desk.head) as actor:
        rounds.approve_round(round_.pk, actor=actor, at=at - timedelta(days=6))
    with by(desk.handler) as actor:
        stops = round_.stops.order_by("order").values_list("pk", flat=True)
        doors = [rounds.Given(stop, desk.handler, desk.clerk, day(at)) for stop in stops]
        rounds.give(round_.pk, doors, actor=actor, at=at + timedelta(hours=6))
        rounds.close_round(round_.pk, actor=actor, at=at + timedelta(days=1))
