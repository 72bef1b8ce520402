"""Papers brought with a filing: looked through at once, so that what does not fit is known before sending."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qiaoqiao.casework.actions.drafts import MOST_FILES, TooManyFiles, drop_file, keep_file
from qiaoqiao.casework.bringing import bring
from qiaoqiao.catalogue.entry import Material, words
from qiaoqiao.gateways.uploads import UploadRefused
from qiaoqiao.portal.drafts import Held
from qiaoqiao.portal.journey import frame, onward
from qiaoqiao.portal.steps import Step, facts_of, material_title, materials_of
from qiaoqiao.ui.faults import MEGABYTE, too_many_files_words, upload_words
from qiaoqiao.ui.language import language_of

INPUT = "file_"


@dataclass(frozen=True)
class MaterialRow:
    """One paper that is needed, the files brought for it, and what was wrong with others."""

    id: str
    name: str
    form: str
    required: bool
    files: list[Mapping[str, object]]
    errors: list[str]


def page(request: HttpRequest, held: Held, step: Step, at: datetime) -> HttpResponse:
    """List the papers that apply; take in what was sent, file by file."""
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        if key := request.POST.get("remove"):
            held = replace(held, draft=drop_file(held.draft.pk, key, at=at))
        else:
            held, errors = _take_in(request, held, at)
            if not errors and "continue" in request.POST:
                return onward(request, held, step)
    language = language_of(request)
    rows = [_row(held, one, language, errors) for one in _needed(held)]
    context = frame(held, step, language) | {
        "rows": rows,
        "errors": [(f"#{INPUT}{row.id}", said) for row in rows for said in row.errors],
        "limit": settings.MAX_UPLOAD_BYTES // MEGABYTE,
    }
    return render(request, "portal/papers.html", context, status=422 if errors else 200)


def _needed(held: Held) -> list[Material]:
    return materials_of(held.entry, facts_of(held.entry, held.draft))


def _take_in(request: HttpRequest, held: Held, at: datetime) -> tuple[Held, dict[str, list[str]]]:
    errors: dict[str, list[str]] = {}
    for material in _needed(held):
        for file in request.FILES.getlist(INPUT + material.id):
            said, held = _take_one(file, material, held, at)
            if said:
                errors.setdefault(material.id, []).append(said)
    return held, errors


def _take_one(file: "UploadedFile[bytes]", material: Material, held: Held, at: datetime) -> tuple[str, Held]:
    try:
        title = material_title(material)
        brought = bring(file, name=file.name or "", kind=material.id, title=title, now=at)  # type: ignore[arg-type]
        return "", replace(held, draft=keep_file(held.draft.pk, brought, at=at))
    except UploadRefused as refused:
        return upload_words(refused), held
    except TooManyFiles:
        return too_many_files_words(MOST_FILES), held


def _row(held: Held, material: Material, language: str, errors: Mapping[str, list[str]]) -> MaterialRow:
    return MaterialRow(
        id=material.id,
        name=words(material.name, language),
        form=words(material.form, language),
        required=material.required,
        files=[one for one in held.draft.files if one["kind"] == material.id],
        errors=errors.get(material.id, []),
    )
