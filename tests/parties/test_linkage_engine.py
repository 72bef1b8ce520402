"""The batch: records in, people out; the command with good files and bad ones; the same on Spark."""

import csv
import json
import os
import shutil
import sys
from importlib.util import find_spec
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from qiaoqiao.parties.linkage import commands, engine, weighing
from qiaoqiao.parties.linkage.features import COLUMNS, encode
from tests.parties.linkage_cast import Population, record, slices

TOWN = Population()


def run(**how):
    return engine.link(slices(TOWN.records), weighing.shipped(), processes=1, progress=lambda *_: None, **how)


@pytest.fixture(scope="module")
def linked():
    return run()


def pairs_of(labels):
    """The pairs of records that have the same label."""
    found = {}
    for place, label in enumerate(labels):
        found.setdefault(label, []).append(place)
    return {pair for members in found.values() for pair in combinations(members, 2)}


def test_three_hundred_records_become_the_people_they_are_of(linked):
    assert len(TOWN.records) == 300
    true, found = pairs_of(TOWN.people), pairs_of(linked.people.tolist())
    precision, recall = len(true & found) / len(found), len(true & found) / len(true)
    assert 2 * precision * recall / (precision + recall) >= 0.9, (precision, recall)


def test_what_needs_no_second_look_holds_no_twins_and_hardly_a_mistake(linked):
    sure = pairs_of(linked.sure.tolist())
    assert len(TOWN.twins) >= 4
    whose = [{TOWN.people[one], TOWN.people[other]} for one, other in sure]
    assert not [pair for pair in TOWN.twins if set(pair) in whose]
    assert sum(len(people) == 1 for people in whose) / len(whose) >= 0.99
    assert len(sure) > 150


def test_sure_links_are_among_all_links(linked):
    assert pairs_of(linked.sure.tolist()) <= pairs_of(linked.people.tolist())


def test_every_step_is_told_and_two_processes_find_the_same(linked):
    told = []
    again = engine.link(
        slices(TOWN.records), weighing.shipped(), processes=2, progress=lambda step, _: told.append(step)
    )
    assert list(dict.fromkeys(told)) == [step for step in commands.STEPS if step != "writing"]
    assert again.people.tolist() == linked.people.tolist()
    assert again.sure.tolist() == linked.sure.tolist()


def test_rows_come_in_slices(monkeypatch):
    monkeypatch.setattr(engine, "SLICE", 2)
    rows = [record(name_hanzi=one) for one in "陈林李"]
    assert list(engine.sliced(iter(rows))) == [rows[:2], rows[2:]]
    assert list(engine.sliced(iter([]))) == []


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary(encode([record()]).itemsize)])
def test_a_part_of_a_column_is_compared_as_that_part(kind):
    features = encode(TOWN.records[:12])
    whole = pa.array([one.tobytes() for one in features], type=kind)
    expected = engine.levels_of(whole, whole.take(pa.array(range(11, -1, -1)))).to_pylist()
    column = pa.chunked_array([whole])
    assert engine.levels_of(column, whole.take(pa.array(range(11, -1, -1)))).to_pylist() == expected
    part = engine.levels_of(whole.slice(3, 4), whole.take(pa.array(range(11, -1, -1))).slice(3, 4))
    assert part.to_pylist() == expected[3:7]


# --- the command -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def roll(tmp_path_factory):
    path = tmp_path_factory.mktemp("roll") / "records.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["record_id", *COLUMNS])
        writer.writeheader()
        writer.writerows({"record_id": f"R{place}"} | row for place, row in enumerate(TOWN.records[:60]))
    return path


def link(*arguments):
    return CliRunner().invoke(commands.commands, [str(one) for one in arguments])


def test_a_file_of_records_becomes_a_file_of_clusters(roll, tmp_path):
    out = tmp_path / "out.csv"
    said = link(roll, "--out", out, "--json")
    assert said.exit_code == 0, said.output
    told = json.loads(said.output)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ids = [row["record_id"] for row in rows]
    assert ids == [f"R{place}" for place in range(60)]
    assert {row[name] for row in rows for name in ("cluster_id", "sure_id")} <= set(ids)
    assert told["records"] == 60
    assert told["people"] == len({row["cluster_id"] for row in rows})
    assert told["links"] >= told["sure_links"] > 0
    assert told["largest_cluster"] >= 3
    assert os.listdir(tmp_path) == ["out.csv"]


