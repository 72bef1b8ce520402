"""Deciding on a proposal: two files become one, stay two, or wait; and taking a merge back.

What went over is written down row by row (`Merge.moved`), so that it can go back.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from qiaoqiao.access.tickets import SYSTEM, Actor, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.lib.ids import row_id
from qiaoqiao.parties.actions.grounds import FileClosed, hold, settle
from qiaoqiao.parties.actions.rollfacts import same_as
from qiaoqiao.parties.importing.rolls import offices_decided
from qiaoqiao.parties.models import (
    Address,
    Change,
    Citizenship,
    Consent,
    Contact,
    Document,
    File,
    FileReach,
    Kin,
    Member,
    Merge,
    Name,
    Need,
    Person,
    Proposal,
    Record,
    Standing,
    Visit,
)

FACTS: tuple[Any, ...] = (Name, Document, Citizenship, Standing, Address, Contact, Member, Kin, Need)
WHOLE: tuple[Any, ...] = (Visit, Record, Change, Consent, Person)
"""Rows that go over as they are; of consents in force for one thing only one can."""
FILLED = ("sex", "born", "died_on", "origin", "return_year", "country", "place_id")
"""Columns of the kept file that are set from the other one where they are blank."""
LONGEST_WHY = 400
WAITING = ("open", "later")


class NotYours(Exception):
    """Only handlers and heads of the office that decides may do this."""


class Decided(Exception):
    """Somebody has decided already."""

    def __init__(self, proposal: Proposal) -> None:
        self.state, self.by, self.why = proposal.state, proposal.decided_by_id, proposal.why
        super().__init__(self.state)

    def said(self, outcome: str, why: str, actor: Actor) -> bool:
        """Whether it was the same person with the same words: a form that came twice."""
        same = {"accept": "accepted", "reject": "rejected"}.get(outcome) == self.state
        return same and self.by == actor.account_id and self.why == tidy(why)


class WhyMissing(Exception):
    """A decision says why, in words."""


class MergeLater(Exception):
    """Another merge into the same file, or of it, came after: that one is taken back first. `number` of its file."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(number)


class NothingToUndo(Exception):
    """The merge was taken back already."""


@transaction.atomic
def accept(proposal_id: UUID, *, why: str, actor: Actor, at: datetime) -> Merge:
    """Say that two files are one person: the fuller one is kept, the other's rows go over to it.

    Works under a system's ticket of the second `at` once the right to decide is sure, since requests and
    reaches hang on the files that no single officer sees: `at` must be the present moment.
    Raises NotYours, Decided, WhyMissing, FileClosed.
    """
    proposal = held_proposal(proposal_id, why, actor=actor, at=at)
    with acting(SYSTEM, epoch=int(at.timestamp())):
        one, other = (hold(file) for file in (proposal.one_id, proposal.other_id))
        kept, absorbed = (one, other) if fullness(one) >= fullness(other) else (other, one)
        merge = Merge(id=row_id(), kept=kept, absorbed=absorbed, proposal=proposal, at=at, moved={})
        merge.by_id = account(actor)
        merge.moved = carry_over(kept, absorbed)
        merge.save(force_insert=True)
        decide(proposal, "accepted", why, actor=actor, at=at)
        close(absorbed, kept, merge, proposal, actor=actor, at=at)
        return merge


@transaction.atomic
def reject(proposal_id: UUID, *, why: str, actor: Actor, at: datetime) -> Proposal:
    """Say that two files are two people. Raises NotYours, Decided, WhyMissing."""
    proposal = held_proposal(proposal_id, why, actor=actor, at=at)
    decide(proposal, "rejected", why, actor=actor, at=at)
    for file_id in (proposal.one_id, proposal.other_id):
        file = hold(file_id, states=("active", "frozen", "merged"))
        settle(file, said("rejected", proposal, actor=actor, at=at), at=at)
    return proposal


@transaction.atomic
def put_off(proposal_id: UUID, *, until: date, why: str = "", actor: Actor, at: datetime) -> Proposal:
    """Let a proposal rest until a day. Raises NotYours, Decided."""
    proposal = held_proposal(proposal_id, why or "-", actor=actor, at=at)
    proposal.state, proposal.later_on, proposal.why = "later", until, tidy(why)
    proposal.save(update_fields=["state", "later_on", "why"])
    return proposal


@transaction.atomic
def undo(merge_id: UUID, *, why: str, actor: Actor, at: datetime) -> Merge:
    """Take a merge back: what went over goes back as it was; what came since stays with the kept file.

    The proposal then stands as rejected. `at` must be the present moment, as in `accept`. Raises NotYours,
    WhyMissing, NothingToUndo, MergeLater, FileClosed.
    """
    if not tidy(why):
        raise WhyMissing
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    check_office(deciding(merge), actor, at=at)
    if merge.undone_at is not None:
        raise NothingToUndo
    with acting(SYSTEM, epoch=int(at.timestamp())):
        return part(merge, why, actor=actor, at=at)


