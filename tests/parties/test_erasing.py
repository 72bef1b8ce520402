"""Erasing proven with canaries: every text of a person is planted, erased, and looked for everywhere."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, connections, models
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.gateways import storage
from qiaoqiao.ledger.keys import signing_key
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.models import Fact as Told
from qiaoqiao.ledger.sequencing import checkpoint, sequence
from qiaoqiao.ledger.verifying import verify
from qiaoqiao.parties import copying, people_commands
from qiaoqiao.parties.actions.changing import ChangeRefused, Evidence, ask_change
from qiaoqiao.parties.actions.consenting import give
from qiaoqiao.parties.actions.erasing import EMPTY, GONE, ReasonMissing, erase, erase_again
from qiaoqiao.parties.actions.files import document, make_file, opened
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.proving import ask
from qiaoqiao.parties.actions.rights import ask_for, decide_deletion
from qiaoqiao.parties.models import (
    Address,
    Batch,
    Change,
    Citizenship,
    Contact,
    File,
    FileReach,
    Household,
    Kin,
    Member,
    Merge,
    Need,
    Person,
    Proposal,
    Record,
    Source,
    Standing,
    Visit,
)
from qiaoqiao.parties.reactions import remove_proofs
from tests.cast import SETTLE, Town, as_staff, file_case, now_epoch
from tests.parties.town_files import file_of, name

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SHORTEST = 9
"""A column that takes fewer characters holds a code of ours, never what somebody said."""

HOLDERS: tuple[type[models.Model], ...] = (*GONE, File, Household, Proposal, Merge, Batch)
NOT_PERSONAL = {
    ("Batch", "file_name"): "the roll's own name",
    ("Batch", "sha256"): "of the whole roll",
    ("Batch", "mapping"): "the roll's columns",
    ("Batch", "counts"): "numbers",
    ("File", "number"): "stays on purpose",
    ("Change", "evidence"): "a key of our storage; the file itself is looked for",
}
JSON_KEPT_WHOLE = {"report"}


class Canaries:
    """Texts that stand nowhere else, one for each column."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def text(self, column: str) -> str:
        return self.planted.setdefault(column, f"zq{len(self.planted):04d}xkv")

    @property
    def all(self) -> list[str]:
        return list(self.planted.values())


def texts_of(model: type[models.Model]) -> Iterator[models.Field]:
    """The columns of a table that may hold what somebody said."""
    for field in model._meta.concrete_fields:
        if (model.__name__, field.name) in NOT_PERSONAL or field.is_relation or field.primary_key:
            continue
        if isinstance(field, models.JSONField):
            yield field
        if isinstance(field, models.CharField | models.TextField) and (field.max_length or 999) >= SHORTEST:
            yield field


