"""What an officer chooses from: offices for a seat, colleagues of an office, its standard texts."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.queries import CASE_ROLES
from qiaoqiao.casework.models import Case, Shield, StandardText
from qiaoqiao.catalogue.entry import Entry


def offices_for_seat(case: Case, entry: Entry, seat_id: str) -> list[Office]:
    """The offices that may take a seat, the nearest to the responsible office first; never one complained of."""
    shut = [f"/{office}/" for office in Shield.objects.filter(case=case).values_list("office_id", flat=True)]
    found = Office.objects.filter(kind__in=entry.seats[seat_id].kinds).exclude(pk=case.office_id)
    open_ = [one for one in found if not any(part in one.path for part in shut)]
    here = case.office.place_id
    return sorted(open_, key=lambda one: (-shared(one.place_id, here), len(one.place_id), one.kind, one.pk))


def offices_for_task(case: Case) -> list[Office]:
    """The offices that may be given a task at a case: those of its city, never one complained of."""
    shut = [f"/{office}/" for office in Shield.objects.filter(case=case).values_list("office_id", flat=True)]
    found = Office.objects.filter(place__code__startswith=case.office.place_id[:4]).exclude(pk=case.office_id)
    open_ = [one for one in found if not any(part in one.path for part in shut)]
    here = case.office.place_id
    return sorted(open_, key=lambda one: (-shared(one.place_id, here), len(one.place_id), one.kind, one.pk))


def shared(one: str, other: str) -> int:
    """How many leading digits two places' codes share: the more, the nearer."""
    same = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        same += 1
    return same


def colleagues(office_id: int, *, on: date) -> list[Account]:
    """Who may be given a case in an office: those who hold a post there that handles cases."""
    held = Q(posts__until__isnull=True) | Q(posts__until__gte=on)
    posts = Q(posts__office=office_id, posts__role__in=CASE_ROLES, posts__since__lte=on)
    return list(Account.objects.filter(held & posts, is_active=True).distinct().order_by("name"))


def texts_of(offices: Collection[int], *, service: str | None = None) -> list[StandardText]:
    """The wordings kept by these offices, those of one service and those for any."""
    found = StandardText.objects.filter(office__in=offices).order_by("title")
    return list(found if service is None else found.filter(service__in=["", service]))
