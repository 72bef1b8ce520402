"""Plans and activities: approved and laid out, signed up to the last place, moved up, cancelled, come to once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting, person
from qiaoqiao.community.activities import reactions
from qiaoqiao.community.activities.actions import holding, planning, signing
from qiaoqiao.community.activities.models import Activity, Attendance, Minutes, Photo, Plan, Signup
from qiaoqiao.community.activities.queries import Filters, against_plan, listed, upcoming, visible_activities
from qiaoqiao.community.activities.rules import ActivityKind, Every, MoveRefused, Planned
from qiaoqiao.gateways import mail, sms
from qiaoqiao.ledger.models import Entry
from tests.cast import Town, as_staff, now_epoch
from tests.community.activities_town import (
    in_line,
    make_activity,
    make_station,
    picture,
    programme,
    signed,
    signup_of,
)

JANUARY = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def react(kind: str, reaction: Any) -> None:
    """Let a reaction follow every entry of a kind, twice: again changes nothing."""
    for uid in Entry.objects.filter(kind=kind).order_by("id").values_list("uid", flat=True):
        reaction(str(uid))
        reaction(str(uid))


def letters(name: str) -> list[str]:
    return [one.subject for one in mail.recent(50, f"{name}@example.org")]


def plan_of(town: Town, *lines: Planned, at: datetime = JANUARY) -> Plan:
    with acting(SYSTEM, epoch=now_epoch()):
        plan = planning.draft_plan(make_station(town).pk, 2026, actor=SYSTEM, at=at)
        for one in lines:
            planning.add_item(plan.pk, one, name="活动", place="站里", actor=SYSTEM, at=at)
    return plan


FULL = (Planned(ActivityKind.VISIT, Every.MONTH), Planned(ActivityKind.LECTURE, Every.QUARTER))


def test_a_plan_with_too_few_is_not_approved_and_one_with_enough_is_laid_out_once(town: Town) -> None:
    town.federation.settings = {"activities": {"least_visit": 12, "least_lecture": 4}}
    town.federation.save(update_fields=["settings"])
    plan = plan_of(town, FULL[0])
    with acting(SYSTEM, epoch=now_epoch()):
        with pytest.raises(planning.TooFew) as few:
            planning.approve_plan(plan.pk, actor=SYSTEM, at=JANUARY)
        assert few.value.kinds == {ActivityKind.LECTURE: (0, 4)}
        planning.add_item(plan.pk, FULL[1], name="宣讲", place="", actor=SYSTEM, at=JANUARY)
        plan = planning.approve_plan(plan.pk, actor=SYSTEM, at=JANUARY)
        assert Activity.objects.count() == 16
        assert planning.lay_out(plan, at=JANUARY) == 0
        assert Activity.objects.count() == 16
        for closed in (planning.add_item, planning.approve_plan):
            given = {"name": "", "place": ""} if closed is planning.add_item else {}
            arguments = (FULL[0],) if closed is planning.add_item else ()
            with pytest.raises(planning.PlanClosed):
                closed(plan.pk, *arguments, actor=SYSTEM, at=JANUARY, **given)
        with pytest.raises(planning.PlanThere):
            planning.draft_plan(plan.organisation_id, 2026, actor=SYSTEM, at=JANUARY)


def test_a_plan_approved_in_autumn_makes_no_activities_of_the_past(town: Town) -> None:
    plan = plan_of(town, *FULL)
    with acting(SYSTEM, epoch=now_epoch()):
        planning.approve_plan(plan.pk, actor=SYSTEM, at=datetime(2026, 10, 20, 2, 0, tzinfo=UTC))
        assert Activity.objects.count() == 2 + 1


def test_planned_against_done_counts_what_was_held_in_its_quarter(town: Town) -> None:
    plan = plan_of(town, *FULL)
    with acting(SYSTEM, epoch=now_epoch()):
        planning.approve_plan(plan.pk, actor=SYSTEM, at=JANUARY)
        visits = Activity.objects.filter(kind="visit").order_by("starts_at")
        for activity in visits[:2]:
            holding.mark_held(activity.pk, walk_ins=6, actor=SYSTEM, at=activity.ends_at)
        rows = {row.kind: row for row in against_plan(plan, today=date(2026, 4, 1))}
    visit = rows[ActivityKind.VISIT]
    assert (visit.planned, visit.done, visit.missing) == (12, 2, 1)
    assert rows[ActivityKind.LECTURE].missing == 1


def test_places_go_in_order_and_then_there_is_a_waiting_list(town: Town) -> None:
    activity = make_activity(town)
    for name in ("an", "bo", "cai"):
        signed(activity, name)
    assert in_line(activity) == [("an", "going"), ("bo", "going"), ("cai", "waiting")]
    react("signup.made", reactions.tell_guest)
    assert [letters(name) for name in ("an", "cai")] == [["活动报名成功"], ["活动报名：候补"]]


def test_who_signs_up_twice_gets_the_letter_again_once_an_hour_and_takes_one_place(town: Town) -> None:
    activity = make_activity(town)
    now = datetime.now(UTC)
    for minutes in (0, 1, 2, 59):
        signed(activity, "dora", email="Dora@example.org", at=now + timedelta(minutes=minutes))
    assert Entry.objects.filter(kind="signup.again").count() == 1
    signed(activity, "dora", email="dora@example.org", at=now + timedelta(minutes=62))
    activity.refresh_from_db()
    assert in_line(activity) == [("dora", "going")]
    assert activity.taken == 1
    uids = Entry.objects.filter(kind="signup.again").values_list("uid", flat=True)
    assert len(uids) == 2
    reactions.tell_again(str(uids[0]))
    assert mail.recent(5, "Dora@example.org")[0].subject == "活动报名成功"


def test_a_code_that_somebody_has_already_costs_nobody_their_place(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = make_activity(town)
    letters_ = iter("AAAAAAAAAAAAAAC")
    monkeypatch.setattr(signing.secrets, "choice", lambda _alphabet: next(letters_))
    for name in ("an", "bo"):
        signed(activity, name)
    assert in_line(activity) == [("an", "going"), ("bo", "going")]
    assert signup_of(activity, "bo").code == "AAAAC"
    assert not Entry.objects.filter(kind="signup.again").exists()


def test_who_gave_a_number_only_gets_a_text_message(town: Town) -> None:
    activity = make_activity(town)
    signed(activity, "he", phone="+8613800000002")
    react("signup.made", reactions.tell_guest)
    assert "/activities/signup/" in sms.recent(5, "+8613800000002")[0].body


def test_who_cancels_lets_the_next_one_up_who_is_told(town: Town) -> None:
    activity = make_activity(town)
    for name in ("an", "bo", "cai", "dan"):
        signed(activity, name)
    an = signup_of(activity, "an")
    holder = person(an.pk)
    with acting(holder, epoch=now_epoch()):
        for _twice in range(2):
            signing.cancel_signup(an.pk, actor=holder, at=datetime.now(UTC))
    react("signup.cancelled", reactions.next_in_line)
    assert in_line(activity) == [("an", "cancelled"), ("bo", "going"), ("cai", "going"), ("dan", "waiting")]
    activity.refresh_from_db()
    assert activity.taken == 2
    react("signup.promoted", reactions.tell_guest)
    assert "活动有名额了" in letters("cai")
    signed(activity, "an")
    assert in_line(activity)[-1] == ("an", "waiting")


def test_a_freed_place_is_the_waiting_ones_even_before_the_worker_comes(town: Town) -> None:
    activity = make_activity(town)
    for name in ("an", "bo", "cai"):
        signed(activity, name)
    an = signup_of(activity, "an")
    with acting(person(an.pk), epoch=now_epoch()):
        signing.cancel_signup(an.pk, actor=person(an.pk), at=datetime.now(UTC))
    signed(activity, "dan")
    assert in_line(activity)[1:] == [("bo", "going"), ("cai", "waiting"), ("dan", "waiting")]
    react("signup.cancelled", reactions.next_in_line)
    assert in_line(activity)[1:] == [("bo", "going"), ("cai", "going"), ("dan", "waiting")]


def test_new_places_are_first_for_those_who_wait(town: Town) -> None:
    activity = make_activity(town)
    for name in ("an", "bo", "cai"):
        signed(activity, name)
    with acting(SYSTEM, epoch=now_epoch()):
        wider = programme(activity.starts_at, capacity=3)
        holding.change(activity.pk, wider, actor=SYSTEM, at=datetime.now(UTC))
    signed(activity, "dan")
    react("activity.changed", reactions.room_for_more)
    assert in_line(activity)[2:] == [("cai", "going"), ("dan", "waiting")]


def test_with_room_for_all_who_wait_and_one_more_nobody_new_has_to_wait(town: Town) -> None:
    activity = make_activity(town)
    for name in ("an", "bo", "cai"):
        signed(activity, name)
    with acting(SYSTEM, epoch=now_epoch()):
        wider = programme(activity.starts_at, capacity=4)
        holding.change(activity.pk, wider, actor=SYSTEM, at=datetime.now(UTC))
    for name in ("dan", "eva"):
        signed(activity, name)
    assert in_line(activity)[2:] == [("cai", "waiting"), ("dan", "going"), ("eva", "waiting")]
    react("activity.changed", reactions.room_for_more)
    assert in_line(activity)[2:] == [("cai", "going"), ("dan", "going"), ("eva", "waiting")]
    for name in ("eva", "cai"):
        signup = signup_of(activity, name)
        with acting(person(signup.pk), epoch=now_epoch()):
            signing.cancel_signup(signup.pk, actor=person(signup.pk), at=datetime.now(UTC))
    activity.refresh_from_db()
    assert (activity.taken, activity.waiting) == (3, 0)
    signed(activity, "fay")
    assert in_line(activity)[-1] == ("fay", "going")


@pytest.mark.parametrize(
    "changes", [{"open": False}, {"starts_at": datetime.now(UTC) - timedelta(minutes=1)}]
)
def test_nobody_signs_up_to_what_is_closed_or_has_begun(town: Town, changes: dict[str, Any]) -> None:
    activity = make_activity(town, **changes)
    with pytest.raises(signing.NotOpen):
        signed(activity, "an")


def test_the_last_place_is_given_once_though_many_ask_at_one_moment(served_town: Town) -> None:
    activity = make_activity(served_town, capacity=3)

    def ask(number: int) -> None:
        try:
            signed(activity, f"n{number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(16)))
    states = [state for _name, state in in_line(activity)]
    assert (states.count("going"), states.count("waiting")) == (3, 13)
    activity.refresh_from_db()
    assert activity.taken == 3


def test_the_database_itself_refuses_too_many_and_a_public_photo_without_consent(town: Town) -> None:
    activity = make_activity(town)
    with acting(SYSTEM, epoch=now_epoch()):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.filter(pk=activity.pk).update(taken=3)
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.filter(pk=activity.pk).update(starts_at=datetime(2, 1, 1, tzinfo=UTC))
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.filter(pk=activity.pk).update(ends_at=datetime(2202, 1, 1, tzinfo=UTC))
        photo = holding.add_photo(
            activity.pk, picture(), caption="", people_shown=2, actor=SYSTEM, at=datetime.now(UTC)
        )
        for half in ({}, {"agreed_by": "何婶"}, {"agreed_by": "何婶", "agreed_how": "spoken"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Photo.objects.filter(pk=photo.pk).update(public=True, **half)


def test_a_photo_is_seen_by_everybody_only_with_consent_and_no_more_when_it_is_taken_back(town: Town) -> None:
    activity = make_activity(town)
    chen = as_staff(town.officer_chen)
    given: dict[str, Any] = {"actor": chen, "at": datetime.now(UTC)}

    def seen() -> int:
        with acting(PUBLIC, epoch=now_epoch()):
            return Photo.objects.count()

    with acting(chen, epoch=now_epoch()):
        photo = holding.add_photo(activity.pk, picture(), caption="会场", people_shown=2, **given)
        with pytest.raises(holding.ConsentMissing):
            holding.agree_photo(photo.pk, by="何婶", how="", on=date(2026, 3, 2), public=True, **given)
    assert seen() == 0
    with acting(chen, epoch=now_epoch()):
        holding.agree_photo(photo.pk, by="何婶", how="spoken", on=date(2026, 3, 2), public=True, **given)
    assert seen() == 1
    with acting(chen, epoch=now_epoch()):
        holding.agree_photo(photo.pk, by="", how="", on=None, public=False, **given)
    assert seen() == 0


def test_everybody_is_told_when_it_is_put_off_moved_or_cancelled(town: Town) -> None:
    activity = make_activity(town)
    signed(activity, "yu")
    given: dict[str, Any] = {"actor": SYSTEM, "at": datetime.now(UTC)}
    with acting(SYSTEM, epoch=now_epoch()):
        holding.postpone(activity.pk, reason="台风", **given)
        with pytest.raises(MoveRefused):
            holding.mark_held(activity.pk, walk_ins=0, **given)
        later = activity.starts_at + timedelta(days=7)
        holding.change(activity.pk, programme(later), **given)
        holding.change(activity.pk, programme(later), **given)
        holding.cancel(activity.pk, reason="场地维修", **given)
        for closed in (holding.cancel, holding.postpone):
            with pytest.raises(MoveRefused):
                closed(activity.pk, reason="再来", **given)
    for kind in ("postponed", "moved", "cancelled"):
        react(f"activity.{kind}", reactions.tell_everybody)
    assert sorted(letters("yu")) == sorted(["活动推迟", "活动时间或地点有变", "活动取消"])
    with pytest.raises(signing.NotOpen):
        signed(activity, "bo")


def test_more_places_let_those_who_wait_in(town: Town) -> None:
    activity = make_activity(town)
    for name in ("an", "bo", "cai"):
        signed(activity, name)
    with acting(SYSTEM, epoch=now_epoch()):
        given: dict[str, Any] = {"actor": SYSTEM, "at": datetime.now(UTC)}
        with pytest.raises(holding.TooSmall):
            holding.change(activity.pk, programme(activity.starts_at, capacity=1), **given)
        holding.change(activity.pk, programme(activity.starts_at, capacity=5), **given)
    react("activity.changed", reactions.room_for_more)
    assert {state for _name, state in in_line(activity)} == {"going"}


def test_somebody_comes_once_however_they_are_checked_in(town: Town) -> None:
    activity = make_activity(town)
    for name in ("an", "bo", "cai"):
        signed(activity, name)
    an, cai = signup_of(activity, "an"), signup_of(activity, "cai")
    chen, holder = as_staff(town.officer_chen), person(an.pk)
    at = datetime.now(UTC)
    with acting(chen, epoch=now_epoch()):
        first = signing.check_in(an.pk, how="qr", actor=chen, at=at)
        with pytest.raises(signing.NotGoing):
            signing.check_in(cai.pk, how="list", actor=chen, at=at)
    with acting(holder, epoch=now_epoch()):
        assert signing.check_in(an.pk, how="code", actor=holder, at=at) == first
    with acting(SYSTEM, epoch=now_epoch()):
        assert Attendance.objects.get().how == "qr"


def test_a_stranger_sees_no_sign_up_no_minutes_and_changes_nothing(town: Town) -> None:
    activity = make_activity(town)
    signed(activity, "an")
    an = signup_of(activity, "an")
    he = as_staff(town.stranger_he)
    given: dict[str, Any] = {"actor": he, "at": datetime.now(UTC)}
    for actor in (he, PUBLIC, person(activity.pk)):
        with acting(actor, epoch=now_epoch()):
            assert not Signup.objects.exists()
            assert not Minutes.objects.exists()
    with acting(he, epoch=now_epoch()):
        assert not visible_activities(he, on=date(2026, 3, 2)).exists()
        for closed in (holding.cancel, holding.postpone):
            with pytest.raises(Activity.DoesNotExist):
                closed(activity.pk, reason="x", **given)
        with pytest.raises(Signup.DoesNotExist):
            signing.check_in(an.pk, how="list", **given)
        with pytest.raises(planning.NotKept):
            planning.draft_plan(activity.organisation_id, 2027, **given)
    with acting(person(an.pk), epoch=now_epoch()):
        assert Signup.objects.get().name == "an"


def test_lists_page_with_a_constant_number_of_queries(town: Town, django_assert_num_queries: Any) -> None:
    station = make_station(town)
    for number in range(28):
        make_activity(town, station, starts_at=datetime.now(UTC) + timedelta(days=number + 1))
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        on = date(2026, 3, 2)
        with django_assert_num_queries(3):
            first = listed(Filters(kind="lecture"), chen, on=on)
        rest = listed(Filters(), chen, on=on, after=first.after)
        back = listed(Filters(), chen, on=on, before=rest.before)
        assert (len(first.rows), len(rest.rows)) == (25, 3)
        assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert len(upcoming(now=datetime.now(UTC), place="4407")) == 28
    assert upcoming(now=datetime.now(UTC), place="4502") == []
