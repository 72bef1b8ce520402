"""Operations on one case, for the person who proved it and for the offices that sit at it."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from qiaoqiao.access.tickets import Actor
from qiaoqiao.api import schemas
from qiaoqiao.api.catalogue import options_out, reckoning_out
from qiaoqiao.api.filing import asked_of, brought
from qiaoqiao.api.service import acts, language
from qiaoqiao.casework.actions import moving, papers, seating, talking
from qiaoqiao.casework.actions.clocks import reckon_case
from qiaoqiao.casework.actions.grounds import ended_on
from qiaoqiao.casework.actions.once import once
from qiaoqiao.casework.models import Case, Message, Paper
from qiaoqiao.casework.printing import print_paper
from qiaoqiao.casework.queries import events_of, moves_for, visible_case
from qiaoqiao.casework.reading import file_of
from qiaoqiao.casework.rules import MoveRefused, WhyNot
from qiaoqiao.casework.sentences import Audience, Known, Teller, tell
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.gateways import storage
from qiaoqiao.services.relief.governing import governing_grant

router = Router(tags=["cases"])


def seen(request: HttpRequest, reference: str) -> tuple[Case, Entry, Actor]:
    """The case, its entry and who is asking. Raises Case.DoesNotExist for a stranger."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = visible_case(reference, actor, on=timezone.localdate(request.at))  # type: ignore[attr-defined]
    return case, entry(case.service, case.edition), actor


def case_out(case: Case, found: Entry) -> dict[str, object]:
    state = found.states[case.state]
    return {
        "reference": case.reference,
        "service": case.service,
        "service_name": words(found.name, language()),
        "state": case.state,
        "state_name": words(state.name, language()),
        "plain": words(state.plain, language()),
        "stage": case.stage,
        "outcome": case.outcome,
        "office": words(case.office.names, language()),
        "filed_at": case.filed_at,
        "due_on": case.due_on,
        "due_limit": case.due_limit,
        "person_due_on": case.person_due_on,
        "provisional": case.provisional,
        "closed_at": case.closed_at,
        "rating": case.rating,
        "faults": case.faults,
    }


@router.get("/cases/{reference}", response=schemas.CaseOut, operation_id="read_case")
@acts("case")
def read_case(request: HttpRequest, reference: str) -> dict[str, object]:
    """Where a case stands."""
    case, found, _ = seen(request, reference)
    return case_out(case, found)


@router.get("/cases/{reference}/dates", response=list[schemas.ReckoningOut], operation_id="read_dates")
@acts("case")
def read_dates(request: HttpRequest, reference: str) -> list[dict[str, object]]:
    """Every limit that ran or runs, and how each date was reached."""
    case, found, _ = seen(request, reference)
    runs = reckon_case(case, found, events_of(case.pk), closed_on=ended_on(case))
    return [reckoning_out(run, found.sources[run.limit.law.source].title) for run in runs]


@router.get("/cases/{reference}/moves", response=list[schemas.MoveOut], operation_id="list_moves")
@acts("case")
def list_moves(request: HttpRequest, reference: str) -> list[dict[str, object]]:
    """Every move of the procedure: open to the caller now, or why not."""
    case, found, actor = seen(request, reference)
    offered = moves_for(case, found, actor, on=timezone.localdate(request.at))  # type: ignore[attr-defined]
    return [
        {
            "id": one.move.id,
            "name": words(one.move.name, language()),
            "says": words(one.move.says, language()),
            "open": one.why is None,
            "why_not": one.why or "",
            "notice": one.move.notice,
            "asks": [
                {
                    "id": ask.id,
                    "type": ask.type,
                    "label": words(ask.label, language()),
                    "required": ask.required,
                    "options": options_out(ask.options),
                }
                for ask in one.move.asks
            ],
        }
        for one in offered
    ]


