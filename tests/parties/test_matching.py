"""A new record against all files: the same weights as the batch, behind the wall, quick."""

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.parties.linkage import engine
from qiaoqiao.parties.linkage.features import encode
from qiaoqiao.parties.linkage.matching import candidates, in_force, pairs
from qiaoqiao.parties.linkage.rows import number_of, row_of
from qiaoqiao.parties.linkage.weighing import OPEN, SURE, shipped, written
from qiaoqiao.parties.models import Record, Source, Training
from tests.cast import AT, Town, as_staff, now_epoch
from tests.parties.alike import BROTHER, CHAN, CHEN, SPOUSE, crowd, file_of_rows
from tests.parties.rolls import make_source


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def source(town: Town) -> Source:
    return make_source(town.federation)


def test_the_web_process_weighs_every_pair_as_splink_does() -> None:
    rows = list(crowd(100))
    linked = engine.link(engine.sliced(iter(rows)), shipped(), progress=lambda _step, _records: None)
    kept = linked.pairs.to_pylist()
    assert len(kept) > 200
    features = encode(rows)
    left = features[[one["unique_id_l"] for one in kept]]
    right = features[[one["unique_id_r"] for one in kept]]
    ours = pairs(left, right, shipped(), records=len(rows))
    apart = [
        abs(weight - one["match_weight"]) for (weight, _levels, _bits), one in zip(ours, kept, strict=True)
    ]
    assert max(apart) < 1e-6
    assert {one["match_weight"] > 0 for one in kept} == {True, False}


def test_the_same_person_in_another_script_with_day_and_month_swapped_is_found(
    town: Town, source: Source
) -> None:
    file = file_of_rows(source, town.federation, CHEN)
    file_of_rows(source, town.federation, BROTHER)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        found = candidates(CHAN, records=3000)
    assert found[0].file == file.pk
    assert found[0].weight > 0
    assert found[0].levels["birth"] == 8


def test_a_husband_is_not_his_wife_and_the_same_line_again_needs_nobody(town: Town, source: Source) -> None:
    file = file_of_rows(source, town.federation, CHEN)
    wife = file_of_rows(source, town.federation, SPOUSE)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        found = {match.file: match.weight for match in candidates(CHEN, records=3000)}
    assert found[file.pk] > SURE
    assert found.get(wife.pk, OPEN) < 0


def test_each_file_comes_once_with_its_best_record_and_the_heaviest_first(town: Town, source: Source) -> None:
    both = file_of_rows(source, town.federation, CHEN, CHAN)
    file_of_rows(source, town.federation, CHAN)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        found = candidates(CHEN, records=3000)
        best = Record.objects.get(pk=found[0].record)
    assert [match.file for match in found].count(both.pk) == 1
    assert found[0].file == both.pk
    assert best.name_hanzi == "陈大文"
    assert [match.weight for match in found] == sorted((match.weight for match in found), reverse=True)


def test_a_stranger_and_a_frozen_wall_find_nothing_and_without_a_ticket_there_is_nobody(
    town: Town, source: Source
) -> None:
    file_of_rows(source, town.federation, CHEN)
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        assert candidates(CHEN, records=3000) == []
    assert candidates(CHEN, records=3000) == []


def test_a_record_without_anything_in_it_finds_nothing(town: Town, source: Source) -> None:
    file_of_rows(source, town.federation, CHEN)
    empty = dict.fromkeys(CHEN, "")
    with acting(SYSTEM, epoch=now_epoch()):
        assert candidates(empty, records=3000) == []


def test_a_number_is_opened_for_comparing_and_not_told_by_a_match(town: Town, source: Source) -> None:
    file_of_rows(source, town.federation, CHEN)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        record = Record.objects.get()
        assert number_of(record) == CHEN["id_no"]
        assert row_of(record)["id_no"] == CHEN["id_no"]
        (match,) = candidates(CHEN, records=3000)
        assert CHEN["id_no"] not in repr(match)
        record.id_sealed = bytes(record.id_sealed or b"")[:-1]
        assert number_of(record) == ""


def test_a_training_in_force_weighs_instead_of_what_was_shipped(town: Town, source: Source) -> None:
    file_of_rows(source, town.federation, CHEN)
    heavier = written(shipped()) | {"prior": shipped().prior + 2}
    with acting(SYSTEM, epoch=now_epoch()):
        (before,) = candidates(CHEN, records=3000)
        Training.objects.create(settings=heavier, made_at=AT, current=True)
        (after,) = candidates(CHEN, records=3000)
        assert in_force()[1].prior == heavier["prior"]
    assert after.weight == pytest.approx(before.weight + 2)


def test_a_key_that_too_many_share_brings_nobody_and_the_rare_ones_come_first(
    town: Town, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_of_rows(source, town.federation, *[SPOUSE] * 5)
    mine = file_of_rows(source, town.federation, CHEN)
    with acting(SYSTEM, epoch=now_epoch()):
        monkeypatch.setattr("qiaoqiao.parties.linkage.matching.MOST_COMPARED", 1)
        assert [match.file for match in candidates(CHEN, records=3000)] == [mine.pk]
        monkeypatch.setattr("qiaoqiao.parties.linkage.matching.MOST_SHARING", 4)
        assert candidates(SPOUSE, records=3000) == []