def plant(rows: dict[type[models.Model], list[UUID]], canaries: Canaries) -> None:
    """Put a canary into every such column of the rows, behind the back of every rule."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for model, ids in rows.items():
            for field in texts_of(model):
                said = canaries.text(f"{model.__name__}.{field.name}")
                value = f'["{said}"]' if isinstance(field, models.JSONField) else said
                if field.name in JSON_KEPT_WHOLE:
                    value = f'[{{"row": 7, "column": "phone", "fault": "phone", "value": "{said}"}}]'
                cursor.execute(
                    f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE id = ANY(%s)',
                    [value, ids],
                )
        cursor.execute("RESET session_replication_role")


def dump() -> dict[str, str]:
    """Every row of every table as a backup would hold it, by table."""
    found = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            with cursor.copy(f'COPY (SELECT * FROM "{table}") TO STDOUT') as out:
                found[table] = b"".join(bytes(piece) for piece in out).decode()
    return found


def files_holding(text: bytes) -> list[str]:
    return [
        str(path) for path in settings.FILES_DIR.rglob("*") if path.is_file() and text in path.read_bytes()
    ]


def a_full_file(town: Town) -> tuple[File, File, dict[type[models.Model], list[UUID]], list[str]]:
    """A file with something in every table, another merged into it; the rows, and keys of kept proofs."""
    actor, at = as_staff(town.officer_chen), timezone.now() - timedelta(days=9)
    with acting(actor, epoch=now_epoch()):
        home = Household.objects.create(office=town.federation, number="9", address="x")
        file = make_file(
            *every_fact(home), office=town.federation, actor=actor, at=at, born="1958", sex="f", place=town.duanfen
        )  # fmt: skip
        older = make_file(*every_fact(home), office=town.federation, actor=actor, at=at)
        give(
            file.pk, "abroad", language="es", method="counter", recipient="Casa", country="VE", actor=actor, at=at
        )  # fmt: skip
        opened(file.pk, purpose="visit", reason="zqreason", actor=actor, at=at, office=town.federation.code)
        kept = storage.keep(BytesIO(b"%PDF zqproofxkv"), declared_name="p.pdf", now=at)
        ask_change(
            file.pk, {"born": "1959"}, reason="r", evidence=Evidence(kept.key, "p.pdf"), actor=actor, at=at
        )  # fmt: skip
        Visit.objects.create(
            file=file, key="k", office=town.federation, officer=town.officer_chen, visited_at=at, kind="routine"
        )  # fmt: skip
        FileReach.objects.create(file=file, office=town.city_federation, why="alliance")
    with acting(SYSTEM, epoch=now_epoch()):
        ask(file.pk, language="es", actor=SYSTEM, at=timezone.now())
        lines_and_pairs(town, file, older)
        File.objects.filter(pk=older.pk).update(state="merged", merged_into=file)
        both = [file.pk, older.pk]
        rows = {
            model: list(model._default_manager.filter(file__in=both).values_list("pk", flat=True))
            for model in GONE
        }
        rows |= {
            model: list(model._default_manager.values_list("pk", flat=True))
            for model in (Household, Proposal, Merge, Batch)
        }
    return file, older, rows | {File: both}, [kept.key]


def every_fact(home: Household) -> list[models.Model]:
    return [
        name("黎金好"), document("passport", "E00112233"), Citizenship(country="CN"), Standing(kind="returnee"),
        Address(kind="home", text="x"), Contact(kind="email", value="x@example.org"),
        Member(household=home, relation="head"), Kin(relation="father", name="x"), Need(kind="elderly", note="x"),
    ]  # fmt: skip


def lines_and_pairs(town: Town, file: File, older: File) -> None:
    """What sources and the machine know of the two files."""
    at = timezone.now()
    source = Source.objects.create(
        code="hukou", office=town.federation, keeper=town.federation, names={"zh-Hans": "户籍"}, kind="hukou", basis="x"
    )  # fmt: skip
    batch = Batch.objects.create(
        source=source, file_name="a.xlsx", sha256="0" * 64, state="done", made_at=at, held=b"zqheldxkv"
    )
    Record.objects.create(source=source, batch=batch, line=7, file=file, added_at=at)
    one, other = sorted([file.pk, older.pk])
    pair = Proposal.objects.create(
        office=town.federation, one_id=one, other_id=other, weight=9, band="sure", evidence=[], made_at=at
    )
    Merge.objects.create(proposal=pair, kept=file, absorbed=older, moved={}, at=at, by=town.officer_chen)


def found_by_search(town: Town, words: str) -> list[UUID]:
    """What the web's role finds for an officer of the office."""
    with connection.cursor() as cursor, acting(as_staff(town.officer_chen), epoch=now_epoch()):
        cursor.execute("SELECT qq_people(plainto_tsquery('simple', %s))", [words])
        return [row[0] for row in cursor.fetchall()]


def erased_by(town: Town, file: File) -> File:
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        return erase(file.pk, reason="asked", actor=actor, at=timezone.now(), office=town.federation.code)


def run_reaction(file: File) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        uid = Entry.objects.filter(subject=file.pk, kind="file.erased").latest("seq").uid
    remove_proofs(str(uid))


