"""The ground every change of a file stands on: the file held under lock, and the one end of each change."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.lib.words import as_tsvector
from qiaoqiao.parties.models import Address, Contact, Document, File, Member, Name, Standing
from qiaoqiao.parties.models.files import Fact

INDEXED = ["name", "latin_name", "standing", "household", "words"]


class FileClosed(Exception):
    """The file is frozen, merged into another or erased: nothing in it may be changed."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(state)


def hold(file_id: UUID, *, states: Iterable[str] = ("active",)) -> File:
    """Lock a file for a change. Raises File.DoesNotExist for one the actor cannot see, FileClosed."""
    file = File.objects.select_for_update(of=("self",)).select_related("office").get(pk=file_id)
    if file.state not in states:
        raise FileClosed(file.state)
    return file


def settle(
    file: File,
    *happenings: Happening,
    at: datetime,
    fields: Iterable[str] = (),
    facts: Iterable[Fact] | None = None,
) -> File:
    """Record what happened, bring the file's index in line with its facts, save it.

    `fields` are columns of the file itself that the action has set; `facts` are all that the file holds now,
    where they are at hand.
    """
    record(file.pk, *happenings)
    if file.state in {"active", "frozen"}:
        today = at.astimezone(SHANGHAI).date()
        index(file, on=today) if facts is None else summarise(file, facts, on=today)
    file.save(update_fields=[*INDEXED, *fields])
    return file


def holds(fact: Fact, on: date) -> bool:
    """Whether a dated fact holds on a day."""
    return (fact.since is None or fact.since <= on) and (fact.until is None or fact.until >= on)


INDEX_READS: tuple[Any, ...] = (Name, Standing, Member, Address, Contact, Document)


def index(file: File, *, on: date) -> None:
    """Set what lists and search read on the file given: present name and standing, household, words."""
    summarise(
        file,
        [fact for model in INDEX_READS for fact in model._default_manager.filter(file=file)],
        on=on,
    )


def summarise(file: File, facts: Iterable[Fact], *, on: date) -> None:
    """The same from facts that are at hand already."""
    known = sorted(facts, key=lambda fact: fact.added_at, reverse=True)
    names = sorted(
        (one for one in known if isinstance(one, Name)),
        key=lambda name: (name.kind != "legal", name.added_at),
    )
    present = [name for name in names if holds(name, on)] or names
    hanzi = [name for name in present if name.script in {"hans", "hant"}]
    latin = [name for name in present if name.script == "latin"]
    file.name = (hanzi or present or [Name(text="")])[0].text[:100]
    file.latin_name = next((one.text for one in latin if one.text[:100] != file.name), "")
    standings = [one for one in known if isinstance(one, Standing) and holds(one, on)]
    file.standing = standings[0].kind if standings else ""
    members = [one for one in known if isinstance(one, Member) and holds(one, on)]
    file.household_id = members[0].household_id if members else None
    file.words = as_tsvector(words_of(file, names, known))


def words_of(file: File, names: list[Name], facts: Iterable[Fact]) -> str:
    """What an officer finds a file by: its number, every name, addresses, telephone numbers, ends of papers."""
    said = [file.number, *(name.text for name in names)]
    for fact in facts:
        match fact:
            case Address():
                said.append(fact.text)
            case Contact():
                said.append(fact.value)
            case Document():
                said.append(fact.tail)
    return " ".join(filter(None, said))
