"""The printed form of a notice: its wording set as an official paper, the person's language behind it."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from qiaoqiao.casework.models import Paper
from qiaoqiao.casework.notices import CHINESE
from qiaoqiao.gateways.printing import Block, NoticeSheet, Verification, print_notice

KINDS = {
    "missing": "table",
    "reasons": "table",
    "limits": "table",
    "remedies": "list",
    "contact": "list",
    "fees": "list",
    "tracking": "facts",
}


def print_paper(paper: Paper) -> bytes:
    """Return the notice as a PDF: Chinese in the official layout, then the translation if there is one."""
    versions = (paper.sheet or {})["versions"]
    other = next((language for language in versions if language != CHINESE), None)
    copy = _sheet(paper, versions[other], other, None) if other else None
    return print_notice(_sheet(paper, versions[CHINESE], CHINESE, copy))


def _sheet(paper: Paper, version: dict, language: str, copy: NoticeSheet | None) -> NoticeSheet:  # type: ignore[type-arg]
    with translation.override(language):
        return NoticeSheet(
            office=version["office"],
            number=paper.number,
            title=version["title"],
            addressee=version["addressee"],
            paragraphs=version["paragraphs"],
            closing=str(_("特此通知。")),
            signed_by=version["office"],
            dated=version["dated"],
            verification=Verification((paper.sheet or {})["reference"], f"{settings.PUBLIC_URL}/track/"),
            blocks=[_block(block) for block in version["blocks"]],
            language=language,
            copy=copy,
            demo=settings.DEMO,
            issued_at=paper.added_at,
        )


def _block(block: dict) -> Block:  # type: ignore[type-arg]
    kind = block["kind"]
    rows = [[str(cell) for cell in row] for row in block["rows"]]
    heads = {
        "missing": [_("缺少的材料"), _("形式要求")],
        "reasons": [_("理由"), _("可以向谁提出"), _("依据")],
        "limits": [_("期限"), _("最后一天"), _("依据")],
    }
    title = {
        "missing": _("需要补充的材料"),
        "reasons": _("理由和途径"),
        "limits": _("办理期限"),
        "remedies": _("您的救济途径"),
        "contact": _("联系方式"),
        "fees": _("费用"),
        "tracking": _("查询进度"),
    }[kind]
    if kind in heads:
        rows = [[str(head) for head in heads[kind]], *rows]
    return Block(str(title), KINDS[kind], rows)  # type: ignore[arg-type]
