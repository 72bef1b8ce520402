"""A case and the file of its applicant: an officer says that they are one person, and how it was checked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.journeys import is_last_of_office
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.linking_cases import (
    CHECKED_BY,
    LinkRefused,
    link_applicant,
    unlink_applicant,
)
from qiaoqiao.parties.listing import alike
from qiaoqiao.parties.models import File
from qiaoqiao.parties.queries import visible_files
from qiaoqiao.parties.sentences import CHECKED_BY as CHECKED_WORDS
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, page, read_case, typed
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.people import LONGEST, PREFIX, line_of
from qiaoqiao.workbench.personfacts import closed_words

LONGEST_REASON = 400


def file_number(held: CaseFile) -> str:
    """The number of the applicant's file; empty when there is none, or none that this reader may see."""
    wanted = held.case.person.file_id
    return File.objects.filter(pk=wanted).values_list("number", flat=True).first() or "" if wanted else ""


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Pick the applicant's file among those found, and say how it was checked that they are one person."""
    held = read_case(request, reference)
    if request.method != "POST":
        return link_page(request, held)
    how, chosen = request.POST.get("how", ""), picked(request)
    faults: dict[str, str] = {}
    if chosen is None:
        faults["file"] = _("请选一份档案。")
    if how not in CHECKED_BY:
        faults["how"] = _("请选择怎样核对了本人。")
    if chosen is not None and not faults:
        try:
            link_applicant(
                held.case.person_id, chosen.pk, case=held.case.reference, how=how, office=held.case.office,
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except LinkRefused:
            faults["file"] = _("这位当事人已经对着另一份档案。")
        except FileClosed as closed:
            faults["file"] = closed_words(closed)
        else:
            messages.success(request, _("已对上档案 %(number)s。") % {"number": chosen.number})
            return redirect("staff_case", held.case.reference)
    return link_page(request, held, faults)


def picked(request: HttpRequest) -> File | None:
    """The file picked among those this officer may see."""
    try:
        wanted = UUID(request.POST.get("file", ""))
    except ValueError:
        return None
    return visible_files(actor_of(request), on=timezone.localdate()).filter(pk=wanted).first()


def link_page(request: HttpRequest, held: CaseFile, faults: dict[str, str] | None = None) -> HttpResponse:
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    person = held.case.person
    asked = " ".join((typed(request, "q", LONGEST) or request.GET.get("q", "")[:LONGEST]).split())
    number = tidy_reference(asked, prefix=PREFIX)
    names = [asked] if asked else [person.name, person.latin_name]
    found = alike(names=names, number=asked, actor=actor, on=today)
    if number:
        exact = visible_files(actor, on=today).filter(number=number, state="active")
        found = [(file, False) for file in exact.select_related("office", "place")]
    how = request.POST.get("how", "")
    context: dict[str, Any] = page(
        held,
        asked=asked,
        found=[
            (str(file.pk), line_of(file, language=language, today=today), file.born, same)
            for file, same in found
        ],
        chosen=request.POST.get("file", ""),
        hows=[(one, CHECKED_WORDS[one](), one == how) for one in CHECKED_BY],
        faults=faults or {},
        errors=[(f"#{name}-0", said) for name, said in (faults or {}).items()],
    )
    return show(request, "workbench/people/link.html", status=422 if faults else 200, **context)


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back a link that was wrong, with a reason."""
    held = read_case(request, reference)
    if held.case.person.file_id is None:
        return redirect("staff_case_person", held.case.reference)
    reason, fault = typed(request, "reason", LONGEST_REASON).strip(), ""
    if request.method == "POST" and reason:
        unlink_applicant(
            held.case.person_id,
            case=held.case.reference,
            reason=reason,
            office=held.case.office,
            last=is_last_of_office(held.case),
            actor=actor_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("已取消对应。档案和案件都还在。"))
        return redirect("staff_case", held.case.reference)
    if request.method == "POST":
        fault = _("请写明为什么不是同一个人。")
    context = page(held, reason=reason, fault=fault, errors=[("#reason", fault)] if fault else [])
    return show(request, "workbench/people/unlink.html", status=422 if fault else 200, **context)
