"""The road of a settlement case from filing to household registration, step by step."""

from datetime import UTC, datetime

import pytest

from qiaoqiao.access.tickets import LAW, SYSTEM, Actor, acting, person
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.models import Assignment, Case, Paper, Term
from qiaoqiao.casework.rules import MoveRefused
from tests.cast import AT, SETTLE, Town, as_staff, file_case, make_account, make_office, now_epoch


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 3, 0, tzinfo=UTC)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def test_a_case_is_somebodys_from_its_first_moment(town: Town) -> None:
    case = file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()):
        case = Case.objects.get(pk=case.pk)
        assert case.office_id == town.overseas_affairs.pk
        lead = Assignment.objects.get(case=case, role="lead", state="accepted")
        assert (lead.office_id, lead.due_limit) == (town.overseas_affairs.pk, "correction")
        assert str(case.due_on) == "2026-03-09"  # five working days after Monday 2 March
        assert Paper.objects.filter(case=case, kind="receipt").exists()


def test_the_whole_road(town: Town, django_assert_max_num_queries: object) -> None:
    register = make_office("ts-household", "household_police", town.taishan, level="county")
    case = file_case("settlement", SETTLE)
    chen, wu = as_staff(town.officer_chen), as_staff(town.police_wu)
    lei = as_staff(make_account("lei", (register, "handler")))
    with acting(chen, epoch=now_epoch()):
        move(
            case.pk,
            "one_time_notice",
            answers={"missing": ["travel_record"], "supplement_by": "2026-03-20", "note": "请补"},
            actor=chen,
            at=at(3, 4),
        )
    with acting(person(case.pk), epoch=now_epoch()):
        move(case.pk, "supplement", answers={"papers": ["x"]}, actor=person(case.pk), at=at(3, 10))
    with acting(chen, epoch=now_epoch()):
        move(case.pk, "accept", answers={}, actor=chen, at=at(3, 11))
        move(case.pk, "consult", answers={}, actor=chen, at=at(3, 12))
    with acting(wu, epoch=now_epoch()):
        seen = Case.objects.get(pk=case.pk)
        assert Assignment.objects.get(case=case, seat="police").due_limit == "psb_reply"
        with pytest.raises(MoveRefused):
            move(case.pk, "audit", answers={}, actor=wu, at=at(3, 13))
        move(
            case.pk,
            "opinion",
            answers={"opinion": seen and "agree", "opinion_reasons": "无异议"},
            actor=wu,
            at=at(3, 16),
        )
    zhou = as_staff(town.city_head)
    with acting(chen, epoch=now_epoch()):
        move(
            case.pk,
            "audit",
            answers={"finding": "grant", "finding_reasons": "符合"},
            actor=chen,
            at=at(3, 17),
        )
        assert Case.objects.get(pk=case.pk).office_id == town.overseas_affairs.pk
    with acting(zhou, epoch=now_epoch()):
        move(case.pk, "city_takes", answers={}, actor=zhou, at=at(3, 18))
        move(case.pk, "approve", answers={}, actor=zhou, at=at(3, 20))
        move(
            case.pk,
            "issue_permit",
            answers={"permit_number": "粤侨定〔2026〕1", "issued_on": "2026-03-23"},
            actor=zhou,
            at=at(3, 23),
        )
    with acting(wu, epoch=now_epoch()), pytest.raises(MoveRefused):
        move(case.pk, "register", answers={"registered_on": "2026-04-01"}, actor=wu, at=at(4, 1))
    with acting(lei, epoch=now_epoch()):
        move(case.pk, "register", answers={"registered_on": "2026-04-01"}, actor=lei, at=at(4, 1))
        done = Case.objects.get(pk=case.pk)
        assert (done.stage, done.outcome, done.on_time) == ("done", "settled", True)


def test_silence_for_five_working_days_counts_as_acceptance_from_the_day_of_receipt(town: Town) -> None:
    case = file_case("settlement", SETTLE, at=AT)
    with acting(SYSTEM, epoch=now_epoch()):
        move(case.pk, "deemed_accepted", answers={}, actor=LAW, at=at(3, 10))
        term = Term.objects.get(case=case, limit="licence_decide")
        assert str(term.starts_on) == "2026-03-02"
        assert Term.objects.get(case=case, limit="correction").state == "late"


def test_a_stranger_sees_nothing(town: Town) -> None:
    case = file_case("settlement", SETTLE)
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        assert not Case.objects.filter(pk=case.pk).exists()


def test_what_offices_write_to_each_other_is_in_their_letter_and_not_in_the_persons_papers(
    town: Town,
) -> None:
    case = file_case("settlement", SETTLE)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        move(case.pk, "accept", answers={}, actor=chen, at=at(3, 4))
        move(case.pk, "consult", answers={"note": "请重点核对出入境记录"}, actor=chen, at=at(3, 5))
    with acting(SYSTEM, epoch=now_epoch()):
        letter = Paper.objects.get(case=case, kind="consultation_letter")
        assert not letter.seen_by_person
        assert "请重点核对出入境记录" in str(letter.sheet)
        assert not letter.deliveries.exists()
        theirs = Paper.objects.filter(case=case, seen_by_person=True)
        assert not any("请重点核对" in str(paper.sheet) for paper in theirs)


def test_the_promise_of_an_office_ends_when_another_takes_the_case_over(town: Town) -> None:
    town.overseas_affairs.settings = {"settlement": {"promised_days": 15}}
    town.overseas_affairs.save(update_fields=["settings"])
    case = file_case("settlement", SETTLE, at=at(3, 2))
    chen, wu, zhou = as_staff(town.officer_chen), as_staff(town.police_wu), as_staff(town.city_head)
    steps: list[tuple[Actor, str, dict[str, str], datetime]] = [
        (chen, "accept", {}, at(3, 3)),
        (chen, "consult", {}, at(3, 5)),
        (wu, "opinion", {"opinion": "agree", "opinion_reasons": "无异议"}, at(3, 12)),
        (chen, "audit", {"finding": "grant", "finding_reasons": "符合"}, at(3, 16)),
        (zhou, "city_takes", {}, at(3, 18)),
    ]
    for actor, name, answers, moment in steps:
        with acting(actor, epoch=now_epoch()):
            move(case.pk, name, answers=answers, actor=actor, at=moment)
    with acting(SYSTEM, epoch=now_epoch()):
        promised = Term.objects.get(case=case, limit="promised")
    assert (promised.state, promised.ended_on) == ("stopped", at(3, 18).date())
