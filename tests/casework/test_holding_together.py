"""What must hold whatever goes wrong: two at once, a double click, a fault half-way, nobody's case."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.casework.actions import drafts
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Draft
from qiaoqiao.casework.rules import MoveRefused
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.ledger.models import Entry
from tests.cast import AT, ROSA, SETTLE, Town, as_staff, file_case, now_epoch


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run several works in threads that start together; their results, or what they raised."""
    results: list[object] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(place: int, work: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[place] = work()
        except Exception as why:
            results[place] = why
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_officers_acting_at_once_one_moves_and_the_other_is_told(fresh_database: None) -> None:
    town = Town()
    case = file_case("settlement", SETTLE)

    def act(move_id: str, account_id: int) -> object:
        actor = as_staff(town.officer_chen if account_id == 1 else town.head_liang)
        answers = (
            {}
            if move_id == "accept"
            else {"refusal": ["foreign_citizen"], "reasons": "外籍", "right_office": "公安"}
        )
        with acting(actor, epoch=now_epoch()):
            return move(case.pk, move_id, answers=answers, actor=actor, at=AT)

    results = at_once(lambda: act("accept", 1), lambda: act("not_accept", 2))
    assert {type(result) for result in results} == {Case, MoveRefused}
    with acting(SYSTEM, epoch=now_epoch()):
        assert Entry.objects.filter(subject=case.pk, kind__startswith="move:").count() == 1


def test_a_double_click_on_sending_makes_one_case(fresh_database: None) -> None:
    Town()
    with acting(PUBLIC, epoch=now_epoch()):
        draft, _secret = drafts.begin(entry("settlement"), language="es", at=AT)
    filing = Filing(service="settlement", channel="web", applicant=ROSA, facts=SETTLE)

    def send() -> object:
        one = Filing(**(vars(filing) | {"case_id": Filing("", "", ROSA, {}).case_id}))
        with acting(PUBLIC.with_case(draft.pk).with_case(one.case_id), epoch=now_epoch()):
            return drafts.file_draft(draft.pk, one, actor=PUBLIC, at=AT)

    results = at_once(send, send, send)
    assert len(set(results)) == 1, results
    with acting(SYSTEM, epoch=now_epoch()):
        assert Case.objects.count() == 1
        assert Draft.objects.get().answers == {}


def test_a_fault_half_way_leaves_nothing_half_done(
    fresh_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town()
    case = file_case("settlement", SETTLE)
    chen = as_staff(town.officer_chen)

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the worker was killed")

    monkeypatch.setattr("qiaoqiao.casework.actions.grounds.refresh", broken)
    with acting(chen, epoch=now_epoch()), pytest.raises(RuntimeError):
        move(case.pk, "accept", answers={}, actor=chen, at=AT)
    with acting(SYSTEM, epoch=now_epoch()):
        assert Case.objects.get(pk=case.pk).state == "submitted"
        assert not Entry.objects.filter(subject=case.pk, kind="move:accept").exists()
        assert case.papers.count() == 1


def leave(case: Case) -> None:
    """Take the only seat away and let the deferred rule look at once."""
    with transaction.atomic():
        Assignment.objects.filter(case=case).update(state="withdrawn", ended_at=datetime.now(UTC))
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_an_open_case_cannot_be_nobodys() -> None:
    Town()
    case = file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(IntegrityError, match="no responsible office"):
        leave(case)


@pytest.mark.django_db
def test_a_case_cannot_have_two_responsible_offices() -> None:
    town = Town()
    case = file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(IntegrityError):
        Assignment(
            case=case,
            office=town.federation,
            seat="second",
            role="lead",
            state="accepted",
            offered_at=AT,
            service=case.service,
            case_state=case.state,
        ).save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"stage": "done"},
        {"closed_at": AT},
        {"outcome": "settled"},
        {"rating": 6},
        {"due_on": None},
        {"due_limit": ""},
    ],
)
def test_half_set_facts_are_refused_by_the_database(change: dict[str, object]) -> None:
    Town()
    case = file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["declined", "accepted"])
def test_an_assignment_declined_without_reason_or_ended_while_open_is_refused(state: str) -> None:
    Town()
    case = file_case("settlement", SETTLE)
    assert state == "declined" or state in OPEN_STATES
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(case=case).update(state=state, ended_at=AT, reason="")


@pytest.mark.django_db
def test_the_web_role_cannot_delete_a_case() -> None:
    Town()
    case = file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()):
        connection.cursor().execute("DELETE FROM casework_case")
        assert Case.objects.filter(pk=case.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("channel", "moved"), [("counter", True), ("web", False)])
def test_a_clerk_takes_down_the_persons_own_step_only_where_the_office_took_the_request(
    channel: str, moved: bool
) -> None:
    town = Town()
    chen = as_staff(town.officer_chen)
    filing = Filing(service="settlement", channel=channel, applicant=ROSA, facts=SETTLE)
    with acting(PUBLIC.with_case(filing.case_id), epoch=now_epoch()):
        case = file(filing, actor=PUBLIC, at=AT)
    with acting(chen, epoch=now_epoch()):
        if moved:
            move(case.pk, "withdraw", answers={}, actor=chen, at=AT)
            assert Case.objects.get(pk=case.pk).outcome == "withdrawn"
        else:
            with pytest.raises(MoveRefused):
                move(case.pk, "withdraw", answers={}, actor=chen, at=AT)
