"""The shape of a service entry: what one YAML file under `entries/` may say.

Nothing here decides; the checker (`checker.py`) judges whether what is said makes sense.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LANGUAGES = ("zh-Hans", "zh-Hant", "en", "es", "pt")
Language = Literal["zh-Hans", "zh-Hant", "en", "es", "pt"]
Condition = dict[str, str | bool | list[str]]
"""Field (or `channel`) → value or list of values; all must hold. Empty means always."""


def in_chinese_first(words: dict[Language, str]) -> dict[Language, str]:
    if not words.get("zh-Hans"):
        raise ValueError("words need at least zh-Hans")
    return words


Words = Annotated[dict[Language, str], AfterValidator(in_chinese_first)]


class Part(BaseModel):
    """Anything in an entry: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Role(StrEnum):
    CLERK = "clerk"
    HANDLER = "handler"
    HEAD = "head"


class Source(Part):
    """A law or paper that says so; confidence as the law sheet marks it."""

    title: str
    articles: str = ""
    confidence: Literal["verified", "high", "medium", "low", "unknown"]
    note: str = ""


class Citation(Part):
    source: str
    article: str = ""


class Option(Part):
    id: str
    label: Words


class Answer(Option):
    """An answer to a steering question: carry on, go to another entry, or stop, and why."""

    then: str = Field(description="`go`, `stop`, or `entry:<id>`")
    why: Words | None = None


class Question(Part):
    id: str
    ask: Words
    answers: list[Answer]


class FormField(Part):
    id: str
    type: Literal[
        "text", "longtext", "choice", "choices", "date", "country", "place", "number", "yesno", "office"
    ]
    label: Words
    help: Words | None = None
    required: bool = True
    sensitive: bool = False
    when: Condition = {}
    options: list[Option] = []
    most: int | None = Field(default=None, description="Most characters, or the largest number")
    least: int | None = None
    used: list[str] = Field(
        description="What needs this fact: route, shield, category, statistics, notice:<id>, material:<id>, "
        "refusal:<id>, limit:<id>, move:<id>, field:<id>. The checker follows each."
    )


class Section(Part):
    id: str
    title: Words
    intro: Words | None = None
    fields: list[FormField]


class Promise(Part):
    """A paper that may come later (容缺受理): the office takes the case up on the person's word.

    The days are the office's own number, named by `setting`; an office that set none takes no promise. A
    limit that starts with `promised` says until when, and its `lapse` what follows a promise not kept.
    """

    setting: str
    law: Citation


class Material(Part):
    id: str
    name: Words
    form: Words = Field(description="Original or copy, translation, certification: how it must come")
    when: Condition = {}
    required: bool = True
    promise: Promise | None = None
    law: Citation


class Stage(StrEnum):
    """What a state means to somebody who does not know the procedure."""

    RECEIVED = "received"
    WAITING = "waiting"  # for the person
    WORKING = "working"
    DONE = "done"


class State(Part):
    name: Words
    plain: Words = Field(description="One sentence to the person: where it stands and what comes next")
    stage: Stage
    outcome: str = Field(default="", description="For `done` states: the token the figures count by")


class Seat(Part):
    """A place at the table of one case: which kind of office takes it, and how it is found.

    `place` is a form field of type place, or `lead` (the lead office's own place).
    """

    name: Words
    kinds: list[str]
    level: Literal["city", "county", "township", "village"] | None = None
    place: str = "lead"
    as_: Literal["lead", "co", "informed"] = Field(alias="as")
    choose: bool = Field(default=False, description="An officer picks the office when offering the seat")


class Ask(Part):
    """What an officer or the person must say when making a move."""

    id: str
    type: Literal["text", "longtext", "choice", "date", "number", "materials", "refusal", "office", "papers"]
    label: Words
    help: Words | None = None
    required: bool = True
    options: list[Option] = []
    told: bool = Field(default=True, description="Whether the person may read it")


class Move(Part):
    """One line of the table state × action → state.

    `seat` says whose move it is: a seat of the entry, `person`, or `law` (when a limit lapses).
    `offers` opens an assignment for that seat; `accepts` and `declines` decide the offer to that seat
    (accepting a lead seat takes the case over); `answers` ends the mover's own co-assignment;
    `needs` names events that must have happened.
    `as_of: filed` dates the move back to the day of receipt (Administrative Licensing Law 32).
    `fault` records the move as the office's fault. `extends` lengthens that limit.
    """

    id: str
    name: Words
    says: Words
    from_: list[str] = Field(alias="from")
    to: str | None = None
    seat: str = "lead"
    by: list[Role] = [Role.CLERK, Role.HANDLER, Role.HEAD]
    when: Condition = {}
    needs: list[str] = []
    asks: list[Ask] = []
    offers: str | None = None
    accepts: str | None = None
    declines: str | None = None
    answers: bool = False
    notice: str | None = None
    extends: str | None = None
    as_of: Literal["filed"] | None = None
    fault: str | None = None
    law: Citation | None = None


