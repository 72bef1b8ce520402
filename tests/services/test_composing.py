"""A life event's one form: every question once, every paper once, and each service gets back what it asked for."""

import pytest

from qiaoqiao.catalogue.composing import Part, life_event, life_events
from qiaoqiao.catalogue.entry import Entry, holds

EVENTS = list(life_events())


def composed_ids(form: Entry) -> list[str]:
    return [field.id for field in form.fields]


@pytest.mark.parametrize("event", EVENTS)
def test_no_question_and_no_paper_is_asked_twice(event: str) -> None:
    form = life_event(event).entry
    ids = composed_ids(form)
    assert len(ids) == len(set(ids))
    papers = [material.id for material in form.materials]
    assert len(papers) == len(set(papers))
    sections = [section.id for section in form.form]
    assert len(sections) == len(set(sections))


@pytest.mark.parametrize("event", EVENTS)
def test_together_they_ask_less_than_apart(event: str) -> None:
    found = life_event(event)
    apart = sum(len(part.entry.fields) for part in found.parts)
    assert len(found.entry.fields) - len(found.event.about.fields) < apart


@pytest.mark.parametrize("event", EVENTS)
def test_every_question_of_every_service_is_asked_given_or_left_for_later(event: str) -> None:
    found = life_event(event)
    asked = set(composed_ids(found.entry))
    for part in found.parts:
        for field in part.entry.fields:
            left_out = field.id in part.leg.given or field.id in part.leg.later
            ruled_out = any(name in part.leg.given for name in field.when)
            assert left_out or ruled_out or part.fields[field.id] in asked, (part.entry.id, field.id)


@pytest.mark.parametrize("event", EVENTS)
def test_every_condition_of_the_form_names_a_question_of_the_form(event: str) -> None:
    form = life_event(event).entry
    ids = set(composed_ids(form))
    for field in form.fields:
        assert set(field.when) <= ids
    for material in form.materials:
        assert set(material.when) - {"channel"} <= ids


@pytest.mark.parametrize("event", EVENTS)
def test_every_name_in_the_event_is_a_name_of_its_service(event: str) -> None:
    for part in life_event(event).parts:
        fields = {field.id for field in part.entry.fields}
        papers = {material.id for material in part.entry.materials}
        assert {*part.leg.given, *part.leg.later, *part.leg.same} <= fields
        assert {*part.leg.same_papers, *part.leg.later_papers} <= papers


@pytest.mark.parametrize("event", EVENTS)
def test_what_a_leg_waits_for_can_happen_in_an_earlier_leg(event: str) -> None:
    found = life_event(event)
    before: dict[str, Part] = {}
    for part in found.parts:
        if part.leg.after:
            kind, _colon, name = part.leg.after.event.partition(":")
            assert kind == "move"
            earlier = before[part.leg.after.service]
            asked = {field.id: field for field in earlier.entry.fields}
            when = earlier.entry.move(name).when
            for condition in (when, *(asked[fact].when for fact in when)):
                given = {fact: wanted for fact, wanted in condition.items() if fact in earlier.leg.given}
                assert holds(given, dict(earlier.leg.given)), f"{name} is never open under what {event} gives"
        before[part.entry.id] = part


def test_papers_said_to_be_the_same_are_asked_once() -> None:
    for event in EVENTS:
        found = life_event(event)
        for part in found.parts:
            for own, named in part.leg.same_papers.items():
                if own not in part.leg.later_papers:
                    assert part.papers[own] == named
    home = {material.id for material in life_event("move_home").entry.materials}
    assert not {"residence_registration_passport", "residence_registration_photo"} & home


def test_a_service_gets_its_own_names_back_and_nothing_that_is_not_asked() -> None:
    school, health = life_event("child_to_school").parts[:2]
    facts = {
        "wants_checkup": True,
        "child_name": "陈小明",
        "place": "440781",
        "guardian": "parents",
        "guardian_name": "left over from another choice",
    }
    assert "guardian_name" not in school.facts(facts)
    own = health.facts(facts)
    assert own["patient_name"] == "陈小明"
    assert own["matter"] == "checkup"
    assert own["place"] == "440781"
    assert "wants_checkup" not in own
