"""Importing a roll: what looking promises is what importing does, once, and undoing gives all of it back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from qiaoqiao.access.tickets import SYSTEM, Actor, acting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.models import Fact as LedgerFact
from qiaoqiao.parties.actions import importing, rolling
from qiaoqiao.parties.actions.files import add_facts, document, make_file, opened
from qiaoqiao.parties.actions.importing import BatchClosed, NotYours, bring, import_batch, look
from qiaoqiao.parties.actions.undoing import take_back
from qiaoqiao.parties.models import (
    Address,
    Batch,
    Citizenship,
    Contact,
    Document,
    File,
    Household,
    Kin,
    Member,
    Name,
    Need,
    Record,
    Source,
    Standing,
)
from tests.cast import Town, as_staff, now_epoch
from tests.parties.rolls import CHEN, LI, ROWS, as_csv, as_workbook, changed, make_source, table

FACTS = (Name, Document, Citizenship, Standing, Address, Contact, Member, Kin, Need)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def source(town: Town) -> Source:
    return make_source(town.overseas_affairs, giver=town.exit_entry_police)


@pytest.fixture
def chen(town: Town) -> Iterator[Actor]:
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        yield actor


def looked(source: Source, actor: Actor, *rows: Any) -> importing.Looked:
    return look(source, "名册.csv", as_csv(table(*(rows or ROWS))), actor=actor, at=now())


def brought(source: Source, actor: Actor, *rows: Any) -> Batch:
    return import_batch(looked(source, actor, *rows).batch.pk, actor=actor, at=now())


def undo(batch: Batch, actor: Actor) -> Batch:
    while True:
        progress = take_back(batch.pk, actor=actor, at=now())
        if progress.done == progress.of:
            return Batch.objects.get(pk=batch.pk)


def everything() -> dict[str, list[Any]]:
    """All that an import may bring, for comparing before and after."""
    rows: dict[str, list[Any]] = {
        model.__name__: sorted(model._default_manager.values_list("pk", flat=True))
        for model in (*FACTS, Record, Household)
    }
    columns = (
        "name",
        "latin_name",
        "sex",
        "born",
        "origin",
        "return_year",
        "country",
        "standing",
        "household",
    )
    rows["File"] = sorted(File.objects.exclude(state="erased").values_list("pk", *columns), key=str)
    return rows


def test_looking_writes_no_file_and_no_record(source: Source, chen: Actor) -> None:
    before = everything()
    found = looked(source, chen)
    assert everything() == before
    batch = Batch.objects.get(pk=found.batch.pk)
    assert (batch.state, batch.rows, batch.good) == ("looked", 2, 2)
    assert batch.counts["new"] == 2
    assert b"\xe9\x99\x88\xe5\xa4\xa7" not in bytes(batch.held or b"")


def test_what_looking_promised_is_what_importing_does(source: Source, chen: Actor) -> None:
    rows = [CHEN, LI, changed(CHEN, 编号="A3", 姓名=""), changed(LI, 编号="A4", 姓名="黄某", 身份证号="")]
    found = looked(source, chen, *rows)
    promised = {name: found.batch.counts[name] for name in ("new", "joined", "same", "errors")}
    done = import_batch(found.batch.pk, actor=chen, at=now())
    assert {name: done.counts[name] for name in promised} == promised
    assert promised == {"new": 3, "joined": 0, "same": 0, "errors": 1}
    assert done.state == "done"
    assert done.held is None


def test_a_row_becomes_a_file_with_all_its_facts(source: Source, chen: Actor) -> None:
    brought(source, chen)
    file = File.objects.get(name="陈大文")
    assert (file.latin_name, file.sex, file.born) == ("CHAN TAI MAN", "m", "1954-03-02")
    assert (file.origin, file.return_year, file.standing) == ("VN", 1978, "returnee")
    assert {name.text for name in file.names.all()} == {"陈大文", "CHAN TAI MAN"}
    paper = file.documents.get()
    assert (paper.kind, paper.tail) == ("resident_card", "0112")
    assert {one.kind: one.text for one in file.addresses.all()} == {
        "home": "胜利街道侨园路1号", "native": "广东台山",
    }  # fmt: skip
    assert {(one.relation, one.name) for one in file.kin.all()} == {
        ("father", "陈有福"),
        ("spouse", "李秀英"),
    }
    assert file.needs.get().kind == "housing"
    assert file.household is not None
    assert file.household.number == "H1"
    assert file.household.files.count() == 2
    record = file.records.get()
    assert file.names.exclude(record=record).count() == 0
    assert file.names.all()[0].proof == "户籍名册"
    entry = Entry.objects.get(subject=file.pk)
    assert (entry.kind, entry.seq) == ("file.made", 1)
    assert LedgerFact.objects.get(entry=entry).facts["from"] == "ts-hukou"


def test_a_file_from_a_roll_is_found_by_its_words(source: Source, chen: Actor) -> None:
    brought(source, chen)
    found = File.objects.raw("SELECT id FROM parties_file WHERE words @@ '''大文'''::tsquery")
    assert [file.name for file in found] == ["陈大文"]


def test_importing_twice_brings_nothing_twice(source: Source, chen: Actor) -> None:
    batch = brought(source, chen)
    before = everything()
    with pytest.raises(BatchClosed):
        import_batch(batch.pk, actor=chen, at=now())
    assert everything() == before


def test_the_same_file_sent_again_is_known_line_by_line(source: Source, chen: Actor) -> None:
    brought(source, chen)
    before = everything()
    again = brought(source, chen)
    assert (again.counts["same"], again.counts["new"], again.good) == (2, 0, 0)
    assert everything() == before


def test_a_known_line_that_reads_differently_without_a_number_is_left_to_people(
    source: Source, chen: Actor
) -> None:
    row = changed(CHEN, 身份证号="")
    brought(source, chen, row)
    again = brought(source, chen, changed(row, 住址="别处2号"))
    assert again.counts["same"] == 1
    assert [one["fault"] for one in again.report] == ["changed_line"]
    assert File.objects.count() == 1


def test_an_import_stopped_half_way_goes_on_where_it_was(
    source: Source, chen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SLICE", 2)
    rows = [changed(LI, 编号=f"B{n}", 姓名=f"李秀{'一二三四五'[n]}", 身份证号="") for n in range(5)]
    batch = looked(source, chen, *rows).batch
    calls: list[int] = []

    def breaking(*args: Any, **more: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the power went off")
        rolling.put_down(*args, **more)

    monkeypatch.setattr(importing, "put_down", breaking)
    with pytest.raises(RuntimeError):
        import_batch(batch.pk, actor=chen, at=now())
    batch.refresh_from_db()
    assert (batch.state, File.objects.count(), batch.counts["upto"]) == ("doing", 2, 3)
    done = import_batch(batch.pk, actor=chen, at=now())
    assert (done.state, done.counts["new"], done.good) == ("done", 5, 5)
    assert sorted(Record.objects.values_list("line", flat=True)) == [2, 3, 4, 5, 6]
    assert File.objects.count() == 5


def test_two_presses_at_once_do_each_row_once(
    source: Source, chen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SLICE", 1)
    batch = looked(source, chen).batch
    one, other = (bring(batch.pk, actor=chen, at=now()) for _ in range(2))
    next(one), next(other)
    assert list(one) != []
    assert list(other) == []
    assert (File.objects.count(), Record.objects.count()) == (2, 2)


def known_file(town: Town, actor: Actor, number: str, name: str, office: Any = None) -> File:
    facts = [document("resident_card", number, issuer="CN"), Name(text=name, script="hant", kind="legal")]
    return make_file(*facts, office=office or town.overseas_affairs, actor=actor, at=now())


def test_a_line_with_the_number_and_the_name_of_one_file_joins_it(
    town: Town, source: Source, chen: Actor
) -> None:
    file = known_file(town, chen, "440781195403020112", "陳大文")
    batch = brought(source, chen, CHEN)
    assert (batch.counts["joined"], batch.counts["new"]) == (1, 0)
    file.refresh_from_db()
    assert (File.objects.count(), file.sex, file.origin, file.standing) == (1, "m", "VN", "returnee")
    assert {name.text for name in file.names.all()} == {"陳大文", "CHAN TAI MAN"}
    assert file.documents.count() == 1
    entry = Entry.objects.filter(subject=file.pk).latest("seq")
    assert entry.kind == "file.imported"


@pytest.mark.parametrize(
    ("number", "name"),
    [("440781195403020112", "黄志强"), ("440781195607090227", "陈大文")],
    ids=["another name", "another number"],
)
def test_a_line_that_agrees_in_one_thing_only_gets_its_own_file(
    town: Town, source: Source, chen: Actor, number: str, name: str
) -> None:
    file = known_file(town, chen, number, name)
    batch = brought(source, chen, CHEN)
    assert (batch.counts["joined"], batch.counts["new"]) == (0, 1)
    assert file.records.count() == 0


def test_a_number_that_two_files_hold_joins_neither(town: Town, source: Source, chen: Actor) -> None:
    for _ in range(2):
        known_file(town, chen, "440781195403020112", "陈大文")
    batch = brought(source, chen, CHEN)
    assert batch.counts["new"] == 1
    assert "number_elsewhere" in [one["fault"] for one in batch.report]


def test_a_line_never_joins_another_offices_file(town: Town, source: Source) -> None:
    """Liang sees the files of both offices; only those of the source's keeper count."""
    liang = as_staff(town.head_liang)
    with acting(liang, epoch=now_epoch()):
        other = known_file(town, liang, "440781195403020112", "陈大文", office=town.federation)
        batch = brought(source, liang, CHEN)
        assert (batch.counts["joined"], batch.counts["new"]) == (0, 1)
        assert other.records.count() == 0
        assert Entry.objects.filter(subject=other.pk).count() == 1


