"""What waits in a journey: it begins by itself, asks only what could not be asked before, or goes with what it waited for."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.casework.actions.drafts import DraftGone, file_draft
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.models import Case, Draft
from qiaoqiao.catalogue.composing import life_event
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.gateways import storage
from qiaoqiao.ledger.models import Entry
from qiaoqiao.services.life_events.actions import go_on
from qiaoqiao.services.life_events.models import JourneyLeg
from qiaoqiao.services.life_events.reactions import go_on_after
from tests.cast import SETTLE, as_staff, now_epoch
from tests.journeys.roads import (
    WideTown,
    browser_of_a_person,
    case_of,
    faults_of,
    make_move,
    sent_on,
    told_in,
)
from tests.journeys.test_life_events import cases_of, fill_in, send
from tests.portal.following import page
from tests.portal.forms import photograph

HOME: dict[str, Any] = SETTLE | {
    "child_comes": False,
    "wants_insurance": True,
    "household": "own",
    "matter": "pension_resume",
    "works": "flexible",
    "birth": "1970-05-06",
    "last_place": "台山市",
}


@pytest.fixture
def moving_home(wide: WideTown) -> tuple[WideTown, Client, str]:
    client = browser_of_a_person()
    return wide, client, send(client, fill_in(client, "move_home", HOME))


def legs(reference: str) -> dict[str, JourneyLeg]:
    with acting(SYSTEM, epoch=now_epoch()):
        return {leg.service: leg for leg in JourneyLeg.objects.filter(journey__reference=reference)}


def to_the_permit(wide: WideTown, case: Case) -> None:
    """The affairs office accepts, the police agree, the city approves and issues the permit."""
    county, city = wide.head("overseas_affairs"), wide.head("overseas_affairs", "city")
    police = wide.head("exit_entry_police")
    today = datetime.now(UTC).date().isoformat()
    steps: list[tuple[Any, str, dict[str, Any]]] = [
        (county, "accept", {}),
        (county, "consult", {}),
        (police, "opinion", {"opinion": "agree"}),
        (county, "audit", {"audit": "pass"}),
        (city, "city_takes", {}),
        (city, "approve", {}),
        (city, "issue_permit", {"permit_number": "粤江2026001", "issued_on": today}),
    ]
    for account, name, answers in steps:
        with acting(as_staff(account), epoch=now_epoch()):
            made = life_event("move_home").parts[0].entry.move(name)
            given = {ask.id: answers.get(ask.id, plausible(ask)) for ask in made.asks if ask.required}
            move(case.pk, name, answers=given, actor=as_staff(account), at=datetime.now(UTC))


def plausible(ask: Any) -> Any:
    """Some answer that the ask takes."""
    today = datetime.now(UTC).date().isoformat()
    return {"choice": ask.options[0].id if ask.options else "", "date": today, "number": 1}.get(
        ask.type, "照办"
    )


def react(case: Case, kind: str) -> None:
    """Let the worker do what follows the newest entry of a kind."""
    with acting(SYSTEM, epoch=now_epoch()):
        uid = Entry.objects.filter(subject=case.pk, kind=kind).latest("seq").uid
    go_on_after(str(uid))


def test_only_settlement_is_filed_at_the_start_and_the_page_says_what_the_rest_waits_for(
    moving_home: tuple[WideTown, Client, str],
) -> None:
    _wide, client, reference = moving_home
    assert {name: leg.state for name, leg in legs(reference).items()} == {
        "settlement": "started",
        "residence_registration": "waiting",
        "social_insurance": "waiting",
    }
    said = told_in(page(client, f"/journeys/{reference}/"))
    assert "等定居证发下来，自动开始" in said
    assert "等落户办好，自动开始" in said


def test_with_the_permit_it_is_the_persons_turn_and_only_the_new_questions_are_open(
    moving_home: tuple[WideTown, Client, str],
) -> None:
    wide, client, reference = moving_home
    settlement = cases_of(reference)["settlement"]
    to_the_permit(wide, settlement)
    react(settlement, "move:issue_permit")
    assert legs(reference)["residence_registration"].state == "ready"
    assert "轮到您了" in told_in(page(client, f"/journeys/{reference}/"))
    answer = client.post(f"/journeys/{reference}/residence_registration/resume/")
    assert answer.status_code == 303
    html = page(client, answer["Location"])
    assert 'value="端芬镇侨兴路8号"' in html
    more = {"permit_number": "粤江2026001", "permit_issued_on": "2026-11-20", "visit_from": "2026-12-10"}
    about = life_event("move_home").parts[1].entry
    pages, step = answer["Location"].split("q-")[0], "q-" + answer["Location"].split("q-")[1].strip("/")
    facts = {"ground": "permit", "place": "440781", "address": "端芬镇侨兴路8号", "household": "own"} | more
    for _walked in range(6):
        if step == "review":
            break
        sent = client.post(f"{pages}{step}/", sent_on(about, step, facts, {}, ()))
        assert sent.status_code == 303, faults_of(sent)
        step = sent["Location"].rstrip("/").split("/")[-1]
    assert "申请人" not in told_in(page(client, f"{pages}review/"))
    sent = client.post(f"{pages}review/", {"consent": "on", "consent_sensitive": "on"})
    assert sent.status_code == 303, faults_of(sent)
    case = cases_of(reference)["residence_registration"]
    assert case.person_id == settlement.person_id
    assert case.facts["permit_number"] == "粤江2026001"
    assert case.office == wide.office("household_police")
    leg = legs(reference)["residence_registration"]
    assert (leg.facts, leg.papers, leg.draft) == ({}, [], None)


def test_a_leg_that_lacks_nothing_begins_without_the_person(
    moving_home: tuple[WideTown, Client, str],
) -> None:
    wide, _client, reference = moving_home
    settlement = cases_of(reference)["settlement"]
    to_the_permit(wide, settlement)
    with acting(SYSTEM, epoch=now_epoch()):
        JourneyLeg.objects.filter(journey__reference=reference, service="residence_registration").update(
            facts={
                "ground": "permit",
                "place": "440781",
                "address": "端芬镇侨兴路8号",
                "household": "own",
                "permit_number": "粤江2026001",
                "permit_issued_on": "2026-11-20",
                "visit_from": "2026-12-10",
            }
        )
        changed = go_on(settlement.pk, actor=SYSTEM, at=datetime.now(UTC))
        assert [leg.state for leg in changed] == ["started"]
        assert go_on(settlement.pk, actor=SYSTEM, at=datetime.now(UTC)) == []
    registration = cases_of(reference)["residence_registration"]
    police = wide.head("household_police")
    make_move(police, registration.reference, "accept", answers_for(registration, "accept"))
    make_move(police, registration.reference, "register", answers_for(registration, "register"))
    react(registration, "move:register")
    assert legs(reference)["social_insurance"].state == "started"
    assert case_of(cases_of(reference)["social_insurance"].reference).office == wide.office("human_resources")


def answers_for(case: Case, name: str) -> dict[str, Any]:
    part = next(one for one in life_event("move_home").parts if one.entry.id == case.service)
    return {ask.id: plausible(ask) for ask in part.entry.move(name).asks if ask.required}


def test_when_settlement_is_withdrawn_the_rest_is_dropped_and_nothing_is_kept(
    moving_home: tuple[WideTown, Client, str],
) -> None:
    _wide, client, reference = moving_home
    settlement = cases_of(reference)["settlement"]
    with acting(SYSTEM.with_case(settlement.pk), epoch=now_epoch()):
        move(settlement.pk, "withdraw", answers={}, actor=person(settlement.pk), at=datetime.now(UTC))
    react(settlement, "closed")
    found = legs(reference)
    assert found["residence_registration"].state == "dropped"
    assert found["residence_registration"].facts == {}
    assert found["social_insurance"].state == "dropped"
    assert "不再办理" in told_in(page(client, f"/journeys/{reference}/"))
    react(settlement, "closed")
    assert legs(reference)["residence_registration"].changed_at == found["residence_registration"].changed_at


def test_somebody_may_leave_a_waiting_part_out_and_a_stranger_may_not(
    moving_home: tuple[WideTown, Client, str],
) -> None:
    _wide, client, reference = moving_home
    address = f"/journeys/{reference}/social_insurance/leave/"
    assert Client().post(address).status_code == 404
    assert client.post(address).status_code == 303
    assert legs(reference)["social_insurance"].state == "dropped"
    assert client.post(address).status_code == 404


def test_who_leaves_a_part_out_leaves_out_what_waited_for_it(
    moving_home: tuple[WideTown, Client, str],
) -> None:
    _wide, client, reference = moving_home
    assert client.post(f"/journeys/{reference}/residence_registration/leave/").status_code == 303
    assert {leg.state for name, leg in legs(reference).items() if name != "settlement"} == {"dropped"}


def ready_with_a_paper(reference: str) -> str:
    """The registration waits for the person, with one paper kept for it; returns the paper's key."""
    at = datetime.now(UTC)
    kept = storage.keep(photograph(), declared_name="card.png", now=at)
    paper = Brought("id_card", "", kept.key, "card.png", "image/png", 1, "00")
    with acting(SYSTEM, epoch=now_epoch()):
        legs_ = JourneyLeg.objects.filter(journey__reference=reference, service="residence_registration")
        legs_.update(state="ready", papers=[asdict(paper)])
    return kept.key


