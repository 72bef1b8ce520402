"""The demo's services that are told from files, and its journeys: walked through the product's own actions."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from demo import plain
from demo.journeys import journeys_told, tell_journeys
from demo.loading import prepare
from demo.offices import staff_of_all
from demo.papers import Folder
from demo.steps import timetable
from demo.stories import Wanted, plain_story
from demo.walking import Town, walk
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.services.life_events.models import JourneyLeg
from tests.cast import now_epoch

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Folder]:
    """Places, offices and people, made once for this file and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield prepare(1954, NOW)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def town(folder: Folder) -> Town:
    offices = {office.code: office for office in Office.objects.select_related("place")}
    return Town(offices, staff_of_all(), folder)


def walked(town: Town, one: Wanted) -> Case:
    chance = random.Random(f"{one}")
    story = plain_story(one, chance, now=NOW)
    return walk(story, timetable(story, now=NOW, chance=chance), town, chance, now=NOW)


@pytest.mark.parametrize("service", plain.services())
def test_a_story_is_walked_to_each_state(service: str, town: Town) -> None:
    about = plain.book(service)
    with acting(SYSTEM, epoch=now_epoch()), without_reactions():
        for target in about.stories:
            case = walked(town, Wanted(service, target))
            assert (case.service, case.state) == (service, target)


def test_what_was_to_be_overdue_is_overdue(town: Town) -> None:
    today = NOW.astimezone(SHANGHAI).date()
    with acting(SYSTEM, epoch=now_epoch()), without_reactions():
        for service in plain.services():
            for target in plain.book(service).late:
                case = walked(town, Wanted(service, target, late=True))
                assert case.due_on is not None, f"{service} {target}: no limit runs at {case.office.code}"
                assert today - timedelta(days=60) < case.due_on < today


def test_journeys_stand_at_three_stages_and_again_nothing_is_told(folder: Folder) -> None:
    made = tell_journeys(1954, NOW, folder)
    with acting(SYSTEM, epoch=now_epoch()):
        kept = [paper["key"] for leg in JourneyLeg.objects.all() for paper in leg.papers]
        legs = [
            [(leg.state, leg.case.stage if leg.case else "") for leg in journey.legs.order_by("number")]
            for journey in made
        ]
    through, ready, waiting, _care = legs
    assert through == [("started", "done")] * 3
    assert [state for state, _ in ready] == ["started", "ready", "waiting"]
    assert [state for state, _ in waiting] == ["started", "waiting", "waiting"]
    assert kept
    assert not set(kept) & {one.key for one in folder.kept}, "what waits may be deleted: not another case's"
    assert tell_journeys(1954, NOW, folder) == []
    assert journeys_told().count("QJ26-") == len(made)
