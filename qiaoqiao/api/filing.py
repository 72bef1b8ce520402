"""Operations that bring a request in: files, the filing itself, one-time codes."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from ninja import File, Form, Router, Status, UploadedFile

from qiaoqiao.access.throttle import allowed
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.api import schemas
from qiaoqiao.api.problems import TooManyTries
from qiaoqiao.api.service import acts, language, proof_of
from qiaoqiao.casework.actions import proving
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.once import Asked, once
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.actions.proving import CodeWrong
from qiaoqiao.casework.bringing import bring
from qiaoqiao.casework.models import Case
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.forms import FormRefused
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.lib.statements import together
from qiaoqiao.parties.rules import Applicant

router = Router(tags=["cases"])
FILE_SALT = "qiaoqiao.brought-file"
FILE_SECONDS = 24 * 3600


def asked_of(request: HttpRequest) -> Asked | None:
    """What makes a request that comes twice the same one: its `Idempotency-Key` and its whole body."""
    key = request.headers.get("Idempotency-Key", "")
    whole = f"{request.method} {request.path}\n".encode() + request.body
    return Asked(request.auth.pk, key[:100], whole) if key else None  # type: ignore[attr-defined]


def brought(tokens: list[str]) -> tuple[Brought, ...]:
    """The files that tokens stand for. Raises FormRefused for one altered or older than a day."""
    try:
        loaded = [signing.loads(token, salt=FILE_SALT, max_age=FILE_SECONDS) for token in tokens]
    except signing.BadSignature:
        raise FormRefused({"files": "not_offered"}) from None
    return tuple(Brought(**one) for one in loaded)


@router.post("/files", response=schemas.FileOut, operation_id="bring_file")
@acts("public")
def bring_file(
    request: HttpRequest,
    file: File[UploadedFile],
    kind: Annotated[str, Form()] = "other",
    title: Annotated[str, Form()] = "",
) -> dict[str, object]:
    """Bring one file (PDF, JPEG or PNG, at most 10 MB); it is checked at once."""
    name = file.name or ""
    kept = bring(file.file, name=name, kind=kind, title=title or name, now=request.at)  # type: ignore[attr-defined,arg-type]
    return {
        "token": signing.dumps(asdict(kept), salt=FILE_SALT, compress=True),
        "name": kept.file_name,
        "mime": kept.mime,
        "size": kept.size,
        "sha256": kept.sha256,
    }


@router.post("/cases", response=schemas.FiledOut, operation_id="file_case")
@acts("filing")
def file_case(request: HttpRequest, body: schemas.FilingIn) -> dict[str, object]:
    """File a request. Send an `Idempotency-Key`: the same key and body never make a second case."""
    at, actor = request.at, request.actor  # type: ignore[attr-defined]
    filing = Filing(
        service=body.service,
        channel=body.channel,
        applicant=Applicant(**body.applicant.dict()),
        facts=body.facts,
        helper=Applicant(**body.helper.dict()) if body.helper else None,
        relation=body.relation,
        evidence=body.evidence,
        representatives=tuple(body.representatives),
        promised=tuple(body.promised),
        papers=brought(body.files),
        case_id=request.case_id,  # type: ignore[attr-defined]
    )

    def perform() -> dict[str, object]:
        with together():
            case = file(filing, actor=actor, at=at)
        return {
            "id": str(case.pk),
            "reference": case.reference,
            "state": case.state,
            "office": case.office.names,
            "due_on": case.due_on.isoformat() if case.due_on else None,
            "due_limit": case.due_limit,
        }

    done = once(asked_of(request), perform, at=at)
    proof = proof_of(UUID(str(done["id"])))
    return done | {"office": words(done["office"], language()), "proof": proof}  # type: ignore[arg-type]


@router.post("/cases/{reference}/code", response={202: None}, operation_id="ask_code")
@acts("public")
def ask_code(request: HttpRequest, reference: str) -> Status[None]:
    """Send a one-time code to the e-mail and phone given when filing. Says nothing of whether it exists."""
    at = request.at  # type: ignore[attr-defined]
    tidy = tidy_reference(reference)
    if not allowed(f"code:{tidy or reference[:40]}", most=5, within=timedelta(hours=1), at=at):
        raise TooManyTries(3600)
    with acting(SYSTEM, epoch=int(at.timestamp())):
        case_id = Case.objects.filter(reference=tidy).values_list("pk", flat=True).first()
        if case_id:
            proving.ask(case_id, actor=request.actor, at=at)  # type: ignore[attr-defined]
    return Status(202, None)


@router.post("/cases/{reference}/proof", response=schemas.ProofOut, operation_id="prove_case")
@acts("public")
def prove_case(request: HttpRequest, reference: str, body: schemas.CodeIn) -> dict[str, str]:
    """Exchange the code for a proof that this is the person's own case."""
    at = request.at  # type: ignore[attr-defined]
    with acting(SYSTEM, epoch=int(at.timestamp())):
        tidy = tidy_reference(reference)
        case_id = Case.objects.filter(reference=tidy).values_list("pk", flat=True).first()
        if case_id is None:
            raise CodeWrong
        proving.prove(case_id, body.code, at=at)
    return {"proof": proof_of(case_id)}
