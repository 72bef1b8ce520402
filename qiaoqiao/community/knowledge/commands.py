"""`qiaoqiao knowledge load`: the answers that come with the product."""

import time
from typing import Annotated

import typer
from django.utils import timezone

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.knowledge.loading import load as load_answers

commands = typer.Typer(no_args_is_help=True, help="Questions and answers.")


@commands.callback()
def group() -> None:
    """Questions and answers."""


@commands.command()
def load(
    office: Annotated[str, typer.Option(help="Code of the office that looks after them.")] = "",
) -> None:
    """Load the answers that come with the product, and what has changed in them."""
    with acting(SYSTEM, epoch=int(time.time())):
        keeper = Office.objects.get(code=office) if office else None
        written, all_of_them = load_answers(at=timezone.now(), office=keeper)
    typer.echo(f"{written} of {all_of_them} answers written.")
