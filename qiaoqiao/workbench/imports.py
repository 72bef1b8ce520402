"""One import: which column is which, what would become of each row, bringing it in, taking it back."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor, acting
from qiaoqiao.parties.actions.importing import (
    BatchClosed,
    MappingWrong,
    NotYours,
    Progress,
    bring,
    look_again,
)
from qiaoqiao.parties.actions.undoing import take_back
from qiaoqiao.parties.importing import held, rolls, wording
from qiaoqiao.parties.importing.mapping import COLUMNS, faults
from qiaoqiao.parties.models import Batch
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.importreport import LEVELS, SHAPES_MADE, lines_of, page_of, shown_rows
from qiaoqiao.workbench.sources import batch_told, told

PATIENCE_SECONDS = 20
"""How long one press works before the page shows how far it has got."""
PREVIEWED = 5


def batch_of(request: HttpRequest, source: str, batch_id: UUID) -> Batch:
    """An import this officer may see; a stranger gets 404, and so does a wrong address."""
    try:
        batch = rolls.batch_seen(batch_id, actor_of(request), on=timezone.localdate())
    except Batch.DoesNotExist:
        raise Http404 from None
    if batch.source.code != source:
        raise Http404
    return batch


def frame_of(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """What every page of an import shows."""
    today = timezone.localdate()
    return {
        "batch": batch,
        "source": batch.source,
        **told(batch.source, language_of(request)),
        **batch_told(batch),
        "decides": rolls.may_decide(batch.source, actor_of(request), on=today),
        "delivers": rolls.may_deliver(batch.source, actor_of(request), on=today),
    }


@needs(Permission.PEOPLE)
@require_GET
def import_page(request: HttpRequest, source: str, batch_id: UUID) -> HttpResponse:
    """The report: what would become, or became, of the rows; and the one next step."""
    batch = batch_of(request, source, batch_id)
    shown = request.GET.get("show", "")
    after = request.GET.get("after", "0")
    if shown not in LEVELS or not after.isdecimal() or len(after) > 7:
        raise Http404
    frame = frame_of(request, batch)
    lines, following = page_of(batch, shown, int(after))
    here = {"show": shown} if shown else {}
    return show(
        request,
        "workbench/sources/batch.html",
        **frame,
        heads=heads(batch),
        filters=[(key, words, key == shown) for key, words in LEVELS.items()],
        lines=lines,
        next=f"?{urlencode(here | {'after': following})}" if following else None,
        preview=previewed(batch, language_of(request))
        if frame["delivers"] and not shown and after == "0"
        else [],
        kept=[one | {"words": wording.kept_words(str(one["why"]))} for one in batch.counts.get("kept", [])],
        unmapped=bool(faults(batch.mapping)),
        undecided=batch.state == "looked" and not batch.counts.get("decided"),
        upto=done_rows(batch),
    )


def heads(batch: Batch) -> list[tuple[int, str, str]]:
    """The big numbers: how many, of what, and which rows they open."""
    counts = batch.counts
    wanted = {
        "new": (_("新建档案"), ""),
        "joined": (_("并到已有档案"), "note"),
        "same": (_("已有、不再导入"), ""),
        "errors": (_("有错误、不导入"), "error"),
        "warnings": (_("有提醒、照样导入"), "warning"),
    }
    return [(counts.get(name, 0), words, shown) for name, (words, shown) in wanted.items()]


def done_rows(batch: Batch) -> int:
    """How many rows are done of an import, or of taking it back."""
    if batch.state == "undoing":
        return int(batch.counts.get("undo_done", 0))
    return sum(int(batch.counts.get(name, 0)) for name in ("new", "joined", "same", "errors"))


def previewed(batch: Batch, language: str) -> list[dict[str, object]]:
    """The first rows as they would be kept, while the roll is held."""
    if batch.state != "looked":
        return []
    try:
        return shown_rows(held.first_rows(batch, PREVIEWED, at=timezone.now()), language)
    except held.NotHeld:
        return []


@needs(Permission.LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, source: str, batch_id: UUID) -> HttpResponse:
    """Their columns beside ours; kept with the source for the next file."""
    batch = batch_of(request, source, batch_id)
    try:
        theirs = held.columns_of(batch)
        if request.method != "POST":
            return columns_page(request, batch, theirs, {one.name: one.ours for one in theirs}, {})
        chosen = {one.name: request.POST.get(f"c{place}", "")[:40] for place, one in enumerate(theirs)}
        try:
            look_again(
                batch.pk,
                mapping=chosen,
                dates=request.POST.get("dates", "")[:3],
                actor=actor_of(request),
                at=timezone.now(),
            )
        except MappingWrong as why:
            return columns_page(request, batch, theirs, chosen, why.faults)
    except (BatchClosed, NotYours, held.NotHeld) as refused:
        return said_no(request, batch, refused)
    return redirect("staff_import", source, batch_id)


def columns_page(
    request: HttpRequest,
    batch: Batch,
    theirs: list[held.Column],
    chosen: dict[str, str],
    wrong: dict[str, str],
) -> HttpResponse:
    dates = request.POST.get("dates", batch.dates)
    rows = [
        {
            "id": f"c{place}",
            "name": one.name,
            "samples": one.samples,
            "ours": chosen[one.name],
            "fault": str(wording.MAPPING_FAULTS[wrong[one.name]]) if one.name in wrong else "",
        }
        for place, one in enumerate(theirs)
    ]
    whole = str(wording.MAPPING_FAULTS[wrong[""]]) if "" in wrong else ""
    errors = [(f"#{row['id']}", f"{row['name']}{_('：')}{row['fault']}") for row in rows if row["fault"]]
    return show(
        request,
        "workbench/sources/columns.html",
        **frame_of(request, batch),
        rows=rows,
        options=[(ours, wording.COLUMNS[ours]) for ours in COLUMNS],
        orders=[(key, words, key == dates) for key, words in wording.ORDERS.items()],
        errors=[*([("#c0", whole)] if whole else []), *errors],
        status=422 if wrong else 200,
    )


@needs(Permission.LINK)
@require_POST
def again(request: HttpRequest, source: str, batch_id: UUID) -> HttpResponse:
    """Look through a roll once more: another office sent it, or the files have changed since."""
    batch = batch_of(request, source, batch_id)
    try:
        look_again(batch.pk, actor=actor_of(request), at=timezone.now())
    except (BatchClosed, NotYours, held.NotHeld) as refused:
        return said_no(request, batch, refused)
    return redirect("staff_import", source, batch_id)


@needs(Permission.LINK)
@require_POST
def bring_in(request: HttpRequest, source: str, batch_id: UUID) -> HttpResponse:
    """Bring the roll in, or go on where it stopped."""
    batch, actor = batch_of(request, source, batch_id), actor_of(request)
    try:
        over = worked(bring(batch.pk, actor=actor, at=timezone.now()), actor)
    except (BatchClosed, NotYours, MappingWrong, held.NotHeld) as refused:
        return said_no(request, batch, refused)
    if over:
        messages.success(request, _("导入完成。"))
    return redirect("staff_import", source, batch_id)


@needs(Permission.LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, source: str, batch_id: UUID) -> HttpResponse:
    """Say what taking back means; confirmed, do it, or go on where it stopped."""
    batch, actor = batch_of(request, source, batch_id), actor_of(request)
    if request.method != "POST":
        if batch.state not in {"done", "doing", "undoing"}:
            return redirect("staff_import", source, batch_id)
        return show(request, "workbench/sources/undo.html", **frame_of(request, batch))
    try:
        over = worked(taking(batch.pk, actor), actor)
    except (BatchClosed, NotYours) as refused:
        return said_no(request, batch, refused)
    if over:
        messages.success(request, _("已撤回这次导入。"))
    return redirect("staff_import", source, batch_id)


def taking(batch_id: UUID, actor: Actor) -> Iterator[Progress]:
    """Take an import back, piece by piece."""
    progress = Progress(0, 1)
    while progress.done < progress.of:
        progress = take_back(batch_id, actor=actor, at=timezone.now())
        yield progress


def worked(steps: Iterator[Progress], actor: Actor) -> bool:
    """Do steps while somebody may be asked to wait, each under a ticket of its own; True when none is left."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE_SECONDS:
        with acting(actor, epoch=int(timezone.now().timestamp())):
            if next(steps, None) is None:
                return True
    return False


def said_no(request: HttpRequest, batch: Batch, refused: Exception) -> HttpResponse:
    """Say why something cannot be done, on the import's page."""
    why = {
        NotYours: _("只有保管档案的单位的经办人和负责人可以导入或撤回。"),
        held.NotHeld: _("文件已经不在了：上传的名册只保存七天。请重新上传。"),
        MappingWrong: _("还没有哪一栏对应姓名，请先对应栏目。"),
    }.get(type(refused), _("这次导入的状态已经变了，请看现在的状态。"))
    messages.error(request, why)
    return redirect("staff_import", batch.source.code, batch.pk)


@needs(Permission.PEOPLE)
@require_GET
def report(request: HttpRequest, source: str, batch_id: UUID, shape: str) -> HttpResponse:
    """The report as a file, with the same words."""
    batch = batch_of(request, source, batch_id)
    if shape not in SHAPES_MADE:
        raise Http404
    content, mime = SHAPES_MADE[shape](lines_of(batch))
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="report-{batch.source.code}.{shape}"'
    return answer
