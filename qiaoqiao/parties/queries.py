"""Reading files of people: which of them an actor may see."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.tickets import Actor
from qiaoqiao.parties.models import File, FileReach

OPEN_FILES = ("active", "frozen")


def visible_files(actor: Actor, *, on: date) -> QuerySet[File]:
    """The files an actor may see: the first wall. PostgreSQL holds the second by itself."""
    if actor.kind == "system":
        return File.objects.all()
    if actor.account_id is None:
        return File.objects.filter(pk__in=actor.cases)
    offices = offices_read_by(actor.account_id, on=on)
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    reach = FileReach.objects.filter(lasting, file=OuterRef("pk"), office__in=offices)
    return File.objects.filter(Q(office__in=offices) | Exists(reach) | Q(pk__in=actor.cases))


def visible_file(number: str, actor: Actor, *, on: date) -> File:
    """Return the file with a number, merged ones too. Raises File.DoesNotExist for one the actor may not see."""
    seen = visible_files(actor, on=on).select_related("office", "place", "household", "merged_into")
    return seen.get(number=number)
