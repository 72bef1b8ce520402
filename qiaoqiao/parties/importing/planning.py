"""What would become of each row: a file of its own, a file it joins, or nothing since it is known already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from qiaoqiao.gateways import vault
from qiaoqiao.lib.ids import row_id
from qiaoqiao.lib.words import fold, is_han
from qiaoqiao.parties.importing.tidying import Fault, Tidied
from qiaoqiao.parties.models import Document, Name, Record, Source
from qiaoqiao.parties.queries import OPEN_FILES


@dataclass
class Candidate:
    """A file that holds a number, by the names in it; `line` for one that this import makes."""

    file: UUID
    number: str
    state: str = "active"
    line: int = 0
    hanzi: set[str] = field(default_factory=set)
    latin: set[frozenset[str]] = field(default_factory=set)

    def add(self, name: str) -> None:
        """Take note of a name in any script."""
        if any(is_han(char) for char in name):
            self.hanzi.add(fold(name))
        else:
            self.latin.add(tokens(name))

    def agrees(self, row: Tidied) -> bool:
        """Whether a row has one of the names: the same characters in either script, or the same Latin words."""
        hanzi, latin = row.columns.get("name_hanzi", ""), row.columns.get("name_latin", "")
        return (bool(hanzi) and fold(hanzi) in self.hanzi) or (bool(latin) and tokens(latin) in self.latin)


def tokens(name: str) -> frozenset[str]:
    """The words of a Latin name, whatever their order, case and accents."""
    return frozenset(fold(name).replace(",", " ").replace("-", " ").split())


@dataclass(frozen=True)
class Decision:
    """What is done with a row: `new`, `join`, `same` or `error`. `file` is the new or the joined file's id."""

    row: Tidied
    what: str
    digest: bytes
    blind: bytes | None = None
    file: UUID | None = None
    faults: tuple[Fault, ...] = ()


class Planner:
    """Decides about rows in their order; remembers what it decided, as if it were done already.

    `deciding` is false for those who give a roll and may not learn whom the keeper knows: for them every
    sound row waits.
    """

    def __init__(self, source: Source, *, deciding: bool = True) -> None:
        self.source, self.deciding = source, deciding
        self.digests: dict[bytes, int] = {}
        self.mine: dict[bytes, dict[UUID, Candidate]] = {}

    def decide(self, rows: Sequence[Tidied]) -> list[Decision]:
        """Decide about the next rows; a constant number of queries."""
        open_rows = [
            Decision(row, "", digest_of(row), vault.blind("identity", row.number) if row.sure else None)
            for row in rows
        ]
        self.before = self.known_lines(open_rows)
        self.numbers = self.known_numbers({one.blind for one in open_rows if one.blind})
        return [self.decided(one) for one in open_rows]

    def known_lines(self, rows: Iterable[Decision]) -> tuple[set[bytes], set[str]]:
        """What the source gave before: digests of whole lines, and its own numbers of lines."""
        if not self.deciding:
            return set(), set()
        theirs = {name for one in rows if (name := one.row.columns.get("theirs"))}
        lines = Record.objects.filter(source=self.source)
        digests = lines.filter(digest__in={one.digest for one in rows}).values_list("digest", flat=True)
        return {bytes(one) for one in digests if one}, set(
            lines.filter(theirs__in=theirs).values_list("theirs", flat=True)
        )

    def known_numbers(self, blinds: set[bytes]) -> dict[bytes, dict[UUID, Candidate]]:
        """The keeper's files that hold one of the numbers, with their names. No other office's are looked at."""
        if not self.deciding or not blinds:
            return {}
        held = Document.objects.filter(
            blind__in=blinds, file__office=self.source.keeper_id, file__state__in=OPEN_FILES
        ).select_related("file")
        found: dict[bytes, dict[UUID, Candidate]] = {}
        by_file: dict[UUID, Candidate] = {}
        for one in held:
            kept = by_file.setdefault(
                one.file_id, Candidate(one.file_id, one.file.number, state=one.file.state)
            )
            found.setdefault(bytes(one.blind), {})[one.file_id] = kept
        for file, text in Name.objects.filter(file__in=by_file).values_list("file", "text"):
            by_file[file].add(text)
        return found

    def decided(self, one: Decision) -> Decision:
        """Decide about one row."""
        if not one.row.good:
            return self.said(one, "error")
        digests, theirs = self.before
        name = one.row.columns.get("theirs", "")
        if one.digest in digests:
            return self.said(one, "same", "known_line", name)
        if one.digest in self.digests:
            return self.said(one, "same", "duplicate_line", str(self.digests[one.digest]))
        self.digests[one.digest] = one.row.line
        candidates = self.candidates(one.blind)
        if len(candidates) == 1 and candidates[0].agrees(one.row):
            return self.joining(one, candidates[0])
        if name and name in theirs:
            return self.said(one, "same", "changed_line", name)
        return self.beginning(one, other=bool(candidates))

    def candidates(self, blind: bytes | None) -> list[Candidate]:
        if blind is None:
            return []
        return list((self.numbers.get(blind, {}) | self.mine.get(blind, {})).values())

    def joining(self, one: Decision, to: Candidate) -> Decision:
        if to.state != "active":
            return self.said(one, "error", "file_frozen", to.number)
        fault, value = ("joins_row", str(to.line)) if to.line else ("joins_file", to.number)
        return replace(self.said(one, "join", fault, value), file=to.file)

    def beginning(self, one: Decision, *, other: bool) -> Decision:
        file = row_id()
        if one.blind is not None:
            made = Candidate(file, "", line=one.row.line)
            for column in ("name_hanzi", "name_latin"):
                if name := one.row.columns.get(column):
                    made.add(name)
            self.mine.setdefault(one.blind, {})[file] = made
        said = self.said(one, "new", "number_elsewhere" if other else "")
        return replace(said, file=file)

    def said(self, one: Decision, what: str, fault: str = "", value: str = "") -> Decision:
        faults = [*one.row.faults, *([Fault(one.row.line, "", fault, value)] if fault else [])]
        return replace(one, what=what, faults=tuple(faults))


def digest_of(row: Tidied) -> bytes:
    """A keyed digest of all that a row says, so that the same line is known again."""
    return vault.blind("line of a roll", row.content())
