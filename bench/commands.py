"""The command `qiaoqiao bench`: every figure beside its floor and its aim, with machine and commit."""

import json
import os
from dataclasses import asdict
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone

from bench import filings, filling, ledger, pages, people, report, served, weight
from bench.crowd import Crowd
from bench.machine import machine
from bench.report import Figures, Memory
from bench.scratch import scratch
from bench.town import settle_town

commands = typer.Typer()
DRAIN_SECONDS = 10


@commands.command()
def bench(
    large: Annotated[
        bool, typer.Option(help="200,000 cases and a million files; takes half an hour.")
    ] = False,
    rounds: Annotated[int, typer.Option(help="How often floor and API take turns.", min=1)] = 3,
    seconds: Annotated[float, typer.Option(help="How long each turn is.", min=0.5)] = 5,
    only: Annotated[str, typer.Option(help="filings, pages or people; all when empty")] = "",
    files: Annotated[int, typer.Option(help="How many files at most; 0: 100,000, or a million.", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure filings, pages, files of people, memory and weight in a database that is dropped afterwards."""
    if only not in {"", "filings", "pages", "people"}:
        raise typer.BadParameter("filings, pages or people", param_hint="--only")
    if not settings.STATIC_ROOT.exists():
        typer.echo("The static files are missing: run `qiaoqiao build` first.", err=True)
        raise typer.Exit(1)
    settings.DEMO, os.environ["QIAOQIAO_DEMO"] = True, "yes"
    figures = Figures(machine())
    if only in {"", "filings"}:
        measure_filings(figures, rounds=rounds, seconds=seconds)
    if only in {"", "pages"}:
        measure_pages(figures, sizes=(2_000, 200_000 if large else 20_000))
    if only in {"", "people"}:
        most = files or (1_000_000 if large else 100_000)
        measure_people(figures, sizes=(min(10_000, most // 2), most))
    typer.echo(json.dumps(asdict(figures), indent=2, ensure_ascii=False) if as_json else report.text(figures))


def measure_filings(figures: Figures, *, rounds: int, seconds: float) -> None:
    """File through the API beside the floor; then memory, and the ledger that came of it."""
    say("Filings")
    with scratch() as url:
        settle_town(at=timezone.now())
        with served.web() as web:
            rows = filings.one_filing(served.HOST, web.port, url)
            figures.filings = filings.measure(
                served.HOST, web.port, url, filing=rows, rounds=rounds, seconds=seconds
            )
            with served.worker(seconds=DRAIN_SECONDS) as jobs:
                figures.memory = Memory(served.memory(web.pid), served.memory(jobs))


def measure_pages(figures: Figures, *, sizes: tuple[int, ...]) -> None:
    """Tell the demo's stories, then copy them to each size and look at the pages."""
    say(f"{filling.STORIES} stories")
    with scratch() as url:
        filled = filling.tell_stories(url, at=timezone.now())
        figures.ledger = ledger.measure()
        figures.weights = weight.weights()
        with served.web() as web:
            for cases in sizes:
                say(f"{cases:,} cases")
                filled.grow(cases)
                say("pages")
                figures.pages += pages.measure(url, web, cases=filled.cases)


def measure_people(figures: Figures, *, sizes: tuple[int, ...]) -> None:
    """Bring a roll into an empty registry; then, at each size, look at pages, find people, bring one in again."""
    say("a roll")
    at = timezone.now()
    with scratch() as url:
        settle_town(at=at)
        first, rows = people.first_import(url, at)
        figures.imports.append(first)
        crowd = Crowd(url, people.settle(at), at)
        with served.web() as web:
            for turn, files in enumerate(sizes, 2):
                say(f"{files:,} files")
                crowd.grow(files)
                say("pages, matching")
                figures.people += people.pages(crowd, web)
                figures.plain += people.plain(crowd)
                figures.found.append(people.finding(crowd))
                figures.imports.append(people.later_import(crowd, rows, at, turn=turn))


def say(what: str) -> None:
    typer.echo(f"{what} ...", err=True)
