"""From weighed pairs to people: clusters that are one person as a whole, never chains of strangers."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

UNSAID = -2.0
"""The weight of a pair in a cluster that was not compared: it shared no key."""
SOFTENING = 0.5
"""How far a large cluster's sum is divided by its pairs: 0 not at all, 1 to their mean."""

Edge = tuple[int, int, float]


def clusters(records: int, edges: Iterable[Edge], *, strictness: float = 0.0) -> Any:
    """A cluster number for each record: the number of one of its members.

    Joins the two groups with the best sum of weights as long as one speaks for joining, so that a record
    that fits one member and contradicts the others stays outside. `strictness` is taken off every weight.
    """
    merging = _Merging(edges, strictness)
    merging.run()
    labels = np.arange(records)
    for label, members in merging.members.items():
        labels[members] = label
    return labels


def joined(records: int, one: Any, other: Any) -> Any:
    """A number for each record, equal for all that links reach directly or through others."""
    label = list(range(records))

    def root(place: int) -> int:
        while label[place] != place:
            label[place] = label[label[place]]
            place = label[place]
        return place

    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        label[root(a)] = root(b)
    return np.array([root(place) for place in range(records)])


class _Merging:
    """Groups, the sums of weights between them, and how many pairs those sums are of."""

    def __init__(self, edges: Iterable[Edge], strictness: float) -> None:
        self.unsaid = UNSAID - strictness
        self.sums: dict[int, dict[int, float]] = defaultdict(dict)
        self.counts: dict[int, dict[int, int]] = defaultdict(dict)
        self.heap: list[tuple[float, int, int]] = []
        for one, other, given in edges:
            weight = given - strictness
            self.sums[one][other] = self.sums[other][one] = weight
            self.counts[one][other] = self.counts[other][one] = 1
            if weight > 0:
                self.heap.append((-weight, one, other))
        heapq.heapify(self.heap)
        self.members: dict[int, list[int]] = {one: [one] for one in self.sums}

    def run(self) -> None:
        while self.heap:
            before, one, other = heapq.heappop(self.heap)
            if one not in self.members or other not in self.members or other not in self.sums[one]:
                continue
            value = self.value(one, other)
            if value <= 0:
                continue
            if value < -before - 1e-9:
                heapq.heappush(self.heap, (-value, one, other))
                continue
            self.join(one, other)

    def value(self, one: int, other: int) -> float:
        pairs = len(self.members[one]) * len(self.members[other])
        said = self.counts[one][other]
        return (self.sums[one][other] + self.unsaid * (pairs - said)) / float(pairs**SOFTENING)

    def join(self, one: int, other: int) -> None:
        sums, counts = self.sums[one], self.counts[one]
        for third, weight in self.sums.pop(other).items():
            if third == one:
                continue
            sums[third] = self.sums[third][one] = sums.get(third, 0.0) + weight
            counts[third] = self.counts[third][one] = counts.get(third, 0) + self.counts[other][third]
            del self.sums[third][other], self.counts[third][other]
        del sums[other], counts[other], self.counts[other]
        self.members[one] += self.members.pop(other)
        for third in sums:
            value = self.value(one, third)
            if value > 0:
                heapq.heappush(self.heap, (-value, min(one, third), max(one, third)))
