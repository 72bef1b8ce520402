"""Papers promised for later (容缺受理): which ones an office takes a promise for, and whether one was kept."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case, Paper
from qiaoqiao.casework.routing import NoOffice, office_for
from qiaoqiao.catalogue.entry import Entry, Material, Move, holds
from qiaoqiao.catalogue.rules import PROMISE_KEPT, PROMISED
from qiaoqiao.ledger.actions import Happening


@dataclass(frozen=True)
class Promisable:
    """A required paper that may come later, and within how many of its limit's units this office wants it."""

    material: Material
    amount: int
    unit: str


def waited_for(entry: Entry, office: Office) -> list[Promisable]:
    """The required papers that this office waits for at all; an office that set no days waits for none."""
    settings: Mapping[str, int] = office.settings.get(entry.id, {})
    units = {limit.setting: limit.unit for limit in entry.limits if PROMISED in limit.starts}
    return [
        Promisable(one, settings[one.promise.setting], units[one.promise.setting])
        for one in entry.materials
        if one.promise and one.required and one.promise.setting in settings and one.promise.setting in units
    ]


def promisable(
    entry: Entry, facts: Mapping[str, object], brought: Collection[str], office: Office
) -> list[Promisable]:
    """The papers asked for under these facts, still missing, that this office would wait for."""
    return [
        one
        for one in waited_for(entry, office)
        if one.material.id not in brought and holds(one.material.when, dict(facts))
    ]


def lead_office(entry: Entry, facts: Mapping[str, object]) -> Office | None:
    """The office that would be asked to wait; None where nothing may be promised, or nobody is responsible yet."""
    if not any(one.promise for one in entry.materials):
        return None
    place = Place.objects.filter(pk=str(facts.get(entry.seats["lead"].place, ""))).first()
    if place is None:
        return None
    try:
        return office_for(entry, "lead", place)
    except NoOffice:
        return None


def not_kept(entry: Entry) -> Move | None:
    """The move that the entry makes by itself when a promise is not kept in time."""
    lapses = (limit.lapse or "" for limit in entry.limits if PROMISED in limit.starts)
    names = (lapse.partition(":")[2] for lapse in lapses if lapse.startswith("move:"))
    return next((entry.move(name) for name in names), None)


def promise(case: Case, materials: Iterable[str], *, actor: Actor, at: datetime) -> list[Happening]:
    """What is recorded of a promise, from which its limit runs; nothing when nothing is promised."""
    promised = sorted(materials)
    if not promised:
        return []
    return [Happening(PROMISED, {"materials": promised}, actor.ledger_name, at, case.office.code)]


def kept(
    case: Case, come: Collection[str], happened: Collection[str], *, actor: Actor, at: datetime
) -> list[Happening]:
    """Say that the promise is kept, once, when the last promised paper is among those that have come.

    `come` are the materials of papers arriving now; earlier ones are read.
    """
    promised = set(case.facts.get("promised", []))
    if not promised or PROMISE_KEPT in happened:
        return []
    before = Paper.objects.filter(case=case, direction="in", kind__in=promised).values_list("kind", flat=True)
    if promised - set(come) - set(before):
        return []
    return [Happening(PROMISE_KEPT, {"materials": sorted(promised)}, actor.ledger_name, at, case.office.code)]
