"""The Merkle tree, held against the published test vectors of RFC 6962 logs and against the definition."""

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    root,
)
from qiaoqiao.ledger.rules import leaf_hash

# Entries and roots that the reference log of Certificate Transparency is tested with.
PUBLISHED_ENTRIES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
PUBLISHED_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def make_leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"entry %d" % place) for place in range(count)]


def defined_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = max(2**power for power in range(20) if 2**power < len(leaves))
    return hashlib.sha256(b"\x01" + defined_root(leaves[:half]) + defined_root(leaves[half:])).digest()


def flipped(data: bytes) -> list[bytes]:
    return [
        bytes(b ^ (1 << bit) if at == place else b for at, b in enumerate(data))
        for place in range(32)
        for bit in range(8)
    ]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_the_one_certificate_transparency_publishes(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in PUBLISHED_ENTRIES[:size]]
    assert root(leaves).hex() == PUBLISHED_ROOTS[size - 1]


@pytest.mark.parametrize("size", range(65))
def test_the_root_is_the_one_the_definition_gives(size: int) -> None:
    assert root(make_leaves(size)) == defined_root(make_leaves(size))


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_frontier_taken_up_again_gives_the_root_of_the_whole_tree(kept: int, added: int) -> None:
    leaves = make_leaves(kept + added)
    frontier = Frontier()
    for leaf in leaves[:kept]:
        frontier.append(leaf)
    resumed = Frontier.resume(kept, frontier.packed())
    for leaf in leaves[kept:]:
        resumed.append(leaf)
    assert resumed.root() == defined_root(leaves)


def test_a_frontier_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier.resume(3, bytes(32))


def test_an_empty_tree_has_the_root_rfc_6962_gives_it() -> None:
    assert root([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 300])
def test_every_leaf_is_proved_and_at_no_other_place(verifier, size: int) -> None:
    leaves = make_leaves(size)
    top = defined_root(leaves)
    for place in range(size) if size < 66 else random.Random(size).sample(range(size), 20):
        proof = inclusion_proof(leaves, place)
        assert is_included(leaves[place], place, size, proof, top)
        assert verifier.root_from(leaves[place], place, size, proof) == top
        assert not any(
            is_included(leaves[place], other, size, proof, top) for other in range(size) if other != place
        )
        assert not is_included(leaves[place], place, size, [*proof, top], top)
        assert not is_included(leaves[place], place, size, proof[:-1], top) or size == 1


def test_every_flipped_bit_of_an_inclusion_proof_is_refused() -> None:
    leaves = make_leaves(13)
    top, proof = defined_root(leaves), inclusion_proof(leaves, 5)
    for wrong in flipped(leaves[5]):
        assert not is_included(wrong, 5, 13, proof, top)
    for wrong in flipped(top):
        assert not is_included(leaves[5], 5, 13, proof, wrong)
    for step in range(len(proof)):
        for wrong in flipped(proof[step]):
            assert not is_included(leaves[5], 5, 13, [*proof[:step], wrong, *proof[step + 1 :]], top)


@pytest.mark.parametrize("size", [*range(1, 34), 64, 65])
def test_growth_is_proved_between_any_two_sizes(size: int) -> None:
    leaves = make_leaves(size)
    later = defined_root(leaves)
    for earlier in range(1, size + 1):
        proof = consistency_proof(leaves, earlier)
        assert is_consistent(earlier, size, proof, defined_root(leaves[:earlier]), later)


def test_a_rewritten_past_has_no_proof_of_growth() -> None:
    leaves = make_leaves(21)
    rewritten = [*leaves[:4], leaf_hash(b"another"), *leaves[5:]]
    for earlier in range(5, 21):
        proof = consistency_proof(rewritten, earlier)
        old, new = defined_root(leaves[:earlier]), defined_root(rewritten)
        assert not is_consistent(earlier, 21, proof, old, new)


@pytest.mark.parametrize(("earlier", "size"), [(6, 21), (8, 21), (20, 21), (1, 2)])
def test_every_flipped_bit_of_a_proof_of_growth_is_refused(earlier: int, size: int) -> None:
    leaves = make_leaves(size)
    old, new, proof = defined_root(leaves[:earlier]), defined_root(leaves), consistency_proof(leaves, earlier)
    for step in range(len(proof)):
        for wrong in flipped(proof[step]):
            assert not is_consistent(earlier, size, [*proof[:step], wrong, *proof[step + 1 :]], old, new)
    for wrong in flipped(old):
        assert not is_consistent(earlier, size, proof, wrong, new)
    for wrong in flipped(new):
        assert not is_consistent(earlier, size, proof, old, wrong)
    assert not is_consistent(earlier, size, [*proof, new], old, new)


@pytest.mark.parametrize(("earlier", "size"), [(0, 5), (6, 5), (-1, 5)])
def test_growth_from_nothing_or_from_the_future_is_refused(earlier: int, size: int) -> None:
    assert not is_consistent(earlier, size, [], EMPTY_ROOT, root(make_leaves(size)))
    with pytest.raises(ValueError, match="no growth"):
        consistency_proof(make_leaves(size), earlier)
