"""What is wanted from the person now: the steps open to them, and the papers an office asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qiaoqiao.casework.models import Paper
from qiaoqiao.casework.queries import moves_for
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.rules import PERSON
from qiaoqiao.casework.sentences import Step
from qiaoqiao.catalogue.entry import Material, Move, words
from qiaoqiao.portal.ownership import Mine
from qiaoqiao.portal.progress import listed

OTHER = "other"


@dataclass(frozen=True)
class Open:
    """A step the person may take now; `ends` when the case is over with it."""

    id: str
    name: str
    href: str
    ends: bool


@dataclass(frozen=True)
class Wanted:
    """A paper that an office asked for, and what was brought for it since."""

    id: str
    name: str
    form: str
    brought: list[Paper]
    remark: str

    @property
    def here(self) -> bool:
        return any(paper.verdict != "wanting" for paper in self.brought)


@dataclass(frozen=True)
class Asking:
    """The newest request for papers that the person has not yet answered."""

    step: Step
    papers: list[Wanted]
    by: date | None
    note: str

    @property
    def missing(self) -> list[Wanted]:
        return [one for one in self.papers if not one.here]


def open_steps(mine: Mine) -> list[Open]:
    """The person's own steps that are open now, those that end the case last."""
    happened = frozenset(step.kind for step in mine.file.steps)
    offered = moves_for(mine.case, mine.entry, mine.actor, on=mine.today, happened=happened)
    found = [
        Open(
            one.move.id,
            words(one.move.name, mine.language),
            mine.address("portal_case_step", one.move.id),
            ends(mine, one.move),
        )
        for one in offered
        if one.why is None and one.move.seat == PERSON
    ]
    return sorted(found, key=lambda one: one.ends)


def ends(mine: Mine, move: Move) -> bool:
    return bool(move.to) and mine.entry.states[move.to or ""].stage == "done"


def asking(mine: Mine) -> Asking | None:
    """What an office asked for and the person has not answered by a step of their own since."""
    if mine.case.stage == "done":
        return None
    moves = {f"move:{move.id}": move for move in mine.entry.moves}
    for step in reversed(mine.file.steps):
        move = moves.get(step.kind)
        if move is None:
            continue
        if move.seat == PERSON and any(ask.type == "papers" for ask in move.asks):
            return None
        if move.seat != PERSON and any(ask.type == "materials" for ask in move.asks):
            return _asking(mine, step, move)
    return None


def _asking(mine: Mine, step: Step, move: Move) -> Asking | None:
    given = step.facts.get("answers")
    answers: Mapping[str, object] = given if isinstance(given, Mapping) else {}
    named = [str(one) for ask in move.asks if ask.type == "materials" for one in listed(answers.get(ask.id))]
    known = {one.id: one for one in mine.entry.materials}
    papers = [wanted(mine, known[name], step) for name in named if name in known]
    dates = [str(answers[ask.id]) for ask in move.asks if ask.type == "date" and answers.get(ask.id)]
    notes = [
        str(answers[ask.id])
        for ask in move.asks
        if ask.type in {"text", "longtext"} and ask.told and answers.get(ask.id)
    ]
    return (
        Asking(step, papers, date.fromisoformat(dates[0]) if dates else None, "\n".join(notes))
        if papers
        else None
    )


def wanted(mine: Mine, material: Material, since: Step | None = None) -> Wanted:
    """A material with what was brought for it (since an office asked)."""
    brought = [
        one
        for one in own_papers(mine.file)
        if one.kind == material.id and (since is None or one.added_at > since.at)
    ]
    remark = next((one.remark for one in reversed(brought) if one.verdict == "wanting"), "")
    return Wanted(
        material.id, words(material.name, mine.language), words(material.form, mine.language), brought, remark
    )


def own_papers(file: CaseFile) -> list[Paper]:
    """What the person brought, oldest first."""
    return [one for one in file.papers if one.direction == "in" and one.seen_by_person]


def papers_since(mine: Mine, asked: Asking | None) -> list[Paper]:
    """What was brought since an office asked: it counts when the person then answers."""
    return [one for one in own_papers(mine.file) if asked and one.added_at > asked.step.at]


def unfit(mine: Mine) -> list[Wanted]:
    """Materials whose newest paper an officer found wanting, outside a formal request."""
    known = {one.id: one for one in mine.entry.materials}
    newest = {one.kind: one for one in own_papers(mine.file)}
    return [
        wanted(mine, known[kind])
        for kind, one in newest.items()
        if one.verdict == "wanting" and kind in known
    ]
