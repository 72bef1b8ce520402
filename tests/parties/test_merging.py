"""Merging two files by a person's decision, and giving everything back when it was wrong."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, Actor, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions import merging
from qiaoqiao.parties.actions.consenting import give, withdraw
from qiaoqiao.parties.actions.erasing import erase
from qiaoqiao.parties.actions.files import add_facts, document, make_file
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.linking_cases import link_applicant
from qiaoqiao.parties.actions.rollfacts import same_as
from qiaoqiao.parties.models import (
    Address,
    Change,
    Citizenship,
    Consent,
    Contact,
    Document,
    File,
    FileReach,
    Kin,
    Member,
    Merge,
    Name,
    Need,
    Person,
    Proposal,
    Record,
    Standing,
    Visit,
)
from qiaoqiao.parties.models.files import Fact
from tests.casework.test_holding_together import at_once
from tests.cast import SETTLE, Town, as_staff, file_case, make_account, now_epoch
from tests.parties.alike import CHEN, file_of_rows
from tests.parties.rolls import make_source

FACTS: tuple[Any, ...] = (Name, Document, Citizenship, Standing, Address, Contact, Member, Kin, Need)
HANGING: tuple[Any, ...] = (*FACTS, Visit, Record, Change, Consent, Person)
COLUMNS = (
    "state", "merged_into", "name", "latin_name", "sex", "born", "died_on", "standing", "origin", "return_year",
    "country", "languages", "place", "household", "words",
)  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def chen(town: Town) -> Iterator[Actor]:
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        yield actor


def a_file(town: Town, *facts: Fact, name: str = "陈大文", **columns: Any) -> File:
    legal = Name(text=name, script="hans", kind="legal")
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        return make_file(legal, *facts, office=town.federation, actor=actor, at=now(), **columns)


def proposed(one: File, other: File, **more: Any) -> Proposal:
    first, second = sorted((one, other), key=lambda file: file.pk)
    given_ = {"weight": 6.0, "band": "sure", "evidence": [], "made_at": now(), "office": one.office} | more
    with acting(SYSTEM, epoch=now_epoch()):
        return Proposal.objects.create(one=first, other=second, **given_)


def merged(one: File, other: File, actor: Actor) -> Merge:
    return merging.accept(proposed(one, other).pk, why="一个人", actor=actor, at=now())


def holdings() -> dict[UUID, set[tuple[str, UUID]]]:
    """Every row that hangs on a file, by file."""
    held: dict[UUID, set[tuple[str, UUID]]] = {}
    with acting(SYSTEM, epoch=now_epoch()):
        for model in HANGING:
            for pk, file in model._default_manager.filter(file__isnull=False).values_list("pk", "file"):
                held.setdefault(file, set()).add((model.__name__, pk))
    return held


def columns(*files: File) -> list[dict[str, Any]]:
    with acting(SYSTEM, epoch=now_epoch()):
        rows = File.objects.filter(pk__in=[one.pk for one in files]).order_by("pk")
        return list(rows.values("pk", *COLUMNS))


def kinds(file: UUID) -> list[str]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Entry.objects.filter(subject=file).order_by("seq").values_list("kind", flat=True))


def test_the_fuller_file_is_kept_and_takes_what_it_does_not_have(town: Town, chen: Actor) -> None:
    thin = a_file(town, Need(kind="work"), sex="m", born="1954-03-02", origin="VN")
    full = a_file(
        town, Contact(kind="phone", value="1"), Need(kind="law"), Address(kind="home", text="侨园路1号")
    )
    merge = merged(thin, full, chen)
    assert (merge.kept_id, merge.absorbed_id) == (full.pk, thin.pk)
    kept, absorbed = File.objects.get(pk=full.pk), File.objects.get(pk=thin.pk)
    assert (absorbed.state, absorbed.merged_into_id, absorbed.words) == ("merged", kept.pk, None)
    assert (kept.sex, kept.born, kept.origin) == ("m", "1954-03-02", "VN")
    assert set(Need.objects.filter(file=kept).values_list("kind", flat=True)) == {"work", "law"}
    assert Name.objects.filter(file=kept).count() == 1


def test_of_two_equal_files_the_older_is_kept(town: Town, chen: Actor) -> None:
    older, newer = a_file(town), a_file(town)
    assert merged(newer, older, chen).kept_id == older.pk


def test_both_chains_tell_of_the_merge_and_name_the_other(town: Town, chen: Actor) -> None:
    one, other = a_file(town), a_file(town)
    merged(one, other, chen)
    for file, another in ((one, other), (other, one)):
        assert kinds(file.pk)[-2:] == ["file.proposal:accepted", "file.merged"]
        entry = Entry.objects.select_related("fact").get(subject=file.pk, kind="file.merged")
        assert entry.fact.facts["other"] == another.number
        assert entry.actor == chen.ledger_name


def test_a_paper_that_both_have_is_there_once_and_kin_point_to_the_kept_file(town: Town, chen: Actor) -> None:
    one = a_file(town, document("resident_card", CHEN["id_no"]), Contact(kind="phone", value="1"))
    other = a_file(town, document("resident_card", CHEN["id_no"]))
    child = a_file(town, Kin(relation="father", other=other, name="陈大文"), name="陈明")
    merge = merged(one, other, chen)
    assert Document.objects.filter(file=one).count() == 1
    assert Kin.objects.get(file=child).other_id == one.pk
    merging.undo(merge.pk, why="错了", actor=chen, at=now())
    assert Kin.objects.get(file=child).other_id == other.pk
    assert Document.objects.get(file=other).tail == "0112"


def test_applicants_of_cases_nobody_here_handles_go_over_and_back(town: Town, chen: Actor) -> None:
    case = file_case("settlement", SETTLE)
    one, other = a_file(town, Need(kind="work")), a_file(town)
    with acting(SYSTEM, epoch=now_epoch()):
        person = Case.objects.get(pk=case.pk).person_id
        link_applicant(
            person, other.pk, case=case.reference, how="paper", office=town.exit_entry_police, actor=SYSTEM, at=now()
        )  # fmt: skip
    before = columns(one, other)
    held = holdings()
    merge = merged(one, other, chen)
    kept = merge.kept_id
    with acting(SYSTEM, epoch=now_epoch()):
        assert Person.objects.get(pk=person).file_id == kept
        assert FileReach.objects.filter(file=kept, office=town.exit_entry_police, why="case").exists()
    merging.undo(merge.pk, why="错了", actor=chen, at=now())
    assert holdings() == held
    assert columns(one, other) == before


def test_what_was_added_after_the_merge_stays_with_the_kept_file(town: Town, chen: Actor) -> None:
    one, other = a_file(town, Need(kind="work"), sex="m"), a_file(town, born="1954")
    merge = merged(one, other, chen)
    add_facts(one.pk, Need(kind="housing"), actor=chen, at=now())
    merging.undo(merge.pk, why="错了", actor=chen, at=now())
    assert set(Need.objects.filter(file=one).values_list("kind", flat=True)) == {"work", "housing"}
    assert not Need.objects.filter(file=other).exists()
    assert File.objects.get(pk=one.pk).born == ""
    assert kinds(other.pk)[-1] == kinds(one.pk)[-1] == "file.unmerged"
    row = Proposal.objects.get()
    assert (row.state, row.why) == ("rejected", "错了")


def test_a_column_that_somebody_changed_since_is_left(town: Town, chen: Actor) -> None:
    one, other = a_file(town, Need(kind="work")), a_file(town, born="1954")
    merge = merged(one, other, chen)
    File.objects.filter(pk=one.pk).update(born="1955")
    merging.undo(merge.pk, why="错了", actor=chen, at=now())
    assert File.objects.get(pk=one.pk).born == "1955"


def test_a_day_of_death_goes_over_and_back(town: Town, chen: Actor) -> None:
    one, other = a_file(town, Need(kind="work")), a_file(town)
    File.objects.filter(pk=other.pk).update(died_on=date(2020, 1, 1))
    merge = merged(one, other, chen)
    assert File.objects.get(pk=one.pk).died_on == date(2020, 1, 1)
    merging.undo(merge.pk, why="错了", actor=chen, at=now())
    assert File.objects.get(pk=one.pk).died_on is None


def test_a_consent_that_both_gave_stays_one_and_its_withdrawal_holds_for_both(
    town: Town, chen: Actor
) -> None:
    one, other = a_file(town, Need(kind="work")), a_file(town)
    for file in (one, other):
        give(file.pk, "contact", language="zh-hans", method="page", actor=chen, at=now())
    merge = merged(one, other, chen)
    mine = Consent.objects.get(file=one)
    withdraw(mine.pk, actor=chen, at=now())
    merging.undo(merge.pk, why="错了", actor=chen, at=now())
    assert Consent.objects.get(file=other).withdrawn_at is not None


def test_other_open_pairs_of_the_absorbed_file_rest_and_come_back_with_it(town: Town, chen: Actor) -> None:
    one, other, third = a_file(town, Need(kind="work")), a_file(town), a_file(town)
    waiting = proposed(other, third, state="later", later_on=date(2030, 1, 1))
    merge = merged(one, other, chen)
    assert Proposal.objects.get(pk=waiting.pk).state == "gone"
    merging.undo(merge.pk, why="错了", actor=chen, at=now())
    assert Proposal.objects.get(pk=waiting.pk).state == "later"


def test_a_chain_of_merges_is_taken_back_in_order_or_refused_with_the_number(town: Town, chen: Actor) -> None:
    a, b, c = a_file(town, Need(kind="work"), Need(kind="law")), a_file(town, Need(kind="kin")), a_file(town)
    before = columns(a, b, c)
    held = holdings()
    first = merged(b, c, chen)
    second = merged(a, b, chen)
    with pytest.raises(merging.MergeLater) as told:
        merging.undo(first.pk, why="错了", actor=chen, at=now())
    assert told.value.number == a.number
    merging.undo(second.pk, why="错了", actor=chen, at=now())
    merging.undo(first.pk, why="错了", actor=chen, at=now())
    assert columns(a, b, c) == before
    assert holdings() == held
    with pytest.raises(merging.NothingToUndo):
        merging.undo(first.pk, why="错了", actor=chen, at=now())


def test_of_two_merges_into_one_file_the_last_is_taken_back_first(town: Town, chen: Actor) -> None:
    a, b, c = a_file(town, Need(kind="work")), a_file(town), a_file(town)
    first, second = merged(a, b, chen), merged(a, c, chen)
    with pytest.raises(merging.MergeLater) as told:
        merging.undo(first.pk, why="错了", actor=chen, at=now())
    assert told.value.number == c.number
    merging.undo(second.pk, why="错了", actor=chen, at=now())
    merging.undo(first.pk, why="错了", actor=chen, at=now())


@pytest.mark.parametrize("state", ["frozen", "erased"])
def test_a_frozen_or_erased_file_is_neither_merged_nor_parted(town: Town, chen: Actor, state: str) -> None:
    one, other, third = a_file(town, Need(kind="work")), a_file(town), a_file(town)
    merge = merged(one, other, chen)
    pair = proposed(one, third)
    if state == "erased":
        erase(one.pk, reason="asked", actor=chen, at=now())
        assert File.objects.get(pk=other.pk).state == "erased"
        assert not Proposal.objects.filter(pk=pair.pk).exists()
    else:
        File.objects.filter(pk=one.pk).update(state=state)
        with pytest.raises(FileClosed):
            merging.accept(pair.pk, why="一个人", actor=chen, at=now())
        assert Proposal.objects.get(pk=pair.pk).state == "open"
    with pytest.raises(FileClosed):
        merging.undo(merge.pk, why="错了", actor=chen, at=now())


@pytest.mark.parametrize("why", ["", "  \n"])
def test_a_decision_without_a_reason_is_none(town: Town, chen: Actor, why: str) -> None:
    pair = proposed(a_file(town), a_file(town))
    for decide in (merging.accept, merging.reject):
        with pytest.raises(merging.WhyMissing):
            decide(pair.pk, why=why, actor=chen, at=now())
    assert Proposal.objects.get().state == "open"


@pytest.mark.parametrize("role", ["clerk", "keeper"])
def test_clerks_and_strangers_decide_nothing(town: Town, role: str) -> None:
    pair = proposed(a_file(town), a_file(town))
    clerk = make_account(role, (town.federation, role))
    for account in (clerk, town.stranger_he):
        actor = as_staff(account)
        with acting(actor, epoch=now_epoch()), pytest.raises((merging.NotYours, Proposal.DoesNotExist)):
            merging.accept(pair.pk, why="一个人", actor=actor, at=now())
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(merging.NotYours):
        merging.accept(pair.pk, why="一个人", actor=SYSTEM, at=now())


def test_rejecting_is_told_in_both_chains_and_changes_no_file(town: Town, chen: Actor) -> None:
    one, other = a_file(town), a_file(town)
    before = columns(one, other)
    pair = merging.reject(proposed(one, other).pk, why="两个人", actor=chen, at=now())
    assert columns(one, other) == before
    assert kinds(one.pk)[-1] == kinds(other.pk)[-1] == "file.proposal:rejected"
    with pytest.raises(merging.Decided) as told:
        merging.reject(pair.pk, why="两个人", actor=chen, at=now())
    assert told.value.said("reject", "两个人", chen)
    assert not told.value.said("accept", "两个人", chen)


def test_a_fault_half_way_changes_nothing(town: Town, chen: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = a_file(town, Need(kind="work")), a_file(town, Need(kind="law"))
    pair, held, before = proposed(one, other), holdings(), columns(one, other)

    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(merging, "close", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        merging.accept(pair.pk, why="一个人", actor=chen, at=now())
    assert (holdings(), columns(one, other)) == (held, before)


def test_of_two_officers_deciding_at_once_one_merges_and_the_other_is_told(fresh_database: None) -> None:
    town = Town()
    one, other = a_file(town, Need(kind="work")), a_file(town, Need(kind="law"))
    pair = proposed(one, other)

    def decide(account: Account, action: Callable[..., object]) -> object:
        actor = as_staff(account)
        with acting(actor, epoch=now_epoch()):
            return action(pair.pk, why="看过", actor=actor, at=now())

    results = at_once(
        lambda: decide(town.officer_chen, merging.accept), lambda: decide(town.head_liang, merging.accept)
    )
    assert {type(result) for result in results} == {Merge, merging.Decided}
    with acting(SYSTEM, epoch=now_epoch()):
        assert Merge.objects.count() == 1
        assert Entry.objects.filter(kind="file.merged").count() == 2


def test_records_and_their_keys_are_found_under_the_kept_file(town: Town, chen: Actor) -> None:
    source = make_source(town.federation)
    one, other = (file_of_rows(source, town.federation, CHEN) for _ in range(2))
    merge = merged(one, other, chen)
    assert Record.objects.filter(file=merge.kept_id).count() == 2
    merging.undo(merge.pk, why="错了", actor=chen, at=now())
    assert {row.file_id for row in Record.objects.all()} == {one.pk, other.pk}


# --- whatever is done, in whatever order -----------------------------------------------------------------

STEP = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 3), st.sampled_from(["work", "law", "kin", "housing"])),
    st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("undo"), st.integers(0, 3), st.just(0)),
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=3, max_size=10))
def test_every_row_is_in_one_file_and_taking_all_back_restores_every_file(
    town: Town, steps: list[tuple[str, int, Any]]
) -> None:
    actor = as_staff(town.officer_chen)
    with transaction.atomic(), acting(actor, epoch=now_epoch()):
        files = [a_file(town, Need(kind=kind), name=f"陈{kind}") for kind in ("work", "law", "kin", "work")]
        own = {file.pk: set(rows) for file, rows in ((one, holdings()[one.pk]) for one in files)}
        merges: list[Merge] = []
        for what, which, more in steps:
            file = File.objects.get(pk=files[which].pk)
            other = File.objects.get(pk=files[more].pk) if what == "merge" else file
            if what == "add" and file.state == "active":
                add_facts(file.pk, Need(kind=more), actor=actor, at=now())
                own[file.pk] |= {
                    row for row in holdings()[file.pk] if all(row not in rows for rows in own.values())
                }
            elif what == "merge" and file.pk != other.pk and file.state == other.state == "active":
                Proposal.objects.all().delete()
                merges.append(merged(file, other, actor))
            elif what == "undo" and merges:
                merging.undo(merges.pop().pk, why="错了", actor=actor, at=now())
            whole(own)
        while merges:
            merging.undo(merges.pop().pk, why="错了", actor=actor, at=now())
        assert {pk: rows for pk, rows in holdings().items() if pk in own} == own
        assert {row["state"] for row in columns(*files)} == {"active"}
        transaction.set_rollback(True)


def whole(own: dict[UUID, set[tuple[str, UUID]]]) -> None:
    """No row is lost or doubled; what any file knew is known in the file that it is part of now."""
    held = holdings()
    every = [row for pk in own for row in held.get(pk, set())]
    assert len(every) == len(set(every))
    assert set(every) == {row for rows in own.values() for row in rows}
    heirs = dict(File.objects.filter(pk__in=own).values_list("pk", "merged_into"))
    for pk in heirs:
        heir = pk
        while (into := heirs[heir]) is not None:
            heir = into
        assert facts_of(pk) <= facts_of(heir)


def facts_of(file: UUID) -> set[Any]:
    return {same_as(fact) for model in (Name, Need) for fact in model._default_manager.filter(file=file)}


def test_time_between_two_merges_decides_the_order_not_the_id(town: Town, chen: Actor) -> None:
    a, b, c = a_file(town, Need(kind="work")), a_file(town), a_file(town)
    first = merging.accept(proposed(a, b).pk, why="一个人", actor=chen, at=now())
    Merge.objects.filter(pk=first.pk).update(at=now() + timedelta(hours=1))
    second = merged(a, c, chen)
    with pytest.raises(merging.MergeLater):
        merging.undo(second.pk, why="错了", actor=chen, at=now())
