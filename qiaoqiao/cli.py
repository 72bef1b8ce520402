"""The command `qiaoqiao`: prepares the surroundings, then hands over to a room's commands.

Each room keeps its commands in `<room>/commands.py` as a typer.Typer named `commands`; GROUPS is the list.
A Typer with one command is mounted as that command. Only the chosen module is imported, so help is quick.
"""

import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Literal

import django
import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from qiaoqiao.gateways.cluster import Cluster, ClusterBroken, make_folder, write_private
from qiaoqiao.gateways.roles import RoleWrong, ensure_roles, grant_web
from qiaoqiao.ui import serving, vendor

STATE = Path(os.environ.get("STATE_DIR") or vendor.PROJECT / ".state").resolve()
SECRETS = ("SECRET_KEY", "TICKET_KEY", "FIELD_KEY", "WEB_DATABASE_PASSWORD")
NOT_BUILT = 69  # the exit code where a command belongs to a part that is not there yet
PLAIN = (ClusterBroken, RoleWrong, vendor.AssetsMissing, serving.CannotServe)  # their message says enough
Needs = Literal["nothing", "django", "database"]


@dataclass(frozen=True)
class Group:
    """Where a group's commands are, what they are for, and what must stand before they are imported."""

    module: str
    about: str
    needs: Needs


GROUPS = {
    "clock": Group("qiaoqiao.catalogue.clocking", "Work out a legal date and explain every day.", "django"),
    "catalogue": Group("qiaoqiao.catalogue.commands", "Check and draw the service entries.", "django"),
    "ledger": Group("qiaoqiao.casework.proof_commands", "Verify the ledger; write proofs.", "database"),
    "demo": Group("demo.commands", "Load the demo's invented people and cases.", "database"),
    "offices": Group(
        "qiaoqiao.access.commands", "List offices; set what the law leaves to them.", "database"
    ),
    "api": Group("qiaoqiao.api.commands", "Write the API's schema; let systems call it.", "database"),
    "gateways": Group("qiaoqiao.gateways.commands", "Ask every adapter whether it is set up.", "django"),
    "messages": Group("qiaoqiao.ui.commands", "Compile the translations and list what lacks one.", "nothing"),
    "link": Group("qiaoqiao.parties.linkage.commands", "Find which records are of one person.", "django"),
    "people": Group(
        "qiaoqiao.parties.people_commands",
        "Find files of one person; list and re-erase erased ones.",
        "database",
    ),
    "sources": Group(
        "qiaoqiao.parties.commands", "Import the rolls of offices; take imports back.", "database"
    ),
    "knowledge": Group("qiaoqiao.community.knowledge.commands", "Load questions and answers.", "database"),
    "bench": Group("bench.commands", "Measure speed against plain SQL.", "database"),
}
OWN_NEEDS: dict[str, Needs] = {"setup": "database", "serve": "database", "build": "django"}

