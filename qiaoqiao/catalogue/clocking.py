"""The command `qiaoqiao clock`: work out a legal date of the catalogue and explain every day."""

import json
from datetime import date, datetime, time
from typing import Annotated

import typer

from qiaoqiao.catalogue.entry import Limit, words
from qiaoqiao.catalogue.loader import NoSuchEntry, entry
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.explain import as_json
from qiaoqiao.clock.rules import SHANGHAI, Pause, Reckoning, Term, TermRefused, Unit, reckon

commands = typer.Typer()

REASONS = {
    "start": "起算当日，不计入",
    "working": "工作日",
    "make_up": "调休上班，计入",
    "weekend": "周末",
    "holiday": "法定节假日",
    "calendar": "计入",
    "paused": "中止期间，不计入",
    "rolled": "末日逢休息日，顺延至此",
}


def day(text: str) -> date:
    """Read a date such as 2026-02-10."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text}: write a date as 2026-02-10") from None


def pause(text: str) -> Pause:
    """Read a pause such as 2026-02-12..2026-02-20; an end left out means it is still paused."""
    start, dots, end = text.partition("..")
    if not dots:
        raise typer.BadParameter(f"{text}: write a pause as 2026-02-12..2026-02-20")
    try:
        return Pause(day(start), day(end) if end else None)
    except TermRefused as why:
        raise typer.BadParameter(str(why)) from None


@commands.command(name="clock")
def clock(
    entry_id: Annotated[str, typer.Argument(metavar="ENTRY", help="A service, such as settlement")],
    limit_id: Annotated[str, typer.Argument(metavar="LIMIT", help="One of its limits, such as correction")],
    start: Annotated[str, typer.Option("--from", help="The starting day, which does not count")],
    pauses: Annotated[list[str] | None, typer.Option("--pause", help="FROM..TO, both days included")] = None,
    extend: Annotated[int, typer.Option(help="Lengthen by so many of the limit's own units")] = 0,
    amount: Annotated[int | None, typer.Option(help="For a limit that the law leaves to the office")] = None,
    as_data: Annotated[bool, typer.Option("--json", help="Answer as JSON")] = False,
) -> None:
    """Print the due date of a limit, and every counted or skipped day with its reason."""
    try:
        found = entry(entry_id)
        limit = found.limit(limit_id)
    except NoSuchEntry:
        raise typer.BadParameter(f"no service {entry_id}") from None
    except KeyError:
        known = ", ".join(one.id for one in found.limits)
        raise typer.BadParameter(f"{entry_id} has no limit {limit_id}; it has {known}") from None
    law = found.sources[limit.law.source]
    reckoning = work_out(limit, day(start), [pause(text) for text in pauses or []], extend, amount, law.title)
    if as_data:
        typer.echo(json.dumps(as_json(reckoning), ensure_ascii=False, indent=2))
    else:
        show(limit, reckoning)


def work_out(
    limit: Limit, start: date, pauses: list[Pause], extend: int, amount: int | None, title: str
) -> Reckoning:
    """Reckon a limit, within the extension its article allows."""
    given = limit.amount if limit.amount is not None else amount
    if given is None:
        raise typer.BadParameter(
            f"{limit.id}: neither law nor the office sets an amount; name one with --amount"
        )
    most = limit.extension.most if limit.extension else 0
    if not 0 <= extend <= most:
        raise typer.BadParameter(f"{limit.id} can be extended by at most {most}, not {extend}")
    term = Term(given, Unit(limit.unit), limit.rolls, f"《{title}》{limit.law.article}")
    midnight = datetime.combine(start, time(), SHANGHAI) if limit.unit == "hour" else None
    try:
        return reckon(term, start, calendar=official(), pauses=pauses, extension=extend, started_at=midnight)
    except TermRefused as why:
        raise typer.BadParameter(str(why)) from None


def show(limit: Limit, reckoning: Reckoning) -> None:
    """Print a reckoning for a reader."""
    typer.echo(f"{words(limit.name, 'zh-hans')}  {reckoning.source}")
    for one in reckoning.days:
        number = f"第{one.ordinal}天" if one.ordinal else "不计" if not one.counted else "计"
        mark = "（暂定）" if one.provisional else ""
        typer.echo(f"  {one.on}  {number:6}  {REASONS[one.reason]}{one.holiday and ' ' + one.holiday}{mark}")
    typer.echo(
        f"到期日 {reckoning.due_on or '中止中，尚不能确定'}{'（暂定）' if reckoning.provisional else ''}"
    )
