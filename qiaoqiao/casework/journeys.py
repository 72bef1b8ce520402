"""The cases of a person who has a file, as far as a reader may see them."""

from datetime import date
from uuid import UUID

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_cases


def cases_of(file_id: UUID, actor: Actor, *, on: date) -> list[Case]:
    """The cases whose applicant is the person of a file, newest first."""
    rows = visible_cases(actor, on=on).filter(person__file=file_id).select_related("office")
    return list(rows.defer("words", "facts").order_by("-filed_at", "-id"))


def is_last_of_office(case: Case) -> bool:
    """Whether the office that answers for a case has no other case of the same person's file."""
    file = case.person.file_id
    others = Case.objects.filter(person__file=file, office=case.office_id).exclude(pk=case.pk)
    return not others.exclude(person=case.person_id).exists()
