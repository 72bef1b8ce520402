"""Operations for offices: their queue, search, figures, handing over, second looks."""

from typing import Annotated
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from qiaoqiao.access.queries import offices_read_by, posts_of
from qiaoqiao.access.tickets import Actor
from qiaoqiao.api import schemas
from qiaoqiao.api.cases import case_out, seen
from qiaoqiao.api.catalogue import read_day
from qiaoqiao.api.filing import asked_of
from qiaoqiao.api.service import acts
from qiaoqiao.casework import queues
from qiaoqiao.casework.actions import seating, talking
from qiaoqiao.casework.actions.once import once
from qiaoqiao.casework.models import Assignment, Case
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.reporting.figures import Filter, Tally, overview

router = Router(tags=["offices"])


def account_of(request: HttpRequest) -> int:
    """The client's account. Raises Case.DoesNotExist for a client that acts for no office."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.account_id is None:
        raise Case.DoesNotExist
    return actor.account_id


def row_out(row: Assignment) -> dict[str, object]:
    return {
        "reference": row.case.reference,
        "service": row.service,
        "state": row.case_state,
        "seat": row.seat,
        "seat_state": row.state,
        "due_on": row.due_on,
        "due_limit": row.due_limit,
        "filed_at": row.case.filed_at,
        "country": row.case.country,
        "priority": row.case.priority,
        "task": row.task,
    }


@router.get("/queue", response=schemas.QueueOut, operation_id="read_queue")
@acts("office")
def read_queue(
    request: HttpRequest,
    tab: schemas.Tab = "office",
    service: str = "",
    state: str = "",
    country: str = "",
    after: str = "",
) -> dict[str, object]:
    """What the caller's offices have before them, in the order in which the law says it is due."""
    account, today = account_of(request), timezone.localdate(request.at)  # type: ignore[attr-defined]
    desk = queues.desk_of(account, list(posts_of(account, on=today)), today=today)
    filters = queues.Filters(service=service, state=state, country=country)
    found = queues.page(tab, filters, desk, after=queues.read_mark(after) if after else None)
    return {"rows": [row_out(row) for row in found.rows], "next": str(found.after) if found.after else None}


@router.get("/search", response=schemas.FoundOut, operation_id="search_cases")
@acts("office")
def search_cases(
    request: HttpRequest, q: Annotated[str, Query(max_length=200)], after: str = ""
) -> dict[str, object]:
    """Cases in which all these words stand, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate(request.at)  # type: ignore[attr-defined]
    account_of(request)
    found = queues.search(q, actor, on=today, after=queues.read_moment(after) if after else None)
    rows = [case_out(case, entry(case.service, case.edition)) for case in found.rows]
    return {"rows": rows, "next": str(found.after) if found.after else None}


@router.get("/figures", response=schemas.FiguresOut, operation_id="read_figures")
@acts("office")
def read_figures(
    request: HttpRequest, service: str = "", since: str = "", until: str = ""
) -> dict[str, object]:
    """Counts over the cases of the caller's offices; `cases` lists those behind a number."""
    account, today = account_of(request), timezone.localdate(request.at)  # type: ignore[attr-defined]
    wanted = Filter(service=service, since=read_day(since), until=read_day(until))
    found = overview(offices_read_by(account, on=today), wanted, today=today)

    def out(tally: Tally) -> dict[str, object]:
        query = tally.wanted.query()
        return {"number": tally.number, "where": query, "cases": f"/staff/figures/cases/?{urlencode(query)}"}

    names = ("filed", "open", "done", "on_time", "late", "overdue", "faults", "not_solved")
    return {
        "totals": {name: out(getattr(found, name)) for name in names},
        "by": {key: [out(tally) for tally in tallies] for key, tallies in found.by.items()},
        "on_time_share": found.on_time_share,
    }


@router.post("/cases/{reference}/seats/{seat}/hand", response=schemas.CaseOut, operation_id="hand_over")
@acts("office")
def hand_over(request: HttpRequest, reference: str, seat: str, body: schemas.OfficerIn) -> dict[str, object]:
    """Give a seat to one officer of the same office."""
    case, found, actor = seen(request, reference)
    at = request.at  # type: ignore[attr-defined]
    return case_out(seating.hand_to(case.pk, seat, officer=body.officer, actor=actor, at=at), found)


@router.post("/cases/{reference}/look", response=schemas.CaseOut, operation_id="answer_look")
@acts("office")
def answer_look(request: HttpRequest, reference: str, body: schemas.MessageIn) -> dict[str, object]:
    """Answer the second look at a case that the person said was not solved."""
    case, found, actor = seen(request, reference)
    at = request.at  # type: ignore[attr-defined]

    def perform() -> dict[str, object]:
        talking.looked(case.pk, answer=body.body, language=body.language, actor=actor, at=at)
        return {"looked": True}

    once(asked_of(request), perform, at=at)
    return case_out(case, found)
