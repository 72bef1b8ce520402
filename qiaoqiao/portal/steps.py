"""The pages of one filing: which there are under the answers so far, and what the answers amount to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from qiaoqiao.casework.actions.intake import Filing
from qiaoqiao.casework.models import Draft
from qiaoqiao.catalogue.entry import Entry, FormField, Material, Section, holds, words
from qiaoqiao.portal.applicant import applicant_of, evidence_in_chinese, helper_of, representatives_of
from qiaoqiao.ui.entryforms import applicable

APPLICANT, HELPER, REPRESENTATIVES, PAPERS, REVIEW = (
    "applicant",
    "helper",
    "representatives",
    "papers",
    "review",
)
KNOWN = "known"
"""Among the applicant's answers: an earlier case of theirs, so that nothing about them is asked again."""
SECTION = "q-"
"""Before a section's id, so that no entry's section can be mistaken for a page of ours."""


@dataclass(frozen=True)
class Step:
    """One page; `section` only for a section of the entry's form."""

    id: str
    section: Section | None = None


def answers_of(draft: Draft, step_id: str) -> dict[str, object]:
    """What was typed on one page so far."""
    found: dict[str, object] = draft.answers.get(step_id, {})
    return dict(found)


def elsewhere(entry: Entry, draft: Draft, step_id: str) -> dict[str, object]:
    """What was typed in the form's other sections; nothing is left out."""
    typed: dict[str, object] = {}
    for section in entry.form:
        if SECTION + section.id != step_id:
            typed |= draft.answers.get(SECTION + section.id, {})
    return typed


def facts_of(entry: Entry, draft: Draft) -> dict[str, object]:
    """The answers of all the form's sections, without those left over from another choice."""
    return applicable(entry, elsewhere(entry, draft, ""))


def steps_of(entry: Entry, draft: Draft) -> list[Step]:
    """The pages in order; sections and pages that do not apply are left out."""
    facts = facts_of(entry, draft)
    who = answers_of(draft, APPLICANT)
    found = [] if KNOWN in who else [Step(APPLICANT)]
    if who.get("filing_for") == "other":
        found.append(Step(HELPER))
    if entry.most_representatives:
        found.append(Step(REPRESENTATIVES))
    found += [Step(SECTION + one.id, one) for one in entry.form if _asks_something(one, facts)]
    if materials_of(entry, facts):
        found.append(Step(PAPERS))
    return [*found, Step(REVIEW)]


def _asks_something(section: Section, facts: dict[str, object]) -> bool:
    here = {one.id for one in section.fields}
    return any(
        holds({key: value for key, value in one.when.items() if key not in here}, facts)
        for one in section.fields
    )


def materials_of(entry: Entry, facts: Mapping[str, object]) -> list[Material]:
    """The papers that are needed under these answers when filing on the web."""
    return [one for one in entry.materials if holds(one.when, dict(facts) | {"channel": "web"})]


def missing_papers(entry: Entry, draft: Draft) -> list[Material]:
    """The papers needed that nobody has uploaded yet; the request may still be sent."""
    brought = {held["kind"] for held in draft.files}
    return [
        one for one in materials_of(entry, facts_of(entry, draft)) if one.required and one.id not in brought
    ]


def filing_of(entry: Entry, draft: Draft) -> Filing:
    """The request that the draft amounts to, not yet checked."""
    who = answers_of(draft, APPLICANT)
    helped = who.get("filing_for") == "other"
    helping = answers_of(draft, HELPER)
    most = entry.most_representatives or 0
    more: dict[str, Any] = {}
    if helped:
        more = {
            "helper": helper_of(helping, draft.language),
            "relation": str(helping.get("relation") or ""),
            "evidence": evidence_in_chinese(helping),
        }
    if who.get(KNOWN):
        more["known"] = UUID(str(who[KNOWN]))
    return Filing(
        service=entry.id,
        edition=entry.edition,
        channel="web",
        applicant=applicant_of(who),
        facts=facts_of(entry, draft),
        representatives=representatives_of(answers_of(draft, REPRESENTATIVES))[: most + 1],
        **more,
    )


def step_of_fault(entry: Entry, name: str) -> tuple[str, str]:
    """The page and the question that a fault of the filing belongs to: `facts.place` → `q-…`, `place`."""
    part, _dot, field = name.partition(".")
    if part == "facts":
        section = next(
            (one for one in entry.form if any(asked.id == field for asked in one.fields)), entry.form[0]
        )
        return SECTION + section.id, field
    known = {"applicant": APPLICANT, "helper": HELPER, "relation": HELPER, "representatives": REPRESENTATIVES}
    return known.get(part, APPLICANT), field or part


def field_named(entry: Entry, name: str) -> FormField | None:
    return next((one for one in entry.fields if one.id == name), None)


def material_title(material: Material) -> str:
    """How the paper is called in the case's file: in Chinese, as the office reads it."""
    return words(material.name, "zh-Hans")


def asks_sensitive(entry: Entry, draft: Draft) -> bool:
    """Whether anything was answered that the law protects more strictly."""
    facts = facts_of(entry, draft)
    sensitive = any(one.sensitive and one.id in facts for one in entry.fields)
    return sensitive or bool(answers_of(draft, APPLICANT).get("identity_number"))
