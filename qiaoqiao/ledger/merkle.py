"""The Merkle tree of RFC 6962 over leaf hashes: roots, proofs, and growth without re-reading; pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32

Range = tuple[int, int]  # leaves from start up to, not including, end


def node(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one: prefix 0x01."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first.

    It is all that is needed to append a leaf or to give the root.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def resume(cls, size: int, packed: bytes) -> "Frontier":
        """Take up a frontier stored by `packed`; raises ValueError when it cannot be of that size."""
        if len(packed) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"{len(packed)} bytes of peaks for {size} leaves")
        return cls(size, [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)])

    def packed(self) -> bytes:
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> list[tuple[Range, bytes]]:
        """Add a leaf; return the subtrees it completed, the leaf itself first."""
        self.size += 1
        start, end = self.size - 1, self.size
        completed = [((start, end), leaf)]
        while (end - start) & end == 0:
            leaf = node(self.peaks.pop(), leaf)
            start -= end - start
            completed.append(((start, end), leaf))
        self.peaks.append(leaf)
        return completed

    def root(self) -> bytes:
        return _fold(self.peaks)


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    folded = peaks[-1]
    for peak in reversed(peaks[:-1]):
        folded = node(peak, folded)
    return folded


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _split(width: int) -> int:
    """Return the largest power of two below `width`: how many leaves go to the left."""
    return 1 << (width - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Name the subtrees whose roots prove that leaf `index` is in a tree of `size`, lowest first.

    RFC 6962 section 2.1.1. Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end = 0, size
    ranges: list[Range] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(earlier: int, size: int) -> list[Range]:
    """Name the subtrees whose roots prove that a tree of `size` only grew from one of `earlier`.

    RFC 6962 section 2.1.2. Raises ValueError unless 0 < earlier <= size.
    """
    if not 0 < earlier <= size:
        raise ValueError(f"no growth from {earlier} to {size}")
    start, end = 0, size
    ranges: list[Range] = []
    while end != earlier:
        middle = start + _split(end - start)
        if earlier <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start > 0:
        ranges.append((start, end))
    return ranges[::-1]


def range_roots(leaves: Iterable[bytes], wanted: Iterable[Range]) -> dict[Range, bytes]:
    """Compute the roots of the wanted subtrees in one pass over all leaves, keeping only what is asked."""
    missing = set(wanted)
    roots: dict[Range, bytes] = {}
    frontier = Frontier()
    for leaf in leaves:
        for span, subtree in frontier.append(leaf):
            if span in missing:
                roots[span] = subtree
    starts = _peak_starts(frontier)
    for span in missing - roots.keys():
        roots[span] = _fold(frontier.peaks[starts.index(span[0]) :])  # the ragged right edge
    return roots


def _peak_starts(frontier: Frontier) -> list[int]:
    starts, start = [], 0
    for bit in range(frontier.size.bit_length() - 1, -1, -1):
        if frontier.size >> bit & 1:
            starts.append(start)
            start += 1 << bit
    return starts


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that leaf `index` is in the tree over all of `leaves`."""
    ranges = inclusion_ranges(index, len(leaves))
    roots = range_roots(leaves, ranges)
    return [roots[span] for span in ranges]


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Prove that the tree over `leaves` begins with the tree over its first `earlier` leaves."""
    ranges = consistency_ranges(earlier, len(leaves))
    roots = range_roots(leaves, ranges)
    return [roots[span] for span in ranges]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Check an inclusion proof; a wrong index, size, length or hash is refused."""
    if not 0 <= index < size:
        return False
    ranges = inclusion_ranges(index, size)
    if len(ranges) != len(proof):
        return False
    for (start, _), sibling in zip(ranges, proof, strict=True):
        leaf = node(leaf, sibling) if start > index else node(sibling, leaf)
    return leaf == expected_root


def is_consistent(
    earlier: int, size: int, proof: Sequence[bytes], earlier_root: bytes, later_root: bytes
) -> bool:
    """Check a consistency proof: both roots must come out of the same subtrees."""
    if not 0 < earlier <= size:
        return False
    ranges = consistency_ranges(earlier, size)
    if len(ranges) != len(proof):
        return False
    steps = list(zip(ranges, proof, strict=True))
    if steps and steps[0][0][1] == earlier:
        old = new = steps.pop(0)[1]
    else:
        old = new = earlier_root  # the earlier tree is itself one complete subtree
    for (start, _), subtree in steps:
        if start >= earlier:
            new = node(new, subtree)
        else:
            old, new = node(subtree, old), node(subtree, new)
    return old == earlier_root and new == later_root
