"""Reading the network: who sees and who keeps which organisations, lists, trees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.network.models import Organisation, OrganisationPost, Upload
from qiaoqiao.ledger.queries import Recorded, journal
from qiaoqiao.lib.paging import Page, cut

PAGE_ROWS = 50
MOST_BELOW = 200
EXPORTED = 20_000


def offices_of(actor: Actor, *, on: date) -> list[Office]:
    """The offices for which the actor may keep organisations: its own, and those below for a head."""
    offices = Office.objects.order_by("path")
    if actor.kind != "system":
        offices = offices.filter(pk__in=offices_read_by(actor.account_id or 0, on=on))
    return list(offices)


def kept_by(actor: Actor, *, on: date) -> QuerySet[Organisation]:
    """The organisations the actor may change."""
    if actor.kind == "system":
        return Organisation.objects.all()
    return Organisation.objects.filter(keeper__in=offices_read_by(actor.account_id or 0, on=on))


def roots_of(offices: Iterable[Office]) -> list[str]:
    """The codes of the places of these offices that lie in no other of them."""
    codes = {office.place_id for office in offices}
    return sorted(code for code in codes if not any(code != one and code.startswith(one) for one in codes))


def visible_organisations(offices: Sequence[Office]) -> QuerySet[Organisation]:
    """What the officers of these offices see on their pages: what they keep, and all that lies in their places."""
    seen = Q(keeper__in=[office.pk for office in offices])
    for root in roots_of(offices):
        seen |= Q(place__code__startswith=root)
    return Organisation.objects.filter(seen)


def visible_organisation(code: str, actor: Actor, *, on: date) -> Organisation:
    """Return one by its code. Raises Organisation.DoesNotExist for one the actor may not see."""
    seen = visible_organisations(offices_of(actor, on=on))
    return seen.select_related("place", "parent", "keeper", "office").get(code=code)


def visible_uploads(actor: Actor, *, on: date) -> QuerySet[Upload]:
    """The files that were sent in for the actor's offices."""
    if actor.kind == "system":
        return Upload.objects.all()
    return Upload.objects.filter(keeper__in=offices_read_by(actor.account_id or 0, on=on))


@dataclass(frozen=True)
class Filters:
    """Which organisations; what is empty does not matter. `place` takes in all below it unless `only`."""

    kind: str = ""
    place: str = ""
    only: bool = False
    country: str = ""
    closed: bool = False
    text: str = ""
    kept: bool = False


def wanted(filters: Filters) -> Q:
    """The filters as a condition."""
    condition = Q(closed_on__isnull=not filters.closed)
    if filters.kind:
        condition &= Q(kind=filters.kind)
    if filters.place:
        condition &= Q(place_id=filters.place) if filters.only else Q(place__code__startswith=filters.place)
    if filters.country:
        condition &= Q(country=filters.country)
    for word in filters.text.split():
        condition &= _says(word)
    return condition


def _says(word: str) -> Q:
    each = (
        "code",
        "address",
        "phone",
        "names__zh-Hans",
        "names__zh-Hant",
        "names__en",
        "names__es",
        "names__pt",
    )
    return reduce(or_, (Q(**{f"{name}__icontains": word}) for name in each))


def listed(
    filters: Filters, offices: Sequence[Office], *, before: str | None = None, after: str | None = None
) -> Page[Organisation, str]:
    """A page of what these offices see, by code; its marks are codes."""
    rows = visible_organisations(offices).filter(wanted(filters))
    if filters.kept:
        rows = rows.filter(keeper__in=[office.pk for office in offices])
    return cut(
        rows.select_related("place", "keeper"),
        ("code",),
        PAGE_ROWS,
        lambda row: row.code,
        before=(before,) if before else None,
        after=(after,) if after else None,
    )


def exported(filters: Filters, actor: Actor, *, on: date) -> list[Organisation]:
    """What a workbook of the actor's own organisations holds, those above before those below."""
    rows = kept_by(actor, on=on).filter(wanted(filters)).select_related("parent", "place")
    return list(rows.order_by("path")[:EXPORTED])


@dataclass(frozen=True)
class Node:
    """One organisation in a tree: how many lie directly below it, and those if it is unfolded."""

    organisation: Organisation
    number: int
    below: "tuple[Node, ...]" = ()


def tree(top: Organisation | None, unfolded: Sequence[str], offices: Sequence[Office]) -> tuple[Node, ...]:
    """What lies below one (or above all), with the levels that were asked for; one query however deep."""
    seen = visible_organisations(offices).filter(closed_on__isnull=True)
    alone = ~Exists(seen.filter(pk=OuterRef("parent")))
    shown = Q(parent=top) if top else Q(alone)
    if unfolded:
        shown |= Q(parent__code__in=unfolded)
    number = Count("below", filter=Q(below__closed_on__isnull=True))
    found = seen.filter(shown).annotate(number=number, alone=alone).select_related("place")
    rows = list(found.order_by("path")[: MOST_BELOW * 3])
    begin = [row for row in rows if (row.parent_id == top.pk if top else getattr(row, "alone", False))]
    return _nodes(begin, rows)


def _nodes(mine: Sequence[Organisation], rows: Sequence[Organisation]) -> tuple[Node, ...]:
    return tuple(
        Node(one, getattr(one, "number", 0), _nodes([row for row in rows if row.parent_id == one.pk], rows))
        for one in mine[:MOST_BELOW]
    )


def line_above(organisation: Organisation) -> list[Organisation]:
    """Those it lies below, from the top down."""
    codes = organisation.path.strip("/").split("/")[:-1]
    found = {one.code: one for one in Organisation.objects.filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def posts_of(
    organisation: Organisation, *, on: date
) -> tuple[list[OrganisationPost], list[OrganisationPost]]:
    """The posts held on a day, and those that ended."""
    every = list(organisation.posts.order_by("-since", "title"))
    held = [post for post in every if post.until is None or post.until >= on]
    return held, [post for post in every if post not in held]


def history(organisation: Organisation) -> tuple[list[Recorded], dict[str, str]]:
    """Its entries, newest first, and the names of the officers in them."""
    entries = journal(organisation.pk)[::-1]
    ids = {int(one.actor.partition(":")[2]) for one in entries if one.actor.startswith("staff:")}
    names = {f"staff:{one.pk}": one.name for one in Account.objects.filter(pk__in=ids)}
    return entries, names
