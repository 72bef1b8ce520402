"""The picture of an entry: all of it there, well-formed, nothing lying over anything else."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from qiaoqiao.catalogue import loader
from qiaoqiao.catalogue.drawing import draw
from qiaoqiao.catalogue.drawing.board import board
from qiaoqiao.catalogue.drawing.layout import lay_out
from qiaoqiao.catalogue.drawing.routes import route
from qiaoqiao.catalogue.drawing.text import Line, width, wrap
from qiaoqiao.catalogue.entry import LANGUAGES, Entry, words

GOOD = Path(__file__).parent / "good.yaml"
FILES = [GOOD, *sorted(loader.ENTRIES.rglob("*.yaml"))]
every_entry = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
SVG = "{http://www.w3.org/2000/svg}"


def said(picture: str) -> str:
    """All text of a picture, with line breaks and the spaces at them taken out."""
    lines = [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]
    return "".join(lines).replace(" ", "")


@every_entry
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_move_and_limit_is_named(path: Path, language: str) -> None:
    entry = loader.read(path)
    text = said(draw(entry, language))
    named = [*entry.states.values(), *entry.moves, *entry.limits]
    assert [part.name for part in named if words(part.name, language).replace(" ", "") not in text] == []


def boxes(entry: Entry) -> list[tuple[float, float, float, float]]:
    drawing = board(entry, "zh-Hans")
    sheet = route(drawing, lay_out(drawing))
    drawn = [box for row in sheet.layout.rows for box in row if box.lines]
    drawn += [lane.arrow.label for lane in sheet.lanes]
    return [(box.x - box.width / 2, box.y, box.x + box.width / 2, box.y + box.height) for box in drawn]


@every_entry
def test_no_box_or_label_lies_over_another(path: Path) -> None:
    placed = boxes(loader.read(path))
    assert len(placed) > 5
    for number, (left, top, right, bottom) in enumerate(placed):
        for left2, top2, right2, bottom2 in placed[number + 1 :]:
            apart = right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
            assert apart, (left, top, left2, top2)


@every_entry
def test_no_line_of_text_is_wider_than_its_box(path: Path) -> None:
    drawing = board(loader.read(path), "es")
    drawn = [*drawing.states.values(), *(arrow.label for arrow in drawing.forward + drawing.back)]
    assert all(line.width <= box.width for box in drawn for line in box.lines)


@every_entry
def test_the_picture_stands_in_a_page_that_allows_no_inline_style(path: Path) -> None:
    picture = draw(loader.read(path), "zh-Hans")
    for element in ElementTree.fromstring(picture).iter():
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "title",
            "desc",
            "rect",
            "g",
            "path",
            "circle",
            "text",
        }
        assert "style" not in element.attrib
        assert "id" not in element.attrib  # two pictures may stand in one page


def test_stages_differ_by_word_and_line_not_only_by_colour() -> None:
    picture = draw(loader.read(GOOD), "zh-Hans")
    assert all(word in said(picture) for word in ("①收件", "②等申请人", "③办结"))
    assert 'stroke-dasharray="7 4"' in picture


def test_an_arrow_tells_who_with_what_paper_and_by_when() -> None:
    text = said(draw(loader.read(GOOD), "zh-Hans"))
    for fact in (
        "侨联：负责人",
        "文书：同意借用通知书",
        "期限：答复，5个工作日",
        "依法（到期自动）",
        "请入：街道",
    ):
        assert fact in text


def test_signs_in_a_name_do_not_break_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(
        GOOD.read_text(encoding="utf-8").replace("zh-Hans: 已申请", 'zh-Hans: "<b>&\\"申请"'), "utf-8"
    )
    assert '<b>&"申请' in said(draw(loader.read(path), "zh-Hans"))


def test_an_entry_of_one_state_can_be_drawn() -> None:
    entry = loader.read(GOOD)
    lone = entry.model_copy(update={"states": {"asked": entry.states["asked"]}, "moves": [], "limits": []})
    assert "已申请" in said(draw(lone, "zh-Hans"))


def test_a_chinese_character_is_one_em_wide() -> None:
    assert width("侨联", 20) == 40
    assert width("\U00020bb7", 20) == 20
    assert width("ab", 20) < 40


def test_lines_break_before_no_closing_mark_and_after_no_opening_one() -> None:
    rows = wrap(Line("办理时间为五个工作日（可延长），从受理之日起算。", 10), 105)
    assert all(row.text[0] not in "，。）" and row.text[-1] != "（" for row in rows)
    assert "".join(row.text for row in rows) == "办理时间为五个工作日（可延长），从受理之日起算。"
    assert [row.text for row in wrap(Line("a Federation answers", 10), 60)] == ["a", "Federation", "answers"]
