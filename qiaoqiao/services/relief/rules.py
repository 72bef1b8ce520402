"""The relief fund (困难归侨侨眷救助基金): what its words are and what is decided by numbers alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DIFFICULTIES = (
    "illness",
    "disability",
    "unemployment",
    "old_age",
    "disaster",
    "study",
    "accident",
    "return",
    "other",
)
"""Why help is given (LAW.md 15.6); also what a donor may bind money to."""
FORMS = ("cash", "in_kind", "service", "study")
ROUND_KINDS = ("festival", "routine", "illness", "bereavement")
SOURCE_KINDS = ("donation", "allocation")
CASH, GOODS, HELD, HELD_GOODS, PAYABLE, EXPENSE, RELEASED = (
    "cash",
    "goods",
    "held",
    "held_goods",
    "payable",
    "expense",
    "released",
)
ACCOUNT_KINDS = (CASH, GOODS, HELD, HELD_GOODS, PAYABLE, EXPENSE, RELEASED)
LEAST_HOLD_HOURS, MOST_HOLD_HOURS = 24, 72
SPLIT_DAYS = 30
"""Grants to one account within so many days count as one when the approver is found."""
OPEN_STATES = ("draft", "committee", "shown", "approving", "approved", "paid", "received")
SHOWN_BANDS_FEN = (100_000, 300_000, 500_000, 1_000_000)
"""Where a public notice draws its bands of amount; nobody's exact help is shown."""


def per_head(income_fen: int, spending_fen: int, members: int) -> int:
    """What is left for each member a month, in fen, rounded down; below zero when more is spent than comes in."""
    return (income_fen - spending_fen) // members


@dataclass(frozen=True)
class Step:
    """Up to this amount so many must approve. `most_fen` None is without end."""

    most_fen: int | None
    above: bool


def needs_above(steps: Sequence[Step], amount_fen: int) -> bool:
    """Whether the head of the office above must approve as well; always when nothing was laid down."""
    fitting = [step for step in steps if step.most_fen is None or amount_fen <= step.most_fen]
    first = min(fitting, key=lambda step: step.most_fen or 10**15, default=None)
    return first is None or first.above


def shown_band(amount_fen: int) -> tuple[int, int | None]:
    """The band of a public notice that holds an amount: from, and up to (None: without end), in fen."""
    lower = 0
    for upper in SHOWN_BANDS_FEN:
        if amount_fen <= upper:
            return lower, upper
        lower = upper
    return lower, None


def within_split(earlier: Iterable[tuple[date, int]], on: date) -> int:
    """How much of what was granted before counts together with a grant of this day, in fen."""
    return sum(fen for day, fen in earlier if abs((on - day).days) <= SPLIT_DAYS)


def last_day_shown(begins: date, days: int) -> date:
    """The last day of a public notice; the day on which it is put up does not count."""
    return begins + timedelta(days=days)


def passed(yes: int, no: int, abstain: int, quorum: int) -> bool:
    """Whether a committee agreed: enough members were there, and more than half of them said yes."""
    present = yes + no + abstain
    return present >= quorum and yes * 2 > present
