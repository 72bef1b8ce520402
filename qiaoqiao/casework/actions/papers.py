"""Papers: what a person brings, what an officer says of it, how a notice was served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.grounds import hold, settle
from qiaoqiao.casework.models import Case, Delivery, Paper
from qiaoqiao.casework.promising import kept
from qiaoqiao.ledger.actions import Happening

VERDICTS = ("fits", "wanting")


@dataclass(frozen=True)
class Brought:
    """A file already kept in storage, brought for a material (or `other`)."""

    kind: str
    title: str
    key: str
    file_name: str
    mime: str
    size: int
    sha256: str


class CaseDone(Exception):
    """Nothing can be added to a case that is over."""


class VerdictUnknown(Exception):
    """A paper either fits or is wanting."""


def attach(case: Case, papers: Iterable[Brought], *, actor: Actor, at: datetime) -> list[Happening]:
    """File papers with a case and return what is to be recorded: digests, never contents."""
    rows = [
        Paper(
            case=case,
            kind=paper.kind,
            direction="in",
            title=paper.title,
            file=paper.key,
            file_name=paper.file_name,
            mime=paper.mime,
            size=paper.size,
            sha256=paper.sha256,
            added_at=at,
            added_by=actor.ledger_name,
        )
        for paper in papers
    ]
    Paper.objects.bulk_create(rows)
    return [
        Happening(
            "paper", {"paper": str(row.pk), "kind": row.kind, "sha256": row.sha256}, actor.ledger_name, at
        )
        for row in rows
    ]


@transaction.atomic
def add(case_id: UUID, papers: Iterable[Brought], *, actor: Actor, at: datetime) -> Case:
    """Add papers to an open case. Raises CaseDone."""
    ground = hold(case_id)
    if ground.case.stage == "done":
        raise CaseDone
    come = list(papers)
    happenings = attach(ground.case, come, actor=actor, at=at)
    happenings += kept(ground.case, {one.kind for one in come}, ground.happened(), actor=actor, at=at)
    return settle(ground, happenings, at=at)


@transaction.atomic
def judge(case_id: UUID, paper_id: UUID, *, verdict: str, remark: str, actor: Actor, at: datetime) -> Case:
    """Say whether a paper that was brought fits, or what it lacks. Raises VerdictUnknown."""
    if verdict not in VERDICTS:
        raise VerdictUnknown(verdict)
    ground = hold(case_id)
    paper = Paper.objects.get(pk=paper_id, case=case_id, direction="in")
    paper.verdict, paper.remark = verdict, remark[:400]
    paper.save(update_fields=["verdict", "remark"])
    facts = {"paper": str(paper_id), "verdict": verdict, "remark": paper.remark}
    return settle(ground, [Happening("paper.judged", facts, actor.ledger_name, at)], at=at)


@transaction.atomic
def serve(delivery_id: UUID, *, proof: str, actor: Actor, at: datetime) -> Case | None:
    """Record that a notice reached the person that way; limits run from the first time it did.

    Returns None when it had been served that way before.
    """
    ground = hold(Delivery.objects.values_list("case_id", flat=True).get(pk=delivery_id))
    delivery = Delivery.objects.select_related("paper").get(pk=delivery_id)
    if delivery.state == "served":
        return None
    delivery.state, delivery.served_at, delivery.proof = "served", at, proof[:200]
    delivery.sent_at = delivery.sent_at or at
    delivery.save(update_fields=["state", "served_at", "proof", "sent_at"])
    facts = {"paper": str(delivery.paper_id), "channel": delivery.channel, "proof": delivery.proof}
    first = not Delivery.objects.filter(paper=delivery.paper, state="served").exclude(pk=delivery_id).exists()
    kind = f"served:{delivery.paper.kind}" if first else "served.again"
    happened = Happening(kind, facts, actor.ledger_name, at)
    return settle(ground, [happened], at=at)


@transaction.atomic
def printed(paper_id: UUID, *, key: str, sha256: str, size: int) -> None:
    """Keep the printed form of a notice; its wording was fixed when it was issued."""
    Paper.objects.filter(pk=paper_id, file="").update(
        file=key, sha256=sha256, size=size, mime="application/pdf"
    )
