"""What each level of each comparison weighs, in bits; the same for Splink and for the web process.

A weight is log2 of how much likelier a level is for one person than for two. Weights of comparisons add up,
so they are learned together (household, telephone and parents tell the same thing three times).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from splink import SettingsCreator
from splink.internals.blocking_rule_library import block_on

from qiaoqiao.parties.linkage.comparing import COMPARISONS, Levels

BITS = 4
"""Bits of a packed level: NULL is 0, level n is n + 1."""
SURE = 5.0
"""So many bits more than even: clusters that hold even then need no person (one link in a hundred was wrong)."""
OPEN = -3.0
"""Below this no person is asked either."""
NAMESAKES = 0.35
"""By how many bits the prior falls when there are twice as many records: more namesakes, the same families."""


@dataclass(frozen=True)
class Weights:
    """A set of weights and what it was learned on: `records` says for how many records `prior` holds."""

    records: int
    prior: float
    weights: Mapping[str, tuple[float, ...]]

    def prior_for(self, records: int) -> float:
        """The prior weight of a compared pair among so many records."""
        return self.prior - NAMESAKES * math.log2(max(records, 1000) / self.records)


@cache
def shipped() -> Weights:
    """The weights that come with the product; docs/linkage.md says what they were learned on."""
    return read(json.loads((Path(__file__).parent / "weights.json").read_text()))


def read(written: Mapping[str, Any]) -> Weights:
    """Weights from their JSON. Raises KeyError or ValueError for ones that do not fit the comparisons."""
    weights = {name: tuple(float(bit) for bit in written["weights"][name]) for name in COMPARISONS}
    for name, levels in COMPARISONS.items():
        if len(weights[name]) != levels:
            raise ValueError(f"{name} has {len(weights[name])} weights, not {levels}")
    return Weights(int(written["records"]), float(written["prior"]), weights)


def written(weights: Weights) -> dict[str, Any]:
    """Weights as JSON."""
    return {
        "records": weights.records,
        "prior": weights.prior,
        "weights": {name: list(bits) for name, bits in weights.weights.items()},
    }


def parts(levels: Mapping[str, Levels], weights: Weights) -> dict[str, Any]:
    """The bits that each comparison brings to each pair; NULL brings none."""
    return {
        name: np.concatenate([weights.weights[name], [0.0]])[levels[name]]  # NULL is -1: the last one
        for name in COMPARISONS
    }


def weigh(levels: Mapping[str, Levels], weights: Weights, *, records: int) -> Any:
    """Log2 of the odds that each pair is one person."""
    total: Any = sum(parts(levels, weights).values())
    return total + weights.prior_for(records)


def pack(levels: Mapping[str, Levels]) -> Any:
    """All levels of a pair in one number, four bits each, in the order of COMPARISONS."""
    packed: Any = 0
    for place, name in enumerate(COMPARISONS):
        packed = packed | ((levels[name].astype(np.int64) + 1) << (BITS * place))
    return packed


def settings(weights: Weights, *, records: int) -> SettingsCreator:
    """The Splink model: blocking on shared keys, a comparison for each kind of evidence, no training needed.

    Levels are read from `match_key`, into which the compared pairs carry them packed. m and u of a level are
    set so that their ratio is its weight: only the ratio counts in a prediction.
    """
    prior = 2.0 ** weights.prior_for(records)
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        probability_two_random_records_match=prior / (1 + prior),
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        comparisons=[
            {"output_column_name": name, "comparison_levels": _levels(name, place, weights.weights[name])}
            for place, name in enumerate(COMPARISONS)
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _levels(name: str, place: int, bits: tuple[float, ...]) -> list[dict[str, Any]]:
    level = f"((match_key >> {BITS * place}) & {2**BITS - 1})"
    null = {
        "sql_condition": f"{level} = 0",
        "label_for_charts": f"{name}: nothing said",
        "is_null_level": True,
    }
    told = [
        {
            "sql_condition": f"{level} = {number + 1}" if number else "ELSE",
            "label_for_charts": f"{name}: {number}",
            "m_probability": 2.0**bit / (1 + 2.0**bit),
            "u_probability": 1 / (1 + 2.0**bit),
        }
        for number, bit in reversed(list(enumerate(bits)))
    ]
    return [null, *told]
