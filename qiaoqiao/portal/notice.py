"""Reading a notice, in one's own language with the Chinese beside it; opening it serves it. Papers to download."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.papers import serve
from qiaoqiao.casework.models import Paper
from qiaoqiao.casework.notices import CHINESE
from qiaoqiao.casework.printing import print_paper
from qiaoqiao.gateways import storage
from qiaoqiao.portal.ownership import Mine, own_case
from qiaoqiao.ui.language import HTML_LANG

OPENED = "本人在网页打开"
"""The proof of service, kept with the delivery in Chinese."""


@dataclass(frozen=True)
class Block:
    """A block of a notice: its heading, the heads of its columns when it is a table, its rows."""

    title: str
    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Version:
    """A notice in one language."""

    lang: str
    official: bool
    said: Mapping[str, Any]
    blocks: list[Block]


@needs(Permission.OWN_CASE)
@own_case
@require_safe
def read(request: HttpRequest, mine: Mine, paper_id: UUID) -> HttpResponse:
    """Show a notice; that it was opened here is recorded the first time."""
    paper = _notice(mine, paper_id)
    _serve(request, mine, paper)
    versions = (paper.sheet or {})["versions"]
    wanted = mine.language if mine.language in versions else mine.case.language
    order = list(dict.fromkeys(one for one in (wanted, CHINESE) if one in versions))
    context = mine.frame() | {
        "paper": paper,
        "title": mine.file.title(paper, mine.language),
        "versions": [_version(one, versions[one]) for one in order],
    }
    return render(request, "portal/track/notice.html", context)


@needs(Permission.OWN_CASE)
@own_case
@require_safe
def pdf(request: HttpRequest, mine: Mine, paper_id: UUID) -> HttpResponse:
    """The notice as the office issued it."""
    paper = _notice(mine, paper_id)
    _serve(request, mine, paper)
    content = _kept(paper.file) if paper.file else print_paper(paper)
    return _download(content, "application/pdf", f"{mine.case.reference}-{paper.kind}.pdf")


@needs(Permission.OWN_CASE)
@own_case
@require_safe
def brought(request: HttpRequest, mine: Mine, paper_id: UUID) -> HttpResponse:
    """One's own paper, as it was kept."""
    paper = next((one for one in mine.file.papers if one.pk == paper_id), None)
    if paper is None or paper.direction != "in" or not paper.seen_by_person:
        raise Http404
    return _download(_kept(paper.file), paper.mime, paper.file_name)


def _kept(key: str) -> bytes:
    try:
        with storage.open_kept(key) as kept:
            return kept.read()
    except storage.NotKept:
        raise Http404 from None


def _download(content: bytes, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _notice(mine: Mine, paper_id: UUID) -> Paper:
    """A notice of this case that is the person's to read, with its wording."""
    try:
        return Paper.objects.select_related("office").get(
            pk=paper_id, case=mine.case, direction="out", seen_by_person=True
        )
    except Paper.DoesNotExist:
        raise Http404 from None


def _serve(request: HttpRequest, mine: Mine, paper: Paper) -> None:
    """Record that the notice was opened here; again changes nothing, and asking for the head alone is not reading."""
    waiting = [
        one
        for one in mine.file.deliveries.get(paper.pk, [])
        if one.channel == "page" and one.state != "served"
    ]
    if request.method == "GET" and waiting:
        serve(waiting[0].pk, proof=OPENED, actor=mine.actor, at=mine.at)


def _version(language: str, said: Mapping[str, Any]) -> Version:
    with translation.override(language):
        blocks = [_block(one) for one in said["blocks"] if one["kind"] != "tracking"]
    return Version(HTML_LANG[language], language == CHINESE, said, blocks)


def _block(block: Mapping[str, Any]) -> Block:
    title, heads = {
        "missing": (_("需要补充的材料"), [_("缺少的材料"), _("形式要求")]),
        "reasons": (_("理由和途径"), [_("理由"), _("可以向谁提出"), _("依据")]),
        "limits": (_("办理期限"), [_("期限"), _("最后一天"), _("依据")]),
        "remedies": (_("您的救济途径"), []),
        "contact": (_("联系方式"), []),
        "fees": (_("费用"), []),
    }[block["kind"]]
    return Block(title, heads, block["rows"])
