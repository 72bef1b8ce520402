"""The tables of a community in words, with their bars and the lists behind their numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.parties import wording
from qiaoqiao.reporting.community import AWAY, BANDS, OLD, OTHER, SEXES, UNSAID, Community, Table
from qiaoqiao.reporting.suppression import ALL
from qiaoqiao.ui import pictures
from qiaoqiao.ui.places import name_of

PEOPLE = "/staff/people/"
# The filters of the list of people, as an address carries them.
STANDING, ORIGIN, PLACE, AGE, NEED, OVERDUE, OFFICE = (
    "standing", "origin", "place", "age", "need", "overdue", "office",
)  # fmt: skip
OLD_PEOPLE = "over_80"


@dataclass(frozen=True)
class Row:
    """One line of a table: its number is None where it is hidden, its address empty where no list opens."""

    token: str
    label: str
    number: int | None
    href: str = ""
    bar: str = ""


@dataclass(frozen=True)
class Tile:
    """A place on the map."""

    row: Row
    square: SafeString


@dataclass(frozen=True)
class Shown:
    """The figures of the whole or of one branch, as one reader may see them.

    `listed` is the `office` of the list of people that holds exactly these files, or empty when none does or the
    reader may not see people.
    """

    found: Community
    branch: str
    listed: str
    language: str

    def number(self, name: str, *cell: str) -> int | None:
        return self.found.tables[name].value(self.branch, *cell)

    def told(self, name: str) -> bool:
        """Whether a table is given here: where branches have too few people, it is given for the whole."""
        return self.branch == ALL or self.found.tables[name].by_branch

    def people(self, number: int | None, **filters: str) -> str:
        """The list behind a number; none behind a hidden one."""
        if not self.listed or number is None or not all(filters.values()):
            return ""
        return f"{PEOPLE}?{urlencode({OFFICE: self.listed, **filters})}"

    def rows(
        self,
        name: str,
        labels: Mapping[str, str],
        *,
        opens: str = "",
        closed: Sequence[str] = (UNSAID, OTHER),
    ) -> list[Row]:
        """The rows of a table that are not empty; those named in `closed` open no list."""
        tokens = self.found.tables[name].rows if self.told(name) else ()
        told = [(token, self.number(name, token)) for token in tokens]
        return self._drawn(
            [
                (token, labels[token], number, opens and token not in closed and {opens: token})
                for token, number in told
                if number != 0 and token in labels
            ]
        )

    def _drawn(self, rows: Sequence[tuple[str, str, int | None, object]]) -> list[Row]:
        most = pictures.most_of([number for _token, _label, number, _filters in rows])
        return [
            Row(
                token,
                label,
                number,
                self.people(number, **filters) if isinstance(filters, dict) else "",
                pictures.bar(number, most),
            )
            for token, label, number, filters in rows
        ]

    def several(self, tables: Mapping[str, Table], words: wording.Wording, opens: str = "") -> list[Row]:
        """Rows that are tables of their own, since a person may be in several of them; most first."""
        told = [(token, table.value(self.branch)) for token, table in tables.items()]
        kept = sorted((one for one in told if one[1] != 0), key=lambda one: -(one[1] or 0))
        return self._drawn(
            [(token, wording.said(words, token), number, opens and {opens: token}) for token, number in kept]
        )

    def standings(self) -> list[Row]:
        labels = {token: wording.said(wording.STANDINGS, token) for token in wording.STANDINGS}
        return self.rows("standing", labels | {UNSAID: _("未写明")}, opens=STANDING)

    def origins(self) -> list[Row]:
        return self.rows("origin", self.countries("origin"), opens=ORIGIN)

    def abroad(self) -> list[Row]:
        away = self.countries("country")
        return self.rows("country", {code: name for code, name in away.items() if code not in {"CN", UNSAID}})

    def countries(self, name: str) -> dict[str, str]:
        special = {OTHER: _("其他国家和地区"), UNSAID: _("未写明")}
        return {
            code: special.get(code) or country_name(code, self.language)
            for code in self.found.tables[name].rows
        }

    def needs(self) -> list[Row]:
        return self.several(self.found.needs, wording.NEEDS, NEED)

    def languages(self) -> list[Row]:
        return self.several(self.found.languages, wording.LANGUAGES)

    def decades(self) -> list[Row]:
        table = self.found.tables["decade"]
        return self._drawn(
            [(token, token, self.number("decade", token), "") for token in table.rows if token != UNSAID]
        )

    def ages(self) -> list[tuple[Row, list[int | None]]]:
        """By band from the oldest that anybody is in: the total, and the number of each sex."""
        cells = [
            (band, self.number("age", band, ALL), [self.number("age", band, sex) for sex in SEXES.parts])
            for band in (*reversed(BANDS), UNSAID)
        ]
        first = next((at for at, (_band, total, _by) in enumerate(cells) if total != 0), 0)
        return [
            (Row(band, band_words(band), total), by)
            for at, (band, total, by) in enumerate(cells)
            if at >= first and (band != UNSAID or total != 0)
        ]

    def map(self) -> list[tuple[str, list[Tile]]]:
        """The places as squares, under the name of the place above where there are several of those."""
        rows = self.rows(
            "place", {token: self.place_name(token) for token in self.found.tables["place"].rows}, opens=PLACE
        )
        most = pictures.most_of([row.number for row in rows])
        above = [(self.above(row.token), Tile(row, pictures.square(row.number, most))) for row in rows]
        named = sorted(
            above, key=lambda pair: (not pair[1].row.token, pair[1].row.token[:9] if pair[0] else "")
        )
        groups = [
            (name, [tile for _above, tile in group])
            for name, group in groupby(named, key=lambda pair: pair[0])
        ]
        if len({name for name, _tiles in groups} - {""}) > 1:
            return groups
        return [("", [tile for _above, tile in named])] if named else []

    def above(self, code: str) -> str:
        place = self.found.places.get(code)
        return name_of(place.parent.names, self.language) if place and place.parent else ""

    def place_name(self, code: str) -> str:
        place = self.found.places.get(code)
        return name_of(place.names, self.language) if place else _("未写明")

    def heads(self) -> Iterator[Row]:
        """The figures on top."""
        people = self.found.people[self.branch]
        yield Row("people", _("人"), people, self.people(people, **{}))
        if self.found.households:
            yield Row("households", _("户"), self.found.households.value(self.branch))
        for token in ("returnee", "relative"):
            number, label = self.number("standing", token), wording.said(wording.STANDINGS, token)
            yield Row(token, label, number, self.people(number, **{STANDING: token}))
        yield Row(AWAY, _("住在境外"), self.number("country", AWAY))
        old = self.found.oldest(self.branch)
        yield Row(OLD, _("80 岁以上"), old, self.people(old, **{AGE: OLD_PEOPLE}))

    def kept(self) -> tuple[str, str]:
        """The share of files confirmed within a year, and the list of those that are due again."""
        fresh, people = self.number("kept", "current"), self.found.people[self.branch]
        share = "" if fresh is None else f"{100 * fresh // people}%"
        return share, self.people(people, **{OVERDUE: "on"})


def band_words(band: str) -> str:
    if band == UNSAID:
        return _("未写明")
    return f"{band}+" if band == BANDS[-1] else f"{band}–{int(band) + 4}"
