"""Who came is known for some days, then it is not; and not after their file was erased."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.activities.actions.signing import check_in
from qiaoqiao.community.activities.jobs import clear_guests as clear_signups
from qiaoqiao.community.activities.models import Activity, Attendance, Signup
from qiaoqiao.community.appointments.actions import booking as bookings
from qiaoqiao.community.appointments.actions.waiting import leave
from qiaoqiao.community.appointments.jobs import clear_guests, close_days
from qiaoqiao.community.appointments.models import Booking, Waiting
from qiaoqiao.community.pools.actions import keeping, terms
from qiaoqiao.community.pools.jobs import keep_terms
from qiaoqiao.community.pools.models import PoolMember, PoolTerm, Qualification
from qiaoqiao.community.pools.rules import PoolKind
from qiaoqiao.ledger.models import Fact
from qiaoqiao.parties.actions.erasing import erase, written
from qiaoqiao.parties.forgetting import NOBODY, rooms
from qiaoqiao.parties.models import Contact, File
from tests.cast import Town, now_epoch
from tests.community import pools_town
from tests.community.activities_town import in_line, make_activity, make_station, signed
from tests.community.slots import AT, booking, offered, rosa, slots_of, somebody, stand_in_line, take_place
from tests.parties.town_files import file_of

PERSONAL = ("name", "email", "phone", "contact", "about")


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def known(row: Booking | Waiting) -> list[str]:
    return [column for column in PERSONAL if getattr(row, column) not in {"", NOBODY}]


def test_who_booked_or_waited_is_forgotten_so_many_days_after_it_was_over(town: Town) -> None:
    schedule = offered(town.federation, places=1)
    slot, later = slots_of(schedule)[:2]
    ids = [take_place(slot, rosa()), take_place(later, somebody(2))]
    wait = stand_in_line(schedule, somebody(3), at=AT)
    with acting(SYSTEM, epoch=now_epoch()):
        bookings.cancel(ids[1], actor=SYSTEM, reason="请找陈玉莲", at=AT)
        leave(wait, actor=SYSTEM, at=AT)
        close_days(slot.starts_at + timedelta(days=1))
    days = timedelta(days=settings.GUESTS_KEPT_DAYS)
    clear_guests(int((slot.ends_at + days - timedelta(minutes=1)).timestamp()))
    assert all(known(booking(one)) for one in ids)
    clear_guests(int((slot.ends_at + days + timedelta(days=1)).timestamp()))
    assert [known(booking(one)) for one in ids] == [[], []]
    with acting(SYSTEM, epoch=now_epoch()):
        assert known(Waiting.objects.get(pk=wait)) == []
        assert not Fact.objects.filter(subject__in=[*ids, wait], facts__has_key="reason").exclude(
            facts__reason="retention"
        )
    assert [booking(one).state for one in ids] == ["lapsed", "cancelled"]


def test_an_erased_file_takes_what_is_over_along_and_leaves_what_is_to_come_and_other_people(
    town: Town,
) -> None:
    first, second, third = slots_of(offered(town.federation, places=3))[:3]
    file = file_of(town, "陈玉莲", Contact(kind="email", value="Rosa@example.org"))
    shared = Contact(kind="email", value="n2@example.org", shared=True)
    with acting(SYSTEM, epoch=now_epoch()):
        shared.file_id, shared.added_at = file.pk, timezone.now()
        shared.save()
    over, family, coming = (
        take_place(first, rosa()),
        take_place(second, somebody(2)),
        take_place(third, rosa()),
    )
    with acting(SYSTEM, epoch=now_epoch()):
        Booking.objects.filter(pk__in=[over, family]).update(state="attended")
        Booking.objects.filter(pk=coming).update(ends_at=timezone.now() + timedelta(days=3))
        erase(file.pk, reason="asked", actor=SYSTEM, at=timezone.now())
    assert known(booking(over)) == []
    assert known(booking(family))
    assert known(booking(coming))


def test_who_signed_up_is_forgotten_so_many_days_after_the_activity_and_that_they_came_is_not(
    town: Town,
) -> None:
    activity = make_activity(town)
    for _again in range(2):
        signed(activity, "陈玉莲", email="rosa@example.org")
    signed(activity, "黄志雄", phone="+8613800138000")
    with acting(SYSTEM, epoch=now_epoch()):
        Activity.objects.filter(pk=activity.pk).update(ends_at=activity.starts_at + timedelta(hours=1))
        rosa_s = Signup.objects.get(email="rosa@example.org")
        check_in(rosa_s.pk, how="list", actor=SYSTEM, at=activity.starts_at)
        assert Fact.objects.filter(subject=activity.pk, facts__has_key="blind").exists()
    over = activity.starts_at + timedelta(hours=1, days=settings.GUESTS_KEPT_DAYS)
    clear_signups(int(over.timestamp()) - 60)
    assert {name for name, _state in in_line(activity)} == {"陈玉莲", "黄志雄"}
    clear_signups(int(over.timestamp()) + 60)
    with acting(SYSTEM, epoch=now_epoch()):
        rows = Signup.objects.filter(activity=activity)
        assert {(row.name, row.email, row.phone) for row in rows} == {(NOBODY, "", "")}
        assert Attendance.objects.filter(activity=activity).count() == 1
        assert not Fact.objects.filter(subject=activity.pk, facts__has_key="blind").exists()


def test_an_erased_file_takes_along_where_the_person_signed_up_before(town: Town) -> None:
    past, coming = make_activity(town), make_activity(town, make_station(town, "LLZ-02"))
    for activity in (past, coming):
        signed(activity, "陈玉莲", email="rosa@example.org")
        signed(activity, "黄志雄", phone="+8613800138000")
    file = file_of(
        town, "陈玉莲", Contact(kind="email", value="Rosa@example.org"), Contact(kind="phone", value="138 0013 8000")
    )  # fmt: skip
    at = timezone.now()
    with acting(SYSTEM, epoch=now_epoch()):
        Activity.objects.filter(pk=past.pk).update(
            starts_at=at - timedelta(hours=2), ends_at=at - timedelta(hours=1)
        )
        erase(file.pk, reason="asked", actor=SYSTEM, at=at)
    assert [name for name, _state in in_line(past)] == [NOBODY, NOBODY]
    assert [name for name, _state in in_line(coming)] == ["陈玉莲", "黄志雄"]


@pytest.mark.parametrize("in_office", [False, True])
def test_an_erased_file_is_forgotten_in_its_pool_once_out_of_office(town: Town, in_office: bool) -> None:
    member = pools_town.in_office(
        town, PoolKind.ADVISER, name="陈玉莲", latin_name="Chen Yulian", phone="123", born="1980"
    )
    file = file_of(town, "陈玉莲")
    at = timezone.now()
    with acting(SYSTEM, epoch=now_epoch()):
        PoolMember.objects.filter(pk=member.pk).update(file=file)
        keeping.qualify(member.pk, kind="lawyer", years=12, number="14407201010123456", actor=SYSTEM, at=at)
        if not in_office:
            terms.resign(member.pk, reason="陈玉莲病了", actor=SYSTEM, at=at)
        erase(file.pk, reason="asked", actor=SYSTEM, at=at)
        keep_terms(now_epoch())
        member.refresh_from_db()
        assert member.name == ("陈玉莲" if in_office else NOBODY)
        if in_office:
            terms.resign(member.pk, reason="陈玉莲病了", actor=SYSTEM, at=at)
            keep_terms(now_epoch())
            member.refresh_from_db()
        assert (member.name, member.latin_name, member.phone, member.born) == (NOBODY, "", "", "")
        assert (member.state, member.file_id) == ("resigned", None)
        assert not Qualification.objects.exists()
        assert PoolTerm.objects.filter(member=member).count() == 1
        assert not Fact.objects.filter(subject=member.pk, facts__reason="陈玉莲病了").exists()


def test_every_room_that_points_at_a_file_forgets_it() -> None:
    pointing = {
        one.related_model._meta.app_label
        for one in File._meta.get_fields(include_hidden=True)
        if one.is_relation and one.auto_created and one.related_model is not None
    }
    assert pointing - {"parties"} <= rooms()
    assert rooms() == {"activities", "alliance", "appointments", "pools", "relief"}


@pytest.mark.parametrize(
    ("contact", "forms"),
    [
        ("Rosa@Example.org ", {"rosa@example.org"}),
        ("138 0013 8000", {"13800138000", "+8613800138000"}),
        ("+86 138 0013 8000", {"13800138000", "+8613800138000"}),
        ("+58 412 555 0101", {"+584125550101"}),
    ],
)
def test_a_contact_is_found_however_it_was_written(contact: str, forms: set[str]) -> None:
    assert written(contact) == forms
