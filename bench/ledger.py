"""How long the whole ledger takes to verify."""

import time
from dataclasses import dataclass

from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.ledger.keys import signing_key
from qiaoqiao.ledger.sequencing import checkpoint, sequence
from qiaoqiao.ledger.verifying import verify

SLICE = 10_000


@dataclass(frozen=True)
class Verified:
    """How many entries were recomputed, and how many seconds 100,000 of them take."""

    entries: int
    per_100_000: float
    holds: bool


def measure() -> Verified:
    """Order and sign what was filed, then recompute all of it."""
    at = timezone.now()
    with acting(SYSTEM, epoch=int(at.timestamp())):
        while sequence(SLICE, at=at) == SLICE:
            pass
        checkpoint(at=at, key=signing_key())
    began = time.perf_counter()
    verdict = verify()
    took = time.perf_counter() - began
    return Verified(verdict.entries, took * 100_000 / max(verdict.entries, 1), verdict.holds)