def test_nothing_of_a_person_is_left_anywhere_after_erasing(served_town: Town) -> None:
    file, older, rows, proofs = a_full_file(served_town)
    canaries = Canaries()
    plant(rows, canaries)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT encode(sealed, 'hex'), encode(blind, 'hex') FROM parties_document")
        numbers = [text for row in cursor.fetchall() for text in row]
    secrets = [*canaries.all, "zqreason", "E00112233", *numbers, proofs[0], b"zqheldxkv".hex()]
    before = dump()
    unplanted = [
        column
        for column, said in canaries.planted.items()
        if not any(said in rows for rows in before.values())
    ]
    assert unplanted == []  # a column that this test does not fill proves nothing
    assert [model.__name__ for model in HOLDERS if not rows[model]] == []
    assert any("zqreason" in text for text in before.values())
    assert files_holding(b"zqproofxkv")

    assert found_by_search(served_town, "黎金") == [file.pk]

    erased_by(served_town, file)
    run_reaction(file)

    after = dump()
    left = {
        secret: tables
        for secret in secrets
        if (tables := [table for table, text in after.items() if secret in text and table != "ledger_fact"])
    }
    assert left == {}
    told = after["ledger_fact"]
    assert [secret for secret in secrets if secret in told and secret != proofs[0]] == []
    assert files_holding(b"zqproofxkv") == []
    assert [one for one in canaries.all if files_holding(one.encode())] == []
    assert found_by_search(served_town, "黎金") == []
    with acting(SYSTEM, epoch=now_epoch()):
        states = dict(File.objects.filter(pk__in=[file.pk, older.pk]).values_list("pk", "state"))
    assert states == {file.pk: "erased", older.pk: "erased"}


def test_the_ledger_stays_valid_and_says_that_it_was_done(served_town: Town) -> None:
    file, _older, _rows, _proofs = a_full_file(served_town)
    sequence(at=timezone.now())
    checkpoint(at=timezone.now(), key=signing_key())
    erased_by(served_town, file)
    sequence(at=timezone.now())
    checkpoint(at=timezone.now(), key=signing_key())
    verdict = verify()
    assert verdict.holds, verdict.findings
    assert verdict.erased > 5
    with acting(SYSTEM, epoch=now_epoch()):
        kinds = list(Entry.objects.filter(subject=file.pk).order_by("seq").values_list("kind", flat=True))
        facts = list(Told.objects.filter(subject=file.pk).values_list("facts", flat=True))
    assert kinds[-2:] == ["ledger.facts_erased", "file.erased"]
    assert len(facts) == 2


def test_every_table_of_a_person_is_emptied_or_has_its_reason(db: None) -> None:
    pointing = {one.related_model for one in File._meta.related_objects}
    assert pointing - {*HOLDERS, Person} == set()
    emptied = {"id", "number", "office", "made_at"}
    assert {field.name for field in File._meta.concrete_fields} - emptied == set(EMPTY)


def test_a_request_filed_under_its_own_law_stays_and_forgets_the_file(served_town: Town) -> None:
    file = file_of(served_town)
    case = file_case("settlement", SETTLE)
    with acting(SYSTEM, epoch=now_epoch()):
        Person.objects.filter(pk=case.person_id).update(file=file)
    erased_by(served_town, file)
    with acting(SYSTEM, epoch=now_epoch()):
        person = Person.objects.get(pk=case.person_id)
    assert (person.name, person.file_id) == ("陈玉莲", None)


def test_relatives_keep_their_family_but_not_the_name_of_who_was_erased(served_town: Town) -> None:
    mother = file_of(served_town)
    with acting(SYSTEM, epoch=now_epoch()):
        home = Household.objects.create(office=served_town.federation, address="胜利社区")
        child = file_of(served_town, "林小", Kin(relation="mother", name="黎金好", other=mother))
        for file in (mother, child):
            Member.objects.create(file=file, household=home, added_at=timezone.now())
    erased_by(served_town, mother)
    with acting(SYSTEM, epoch=now_epoch()):
        kin = Kin.objects.get(file=child)
        assert (kin.relation, kin.name, kin.other_id) == ("mother", "", None)
        assert list(Member.objects.filter(household=home).values_list("file", flat=True)) == [child.pk]


