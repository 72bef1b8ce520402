"""Clusters are one person as a whole, and do not depend on the order in which pairs come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.parties.linkage.clustering import clusters


def groups(records, edges, **how):
    """The clusters of two records or more, as sorted tuples."""
    labels = clusters(records, edges, **how).tolist()
    found = {}
    for place, label in enumerate(labels):
        found.setdefault(label, []).append(place)
    return sorted(tuple(members) for members in found.values() if len(members) > 1)


@pytest.mark.parametrize(
    ("edges", "together"),
    [
        ([(0, 1, 5.0)], [(0, 1)]),
        ([(0, 1, 0.0)], []),
        ([(0, 1, -5.0)], []),
        ([(0, 1, 5.0), (1, 2, 4.0), (0, 2, 3.0)], [(0, 1, 2)]),
        ([(0, 1, 5.0), (1, 2, 4.0), (0, 2, -9.0)], [(0, 1)]),  # a chain of strangers
        ([(0, 1, 4.0), (1, 2, 5.0), (0, 2, -9.0)], [(1, 2)]),
        ([(0, 1, 5.0), (1, 2, 4.0)], [(0, 1, 2)]),  # 0 and 2 shared no key: a doubt, no contradiction
        ([(0, 1, 5.0), (1, 2, 1.0)], [(0, 1)]),  # ... which a weak link does not outweigh
        ([(0, 1, 5.0), (2, 3, 5.0), (1, 2, 4.0), (0, 3, -9.0)], [(0, 1), (2, 3)]),
        ([(0, 1, 5.0), (2, 3, 5.0)], [(0, 1), (2, 3)]),
        (
            [(0, 1, 8.0), (0, 2, 6.0), (1, 2, -3.0), (2, 3, 5.0)],
            [(0, 1), (2, 3)],
        ),  # 6 is worth less once 1 has joined
        ([], []),
    ],
)
def test_records_join_when_all_that_is_known_of_them_speaks_for_it(edges, together):
    assert groups(4, edges) == together


def test_strictness_keeps_what_is_not_clear_apart():
    edges = [(0, 1, 8.0), (2, 3, 4.0)]
    assert groups(4, edges) == [(0, 1), (2, 3)]
    assert groups(4, edges, strictness=5.0) == [(0, 1)]
    assert groups(4, edges, strictness=9.0) == []


SOME = 9


@st.composite
def weighed(draw):
    """Pairs, each at most once and with a weight of its own, so that no two decisions tie."""
    pairs = [(one, other) for other in range(SOME) for one in range(other)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=25))
    weights = draw(st.lists(st.floats(-10, 10), min_size=len(chosen), max_size=len(chosen), unique=True))
    return [(*pair, weight) for pair, weight in zip(chosen, weights, strict=True)]


@given(weighed(), st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(edges, dice):
    shuffled = list(edges)
    dice.shuffle(shuffled)
    assert clusters(SOME, edges).tolist() == clusters(SOME, shuffled).tolist()


@given(weighed(), st.sampled_from([0.0, 3.0]))
def test_a_label_is_a_member_and_every_cluster_hangs_together(edges, strictness):
    labels = clusters(SOME, edges, strictness=strictness).tolist()
    assert all(labels[label] == label for label in labels)
    links = [(one, other) for one, other, weight in edges if weight > strictness]
    for label in set(labels):
        members = {place for place, its in enumerate(labels) if its == label}
        reached = {label}
        for _ in members:
            reached |= {end for pair in links for end in pair if set(pair) <= members and reached & set(pair)}
        assert reached == members


@given(weighed())
def test_no_cluster_would_rather_lose_a_pair_that_speaks_against_more_than_all_for_it(edges):
    labels = clusters(SOME, edges).tolist()
    for label in set(labels):
        within = [weight for one, other, weight in edges if labels[one] == labels[other] == label]
        assert not within or sum(within) > 0


@given(st.integers(1, 5))
def test_records_without_pairs_stay_alone(records):
    assert clusters(records, []).tolist() == list(range(records))
