"""The figures in words, each beside its aim."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.filings import CLIENTS, Filings
from bench.ledger import Verified
from bench.pages import Times
from bench.people import Found, Imported, Plain
from bench.weight import Weight

KB = 1024
AIM_PERCENT, AIM_GROWTH = 25, 1.5
AIM_P50, AIM_P95, AIM_STATEMENTS = 50, 100, 12
AIM_TOTAL_KB, AIM_HTML_KB = 200, 40
AIM_FOUND_P95 = 50


@dataclass(frozen=True)
class Memory:
    """Resident memory in MB, after the filings: the web's processes together, and the worker."""

    web: float
    worker: float


@dataclass
class Figures:
    """Everything that one run measured; what it did not measure is missing."""

    machine: dict[str, str]
    filings: Filings | None = None
    memory: Memory | None = None
    ledger: Verified | None = None
    weights: list[Weight] = field(default_factory=list)
    pages: list[Times] = field(default_factory=list)
    people: list[Times] = field(default_factory=list)
    plain: list[Plain] = field(default_factory=list)
    imports: list[Imported] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


def text(figures: Figures) -> str:
    """All figures, for a screen."""
    lines = [f"{name}: {value}" for name, value in figures.machine.items()]
    for part in (_filings, _memory, _pages, _people, _imports, _found, _weights, _ledger):
        if said := list(part(figures)):
            lines += ["", *said]
    return "\n".join(lines)


def _filings(figures: Figures) -> Iterator[str]:
    if (found := figures.filings) is None:
        return
    yield f"Filings, {CLIENTS} clients, durable; middle (least to most) of the rounds"
    yield f"  through the API        {found.api} a second"
    yield f"  floor                  {found.floor} a second: its {found.rows} rows in {found.tables} tables by a"
    yield "                         plain psycopg transaction, as the owner, without row-level security"
    yield f"  of the floor           {found.percent} %  (aim: at least {AIM_PERCENT})"


def _memory(figures: Figures) -> Iterator[str]:
    if figures.memory is not None:
        yield "Memory after that, resident"
        yield f"  web, all processes     {figures.memory.web:.0f} MB"
        yield f"  worker                 {figures.memory.worker:.0f} MB"


def _pages(figures: Figures) -> Iterator[str]:
    if not figures.pages:
        return
    yield f"Staff pages in ms (aim in the server: p50 {AIM_P50}, p95 {AIM_P95}; {AIM_STATEMENTS} statements)"
    yield f"  {'page':<22} {'cases':>8} {'p50':>7} {'p95':>7} {'over HTTP':>15} {'statements':>11} {'growth':>7}"
    smallest = {one.name: one for one in reversed(figures.pages)}
    for one in figures.pages:
        growth = one.p50 / smallest[one.name].p50
        over = f"{one.wire_p50:.1f} / {one.wire_p95:.1f}"
        said = f"  {one.name:<22} {one.cases:>8,} {one.p50:>7.1f} {one.p95:>7.1f} {over:>15} {one.statements:>11}"
        yield said if one is smallest[one.name] else f"{said} {growth:>6.2f}x"
    yield f"  (growth of p50 from the smallest size; aim: at most {AIM_GROWTH})"


def _people(figures: Figures) -> Iterator[str]:
    if not figures.people:
        return
    yield f"Files of people in ms (aim in the server: p50 {AIM_P50}, p95 {AIM_P95}); floor: the rows by plain SQL"
    yield f"  {'page':<20} {'files':>9} {'p50':>7} {'p95':>7} {'over HTTP':>15} {'floor':>7} {'statements':>11} {'growth':>7}"
    smallest = {one.name: one for one in reversed(figures.people)}
    low = {(one.name, one.files): one.p50 for one in figures.plain}
    for one in figures.people:
        over, floor = f"{one.wire_p50:.1f} / {one.wire_p95:.1f}", low.get((one.name, one.cases), 0)
        said = f"  {one.name:<20} {one.cases:>9,} {one.p50:>7.1f} {one.p95:>7.1f} {over:>15} {floor:>7.1f}"
        growth = "" if one is smallest[one.name] else f" {one.p50 / smallest[one.name].p50:>6.2f}x"
        yield f"{said} {one.statements:>11}{growth}"
    yield f"  (growth of p50 from the smallest size; aim: at most {AIM_GROWTH})"


def _imports(figures: Figures) -> Iterator[str]:
    if figures.imports:
        yield "A roll brought in, looked through first; floor: its rows by plain inserts in one transaction, as the owner"
    for one in figures.imports:
        share = 100 * one.floor_seconds / one.seconds
        yield (
            f"  at {one.files:>9,} files      {one.rows:,} rows in {one.seconds:.1f} s, floor {one.floor_seconds:.1f} s"
            f" ({share:.0f} % of the floor's speed)"
        )


def _found(figures: Figures) -> Iterator[str]:
    if figures.found:
        yield f"Matching a new record against all files, in ms, p50 / p95 (aim: p95 {AIM_FOUND_P95}); floor: the index alone"
    for one in figures.found:
        yield (
            f"  among {one.files:>9,} files   {one.p50:.1f} / {one.p95:.1f}, floor {one.floor_p50:.1f} / {one.floor_p95:.1f};"
            f" {one.matches:.1f} files look like it"
        )


def _weights(figures: Figures) -> Iterator[str]:
    if figures.weights:
        yield f"Public pages, first visit (aim: {AIM_TOTAL_KB} KB with everything, {AIM_HTML_KB} KB of HTML)"
    for one in figures.weights:
        yield f"  {one.name:<22} {one.total / KB:>6.1f} KB in {one.files + 1} files, HTML {one.html / KB:.1f} KB"


def _ledger(figures: Figures) -> Iterator[str]:
    if (found := figures.ledger) is not None:
        held = "everything held" if found.holds else "IT DID NOT HOLD"
        yield f"Ledger: {found.per_100_000:.1f} s to verify 100,000 entries (from {found.entries:,}; {held})"
