"""The commands `qiaoqiao offices …`: who is on the network, and the numbers that law leaves to an office."""

from typing import Annotated

import typer

from qiaoqiao.access.actions import set_office_number
from qiaoqiao.access.models import Office

commands = typer.Typer(no_args_is_help=True)


@commands.command("list")
def list_offices(kind: Annotated[str, typer.Option(help="Only offices of this kind")] = "") -> None:
    """List the offices: code, kind, level, place, name and their own numbers."""
    offices = Office.objects.order_by("path")
    for office in offices.filter(kind=kind) if kind else offices:
        numbers = " ".join(
            f"{service}.{setting}={amount}"
            for service, settings in office.settings.items()
            for setting, amount in settings.items()
        )
        typer.echo(
            f"{office.code}  {office.kind}  {office.place_id}  {office.names['zh-Hans']}  {numbers}".rstrip()
        )


@commands.command("set")
def set_number(
    office: Annotated[str, typer.Argument(help="The office's code")],
    service: Annotated[str, typer.Argument(help="A service, such as settlement")],
    setting: Annotated[str, typer.Argument(help="One of its settings, such as approve_days")],
    number: Annotated[int, typer.Argument(min=0, max=3650, help="In the unit of its limit; 0 takes it away")],
) -> None:
    """Set a number that the law leaves open, or a promise shorter than the law. New dates use it at once."""
    try:
        set_office_number(office, service=service, setting=setting, number=number)
    except Office.DoesNotExist:
        raise typer.BadParameter(f"there is no office {office}") from None
    typer.echo(f"{office}: {service}.{setting} = {number or 'not set'}")
