"""The commands `qiaoqiao api …`: the schema, and the systems that may call."""

import json
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from qiaoqiao.access.actions import make_client, revoke_client
from qiaoqiao.access.models import Account
from qiaoqiao.api import urls

commands = typer.Typer(no_args_is_help=True)


def schema_text() -> str:
    """The OpenAPI document, as it is committed."""
    document = urls.api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


@commands.command()
def schema(out: Annotated[Path, typer.Option(help="File to write")] = Path("openapi.json")) -> None:
    """Write the OpenAPI document."""
    out.write_text(schema_text(), encoding="utf-8")
    typer.echo(f"{out} written")


@commands.command()
def client(
    name: Annotated[str, typer.Argument(help="The system's name")],
    account: Annotated[str, typer.Option(help="The account for whose offices it acts")] = "",
) -> None:
    """Let a system call the API; prints its token once."""
    try:
        made, token = make_client(name, account=account, at=timezone.now())
    except Account.DoesNotExist:
        raise typer.BadParameter(f"there is no account {account}") from None
    typer.echo(f"client {made.pk}: {token}")


@commands.command()
def revoke(number: Annotated[int, typer.Argument(help="The client's number")]) -> None:
    """End a system's access."""
    revoke_client(number, at=timezone.now())
