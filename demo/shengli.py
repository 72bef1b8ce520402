"""Invented Shengli from beginning to end: its rolls, its year, and which applicants have files there."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from demo.calling import keep_current
from demo.deciding import review
from demo.papers import Folder
from demo.registry import FOLDER, Desk, bring_in, desk, present
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Assignment, Case
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.parties.actions.files import make_file
from qiaoqiao.parties.actions.linking_cases import link_applicant
from qiaoqiao.parties.actions.visiting import check_file
from qiaoqiao.parties.models import Address, Contact, Name, Standing

LINKED = 12
NEAR = "4502"


@dataclass(frozen=True)
class Registry:
    """What is to be told: so many people, the same for the same seed."""

    people: int
    seed: int
    now: datetime
    folder: Folder


def settle(registry: Registry, progress: Callable[[int], None]) -> Desk:
    """Bring the rolls in and tell the year; again changes nothing."""
    at_desk = bring_in(registry.people, seed=registry.seed, now=registry.now, progress=progress)
    keep_current(at_desk, registry.folder.kept[0] if registry.folder.kept else None)
    review(at_desk)
    return at_desk


def link_cases(seed: int, now: datetime) -> int:
    """Say of some applicants of Liuzhou's cases whose files they are; the cases were told before."""
    at_desk = desk(seed, now)
    with acting(SYSTEM, epoch=present()), without_reactions():
        cases = Case.objects.filter(
            assignments__office__place__code__startswith=NEAR, person__country="CN", person__file=None
        ).select_related("person")
        found = sorted(cases.distinct(), key=lambda case: (case.filed_on, case.reference))
        for case in random.Random(f"linked {seed}").sample(found, min(LINKED, len(found))):
            link_one(case, at_desk)
    return min(LINKED, len(found))


def link_one(case: Case, at_desk: Desk) -> None:
    """Begin the file that the applicant has not had so far, and link it with the case."""
    one, at = case.person, case.filed_at
    facts = [
        Name(text=one.name, script="hans", kind="legal", proof="户口簿"),
        Standing(kind="returnee" if one.latin_name else "relative", proof="侨眷身份证明"),
        Address(kind="home", country="CN", text="柳州市柳北区胜利社区归园"),
    ]
    if one.latin_name:
        facts.append(Name(text=one.latin_name, script="latin", kind="alias"))
    if one.phone:
        facts.append(Contact(kind="phone", value=one.phone))
    file = make_file(
        *facts, office=at_desk.office, place=at_desk.office.place, actor=at_desk.clerk, at=at, country="CN",
        origin="VN", why="case",
    )  # fmt: skip
    seat = Assignment.objects.filter(case=case, role="lead").select_related("office").order_by("pk").first()
    office = seat.office if seat else at_desk.office
    link_applicant(
        one.pk, file.pk, case=case.reference, how="paper", office=office, actor=at_desk.clerk, at=at
    )
    if file.review_on and file.review_on < at_desk.now.date():
        seen = at_desk.days_ago(20)
        check_file(
            file.pk, review_on=at_desk.now.date() + timedelta(days=300), actor=at_desk.clerk, at=seen,
            office=at_desk.office.code,
        )  # fmt: skip


def rolls_kept() -> str:
    """Where the rolls lie that one can bring in once more, for whoever starts the demo."""
    folder = Path(settings.STATE_DIR) / FOLDER
    return f"Three rolls to try an import with: {folder}\n" if folder.exists() else ""
