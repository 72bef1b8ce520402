"""How long each kind of record is kept, from when, and what then: a table, so that nothing is kept by accident.

Where the law leaves the years open (LAW §25: archive years are unknown) the period is None here and an
office's own number, `offices set <office> registry <setting> <years>`; until it is set nothing ends by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Model

from qiaoqiao.parties.models import (
    Address,
    Batch,
    Change,
    Citizenship,
    Consent,
    Contact,
    Document,
    File,
    FileCode,
    FileReach,
    Household,
    Identity,
    Kin,
    Mandate,
    Member,
    Merge,
    Name,
    Need,
    Person,
    Proposal,
    Record,
    Source,
    Standing,
    Training,
    Visit,
)

HELD_ROLL = timedelta(days=7)
CODE = timedelta(days=1)
REFUSED_PROOF = timedelta(days=90)
BACKUPS = timedelta(days=35)
"""How old a backup may grow; whoever runs the installation sets its rotation to no more."""


@dataclass(frozen=True)
class Rule:
    """One class of records. `ours`: we set the period ourselves, no law does; `setting`: an office's number of years.

    `then`: clear (a daily job removes it), with_file, with_case, review (people look at it, never deleted
    unseen), keep (no personal data).
    """

    trigger: str
    then: str
    basis: str
    period: timedelta | None = None
    ours: bool = False
    setting: str = ""


RULES: Mapping[str, Rule] = {
    "file": Rule("asked to, or consent withdrawn and no duty left", "with_file", "PIPL 19, 47"),
    "dead": Rule("death", "review", "PIPL 49; archive years unknown", setting="keep_dead_years"),
    "household": Rule("nobody left in it", "with_file", "PIPL 19"),
    "sensitive": Rule("consent withdrawn", "with_file", "PIPL 28-31, 47"),
    "consent": Rule("file erased", "with_file", "PIPL 14, 69: the office proves that it was agreed"),
    "request": Rule("file erased", "with_file", "PIPL 50"),
    "refused_proof": Rule("request refused", "clear", "PIPL 19", REFUSED_PROOF, ours=True),
    "code": Rule("code ran out", "clear", "PIPL 19", CODE, ours=True),
    "reach": Rule("file erased", "with_file", "PIPL 23, 55"),
    "roll_line": Rule("file erased, or import taken back", "with_file", "PIPL 13, 19"),
    "held_roll": Rule(
        "roll looked through: its file, and what its report quotes", "clear", "PIPL 19", HELD_ROLL, ours=True
    ),
    "pair": Rule("one of the two erased", "with_file", "PIPL 19"),
    "request_person": Rule("case archived", "with_case", "the law of each procedure; archive years unknown"),
    "settings": Rule("", "keep", "no personal data"),
}

CLASSES: Mapping[type[Model], tuple[str, ...]] = {
    File: ("file", "dead"),
    Name: ("file",),
    Document: ("file",),
    Citizenship: ("file",),
    Standing: ("file",),
    Address: ("file",),
    Contact: ("file",),
    Member: ("file",),
    Kin: ("file",),
    Need: ("file", "sensitive"),
    Visit: ("file",),
    Household: ("household",),
    Consent: ("consent",),
    Change: ("request", "refused_proof"),
    FileCode: ("code",),
    FileReach: ("reach",),
    Record: ("roll_line",),
    Batch: ("held_roll",),
    Proposal: ("pair",),
    Merge: ("pair",),
    Person: ("request_person",),
    Identity: ("request_person",),
    Mandate: ("request_person",),
    Source: ("settings",),
    Training: ("settings",),
}
"""Every table of the room, and the classes its rows and columns fall under; a test misses none."""


def years_kept(settings: Mapping[str, Mapping[str, object]], rule: Rule) -> int | None:
    """How many years an office keeps something that the law leaves open; None while it has not said."""
    years = settings.get("registry", {}).get(rule.setting)
    return years if isinstance(years, int) and years > 0 else None


def years_before(day: date, years: int) -> date:
    """The same day some years ago; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
