"""Operations on rolls: an office's system sends its records, row by row or for a look first."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from qiaoqiao.access.tickets import Actor
from qiaoqiao.api.filing import asked_of
from qiaoqiao.api.service import acts
from qiaoqiao.casework.actions.once import Answer, once
from qiaoqiao.parties.actions.importing import receive
from qiaoqiao.parties.importing import rolls, wording
from qiaoqiao.parties.importing.tidying import level
from qiaoqiao.parties.models import Batch, Source

router = Router(tags=["people"])
MOST_RECORDS = 500
Value = str | int | float | bool | None


class RecordsIn(Schema):
    """Records as the roll has them: `{column: value}`; columns are the source's own names, or ours."""

    records: list[dict[str, Value]] = Field(min_length=1, max_length=MOST_RECORDS)
    dry_run: bool = Field(default=False, description="Only say what would become of the records")


class RowFaultOut(Schema):
    """What is to be said of one record."""

    column: str = Field(description="The column it stands in; blank for the whole record")
    code: str = Field(examples=["bad_date"])
    level: str = Field(description="error: not imported; warning: imported; note: what was done")
    message: str
    todo: str


class RowOut(Schema):
    row: int = Field(description="The record's place in the call, from 1")
    taken: bool = Field(
        description="Whether it was, or would be, brought in; false for errors and known ones"
    )
    faults: list[RowFaultOut]


class RecordsOut(Schema):
    """What became of the records. `waiting`: the office that keeps the files brings them in."""

    batch: str
    state: str = Field(examples=["looked", "done"])
    waiting: bool
    counts: dict[str, int] = Field(description="new, joined, same, errors, warnings")
    rows: list[RowOut]


def row_out(row: int, said: list[dict[str, str]]) -> dict[str, object]:
    faults = [
        {
            "column": one["column"],
            "code": one["fault"],
            "level": level(one["fault"]),
            "message": wording.fault_words(one["fault"]),
            "todo": wording.todo_words(one["fault"]),
        }
        for one in said
    ]
    untaken = {"known_line", "duplicate_line", "changed_line"}
    taken = not any(one["level"] == "error" or one["code"] in untaken for one in faults)
    return {"row": row, "taken": taken, "faults": faults}


def records_out(batch: Batch, *, dry_run: bool) -> dict[str, object]:
    by_row: dict[int, list[dict[str, str]]] = {row: [] for row in range(1, batch.rows + 1)}
    for one in batch.report:
        by_row[int(one["row"])].append(one)
    counts = {name: batch.counts.get(name, 0) for name in ("new", "joined", "same", "errors", "warnings")}
    return {
        "batch": str(batch.pk),
        "state": batch.state,
        "waiting": batch.state == "looked" and not dry_run,
        "counts": counts,
        "rows": [row_out(row, said) for row, said in by_row.items()],
    }


def source_of(request: HttpRequest, code: str) -> Source:
    """The source, for systems whose people may send it. Raises Source.DoesNotExist for all others."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate(request.at)  # type: ignore[attr-defined]
    source = rolls.source_seen(code, actor, on=today)
    if not rolls.may_deliver(source, actor, on=today):
        raise Source.DoesNotExist
    return source


@router.post("/sources/{source}/records", response=RecordsOut, operation_id="send_records")
@acts("people")
def send_records(request: HttpRequest, source: str, body: RecordsIn) -> dict[str, object]:
    """Send at most 500 records of a roll. Send an `Idempotency-Key`: the same key and body bring nothing twice.

    A record joins a file only where an identity number and a name agree; any other begins a file. Records of a
    giving office wait until the office that keeps the files brings them in.
    """
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    found = source_of(request, source)

    def perform() -> Answer:
        batch = receive(found, body.records, dry_run=body.dry_run, actor=actor, at=at)
        return {"batch": str(batch.pk)}

    done = once(asked_of(request), perform, at=at)
    batch = rolls.batch_seen(UUID(str(done["batch"])), actor, on=timezone.localdate(at))
    return records_out(batch, dry_run=body.dry_run)
