"""A reckoning as JSON, as the command line and the API give it."""

import json
from datetime import date

from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.explain import as_json
from qiaoqiao.clock.rules import Pause, Term, Unit, reckon

TERM = Term(5, Unit.WORKING_DAY, source="华侨回国定居办理工作规定第7条")


def test_a_reckoning_as_json_has_the_date_the_reasoning_and_the_source() -> None:
    told = as_json(reckon(TERM, date(2026, 2, 10), calendar=official()))
    told = json.loads(json.dumps(told))
    days = told.pop("days")
    assert told == {
        "due_on": "2026-02-24",
        "due_at": "2026-02-25T00:00:00+08:00",
        "provisional": False,
        "source": "华侨回国定居办理工作规定第7条",
    }
    assert len(days) == 15
    assert days[4] == {
        "on": "2026-02-14",
        "counted": True,
        "ordinal": 4,
        "reason": "make_up",
        "holiday": "春节",
        "provisional": False,
    }


def test_while_a_pause_is_open_the_json_has_no_date() -> None:
    pause = Pause(date(2026, 2, 12), None)
    told = as_json(reckon(TERM, date(2026, 2, 10), calendar=official(), pauses=[pause]))
    assert (told["due_on"], told["due_at"]) == (None, None)
    assert [day["reason"] for day in json.loads(json.dumps(told))["days"]] == ["start", "working", "paused"]
