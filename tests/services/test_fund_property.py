"""Whatever is done with a fund, in whatever order: its books balance, nothing is overdrawn, and a plain model agrees."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qiaoqiao.lib.ids import row_id
from qiaoqiao.services.relief.actions import deciding, giving_back, paying
from qiaoqiao.services.relief.actions.grounds import Refused
from qiaoqiao.services.relief.models import Grant, Payee, Payment, Posting, Source
from qiaoqiao.services.relief.queries import balances
from tests.services.fund_town import FundTown

PURPOSES = ("illness", "study")
fen = st.integers(min_value=1, max_value=900)
which = st.integers(min_value=0, max_value=5)
DOINGS = st.one_of(
    st.tuples(st.just("donate"), fen, st.sampled_from(["", *PURPOSES])),
    st.tuples(st.just("approve"), fen, st.sampled_from(PURPOSES), st.booleans()),
    st.tuples(st.sampled_from(["pay", "return", "refund", "cancel"]), which),
    st.tuples(st.just("give_back"), fen, which),
)


@dataclass
class Plain:
    """The fund as somebody would keep it on a sheet of paper."""

    cash: int = 0
    free: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    promised: int = 0
    spent: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    gifts: list[int] = field(default_factory=list)  # what is left of each, in the order they came
    grants: list[list[Any]] = field(default_factory=list)  # row id, fen, purpose, bound, state

    def grant(self, place: int, *states: str) -> list[Any] | None:
        there = [one for one in self.grants if one[4] in states]
        return there[place % len(there)] if there else None


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(doings=st.lists(DOINGS, min_size=4, max_size=14))
@example(
    doings=[
        ("donate", 500, ""),
        ("approve", 400, "illness", False),
        ("pay", 0),
        ("return", 0),
        ("pay", 0),
        ("refund", 0),
    ]
)
@example(
    doings=[
        ("donate", 500, "study"),
        ("approve", 400, "illness", False),
        ("approve", 400, "study", True),
        ("cancel", 0),
    ]
)
@example(
    doings=[
        ("donate", 500, ""),
        ("approve", 400, "illness", False),
        ("give_back", 101, 0),
        ("give_back", 100, 0),
    ]
)
def test_the_books_of_any_sequence_agree_with_a_plain_sheet_of_paper(
    fund: FundTown, doings: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        plain = Plain()
        for number, (doing, *told) in enumerate(doings):
            STEPS[doing](fund, plain, number, *told)
            compare(fund, plain)
        connection.check_constraints()
        transaction.set_rollback(True)


def compare(fund: FundTown, plain: Plain) -> None:
    with fund.by("head"):
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for row in balances([fund.fund.pk]).get(fund.fund.pk, []):
            found[row.kind][row.restriction] = row.fen
        assert (Posting.objects.aggregate(sum=Sum("amount_fen"))["sum"] or 0) == 0
    assert found["cash"].get("", 0) == plain.cash >= 0
    assert found["payable"].get("", 0) == plain.promised >= 0
    assert {bound: n for bound, n in found["held"].items() if n} == {
        bound: n for bound, n in plain.free.items() if n
    }
    assert {name: n for name, n in found["expense"].items() if n} == {
        name: n for name, n in plain.spent.items() if n
    }
    assert plain.cash == plain.promised + sum(plain.free.values())


def donate(fund: FundTown, plain: Plain, number: int, amount: int, bound: str) -> None:
    fund.give(amount, bound)
    plain.cash += amount
    plain.free[bound] += amount
    plain.gifts.append(amount)


def approve(fund: FundTown, plain: Plain, number: int, amount: int, purpose: str, bound: bool) -> None:
    """A grant that stands before its approval, with an account that was called back."""
    restriction = purpose if bound else ""
    maker = fund.people["maker"]
    with fund.by("maker"):
        grant = Grant.objects.create(
            office=fund.office, fund=fund.fund, form="cash", purpose=purpose, restriction=restriction, amount_fen=amount,
            state="approving", maker=maker, made_at=fund.at, changed_at=fund.at, needs_upper=False,
        )  # fmt: skip
        account(fund, grant, number)
    with fund.by("head") as actor:
        if plain.free[restriction] < amount:
            with pytest.raises(Refused, match="not_enough"):
                deciding.approve(grant.pk, actor=actor, at=fund.at)
            return
        deciding.approve(grant.pk, actor=actor, at=fund.at)
    plain.free[restriction] -= amount
    plain.promised += amount
    plain.spent[purpose] += amount
    plain.grants.append([grant.pk, amount, purpose, restriction, "approved"])


def account(fund: FundTown, grant: Grant, number: int) -> None:
    Payee.objects.create(
        id=row_id(), office=fund.office, grant=grant, holder="x", bank="y", number=b"1", blind=str(number).encode(),
        tail="1234", state="verified", typed_by=fund.people["maker"], typed_at=fund.at - timedelta(days=3),
        held_until=fund.at - timedelta(days=2), called_by=fund.people["checker"], called_at=fund.at,
        called_whom="z", called_tail="1111", known_since=fund.at - timedelta(days=9),
    )  # fmt: skip


def pay(fund: FundTown, plain: Plain, number: int, place: int) -> None:
    known = plain.grant(place, "approved")
    if known is None:
        return
    with fund.by("maker"):
        grant = Grant.objects.get(pk=known[0])
        if not grant.payees.filter(state="verified").exists():
            account(fund, grant, number)
    fund.paid(grant)
    plain.cash -= known[1]
    plain.promised -= known[1]
    known[4] = "paid"


def returned(fund: FundTown, plain: Plain, number: int, place: int) -> None:
    known = plain.grant(place, "paid")
    if known is None:
        return
    with fund.by("maker") as actor:
        payment = Payment.objects.get(grant=known[0], state="paid")
        paying.bank_returned(payment.pk, reason="户名不符", on=fund.day, actor=actor, at=fund.at)
    plain.cash += known[1]
    plain.promised += known[1]
    known[4] = "approved"


def refund(fund: FundTown, plain: Plain, number: int, place: int) -> None:
    known = plain.grant(place, "paid")
    if known is None:
        return
    with fund.by("maker") as actor:
        payment = Payment.objects.get(grant=known[0], state="paid")
        paying.refund(payment.pk, reason="本人退回", on=fund.day, actor=actor, at=fund.at)
    plain.cash += known[1]
    plain.free[known[3]] += known[1]
    plain.spent[known[2]] -= known[1]
    known[4] = "refunded"


def cancel(fund: FundTown, plain: Plain, number: int, place: int) -> None:
    known = plain.grant(place, "approved")
    if known is None:
        return
    with fund.by("head") as actor:
        paying.cancel(known[0], reason="本人放弃", on=fund.day, actor=actor, at=fund.at)
    plain.promised -= known[1]
    plain.free[known[3]] += known[1]
    plain.spent[known[2]] -= known[1]
    known[4] = "cancelled"


def give_back(fund: FundTown, plain: Plain, number: int, amount: int, place: int) -> None:
    with fund.by("second") as actor:
        sources = list(Source.objects.order_by("made_at", "id"))
        if not sources:
            return
        source = sources[place % len(sources)]
        told: dict[str, Any] = {"reason": "x", "actor": actor, "at": fund.at}
        if plain.free[source.restriction] < amount:
            with pytest.raises(Refused, match="not_enough"):
                giving_back.ask(source.pk, amount, **told)
            return
        if plain.gifts[place % len(sources)] < amount:
            with pytest.raises(Refused, match="more_than_given"):
                giving_back.ask(source.pk, amount, **told)
            return
        asked = giving_back.ask(source.pk, amount, **told)
    with fund.by("head") as actor:
        giving_back.approve(asked.pk, on=fund.day, actor=actor, at=fund.at)
    plain.gifts[place % len(sources)] -= amount
    plain.cash -= amount
    plain.free[source.restriction] -= amount


STEPS: dict[str, Any] = {
    "donate": donate,
    "approve": approve,
    "pay": pay,
    "return": returned,
    "refund": refund,
    "cancel": cancel,
    "give_back": give_back,
}