def part(merge: Merge, why: str, *, actor: Actor, at: datetime) -> Merge:
    """Give the absorbed file back what it brought, under locks on both."""
    first, second = sorted((merge.kept_id, merge.absorbed_id))
    held = {pk: hold(pk, states=("active", "frozen", "merged", "erased")) for pk in (first, second)}
    kept, absorbed = held[merge.kept_id], held[merge.absorbed_id]
    refuse_out_of_order(merge, kept)
    if absorbed.state != "merged":
        raise FileClosed(absorbed.state)
    give_back(kept, absorbed, merge.moved)
    withdraw_with(kept, absorbed, since=merge.at)
    absorbed.state, absorbed.merged_into = "active", None
    merge.undone_at, merge.undone_by_id = at, account(actor)
    merge.save(update_fields=["undone_at", "undone_by"])
    if merge.proposal_id:
        proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=merge.proposal_id)
        decide(proposal, "rejected", why, actor=actor, at=at)
    for file, another in ((kept, absorbed), (absorbed, kept)):
        told = {"other": another.number, "merge": str(merge.pk), "reason": tidy(why)}
        happening = Happening("file.unmerged", told, actor.ledger_name, at, file.office.code)
        settle(file, happening, at=at, fields=[*COLUMNS, "state", "merged_into"])
    return merge


def refuse_out_of_order(merge: Merge, kept: File) -> None:
    """The last merge is taken back first, or facts of a third person would come between."""
    if kept.state == "merged" and kept.merged_into is not None:
        raise MergeLater(kept.merged_into.number)
    if kept.state != "active":
        raise FileClosed(kept.state)
    later = Merge.objects.filter(kept=kept, undone_at__isnull=True).exclude(pk=merge.pk)
    newer = later.filter(Q(at__gt=merge.at) | Q(at=merge.at, pk__gt=merge.pk)).order_by("-at").first()
    if newer is not None:
        raise MergeLater(newer.absorbed.number)


# --- who decides ---------------------------------------------------------------------------------------


def held_proposal(proposal_id: UUID, why: str, *, actor: Actor, at: datetime) -> Proposal:
    """Lock a proposal for a decision. Raises Proposal.DoesNotExist, NotYours, Decided, WhyMissing."""
    if not tidy(why):
        raise WhyMissing
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
    check_office([proposal.office_id], actor, at=at)
    if proposal.state not in WAITING:
        raise Decided(proposal)
    return proposal


def deciding(merge: Merge) -> list[int]:
    """The offices that may take a merge back: the one that decided, else the keeper of the kept file."""
    if merge.proposal_id:
        return list(Proposal.objects.filter(pk=merge.proposal_id).values_list("office", flat=True))
    return [merge.kept.office_id]


def check_office(offices: Iterable[int], actor: Actor, *, at: datetime) -> None:
    mine = {one.pk for one in offices_decided(actor, on=at.astimezone(SHANGHAI).date())}
    if not mine & set(offices) or not account(actor):
        raise NotYours


def account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotYours
    return actor.account_id


def decide(proposal: Proposal, state: str, why: str, *, actor: Actor, at: datetime) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by_id = state, at, actor.account_id
    proposal.why, proposal.later_on = tidy(why), None
    proposal.save(update_fields=["state", "decided_at", "decided_by", "why", "later_on"])


def said(state: str, proposal: Proposal, *, actor: Actor, at: datetime) -> Happening:
    return Happening(
        f"file.proposal:{state}", {"proposal": str(proposal.pk)}, actor.ledger_name, at, proposal.office.code
    )


def tidy(why: str) -> str:
    return " ".join(why.split())[:LONGEST_WHY]


# --- going over and back -------------------------------------------------------------------------------

COLUMNS = (*(name.removesuffix("_id") for name in FILLED), "languages")
KEPT = (*FILLED, "languages")


def fullness(file: File) -> tuple[int, float, int]:
    """How much a file holds; of equal ones the older is kept."""
    rows = sum(model._default_manager.filter(file=file).count() for model in (*FACTS, Visit, Record, Person))
    return rows, -file.made_at.timestamp(), -file.pk.int


def carry_over(kept: File, absorbed: File) -> dict[str, Any]:
    """Move the rows of one file to another, but for facts that the other holds already; return what was done."""
    rows = {model._meta.db_table: moved_facts(model, kept, absorbed) for model in FACTS}
    for model in WHOLE:
        chosen = model._default_manager.filter(file=absorbed)
        if model is Consent:
            chosen = chosen.exclude(pk__in=doubled_consents(kept, absorbed))
        rows[model._meta.db_table] = moved(chosen, kept)
    others = Kin.objects.filter(other=absorbed).exclude(file__in=[kept, absorbed])
    pointing = [str(pk) for pk in others.values_list("pk", flat=True)]
    others.update(other=kept)
    return {
        "rows": {table: ids for table, ids in rows.items() if ids},
        "kin": pointing,
        "reach": widened(kept, absorbed),
        "proposals": overtaken(absorbed),
        "columns": filled(kept, absorbed),
    }


