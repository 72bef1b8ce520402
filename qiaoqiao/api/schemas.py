"""What goes in and comes out, for a stranger to read; names are in the caller's language."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


class ServiceOut(Schema):
    id: str = Field(examples=["settlement"])
    edition: int
    kind: Literal["petition", "licence", "service"]
    name: str
    summary: str
    audience: list[str]


class OptionOut(Schema):
    id: str
    label: str


class FieldOut(Schema):
    """A question of the form; `when` says under which other answers it is asked."""

    id: str
    type: str
    label: str
    help: str = ""
    required: bool
    sensitive: bool
    when: dict[str, Any]
    options: list[OptionOut]
    most: int | None = None
    least: int | None = None


class MaterialOut(Schema):
    id: str
    name: str
    form: str = Field(description="Original or copy, translation, certification")
    required: bool
    when: dict[str, Any]


class LimitOut(Schema):
    id: str
    name: str
    amount: int | None = Field(description="None: the law sets no number; the office may")
    unit: str
    binds: str
    source: str
    article: str


class ServiceDetailOut(ServiceOut):
    who: str
    cost: str
    remedies: str
    steps: list[str]
    identity: str
    form: list[FieldOut]
    materials: list[MaterialOut]
    limits: list[LimitOut]


class HitOut(Schema):
    service: ServiceOut
    score: float
    because: str = Field(description="The wording that matched best")


class PlaceOut(Schema):
    code: str = Field(examples=["440781"])
    name: str
    level: str
    parent: str | None


class OfficeOut(Schema):
    code: str
    name: str
    kind: str
    level: str
    place: str
    address: str
    phone: str
    hours: str


class DayOut(Schema):
    on: date
    counted: bool
    ordinal: int | None
    reason: str
    holiday: str
    provisional: bool


class ReckoningOut(Schema):
    """How a date was reached, day by day; dates are of Asia/Shanghai."""

    limit: str
    name: str
    due_on: date | None
    provisional: bool
    source: str
    days: list[DayOut]


class ApplicantIn(Schema):
    name: str
    latin_name: str = ""
    country: str = Field("", description="Where the person lives, ISO 3166-1 alpha-2")
    language: str = "zh-hans"
    timezone: str = Field("Asia/Shanghai", description="IANA name")
    email: str = ""
    phone: str = Field("", description="E.164")
    identity_kind: str = ""
    identity_number: str = ""


class FilingIn(Schema):
    service: str
    applicant: ApplicantIn
    facts: dict[str, Any] = Field(description="By field id; dates as 2026-11-22")
    channel: Literal["api", "counter", "phone", "letter"] = "api"
    helper: ApplicantIn | None = None
    relation: str = ""
    evidence: str = ""
    representatives: list[str] = []
    promised: list[str] = Field([], description="Materials that come later, where the office takes promises")
    files: list[str] = Field([], description="Tokens from POST /files")


class FiledOut(Schema):
    reference: str
    state: str
    office: str
    due_on: date | None
    due_limit: str
    proof: str = Field(description="Send as X-Case-Proof to act as the person, for two hours")


class CaseOut(Schema):
    """A case as its applicant and its offices may see it."""

    reference: str = Field(examples=["QQ26-7K3M-9PA"])
    service: str
    service_name: str
    state: str
    state_name: str
    plain: str = Field(description="Where it stands, in one sentence")
    stage: Literal["received", "waiting", "working", "done"]
    outcome: str
    office: str
    filed_at: datetime
    due_on: date | None = Field(description="Last day for the office, Asia/Shanghai")
    due_limit: str
    person_due_on: date | None = Field(description="Last day for the person, Asia/Shanghai")
    provisional: bool
    closed_at: datetime | None
    rating: int | None
    faults: int


class EventOut(Schema):
    at: datetime
    by: str
    title: str
    text: str = ""


class PaperOut(Schema):
    id: UUID
    kind: str
    direction: Literal["in", "out"]
    title: str
    number: str
    mime: str
    size: int
    added_at: datetime
    verdict: str
    remark: str


class MessageOut(Schema):
    id: UUID
    sender: str
    office: str | None
    internal: bool
    body: str
    language: str
    sent_at: datetime


class MessageIn(Schema):
    body: str
    language: str = "zh-hans"
    internal: bool = False


class AskOut(Schema):
    id: str
    type: str
    label: str
    required: bool
    options: list[OptionOut]


class MoveOut(Schema):
    id: str
    name: str
    says: str
    open: bool
    why_not: str = Field("", description="state, seat, role, needs or condition")
    notice: str | None
    asks: list[AskOut]


class MoveIn(Schema):
    answers: dict[str, Any] = {}


class ReasonIn(Schema):
    reason: str


class CodeIn(Schema):
    code: str


class ProofOut(Schema):
    proof: str


class RatingIn(Schema):
    rating: int
    remark: str = ""


class FileOut(Schema):
    token: str = Field(description="Name it in `files` when filing, or when adding papers; good for a day")
    name: str
    mime: str
    size: int
    sha256: str


class PapersIn(Schema):
    files: list[str]


class VerdictIn(Schema):
    verdict: Literal["fits", "wanting"]
    remark: str = ""


class QueueRowOut(Schema):
    """One seat of the caller's offices at a case."""

    reference: str
    service: str
    state: str
    seat: str
    seat_state: str
    due_on: date | None
    due_limit: str
    filed_at: datetime
    country: str
    priority: bool
    task: str = Field(default="", description="What is asked, where the seat is a task given to the office")


class QueueOut(Schema):
    rows: list[QueueRowOut]
    next: str | None = Field(description="Send as `after` for the following rows")


Tab = Literal["mine", "office", "offered", "overdue", "soon", "joint", "waiting"]


class FoundOut(Schema):
    rows: list[CaseOut]
    next: str | None


class FigureOut(Schema):
    number: int
    where: dict[str, str]
    cases: str = Field(description="The address that lists the cases behind the number")


class FiguresOut(Schema):
    totals: dict[str, FigureOut]
    by: dict[str, list[FigureOut]]
    on_time_share: float | None


class OfficerIn(Schema):
    officer: int = Field(description="The officer's account")
