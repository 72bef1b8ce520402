"""Beginning a file, adding and ending what is known of a person, opening a file with a purpose."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways import vault
from qiaoqiao.ledger.actions import Happening, record, start
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.ids import new_reference, row_id
from qiaoqiao.lib.statements import fetch, insert
from qiaoqiao.parties.actions.grounds import hold, index, settle
from qiaoqiao.parties.models import Document, File
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.rules import PURPOSES_OF_READING

PREFIX = "QF"
ONCE_IN = timedelta(hours=8)
REVIEW_AFTER = timedelta(days=365)
"""How long a file may stay unlooked-at: an office's own rule, since no law gives one (LAW §21.3)."""


class PurposeMissing(Exception):
    """A file is opened for a purpose, and outside one's own offices for a reason in words."""


def next_number(at: datetime) -> str:
    """Take the next file number."""
    ((number,),) = fetch("SELECT nextval('parties_file_number')")
    return new_reference(
        at.astimezone(SHANGHAI).year, number, settings.SECRET_KEY.encode() + PREFIX.encode(), prefix=PREFIX
    )


@transaction.atomic
def make_file(
    *facts: Fact,
    office: Office,
    actor: Actor,
    at: datetime,
    place: Place | None = None,
    sex: str = "",
    born: str = "",
    origin: str = "",
    return_year: int | None = None,
    country: str = "",
    why: str = "counter",
) -> File:
    """Begin a person's file with the facts known so far (their `file` is set here).

    `why` says where it came from: counter, visit, case, or the code of a source. The caller's office must be
    the keeper, or PostgreSQL refuses.
    """
    today = at.astimezone(SHANGHAI).date()
    file = File(
        number=next_number(at), office=office, place=place, sex=sex, born=born, origin=origin,
        return_year=return_year, country=country, made_at=at, checked_on=today, review_on=today + REVIEW_AFTER,
    )  # fmt: skip
    insert(file)
    attach(file, facts, at=at)
    index(file, on=today)
    file.save(update_fields=["name", "latin_name", "standing", "household", "words"])
    start(
        file.pk,
        Happening("file.made", {"from": why, "facts": told(facts)}, actor.ledger_name, at, office.code),
    )
    return file


def attach(file: File, facts: Sequence[Fact], *, at: datetime) -> None:
    """Insert facts under a file that is held or just made; nothing is recorded here."""
    for fact in facts:
        fact.file = file  # type: ignore[attr-defined]  # every kind of fact has one
        fact.added_at = at
    insert(*facts)


def told(facts: Sequence[Fact]) -> list[str]:
    """The kinds of facts, for the ledger: what they say stays in their own tables."""
    return sorted({type(fact).__name__.lower() for fact in facts})


def document(kind: str, number: str, *, issuer: str = "", **dated: object) -> Document:
    """An identity paper's number, sealed for its own row; `dated` are the fields of a fact."""
    row = row_id()
    return Document(
        id=row,
        kind=kind,
        issuer=issuer,
        sealed=vault.seal(number, vault.Place("parties_document", "sealed", str(row))),
        blind=vault.blind("identity", number),
        tail=vault.normalised(number)[-4:],
        **dated,
    )


@transaction.atomic
def add_facts(file_id: UUID, *facts: Fact, actor: Actor, at: datetime, office: str = "") -> File:
    """Add what was learned of a person. Raises FileClosed."""
    file = hold(file_id)
    attach(file, facts, at=at)
    return settle(
        file,
        *(
            Happening(
                "file.learned", {"kind": told([fact])[0], "row": str(fact.pk)}, actor.ledger_name, at, office
            )
            for fact in facts
        ),
        at=at,
    )


@transaction.atomic
def end_fact(model: type[Fact], row: UUID, *, on: date, actor: Actor, at: datetime, office: str = "") -> File:
    """Say that something held only until a day. It stays in the file: a file keeps what was."""
    fact = model._default_manager.get(pk=row)
    file = hold(fact.file_id)  # type: ignore[attr-defined]
    fact.until = on
    fact.save(update_fields=["until"])
    happening = Happening(
        "file.ended", {"kind": told([fact])[0], "row": str(row)}, actor.ledger_name, at, office
    )
    return settle(file, happening, at=at)


@transaction.atomic
def opened(
    file_id: UUID, *, purpose: str, actor: Actor, at: datetime, office: str = "", reason: str = ""
) -> bool:
    """Record that an officer opened a file, and why; once a purpose in eight hours. The person sees it.

    Raises PurposeMissing for a purpose that is not one of `PURPOSES_OF_READING`.
    """
    if purpose not in PURPOSES_OF_READING:
        raise PurposeMissing
    file = hold(file_id, states=("active", "frozen", "merged", "erased"))
    kind = f"file.opened:{purpose}"
    recent = Entry.objects.filter(subject=file.pk, kind=kind, actor=actor.ledger_name, at__gt=at - ONCE_IN)
    if recent.exists():
        return False
    record(file.pk, Happening(kind, {"reason": reason}, actor.ledger_name, at, office))
    return True
