"""The workbook of a network: written for export and as a template to fill in."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from qiaoqiao.community.network import gazetteer as named
from qiaoqiao.community.network import hours
from qiaoqiao.community.network.entered import HOME, TOKENS, Entered, entered_of
from qiaoqiao.community.network.gazetteer import Gazetteer
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.network.wording import ACCEPTED, COLUMNS
from qiaoqiao.lib.countries import name as country_name

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REQUIRED = ("code", "kind", "name")
WIDE = {"name": 34, "address": 34, "hours": 40, "place": 24, "about": 40, "services": 24, "languages": 20}
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""Text that begins so may be taken for a formula."""
EXAMPLE_PLACE = "江门市台山市端芬镇"
EXAMPLE = Entered(
    code="440781105-H01",
    kind="home",
    name="端芬镇侨胞之家",
    place="440781105",
    parent="440781-F01",
    address="端芬镇侨兴路8号",
    phone="0750-5512345",
    hours={day: ["09:00-12:00", "14:30-17:00"] for day in hours.DAYS[:5]},
    languages=["mandarin", "cantonese", "toisan"],
    checked_on="2026-11-20",
)


def cells(given: Entered, places: Gazetteer) -> list[str]:
    """An organisation as a row, every cell in the words that the import reads."""
    said = {token: getattr(given, token) for token in TOKENS} | {
        "kind": named.written(named.kinds(), [given.kind]),
        "place": places.written.get(given.place, given.place),
        "country": "" if given.country == HOME else country_name(given.country, named.CHINESE),
        "hours": hours.write(given.hours),
        "languages": named.written(named.languages(), given.languages),
        "services": named.written(named.services(), given.services),
    }
    return [str(said[token]) for token in COLUMNS]


def workbook(rows: Iterable[Organisation]) -> bytes:
    """Organisations as a workbook; imported again it changes nothing."""
    places = named.gazetteer()
    return filled(cells(entered_of(row), places) for row in rows)


def template() -> bytes:
    """An empty workbook with all that may be written in it."""
    return filled(())


def filled(rows: Iterable[Sequence[str]]) -> bytes:
    with translation.override(named.CHINESE):
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_("侨务网络"))
        sheet.freeze_panes = "D2"
        for place, token in enumerate(COLUMNS):
            sheet.column_dimensions[letter(place)].width = WIDE.get(token, 16)
        kinds = list(named.kinds())
        choose = DataValidation(
            type="list", formula1=f"'{_('填写说明')}'!$F$2:$F${len(kinds) + 1}", allow_blank=True
        )
        choose.add(f"{letter(list(COLUMNS).index('kind'))}2:{letter(list(COLUMNS).index('kind'))}20001")
        sheet.data_validations.append(choose)
        sheet.append([heading(sheet, str(said)) for said in COLUMNS.values()])
        for row in rows:
            sheet.append([as_text(sheet, text) for text in row])
        explain(book)
        out = BytesIO()
        book.save(out)
        return out.getvalue()


def explain(book: Workbook) -> None:
    """The second sheet: what each column takes, with an example, and the names to choose from."""
    sheet = book.create_sheet(_("填写说明"))
    for column, width in zip("ABCDEFGH", (14, 8, 62, 30, 3, 28, 16, 40), strict=True):
        sheet.column_dimensions[column].width = width
    heads = [_("栏目"), _("必填"), _("怎么写"), _("例子"), "", _("种类"), _("语言、方言"), _("能帮的事项")]
    sheet.append([heading(sheet, text) for text in heads])
    example = dict(zip(COLUMNS, cells(EXAMPLE, named.gazetteer()), strict=True))
    example["place"] = EXAMPLE_PLACE
    lists = [list(named.kinds()), list(named.languages()), list(named.services())]
    columns = list(COLUMNS)
    for place in range(max(len(columns), *(len(one) for one in lists))):
        token = columns[place] if place < len(columns) else ""
        left = [
            str(COLUMNS.get(token, "")),
            _("是") if token in REQUIRED else "",
            str(ACCEPTED.get(token, "")),
            example.get(token, ""),
        ]
        sheet.append([as_text(sheet, text) for text in (*left, "", *(at(one, place) for one in lists))])


def at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def letter(place: int) -> str:
    return chr(ord("A") + place)


def heading(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="8F1717")
    cell.alignment = Alignment(vertical="center")
    return cell


def as_text(sheet: object, text: str) -> object:
    """A cell that is text, whatever it begins with; plain words need no cell of their own, which is slow."""
    if not text.startswith(DANGEROUS):
        return text or None
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.number_format = "s", "@"
    return cell
