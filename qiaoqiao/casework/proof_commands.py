"""The commands `qiaoqiao ledger …`: recompute everything, or write what proves one case."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from django.utils import timezone

from qiaoqiao.casework.models import Case
from qiaoqiao.ledger import queries, sequencing, verifying
from qiaoqiao.ledger.keys import signing_key
from qiaoqiao.ledger.models import Checkpoint
from qiaoqiao.lib.ids import tidy_reference

commands = typer.Typer(no_args_is_help=True)
OWNER = "owner"


@commands.command()
def verify(
    against: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint note kept elsewhere; may be given several times")
    ] = None,
    as_data: Annotated[bool, typer.Option("--json", help="Answer as JSON")] = False,
) -> None:
    """Recompute every chain, commitment, leaf, root and signature; exit 1 when anything does not hold."""
    notes = [path.read_text(encoding="utf-8") for path in against or []]
    with typer.progressbar(length=1000, label="Ledger", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.update(1000 * done // max(total, 1) - bar.pos)

        verdict = verifying.verify(progress=progress, published=notes)
    if as_data:
        typer.echo(json.dumps(asdict(verdict) | {"holds": verdict.holds}, default=str, ensure_ascii=False))
    else:
        typer.echo(
            f"{verdict.entries} entries of {verdict.subjects} cases, {verdict.positions} placed,"
            f" {verdict.checkpoints} checkpoints, {verdict.erased} entries without their facts:"
            f" {'everything holds' if verdict.holds else f'{verdict.found} contradictions'}"
        )
        for finding in verdict.findings:
            place = {name: value for name, value in asdict(finding).items() if value is not None}
            typer.echo("  " + ", ".join(f"{name} {value}" for name, value in place.items()))
    raise typer.Exit(0 if verdict.holds else 1)


@commands.command()
def prove(
    case: Annotated[str, typer.Argument(help="The case's reference")],
    out: Annotated[Path | None, typer.Option(help="File to write; the screen otherwise")] = None,
) -> None:
    """Write the bundle that `docs/verify_ledger.py` checks without our database."""
    found = (
        Case.objects.using(OWNER).filter(reference=tidy_reference(case)).values_list("pk", flat=True).first()
    )
    if found is None:
        raise typer.BadParameter(f"there is no case {case}")
    seal()
    text = json.dumps(queries.prove(UUID(str(found)), using=OWNER), ensure_ascii=False, indent=1)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"{out} written; check it with: python docs/verify_ledger.py {out}")


@commands.command()
def checkpoint() -> None:
    """Place what waits and sign the whole ledger now; print the note, to be kept elsewhere."""
    seal()
    typer.echo(Checkpoint.objects.using(OWNER).order_by("-size").values_list("note", flat=True).first())


def seal() -> None:
    """Give every entry its place and sign the tree."""
    at = timezone.now()
    while sequencing.sequence(at=at, using=OWNER):
        pass
    sequencing.checkpoint(at=at, key=signing_key(), using=OWNER)
