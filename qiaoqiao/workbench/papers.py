"""The papers of a case: reading one, saying whether it fits, recording that a notice was handed over."""

from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.papers import VerdictUnknown, judge, serve
from qiaoqiao.casework.models import Paper
from qiaoqiao.casework.printing import print_paper
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.gateways import storage
from qiaoqiao.workbench.desk import actor_of, read_case, typed

SHOWN_IN_THE_BROWSER = frozenset({"application/pdf", "image/jpeg", "image/png"})
LONGEST_PROOF, LONGEST_REMARK = 200, 400
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@needs(Permission.CASE_READ)
@require_GET
def read_paper(request: HttpRequest, reference: str, paper_id: UUID) -> HttpResponse:
    """Stream a paper of this case; a notice that the worker has not printed yet is printed now."""
    file = read_case(request, reference)
    return stream(paper_of(file, paper_id), attached="download" in request.GET)


def paper_of(file: CaseFile, paper_id: UUID, *, direction: str = "") -> Paper:
    """A paper of this case; 404 for another's."""
    found = next((one for one in file.papers if one.pk == paper_id), None)
    if found is None or (direction and found.direction != direction):
        raise Http404
    return found


def stream(paper: Paper, *, attached: bool) -> HttpResponse:
    """Send the file so that nothing in it can act: known kinds are shown, others are saved."""
    name = paper.file_name or f"{paper.title}{paper.number and ' ' + paper.number}.pdf"
    mime = paper.mime or "application/pdf"
    shown = mime in SHOWN_IN_THE_BROWSER and not attached
    response = FileResponse(_content(paper), as_attachment=not shown, filename=name, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]


def _content(paper: Paper) -> BinaryIO:
    if paper.file:
        try:
            return storage.open_kept(paper.file)
        except storage.NotKept:
            raise Http404 from None
    if paper.direction == "out":
        full = Paper.objects.select_related("case").get(pk=paper.pk)
        full.added_at = full.added_at.replace(microsecond=0)  # a PDF's dates know whole seconds only
        return BytesIO(print_paper(full))
    raise Http404


@needs(Permission.CASE_ACT)
@require_POST
def judge_paper(request: HttpRequest, reference: str, paper_id: UUID) -> HttpResponse:
    """Say whether a paper fits; what is wanting needs a remark, for the person reads it."""
    file = read_case(request, reference)
    paper = paper_of(file, paper_id, direction="in")
    if not file.mine():
        raise Http404
    verdict, remark = request.POST.get("verdict", ""), typed(request, "remark", LONGEST_REMARK).strip()
    if verdict == "wanting" and not remark:
        messages.error(request, _("请写明这份材料差什么，当事人要据此补。"))
        return redirect("staff_case", file.case.reference)
    try:
        judge(
            file.case.pk, paper.pk, verdict=verdict, remark=remark, actor=actor_of(request), at=timezone.now()
        )
    except VerdictUnknown:
        messages.error(request, _("请选择“符合要求”或“不符合要求”。"))
    return redirect("staff_case", file.case.reference)


@needs(Permission.CASE_ACT)
@require_POST
def serve_paper(request: HttpRequest, reference: str, paper_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Record that a notice was handed over at the counter or came by post, and what proves it."""
    file = read_case(request, reference)
    paper = paper_of(file, paper_id, direction="out")
    way = next((one for one in file.deliveries.get(paper.pk, ()) if one.pk == delivery_id), None)
    if way is None or not file.mine() or way.channel not in {"counter", "post"}:
        raise Http404
    proof = typed(request, "proof", LONGEST_PROOF).strip()
    if not proof:
        messages.error(request, _("请写送达凭证，例如签收人姓名或邮件号。"))
    elif serve(way.pk, proof=proof, actor=actor_of(request), at=timezone.now()) is not None:
        messages.success(request, _("已登记送达。"))
    return redirect("staff_case", file.case.reference)
