"""Editions registered in the database, and the commands."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, transaction
from typer.testing import CliRunner

from qiaoqiao.catalogue import actions, loader
from qiaoqiao.catalogue.commands import commands
from qiaoqiao.catalogue.models import Edition
from qiaoqiao.catalogue.rules import digest

AT = datetime(2026, 2, 10, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 10, 1, tzinfo=UTC)


@pytest.fixture
def hall(catalogue: Path, good: str) -> Path:
    path = catalogue / "hall.yaml"
    path.write_text(good, encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    loader.editions.cache_clear()


@pytest.mark.django_db
def test_editions_are_registered_once(hall: Path) -> None:
    assert [str(edition) for edition in actions.load_editions(at=AT)] == ["hall 1"]
    assert actions.load_editions(at=LATER) == []
    edition = Edition.objects.get()
    assert (edition.digest, edition.loaded_at) == (digest(loader.entry("hall")), AT)


@pytest.mark.django_db
def test_a_changed_edition_is_refused_and_nothing_else_registered(hall: Path, good: str) -> None:
    actions.load_editions(at=AT)
    change(hall, "amount: 5", "amount: 6")
    (hall.parent / "other.yaml").write_text(good.replace("id: hall", "id: other"), encoding="utf-8")
    with pytest.raises(actions.EditionChanged) as refused:
        actions.load_editions(at=LATER)
    assert (refused.value.service, refused.value.edition) == ("hall", 1)
    assert [str(edition) for edition in Edition.objects.all()] == ["hall 1"]


@pytest.mark.django_db
def test_a_change_under_a_new_number_is_registered_beside_the_old(hall: Path, good: str) -> None:
    actions.load_editions(at=AT)
    (hall.parent / "earlier").mkdir()
    (hall.parent / "earlier" / "hall-1.yaml").write_text(good, encoding="utf-8")
    change(hall, "amount: 5", "amount: 6")
    change(hall, "edition: 1", "edition: 2")
    actions.load_editions(at=LATER)
    assert [(entry.id, entry.edition) for entry in loader.current()] == [("hall", 2)]
    assert loader.entry("hall", 1).limit("answer").amount == 5
    assert Edition.objects.count() == 2


@pytest.mark.django_db
def test_the_database_holds_an_edition_once(hall: Path) -> None:
    actions.load_editions(at=AT)
    with pytest.raises(IntegrityError, match="edition_once"), transaction.atomic():
        Edition.objects.create(service="hall", edition=1, digest="0", loaded_at=AT)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands, list(words))
    return result.exit_code, result.output


def test_check_exits_1_with_file_line_and_message(hall: Path) -> None:
    assert run("check")[0] == 0
    change(hall, "to: wanting", "to: wantign")
    code, output = run("check", str(hall))
    assert code == 1
    line = hall.read_text(encoding="utf-8").partition("to: wantign")[0].count("\n") + 1
    assert f"{hall}:{line}: moves.0.to: there is no state “wantign”" in output
    findings = json.loads(run("check", "--json")[1])
    assert findings[0].keys() == {"file", "line", "code", "message", "warning"}


def test_check_passes_with_warnings_only(hall: Path) -> None:
    change(hall, "then: stop", "then: 'entry:moon'")
    code, output = run("check")
    assert code == 0
    assert "warning: questions.0.answers.1.then" in output


def test_draw_writes_a_picture(hall: Path, tmp_path: Path) -> None:
    out = tmp_path / "hall.svg"
    assert run("draw", "hall", "--out", str(out), "--lang", "es")[0] == 0
    assert ElementTree.parse(out).getroot().get("lang") == "es"
    assert "<svg" in run("draw", "hall@1")[1]
    assert "<svg" in run("draw", str(hall))[1]


@pytest.mark.parametrize(
    "words", [["draw", "moon"], ["draw", "none.yaml"], ["draw", "hall", "--lang", "tlh"]]
)
def test_draw_refuses_what_it_does_not_know(hall: Path, words: list[str]) -> None:
    code, output = run(*words)
    assert code == 1
    assert "Traceback" not in output


def test_list_names_the_services(hall: Path) -> None:
    assert "借用侨之家" in run("list")[1]
    assert [row["id"] for row in json.loads(run("list", "--json")[1])] == ["hall"]


def test_publish_locks_what_is_right_and_nothing_else(hall: Path) -> None:
    assert run("publish") == (0, "Published: hall 1\n")
    change(hall, "amount: 5", "amount: 6")
    code, output = run("publish")
    assert code == 1
    assert "a change is a new edition" in output


@pytest.mark.django_db
def test_an_edition_in_use_whose_file_is_gone_is_refused(hall: Path) -> None:
    actions.load_editions(at=AT)
    hall.unlink()
    loader.editions.cache_clear()
    with pytest.raises(actions.EditionGone, match="Put the file back"):
        actions.load_editions(at=LATER)


def test_the_products_own_entries_have_no_fault() -> None:
    loader.editions.cache_clear()
    code, output = run("check")
    assert code == 0, output
