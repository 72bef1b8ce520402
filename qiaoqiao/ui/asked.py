"""A day or a month that an address asks for, within the years in which one can still reckon from it."""

from datetime import date

from qiaoqiao.ui.forms import FIRST_YEAR, LAST_YEAR


def asked_day(text: str) -> date | None:
    """The day written as 2026-03-09; None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def asked_month(text: str) -> date | None:
    """The first day of the month written as 2026-03; None for anything else."""
    return asked_day(f"{text}-01") if len(text) == len("2026-03") else None
