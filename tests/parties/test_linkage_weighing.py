"""Weights: they fit the comparisons, and Splink adds them up as we do."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.parties.linkage import engine, weighing
from qiaoqiao.parties.linkage.comparing import COMPARISONS, NULL, compare
from qiaoqiao.parties.linkage.features import encode
from tests.parties.linkage_cast import Population, slices

LEVELS = st.fixed_dictionaries(
    {name: st.integers(NULL, count - 1).map(lambda level: np.array([level], dtype=np.int8))
     for name, count in COMPARISONS.items()}
)  # fmt: skip


def test_the_shipped_weights_fit_the_comparisons_and_come_back_from_json():
    weights = weighing.shipped()
    assert {name: len(bits) for name, bits in weights.weights.items()} == COMPARISONS
    assert weighing.read(json.loads(json.dumps(weighing.written(weights)))) == weights


def test_weights_of_other_comparisons_are_refused():
    given = weighing.written(weighing.shipped())
    with pytest.raises(ValueError, match="sex has 3 weights, not 2"):
        weighing.read(given | {"weights": given["weights"] | {"sex": [1, 2, 3]}})
    with pytest.raises(KeyError):
        weighing.read(given | {"weights": {"sex": [1, 2]}})


def test_better_evidence_never_weighs_less_where_levels_rise():
    weights = weighing.shipped().weights
    for name in ("surname", "given", "foreign", "sex", "phone"):
        assert list(weights[name]) == sorted(weights[name]), name


def test_more_records_mean_more_namesakes():
    weights = weighing.shipped()
    priors = [weights.prior_for(records) for records in (10, 1000, 50_000, 100_000, 10_000_000)]
    assert priors[0] == priors[1]
    assert priors[2] == weights.prior
    assert priors[2] - priors[3] == pytest.approx(weighing.NAMESAKES)
    assert priors == sorted(priors, reverse=True)


def unpacked(packed):
    """The levels in a packed number."""
    return {
        name: (((packed >> (weighing.BITS * place)) & (2**weighing.BITS - 1)) - 1).astype(np.int8)
        for place, name in enumerate(COMPARISONS)
    }


@given(LEVELS)
def test_packed_levels_come_out_as_they_went_in(levels):
    packed = weighing.pack(levels)
    assert packed[0] >= 0
    assert unpacked(packed) == levels


@given(LEVELS, st.integers(1, 10_000_000))
def test_a_weight_is_the_prior_and_what_each_comparison_brings(levels, records):
    weights = weighing.shipped()
    brought = [weights.weights[name][level[0]] for name, level in levels.items() if level[0] != NULL]
    total = weighing.weigh(levels, weights, records=records)[0]
    assert total == pytest.approx(sum(brought) + weights.prior_for(records))


@pytest.fixture(scope="module")
def linked():
    records = Population().records
    found = engine.link(slices(records), weighing.shipped(), processes=1, progress=lambda *_: None)
    return encode(records), found


def test_splink_weighs_every_pair_as_the_web_process_does(linked):
    features, found = linked
    columns = ("unique_id_l", "unique_id_r", "match_weight", "match_key")
    left, right, weight, packed = (found.pairs[name].to_numpy() for name in columns)
    levels = compare(features[left], features[right])
    assert len(weight) > 300
    assert (weighing.pack(levels) == packed).all()
    ours = weighing.weigh(levels, weighing.shipped(), records=len(features))
    assert np.abs(ours - weight).max() < 1e-9


def test_splink_drops_only_what_nobody_is_asked_about(linked):
    _, found = linked
    weight = found.pairs["match_weight"].to_numpy()
    assert weight.min() >= 2 * weighing.OPEN
    assert found.compared > len(weight)
