"""The how-to “add a service” does what it says: its blocks make an entry that passes, and it names what there is."""

import re
from pathlib import Path

import pytest

from qiaoqiao.catalogue.checker import check
from qiaoqiao.catalogue.drawing import draw
from qiaoqiao.catalogue.entry import Ask, FormField, Limit, Move, Notice
from qiaoqiao.catalogue.loader import read
from tests.catalogue.assembling import HOWTO, after, blocks, whole

TEXT = HOWTO.read_text(encoding="utf-8")


def choices(part: type[Move | Ask | FormField | Notice | Limit], key: str) -> set[str]:
    """The values that a key of an entry may have."""
    return set(re.findall(r"'(\w+)'", str(part.model_fields[key].annotation)))


@pytest.mark.parametrize("number", range(1, len(blocks()) + 1))
def test_after_every_block_the_file_passes_the_checker(number: int, tmp_path: Path) -> None:
    path = tmp_path / "roots.yaml"
    path.write_text(after(number), encoding="utf-8")
    assert [str(finding) for finding in check(path) if not finding.warning] == []


def test_the_finished_file_has_not_even_a_warning_and_can_be_drawn(tmp_path: Path) -> None:
    path = tmp_path / "roots.yaml"
    path.write_text(whole(), encoding="utf-8")
    assert check(path) == []
    assert "已答复" in draw(read(path), "zh-Hans")


def test_the_example_of_a_finding_is_what_the_checker_says(tmp_path: Path) -> None:
    path = tmp_path / "roots.yaml"
    path.write_text(after(3).replace("- waiting\n  to: asked", "- waiting"), encoding="utf-8")
    found = {str(finding).partition(": ")[2] for finding in check(path)}
    said = re.findall(r"(?m)^our-services/roots\.yaml:\d+: (.*)$", TEXT)
    assert said
    assert set(said) <= found


def test_every_key_of_a_move_is_in_the_table() -> None:
    table = TEXT.partition("| key of a move |")[2].partition("\n\n")[0]
    keys = {field.alias or name for name, field in Move.model_fields.items()} - {"id"}
    assert {
        key for row in re.findall(r"(?m)^\| (`.*?) \|", table) for key in re.findall(r"`(\w+)", row)
    } == keys


@pytest.mark.parametrize(
    ("part", "key"), [(Ask, "type"), (FormField, "type"), (Notice, "blocks"), (Limit, "unit")]
)
def test_the_kinds_to_choose_from_are_named_all_and_no_other(
    part: type[Ask | FormField | Notice | Limit], key: str
) -> None:
    said = [set(run.split()) for run in re.findall(r"(?:\w+ )+\w+", TEXT)]
    assert choices(part, key) in said


@pytest.mark.parametrize("target", re.findall(r"\]\((\.\./[^)]+)\)", TEXT))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (HOWTO.parent / target).exists()
