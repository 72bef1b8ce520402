"""Calls at the door: kept once, whole or not at all; what was learned becomes facts."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions.files import end_fact
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.visiting import (
    Heard,
    Round,
    SentDifferently,
    VisitRefused,
    check_file,
    record_visit,
    record_visits,
)
from qiaoqiao.parties.models import Address, Change, Consent, Contact, File, Member, Need, Visit
from tests.casework.test_holding_together import at_once
from tests.cast import AT, TODAY, Town, now_epoch
from tests.parties.town_files import agree, at_desk, file_of, home_of, phone

LATER = date(2026, 6, 1)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def called(town: Town, **changes: object) -> Round:
    visit = Round("k" * 32, "routine", AT, town.federation, companion="李社工", review_on=LATER)
    return replace(visit, **changes)  # type: ignore[arg-type]


def kinds(file_id: UUID) -> list[str]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Entry.objects.filter(subject=file_id).order_by("seq").values_list("kind", flat=True))


def test_what_was_heard_at_the_door_becomes_facts_in_one_go(town: Town) -> None:
    file = file_of(town, "黎金好", Need(kind="work"), phone("13800000001"))
    with at_desk(town.officer_chen) as actor:
        work, old = Need.objects.get(file=file), Contact.objects.get(file=file)
        heard = Heard(
            file.pk,
            "屋顶漏水",
            "行动不便",
            (("housing", "屋顶漏水"),),
            (work.pk, old.pk),
            True,
            "13900000002",
        )
        visit = record_visit(called(town), heard, actor=actor, at=AT)
        kept = Visit.objects.get(pk=visit.pk)
        assert (kept.said, kept.found, kept.companion, kept.kind) == (
            "屋顶漏水",
            "行动不便",
            "李社工",
            "routine",
        )
        assert (kept.office, kept.officer) == (town.federation, town.officer_chen)
        housing = Need.objects.get(file=file, kind="housing")
        assert (housing.note, housing.since, housing.proof) == ("屋顶漏水", TODAY, "")
        work.refresh_from_db()
        old.refresh_from_db()
        assert (work.until, old.until) == (TODAY - timedelta(days=1),) * 2
        assert Contact.objects.get(file=file, until=None).value == "13900000002"
        file.refresh_from_db()
        assert (file.checked_on, file.review_on) == (TODAY, LATER)
    told = kinds(file.pk)
    assert told[:2] == ["file.made", "file.visited"]
    assert sorted(told[2:]) == ["file.ended"] * 2 + ["file.learned"] * 2


def test_the_new_telephone_number_finds_the_person(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        record_visit(called(town), Heard(file.pk, phone="13900000002"), actor=actor, at=AT)
        assert "13900000002" in str(File.objects.values_list("words", flat=True).get(pk=file.pk))


def test_a_form_sent_twice_is_one_visit_and_the_second_answer_equals_the_first(town: Town) -> None:
    file = file_of(town)
    heard = Heard(file.pk, said="平安", needs=(("work", "想打零工"),))
    with at_desk(town.officer_chen) as actor:
        first = record_visit(called(town), heard, actor=actor, at=AT)
        again = record_visit(called(town), heard, actor=actor, at=AT + timedelta(days=1))
        assert again.pk == first.pk
        assert Visit.objects.filter(file=file).count() == Need.objects.filter(file=file).count() == 1
    assert kinds(file.pk).count("file.visited") == 1


def test_the_same_key_with_other_words_is_told_apart_and_loses_nothing_of_the_first(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        first = record_visit(called(town), Heard(file.pk, said="平安"), actor=actor, at=AT)
        with pytest.raises(SentDifferently) as told:
            record_visit(called(town), Heard(file.pk, said="平安，想修屋顶"), actor=actor, at=AT)
        assert told.value.visits == (first,)
        assert Visit.objects.get(file=file).said == "平安"


def test_two_officers_may_make_the_same_key(town: Town) -> None:
    file = file_of(town)
    for account in (town.officer_chen, town.head_liang):
        with at_desk(account) as actor:
            record_visit(called(town), Heard(file.pk), actor=actor, at=AT)
    with at_desk(town.officer_chen):
        assert Visit.objects.filter(file=file).count() == 2


def test_sent_twice_at_the_same_moment_it_is_still_one_visit(fresh_database: None) -> None:
    town = Town()
    file, spouse = file_of(town), file_of(town, "黎大树")
    heard = [Heard(file.pk, said="平安"), Heard(spouse.pk, said="也好")]

    def send(order: int) -> object:
        with at_desk(town.officer_chen) as actor:
            return [row.pk for row in record_visits(called(town), heard[::order], actor=actor, at=AT)]

    one, other = at_once(lambda: send(1), lambda: send(1))
    assert one == other
    with at_desk(town.officer_chen):
        assert Visit.objects.count() == 2


def test_one_form_for_a_household_is_all_or_nothing(town: Town) -> None:
    file, spouse = file_of(town), file_of(town, "黎大树")
    home_of(town, file, spouse)
    with at_desk(town.officer_chen) as actor:
        parts = [Heard(file.pk, said="平安"), Heard(spouse.pk, needs=(("illness", "中风"),))]
        with pytest.raises(VisitRefused) as told:
            record_visits(called(town), parts, actor=actor, at=AT)
        assert told.value.faults == {f"{spouse.pk}.needs": "no_consent"}
        assert not Visit.objects.exists()
        agree(town, spouse)
        rows = record_visits(called(town), parts, actor=actor, at=AT)
        assert [row.file_id for row in rows] == [file.pk, spouse.pk]
        assert Need.objects.get(kind="illness").file_id == spouse.pk


@pytest.mark.parametrize("kind", ["illness", "disability", "hardship"])
def test_a_consent_taken_back_or_for_something_else_keeps_no_sensitive_need(town: Town, kind: str) -> None:
    file = file_of(town)
    agree(town, file, withdrawn_at=AT)
    agree(town, file, "registry")
    with at_desk(town.officer_chen) as actor:
        with pytest.raises(VisitRefused):
            record_visit(called(town), Heard(file.pk, needs=((kind, ""),)), actor=actor, at=AT)
        assert Consent.objects.filter(file=file).count() == 2
        assert not Need.objects.exists()


def test_what_would_end_a_verified_fact_becomes_a_request_with_the_visit_as_its_evidence(town: Town) -> None:
    home = Address(kind="home", text="胜利社区5栋202", proof="户口簿")
    file = file_of(town, "黎金好", home)
    home_of(town, file)
    with at_desk(town.officer_chen) as actor:
        visit = record_visit(called(town), Heard(file.pk, lives_here=False), actor=actor, at=AT)
        assert Address.objects.get(file=file).until is None
        assert Member.objects.get(file=file).until == TODAY - timedelta(days=1)
        asked = Change.objects.get(file=file)
        assert asked.wanted == {f"home:{Address.objects.get(file=file).pk}": ""}
        assert (asked.evidence_name, asked.state, asked.by_person) == (f"visit:{visit.pk}", "open", False)
        assert File.objects.get(pk=file.pk).household_id is None
        record_visit(called(town, key="2"), Heard(file.pk, lives_here=False), actor=actor, at=AT)
        assert Change.objects.count() == 1
    assert "file.asked:correct" in kinds(file.pk)


def test_a_form_that_comes_late_does_not_turn_the_review_back(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        check_file(file.pk, review_on=LATER, actor=actor, at=AT)
        late = called(town, visited_at=AT - timedelta(days=3), review_on=date(2026, 4, 1))
        record_visit(late, Heard(file.pk), actor=actor, at=AT)
        file.refresh_from_db()
        assert (file.checked_on, file.review_on) == (TODAY, LATER)
        assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"kind": ""}, "kind", "missing"),
        ({"kind": "inspection"}, "kind", "not_offered"),
        ({"key": ""}, "key", "missing"),
        ({"visited_at": AT + timedelta(hours=1)}, "visited_at", "in_future"),
        ({"review_on": TODAY}, "review_on", "too_far"),
        ({"review_on": date(2031, 1, 1)}, "review_on", "too_far"),
        ({"companion": "李" * 61}, "companion", "too_long"),
    ],
)
def test_what_cannot_be_of_a_visit_is_refused_by_name(
    town: Town, changes: dict[str, object], field: str, fault: str
) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        with pytest.raises(VisitRefused) as told:
            record_visit(called(town, **changes), Heard(file.pk), actor=actor, at=AT)
        assert told.value.faults == {field: fault}
        assert not Visit.objects.exists()


def test_what_cannot_be_of_a_person_is_refused_beside_that_person(town: Town) -> None:
    file = file_of(town)
    heard = Heard(file.pk, said="长" * 2001, needs=(("belief", ""),), phone="abc")
    with at_desk(town.officer_chen) as actor, pytest.raises(VisitRefused) as told:
        record_visit(called(town), heard, actor=actor, at=AT)
    assert set(told.value.faults.values()) == {"too_long", "not_offered", "malformed"}


def test_the_longest_words_are_kept_whole(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        record_visit(called(town), Heard(file.pk, said="长" * 2000), actor=actor, at=AT)
        assert len(Visit.objects.get().said) == 2000


def test_a_frozen_file_takes_no_visit_and_no_check(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        File.objects.filter(pk=file.pk).update(state="frozen")
        with pytest.raises(FileClosed):
            record_visit(called(town), Heard(file.pk), actor=actor, at=AT)
        with pytest.raises(FileClosed):
            check_file(file.pk, review_on=LATER, actor=actor, at=AT)


def test_a_stranger_calls_on_nobody(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.stranger_he) as actor, pytest.raises(File.DoesNotExist):
        record_visit(called(town), Heard(file.pk), actor=actor, at=AT)


def test_confirming_a_file_says_when_to_look_again(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        check_file(file.pk, review_on=LATER, actor=actor, at=AT, office="ts-federation")
        for day in (TODAY, date(2031, 1, 1)):
            with pytest.raises(VisitRefused):
                check_file(file.pk, review_on=day, actor=actor, at=AT)
        file.refresh_from_db()
        assert (file.checked_on, file.review_on) == (TODAY, LATER)
    assert kinds(file.pk) == ["file.made", "file.checked"]


def test_a_need_told_twice_stands_once(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        for key in ("1", "2"):
            heard = Heard(file.pk, needs=(("alone", ""),))
            record_visit(called(town, key=key), heard, actor=actor, at=AT)
        need = Need.objects.get(file=file)
        end_fact(Need, need.pk, on=TODAY, actor=actor, at=AT)
        later = AT + timedelta(days=1)
        again = called(town, key="3", visited_at=later)
        record_visit(again, Heard(file.pk, needs=(("alone", ""),)), actor=actor, at=later)
        assert Need.objects.filter(file=file).count() == 2


def test_a_need_learned_today_can_be_over_today(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        record_visit(called(town), Heard(file.pk, needs=(("law", ""),)), actor=actor, at=AT)
        need = Need.objects.get(file=file)
        record_visit(called(town, key="2"), Heard(file.pk, ended=(need.pk,)), actor=actor, at=AT)
        need.refresh_from_db()
        assert need.until == TODAY


def test_somebody_elses_fact_is_not_ended_through_this_person(town: Town) -> None:
    file = file_of(town)
    file_of(town, "黎大树", Need(kind="work"))
    with at_desk(town.officer_chen) as actor:
        need = Need.objects.get()
        record_visit(called(town), Heard(file.pk, ended=(need.pk,)), actor=actor, at=AT)
        need.refresh_from_db()
        assert need.until is None