def test_a_line_of_a_frozen_file_is_not_brought_in(town: Town, source: Source, chen: Actor) -> None:
    file = known_file(town, chen, "440781195403020112", "陈大文")
    File.objects.filter(pk=file.pk).update(state="frozen")
    batch = brought(source, chen, CHEN)
    assert batch.counts["errors"] == 1
    assert [one["fault"] for one in batch.report] == ["file_frozen"]
    assert File.objects.count() == 1


def test_two_lines_of_one_person_in_one_roll_make_one_file(source: Source, chen: Actor) -> None:
    batch = brought(source, chen, CHEN, changed(CHEN, 编号="A9", 住址="侨园路3号"))
    assert (batch.counts["new"], batch.counts["joined"]) == (1, 1)
    file = File.objects.get()
    assert file.records.count() == 2
    assert file.addresses.filter(kind="home").count() == 2
    assert file.names.count() == 2


def test_a_masked_number_is_kept_but_identifies_nobody(town: Town, source: Source, chen: Actor) -> None:
    known_file(town, chen, "4407811954****0112", "陈大文")
    batch = brought(source, chen, changed(CHEN, 身份证号="4407811954****0112"))
    assert batch.counts["new"] == 1
    record = Record.objects.get()
    assert record.id_sealed is not None
    assert (record.id_blind, record.id_tail) == (None, "0112")


