"""Naming a source: whose roll it is, who keeps the files made of it, and on what legal ground it is shared."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.parties.actions.importing import NotYours
from qiaoqiao.parties.importing import rolls
from qiaoqiao.parties.models import Source

LONGEST_CODE = 40


@dataclass(frozen=True)
class Roll:
    """A source as somebody describes it; `kind` is one of `wording.SOURCE_KINDS`, rank 1 is believed first."""

    name: str
    kind: str
    keeper: Office
    giver: Office
    basis: str
    rank: int = 5


@transaction.atomic
def add_source(roll: Roll, *, actor: Actor, at: datetime) -> Source:
    """Name a source whose files the actor's office keeps. Raises NotYours."""
    decided = {one.pk for one in rolls.offices_decided(actor, on=at.astimezone(SHANGHAI).date())}
    if roll.keeper.pk not in decided:
        raise NotYours
    Office.objects.select_for_update().get(pk=roll.giver.pk)  # so that two get two codes
    return Source.objects.create(
        code=free_code(f"{roll.giver.code}-{roll.kind}".replace("_", "-")),
        office=roll.giver,
        keeper=roll.keeper,
        names={"zh-Hans": roll.name},
        kind=roll.kind,
        basis=roll.basis,
        rank=roll.rank,
    )


def free_code(wanted: str) -> str:
    """The code wanted, or the same with the first number that nobody has."""
    wanted = wanted[: LONGEST_CODE - 4]
    taken = set(Source.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(
        code for n in range(1, 10_000) if (code := wanted if n == 1 else f"{wanted}-{n}") not in taken
    )
