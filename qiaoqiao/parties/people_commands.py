"""The commands `qiaoqiao people …`: which files were erased, and erasing them again after a restore."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties.actions.erasing import erase_again
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
