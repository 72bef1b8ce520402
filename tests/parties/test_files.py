"""Files change only by actions: each leaves an entry, keeps what was, and refuses what the law does not let it keep."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions.breaking_glass import ReasonTooShort, open_by_reason
from qiaoqiao.parties.actions.files import PurposeMissing, add_facts, end_fact, make_file, opened
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.households import join_household
from qiaoqiao.parties.actions.learning import ConsentMissing, learn
from qiaoqiao.parties.actions.linking_cases import LinkRefused, link_applicant, unlink_applicant
from qiaoqiao.parties.models import File, FileReach, Member, Name, Need, Person, Standing
from tests.cast import PETITION, Town, as_staff, file_case, now_epoch
from tests.workbench.people_town import make_person

REASON = "本人在我处窗口，急需核对归侨身份，以便今天办理就医。"


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def file(town: Town) -> File:
    return make_person(town)


def kinds(file: File) -> list[str]:
    return list(Entry.objects.filter(subject=file.pk).order_by("seq").values_list("kind", flat=True))


def again(file: File) -> File:
    """The row read back, whoever may see it."""
    with acting(SYSTEM, epoch=now_epoch()):
        return File.objects.get(pk=file.pk)


def now() -> datetime:
    return datetime.now(UTC)


def test_a_new_file_is_found_by_its_facts_and_looked_at_again_within_a_year(file: File) -> None:
    row = again(file)
    assert (row.name, row.latin_name, row.standing) == ("陈玉莲", "Rosa Chen", "returnee")
    assert row.checked_on == date(2026, 3, 2)
    assert row.review_on == date(2027, 3, 2)
    assert kinds(file) == ["file.made"]


def test_an_office_begins_no_file_for_another(town: Town) -> None:
    with pytest.raises(Exception, match="row-level security"):
        make_person(town, office=town.kaiping_federation)


def test_a_standing_that_ended_gives_way_to_the_one_that_holds(town: Town, file: File) -> None:
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        old = Standing.objects.get(file=file)
        end_fact(Standing, old.pk, on=date(2026, 3, 1), actor=chen, at=now())
        assert again(file).standing == ""
        add_facts(file.pk, Standing(kind="relative", since=date(2026, 3, 2)), actor=chen, at=now())
        assert Standing.objects.filter(file=file).count() == 2
    assert again(file).standing == "relative"
    assert kinds(file)[1:] == ["file.ended", "file.learned"]


@pytest.mark.parametrize("state", ["frozen", "merged", "erased"])
def test_a_closed_file_takes_nothing_in(town: Town, file: File, state: str) -> None:
    chen = as_staff(town.officer_chen)
    other = make_person(town, what=[Name(text="陈二", script="hans", kind="legal")])
    gone = {"name": "", "latin_name": "", "sex": "", "born": "", "words": None} if state == "erased" else {}
    with acting(SYSTEM, epoch=now_epoch()):
        File.objects.filter(pk=file.pk).update(
            state=state, merged_into=other if state == "merged" else None, **gone
        )
    with acting(chen, epoch=now_epoch()):
        with pytest.raises(FileClosed):
            learn(file.pk, Need(kind="housing"), actor=chen, at=now())
        with pytest.raises(FileClosed):
            join_household(file.pk, beside=None, relation="head", actor=chen, at=now())
    assert kinds(file) == ["file.made"]


@pytest.mark.parametrize("kind", ["illness", "disability", "hardship"])
def test_a_sensitive_need_is_not_kept_without_consent(town: Town, file: File, kind: str) -> None:
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        with pytest.raises(ConsentMissing):
            learn(file.pk, Need(kind=kind), actor=chen, at=now())
        assert not Need.objects.filter(kind=kind).exists()


def test_opening_is_recorded_once_in_eight_hours_for_each_purpose(town: Town, file: File) -> None:
    chen, at = as_staff(town.officer_chen), now()
    with acting(chen, epoch=now_epoch()):
        said = [
            opened(file.pk, purpose=purpose, actor=chen, at=at + timedelta(hours=hours))
            for purpose, hours in (("visit", 0), ("visit", 7), ("handling", 7), ("visit", 9))
        ]
        with pytest.raises(PurposeMissing):
            opened(file.pk, purpose="curiosity", actor=chen, at=at)
    assert said == [True, False, True, True]
    assert kinds(file)[1:] == ["file.opened:visit", "file.opened:handling", "file.opened:visit"]


def test_whoever_moves_house_leaves_the_old_one(town: Town, file: File) -> None:
    chen = as_staff(town.officer_chen)
    other = make_person(town, what=[Name(text="陈二", script="hans", kind="legal")])
    with acting(chen, epoch=now_epoch()):
        join_household(file.pk, beside=None, relation="head", register="12", actor=chen, at=now())
        join_household(file.pk, beside=other.pk, relation="sibling", actor=chen, at=now())
        join_household(file.pk, beside=other.pk, relation="sibling", actor=chen, at=now())  # once more
        mine = list(Member.objects.filter(file=file).order_by("added_at", "pk"))
        theirs = Member.objects.get(file=other)
    assert [one.until is None for one in mine] == [False, True]
    assert (
        mine[1].household_id == theirs.household_id == again(file).household_id == again(other).household_id
    )
    assert kinds(file)[1:] == ["file.learned", "file.ended", "file.learned"]
    assert kinds(other)[1:] == ["file.learned"]


# --- a case and its person's file -------------------------------------------------------------------


def applicant(town: Town) -> UUID:
    return file_case("petition", PETITION).person_id


def test_an_applicant_is_linked_once_however_often_it_is_said(town: Town, file: File) -> None:
    person, chen = applicant(town), as_staff(town.officer_chen)
    given = {"case": "QQ26-7K3M-9PA", "how": "paper", "office": town.overseas_affairs, "actor": chen}
    with acting(chen, epoch=now_epoch()):
        for _ in range(2):
            link_applicant(person, file.pk, at=now(), **given)  # type: ignore[arg-type]
    with acting(SYSTEM, epoch=now_epoch()):
        assert Person.objects.get(pk=person).file_id == file.pk
    assert kinds(file)[1:] == ["file.case_linked", "file.reach_given"]
    assert FileReach.objects.filter(file=file, why="case").count() == 1


def test_the_keeping_office_needs_no_reach(town: Town, file: File) -> None:
    person, chen = applicant(town), as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        link_applicant(
            person, file.pk, case="QQ26-7K3M-9PA", how="known", office=town.federation, actor=chen, at=now()
        )
    assert not FileReach.objects.exists()


def test_nobody_is_linked_unchecked_nor_to_two_files(town: Town, file: File) -> None:
    person, chen = applicant(town), as_staff(town.officer_chen)
    other = make_person(town, what=[Name(text="陈二", script="hans", kind="legal")])
    with acting(chen, epoch=now_epoch()):
        with pytest.raises(LinkRefused, match="not_checked"):
            link_applicant(person, file.pk, case="x", how="", office=town.federation, actor=chen, at=now())
        link_applicant(person, file.pk, case="x", how="paper", office=town.federation, actor=chen, at=now())
        with pytest.raises(LinkRefused, match="other_file"):
            link_applicant(
                person, other.pk, case="x", how="paper", office=town.federation, actor=chen, at=now()
            )


@pytest.mark.parametrize("last", [True, False])
def test_a_link_taken_back_ends_the_reach_with_the_offices_last_case(
    town: Town, file: File, last: bool
) -> None:
    person, chen = applicant(town), as_staff(town.officer_chen)
    office = town.overseas_affairs
    with acting(chen, epoch=now_epoch()):
        link_applicant(person, file.pk, case="x", how="paper", office=office, actor=chen, at=now())
        for _ in range(2):
            unlink_applicant(person, case="x", reason="同名", office=office, last=last, actor=chen, at=now())
    assert kinds(file)[-1] == "file.case_unlinked"
    assert FileReach.objects.filter(file=file).exists() is not last


# --- for a day, with a reason -----------------------------------------------------------------------


def break_glass(town: Town, file: File, reason: str = REASON, account: Account | None = None) -> File:
    he = as_staff(account or town.stranger_he)
    with acting(he, epoch=now_epoch()):
        return open_by_reason(file.number, reason=reason, office=town.kaiping_federation, actor=he, at=now())


def test_a_reason_reaches_the_file_until_the_end_of_the_day_and_no_longer(town: Town, file: File) -> None:
    he = as_staff(town.stranger_he)
    break_glass(town, file)
    break_glass(town, file)  # another time the same day: recorded again, one reach
    with acting(he, epoch=now_epoch()):
        assert File.objects.get().pk == file.pk
    assert FileReach.objects.filter(file=file).count() == 1
    assert kinds(file)[1:] == ["file.opened_by_reason"] * 2
    with acting(SYSTEM, epoch=now_epoch()):
        reach = FileReach.objects.get(file=file)
        reach.delete()
        FileReach.objects.create(
            file=file, office=reach.office, why=reach.why, until=now().date() - timedelta(days=2)
        )
    with acting(he, epoch=now_epoch()):
        assert not File.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "想看", "理 由 " * 3, " " * 40])
def test_a_reason_too_short_reaches_nothing(town: Town, file: File, reason: str) -> None:
    with pytest.raises(ReasonTooShort):
        break_glass(town, file, reason)
    assert not FileReach.objects.exists()


def test_after_a_reason_for_nobodys_number_the_ticket_is_the_officers_again(town: Town, file: File) -> None:
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        with pytest.raises(File.DoesNotExist):
            open_by_reason("QF26-3333-33Q", reason=REASON, office=town.kaiping_federation, actor=he, at=now())
        assert not File.objects.exists()


def test_a_file_is_made_by_nobody_without_a_ticket(town: Town) -> None:
    with pytest.raises(Exception, match="row-level security"):
        make_file(
            Name(text="无名", script="hans", kind="legal"), office=town.federation,
            actor=as_staff(town.officer_chen), at=now(),
        )  # fmt: skip
