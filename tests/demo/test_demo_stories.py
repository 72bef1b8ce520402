"""What the demo tells, before any of it is loaded."""

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from demo import plain
from demo.asking import RETURNEES_ASK, TOPICS
from demo.commands import CASES
from demo.offices import office_rows
from demo.places import place_rows, read
from demo.steps import CLOSES, OPENS, Step, Story, acts_any_day, timetable
from demo.stories import COUNTIES, TARGETS, all_wanted, stories, wanted
from demo.walking import VERBS
from qiaoqiao.access.rules import OfficeKind
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.catalogue.forms import check
from qiaoqiao.catalogue.loader import current, entry
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.parties.rules import LANGUAGES, Applicant, faults

WHOLE = len(all_wanted())
ELSEWHERE = {
    "joint_exam": ({"admitted", "not_admitted"}, "the first exam that the entry knows is sat in 2027"),
    "relief": (
        {
            "committee",
            "public_notice",
            "approving",
            "approved",
            "paid",
            "received",
            "helped",
            "cancelled",
            "given_back",
        },
        "money moves: told with the funds by demo/relief.py",
    ),
}
"""States that no story of the service ends in, and why."""
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
OURS = re.compile(r"[\w.]+@example\.(org|com)")
# Ranges set aside for fiction, and Chinese numbers that begin with a zero after the area code.
UNREAL = re.compile(r"\+1(202|416)5550[0-9]{3}|\+61491570[0-9]{3}|\+86(750|772)0[0-9]{6}")


@pytest.fixture(scope="module")
def told() -> list[tuple[Story, random.Random]]:
    return list(stories(WHOLE, seed=1954, now=NOW))


def test_every_service_of_the_catalogue_has_stories() -> None:
    counts = Counter(one.service for one in all_wanted())
    assert set(counts) == {one.id for one in current()}
    assert min(counts.values()) >= 25
    assert WHOLE == CASES, "`demo load` tells one whole set: change CASES in demo/commands.py with the files"


@pytest.mark.parametrize("service", sorted([*TARGETS, *plain.services()]))
def test_every_state_of_the_entry_is_told_or_has_a_reason_not_to_be(service: str) -> None:
    told_for = {one.target for one in wanted(WHOLE, seed=1) if one.service == service}
    left_out, _why = ELSEWHERE.get(service, (set(), ""))
    assert told_for == set(entry(service).states) - left_out


def test_every_service_with_a_file_has_something_overdue_in_an_office_that_promised_a_number() -> None:
    late = {one.service for one in all_wanted() if one.late}
    assert late == set(plain.services())
    overdue = [story for story, _ in stories(WHOLE, seed=2, now=NOW) if story.service == "tax"]
    standing = [story for story in overdue if story.target == "asked" and story.ended_before]
    oldest = max(standing, key=lambda story: story.ended_before or timedelta())
    assert oldest.county == plain.TAISHAN
    assert oldest.ended_before > timedelta(days=17)  # type: ignore[operator]


def moves_of(service: str, tries: range) -> set[str]:
    """The moves that so many tellings of each of a service's endings make."""
    return {
        step.do
        for number in tries
        for target in plain.book(service).stories
        for step in plain.tell(service, target, random.Random(f"{target} {number}"), COUNTIES).steps
    }


@pytest.mark.parametrize("service", plain.services())
def test_every_move_that_a_file_writes_is_made_by_somebody(service: str) -> None:
    known = {move.id for move in entry(service).moves} - {"ask_again"}
    ways = [way for found in plain.book(service).roads.values() for way in found]
    written = {plain.name_of(step) for way in ways for step in way.steps} & known
    missing = written - moves_of(service, range(25))
    assert missing - (moves_of(service, range(25, 300)) if missing else set()) == set()


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


def test_officers_work_in_office_hours(told: list[tuple[Story, random.Random]]) -> None:
    night = datetime(2026, 11, 19, 18, 30, tzinfo=UTC)  # half past two in the morning, Beijing
    for story, chance in told[:400]:
        times = timetable(story, now=night, chance=chance)[1:]
        hours = [
            at.astimezone(SHANGHAI).hour
            for at, step in zip(times, story.steps, strict=True)
            if not acts_any_day(step) and step.wait
        ]
        assert all(OPENS - 1 <= hour <= CLOSES for hour in hours), (story.service, story.target, hours)


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
    assert sum(map(len, letters.values())) > 600


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


def test_somebody_sits_at_the_desk_of_every_office_that_leads_a_service() -> None:
    sits_at = {card["office"].partition("-")[2] for card in read("accounts")}
    leads = {kind for one in current() for kind in one.seats["lead"].kinds}
    assert leads | {"notary", "mediation", "procuratorate", "legal_service", "arbitration"} <= sits_at


def test_officers_write_what_fits_the_answers_they_choose(told: list[tuple[Story, random.Random]]) -> None:
    for story, _ in told:
        of = entry(story.service)
        for step in story.steps:
            if step.do in VERBS:
                continue
            asks = {ask.id: ask for ask in of.move(step.do).asks}
            assert step.answers.keys() <= asks.keys(), step
            assert {name for name, ask in asks.items() if ask.required} <= step.answers.keys(), step
            for name, given in step.answers.items():
                if asks[name].type == "choice":
                    assert given in {option.id for option in asks[name].options}, (step.do, given)
                if isinstance(given, str):
                    filled = given.format(**dict.fromkeys(("city", "county", "year", "number", "person"), ""))
                    assert not set(filled) & set("{}"), given
