"""The shape of a life event (一件事): one YAML file under `events/` that ties several services to one start.

Services keep their entries, clocks and offices. The event says which of them belong together, under which of
its own questions, what each waits for, and which questions of theirs are one and the same.
"""

from datetime import date

from pydantic import Field

from qiaoqiao.catalogue.entry import Condition, Guidance, Language, Part, Question, Section, Source, Words


class After(Part):
    """What another leg's case must have come to before this one is filed: an event of it, such as `move:issue`."""

    service: str
    event: str
    says: Words = Field(description="To the person, while it waits: what it waits for")


class Leg(Part):
    """One service of the event, and how its questions are answered.

    A field of the service with the same id and the same shape as an earlier leg's is asked once. `same` names
    fields that are one with another under another id; `given` answers fields that the event answers by itself;
    `later` are fields nobody can answer before the leg begins, such as the number of a permit still to come.
    """

    service: str
    why: Words = Field(description="One sentence to the person: what this step is for")
    when: Condition = Field(default={}, description="Over the event's own questions")
    after: After | None = None
    same: dict[str, str] = {}
    given: dict[str, str | bool | int | list[str]] = {}
    later: list[str] = []
    same_papers: dict[str, str] = {}
    later_papers: list[str] = []


class LifeEvent(Part):
    id: str
    edition: int
    since: date
    name: Words
    summary: Words
    everyday: dict[Language, list[str]]
    sources: dict[str, Source]
    guidance: Guidance
    questions: list[Question] = []
    about: Section = Field(description="The event's own questions, asked first")
    legs: list[Leg]
