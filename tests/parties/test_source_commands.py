"""The commands `qiaoqiao sources …`."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.parties.commands import commands
from qiaoqiao.parties.models import File, Record
from tests.cast import Town, now_epoch
from tests.parties.rolls import CHEN, LI, ROWS, as_workbook, changed, make_source, table


@pytest.fixture
def town(db: None) -> Town:
    town = Town()
    make_source(town.overseas_affairs)
    return town


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "roll.xlsx"
    path.write_bytes(as_workbook(table(*ROWS)))
    return path


def run(*words: object) -> Any:
    return CliRunner().invoke(commands, [str(word) for word in words])


def counted() -> tuple[int, int]:
    with acting(SYSTEM, epoch=now_epoch()):
        return File.objects.exclude(state="erased").count(), Record.objects.count()


def test_sources_are_listed(town: Town) -> None:
    assert run("list").output.startswith("ts-hukou  hukou  ts-overseas_affairs")
    assert json.loads(run("list", "--json").output)[0]["code"] == "ts-hukou"


def test_looking_brings_nothing_in_and_names_the_rows(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    path.write_bytes(as_workbook(table(CHEN, changed(LI, 姓名=""))))
    done = run("look", path, "--source", "ts-hukou")
    assert done.exit_code == 1
    assert "row 3  error" in done.output
    assert "No name" in done.output
    assert counted() == (0, 0)


def test_a_roll_is_imported_and_undone(town: Town, file: Path) -> None:
    done = run("import", file, "--source", "ts-hukou", "--json")
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["state"], said["counts"]["new"]) == ("done", 2)
    assert counted() == (2, 2)
    assert run("import", said["batch"]).exit_code == 1
    assert "undone" in run("undo", said["batch"]).output
    assert counted() == (0, 0)


def test_what_was_looked_through_is_imported_by_its_number(town: Town, file: Path) -> None:
    looked = json.loads(run("look", file, "--source", "ts-hukou", "--json").output)
    assert run("import", looked["batch"]).exit_code == 0
    assert counted() == (2, 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("look", "FILE", "--source", "nowhere"), "no source"),
        (("import", "no-such-file.csv", "--source", "ts-hukou"), "no file"),
        (("undo", "00000000-0000-0000-0000-000000000000"), "no import"),
        (("look", "BAD", "--source", "ts-hukou"), "Only .xlsx and .csv"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(
    town: Town, file: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    bad = tmp_path / "roll.pdf"
    bad.write_bytes(b"%PDF-1.7")
    named = {"FILE": str(file), "BAD": str(bad)}
    done = run(*(named.get(word, word) for word in words))
    assert done.exit_code != 0
    assert said in done.output
    assert "Traceback" not in done.output