def test_undoing_gives_back_exactly_what_was(town: Town, source: Source, chen: Actor) -> None:
    known_file(town, chen, "440781195403020112", "陳大文")
    before = everything()
    batch = brought(source, chen)
    assert everything() != before
    undone = undo(batch, chen)
    assert everything() == before
    assert undone.state == "undone"
    assert undone.counts["kept"] == []
    assert File.objects.filter(state="erased").count() == 1


def test_undoing_takes_back_a_file_of_two_lines_that_was_only_looked_at(source: Source, chen: Actor) -> None:
    before = everything()
    batch = brought(source, chen, CHEN, changed(CHEN, 编号="A9", 住址="侨园路3号"), LI)
    opened(File.objects.get(name="李秀英").pk, purpose="review", actor=chen, at=now(), reason="核对")
    assert undo(batch, chen).counts["kept"] == []
    assert everything() == before
    assert set(File.objects.values_list("state", "name")) == {("erased", "")}


def test_what_was_undone_can_be_imported_again(source: Source, chen: Actor) -> None:
    undo(brought(source, chen), chen)
    again = brought(source, chen)
    assert again.counts["new"] == 2


def test_a_file_that_somebody_worked_on_stays_and_is_named(source: Source, chen: Actor) -> None:
    batch = brought(source, chen)
    file = File.objects.get(name="陈大文")
    add_facts(file.pk, Contact(kind="phone", value="13900000000"), actor=chen, at=now())
    undone = undo(batch, chen)
    assert undone.counts["kept"] == [{"file": file.number, "line": 2, "why": "file.learned"}]
    file.refresh_from_db()
    assert (file.state, file.name) == ("active", "陈大文")
    assert File.objects.filter(state="active").count() == 1


