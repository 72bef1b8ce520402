"""The commands `qiaoqiao sources …`: look through a roll, bring it in, take it back."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from django.utils import timezone
from django.utils.translation import override

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.parties.actions.importing import BatchClosed, MappingWrong, Progress, bring
from qiaoqiao.parties.actions.importing import look as look_through
from qiaoqiao.parties.actions.undoing import take_back
from qiaoqiao.parties.importing import rolls, wording
from qiaoqiao.parties.importing.held import NotHeld
from qiaoqiao.parties.importing.reading import RollRefused
from qiaoqiao.parties.importing.tidying import level
from qiaoqiao.parties.models import Batch, Source

commands = typer.Typer(no_args_is_help=True)
SHOWN = 40
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON")]
Code = Annotated[str, typer.Option("--source", help="The source's code; `sources list` shows them")]


@commands.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """List the sources: code, kind, who gives and who keeps, name, last import."""
    with acting(SYSTEM, epoch=epoch()):
        found = list(rolls.sources_listed(SYSTEM, on=timezone.localdate()))
    rows = [
        {
            "code": one.code,
            "kind": one.kind,
            "giver": one.office.code,
            "keeper": one.keeper.code,
            "name": one.names["zh-Hans"],
            "last": one.last_at.isoformat() if one.last_at else "",
        }
        for one in found
    ]
    said = (
        json.dumps(rows, ensure_ascii=False)
        if as_json
        else "\n".join("  ".join(row.values()) for row in rows)
    )
    typer.echo(said or "There are no sources yet; add one at /staff/sources/.")


@commands.command()
def look(
    file: Annotated[Path, typer.Argument(help="An .xlsx or .csv file", exists=True, dir_okay=False)],
    source: Code,
    as_json: AsJson = False,
) -> None:
    """Say what would become of each row; nothing is brought in. Exit 1 when a row has an error."""
    batch = looked(file, source)
    tell(batch, as_json=as_json)
    raise typer.Exit(1 if batch.counts.get("errors") or not batch.good else 0)


@commands.command("import")
def import_roll(
    what: Annotated[str, typer.Argument(help="A file, or the number of an import that was looked through")],
    source: Code = "",
    as_json: AsJson = False,
) -> None:
    """Bring a roll in, with a bar; what is done is not done again. Rows with errors are left out."""
    batch_id = UUID(what) if is_number(what) else looked(Path(what), source).pk
    batch = batch_of(batch_id)
    try:
        move("Importing", batch.rows, bring(batch_id, actor=SYSTEM, at=timezone.now()))
    except (BatchClosed, MappingWrong, NotHeld) as why:
        stop(why)
    tell(batch_of(batch_id), as_json=as_json)


@commands.command()
def undo(
    batch: Annotated[UUID, typer.Argument(help="The number of the import")], as_json: AsJson = False
) -> None:
    """Take an import back, with a bar; files that somebody worked on stay and are listed."""
    held = batch_of(batch)
    try:
        move("Taking back", max(held.good, 1), taking(batch))
    except BatchClosed as why:
        stop(why)
    tell(batch_of(batch), as_json=as_json)


def epoch() -> int:
    return int(timezone.now().timestamp())


def is_number(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def looked(file: Path, code: str) -> Batch:
    """Look a file through for a source; a refusal ends the command with its words."""
    if not file.is_file():
        raise typer.BadParameter(f"there is no file {file}")
    with acting(SYSTEM, epoch=epoch()):
        try:
            source = Source.objects.select_related("office", "keeper").get(code=code)
            return look_through(source, file.name, file.read_bytes(), actor=SYSTEM, at=timezone.now()).batch
        except Source.DoesNotExist:
            raise typer.BadParameter(f"there is no source {code!r}; `qiaoqiao sources list`") from None
        except RollRefused as why:
            with override("en"):
                typer.echo(wording.refusal_words(why), err=True)
            raise typer.Exit(1) from None


def batch_of(batch_id: UUID) -> Batch:
    with acting(SYSTEM, epoch=epoch()):
        try:
            return Batch.objects.select_related("source").get(pk=batch_id)
        except Batch.DoesNotExist:
            raise typer.BadParameter(f"there is no import {batch_id}") from None


def taking(batch_id: UUID) -> Iterator[Progress]:
    progress = Progress(0, 1)
    while progress.done < progress.of:
        progress = take_back(batch_id, actor=SYSTEM, at=timezone.now())
        yield progress


def move(label: str, length: int, steps: Iterator[Progress]) -> None:
    """Do steps, each under a ticket of its own, and move a bar."""
    with typer.progressbar(length=length, label=label, file=sys.stderr) as bar:
        while True:
            with acting(SYSTEM, epoch=epoch()):
                step = next(steps, None)
            if step is None:
                break
            bar.update(length * step.done // max(step.of, 1) - bar.pos)


def stop(why: BatchClosed | MappingWrong | NotHeld) -> None:
    said = {
        BatchClosed: f"This import is in the state {why}.",
        MappingWrong: "No column is matched with the name; match the columns at /staff/sources/.",
        NotHeld: "The file is no longer kept; give it again.",
    }
    typer.echo(said[type(why)], err=True)
    raise typer.Exit(1)


def tell(batch: Batch, *, as_json: bool) -> None:
    """The import, its numbers, and what is to be said of its rows."""
    if as_json:
        told = {"batch": str(batch.pk), "state": batch.state, "rows": batch.rows, "good": batch.good}
        typer.echo(json.dumps(told | {"counts": batch.counts, "report": batch.report}, ensure_ascii=False))
        return
    names = ("new", "joined", "same", "errors", "warnings")
    counts = ", ".join(f"{batch.counts.get(name, 0)} {name}" for name in names)
    typer.echo(f"{batch.pk}  {batch.file_name}  {batch.state}: {batch.rows} rows; {counts}")
    with override("en"):
        for one in batch.report[:SHOWN]:
            words = f"{one['column']}: " if one["column"] else ""
            fault = str(one["fault"])
            typer.echo(
                f"  row {one['row']}  {level(fault)}  {words}{wording.fault_words(fault)}  {one['value']}"
            )
        for kept in batch.counts.get("kept", []):
            typer.echo(f"  stays  {kept['file']}  {wording.kept_words(str(kept['why']))}")
    if len(batch.report) > SHOWN:
        typer.echo(f"  … and {len(batch.report) - SHOWN} more; --json shows all")
