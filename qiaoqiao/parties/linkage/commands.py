"""`qiaoqiao link`: records in a file to clusters in a file."""

import csv
import json
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from qiaoqiao.parties.linkage import engine as engines
from qiaoqiao.parties.linkage.features import COLUMNS, Row
from qiaoqiao.parties.linkage.weighing import Weights, read, shipped

commands = typer.Typer()
STEPS = ("reading", "blocking", "comparing", "weighing", "clustering", "writing")


@commands.command()
def link(
    records: Annotated[Path, typer.Argument(help="CSV with record_id and the columns of docs/linkage.md")],
    out: Annotated[Path, typer.Option(help="Where to write record_id, cluster_id, sure_id")],
    engine: Annotated[str, typer.Option(help="duckdb, or spark for a province")] = "duckdb",
    weights: Annotated[
        Path | None, typer.Option(help="Weights of a training instead of the shipped ones")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Find which records are of one person.

    Rows with the same cluster_id are one person as far as the records tell; those with the same sure_id need
    nobody's second look.
    """
    if engine not in ("duckdb", "spark"):
        raise typer.BadParameter("duckdb or spark", param_hint="--engine")
    if not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}", param_hint="--out")
    chosen = _weights(weights) if weights else shipped()
    ids = _looked_through(records)
    started = time.monotonic()
    with typer.progressbar(length=len(ids) + len(STEPS) * 10_000, label="Linking", hidden=as_json) as bar:
        try:
            linked = engines.link(
                engines.sliced(_rows(records)), chosen, engine=engine, progress=_moving(bar)
            )
        except engines.EngineMissing as why:
            typer.echo(str(why), err=True)
            raise typer.Exit(1) from why
    _write(out, ids, linked)
    told = _told(linked, len(ids), time.monotonic() - started)
    typer.echo(
        json.dumps(told) if as_json else "\n".join(f"{name:18} {value}" for name, value in told.items())
    )


def _weights(path: Path) -> Weights:
    try:
        return read(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError) as why:
        raise typer.BadParameter(f"holds no weights: {why}", param_hint="--weights") from why


def _looked_through(path: Path) -> list[str]:
    """The ids of all records; stops with a plain message when the file is not one of records."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [
                name
                for name in ("record_id", "name_hanzi", "name_latin")
                if name not in (reader.fieldnames or [])
            ]
            if missing:
                raise typer.BadParameter(f"has no column {', '.join(missing)}", param_hint=str(path))
            ids = [row["record_id"] for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as why:
        raise typer.BadParameter(str(why), param_hint=str(path)) from why
    if not ids:
        raise typer.BadParameter("has no records", param_hint=str(path))
    repeated = [one for one, count in Counter(ids).items() if count > 1]
    if repeated:
        raise typer.BadParameter(f"has record_id {repeated[0]} more than once", param_hint=str(path))
    return ids


def _rows(path: Path) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            yield {name: row.get(name) or "" for name in COLUMNS}


def _moving(bar: Any) -> engines.Progress:
    done = [0.0]

    def move(step: str, records: float) -> None:
        place = records if step == "reading" else done[0] + 10_000
        bar.update(int(max(0, place - done[0])))
        done[0] = max(done[0], place)

    return move


def _write(path: Path, ids: list[str], linked: engines.Linked) -> None:
    half = path.with_name(f"{path.name}.half")
    try:
        with half.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["record_id", "cluster_id", "sure_id"])
            for one, cluster, sure in zip(ids, linked.people.tolist(), linked.sure.tolist(), strict=True):
                writer.writerow([one, ids[cluster], ids[sure]])
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _told(linked: engines.Linked, records: int, seconds: float) -> dict[str, object]:
    sizes = Counter(linked.people.tolist())
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "records": records,
        "people": len(sizes),
        "compared_pairs": linked.compared,
        "links": sum(size * (size - 1) // 2 for size in sizes.values()),
        "sure_links": sum(size * (size - 1) // 2 for size in Counter(linked.sure.tolist()).values()),
        "largest_cluster": max(sizes.values()),
        "seconds": round(seconds, 1),
        "peak_megabytes": peak // 1024,
    }
