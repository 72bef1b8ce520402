"""The commands `qiaoqiao people …`: pairs that look like one person; erased files, and erasing them after a restore."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties.actions.erasing import erase_again
from qiaoqiao.parties.actions.proposing import Proposed, propose_all
from qiaoqiao.parties.models import File

commands = typer.Typer(no_args_is_help=True)


@commands.command("erased")
def list_erased() -> None:
    """Print the number of every erased file and when it was erased: a list to be kept beside the backups.

    It holds numbers only, nothing of anybody.
    """
    with acting(SYSTEM, epoch=int(timezone.now().timestamp())):
        erased = Entry.objects.filter(kind="file.erased").order_by("at", "id").values_list("subject", "at")
        numbers = dict(File.objects.filter(state="erased").values_list("pk", "number"))
    for subject, at in erased:
        if subject in numbers:
            typer.echo(f"{numbers[subject]} {at.isoformat()}")


@commands.command("erase-again")
def erase_listed(
    listed: Annotated[Path, typer.Argument(help="A list that `people erased` printed", exists=True)],
) -> None:
    """Erase once more whatever a restored backup brought back. Run it before anybody may use the restored one."""
    words = [line.split() for line in listed.read_text(encoding="utf-8").splitlines()]
    wanted = {number for line in words if line and (number := tidy_reference(line[0], prefix="QF"))}
    again = []
    for number in sorted(wanted):
        now = timezone.now()
        with acting(SYSTEM, epoch=int(now.timestamp())):
            again += erase_again([number], at=now)
    for number in again:
        typer.echo(number)
    typer.echo(f"{len(again)} of {len(wanted)} erased again")


@commands.command("propose")
def propose(
    office: Annotated[
        str, typer.Option(help="Code of the office; files of offices below it are compared too")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
) -> None:
    """Compare all open files of an office and put before its people those that look like one person.

    Nothing is merged. Running it again brings what waits up to date and leaves decisions alone.
    """
    told = Proposed()
    with typer.progressbar(length=1000, label="Comparing files", hidden=as_json) as bar:
        work = None
        while True:
            now = timezone.now()
            with acting(SYSTEM, epoch=int(now.timestamp())):
                if work is None:
                    work = propose_all(office=office_of(office), actor=SYSTEM, at=now)
                step = next(work, None)
            if step is None:
                break
            told = step
            bar.update(max(0, told.thousandths - bar.pos))
    if as_json:
        typer.echo(json.dumps(asdict(told), ensure_ascii=False))
        return
    typer.echo(f"{told.files} files, {told.lines} records compared")
    for band, number in told.new.items():
        typer.echo(f"{band:8} {number} new")
    typer.echo(f"updated  {told.updated}")


def office_of(code: str) -> Office:
    """The office of a code; stops with a plain message when there is none."""
    found = Office.objects.filter(code=code).first()
    if found is None:
        raise typer.BadParameter(f"there is no office {code}", param_hint="--office")
    return found