def moved_facts(model: Any, kept: File, absorbed: File) -> list[str]:
    known = {same_as(fact) for fact in model._default_manager.filter(file=kept)}
    new = []
    for fact in model._default_manager.filter(file=absorbed).order_by("added_at", "id"):
        if same_as(fact) not in known:
            known.add(same_as(fact))
            new.append(fact.pk)
    return moved(model._default_manager.filter(pk__in=new), kept)


def moved(chosen: models.QuerySet[Any], kept: File) -> list[str]:
    ids = list(chosen.values_list("pk", flat=True))
    chosen.model._default_manager.filter(pk__in=ids).update(file=kept)
    return [str(pk) for pk in ids]


def doubled_consents(kept: File, absorbed: File) -> list[UUID]:
    """Consents in force for something that the kept file has one for."""
    lasting = Consent.objects.filter(withdrawn_at__isnull=True)
    known = set(lasting.filter(file=kept).values_list("purpose", "recipient"))
    rows = lasting.filter(file=absorbed).values_list("pk", "purpose", "recipient")
    return [pk for pk, *what in rows if tuple(what) in known]


def widened(kept: File, absorbed: File) -> list[str]:
    """Let every office that saw the absorbed file see the kept one; the absorbed one keeps its own reach."""
    known = set(FileReach.objects.filter(file=kept).values_list("office", "why"))
    theirs = FileReach.objects.filter(file=absorbed).exclude(office=kept.office_id).exclude(why="break_glass")
    new = [
        FileReach(file=kept, office_id=one.office_id, why=one.why, until=one.until)
        for one in theirs
        if (one.office_id, one.why) not in known
    ]
    if absorbed.office_id != kept.office_id and (absorbed.office_id, "alliance") not in known:
        new.append(FileReach(file=kept, office_id=absorbed.office_id, why="alliance"))
    FileReach.objects.bulk_create(new)
    return [str(one.pk) for one in new]


def overtaken(absorbed: File) -> dict[str, str]:
    """Close the other open questions about a file that is no more; the kept one is compared anew."""
    rows = Proposal.objects.filter(Q(one=absorbed) | Q(other=absorbed), state__in=WAITING)
    before = {str(pk): state for pk, state in rows.values_list("pk", "state")}
    Proposal.objects.filter(pk__in=list(before)).update(state="gone")
    return before


def filled(kept: File, absorbed: File) -> dict[str, Any]:
    """Set the kept file's blank columns; return what they were and what they were set to."""
    before, after = {}, {}
    for name in KEPT:
        old, theirs = getattr(kept, name), getattr(absorbed, name)
        new = [*old, *(one for one in theirs if one not in old)] if name == "languages" else old or theirs
        if new != old:
            before[name], after[name] = written(old), written(new)
            setattr(kept, name, new)
    return {"before": before, "after": after}


def written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def close(
    absorbed: File, kept: File, merge: Merge, proposal: Proposal, *, actor: Actor, at: datetime
) -> None:
    """Shut the absorbed file and tell it in both chains."""
    absorbed.state, absorbed.merged_into, absorbed.words, absorbed.household = "merged", kept, None, None
    for file, another in ((kept, absorbed), (absorbed, kept)):
        told = {"other": another.number, "merge": str(merge.pk)}
        happening = Happening("file.merged", told, actor.ledger_name, at, proposal.office.code)
        fields = COLUMNS if file is kept else ("state", "merged_into")
        settle(file, said("accepted", proposal, actor=actor, at=at), happening, at=at, fields=fields)


def give_back(kept: File, absorbed: File, moved: Mapping[str, Any]) -> None:
    """The reverse of `carry_over`, for what is still there."""
    for model in (*FACTS, *WHOLE):
        ids = moved.get("rows", {}).get(model._meta.db_table, [])
        model._default_manager.filter(pk__in=ids, file=kept).update(file=absorbed)
    Kin.objects.filter(pk__in=moved.get("kin", []), other=kept).update(other=absorbed)
    FileReach.objects.filter(pk__in=moved.get("reach", []), file=kept).delete()
    for pk, state in moved.get("proposals", {}).items():
        Proposal.objects.filter(pk=pk, state="gone").update(state=state)
    columns = moved.get("columns", {"before": {}, "after": {}})
    for name, old in columns["before"].items():
        if written(getattr(kept, name)) == columns["after"][name]:
            setattr(kept, name, date.fromisoformat(old) if name == "died_on" and old else old)


def withdraw_with(kept: File, absorbed: File, *, since: datetime) -> None:
    """A consent that stayed behind for its double ends when the person withdrew the double meanwhile."""
    withdrawn = Consent.objects.filter(file=kept, withdrawn_at__gte=since)
    for purpose, recipient, when in withdrawn.values_list("purpose", "recipient", "withdrawn_at"):
        left = Consent.objects.filter(file=absorbed, withdrawn_at__isnull=True, given_at__lte=when)
        left.filter(purpose=purpose, recipient=recipient).update(withdrawn_at=when)
