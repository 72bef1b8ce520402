"""The map of the house is true: it names every room and folder, and nothing that is not there."""

import ast
import re
import tomllib
from itertools import groupby
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MAP = (PROJECT / "docs" / "map.md").read_text(encoding="utf-8")
PRODUCT = PROJECT / "qiaoqiao"
ROUTES = [
    re.findall(r"(?m)^\d\. `([\w/]+\.py)` `(\w+)`", part)
    for part in re.split(r"(?m)^\*\*`(?=POST )", MAP.partition("\n## Where")[0])[1:]
]


def section(title: str) -> str:
    return MAP.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def folders(inside: Path) -> set[str]:
    """The folders that belong to the project: not hidden, not ignored, not empty."""
    ignored = {line.strip("/ ") for line in (PROJECT / ".gitignore").read_text().splitlines()}
    return {
        path.name
        for path in inside.iterdir()
        if path.is_dir() and path.name[0] not in "._" and path.name not in ignored
    }


def functions(path: Path) -> dict[str, str]:
    """The functions of a file and what stands in them."""
    text = path.read_text(encoding="utf-8")
    return {
        node.name: ast.get_source_segment(text, node) or ""
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }


def test_every_room_is_on_the_map_and_no_other() -> None:
    rooms = {path.parent.name for path in PRODUCT.glob("*/__init__.py")}
    assert set(re.findall(r"(?m)^\| \w[\w ]* \| `(\w+)` \|", section("Floors and rooms"))) == rooms


def test_the_floors_of_the_map_are_those_that_imports_are_held_to() -> None:
    rows = re.findall(r"(?m)^\| (\w[\w ]*) \| `(\w+)` \|", section("Floors and rooms"))
    floors = [{room for _, room in group} for _, group in groupby(rows, key=lambda row: row[0])]
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert floors == [set(re.findall(r"(?<!\()\b\w+", layer)) for layer in layers]


def test_every_top_level_folder_is_on_the_map_and_no_other() -> None:
    assert set(re.findall(r"(?m)^\| `(\w+)/` \|", section("Folders"))) == folders(PROJECT)


def test_every_folder_of_tests_is_a_room_or_on_the_map() -> None:
    rooms = {path.parent.name for path in PRODUCT.glob("*/__init__.py")}
    named = set(re.findall(r"`tests/(\w+)`", section("Tests")))
    assert folders(PROJECT / "tests") - rooms == named


def test_the_map_tells_three_routes_of_four_hops() -> None:
    assert [len(hops) for hops in ROUTES] == [4, 4, 4]


@pytest.mark.parametrize("hops", ROUTES, ids=lambda hops: hops[0][0])
def test_on_a_route_each_file_calls_the_next(hops: list[tuple[str, str]]) -> None:
    for (path, name), (_, called) in zip(hops, [*hops[1:], ("", "")], strict=True):
        known = functions(PRODUCT / path)
        assert name in known, f"{path} has no function {name}"
        next_name = Path(hops[hops.index((path, name)) + 1][0]).stem if called else ""
        said = "\n".join(known.values())
        assert re.search(rf"\b({called}|{next_name}\.{called})\(", said), f"{path} does not call {called}"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w/]+/[\w.]+\.(?:py|md|yaml))`", MAP))))
def test_a_file_on_the_map_exists(path: str) -> None:
    assert (PRODUCT / path).is_file() or (PROJECT / path).is_file()


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)]+)\)", MAP))
def test_a_link_of_the_map_leads_somewhere(target: str) -> None:
    assert (PROJECT / "docs" / target).exists()


def test_what_the_map_tells_to_search_is_found() -> None:
    entries = "".join(path.read_text(encoding="utf-8") for path in PRODUCT.glob("catalogue/entries/*.yaml"))
    for searched in ('article: "32"', "lapse: ", "as_of: filed"):
        assert searched in MAP or searched.strip(": ") in MAP
        assert searched in entries
    for path in ("casework/jobs.py", "casework/rules.py"):
        assert re.search(r"\b(lapse|as_of)\b", (PRODUCT / path).read_text(encoding="utf-8"))
