"""`qiaoqiao demo load`: the demo's people and cases, once."""

import os
from typing import Annotated

import typer
from django.utils import timezone

from demo import loading
from demo.registry import PEOPLE

commands = typer.Typer(no_args_is_help=True, help="The demo's invented people and cases.")
CASES = 2233


@commands.callback()
def group() -> None:
    """The demo's invented people and cases."""


@commands.command()
def load(
    cases: Annotated[int, typer.Option(help="How many cases.", min=1)] = CASES,
    people: Annotated[int, typer.Option(help="How many people have files.", min=0)] = PEOPLE,
    seed: Annotated[int, typer.Option(help="The same seed tells the same stories.")] = 1954,
    processes: Annotated[int, typer.Option(help="How many work at it.", min=1)] = min(2, os.cpu_count() or 1),
) -> None:
    """Load the demo unless it is loaded."""
    if there := loading.loaded():
        loading.announce()
        typer.echo(f"The demo is loaded: {there} cases.")
        return
    with typer.progressbar(length=cases + people, label="Demo cases and people") as bar:
        made = loading.load(
            cases, people=people, seed=seed, now=timezone.now(), processes=processes, progress=bar.update
        )
    typer.echo(f"The demo is loaded: {made} cases.")