@router.post("/cases/{reference}/moves/{move}", response=schemas.CaseOut, operation_id="make_move")
@acts("case")
def make_move(request: HttpRequest, reference: str, move: str, body: schemas.MoveIn) -> dict[str, object]:
    """Make a move. 409 when it is not open: somebody was quicker, or it is another seat's."""
    case, _entry, actor = seen(request, reference)
    at = request.at  # type: ignore[attr-defined]
    if governing_grant(case.service, case.pk, move):
        raise MoveRefused(move, WhyNot.NEEDS, case.state)

    def perform() -> dict[str, object]:
        moved = moving.move(case.pk, move, answers=body.answers, actor=actor, at=at)
        return {"state": moved.state}

    once(asked_of(request), perform, at=at)
    return read_again(request, reference)


def read_again(request: HttpRequest, reference: str) -> dict[str, object]:
    case, found, _ = seen(request, reference)
    return case_out(case, found)


@router.post("/cases/{reference}/seats/{seat}/accept", response=schemas.CaseOut, operation_id="accept_seat")
@acts("office")
def accept_seat(request: HttpRequest, reference: str, seat: str) -> dict[str, object]:
    """Take up a seat that was offered to the caller's office."""
    case, _, actor = seen(request, reference)
    seating.accept(case.pk, seat, actor=actor, at=request.at)  # type: ignore[attr-defined]
    return read_again(request, reference)


@router.post("/cases/{reference}/seats/{seat}/decline", response=schemas.CaseOut, operation_id="decline_seat")
@acts("office")
def decline_seat(
    request: HttpRequest, reference: str, seat: str, body: schemas.ReasonIn
) -> dict[str, object]:
    """Decline an offered seat, with the reason; afterwards the office no longer sits at the case."""
    case, found, actor = seen(request, reference)
    seating.decline(case.pk, seat, reason=body.reason, actor=actor, at=request.at)  # type: ignore[attr-defined]
    return case_out(case, found) | {"state": case.state}


@router.get("/cases/{reference}/timeline", response=list[schemas.EventOut], operation_id="read_timeline")
@acts("case")
def read_timeline(request: HttpRequest, reference: str) -> list[dict[str, object]]:
    """All that happened, newest first, in the caller's language; internal steps only for offices."""
    case, found, actor = seen(request, reference)
    held = file_of(case, actor, on=timezone.localdate(request.at))  # type: ignore[attr-defined]
    audience: Audience = "staff" if actor.account_id else "person"
    known = Known(
        offices={one.code: words(one.names, language()) for one in held.offices.values()},
        papers={str(one.pk): one.title for one in held.papers},
    )
    return [
        {"at": told.at, "by": told.by, "title": told.title, "text": told.text}
        for told in tell(held.steps, Teller(found, language(), known, audience))
    ]


@router.get("/cases/{reference}/papers", response=list[schemas.PaperOut], operation_id="list_papers")
@acts("case")
def list_papers(request: HttpRequest, reference: str) -> list[Paper]:
    """Papers brought and notices issued, oldest first."""
    case, _, actor = seen(request, reference)
    rows = Paper.objects.filter(case=case).order_by("added_at", "id")
    return list(rows if actor.account_id else rows.filter(seen_by_person=True))


@router.post("/cases/{reference}/papers", response=list[schemas.PaperOut], operation_id="add_papers")
@acts("case")
def add_papers(request: HttpRequest, reference: str, body: schemas.PapersIn) -> list[Paper]:
    """Add files (tokens from POST /files) to an open case."""
    case, _, actor = seen(request, reference)
    at = request.at  # type: ignore[attr-defined]
    held = brought(body.files)

    def perform() -> dict[str, object]:
        papers.add(case.pk, held, actor=actor, at=at)
        return {"added": len(held)}

    once(asked_of(request), perform, at=at)
    return list_papers(request, reference)  # type: ignore[no-any-return]


