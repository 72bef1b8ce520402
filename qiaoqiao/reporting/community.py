"""A picture of the community an office keeps files of: counts only, small cells hidden (see `suppression`).

Counted are the living whose file is active and kept by the offices given. A frozen file is stored and not used
(PIPL 47), so it is not counted either. Each breakdown is counted by office in one statement, then added up by
branch, so that the pages of the whole and of its branches are suppressed together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Least, Substr

from qiaoqiao.access.models import Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.parties.models import File, Need
from qiaoqiao.parties.queries import visible_files
from qiaoqiao.parties.rules import NEEDS, SENSITIVE_NEEDS, STANDINGS
from qiaoqiao.reporting.suppression import ALL, SMALL, Cell, Dimension, Published, publish

ORIGINS = ("VN", "ID", "MY", "SG", "TH", "MM")
"""The six countries that most returnees of the farms and communities came back from; others are one row."""
OTHER, UNSAID, REST = "other", "", "rest"
BAND = 5
BANDS = tuple(str(first) for first in range(0, 101, BAND))
OLD = "80+"
OLDEST = 130
AWAY = "away"
DECADE = 10
CURRENT_FOR = timedelta(days=365)
SMALLEST_BRANCH = 20
"""A branch with fewer people is not shown by itself but together with others."""
MOST_SMALL = 3
"""A breakdown in which more than one cell in three is small says little of a branch: it is shown for the whole."""
MOST_PLACES = 60
PLACE_DIGITS = (12, 9, 6, 4)
"""Lengths of place codes: community, town, county, city."""

Counts = dict[Cell, int]


@dataclass(frozen=True)
class Table:
    """A breakdown as it may be shown: its rows in their order, and what each holds in a branch or in all."""

    rows: tuple[str, ...]
    published: Published
    by_branch: bool = True

    def value(self, branch: str, *cell: str) -> int | None:
        """None where the number is hidden, also where it is not given by branch."""
        if branch != ALL and not self.by_branch:
            return None
        return self.published.value(branch, *cell)


@dataclass(frozen=True)
class Community:
    """The figures of one office's page. `tables` is empty when there are too few people for any."""

    people: Mapping[str, int] = field(default_factory=dict)
    branches: tuple[str, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    old: Table | None = None
    households: Table | None = None
    needs: Mapping[str, Table] = field(default_factory=dict)
    languages: Mapping[str, Table] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def oldest(self, branch: str) -> int | None:
        """The people of 80 and more, also of a branch whose pyramid is not shown."""
        ages = self.tables["age"]
        if branch == ALL or ages.by_branch:
            return ages.value(branch, OLD, ALL)
        return self.old.value(branch, OLD) if self.old else None


def community(actor: Actor, branch_of: Mapping[int, str], *, on: date) -> Community:
    """Count the people of some offices; `branch_of` says to which branch each office belongs.

    The number of statements does not depend on the number of people or offices.
    """
    seen = visible_files(actor, on=on).filter(office__in=list(branch_of), state="active", died_on=None)
    people = seen.order_by()
    found = _Counting(people, branch_of, on)
    if 0 < found.total < SMALL or not found.total:
        return Community()
    places, by_place = found.by_place()
    by_age = found.by_age()
    ages = found.table(by_age, Dimension((*BANDS, UNSAID), {OLD: old_bands()}), SEXES)
    tables = {
        "age": ages,
        "standing": found.table(found.by_standing, Dimension((*STANDINGS, UNSAID))),
        "origin": found.table(found.by_origin(), Dimension((*ORIGINS, OTHER, UNSAID))),
        "country": found.countries(),
        "decade": found.decades(),
        "place": found.table(by_place, Dimension(tuple(places))),
        "kept": found.table(found.by_kept(), Dimension(("current", "stale"))),
    }
    return Community(
        people=found.people,
        branches=found.branches,
        tables=tables,
        old=None if ages.by_branch else found.old(by_age, ages),
        households=found.single(found.by_household(), ""),
        needs={kind: found.need(kind) for kind in NEEDS},
        languages=found.languages(),
        places={code: place for code, place in places.items() if place},
    )


def old_bands() -> frozenset[str]:
    return frozenset(band for band in BANDS if int(band) >= int(OLD.rstrip("+")))


SEXES = Dimension(("m", "f", UNSAID))


class _Counting:
    """The people of one page, and what is counted of them by branch."""

    def __init__(self, people: QuerySet[File], branch_of: Mapping[int, str], on: date) -> None:
        self.files, self.on = people, on
        rows = people.values_list("office_id", "standing").annotate(number=Count("pk"))
        standings = [(office, standing, number) for office, standing, number in rows]
        sizes: dict[str, int] = defaultdict(int)
        for office, _standing, number in standings:
            sizes[branch_of[office]] += number
        merged = merge(sizes)
        self.branch_of = {office: merged.get(branch, REST) for office, branch in branch_of.items()}
        self.people = {ALL: sum(sizes.values())} | _added(
            (merged[name], size) for name, size in sizes.items()
        )
        self.total = self.people[ALL]
        self.branches = tuple(sorted(name for name in self.people if name not in {ALL, REST}))
        self.dimension = Dimension(tuple(sorted(self.people.keys() - {ALL})))
        self.by_standing = self.counts(standings)
        self.wanted = self._needs()

    def counts(self, rows: Iterable[tuple[Any, ...]]) -> Counts:
        """Add rows of office, coordinates and number up by branch."""
        found: Counts = defaultdict(int)
        for office, *coordinates, number in rows:
            found[(self.branch_of[office], *(str(one) for one in coordinates))] += number
        return dict(found)

    def grouped(self, *keys: str, **made: Any) -> Counts:
        marked = self.files.annotate(**made) if made else self.files
        return self.counts(marked.values_list("office_id", *keys).annotate(number=Count("pk")))

    def table(self, counts: Counts, *dimensions: Dimension) -> Table:
        """Suppress a breakdown of everybody; where the branches' numbers cannot be, only the whole is shown."""
        rows = dimensions[0].parts
        counts = _added((fitted(cell, dimensions), number) for cell, number in counts.items())
        small = sum(0 < number < SMALL for number in counts.values())
        if len(self.dimension.parts) == 1 or small * MOST_SMALL <= len(counts):
            found = publish([self.dimension, *dimensions], counts, total_known=True)
            if not found.withheld or len(self.dimension.parts) == 1:
                return Table(rows, found)
        whole = _added(((REST, *cell), number) for (_branch, *cell), number in counts.items())
        return Table(
            rows, publish([Dimension((REST,)), *dimensions], whole, total_known=True), by_branch=False
        )

    def old(self, counts: Counts, ages: Table) -> Table | None:
        """The oldest by branch, also where the pyramid is only the whole's; its number of them is known then.

        Where that number is hidden, the branches' are too: they would add up to it.
        """
        rows = (OLD, UNSAID)
        by_branch = _added(
            ((branch, OLD if band in old_bands() else UNSAID), number)
            for (branch, band, _sex), number in counts.items()
        )
        if ages.value(ALL, OLD, ALL) is None:
            return None
        axes = [self.dimension, Dimension(rows)]
        found = publish(axes, by_branch, total_known=True, whole_known=True)
        return Table(rows, found, by_branch=not found.withheld)

    def single(self, counts: Counts, row: str, *, by_branch: bool = True) -> Table:
        """Suppress one number that is part of no sum but the one over the branches."""
        mine: Counts = defaultdict(int)
        for (branch, one), number in counts.items():
            if one == row:
                mine[(branch if by_branch else REST,)] += number
        dimension = self.dimension if by_branch else Dimension((REST,))
        return Table((row,), publish([dimension], mine), by_branch)

    def by_age(self) -> Counts:
        """By five-year band and sex on a day; who gave only a year counts as having had their birthday."""
        had = Case(When(after__gt=f"{self.on:%m-%d}", then=Value(1)), default=Value(0))
        years = Cast(Substr("born", 1, 4), IntegerField())
        numbered = self.files.annotate(
            after=Substr("born", 6),
            age=Case(
                When(born__regex=r"^[12]\d{3}(-|$)", then=Value(self.on.year) - years - had),
                default=None,
                output_field=IntegerField(),
            ),
        )
        known = Q(age__gte=0, age__lte=OLDEST)
        first = Least(F("age") / BAND * BAND, Value(int(BANDS[-1])), output_field=IntegerField())
        band = Case(
            When(known, then=Cast(first, TextField())), default=Value(UNSAID), output_field=TextField()
        )
        rows = (
            numbered.annotate(band=band).values_list("office_id", "band", "sex").annotate(number=Count("pk"))
        )
        return self.counts(rows)

    def by_origin(self) -> Counts:
        """The six, all others in one; China is no origin to return from."""
        origin = Case(
            When(origin__in=ORIGINS, then=F("origin")),
            When(origin__in=["", "CN"], then=Value(UNSAID)),
            default=Value(OTHER),
            output_field=TextField(),
        )
        return self.grouped("from_where", from_where=origin)

    def countries(self) -> Table:
        """Where people live; countries with few people of the office stand together."""
        counts = self.grouped("country")
        sizes = _added(((country), number) for (_branch, country), number in counts.items())
        away = sorted(
            (one for one, size in sizes.items() if one not in {"CN", UNSAID} and size >= SMALL),
            key=lambda one: (-sizes[one], one),
        )
        known = {*away, "CN", UNSAID}
        gathered: Counts = defaultdict(int)
        for (branch, country), number in counts.items():
            gathered[(branch, country if country in known else OTHER)] += number
        rows = (*away, OTHER, "CN", UNSAID)
        return self.table(dict(gathered), Dimension(rows, {AWAY: frozenset({*away, OTHER})}))

    def decades(self) -> Table:
        """By decade of return; those who never returned have none."""
        decade = Cast(F("return_year") / DECADE * DECADE, TextField())
        counts = self.grouped("decade", decade=Coalesce(decade, Value(UNSAID), output_field=TextField()))
        met = sorted(int(one) for _branch, one in counts if one)
        every = range(met[0], met[-1] + 1, DECADE) if met else ()
        return self.table(counts, Dimension((*(str(one) for one in every), UNSAID)))

    def by_kept(self) -> Counts:
        """Whether somebody confirmed the file within a year."""
        fresh = Case(
            When(checked_on__gte=self.on - CURRENT_FOR, then=Value("current")),
            default=Value("stale"),
            output_field=TextField(),
        )
        return self.grouped("kept", kept=fresh)

    def by_place(self) -> tuple[dict[str, Place | None], Counts]:
        """By community, or by the division above when there are more than fit a map."""
        counts = self.counts(self.files.values_list("office_id", "place").annotate(number=Count("pk")))
        counts = _added(
            ((branch, UNSAID if code == "None" else code), number)
            for (branch, code), number in counts.items()
        )
        codes = {code for _branch, code in counts}
        digits = next((one for one in PLACE_DIGITS if len({c[:one] for c in codes}) <= MOST_PLACES), 4)
        rolled = _added(((branch, code[:digits]), number) for (branch, code), number in counts.items())
        known = Place.objects.select_related("parent").in_bulk({code for _branch, code in rolled if code})
        return {code: known.get(code) for code in sorted({*known, UNSAID})}, rolled

    def by_household(self) -> Counts:
        """Households with somebody counted in them; one that two offices keep files of counts at each."""
        rows = self.files.exclude(household=None).values_list("office_id")
        return self.counts(
            (office, UNSAID, number)
            for office, number in rows.annotate(number=Count("household", distinct=True))
        )

    def _needs(self) -> Counts:
        holds = Q(until=None) | Q(until__gte=self.on)
        began = Q(since=None) | Q(since__lte=self.on)
        rows = Need.objects.filter(holds, began, file__in=self.files.values("pk")).order_by()
        return self.counts(
            rows.values_list("file__office_id", "kind").annotate(number=Count("file", distinct=True))
        )

    def need(self, kind: str) -> Table:
        """A kind of need; health and money are counted for the whole only."""
        return self.single(self.wanted, kind, by_branch=kind not in SENSITIVE_NEEDS)

    def languages(self) -> dict[str, Table]:
        """Speakers of each language, most first; somebody may speak several."""
        spoken = Func(F("languages"), function="jsonb_array_elements_text", output_field=TextField())
        rows = self.files.annotate(spoken=spoken).values_list("office_id", "spoken")
        counts = self.counts(rows.annotate(number=Count("pk", distinct=True)))
        sizes = _added((language, number) for (_branch, language), number in counts.items())
        order = sorted(sizes, key=lambda one: (-sizes[one] if sizes[one] >= SMALL else 0, one))
        return {language: self.single(counts, language) for language in order}


def fitted(cell: Cell, dimensions: Sequence[Dimension]) -> Cell:
    """A cell whose coordinates are all rows of the table: what nobody foresaw counts as not said."""
    return (
        cell[0],
        *(one if one in axis.parts else UNSAID for one, axis in zip(cell[1:], dimensions, strict=True)),
    )


def _added(rows: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    found: dict[Any, int] = defaultdict(int)
    for key, number in rows:
        found[key] += number
    return dict(found)


def merge(sizes: Mapping[str, int]) -> dict[str, str]:
    """Put branches with few people together, and one more with them when they are few even together."""
    order = sorted(sizes, key=lambda name: (sizes[name], name))
    small = [name for name in order if sizes[name] < SMALLEST_BRANCH]
    large = [name for name in order if sizes[name] >= SMALLEST_BRANCH]
    while small and large and sum(sizes[name] for name in small) < SMALLEST_BRANCH:
        small.append(large.pop(0))
    return {name: REST if name in small else name for name in order}
