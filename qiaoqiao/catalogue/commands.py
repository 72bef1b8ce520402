"""`qiaoqiao catalogue …`: the commands of those who write and own the procedures."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from qiaoqiao.catalogue import loader
from qiaoqiao.catalogue.checker import Finding, check_all
from qiaoqiao.catalogue.drawing import draw as draw_entry
from qiaoqiao.catalogue.entry import LANGUAGES, Entry, words
from qiaoqiao.catalogue.publishing import AlreadyPublished
from qiaoqiao.catalogue.publishing import publish as publish_folder
from qiaoqiao.catalogue.rules import digest

commands = typer.Typer(no_args_is_help=True, help="Service entries: check, draw, list, publish.")

Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]


def _show(findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
        return
    for finding in findings:
        typer.echo(str(finding))


def _fail(message: object) -> typer.Exit:
    typer.echo(str(message), err=True)
    return typer.Exit(1)


def _on_file() -> list[Path]:
    return loader.files()


@commands.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Entry files; all of the catalogue when none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find what is wrong with entries, by file and line; exit 1 when there is anything but warnings."""
    paths = files or _on_file()
    findings = check_all(paths)
    _show(findings, as_json=as_json)
    if any(not finding.warning for finding in findings):
        raise typer.Exit(1)
    if not as_json:
        typer.echo(f"{len(paths)} checked, nothing wrong.")


def _entry(name: str) -> Entry:
    """An entry by its service, by service and edition (`petition@1`), or by its file."""
    path = Path(name)
    try:
        if path.suffix == ".yaml":
            return loader.read(path)
        service, _, edition = name.partition("@")
        return loader.entry(service, int(edition) if edition.isdecimal() else None)
    except (OSError, loader.EntryUnreadable, loader.NoSuchEntry) as error:
        known = ", ".join(entry.id for entry in loader.current()) if path.suffix != ".yaml" else ""
        raise _fail(f"{error}{f' (known: {known})' if known else ''}") from error


@commands.command()
def draw(
    entry: Annotated[str, typer.Argument(help="A service, `service@edition`, or a file.")],
    out: Annotated[Path | None, typer.Option(help="Where to write the SVG; else it is printed.")] = None,
    lang: Annotated[str, typer.Option(help=f"One of {', '.join(LANGUAGES)}.")] = "zh-Hans",
) -> None:
    """Draw an entry's moves as a picture for those who own the procedure."""
    if lang.lower() not in {language.lower() for language in LANGUAGES}:
        raise _fail(f"There is no language {lang} (known: {', '.join(LANGUAGES)}).")
    picture = draw_entry(_entry(entry), lang)
    if out is None:
        typer.echo(picture)
    else:
        out.write_text(picture, encoding="utf-8")
        typer.echo(f"Written: {out}")


@commands.command("list")
def list_entries(as_json: Json = False, lang: Annotated[str, typer.Option()] = "zh-Hans") -> None:
    """List the services and their newest editions."""
    rows = [
        {
            "id": entry.id,
            "edition": entry.edition,
            "since": entry.since.isoformat(),
            "kind": entry.kind,
            "name": words(entry.name, lang),
            "digest": digest(entry),
        }
        for entry in loader.current()
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['id']:<20} {row['edition']:>3}  {row['since']}  {row['name']}")


@commands.command()
def publish() -> None:
    """Lock the editions on file: from now on, changing one means a new edition."""
    wrong = [finding for finding in check_all(_on_file()) if not finding.warning]
    if wrong:
        _show(wrong, as_json=False)
        raise _fail("Nothing published: entries with faults cannot be.")
    try:
        new = [one for folder in loader.folders() for one in publish_folder(folder)]
    except AlreadyPublished as error:
        raise _fail(error) from error
    for service, edition in new:
        typer.echo(f"Published: {service} {edition}")
    if not new:
        typer.echo("All editions were published already.")
