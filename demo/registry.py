"""The registry of Shengli: three rolls brought in as officers would, then a year of keeping them current."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from demo.families import residents
from demo.residents import SUBDISTRICT, Resident, about
from demo.rolls import Roll, rolls
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, Actor, acting, staff
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.parties.actions.importing import bring, look
from qiaoqiao.parties.models import Record, Source

PEOPLE = 2960
KEEPER = f"{SUBDISTRICT}-federation"
FOLDER = "demo-rolls"
HEADING = {".xlsx": 2, ".csv": 1}
"""In which row of each kind of file the heading stands."""
Progress = Callable[[int], None]


@dataclass
class Desk:
    """The office that keeps the files, its people, and the chance and the day of the whole telling."""

    office: Office
    clerk: Actor
    handler: Actor
    head: Actor
    chance: random.Random
    now: datetime
    people: dict[int, Resident] = field(default_factory=dict)
    files: dict[UUID, Resident] = field(default_factory=dict)

    def days_ago(self, days: float) -> datetime:
        """An hour of the office's day, so many days ago."""
        then = (self.now - timedelta(days=days)).astimezone(SHANGHAI)
        then = then.replace(hour=9 + int(days * 7) % 8, minute=int(days * 31) % 60, second=0, microsecond=0)
        return min(then, self.now)


def desk(seed: int, now: datetime) -> Desk:
    """The keeper's officers with a card."""
    holder = {role: Account.objects.get(username=f"shengli-{role}") for role in ("window", "handler", "head")}
    return Desk(
        Office.objects.select_related("place").get(code=KEEPER),
        staff(holder["window"].pk),
        staff(holder["handler"].pk),
        staff(holder["head"].pk),
        random.Random(f"registry {seed}"),
        now,
    )


def present() -> int:
    """The present second, for the tickets that PostgreSQL checks by its own clock."""
    return int(time.time())


def bring_in(people: int, *, seed: int, now: datetime, progress: Progress) -> Desk:
    """Write the three rolls down and bring them in, each on its day; again changes nothing."""
    at_desk = desk(seed, now)
    on = now.astimezone(SHANGHAI).date()
    at_desk.people = {one.number: one for one in residents(people, seed=seed, on=on)}
    made = rolls(people, seed=seed, on=on)
    lines, left = sum(len(roll.lines) for roll in made), people
    for roll in made:
        bring_roll(roll, kept_copy(roll), at_desk)
        share = people * len(roll.lines) // lines
        left -= share
        progress(share)
    progress(left)
    return at_desk


def kept_copy(roll: Roll) -> bytes:
    """The file itself, left also where whoever tries the demo can find it, and bring it in once more."""
    folder = Path(settings.STATE_DIR) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    content = roll.content
    (folder / roll.file_name).write_bytes(content)
    return content


def bring_roll(roll: Roll, content: bytes, at_desk: Desk) -> None:
    """Look through a roll, bring it in unless that was done, and remember which file is whose."""
    at = at_desk.days_ago(about("sources")[roll.code]["days"])
    with acting(SYSTEM, epoch=present()), without_reactions():
        source = make_source(roll, at_desk)
        begun = source.batches.order_by("made_at").first()
        if begun is None:
            begun = look(source, roll.file_name, content, actor=at_desk.handler, at=at).batch
    slices = bring(begun.pk, actor=at_desk.handler, at=at + timedelta(minutes=20))
    while begun.state != "done":
        with acting(SYSTEM, epoch=present()), without_reactions():
            if next(slices, None) is None:
                break
    first = HEADING[Path(roll.file_name).suffix] + 1
    with acting(SYSTEM, epoch=present()):
        found = Record.objects.filter(batch=begun.pk, file__isnull=False)
        for line, file in found.values_list("line", "file"):
            at_desk.files[file] = at_desk.people[roll.lines[line - first].person]


def make_source(roll: Roll, at_desk: Desk) -> Source:
    """The roll among the office's sources."""
    given = about("sources")[roll.code]
    more = {name: given[name] for name in ("names", "kind", "basis", "rank")}
    more |= {"office": Office.objects.get(code=given["office"]), "keeper": at_desk.office}
    return Source.objects.get_or_create(code=roll.code, defaults=more)[0]
