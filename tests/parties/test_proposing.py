"""Proposing pairs: once each, in order, brought up to date, never against a decision, never merged by itself."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from typer.testing import CliRunner

from qiaoqiao.access.tickets import SYSTEM, Actor, acting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions import merging
from qiaoqiao.parties.actions.files import document, make_file
from qiaoqiao.parties.actions.importing import import_batch, look
from qiaoqiao.parties.actions.proposing import NotYours, Proposed, propose_all, propose_for
from qiaoqiao.parties.models import Address, Contact, File, Merge, Name, Proposal, Record, Source
from qiaoqiao.parties.people_commands import commands
from qiaoqiao.parties.reactions import propose as react
from tests.cast import Town, as_staff, now_epoch
from tests.parties.alike import BROTHER, CHAN, CHEN, SPOUSE, crowd, file_of_rows, record_of
from tests.parties.rolls import CHEN as LINE
from tests.parties.rolls import as_csv, changed, make_source, table


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def source(town: Town) -> Source:
    return make_source(town.federation)


@pytest.fixture
def system(town: Town) -> Iterator[Actor]:
    with acting(SYSTEM, epoch=now_epoch()):
        yield SYSTEM


def run(town: Town, **given: Any) -> Proposed:
    last = Proposed()
    for told in propose_all(office=town.federation, actor=SYSTEM, at=now(), **given):
        last = told
    return last


def rows() -> list[tuple[Any, ...]]:
    return sorted(Proposal.objects.values_list("one", "other", "band", "state", "weight"))


def test_files_of_one_person_are_proposed_and_those_of_two_are_not_called_sure(
    town: Town, source: Source, system: Actor
) -> None:
    chen, chan = (file_of_rows(source, town.federation, one) for one in (CHEN, CHAN))
    wife = file_of_rows(source, town.federation, SPOUSE)
    told = run(town)
    assert (told.files, told.lines) == (3, 3)
    pair = Proposal.objects.get(one=chen, other=chan)
    assert pair.band == "sure"
    assert pair.office == town.federation
    assert pair.state == "open"
    assert not Proposal.objects.filter(other=wife).exclude(band="open").exists()
    assert File.objects.filter(state="active").count() == 3
    assert not Merge.objects.exists()


def test_a_hundred_people_in_three_rolls_meet_and_running_again_changes_nothing(
    town: Town, source: Source, system: Actor
) -> None:
    lines = list(crowd(40))
    files = [file_of_rows(source, town.federation, line) for line in lines]
    first = run(town)
    wanted = {tuple(sorted((files[3 * one].pk, files[3 * one + 1].pk))) for one in range(40)}
    found = {(one, other) for one, other, *_rest in rows()}
    assert len(wanted & found) >= 36
    before = rows()
    again = run(town)
    assert rows() == before
    assert (sum(again.new.values()), again.updated) == (0, 0)
    assert sum(first.new.values()) == len(before)


def test_both_ways_of_proposing_say_the_same_of_a_pair(town: Town, source: Source, system: Actor) -> None:
    chen, chan = (file_of_rows(source, town.federation, one) for one in (CHEN, CHAN))
    propose_for(chan.pk, actor=SYSTEM, at=now())
    online = Proposal.objects.get(one=chen, other=chan)
    run(town)
    batch = Proposal.objects.get(one=chen, other=chan)
    assert batch.weight == pytest.approx(online.weight, abs=1e-6)
    assert batch.evidence == online.evidence
    assert online.evidence[-1]["left"] == str(Record.objects.get(file=chen).pk)


def test_a_file_made_by_hand_meets_the_rolls_by_its_facts(town: Town, source: Source, system: Actor) -> None:
    chen = file_of_rows(source, town.federation, CHEN)
    facts = [
        Name(text="Chan Tai Man", script="latin", kind="legal"),
        Contact(kind="phone", value="13800001111"),
        Address(kind="native", text="广东台山端芬"),
        document("resident_card", CHEN["id_no"], issuer="CN"),
    ]
    made = make_file(*facts, office=town.federation, actor=SYSTEM, at=now(), sex="m", born="1954-03-02")
    propose_for(made.pk, actor=SYSTEM, at=now())
    pair = Proposal.objects.get(one=chen, other=made)
    assert {item["what"] for item in pair.evidence} >= {"number", "phone", "birth", "native"}
    assert CHEN["id_no"] not in json.dumps(pair.evidence, ensure_ascii=False)


def test_a_rejected_pair_stays_rejected_until_a_record_comes(
    town: Town, source: Source, system: Actor
) -> None:
    chen, chan = (file_of_rows(source, town.federation, one) for one in (CHEN, CHAN))
    run(town)
    pair = Proposal.objects.get()
    officer = as_staff(town.officer_chen)
    merging.reject(pair.pk, why="两个人", actor=officer, at=now())
    run(town)
    propose_for(chan.pk, actor=SYSTEM, at=now())
    assert Proposal.objects.get().state == "rejected"
    record_of(CHAN | {"phone": ""}, source, chan, at=now() + timedelta(seconds=1)).save()
    propose_for(chan.pk, actor=SYSTEM, at=now())
    pair = Proposal.objects.get()
    assert (pair.state, pair.decided_by, pair.why) == ("open", None, "")
    assert chen.pk == pair.one_id


def test_what_was_rejected_for_a_file_holds_for_the_file_it_went_into(
    town: Town, source: Source, system: Actor
) -> None:
    one, two, other = (file_of_rows(source, town.federation, line) for line in (CHEN, CHEN, CHAN))
    run(town)
    officer = as_staff(town.officer_chen)
    merging.reject(Proposal.objects.get(one=two, other=other).pk, why="两个人", actor=officer, at=now())
    Proposal.objects.filter(one=one, other=other).delete()
    merge = merging.accept(Proposal.objects.get(one=one, other=two).pk, why="一个人", actor=officer, at=now())
    run(town)
    assert not Proposal.objects.filter(one=merge.kept_id, other=other, state="open").exists()


def test_a_pair_of_two_keepers_goes_to_the_office_above_both_and_of_none_to_nobody(
    town: Town, source: Source, system: Actor
) -> None:
    chen = file_of_rows(source, town.federation, CHEN)
    file_of_rows(source, town.kaiping_federation, CHAN)
    elsewhere = file_of_rows(source, town.housing, CHAN)
    propose_for(chen.pk, actor=SYSTEM, at=now())
    pair = Proposal.objects.get()
    assert pair.office == town.city_federation
    assert elsewhere.pk not in {pair.one_id, pair.other_id}


def test_frozen_and_merged_files_are_left_alone(town: Town, source: Source, system: Actor) -> None:
    chen, chan = (file_of_rows(source, town.federation, one) for one in (CHEN, CHAN))
    File.objects.filter(pk=chen.pk).update(state="frozen")
    run(town)
    propose_for(chan.pk, actor=SYSTEM, at=now())
    propose_for(chen.pk, actor=SYSTEM, at=now())
    assert not Proposal.objects.exists()


def test_the_reaction_may_run_twice(town: Town, source: Source, system: Actor) -> None:
    file_of_rows(source, town.federation, CHEN)
    chan = file_of_rows(source, town.federation, CHAN)
    entry = Entry.objects.get(subject=chan.pk, kind="file.made")
    for _time in range(2):
        react(str(entry.uid))
    assert Proposal.objects.count() == 1


def test_every_line_that_is_brought_in_has_its_keys_and_is_looked_at_by_the_worker(
    town: Town, source: Source
) -> None:
    officer = as_staff(town.officer_chen)
    roll = as_csv(table(LINE, changed(LINE, 编号="A3", 姓名="陳大文", 身份证号="")))
    with acting(officer, epoch=now_epoch()):
        batch = look(source, "名册.csv", roll, actor=officer, at=now()).batch
        import_batch(batch.pk, actor=officer, at=now())
    jobs = ProcrastinateJob.objects.filter(task_name="parties.propose")
    assert jobs.count() == 2
    with acting(SYSTEM, epoch=now_epoch()):
        assert all(record.keys for record in Record.objects.all())
        for job in jobs:
            react(job.args["entry_uid"])
        assert Proposal.objects.get().band in {"sure", "likely"}


def test_only_people_of_the_office_have_its_files_compared(town: Town) -> None:
    stranger = as_staff(town.stranger_he)
    with acting(stranger, epoch=now_epoch()), pytest.raises(NotYours):
        list(propose_all(office=town.federation, actor=stranger, at=now()))


def test_the_command_tells_what_came_of_it(town: Town, source: Source) -> None:
    for line in (CHEN, CHAN, BROTHER):
        file_of_rows(source, town.federation, line)
    ran = CliRunner().invoke(commands, ["propose", "--office", town.federation.code, "--json"])
    told = json.loads(ran.stdout)
    assert (told["files"], told["lines"], told["new"]["sure"]) == (3, 3, 1)
    again = CliRunner().invoke(commands, ["propose", "--office", town.federation.code])
    assert "3 files, 3 records compared" in again.stdout
    wrong = CliRunner().invoke(commands, ["propose", "--office", "nowhere"])
    assert wrong.exit_code == 2
    assert "nowhere" in wrong.output


def test_an_office_without_files_proposes_nothing(town: Town, system: Actor) -> None:
    told = run(town)
    assert (told.files, told.lines, sum(told.new.values())) == (0, 0, 0)
