"""A task: any office is asked to do something by a day; the case stays with whoever is responsible."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.casework.actions import seating
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.actions.seating import ReasonMissing, ShieldedOffice
from qiaoqiao.casework.actions.tasks import (
    TaskRefused,
    answer_task,
    decline_task,
    give_task,
    take_task,
    withdraw_task,
)
from qiaoqiao.casework.models import Assignment, Case, Reach
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.casework.reading import case_file
from qiaoqiao.casework.rules import MoveRefused
from qiaoqiao.casework.sentences import Teller, tell, unsaid
from qiaoqiao.casework.tasktelling import KINDS
from qiaoqiao.ledger.models import Entry
from tests.cast import AT, PETITION, SETTLE, TODAY, Town, as_staff, file_case, now_epoch

DUE = date(2026, 3, 20)
WHAT = "查清祖屋的登记情况，书面告知侨务局。"


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def given(case: Case, by: Account, office: int, *, due: date = DUE, meeting: str = "") -> Assignment:
    actor = as_staff(by)
    with acting(actor, epoch=now_epoch()):
        return give_task(case.pk, office, WHAT, due, actor=actor, at=AT, by=meeting)


def seat(case: Case, name: str = "task:1") -> Assignment:
    with acting(SYSTEM, epoch=now_epoch()):
        return Assignment.objects.get(case=case, seat=name)


def kinds(case: Case) -> list[str]:
    return list(Entry.objects.filter(subject=case.pk).order_by("seq").values_list("kind", flat=True))


def sees(account: Account, case: Case) -> bool:
    actor = as_staff(account)
    with acting(actor, epoch=now_epoch()):
        return visible_cases(actor, on=TODAY).filter(pk=case.pk).exists()


def test_an_office_without_a_seat_in_the_entry_takes_a_task_and_answers_it(town: Town) -> None:
    case, lin = file_case("settlement", SETTLE), as_staff(town.housing_lin)
    assert not sees(town.housing_lin, case)
    given(case, town.officer_chen, town.housing.pk)
    assert sees(town.housing_lin, case)
    held = seat(case)
    assert (held.state, held.role, held.task, held.due_on, held.due_limit) == (
        "offered",
        "co",
        WHAT,
        DUE,
        "task",
    )
    with acting(lin, epoch=now_epoch()):
        take_task(case.pk, "task:1", actor=lin, at=AT + timedelta(days=1))
        answer_task(case.pk, "task:1", text="已查，登记在村集体名下。", actor=lin, at=AT + timedelta(days=2))
    held = seat(case)
    assert (held.state, held.reason) == ("answered", "已查，登记在村集体名下。")
    assert kinds(case)[-3:] == ["task.given:1", "task.taken:1", "task.answered:1"]


def test_the_case_stays_with_its_responsible_office_and_its_lawful_date(town: Town) -> None:
    case = file_case("settlement", SETTLE)
    given(case, town.officer_chen, town.housing.pk, due=TODAY)
    with acting(SYSTEM, epoch=now_epoch()):
        now = Case.objects.get(pk=case.pk)
        lead = Assignment.objects.get(case=case, role="lead", state="accepted")
    assert (now.office_id, now.due_on, now.due_limit) == (case.office_id, case.due_on, case.due_limit)
    assert (lead.due_on, lead.office_id) == (case.due_on, town.overseas_affairs.pk)


def test_moving_the_case_on_keeps_the_date_of_a_task(town: Town) -> None:
    case, chen = file_case("settlement", SETTLE), as_staff(town.officer_chen)
    given(case, town.officer_chen, town.housing.pk)
    with acting(chen, epoch=now_epoch()):
        move(case.pk, "accept", answers={}, actor=chen, at=AT + timedelta(days=1))
    held = seat(case)
    assert (held.due_on, held.due_limit, held.case_state) == (DUE, "task", "accepted")


def test_closing_the_case_withdraws_what_is_still_open(town: Town) -> None:
    case, chen = file_case("petition", PETITION), as_staff(town.officer_chen)
    given(case, town.officer_chen, town.housing.pk)
    owner = person(case.pk)
    with acting(owner, epoch=now_epoch()):
        move(case.pk, "withdraw", answers={}, actor=owner, at=AT + timedelta(days=1))
    assert seat(case).state == "withdrawn"
    with acting(chen, epoch=now_epoch()), pytest.raises(MoveRefused):
        give_task(case.pk, town.housing.pk, WHAT, DUE, actor=chen, at=AT + timedelta(days=2))


def test_only_the_responsible_office_gives_a_task_unless_a_meeting_resolved_it(town: Town) -> None:
    case = file_case("settlement", SETTLE)
    given(case, town.officer_chen, town.housing.pk)
    with pytest.raises(MoveRefused):
        given(case, town.housing_lin, town.education.pk)
    assert given(case, town.housing_lin, town.education.pk, meeting="〔2026〕1号").seat == "task:2"


def test_whoever_cannot_see_the_case_gives_no_task_there(town: Town) -> None:
    case = file_case("settlement", SETTLE)
    with pytest.raises(Case.DoesNotExist):
        given(case, town.stranger_he, town.housing.pk, meeting="〔2026〕1号")


@pytest.mark.parametrize(
    ("office", "what", "due", "fault"),
    [
        ("housing", " \x00", DUE, {"what": "missing"}),
        ("housing", "长" * 2001, DUE, {"what": "too_long"}),
        ("housing", "长" * 2000, TODAY, {}),
        ("housing", WHAT, TODAY - timedelta(days=1), {"due_on": "past"}),
        ("overseas_affairs", WHAT, DUE, {"office": "self"}),
    ],
)
def test_what_is_wrong_with_a_task_is_said_by_field(
    town: Town, office: str, what: str, due: date, fault: dict[str, str]
) -> None:
    case, chen = file_case("settlement", SETTLE), as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        if not fault:
            assert give_task(case.pk, getattr(town, office).pk, what, due, actor=chen, at=AT)
            return
        with pytest.raises(TaskRefused) as refused:
            give_task(case.pk, getattr(town, office).pk, what, due, actor=chen, at=AT)
    assert refused.value.faults == fault


def test_an_office_complained_of_gets_no_task(town: Town) -> None:
    accused = PETITION | {"purpose": "accusation", "accused_office": town.housing.code}
    case = file_case("petition", accused)
    with pytest.raises(ShieldedOffice):
        given(case, town.officer_chen, town.housing.pk)
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Reach.objects.filter(case=case, office=town.housing).exists()


def test_declining_needs_a_reason_and_frees_nothing_else(town: Town) -> None:
    case, lin = file_case("settlement", SETTLE), as_staff(town.housing_lin)
    given(case, town.officer_chen, town.housing.pk)
    with acting(lin, epoch=now_epoch()):
        with pytest.raises(ReasonMissing):
            decline_task(case.pk, "task:1", reason=" ", actor=lin, at=AT)
        decline_task(case.pk, "task:1", reason="不归我局管。", actor=lin, at=AT)
    assert (seat(case).state, seat(case).reason) == ("declined", "不归我局管。")


def test_a_task_is_neither_taken_nor_answered_by_another_office(town: Town) -> None:
    case = file_case("settlement", SETTLE)
    given(case, town.officer_chen, town.housing.pk)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        for tried in (
            lambda: take_task(case.pk, "task:1", actor=chen, at=AT),
            lambda: answer_task(case.pk, "task:1", text="好", actor=chen, at=AT),
            lambda: take_task(case.pk, "lead", actor=chen, at=AT),
            lambda: seating.accept(case.pk, "task:1", actor=chen, at=AT),
        ):
            with pytest.raises(MoveRefused):
                tried()


def test_the_responsible_office_takes_a_task_back_and_then_it_is_nobodys(town: Town) -> None:
    case, chen, lin = file_case("settlement", SETTLE), as_staff(town.officer_chen), as_staff(town.housing_lin)
    given(case, town.officer_chen, town.housing.pk)
    with acting(lin, epoch=now_epoch()), pytest.raises(MoveRefused):
        withdraw_task(case.pk, "task:1", reason="不办", actor=lin, at=AT)
    with acting(chen, epoch=now_epoch()):
        withdraw_task(case.pk, "task:1", reason="已从别处得知", actor=chen, at=AT)
    with acting(lin, epoch=now_epoch()), pytest.raises(MoveRefused):
        answer_task(case.pk, "task:1", text="好", actor=lin, at=AT)
    assert seat(case).state == "withdrawn"


def test_a_seat_of_the_entry_carries_no_task_and_a_task_always_its_date(town: Town) -> None:
    case = file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()):
        for wrong in (
            {"seat": "x", "task": WHAT, "task_due_on": DUE},
            {"seat": "task:7", "task": WHAT, "task_due_on": None},
            {"seat": "task:8", "task": "", "task_due_on": DUE},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Assignment.objects.create(
                    case=case,
                    office=town.housing,
                    role="co",
                    state="offered",
                    offered_at=AT,
                    service="x",
                    **wrong,
                )


def test_the_person_reads_who_was_asked_by_when_but_not_what_offices_wrote(town: Town) -> None:
    case, lin = file_case("settlement", SETTLE), as_staff(town.housing_lin)
    given(case, town.officer_chen, town.housing.pk, meeting="〔2026〕1号")
    with acting(lin, epoch=now_epoch()):
        answer_task(case.pk, "task:1", text="内部答复", actor=lin, at=AT + timedelta(days=1))
    with acting(SYSTEM, epoch=now_epoch()):
        file = case_file(seat(case).case.reference, SYSTEM, on=TODAY)
    told = {}
    for audience in ("person", "staff"):
        moments = tell(file.steps, Teller(file.entry, "zh-hans", file.known("zh-hans"), audience=audience))  # type: ignore[arg-type]
        told[audience] = "\n".join(f"{one.title}\n{one.text}" for one in moments)
    assert "联席会议请台山市ts-housing在2026年3月20日前办理" in told["person"]
    assert "台山市ts-housing完成任务" in told["person"]
    assert WHAT not in told["person"]
    assert "内部答复" not in told["person"]
    assert WHAT in told["staff"]
    assert "内部答复" in told["staff"]
    assert "依据联席会议 〔2026〕1号" in told["staff"]


def test_every_kind_of_entry_of_a_task_has_its_sentence() -> None:
    assert unsaid(KINDS) == set()


def test_of_two_officers_who_answer_at_once_one_is_told_that_it_is_done(fresh_database: None) -> None:
    town = Town()
    case = file_case("settlement", SETTLE)
    given(case, town.officer_chen, town.housing.pk)
    lin, together, outcomes = as_staff(town.housing_lin), Barrier(2), []

    def answer(text: str) -> None:
        try:
            with acting(lin, epoch=now_epoch()):
                together.wait(timeout=20)
                answer_task(case.pk, "task:1", text=text, actor=lin, at=AT + timedelta(days=1))
                outcomes.append(text)
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=answer, args=(text,)) for text in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=len)[1:] == ["refused"]
    assert kinds(case).count("task.answered:1") == 1
    assert seat(case).reason in outcomes
