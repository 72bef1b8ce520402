"""Reading journeys: one's own, and what a case belongs to."""

from collections.abc import Iterable
from uuid import UUID

from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.life_events.models import Journey, JourneyLeg


def visible_journey(reference: str, actor: Actor) -> Journey:
    """The journey of a reference, to the system and to whoever reached it or one of its cases.

    Raises Journey.DoesNotExist. Officers read it through a case of theirs (`leg_of`).
    """
    held = Journey.objects.filter(reference=reference)
    if actor.kind != "system":
        held = held.filter(pk__in=actor.cases) | held.filter(legs__case__in=actor.cases)
    return held.distinct().get()


def legs_of(journey: Journey) -> list[JourneyLeg]:
    """All legs the asker may see, in order, with their cases and offices."""
    return list(journey.legs.select_related("case__office").order_by("number"))


def leg_of(case_id: UUID) -> JourneyLeg | None:
    """The leg that a case is, with its journey; None for a case that stands alone."""
    return JourneyLeg.objects.select_related("journey").filter(case=case_id).first()


def around(case_id: UUID) -> list[JourneyLeg]:
    """The legs of a case's journey that the asker may see, the case's own among them; empty if it stands alone."""
    legs = JourneyLeg.objects.filter(journey__legs__case=case_id).select_related("journey", "case__office")
    return list(legs.order_by("number"))


def together_with(case_id: UUID) -> list[UUID]:
    """The journey of a case and all cases of it, for whoever has proved one of them; empty if it stands alone."""
    leg = leg_of(case_id)
    if leg is None:
        return []
    cases: Iterable[UUID | None] = JourneyLeg.objects.filter(journey=leg.journey_id).values_list(
        "case", flat=True
    )
    return [leg.journey_id, *(one for one in cases if one is not None)]