def test_a_half_done_import_can_be_undone(
    source: Source, chen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SLICE", 1)
    before = everything()
    batch = looked(source, chen).batch
    next(bring(batch.pk, actor=chen, at=now()))
    undo(batch, chen)
    assert everything() == before


def test_the_chain_of_an_undone_file_still_holds(source: Source, chen: Actor) -> None:
    undo(brought(source, chen), chen)
    for file in File.objects.all():
        kinds = list(Entry.objects.filter(subject=file.pk).order_by("seq").values_list("kind", flat=True))
        assert kinds[:2] == ["file.made", "file.import_undone"]
        previous = bytes(32)
        for entry in Entry.objects.filter(subject=file.pk).order_by("seq"):
            assert bytes(entry.prev_hash) == previous
            previous = bytes(entry.hash)


def test_the_office_that_gives_a_roll_learns_nothing_and_decides_nothing(
    town: Town, source: Source, chen: Actor
) -> None:
    known_file(town, chen, "440781195403020112", "陈大文")
    police = as_staff(town.police_wu)
    with acting(police, epoch=now_epoch()):
        found = look(source, "roll.csv", as_csv(table(CHEN)), actor=police, at=now())
        assert (found.batch.counts["new"], found.batch.counts["joined"]) == (1, 0)
        with pytest.raises(NotYours):
            import_batch(found.batch.pk, actor=police, at=now())
    with acting(chen, epoch=now_epoch()):
        again = importing.look_again(found.batch.pk, actor=chen, at=now())
        assert again.batch.counts["joined"] == 1


def test_a_stranger_finds_no_batch(town: Town, source: Source, chen: Actor) -> None:
    batch = looked(source, chen).batch
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        with pytest.raises(Batch.DoesNotExist):
            import_batch(batch.pk, actor=he, at=now())
        with pytest.raises(NotYours):
            looked(source, he)


def test_a_workbook_and_text_make_the_same_records(source: Source, chen: Actor) -> None:
    brought(source, chen)
    again = look(source, "名册.xlsx", as_workbook(table(*ROWS), title="台山侨情名册"), actor=chen, at=now())
    assert again.batch.counts["same"] == 2


def test_bringing_rows_in_takes_few_queries_however_many_rows(
    source: Source, chen: Actor, django_assert_max_num_queries: Any
) -> None:
    rows = [changed(LI, 编号=f"B{n}", 姓名=f"李秀英{n}", 身份证号="") for n in range(100)]
    batch = looked(source, chen, *rows).batch
    with django_assert_max_num_queries(60 + 2 * 100):
        import_batch(batch.pk, actor=chen, at=now())
    with acting(SYSTEM, epoch=now_epoch()):
        assert File.objects.count() == 100
