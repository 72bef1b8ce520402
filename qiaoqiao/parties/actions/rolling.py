"""Putting down the decided rows of a roll: records, new files, facts that join a file; many in few statements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import Model, Q

from qiaoqiao.access.models import Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, start
from qiaoqiao.ledger.reacting import gathered
from qiaoqiao.lib.ids import new_reference
from qiaoqiao.lib.statements import fetch, insert, together
from qiaoqiao.parties.actions.files import PREFIX, REVIEW_AFTER, attach, told
from qiaoqiao.parties.actions.grounds import hold, settle, summarise
from qiaoqiao.parties.actions.rollfacts import columns_of, facts_of, fill, held_facts, record_of, same_as
from qiaoqiao.parties.importing.planning import Decision
from qiaoqiao.parties.importing.tidying import Tidied
from qiaoqiao.parties.linkage.features import encode
from qiaoqiao.parties.linkage.keys import keys
from qiaoqiao.parties.linkage.rows import NOTHING
from qiaoqiao.parties.models import Batch, File, Household, Record, Source
from qiaoqiao.parties.models.files import Fact

PIECES = (64, 16, 4, 1)
"""Rows in one statement: few different ones, so that each is planned once."""


def keys_for(rows: Sequence[Mapping[str, str]]) -> list[list[int]]:
    """The keys under which linkage finds each of these records."""
    found: list[set[int]] = [set() for _ in rows]
    keyed = keys(encode([{**NOTHING, **row} for row in rows]))
    for place, key in zip(keyed.places.tolist(), keyed.keys.tolist(), strict=True):
        found[place].add(key)
    return [sorted(one) for one in found]


def as_shared(row: Tidied, source: Source) -> dict[str, str]:
    """The line in the columns of shared rolls, as linkage reads them."""
    on = row.record_date.isoformat() if row.record_date else ""
    return row.columns | {"source": source.kind, "id_no": row.number, "record_date": on}


def put_down(batch: Batch, decisions: Sequence[Decision], *, actor: Actor, at: datetime) -> None:
    """Make records and files of what was decided. The caller holds the batch and opens the transaction."""
    wanted = [one for one in decisions if one.what in {"new", "join"}]
    if not wanted:
        return
    source = batch.source
    homes = households(source, [one.row for one in wanted])
    places = places_named(source, [one.row for one in wanted])
    records = [record_of(one, source) for one in wanted]
    keyed = keys_for([as_shared(one.row, source) for one in wanted])
    lines: list[tuple[Decision, Record, list[Fact]]] = []
    for one, record, its_keys in zip(wanted, records, keyed, strict=True):
        record.batch, record.added_at, record.keys = batch, at, its_keys
        home = homes.get(one.row.columns.get("household_no", ""))
        lines.append((one, record, facts_of(one.row, record, source, home)))
    with gathered():
        begin([line for line in lines if line[0].what == "new"], places, source, actor=actor, at=at)
        join_all([line for line in lines if line[0].what == "join"], source, actor=actor, at=at)


Line = tuple[Decision, Record, list[Fact]]


def begin(
    lines: Sequence[Line], places: Mapping[str, Place], source: Source, *, actor: Actor, at: datetime
) -> None:
    """Make a file of each line, its facts, its record and the first entry of its chain."""
    today = at.astimezone(SHANGHAI).date()
    files = []
    for (one, _record, facts), number in zip(lines, next_numbers(len(lines), at), strict=True):
        file = new_file(one, number, source, places, at=at, today=today)
        for fact in facts:
            fact.file, fact.added_at = file, at  # type: ignore[attr-defined]  # every kind of fact has one
        summarise(file, facts, on=today)
        files.append(file)
    with together():
        insert_many(files)
        insert_many([record for _, record, _ in lines])
        insert_many([fact for _, _, facts in lines for fact in facts])
        for one, record, facts in lines:
            said = {"from": source.code, "facts": told(facts), "record": str(record.pk)}
            happening = Happening("file.made", said, actor.ledger_name, at, source.keeper.code)
            start(one.file or record.pk, happening)


def new_file(
    one: Decision, number: str, source: Source, places: Mapping[str, Place], *, at: datetime, today: date
) -> File:
    return File(
        id=one.file,
        number=number,
        office=source.keeper,
        place=places.get(str(one.row.more.get("place", ""))),
        made_at=at,
        checked_on=today,
        review_on=today + REVIEW_AFTER,
        **columns_of(one.row),
    )


def join_all(lines: Sequence[Line], source: Source, *, actor: Actor, at: datetime) -> None:
    """Attach lines to the files that hold the same number and name, with the facts those do not hold yet."""
    held = held_facts({one.file for one, _, _ in lines if one.file})
    for one, record, facts in lines:
        all_of_it = held[one.file or record.pk]
        known = {same_as(fact) for fact in all_of_it}
        new = [fact for fact in facts if same_as(fact) not in known]
        all_of_it += new
        join(one, record, new, all_of_it, source, actor=actor, at=at)


def join(
    one: Decision,
    record: Record,
    new: Sequence[Fact],
    all_of_it: Sequence[Fact],
    source: Source,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Attach one line to its file. Raises FileClosed."""
    file = hold(one.file or record.pk)
    filled = fill(file, columns_of(one.row))
    if filled:
        record.more["filled"] = filled
    insert(record)
    attach(file, new, at=at)
    said = {"source": source.code, "facts": told(new), "record": str(record.pk)}
    happening = Happening("file.imported", said, actor.ledger_name, at, source.keeper.code)
    settle(file, happening, at=at, fields=list(filled), facts=all_of_it)


def next_numbers(many: int, at: datetime) -> list[str]:
    """Take the next file numbers."""
    rows = fetch("SELECT nextval('parties_file_number') FROM generate_series(1, $1)", many)
    year, key = at.astimezone(SHANGHAI).year, settings.SECRET_KEY.encode()
    return [new_reference(year, number, key, prefix=PREFIX) for (number,) in rows]


def insert_many(rows: Sequence[Model]) -> None:
    """Insert rows of several tables, in pieces of a few sizes."""
    by_table: dict[type[Model], list[Model]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(row)
    for table in by_table.values():
        place = 0
        while place < len(table):
            piece = next(size for size in PIECES if size <= len(table) - place)
            insert(*table[place : place + piece])
            place += piece


def households(source: Source, rows: Sequence[Tidied]) -> dict[str, Household]:
    """The keeper's households by the number that the roll gives them; new ones are made."""
    wanted = {number: row for row in rows if (number := row.columns.get("household_no", ""))}
    found = {one.number: one for one in Household.objects.filter(office=source.keeper, number__in=wanted)}
    made = [
        Household(
            office=source.keeper, number=number, place=source.keeper.place,
            address=row.columns.get("address", ""),
        )
        for number, row in wanted.items()
        if number not in found
    ]  # fmt: skip
    insert_many(made)
    return found | {one.number: one for one in made}


def places_named(source: Source, rows: Sequence[Tidied]) -> dict[str, Place]:
    """Communities below the keeper's own place, by their code or name as the roll writes it."""
    said = {str(name) for row in rows if (name := row.more.get("place"))}
    if not said:
        return {}
    below = Place.objects.filter(code__startswith=source.keeper.place_id)
    found = below.filter(Q(code__in=said) | Q(**{"names__zh-Hans__in": list(said)}))
    named: dict[str, Place] = {}
    for place in found.order_by("-code"):
        named[place.code] = named[str(place.names.get("zh-Hans"))] = place
    return named
