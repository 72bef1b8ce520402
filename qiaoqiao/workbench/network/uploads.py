"""Bringing a workbook in: send it, read what is wrong in which cell, put the good rows in force."""

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from openpyxl import Workbook

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.community.network import queries
from qiaoqiao.community.network.actions.uploads import Overtaken, bring, look
from qiaoqiao.community.network.models import Upload
from qiaoqiao.community.network.rules import Loop
from qiaoqiao.community.network.sheet import as_text, heading
from qiaoqiao.community.network.wording import ACCEPTED, COLUMNS, DONE_ABOUT, FATES, FAULTS, refusal_words
from qiaoqiao.parties.importing.reading import RollRefused
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.network.listing import attached

SHOWN, NEWEST = 100, 20


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """The files sent in so far and the form for the next; sent, it is looked through."""
    actor, at = actor_of(request), timezone.now()
    keepers = queries.offices_of(actor, on=timezone.localdate(at))
    if request.method != "POST":
        return send_page(request, keepers)
    book, chosen = request.FILES.get("book"), request.POST.get("keeper", "")
    keeper = next((one for one in keepers if str(one.pk) == chosen or len(keepers) == 1), None)
    if keeper is None:
        return send_page(request, keepers, keeper_trouble=_("请选择由哪个单位保管。"))
    if book is None:
        return send_page(request, keepers, trouble=_("请先选择一个文件。"))
    content, name = book.read(settings.MAX_UPLOAD_BYTES + 1), book.name or ""

    def perform() -> Answer:
        return {"upload": str(look(keeper, name, content, actor=actor, at=at).pk)}

    try:
        answer = once(asked_once(request, "network"), perform, at=at)
    except RollRefused as why:
        return send_page(request, keepers, trouble=refusal_words(why))
    except KeyReused:
        return send_page(request, keepers, trouble=_("这一页已经上传过一个文件。请再选一次文件。"))
    return redirect("staff_network_upload", answer["upload"])


def send_page(
    request: HttpRequest, keepers: list[Office], *, trouble: str = "", keeper_trouble: str = ""
) -> HttpResponse:
    language, today = language_of(request), timezone.localdate()
    sent = queries.visible_uploads(actor_of(request), on=today).select_related("made_by", "keeper")
    errors = [("#book", trouble)] if trouble else [("#keeper", keeper_trouble)] if keeper_trouble else []
    return show(
        request,
        "workbench/network/import.html",
        uploads=[
            {"row": one, "keeper": name_of(one.keeper.names, language)}
            for one in sent.defer("rows", "report").order_by("-made_at")[:NEWEST]
        ],
        keepers=[(str(one.pk), name_of(one.names, language)) for one in keepers],
        chosen=request.POST.get("keeper", ""),
        trouble=trouble,
        keeper_trouble=keeper_trouble,
        errors=errors,
        token=new_token(),
        most_mb=settings.MAX_UPLOAD_BYTES // 1024 // 1024,
        status=422 if errors else 200,
    )


def upload_of(request: HttpRequest, upload_id: UUID) -> Upload:
    """A file sent in for one of my offices; a stranger gets 404."""
    seen = queries.visible_uploads(actor_of(request), on=timezone.localdate())
    row = seen.select_related("keeper", "made_by").filter(pk=upload_id).first()
    if row is None:
        raise Http404
    return row


@needs(Permission.ORGANISE)
@require_GET
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What a file would do, or did; what is wrong, by row and cell."""
    return upload_shown(request, upload_of(request, upload_id))


def upload_shown(request: HttpRequest, row: Upload, status: int = 200) -> HttpResponse:
    start = request.GET.get("from", "0")
    at = int(start) if start.isdecimal() and len(start) < 7 else 0
    counts = {fate: row.counts.get(fate, 0) for fate in FATES}
    return show(
        request,
        "workbench/network/upload.html",
        row=row,
        keeper=name_of(row.keeper.names, language_of(request)),
        counts=[(FATES[fate], number, fate) for fate, number in counts.items()],
        good=counts["new"] + counts["changed"] + counts["closed"],
        faults=[fault_line(one) for one in row.report[at : at + SHOWN]],
        number=len(row.report),
        next=f"?from={at + SHOWN}#rows" if len(row.report) > at + SHOWN else None,
        previous=f"?from={max(at - SHOWN, 0)}#rows" if at else None,
        status=status,
    )


def fault_line(said: dict[str, Any]) -> dict[str, str]:
    """A fault in words: which row and column, what is wrong, what is accepted."""
    column, fault = str(said["column"]), str(said["fault"])
    return {
        "row": str(said["row"]),
        "column": str(COLUMNS[column]),
        "what": str(FAULTS[fault]),
        "todo": str(DONE_ABOUT.get(fault) or ACCEPTED.get(column, "")),
        "value": str(said["value"]),
    }


@needs(Permission.ORGANISE)
@require_POST
def bring_in(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Put the good rows in force."""
    row, at = upload_of(request, upload_id), timezone.now()
    try:
        counts = bring(row.pk, actor=actor_of(request), at=at)
    except (Overtaken, Loop):
        messages.error(
            request, _("试看以后，登记的内容又变了，或者这个文件已经导入过。请重新上传，再看一次。")
        )
        return redirect("staff_network_upload", upload_id)
    said = {"new": counts.new, "changed": counts.changed, "closed": counts.closed}
    messages.success(
        request, _("导入完成：新登记 %(new)d 个，更改 %(changed)d 个，撤销 %(closed)d 个。") % said
    )
    return redirect("staff_network_upload", upload_id)


@needs(Permission.ORGANISE)
@require_GET
def report(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The report as a workbook, in the same words."""
    row = upload_of(request, upload_id)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("逐行报告"))
    for column, width in zip("ABCDE", (8, 16, 30, 60, 40), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.append(
        [heading(sheet, text) for text in (_("行"), _("栏目"), _("怎么回事"), _("怎么写"), _("原来写的"))]
    )
    for one in map(fault_line, row.report):
        cells = (one["row"], one["column"], one["what"], one["todo"], one["value"])
        sheet.append([as_text(sheet, text) for text in cells])
    out = BytesIO()
    book.save(out)
    return attached(out.getvalue(), f"report-{moment_of(row):%Y%m%d-%H%M}.xlsx")


def moment_of(row: Upload) -> datetime:
    return timezone.localtime(row.made_at)