@router.get("/cases/{reference}/papers/{paper}/file", operation_id="read_paper")
@acts("case")
def read_paper(request: HttpRequest, reference: str, paper: UUID) -> HttpResponse | FileResponse:
    """The paper itself."""
    case, _, actor = seen(request, reference)
    held = Paper.objects.select_related("office").get(pk=paper, case=case)
    if not actor.account_id and not held.seen_by_person:
        raise Paper.DoesNotExist
    if not held.file:
        return HttpResponse(print_paper(held), content_type="application/pdf")
    return FileResponse(storage.open_kept(held.file), content_type=held.mime, as_attachment=True)


@router.post(
    "/cases/{reference}/papers/{paper}/verdict", response=schemas.CaseOut, operation_id="judge_paper"
)
@acts("office")
def judge_paper(
    request: HttpRequest, reference: str, paper: UUID, body: schemas.VerdictIn
) -> dict[str, object]:
    """Say whether a paper fits or what it lacks."""
    case, found, actor = seen(request, reference)
    at = request.at  # type: ignore[attr-defined]
    return case_out(
        papers.judge(case.pk, paper, verdict=body.verdict, remark=body.remark, actor=actor, at=at), found
    )


@router.get("/cases/{reference}/messages", response=list[schemas.MessageOut], operation_id="list_messages")
@acts("case")
def list_messages(request: HttpRequest, reference: str) -> list[dict[str, object]]:
    """Words between the person and the offices; internal ones only for offices."""
    case, _, actor = seen(request, reference)
    rows = Message.objects.filter(case=case).select_related("office").order_by("sent_at", "id")
    if not actor.account_id:
        rows = rows.filter(internal=False)
    return [message_out(row) for row in rows]


def message_out(row: Message) -> dict[str, object]:
    return {
        "id": row.pk,
        "sender": "person" if row.office is None else "office",
        "office": words(row.office.names, language()) if row.office else None,
        "internal": row.internal,
        "body": row.body,
        "language": row.language,
        "sent_at": row.sent_at,
    }


@router.post("/cases/{reference}/messages", response=schemas.MessageOut, operation_id="send_message")
@acts("case")
def send_message(request: HttpRequest, reference: str, body: schemas.MessageIn) -> dict[str, object]:
    """Write to the other side."""
    case, _, actor = seen(request, reference)
    at = request.at  # type: ignore[attr-defined]

    def perform() -> dict[str, object]:
        said = talking.say(
            case.pk, body.body, language=body.language, actor=actor, at=at, internal=body.internal
        )
        return {"id": str(said.pk)}

    sent = once(asked_of(request), perform, at=at)
    return message_out(Message.objects.select_related("office").get(pk=str(sent["id"])))


@router.post("/cases/{reference}/rating", response=schemas.CaseOut, operation_id="rate_case")
@acts("case")
def rate_case(request: HttpRequest, reference: str, body: schemas.RatingIn) -> dict[str, object]:
    """Rate the answer, one to five; the person only."""
    case, found, actor = own(request, reference)
    at = request.at  # type: ignore[attr-defined]
    return case_out(talking.rate(case.pk, body.rating, remark=body.remark, actor=actor, at=at), found)


@router.post("/cases/{reference}/not-solved", response=schemas.CaseOut, operation_id="not_solved")
@acts("case")
def not_solved(request: HttpRequest, reference: str, body: schemas.ReasonIn) -> dict[str, object]:
    """Say that it is not solved: the office must look again; the person only."""
    case, found, actor = own(request, reference)
    at = request.at  # type: ignore[attr-defined]
    return case_out(talking.not_solved(case.pk, reason=body.reason, actor=actor, at=at), found)


def own(request: HttpRequest, reference: str) -> tuple[Case, Entry, Actor]:
    """The caller's own case. Raises Case.DoesNotExist for an office."""
    case, found, actor = seen(request, reference)
    if actor.kind != "person":
        raise Case.DoesNotExist
    return case, found, actor