def test_a_strangers_office_cannot_erase(served_town: Town) -> None:
    file = file_of(served_town)
    actor = as_staff(served_town.stranger_he)
    with acting(actor, epoch=now_epoch()), pytest.raises(File.DoesNotExist):
        erase(file.pk, reason="asked", actor=actor, at=timezone.now())


def test_an_erased_file_can_neither_be_erased_again_nor_used(served_town: Town) -> None:
    file = file_of(served_town)
    with acting(SYSTEM, epoch=now_epoch()), pytest.raises(ReasonMissing):
        erase(file.pk, reason="because I say so", actor=SYSTEM, at=timezone.now())
    erased_by(served_town, file)
    with pytest.raises(FileClosed):
        erased_by(served_town, file)


# --- asked for, and decided -------------------------------------------------------------------------


def asked(town: Town, file: File) -> Change:
    with acting(person(file.pk), epoch=now_epoch()):
        return ask_for(file.pk, "delete", actor=person(file.pk), at=timezone.now())


@pytest.mark.parametrize(
    ("outcome", "words", "state"),
    [
        ("erased", "", "erased"),
        ("frozen", "档案法要求保存", "frozen"),
        ("refused", "正在办的事要用", "active"),
    ],
)
def test_an_officer_erases_or_freezes_or_refuses_with_a_reason(
    served_town: Town, outcome: str, words: str, state: str
) -> None:
    file = file_of(served_town)
    change = asked(served_town, file)
    actor = as_staff(served_town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        decide_deletion(change.pk, outcome, words=words, actor=actor, at=timezone.now())  # type: ignore[arg-type]
        assert File.objects.get(pk=file.pk).state == state
        kept = Change.objects.filter(pk=change.pk).values_list("state", "answer").first()
    assert kept == (None if outcome == "erased" else ("refused", words))


@pytest.mark.parametrize("outcome", ["frozen", "refused"])
def test_keeping_a_file_against_the_persons_wish_needs_a_reason(served_town: Town, outcome: str) -> None:
    file = file_of(served_town)
    change = asked(served_town, file)
    actor = as_staff(served_town.officer_chen)
    with acting(actor, epoch=now_epoch()), pytest.raises(ChangeRefused):
        decide_deletion(change.pk, outcome, actor=actor, at=timezone.now())  # type: ignore[arg-type]


# --- after a restore --------------------------------------------------------------------------------


def test_a_restored_backup_is_erased_again_from_a_list(served_town: Town) -> None:
    back, gone, other = (file_of(served_town, text) for text in ("黎金好", "陈玉莲", "林小"))
    erased_by(served_town, gone)
    with acting(SYSTEM, epoch=now_epoch()):
        again = erase_again([back.number, gone.number, "QF26-0000-000"], at=timezone.now())
        states = {one.pk: one.state for one in File.objects.all()}
    assert again == [back.number]
    assert states == {back.pk: "erased", gone.pk: "erased", other.pk: "active"}


def test_the_keeper_lists_what_was_erased_and_erases_it_again(
    served_town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, back = file_of(served_town), file_of(served_town, "陈玉莲")
    erased_by(served_town, gone)
    people_commands.list_erased()
    said = capsys.readouterr().out
    assert said.split()[0] == gone.number
    assert back.number not in said
    listed = tmp_path / "erased.txt"
    listed.write_text(f"{said}{back.number} 2026-11-01T00:00:00+00:00\nnonsense\n\n", encoding="utf-8")
    people_commands.erase_listed(listed)
    assert capsys.readouterr().out == f"{back.number}\n1 of 2 erased again\n"


def test_a_copy_is_made_for_the_answer_and_kept_nowhere(served_town: Town) -> None:
    file = file_of(served_town)
    before = sorted(settings.FILES_DIR.rglob("*"))
    with acting(SYSTEM, epoch=now_epoch()):
        copying.machine(file, copying.held(file), at=timezone.now(), language="zh-hans")
    assert sorted(settings.FILES_DIR.rglob("*")) == before
