"""`qiaoqiao gateways`: whether the world outside can be reached as it is set up."""

import json as jsons
from collections.abc import Callable
from typing import Annotated

import typer
from django.core.exceptions import ImproperlyConfigured

from qiaoqiao.gateways import mail, printing, sms, storage, vault

commands = typer.Typer(no_args_is_help=True)

CHECKS: dict[str, Callable[[], str | None]] = {
    "mail": mail.check,
    "sms": sms.check,
    "storage": storage.check,
    "printing": printing.check,
    "vault": vault.check,
}


@commands.callback()
def gateways() -> None:
    """The world outside: mail, text messages, files, printing, keys."""


@commands.command()
def check(json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False) -> None:
    """Ask every gateway whether it works; exit with 1 when one does not."""
    found = {name: _asked(one) for name, one in CHECKS.items()}
    if json:
        answer = {name: {"ok": trouble is None, "trouble": trouble} for name, trouble in found.items()}
        typer.echo(jsons.dumps(answer))
    else:
        for name, trouble in found.items():
            typer.echo(f"{name:<10} {'works' if trouble is None else 'FAILS: ' + trouble}")
    if any(found.values()):
        raise typer.Exit(1)


def _asked(one: Callable[[], str | None]) -> str | None:
    try:
        return one()
    except ImproperlyConfigured as error:
        return str(error)
