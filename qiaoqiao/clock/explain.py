"""A reckoning in a form that leaves the house: the command line, the API, a ledger entry."""

from qiaoqiao.clock.rules import Day, Reckoning


def as_json(reckoning: Reckoning) -> dict[str, object]:
    """Return the reckoning as plain JSON values; dates and instants in ISO 8601, Asia/Shanghai.

    `due_on` and `due_at` are null while an open pause keeps the term from ending.
    """
    return {
        "due_on": reckoning.due_on.isoformat() if reckoning.due_on else None,
        "due_at": reckoning.due_at.isoformat() if reckoning.due_at else None,
        "days": [_day(day) for day in reckoning.days],
        "provisional": reckoning.provisional,
        "source": reckoning.source,
    }


def _day(day: Day) -> dict[str, object]:
    return {
        "on": day.on.isoformat(),
        "counted": day.counted,
        "ordinal": day.ordinal,
        "reason": day.reason.value,
        "holiday": day.holiday,
        "provisional": day.provisional,
    }