class Suspension(Part):
    """The limit stands still after the first event until the second; the day of each event counts."""

    after: str
    until: str


class Extension(Part):
    most: int = Field(description="In the limit's own unit, all extensions together")
    approver: Role = Role.HEAD


class Limit(Part):
    """A statutory (or promised) period. Events: filed, promised, promise_kept, move:<id>, offered:<seat>,
    accepted:<seat>, declined:<seat>, answered:<seat>, served:<notice>. `amount` null means the office's own setting
    named by `setting`, because the law sheet does not know it.
    """

    id: str
    name: Words
    amount: int | None
    setting: str | None = None
    unit: Literal["working_day", "calendar_day", "month", "year", "hour"]
    rolls: bool = True
    starts: list[str]
    ends: list[str]
    pauses: list[Suspension] = []
    extension: Extension | None = None
    binds: str = Field(description="A seat, or `person`")
    when: Condition = {}
    obliges: Words
    lapse: str | None = Field(
        default=None, description="What the law says when nobody acts: `move:<id>` or `accepted:<seat>`"
    )
    law: Citation


class Setting(Part):
    """A number that the law sheet does not know: an office may set it, nobody makes it up."""

    name: Words
    note: Words


class Refusal(Part):
    id: str
    name: Words
    tell: Words = Field(description="Which authority to turn to instead, and how")
    law: Citation


class Notice(Part):
    """A paper the office issues. `{placeholders}` are facts of the case, the move and the office.

    Blocks are filled in by the system: missing, reasons, limits, remedies, contact, fees, tracking.
    """

    title: Words
    to: Literal["person", "office"] = Field(
        default="person", description="A letter to the office offered a seat is not the person's to read"
    )
    body: Words = Field(description="Paragraphs separated by blank lines")
    blocks: list[Literal["missing", "reasons", "limits", "remedies", "contact", "fees", "tracking"]] = []


class Guidance(Part):
    who: Words
    cost: Words
    remedies: Words
    steps: list[Words]


class Shield(Part):
    """Keeps the office named in a form field, and all below it, from ever seeing the case."""

    field: str
    when: Condition = {}
    law: Citation


class Entry(Part):
    id: str
    edition: int
    since: date
    kind: Literal["petition", "licence", "service"]
    name: Words
    summary: Words
    everyday: dict[Language, list[str]] = Field(description="Words and phrases people use for it")
    audience: list[Literal["overseas_chinese", "foreign_chinese", "returnee", "relative", "anyone"]]
    identity: Literal["required", "optional", "none"] = "none"
    most_representatives: int | None = None
    sources: dict[str, Source]
    guidance: Guidance
    questions: list[Question] = []
    form: list[Section]
    category: str = Field(description="The form field by which the figures are broken down")
    materials: list[Material] = []
    start: str
    states: dict[str, State]
    seats: dict[str, Seat]
    moves: list[Move]
    limits: list[Limit]
    settings: dict[str, Setting] = {}
    notices: dict[str, Notice]
    refusals: list[Refusal] = []
    shield: Shield | None = None

    @property
    def fields(self) -> list[FormField]:
        return [field for section in self.form for field in section.fields]

    def move(self, move_id: str) -> Move:
        """Raise KeyError when the entry has no such move."""
        return {move.id: move for move in self.moves}[move_id]

    def limit(self, limit_id: str) -> Limit:
        """Raise KeyError when the entry has no such limit."""
        return {limit.id: limit for limit in self.limits}[limit_id]


def holds(condition: Condition, facts: dict[str, object]) -> bool:
    """Say whether every named fact has (one of) the wanted value(s)."""
    return all(
        facts.get(name) in wanted if isinstance(wanted, list) else facts.get(name) == wanted
        for name, wanted in condition.items()
    )


def words(text: Words, language: str) -> str:
    """Pick the wording for a language tag (`zh-hant`, `en`, …); Chinese when there is none."""
    for have, wording in text.items():
        if have.lower() == language.lower() and wording:
            return wording
    return text["zh-Hans"]
