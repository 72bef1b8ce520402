"""What the demo tells, before any of it is loaded."""

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from demo.asking import RETURNEES_ASK, TOPICS
from demo.offices import office_rows
from demo.places import place_rows, read
from demo.steps import Step, Story, timetable
from demo.stories import TARGETS, stories, wanted
from demo.walking import VERBS
from qiaoqiao.access.rules import OfficeKind
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.catalogue.forms import check
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.parties.rules import LANGUAGES, Applicant, faults

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
OURS = re.compile(r"[\w.]+@example\.(org|com)")
# Ranges set aside for fiction, and Chinese numbers that begin with a zero after the area code.
UNREAL = re.compile(r"\+1(202|416)5550[0-9]{3}|\+61491570[0-9]{3}|\+86(750|772)0[0-9]{6}")


@pytest.fixture(scope="module")
def told() -> list[tuple[Story, random.Random]]:
    return list(stories(2000, seed=1954, now=NOW))


@pytest.mark.parametrize("service", sorted(TARGETS))
def test_every_state_of_the_entry_is_told_among_two_thousand(service: str) -> None:
    assert {one.target for one in wanted(2000, seed=1) if one.service == service} == set(
        entry(service).states
    )


def test_the_same_seed_tells_the_same_stories() -> None:
    first, again = ([one for one, _ in stories(80, seed=3, now=NOW)] for _ in range(2))
    other = [one for one, _ in stories(80, seed=4, now=NOW)]
    assert first == again
    assert first != other


def lands(state: str, step: Step, of: Entry) -> str:
    """Where a step leads by the entry's own table; fails when the table has no such step."""
    if step.do == "lapse":
        consequences = [of.limit(limit).lapse or "" for limit in step.answers]
        kind, _, name = consequences[0].partition(":")
        if kind != "move":
            return state
        step = Step(name)
    elif step.do in VERBS:
        return state
    move = of.move(step.do)
    assert state in move.from_, f"{step.do} is not made from {state}"
    return move.to or state


def test_every_story_goes_by_the_entrys_table_to_the_state_it_is_told_for(
    told: list[tuple[Story, random.Random]],
) -> None:
    for story, _ in told:
        of = entry(story.service)
        state = of.start
        for step in story.steps:
            state = lands(state, step, of)
        assert state == story.target


def test_every_form_is_filled_in_as_the_entry_asks(told: list[tuple[Story, random.Random]]) -> None:
    for story, _ in told:
        of = entry(story.service)
        assert check(of, story.facts).faults == {}
        assert check(of, story.facts).facts == story.facts
        assert faults(story.applicant, reachable=story.channel in {"web", "api"}, identity=of.identity) == {}


def test_nobody_in_the_demo_can_be_reached(told: list[tuple[Story, random.Random]]) -> None:
    people: list[Applicant] = [who for story, _ in told for who in (story.applicant, story.helper) if who]
    for who in people:
        assert not who.email or OURS.fullmatch(who.email), who.email
        assert not who.phone or UNREAL.fullmatch(who.phone), who.phone
    assert {who.language for who in people} == set(LANGUAGES)


def test_steps_follow_each_other_and_end_by_now(told: list[tuple[Story, random.Random]]) -> None:
    for story, chance in told:
        times = timetable(story, now=NOW, chance=chance)
        assert len(times) == len(story.steps) + 1
        assert times == sorted(times)
        assert times[-1] <= NOW + timedelta(hours=8)
        assert times[0] > NOW - timedelta(days=1000)


def test_letters_are_varied_and_have_no_holes(told: list[tuple[Story, random.Random]]) -> None:
    letters: dict[str, set[str]] = {}
    for story, _ in told:
        if story.service == "petition":
            letters.setdefault(str(story.facts["topic"]), set()).add(str(story.facts["facts"]))
        words = [str(value) for value in story.facts.values()]
        assert not any("{" in text or "}" in text for text in words), words
    assert set(letters) == set(TOPICS)
    assert all(
        len(letters[topic]) >= 30 for topic in ("house", "settlement", "schooling", "social_insurance")
    )
    assert sum(map(len, letters.values())) > 900


def test_matters_of_each_topic_are_weighted_as_the_articles_tell(
    told: list[tuple[Story, random.Random]],
) -> None:
    count = Counter(str(story.facts["topic"]) for story, _ in told if story.service == "petition")
    assert count.most_common(1)[0][0] == "house"
    assert set(RETURNEES_ASK) <= set(count)


def test_places_and_offices_have_names_in_five_languages_and_no_real_number() -> None:
    places = list(place_rows())
    offices = list(office_rows(places))
    assert len({place.code for place in places}) == len(places)
    assert {office.kind for office in offices} == set(OfficeKind) - {OfficeKind.SCHOOL}
    for named in (*places, *offices):
        assert set(named.names) == {"zh-Hans", "zh-Hant", "en", "es", "pt"}
    assert all(re.fullmatch(r"07(50|72)-0[0-9]{6}", office.phone) for office in offices)
    assert {"端芬镇", "胜利街道", "桂景湾社区"} <= {place.names["zh-Hans"] for place in places}


def test_the_cards_name_offices_that_exist() -> None:
    codes = {office.code for office in office_rows(list(place_rows()))}
    assert {card["office"] for card in read("accounts")} <= codes
