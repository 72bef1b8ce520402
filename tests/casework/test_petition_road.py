"""The petition procedure: whose it is at each step, by when, and what each office may not do."""

from datetime import UTC, datetime
from typing import Any

import pytest

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import LAW, SYSTEM, acting, person
from qiaoqiao.casework.actions import papers, seating, talking
from qiaoqiao.casework.actions.moving import ExtensionTooLong, move
from qiaoqiao.casework.jobs import lapse_due
from qiaoqiao.casework.models import Assignment, Case, Delivery, Paper, Term
from qiaoqiao.casework.queries import moves_for
from qiaoqiao.casework.rules import AnswerMissing, MoveRefused, WhyNot
from qiaoqiao.catalogue.forms import FormRefused
from qiaoqiao.catalogue.loader import entry
from tests.cast import PETITION, TODAY, Town, as_staff, file_case, now_epoch

OPINION = {
    "findings": "经查，祖屋登记在申请人名下。",
    "opinion": "支持返还。",
    "basis": "《广东省华侨权益保护条例》",
    "next_authority": "江门市住房和城乡建设局",
}


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 3, 0, tzinfo=UTC)


def step(case: Case, account: Account, move_id: str, when: datetime, **answers: Any) -> Case:
    actor = as_staff(account)
    with acting(actor, epoch=now_epoch()):
        return move(case.pk, move_id, answers=answers, actor=actor, at=when)


def refer(case: Case, town: Town, when: datetime) -> Case:
    return step(
        case, town.officer_chen, "refer", when, referred_to=town.housing.pk, why_there="房屋权属由住建管理"
    )


def now_of(case: Case) -> Case:
    return Case.objects.select_related("office").get(pk=case.pk)


def due(case: Case, limit: str) -> str:
    return str(Term.objects.get(case=case, limit=limit).due_on)


def test_the_written_notice_is_due_in_fifteen_calendar_days(town: Town) -> None:
    case = file_case("petition", PETITION)  # Monday 2 March
    with acting(SYSTEM, epoch=now_epoch()):
        assert due(case, "direct_notice") == "2026-03-17"


def test_nobody_can_be_told_when_the_petition_is_anonymous_so_no_notice_is_due(town: Town) -> None:
    case = file_case("petition", PETITION | {"anonymous": True})
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Term.objects.filter(case=case, limit="direct_notice").exists()
        assert (case.person.name, case.person.email) == ("（不具名）", "")


def test_a_referred_matter_stays_the_federations_until_the_organ_takes_it(town: Town) -> None:
    case = refer(file_case("petition", PETITION), town, at(3, 4))
    with acting(SYSTEM, epoch=now_epoch()):
        assert now_of(case).office == town.federation
        offer = Assignment.objects.get(case=case, seat="organ")
        assert (offer.state, str(offer.due_on), offer.due_limit) == (
            "offered",
            "2026-03-11",
            "transfer_objection",
        )
    step(case, town.housing_lin, "receive_matter", at(3, 6), how_handled="已接收")
    with acting(SYSTEM, epoch=now_epoch()):
        assert now_of(case).office == town.housing
        assert Assignment.objects.filter(case=case, role="lead", state="accepted").count() == 1


def test_the_organ_objects_with_reasons_and_the_federation_refers_again(town: Town) -> None:
    case = refer(file_case("petition", PETITION), town, at(3, 4))
    with pytest.raises(AnswerMissing):
        step(case, town.housing_lin, "object", at(3, 5))
    step(case, town.housing_lin, "object", at(3, 5), objection="不属于本局职权")
    with acting(SYSTEM, epoch=now_epoch()):
        assert (now_of(case).state, now_of(case).office) == ("returned", town.federation)
        declined = Assignment.objects.get(case=case, seat="organ")
        assert (declined.state, declined.reason) == ("declined", "不属于本局职权")
    refer(case, town, at(3, 9))


@pytest.mark.parametrize(("day", "office"), [(11, "federation"), (12, "housing")])
def test_an_organ_that_stays_silent_for_five_working_days_has_taken_the_matter(
    town: Town, day: int, office: str
) -> None:
    case = refer(file_case("petition", PETITION), town, at(3, 4))
    with acting(SYSTEM, epoch=now_epoch()):
        lapse_due(at=at(3, day))
        assert now_of(case).office == getattr(town, office)


def handled(town: Town) -> Case:
    case = refer(file_case("petition", PETITION), town, at(3, 4))
    step(case, town.housing_lin, "receive_matter", at(3, 6), how_handled="已接收")
    return step(case, town.housing_lin, "accept_matter", at(3, 9))


def test_sixty_days_run_from_acceptance_and_only_the_head_adds_at_most_thirty(town: Town) -> None:
    case = handled(town)
    with acting(SYSTEM, epoch=now_epoch()):
        assert due(case, "handle") == "2026-05-08"
        town.housing_lin.posts.filter(role="head").update(until=TODAY)
    with pytest.raises(MoveRefused) as refused:
        step(case, town.housing_lin, "extend", at(4, 1), days=10, why_longer="情况复杂")
    assert refused.value.why is WhyNot.ROLE
    town.housing_lin.posts.filter(role="head").update(until=None)
    with pytest.raises(ExtensionTooLong):
        step(case, town.housing_lin, "extend", at(4, 1), days=31, why_longer="情况复杂")
    step(case, town.housing_lin, "extend", at(4, 1), days=20, why_longer="情况复杂")
    with pytest.raises(ExtensionTooLong):
        step(case, town.housing_lin, "extend", at(4, 2), days=11, why_longer="情况复杂")
    with acting(SYSTEM, epoch=now_epoch()):
        assert due(case, "handle") == "2026-05-28"