def resumed(client: Client, reference: str) -> Draft:
    answer = client.post(f"/journeys/{reference}/residence_registration/resume/")
    assert answer.status_code == 303
    with acting(SYSTEM, epoch=now_epoch()):
        return Draft.objects.get(pk=answer["Location"].split("/")[4])


def is_kept(key: str) -> bool:
    try:
        storage.open_kept(key).close()
    except storage.NotKept:
        return False
    return True


def test_who_leaves_out_what_they_began_to_complete_leaves_no_draft_and_no_file(
    moving_home: tuple[WideTown, Client, str], django_capture_on_commit_callbacks: Any
) -> None:
    _wide, client, reference = moving_home
    first = ready_with_a_paper(reference)
    draft = resumed(client, reference)
    ((own,),) = [[one["key"] for one in draft.files]]
    assert own != first
    assert is_kept(own)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/journeys/{reference}/residence_registration/leave/").status_code == 303
    with acting(SYSTEM, epoch=now_epoch()):
        draft.refresh_from_db()
    assert (draft.answers, draft.files) == ({}, [])
    assert draft.until <= datetime.now(UTC)
    late: Any = None
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(DraftGone):
        file_draft(draft.pk, late, actor=SYSTEM, at=datetime.now(UTC))
    assert (is_kept(own), is_kept(first)) == (False, False)