app = typer.Typer(
    help="QiaoQiao: one window for overseas Chinese.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(no_args_is_help=True)
app.add_typer(database, name="db", help="The embedded PostgreSQL.")


def main() -> None:
    """Run the command line."""
    chosen = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    needs = GROUPS[chosen].needs if chosen in GROUPS else OWN_NEEDS.get(chosen, "nothing")
    with ExitStack() as stack:
        try:
            prepare("django" if "--help" in sys.argv and needs == "database" else needs, stack)
            for name, group in GROUPS.items():
                mount(name, group, chosen=name == chosen)
            app()
        except PLAIN as problem:
            typer.echo(str(problem), err=True)
            sys.exit(1)


def prepare(needs: Needs, stack: ExitStack) -> None:
    """Set the environment, start the embedded PostgreSQL if it is wanted, set Django up: in this order."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaoqiao.settings")
    if needs == "nothing":
        return
    os.environ.update(own_secrets())
    if needs == "database" and not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")):
        os.environ["DATABASE_URL"] = stack.enter_context(Cluster(STATE).use())
    django.setup()
    stack.callback(close_connections)


def own_secrets() -> dict[str, str]:
    """Return this installation's keys that the environment does not give; the first time, make them."""
    make_folder(STATE)
    file = STATE / "secrets.env"
    kept = dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {}
    given = {name for name in SECRETS if os.environ.get(name) or os.environ.get(f"{name}_FILE")}
    made = {name: secrets.token_urlsafe(48) for name in SECRETS if name not in given and name not in kept}
    if made:
        write_private(file, "".join(f"{name}={value}\n" for name, value in (kept | made).items()))
    return {name: value for name, value in (kept | made).items() if name not in given}


def close_connections() -> None:
    """Let go of the database before the server may stop, or the pool's threads would complain."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()


def mount(name: str, group: Group, *, chosen: bool) -> None:
    """Hang a room's commands under a name; without importing them unless they were chosen."""
    if not chosen:
        app.add_typer(typer.Typer(), name=name, help=group.about)
        return
    if find_spec(group.module) is None:
        typer.echo(f"`qiaoqiao {name}` is not built yet: there is no {group.module}.", err=True)
        sys.exit(NOT_BUILT)
    commands: typer.Typer = import_module(group.module).commands
    only = commands.registered_commands[0] if len(commands.registered_commands) == 1 else None
    if only and only.callback and not commands.registered_callback and only.name in (None, name):
        app.command(name, help=only.help)(only.callback)
    else:
        app.add_typer(commands, name=name, help=group.about)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, with a bar that moves while it takes long, and afterwards how long it took."""
    start, over = time.monotonic(), Event()
    bar = Thread(target=move_bar, args=(text, start, over), daemon=True)
    typer.echo(f"{text} ...", nl=False)
    if sys.stdout.isatty():
        bar.start()
    try:
        yield
    finally:
        over.set()
        if bar.is_alive():
            bar.join()
    typer.echo(f" {time.monotonic() - start:.1f} s")


def move_bar(text: str, start: float, over: Event) -> None:
    """Draw a bar whose end nobody knows, from the second second on, until it is over."""
    while not over.wait(0.25):
        gone = time.monotonic() - start
        if gone > 1:
            place = int(gone * 4) % 17
            typer.echo(f"\r{text} [{'·' * place}###{'·' * (16 - place)}] {gone:.0f} s", nl=False)
    if time.monotonic() - start > 1:
        typer.echo(f"\r{text} {' ' * 30}\r{text} ...", nl=False)


@app.command()
def setup() -> None:
    """Make the database and its roles, migrate, and grant the web's role its rights."""
    with step("Database and roles"):
        ensure_roles(settings.OWNER_URL, settings.WEB_PASSWORD)
    with step("Migrations"):
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        grant_web(connections["owner"])
        import_module("qiaoqiao.access.wall").install_ticket_key(connections["owner"])
    with step("Catalogue"):
        editions = import_module("qiaoqiao.catalogue.actions")
        try:
            editions.load_editions(at=timezone.now())
        except (editions.EditionChanged, editions.EditionGone) as problem:
            typer.echo(f"\n{problem}", err=True)
            raise typer.Exit(1) from problem


@app.command()
def build() -> None:
    """Fetch and copy the front end, compile the translations, gather the static files."""
    with step("Front-end packages"):
        vendor.fetch()
    with step("Front-end files"):
        vendor.copy()
    with step("Translations"):
        import_module("qiaoqiao.ui.translations").compile_messages()
    with step("Static files"):
        serving.gather_static()


@app.command()
def port(host: str = "127.0.0.1", port: int = 8000) -> None:
    """Say whether the address is free to serve at; exit 1 when something answers there already."""
    serving.check_free(host, port)


@app.command()
def serve(host: str = "127.0.0.1", port: int = 8000, workers: int = 2) -> None:
    """Serve the pages and run the jobs until Ctrl-C."""
    serving.serve(host, port, workers, words=STATE / "demo-accounts.txt")


@database.command("start")
def db_start() -> None:
    """Start the embedded PostgreSQL and let it run until `db stop`."""
    Cluster(STATE).keep(True)
    Cluster(STATE).start()


@database.command("stop")
def db_stop() -> None:
    """Stop the embedded PostgreSQL."""
    Cluster(STATE).keep(False)
    Cluster(STATE).stop()


@database.command("status")
def db_status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Say whether the embedded PostgreSQL runs."""
    pid = Cluster(STATE).pid()
    typer.echo(json.dumps({"running": pid is not None, "pid": pid}) if as_json else f"{pid or 'not running'}")


@database.command("url")
def db_url() -> None:
    """Print the owner's address of the embedded PostgreSQL; it contains the password."""
    typer.echo(Cluster(STATE).url())


@database.command("remove")
def db_remove() -> None:
    """Stop the embedded PostgreSQL and delete all its data."""
    Cluster(STATE).remove()


if __name__ == "__main__":
    main()
