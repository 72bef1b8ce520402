"""A notice before it is issued, drawn as the page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from qiaoqiao.casework.notices import CHINESE

HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


@dataclass(frozen=True)
class Block:
    """A table or list of the notice; `heads` name the columns, none for a list."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Version:
    """The notice in one language."""

    lang: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    blocks: tuple[Block, ...]
    office: str
    dated: str


def versions(sheet: Mapping[str, Any] | None) -> list[Version]:
    """The notice in Chinese, then in the person's language; empty when none is issued."""
    if not sheet:
        return []
    found = sorted(sheet["versions"].items(), key=lambda pair: pair[0] != CHINESE)
    return [_version(language, one) for language, one in found]


def _version(language: str, one: Mapping[str, Any]) -> Version:
    with translation.override(language):
        blocks = tuple(_block(block) for block in one["blocks"])
    return Version(
        lang=HTML_LANG.get(language, language),
        title=one["title"],
        addressee=one["addressee"],
        paragraphs=tuple(one["paragraphs"]),
        blocks=blocks,
        office=one["office"],
        dated=one["dated"],
    )


def _block(block: Mapping[str, Any]) -> Block:
    titles = {
        "missing": (_("缺少的材料"), (_("材料"), _("形式要求"))),
        "reasons": (_("理由"), (_("理由"), _("可以向谁提出"), _("依据"))),
        "limits": (_("期限"), (_("期限"), _("最后一天"), _("依据"))),
        "remedies": (_("救济途径"), ()),
        "fees": (_("费用"), ()),
        "contact": (_("联系方式"), ()),
        "tracking": (_("查询进度"), ()),
    }
    title, heads = titles.get(block["kind"], (str(block["kind"]), ()))
    return Block(title, heads, tuple(tuple(str(cell) for cell in row) for row in block["rows"]))