def test_a_federation_has_no_move_that_issues_an_opinion(town: Town) -> None:
    petition = entry("petition")
    opinions = {
        one.id
        for one in petition.moves
        if one.notice and ("opinion" in one.notice or "disposition" in one.notice)
    }
    assert opinions
    assert not {one.id for one in petition.moves if one.id in opinions and one.seat == "lead"}
    assert "federation" not in petition.seats["organ"].kinds
    case = file_case("petition", PETITION)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        offered = {one.move.id for one in moves_for(case, petition, chen, on=TODAY) if one.why is None}
    assert offered
    assert not offered & opinions


def test_review_may_be_asked_for_within_thirty_days_of_service_of_the_opinion(town: Town) -> None:
    case = handled(town)
    step(case, town.housing_lin, "not_support", at(4, 20), **OPINION)
    with acting(SYSTEM, epoch=now_epoch()):
        opinion = Paper.objects.get(case=case, kind="disposition_opinion")
        assert not Term.objects.filter(case=case, limit="review_apply").exists(), "not before it is served"
        delivery = Delivery.objects.get(paper=opinion, channel="email")
        papers.serve(delivery.pk, proof="回执", actor=SYSTEM, at=at(4, 22))
        assert due(case, "review_apply") == "2026-05-22"
        page = Delivery.objects.get(paper=opinion, channel="page")
        papers.serve(page.pk, proof="本人打开", actor=SYSTEM, at=at(4, 30))
        assert due(case, "review_apply") == "2026-05-22", "a second way of service does not start it again"
    rosa = person(case.pk)
    with acting(rosa, epoch=now_epoch()):
        move(case.pk, "apply_review", answers={"disagreement": "事实有误"}, actor=rosa, at=at(5, 10))
    step(case, town.housing_lin, "send_to_review", at(5, 12), sent_to=town.city_housing.pk)
    with acting(SYSTEM, epoch=now_epoch()):
        assert due(case, "review_decide") == "2026-06-11"


def test_who_does_not_ask_for_review_has_a_final_answer(town: Town) -> None:
    case = handled(town)
    step(case, town.housing_lin, "support", at(4, 20), **OPINION)
    with acting(SYSTEM, epoch=now_epoch()):
        served = Delivery.objects.get(paper__kind="disposition_support", channel="email")
        papers.serve(served.pk, proof="回执", actor=SYSTEM, at=at(4, 22))
        lapse_due(at=at(5, 25))
        done = now_of(case)
        assert (done.stage, done.outcome, done.on_time) == ("done", "supported", True)
        assert not Assignment.objects.filter(case=case, state__in=["offered", "accepted"]).exists()


def test_an_accusation_goes_to_the_discipline_authority_and_its_notice_says_nothing_of_it(town: Town) -> None:
    secret = "某某局长收受侨房拆迁款"
    facts = PETITION | {
        "purpose": "accusation",
        "accused_office": town.housing.code,
        "facts": secret,
        "request": secret,
    }
    case = file_case("petition", facts)
    step(case, town.officer_chen, "hand_over", at(3, 4))
    with acting(SYSTEM, epoch=now_epoch()):
        notice = Paper.objects.get(case=case, kind="accusation_handed_over")
        assert secret not in str(notice.sheet)
        assert Assignment.objects.get(case=case, seat="discipline").office == town.discipline
    with pytest.raises(MoveRefused):
        refer(case, town, at(3, 5))


def test_a_matter_cannot_be_sent_to_the_office_complained_of(town: Town) -> None:
    case = file_case(
        "petition", PETITION | {"purpose": "accusation", "accused_office": town.city_discipline.code}
    )
    with pytest.raises(seating.ShieldedOffice):
        step(case, town.officer_chen, "hand_over", at(3, 4))


def test_at_most_five_representatives(town: Town) -> None:
    file_case("petition", PETITION | {"joint": True}, representatives=("甲", "乙", "丙", "丁", "戊"))
    with pytest.raises(FormRefused) as refused:
        file_case(
            "petition", PETITION | {"joint": True}, representatives=("甲", "乙", "丙", "丁", "戊", "己")
        )
    assert refused.value.faults == {"representatives": "too_many"}


def test_what_is_not_solved_comes_back_to_the_office_that_answered(town: Town) -> None:
    case = file_case("petition", PETITION)
    rosa = person(case.pk)
    with acting(rosa, epoch=now_epoch()), pytest.raises(talking.NotOver):
        talking.rate(case.pk, 5, remark="", actor=rosa, at=at(3, 3))
    step(case, town.officer_chen, "answer", at(3, 4), reply="已电话说明办理途径。")
    with acting(rosa, epoch=now_epoch()):
        talking.rate(case.pk, 2, remark="没有解决", actor=rosa, at=at(3, 5))
        talking.not_solved(case.pk, reason="房子还是没有还", actor=rosa, at=at(3, 5))
        talking.not_solved(case.pk, reason="再点一次", actor=rosa, at=at(3, 5))
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        assert Assignment.objects.filter(case=case, seat="look", state="accepted").count() == 1
        talking.looked(
            case.pk, answer="已联系住建局，转送办理。", language="zh-hans", actor=chen, at=at(3, 9)
        )
        assert not Assignment.objects.filter(case=case, seat="look", state="accepted").exists()
        assert now_of(case).rating == 2


def test_the_law_makes_no_move_that_is_not_its_own(town: Town) -> None:
    case = file_case("petition", PETITION)
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(MoveRefused):
        move(case.pk, "acknowledge", answers={"how_handled": "x"}, actor=LAW, at=at(3, 4))
