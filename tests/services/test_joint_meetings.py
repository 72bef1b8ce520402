"""Joint meetings: who convenes and sees, what a resolution becomes, and that nobody's view of a case widens."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.tasks import answer_task, decline_task
from qiaoqiao.casework.models import Assignment, Case, Reach, Shield
from qiaoqiao.ledger.models import Entry
from qiaoqiao.services.joint.actions import agenda, deciding, minuting, planning
from qiaoqiao.services.joint.actions.ground import MeetingRefused, NotNow
from qiaoqiao.services.joint.models import AgendaItem, Attendee, Meeting, Minutes, Resolution
from qiaoqiao.services.joint.queries import (
    became,
    cases_meetings,
    cases_seen,
    resolutions,
    suggestions,
    unfinished,
    visible_items,
    visible_meetings,
)
from qiaoqiao.services.joint.rules import Followed, Reason, Signs, followed, names_somebody, reasons
from tests.cast import AT, PETITION, ROSA, SETTLE, TODAY, Town, as_staff, file_case, make_account, now_epoch
from tests.services.joint_table import (
    DUE,
    HELD,
    PLAN,
    STARTS,
    as_seen,
    held,
    planned,
    resolved,
    tabled,
)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def sees(account: Account, meeting: Meeting) -> bool:
    actor = as_staff(account)
    with acting(actor, epoch=now_epoch()):
        return visible_meetings(actor, on=TODAY).filter(pk=meeting.pk).exists()


def kinds(meeting: Meeting) -> list[str]:
    return list(Entry.objects.filter(subject=meeting.pk).order_by("seq").values_list("kind", flat=True))


# --- planning ----------------------------------------------------------------------------------------------


def test_a_meeting_has_the_next_number_of_its_office_and_is_seen_by_all_it_names(town: Town) -> None:
    first, second = planned(town), planned(town)
    assert (first.number, second.number) == ("〔2026〕1号", "〔2026〕2号")
    assert [sees(one, first) for one in (town.officer_chen, town.police_wu, town.housing_lin)] == [True] * 3
    assert not sees(town.stranger_he, first)
    assert kinds(first) == ["meeting.planned", "meeting.invited"]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"title": "  "}, {"title": "missing"}),
        ({"title": "长" * 81}, {"title": "too_long"}),
        ({"title": "长" * 80}, {}),
        ({"place": "", "link": ""}, {"place": "missing"}),
        ({"place": "", "link": "会议号 12 345"}, {}),
        ({"starts_at": AT}, {"starts_at": "past"}),
        ({"starts_at": AT + timedelta(seconds=1)}, {}),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_by_field(
    town: Town, changed: dict[str, Any], fault: dict[str, str]
) -> None:
    plan = replace(PLAN, **changed)
    if not fault:
        assert planned(town, plan=plan).state == "planned"
        return
    with pytest.raises(MeetingRefused) as refused:
        planned(town, plan=plan)
    assert refused.value.faults == fault


def test_nobody_convenes_for_an_office_not_their_own_or_invites_nobody(town: Town) -> None:
    wu = as_staff(town.police_wu)
    with acting(wu, epoch=now_epoch()), pytest.raises(Office.DoesNotExist):
        planning.plan(town.overseas_affairs.pk, PLAN, [planning.Invited(town.housing.pk)], actor=wu, at=AT)
    with pytest.raises(MeetingRefused):
        planned(town, offices=[town.overseas_affairs])


def test_only_the_convenor_changes_invites_or_calls_off(town: Town) -> None:
    meeting, wu = planned(town), as_staff(town.police_wu)
    more = [planning.Invited(town.education.pk)]
    with acting(wu, epoch=now_epoch()):
        for tried in (
            lambda: planning.change(meeting.pk, PLAN, actor=wu, at=AT),
            lambda: planning.invite(meeting.pk, more, actor=wu, at=AT),
            lambda: planning.cancel(meeting.pk, reason="不开了", actor=wu, at=AT),
            lambda: minuting.record_attendance(meeting.pk, {}, actor=wu, at=HELD),
        ):
            with pytest.raises(Meeting.DoesNotExist):
                tried()


def test_a_change_is_recorded_and_numbered_and_a_cancelled_meeting_stays_cancelled(town: Town) -> None:
    meeting, chen = planned(town), as_staff(town.officer_chen)
    later = replace(PLAN, starts_at=STARTS + timedelta(days=1))
    with acting(chen, epoch=now_epoch()):
        planning.change(meeting.pk, later, actor=chen, at=AT)
        planning.change(meeting.pk, later, actor=chen, at=AT)
        assert Meeting.objects.get(pk=meeting.pk).version == 1
        with pytest.raises(MeetingRefused):
            planning.cancel(meeting.pk, reason=" ", actor=chen, at=AT)
        planning.cancel(meeting.pk, reason="改为书面征求意见", actor=chen, at=AT)
        with pytest.raises(NotNow):
            planning.change(meeting.pk, PLAN, actor=chen, at=AT)
    assert kinds(meeting)[2:] == ["meeting.changed", "meeting.cancelled"]


def test_an_invited_office_answers_for_itself(town: Town) -> None:
    meeting, lin = planned(town), as_staff(town.housing_lin)
    with acting(lin, epoch=now_epoch()):
        with pytest.raises(MeetingRefused) as refused:
            planning.answer(meeting.pk, town.housing.pk, "yes", name="", note="", actor=lin, at=AT)
        assert refused.value.faults == {"name": "missing"}
        with pytest.raises(Meeting.DoesNotExist):
            planning.answer(meeting.pk, town.exit_entry_police.pk, "no", name="", note="", actor=lin, at=AT)
        planning.answer(meeting.pk, town.housing.pk, "yes", name="林科长", note="", actor=lin, at=AT)
        held_ = Attendee.objects.get(meeting=meeting, office=town.housing)
    assert (held_.answer, held_.name) == ("yes", "林科长")


# --- the walls ---------------------------------------------------------------------------------------------


def test_being_at_a_meeting_lets_nobody_see_a_case_that_is_on_its_agenda(town: Town) -> None:
    meeting, case = planned(town), file_case("settlement", SETTLE)
    item = tabled(meeting, town, case)
    lin = as_staff(town.housing_lin)
    with acting(lin, epoch=now_epoch()):
        assert AgendaItem.objects.get(pk=item.pk).reference
        assert cases_seen([case.pk], lin, on=TODAY) == {}
        assert Case.objects.filter(pk=case.pk).count() == 0


def accusation(town: Town) -> Case:
    """Somebody complains of the housing office of Taishan."""
    return file_case("petition", PETITION | {"purpose": "accusation", "accused_office": town.housing.code})


@pytest.mark.parametrize("accused", ["housing", "city_housing"])
def test_a_case_is_not_tabled_where_the_office_complained_of_or_one_below_it_sits(
    town: Town, accused: str
) -> None:
    office = getattr(town, accused)
    case = file_case("petition", PETITION | {"purpose": "accusation", "accused_office": office.code})
    meeting = planned(town)
    with pytest.raises(MeetingRefused) as refused:
        tabled(meeting, town, case)
    assert refused.value.faults == {"case": "shielded"}
    with acting(SYSTEM, epoch=now_epoch()):
        assert not AgendaItem.objects.exists()
    assert tabled(planned(town, offices=[town.exit_entry_police]), town, case).case_id == case.pk


def test_the_office_complained_of_is_not_invited_once_the_case_is_tabled(town: Town) -> None:
    meeting, chen = planned(town, offices=[town.exit_entry_police]), as_staff(town.officer_chen)
    tabled(meeting, town, accusation(town))
    with acting(chen, epoch=now_epoch()):
        both = [planning.Invited(one.pk) for one in (town.education, town.housing)]
        with pytest.raises(MeetingRefused) as refused:
            planning.invite(meeting.pk, both, actor=chen, at=AT)
        assert refused.value.faults == {"offices": "shielded"}
        assert planning.invite(meeting.pk, both[:1], actor=chen, at=AT).offices[-1] == town.education.pk


def test_the_database_too_keeps_a_case_and_the_office_complained_of_apart(town: Town) -> None:
    case, chen = accusation(town), as_staff(town.officer_chen)
    with_housing, without = planned(town), planned(town, offices=[town.exit_entry_police])
    tabled(without, town, case)
    with acting(chen, epoch=now_epoch()):
        with pytest.raises(IntegrityError, match="shielded"), transaction.atomic():
            AgendaItem.objects.create(
                meeting=with_housing,
                order=1,
                case=case,
                title="某事",
                office=town.overseas_affairs,
                made_at=AT,
            )
        with pytest.raises(IntegrityError, match="shielded"), transaction.atomic():
            Meeting.objects.filter(pk=without.pk).update(offices=[*without.offices, town.housing.pk])


def test_who_also_sits_at_the_office_complained_of_reads_nothing_of_the_item_or_its_resolution(
    town: Town,
) -> None:
    both = make_account("both", (town.exit_entry_police, "handler"), (town.housing, "handler"))
    case = accusation(town)
    meeting = planned(town, offices=[town.exit_entry_police, town.federation])
    item = tabled(meeting, town, case)
    held(meeting, town)
    resolved(meeting, item, town, town.exit_entry_police.pk)
    for account, seen in ((town.police_wu, 1), (both, 0)):
        with acting(as_staff(account), epoch=now_epoch()):
            assert Meeting.objects.filter(pk=meeting.pk).count() == 1
            assert AgendaItem.objects.count() == Resolution.objects.count() == seen
        with acting(SYSTEM, epoch=now_epoch()):
            by_code_alone = [
                shown(as_staff(account), on=TODAY).count() for shown in (visible_items, resolutions)
            ]
        assert by_code_alone == [seen, seen]


@pytest.mark.parametrize("model", [Meeting, Attendee, AgendaItem, Minutes, Resolution])
def test_the_second_wall_hides_all_of_a_meeting_from_a_stranger(town: Town, model: Any) -> None:
    meeting = planned(town)
    item = tabled(meeting, town, None)
    held(meeting, town)
    resolved(meeting, item, town, town.housing.pk)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        minuting.write_minutes(meeting.pk, "议了一件事。", actor=chen, at=HELD)
    for account, seen in ((town.housing_lin, True), (town.stranger_he, False)):
        with acting(as_staff(account), epoch=now_epoch()), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            assert (cursor.fetchone()[0] > 0) is seen


def test_words_for_all_offices_name_nobody(town: Town) -> None:
    meeting, case = planned(town), file_case("settlement", SETTLE)
    for words in (f"{ROSA.name}的事", "关于 ROSA  CHEN 回国", "陈 玉 莲"):
        with pytest.raises(MeetingRefused) as refused:
            tabled(meeting, town, case, title=words)
        assert refused.value.faults == {"title": "names"}
    item = tabled(meeting, town, case)
    held(meeting, town)
    with pytest.raises(MeetingRefused) as refused:
        resolved(meeting, item, town, town.housing.pk, text=f"告知{ROSA.name}")
    assert refused.value.faults == {"text": "names"}
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()), pytest.raises(MeetingRefused):
        minuting.write_minutes(meeting.pk, f"{ROSA.name}的房子", actor=chen, at=HELD)


def test_whoever_does_not_see_a_case_does_not_table_it(town: Town) -> None:
    meeting, case, lin = planned(town), file_case("settlement", SETTLE), as_staff(town.housing_lin)
    with acting(lin, epoch=now_epoch()):
        with pytest.raises(Case.DoesNotExist):
            agenda.table(meeting.pk, town.housing.pk, title="某案", case_id=case.pk, actor=lin, at=AT)
        assert agenda.table(meeting.pk, town.housing.pk, title="老旧小区", actor=lin, at=AT).order == 1


def test_a_case_stands_once_on_an_agenda_and_what_is_taken_off_leaves_no_gap(town: Town) -> None:
    meeting, case = planned(town), file_case("settlement", SETTLE)
    first, second, third = (tabled(meeting, town, one) for one in (case, None, None))
    assert tabled(meeting, town, case).pk == first.pk
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        agenda.take_off(meeting.pk, second.pk, actor=chen, at=AT)
        assert [one.pk for one in meeting.items.order_by("order")] == [first.pk, third.pk]
        assert [one.order for one in meeting.items.order_by("order")] == [1, 2]
        assert cases_meetings(case.pk, chen, on=TODAY) == [meeting]


# --- resolutions -----------------------------------------------------------------------------------------


def test_a_resolution_becomes_a_task_and_its_state_is_the_tasks(town: Town) -> None:
    meeting, case = planned(town), file_case("settlement", SETTLE)
    item = tabled(meeting, town, case)
    held(meeting, town)
    resolution = resolved(meeting, item, town, town.housing.pk)
    with acting(SYSTEM, epoch=now_epoch()):
        task = Assignment.objects.get(case=case, seat="task:1")
        assert (task.office_id, task.task, task.task_due_on, task.state) == (
            town.housing.pk, resolution.text, DUE, "offered",
        )  # fmt: skip
        assert Reach.objects.filter(case=case, office=town.housing).exists()
    assert became(as_seen(resolution), DUE) is Followed.OPEN
    assert became(as_seen(resolution), DUE + timedelta(days=1)) is Followed.LATE
    lin = as_staff(town.housing_lin)
    with acting(lin, epoch=now_epoch()):
        answer_task(case.pk, "task:1", text="已办", actor=lin, at=HELD + timedelta(days=2))
    assert became(as_seen(resolution), DUE + timedelta(days=1)) is Followed.DONE


def test_an_office_that_may_not_see_the_case_follows_the_resolution_all_the_same(town: Town) -> None:
    meeting, case = planned(town), file_case("settlement", SETTLE)
    item = tabled(meeting, town, case)
    held(meeting, town)
    resolution = resolved(meeting, item, town, town.housing.pk)
    lin = as_staff(town.housing_lin)
    assert became(as_seen(resolution, town.police_wu), DUE) is Followed.OPEN
    with acting(lin, epoch=now_epoch()):
        decline_task(case.pk, "task:1", reason="不归我局", actor=lin, at=HELD + timedelta(days=1))
    assert became(as_seen(resolution, town.police_wu), DUE) is Followed.DECLINED
    with acting(as_staff(town.police_wu), epoch=now_epoch()):
        assert not Case.objects.filter(pk=case.pk).exists()


@pytest.mark.parametrize(
    ("why", "fault"),
    [
        ("not_invited", "lead_absent"),
        ("absent", "lead_absent"),
        ("shield", "shielded"),
        ("other", "not_here"),
    ],
)
def test_a_resolution_is_refused(town: Town, why: str, fault: str) -> None:
    chen = as_staff(town.officer_chen)
    offices = [town.exit_entry_police, town.housing]
    case = file_case("petition", PETITION) if why in {"shield", "absent", "not_invited"} else None
    if why in {"shield", "absent"}:
        offices.append(town.federation)
    meeting = planned(town, offices=offices)
    item = tabled(meeting, town, case)
    with acting(chen, epoch=now_epoch()):
        there = {one: "某" for one in meeting.offices if not (why == "absent" and one == town.federation.pk)}
        minuting.record_attendance(meeting.pk, there, actor=chen, at=HELD)
    if case and why == "shield":
        with acting(SYSTEM, epoch=now_epoch()):
            Shield(case=case, office=town.housing).save(force_insert=True)
    office = town.housing if why != "other" else town.education
    with pytest.raises(MeetingRefused) as refused:
        resolved(meeting, item, town, office.pk)
    assert refused.value.faults == {"office": fault}
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Resolution.objects.exists()
        assert not Assignment.objects.filter(seat__startswith="task:").exists()


def test_a_resolution_is_taken_back_with_its_task_while_it_is_open(town: Town) -> None:
    meeting, case, chen = planned(town), file_case("settlement", SETTLE), as_staff(town.officer_chen)
    item = tabled(meeting, town, case)
    held(meeting, town)
    resolution = resolved(meeting, item, town, town.housing.pk)
    with acting(chen, epoch=now_epoch()):
        with pytest.raises(NotNow):
            agenda.take_off(meeting.pk, item.pk, actor=chen, at=HELD)
        deciding.withdraw_resolution(resolution.pk, reason="已另查清", actor=chen, at=HELD)
        with pytest.raises(NotNow):
            deciding.withdraw_resolution(resolution.pk, reason="再来", actor=chen, at=HELD)
        assert Assignment.objects.get(case=case, seat="task:1").state == "withdrawn"
    assert became(as_seen(resolution), DUE) is Followed.WITHDRAWN


def test_what_was_declined_stays_on_the_list_until_the_convenor_settles_it(town: Town) -> None:
    meeting, case, chen = planned(town), file_case("settlement", SETTLE), as_staff(town.officer_chen)
    item = tabled(meeting, town, case)
    held(meeting, town)
    resolution, lin = resolved(meeting, item, town, town.housing.pk), as_staff(town.housing_lin)
    with acting(lin, epoch=now_epoch()):
        decline_task(case.pk, "task:1", reason="不归我局", actor=lin, at=HELD)
    with acting(chen, epoch=now_epoch()):
        assert [one.pk for one in unfinished(chen, on=DUE).rows] == [resolution.pk]
        deciding.withdraw_resolution(resolution.pk, reason="改由侨务局自己办", actor=chen, at=HELD)
        assert unfinished(chen, on=DUE).rows == []


def test_a_resolution_without_a_case_is_reported_by_its_own_office(town: Town) -> None:
    meeting = planned(town)
    item = tabled(meeting, town, None)
    held(meeting, town)
    resolution, chen, lin = (
        resolved(meeting, item, town, town.housing.pk),
        as_staff(town.officer_chen),
        as_staff(town.housing_lin),
    )
    with acting(chen, epoch=now_epoch()), pytest.raises(Meeting.DoesNotExist):
        deciding.report_done(resolution.pk, text="好了", actor=chen, at=HELD)
    with acting(lin, epoch=now_epoch()):
        deciding.report_done(resolution.pk, text="清单已交", actor=lin, at=HELD + timedelta(days=30))
        with pytest.raises(NotNow):
            deciding.report_done(resolution.pk, text="又一次", actor=lin, at=HELD + timedelta(days=31))
    assert became(as_seen(resolution), DUE) is Followed.DONE_LATE


def test_two_resolutions_passed_at_once_are_two_tasks_with_two_numbers(fresh_database: None) -> None:
    town = Town()
    meeting, case = planned(town), file_case("settlement", SETTLE)
    item = tabled(meeting, town, case)
    held(meeting, town)
    together, seats = Barrier(2), []

    def pass_one(office: int) -> None:
        try:
            together.wait(timeout=20)
            seats.append(resolved(meeting, item, town, office).seat)
        finally:
            connections.close_all()

    threads = [Thread(target=pass_one, args=(one.pk,)) for one in (town.housing, town.exit_entry_police)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seats) == ["task:1", "task:2"]


# --- attendance and minutes -------------------------------------------------------------------------------


def test_attendance_waits_for_the_day_and_for_somebody_who_came(town: Town) -> None:
    meeting, chen = planned(town), as_staff(town.officer_chen)
    there = dict.fromkeys(meeting.offices, "某")
    with acting(chen, epoch=now_epoch()):
        with pytest.raises(MeetingRefused, match="early"):
            minuting.record_attendance(meeting.pk, there, actor=chen, at=STARTS - timedelta(days=1))
        with pytest.raises(MeetingRefused, match="missing"):
            minuting.record_attendance(meeting.pk, dict.fromkeys(there), actor=chen, at=HELD)
        with pytest.raises(NotNow):
            minuting.write_minutes(meeting.pk, "早了", actor=chen, at=AT)
        minuting.record_attendance(meeting.pk, {town.overseas_affairs.pk: "陈"}, actor=chen, at=HELD)
        present = dict(meeting.attendees.values_list("office", "present"))
    assert present == {
        town.overseas_affairs.pk: True,
        town.exit_entry_police.pk: False,
        town.housing.pk: False,
    }


def test_only_the_head_approves_and_that_closes_the_meeting(town: Town) -> None:
    meeting, chen, head = held(planned(town), town), as_staff(town.officer_chen), as_staff(town.head_liang)
    with acting(head, epoch=now_epoch()), pytest.raises(MeetingRefused, match="missing"):
        minuting.approve(meeting.pk, actor=head, at=HELD)
    with acting(chen, epoch=now_epoch()):
        minuting.write_minutes(meeting.pk, "议了一件事。", actor=chen, at=HELD)
        minuting.write_minutes(meeting.pk, "议了两件事。", actor=chen, at=HELD)
        with pytest.raises(MeetingRefused, match="head"):
            minuting.approve(meeting.pk, actor=chen, at=HELD)
    with acting(head, epoch=now_epoch()):
        minuting.approve(meeting.pk, actor=head, at=HELD)
        assert Meeting.objects.get(pk=meeting.pk).state == "closed"
        assert Minutes.objects.get(meeting=meeting).text == "议了两件事。"
        with pytest.raises(NotNow):
            minuting.write_minutes(meeting.pk, "议了三件事。", actor=head, at=HELD)


# --- rules -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "ended", "today", "stands"),
    [
        ("offered", None, DUE, Followed.OPEN),
        ("accepted", None, DUE + timedelta(days=1), Followed.LATE),
        ("answered", DUE, DUE + timedelta(days=9), Followed.DONE),
        ("answered", DUE + timedelta(days=1), DUE + timedelta(days=9), Followed.DONE_LATE),
        ("declined", DUE, DUE + timedelta(days=9), Followed.DECLINED),
        ("withdrawn", DUE, DUE + timedelta(days=9), Followed.WITHDRAWN),
    ],
)
def test_what_a_resolution_has_come_to(state: str, ended: date | None, today: date, stands: Followed) -> None:
    assert followed(state, DUE, ended, today) is stands


@pytest.mark.parametrize(
    ("signs", "why"),
    [
        (Signs(TODAY, 1, 30, False), ()),
        (Signs(TODAY - timedelta(days=1), 1, 30, False), (Reason.OVERDUE,)),
        (Signs(None, 2, 31, False), (Reason.SEVERAL, Reason.STUCK)),
        (Signs(TODAY - timedelta(days=1), 2, 31, True), tuple(Reason)),
    ],
)
def test_why_a_case_belongs_before_the_meeting(signs: Signs, why: tuple[Reason, ...]) -> None:
    assert reasons(signs, today=TODAY, stuck_days=30) == why


def test_a_single_character_names_nobody_but_a_whole_name_does() -> None:
    assert names_somebody("陈家的事", ["陈"]) == ""
    assert names_somebody("就 rosa chen 一案", ["陈玉莲", "Rosa Chen"]) == "Rosa Chen"


def test_the_weightiest_cases_are_suggested_first_and_those_tabled_not_again(town: Town) -> None:
    meeting = planned(town, at=AT)
    later = AT + timedelta(days=6)
    overdue = file_case("settlement", SETTLE, at=AT - timedelta(days=60))
    quiet = file_case("settlement", SETTLE, at=AT)
    lively = file_case("settlement", SETTLE, at=later)
    chen = as_staff(town.officer_chen)
    with acting(SYSTEM, epoch=now_epoch()):
        Case.objects.filter(pk=lively.pk).update(priority=False)
        Case.objects.filter(pk=quiet.pk).update(
            priority=False, due_on=None, due_limit="", last_at=AT - timedelta(days=40)
        )
    with acting(chen, epoch=now_epoch()):
        found = suggestions(meeting, chen, at=later, stuck_days=30)
        assert [(one.case.pk, one.why[0]) for one in found] == [
            (overdue.pk, Reason.OVERDUE), (quiet.pk, Reason.STUCK),
        ]  # fmt: skip
    tabled(meeting, town, overdue)
    with acting(chen, epoch=now_epoch()):
        assert [one.case.pk for one in suggestions(meeting, chen, at=later, stuck_days=30)] == [quiet.pk]


def test_somebody_of_another_city_gets_no_suggestion(town: Town) -> None:
    meeting = planned(town, offices=[town.kaiping_federation])
    file_case("settlement", SETTLE, at=AT - timedelta(days=60))
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        assert suggestions(meeting, he, at=AT, stuck_days=30) == []