def test_without_json_a_person_reads_what_was_done(roll, tmp_path):
    said = link(roll, "--out", tmp_path / "out.csv")
    assert said.exit_code == 0
    assert "people " in said.output
    assert "{" not in said.output


HEAD = "record_id,name_hanzi,name_latin\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no column record_id, name_hanzi, name_latin"),
        (b"record_id,name\n1,x\n", "has no column name_hanzi, name_latin"),
        (HEAD.encode(), "has no records"),
        ((HEAD + "1,陈大文,\n1,李四,\n").encode(), "has record_id 1 more than once"),
        ((HEAD + "1,陈大文,\n").encode("gb18030"), "can't decode"),
        ((HEAD + "1,陈大文,\n").encode("utf-16"), "can't decode"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_plainly_and_nothing_is_written(tmp_path, content, message):
    records, out = tmp_path / "records.csv", tmp_path / "out.csv"
    records.write_bytes(content)
    said = link(records, "--out", out)
    assert said.exit_code == 2
    assert message in " ".join(said.output.replace("│", " ").split())
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.csv", "--out", "out.csv"), "No such file"),
        (("{roll}", "--out", "nowhere/out.csv"), "there is no folder nowhere"),
        (("{roll}", "--out", "out.csv", "--engine", "abacus"), "duckdb or spark"),
        (("{roll}", "--out", "out.csv", "--weights", "{roll}"), "holds no weights"),
        (("{roll}", "--out", "out.csv", "--weights", "missing.json"), "holds no weights"),
    ],
)
def test_a_wrong_argument_is_told_before_any_work(roll, arguments, message):
    said = link(*(one.format(roll=roll) for one in arguments))
    assert said.exit_code == 2
    assert message in " ".join(said.output.replace("│", " ").split())


def test_a_file_with_a_mark_and_only_the_needed_columns_is_read(tmp_path):
    records, out = tmp_path / "records.csv", tmp_path / "out.csv"
    records.write_text("\ufeff" + HEAD + "1,陈大文,CHAN Tai Man\n2,陳大文,\n", encoding="utf-8")
    assert link(records, "--out", out).exit_code == 0
    assert len(out.read_text().splitlines()) == 3


def test_the_result_is_written_whole_or_not_at_all(tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("of yesterday")
    short = engine.Linked(np.array([0]), np.array([0]), pa.table({}), 0)
    with pytest.raises(ValueError, match="shorter"):
        commands._write(out, ["1", "2"], short)
    assert out.read_text() == "of yesterday"
    assert os.listdir(tmp_path) == ["out.csv"]


# --- Spark -----------------------------------------------------------------------------------------------------


def test_spark_that_is_not_installed_is_told_with_the_way_to_get_it(roll, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    said = link(roll, "--out", tmp_path / "out.csv", "--engine", "spark")
    assert said.exit_code == 1
    assert "Spark is not installed: run `make spark`" in said.output
    assert not (tmp_path / "out.csv").exists()


HAS_JAVA = shutil.which("java") or os.environ.get("JAVA_HOME")


@pytest.mark.skipif(find_spec("pyspark") is None, reason="Spark is not installed: run `make spark`")
@pytest.mark.skipif(not HAS_JAVA, reason="Spark needs Java 17 or later, which is not there")
@pytest.mark.filterwarnings("default")
def test_spark_finds_exactly_what_duckdb_finds(linked, capfd):
    there = run(engine="spark")
    assert there.people.tolist() == linked.people.tolist()
    assert there.sure.tolist() == linked.sure.tolist()
    assert there.compared == linked.compared
    order = [("unique_id_l", "ascending"), ("unique_id_r", "ascending")]
    ours, theirs = linked.pairs.sort_by(order), there.pairs.sort_by(order)
    for name in ("unique_id_l", "unique_id_r", "match_key"):
        assert theirs[name].to_pylist() == ours[name].to_pylist()
    assert np.abs(theirs["match_weight"].to_numpy() - ours["match_weight"].to_numpy()).max() < 1e-9
    assert "".join(capfd.readouterr()) == ""