def test_who_begins_again_elsewhere_has_one_draft_with_files_of_its_own(
    moving_home: tuple[WideTown, Client, str], django_capture_on_commit_callbacks: Any
) -> None:
    _wide, client, reference = moving_home
    first = ready_with_a_paper(reference)
    earlier = resumed(client, reference)
    with django_capture_on_commit_callbacks(execute=True):
        later = resumed(client, reference)
    with acting(SYSTEM, epoch=now_epoch()):
        earlier.refresh_from_db()
    assert (earlier.files, earlier.until <= datetime.now(UTC)) == ([], True)
    assert later.files
    assert all(is_kept(one["key"]) for one in later.files)
    assert is_kept(first)


@pytest.mark.parametrize("change", ["leave", "resume", "go_on"])
def test_every_change_of_a_journey_locks_it_before_it_reads_what_waits(
    moving_home: tuple[WideTown, Client, str], change: str
) -> None:
    _wide, client, reference = moving_home
    ready_with_a_paper(reference)
    with CaptureQueriesContext(connection) as asked:
        if change == "go_on":
            settlement = cases_of(reference)["settlement"]
            with acting(SYSTEM, epoch=now_epoch()):
                go_on(settlement.pk, actor=SYSTEM, at=datetime.now(UTC))
        else:
            client.post(f"/journeys/{reference}/residence_registration/{change}/")
    said = [one["sql"] for one in asked]
    locked = next(n for n, sql in enumerate(said) if "FOR UPDATE" in sql and "life_events_journey" in sql)
    assert 'FROM "life_events_journey"' in said[locked]
    changed = [n for n, sql in enumerate(said) if sql.startswith('UPDATE "life_events_journeyleg"')]
    assert all(n > locked for n in changed)


def test_a_leg_that_the_life_event_names_no_more_keeps_its_page_and_becomes_the_persons_turn(
    moving_home: tuple[WideTown, Client, str],
) -> None:
    _wide, client, reference = moving_home
    settlement = cases_of(reference)["settlement"]
    with acting(SYSTEM, epoch=now_epoch()):
        waiting = JourneyLeg.objects.filter(journey__reference=reference, service="social_insurance")
        waiting.update(service="legal_aid", facts={})
    name = words(entry("legal_aid").name, "zh-hans")
    assert name in told_in(page(client, f"/journeys/{reference}/"))
    with acting(SYSTEM, epoch=now_epoch()):
        go_on(settlement.pk, actor=SYSTEM, at=datetime.now(UTC))
    assert legs(reference)["legal_aid"].state == "ready"
    assert "轮到您了" in told_in(page(client, f"/journeys/{reference}/"))
    assert client.post(f"/journeys/{reference}/residence_registration/leave/").status_code == 303
    assert legs(reference)["legal_aid"].state == "ready"
    assert client.post(f"/journeys/{reference}/legal_aid/leave/").status_code == 303
    assert legs(reference)["legal_aid"].state == "dropped"
