"""A new record against all files, by the web process: the same keys, comparing and weights as the batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from qiaoqiao.lib.statements import fetch
from qiaoqiao.parties.linkage.comparing import COMPARISONS, Levels, compare
from qiaoqiao.parties.linkage.features import Features, Row, encode
from qiaoqiao.parties.linkage.keys import MOST_SHARING, keys
from qiaoqiao.parties.linkage.rows import row_of
from qiaoqiao.parties.linkage.weighing import OPEN, Weights, parts, read, shipped, weigh
from qiaoqiao.parties.models import Record, Training

MOST_COMPARED = 60
"""So many records are compared with a new one, those first that share its rarest keys."""


@dataclass(frozen=True)
class Match:
    """A file that may be of the same person: its best record, the weight in bits, the level of each comparison."""

    file: UUID
    record: UUID | None
    weight: float
    levels: Mapping[str, int]
    bits: Mapping[str, float]
    row: Row = field(repr=False)


def in_force() -> tuple[Training | None, Weights]:
    """The weights in force: those of a training that a head chose, else the shipped ones."""
    training = Training.objects.filter(current=True).first()
    return training, read(training.settings) if training else shipped()


def candidates(
    row: Row, *, but: Iterable[UUID] = (), records: int | None = None, weights: Weights | None = None
) -> list[Match]:
    """The files whose records look like one that is about to be added, the likeliest first.

    Only files that the actor in force may see. `records` is among how many it is looked for, `but` are files
    left out; weights are those in force unless given.
    """
    features = encode([row])
    wanted = sorted(set(keys(features).keys.tolist()))
    found = fetch(
        "SELECT record, file FROM qq_most_alike($1::bigint[], $2, $3)", wanted, MOST_SHARING, MOST_COMPARED
    )
    left_out = set(but)
    owners = {record: file for record, file in found if file not in left_out}
    if not owners:
        return []
    rows = {
        one.pk: row_of(one) for one in Record.objects.filter(pk__in=owners).defer("keys", "more", "digest")
    }
    among = estimated() if records is None else records
    compared = against(features, encode(rows.values()), weights or in_force()[1], records=among)
    matches = [
        Match(owners[one], one, weight, levels, bits, said)
        for (one, said), (weight, levels, bits) in zip(rows.items(), compared, strict=True)
        if weight >= OPEN
    ]
    return best_by_file(matches)


def estimated() -> int:
    """How many records there are, as PostgreSQL last counted them."""
    ((rows,),) = fetch("SELECT reltuples::bigint FROM pg_class WHERE oid = 'parties_record'::regclass")
    return max(int(rows), 0)


Compared = tuple[float, dict[str, int], dict[str, float]]


def against(one: Features, others: Features, weights: Weights, *, records: int) -> list[Compared]:
    """One record against several: weight, levels, and the bits of each comparison."""
    return pairs(np.repeat(one, len(others)), others, weights, records=records)


def pairs(left: Features, right: Features, weights: Weights, *, records: int) -> list[Compared]:
    """Records against records, pair by pair."""
    levels: dict[str, Levels] = compare(left, right)
    total: Any = weigh(levels, weights, records=records)
    bits = parts(levels, weights)
    return [
        (
            float(total[place]),
            {name: int(levels[name][place]) for name in COMPARISONS},
            {name: float(bits[name][place]) for name in COMPARISONS},
        )
        for place in range(len(left))
    ]


def best_by_file(matches: Sequence[Match]) -> list[Match]:
    """The best record of each file, the heaviest first."""
    best: dict[UUID, Match] = {}
    for one in sorted(matches, key=lambda match: (-match.weight, str(match.record))):
        best.setdefault(one.file, one)
    return list(best.values())
