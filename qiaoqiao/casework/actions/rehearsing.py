"""Rehearsing a move: made in full, looked at, and undone, so that what is shown is what will happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.models import Case, Paper


@dataclass(frozen=True)
class Rehearsal:
    """What the move would do. `sheet` is the notice's wording, None when it issues none."""

    state: str
    due_on: date | None
    due_limit: str
    sheet: Mapping[str, object] | None


class _Undo(Exception):
    """Carries nothing: takes back all that was done in the rehearsal."""


def rehearse(
    case_id: UUID, move_id: str, *, answers: Mapping[str, object], actor: Actor, at: datetime
) -> Rehearsal:
    """Say what a move would do, leaving nothing behind. Raises whatever the move itself would raise."""
    found: list[Rehearsal] = []
    try:
        with transaction.atomic():
            case = move(case_id, move_id, answers=answers, actor=actor, at=at)
            found.append(_seen(case, at))
            raise _Undo
    except _Undo:
        return found[0]


def _seen(case: Case, at: datetime) -> Rehearsal:
    issued = Paper.objects.filter(case=case, direction="out", added_at=at).order_by("-pk").first()
    return Rehearsal(case.state, case.due_on, case.due_limit, issued.sheet if issued else None)
