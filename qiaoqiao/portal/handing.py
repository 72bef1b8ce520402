"""Files handed in with a step: looked through at once; those that fit stay with the form until it is sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.bringing import bring
from qiaoqiao.catalogue.entry import words
from qiaoqiao.gateways.uploads import UploadRefused
from qiaoqiao.portal.ownership import Mine
from qiaoqiao.portal.wanting import OTHER, Asking, Wanted, unfit, wanted
from qiaoqiao.ui.faults import too_many_files_words, upload_words

INPUT, KEPT = "file_", "kept"
SALT = "qiaoqiao.portal.handed"
KEPT_SECONDS = 3 * 3600
MOST_FILES = 20


@dataclass(frozen=True)
class Handed:
    """The files that fit, each with the token that brings it back with the form, and what was wrong with others."""

    files: Sequence[Brought] = ()
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    tokens: Sequence[tuple[str, Brought]] = ()


@dataclass(frozen=True)
class Row:
    """One place for files on a page."""

    id: str
    name: str
    form: str
    wanted: Wanted | None
    errors: list[str]

    @property
    def input(self) -> str:
        return INPUT + self.id


def rows_of(mine: Mine, asked: Asking | None, handed: Handed | None = None) -> list[Row]:
    """A row for each paper asked for (or found wanting, or else named by the entry), and one for anything else."""
    errors = handed.errors if handed else {}
    listed = asked.papers if asked else unfit(mine) or list(_of_the_entry(mine))
    found = [Row(one.id, one.name, one.form, one, errors.get(one.id, [])) for one in listed]
    return [*found, Row(OTHER, _("其他材料"), "", None, errors.get(OTHER, []))]


def _of_the_entry(mine: Mine) -> Iterator[Wanted]:
    applying = set(mine.file.wanted_materials())
    yield from (wanted(mine, one) for one in mine.entry.materials if one.id in applying)


def hand_in(request: HttpRequest, mine: Mine, rows: Sequence[Row]) -> Handed:
    """Take in what came with the form: files sent now, and those that an earlier sending left with it."""
    kept = list(_kept(request, mine))
    errors: dict[str, list[str]] = {}
    for row in rows:
        for sent in request.FILES.getlist(row.input):
            if len(kept) >= MOST_FILES:
                errors.setdefault(row.id, []).append(too_many_files_words(MOST_FILES))
                break
            try:
                title = _title(mine, row)
                kept.append(bring(sent, name=sent.name or "", kind=row.id, title=title, now=mine.at))  # type: ignore[arg-type]
            except UploadRefused as refused:
                errors.setdefault(row.id, []).append(upload_words(refused))
    tokens = [(signing.dumps(asdict(one), salt=_salt(mine), compress=True), one) for one in kept]
    return Handed(kept, errors, tokens)


def _kept(request: HttpRequest, mine: Mine) -> Iterator[Brought]:
    """Files of an earlier sending, for this case only; one altered or too old is left out."""
    for token in request.POST.getlist(KEPT)[:MOST_FILES]:
        try:
            yield Brought(**signing.loads(token, salt=_salt(mine), max_age=KEPT_SECONDS))
        except signing.BadSignature:
            continue


def _salt(mine: Mine) -> str:
    return f"{SALT}:{mine.case.pk}"


def _title(mine: Mine, row: Row) -> str:
    """The material's name in Chinese, as the office reads it."""
    known = next((one for one in mine.entry.materials if one.id == row.id), None)
    return words(known.name, "zh-hans") if known else "其他材料"
