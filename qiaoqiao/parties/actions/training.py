"""Learning the weights anew from what reviewers decided, and choosing which weights are in force."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import PostRole
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.parties.actions.merging import NotYours
from qiaoqiao.parties.importing.rolls import offices_decided
from qiaoqiao.parties.linkage.comparing import COMPARISONS, NULL, compare
from qiaoqiao.parties.linkage.evidence import Item, as_items
from qiaoqiao.parties.linkage.features import encode
from qiaoqiao.parties.linkage.matching import in_force
from qiaoqiao.parties.linkage.rows import row_of
from qiaoqiao.parties.linkage.weighing import Weights, written
from qiaoqiao.parties.models import Proposal, Record, Training

LEAST = 50
FOLDS = 5
ROUNDS = 25
HOLD = 1.0
"""How firmly a weight is held to its present value: as if it were known to within one bit."""
BIT = math.log(2)
STARTS = np.cumsum([0, *COMPARISONS.values()])
SIZE = int(STARTS[-1])
"""Place 0 to SIZE - 1 is a level of a comparison, SIZE the prior."""


class TooFew(Exception):
    """There are too few decisions to learn from: `have`, of `least`."""

    def __init__(self, have: int) -> None:
        self.have, self.least = have, LEAST
        super().__init__(f"{have} of {LEAST}")


@transaction.atomic
def train(offices: Sequence[int], *, actor: Actor, at: datetime) -> Training:
    """Learn weights from the decisions of some offices; they are not in force until a head says so.

    `settings["agreement"]` says how often the present weights and the new ones agree with the decisions, the
    new ones on decisions they did not learn from. Raises TooFew, NotYours.
    """
    mine = {one.pk for one in offices_decided(actor, on=at.astimezone(SHANGHAI).date())}
    if not offices or not set(offices) <= mine:
        raise NotYours
    decided = list(
        Proposal.objects.filter(office__in=offices, state__in=["accepted", "rejected"]).order_by(
            "decided_at", "id"
        )
    )
    if len(decided) < LEAST:
        raise TooFew(len(decided))
    said = [as_items(one.evidence) for one in decided]
    chosen, offset = design(said), priors(said)
    same = np.array([one.state == "accepted" for one in decided], dtype=float)
    present = in_force()[1]
    start = as_vector(present)
    new = fit(chosen, offset, same, start)
    settings = written(from_vector(new, present)) | {
        "agreement": {
            "before": int(agreeing(chosen, offset, same, start)),
            "after": crossed(chosen, offset, same, start),
            "of": len(decided),
        }
    }
    return Training.objects.create(settings=settings, made_at=at, decisions=len(decided))


@transaction.atomic
def use(training_id: int | None, *, actor: Actor, at: datetime) -> None:
    """Put a training in force, or the shipped weights for None. Raises NotYours for anybody but a head."""
    posts = posts_of(actor.account_id or 0, on=at.astimezone(SHANGHAI).date())
    if not posts.filter(role=PostRole.HEAD).exists():
        raise NotYours
    list(Training.objects.select_for_update().order_by("pk").values_list("pk"))
    Training.objects.filter(current=True).update(current=False)
    if training_id is not None:
        training = Training.objects.get(pk=training_id)
        training.current = True
        training.save(update_fields=["current"])


# --- the decisions in numbers -------------------------------------------------------------------------


def design(said: Sequence[Sequence[Item]]) -> Any:
    """A row for each decision: 1 at the level of each comparison. From the records where they are still there."""
    rows = np.zeros((len(said), SIZE + 1))
    rows[:, SIZE] = 1
    for place, levels in enumerate(known_levels(said)):
        for number, name in enumerate(COMPARISONS):
            if (level := levels.get(name, NULL)) != NULL:
                rows[place, STARTS[number] + level] = 1
    return rows


def known_levels(said: Sequence[Sequence[Item]]) -> list[dict[str, int]]:
    """The levels of each decision: compared anew, or as the reviewer saw them when a record is gone."""
    levels = [
        {item["what"]: item["level"] for item in items if item["what"] in COMPARISONS} for items in said
    ]
    named = [(place, pair) for place, items in enumerate(said) if (pair := named_records(items))]
    held = {
        one.pk: row_of(one) for one in Record.objects.filter(pk__in={pk for _, pair in named for pk in pair})
    }
    there = [(place, pair) for place, pair in named if all(pk in held for pk in pair)]
    if there:
        left, right = (encode([held[pair[side]] for _, pair in there]) for side in (0, 1))
        anew = compare(left, right)
        for row, (place, _pair) in enumerate(there):
            levels[place] = {name: int(anew[name][row]) for name in COMPARISONS}
    return levels


def named_records(items: Sequence[Item]) -> tuple[UUID, UUID] | None:
    """The two records that were compared, where both sides have one."""
    if not items or not items[-1]["left"] or not items[-1]["right"]:
        return None
    return UUID(items[-1]["left"]), UUID(items[-1]["right"])


def priors(said: Sequence[Sequence[Item]]) -> Any:
    """What held of each decision before any evidence, in bits."""
    return np.array([items[-1]["weight"] if items else 0.0 for items in said])


def as_vector(weights: Weights) -> Any:
    """All weights in a row; the last is what is added to the prior, so far nothing."""
    return np.concatenate([*(np.array(weights.weights[name]) for name in COMPARISONS), [0.0]])


def from_vector(vector: Any, present: Weights) -> Weights:
    bits = {
        name: tuple(round(float(bit), 3) for bit in vector[STARTS[number] : STARTS[number + 1]])
        for number, name in enumerate(COMPARISONS)
    }
    return Weights(present.records, round(present.prior + float(vector[SIZE]), 3), bits)


# --- learning ------------------------------------------------------------------------------------------


def fit(chosen: Any, offset: Any, same: Any, start: Any) -> Any:
    """Weights that fit the decisions and stay near the present ones: logistic regression by Newton's steps."""
    vector = start.copy()
    for _round in range(ROUNDS):
        odds = np.clip(BIT * (chosen @ vector + offset), -40, 40)
        chance = 1 / (1 + np.exp(-odds))
        slope = BIT * chosen.T @ (same - chance) - HOLD * BIT * (vector - start)
        curve = BIT**2 * (chosen.T * (chance * (1 - chance))) @ chosen + HOLD * BIT * np.eye(len(vector))
        step = np.linalg.solve(curve, slope)
        vector = vector + step
        if np.abs(step).max() < 1e-6:
            break
    return vector


def agreeing(chosen: Any, offset: Any, same: Any, vector: Any) -> int:
    """How many decisions these weights would have made."""
    return int(((chosen @ vector + offset >= 0) == (same > 0)).sum())


def crossed(chosen: Any, offset: Any, same: Any, start: Any) -> int:
    """The same for new weights, each decision judged by weights that were learned without it."""
    folds = np.arange(len(same)) % FOLDS
    right = 0
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        vector = fit(chosen[inside], offset[inside], same[inside], start)
        right += agreeing(chosen[outside], offset[outside], same[outside], vector)
    return right
