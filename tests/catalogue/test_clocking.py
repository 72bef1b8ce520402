"""`qiaoqiao clock`: a legal date with every day explained, on the command line."""

import json

import pytest
from typer.testing import CliRunner

from qiaoqiao.catalogue.clocking import commands

run = CliRunner().invoke


def dates(*words: str) -> dict[str, object]:
    answer = run(commands, [*words, "--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)  # type: ignore[no-any-return]


def test_five_working_days_over_the_spring_festival() -> None:
    told = dates("settlement", "correction", "--from", "2026-02-10")
    assert {"due_on", "days", "provisional", "source"} <= set(told)
    assert (told["due_on"], told["provisional"]) == ("2026-02-24", False)
    assert "行政许可法" in str(told["source"])
    make_up = next(day for day in told["days"] if day["on"] == "2026-02-14")  # type: ignore[attr-defined]
    assert (make_up["counted"], make_up["reason"]) == (True, "make_up")


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (["petition", "direct_notice", "--from", "2026-03-02"], "2026-03-17"),
        (["petition", "handle", "--from", "2026-03-09", "--extend", "20"], "2026-05-28"),
        (
            ["petition", "transfer_objection", "--from", "2026-03-04", "--pause", "2026-03-05..2026-03-06"],
            "2026-03-13",
        ),
        (["settlement", "permit_valid", "--from", "2026-03-31"], "2026-09-30"),
        (["settlement", "approve", "--from", "2026-03-02", "--amount", "3"], "2026-03-05"),
    ],
)
def test_dates_of_the_law_sheet(words: list[str], due: str) -> None:
    assert dates(*words)["due_on"] == due


def test_a_date_in_a_year_not_yet_announced_is_provisional() -> None:
    assert dates("settlement", "licence_decide", "--from", "2026-12-20")["provisional"] is True


@pytest.mark.parametrize(
    "words",
    [
        ["settlement", "correction", "--from", "2026-02-30"],
        ["settlement", "nothing", "--from", "2026-02-10"],
        ["nothing", "correction", "--from", "2026-02-10"],
        ["petition", "handle", "--from", "2026-03-09", "--extend", "31"],
        ["settlement", "approve", "--from", "2026-03-02"],
        ["settlement", "correction", "--from", "2026-02-10", "--pause", "2026-02-12"],
        ["settlement", "correction", "--from", "2026-02-10", "--pause", "2026-02-12..2026-02-11"],
    ],
)
def test_what_cannot_be_reckoned_is_refused_in_words(words: list[str]) -> None:
    answer = run(commands, words)
    assert answer.exit_code == 2
    assert "Traceback" not in answer.output


def test_without_json_every_day_is_a_line_for_a_reader() -> None:
    answer = run(commands, ["settlement", "correction", "--from", "2026-02-10"])
    assert "2026-02-14" in answer.output
    assert "调休上班" in answer.output
    assert "到期日 2026-02-24" in answer.output
