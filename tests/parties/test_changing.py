"""Verified facts change by a request with a proof, and by two people."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.gateways import vault
from qiaoqiao.ledger.models import Entry, Fact
from qiaoqiao.parties.actions.changing import (
    Answered,
    ChangeRefused,
    Evidence,
    OwnRequest,
    ask_change,
    decide_change,
    due_on,
)
from qiaoqiao.parties.actions.files import document
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.correcting import field_of, verified
from qiaoqiao.parties.models import Address, Change, Document, File, Kin, Name, Standing
from tests.casework.test_holding_together import at_once
from tests.cast import AT, TODAY, Town, now_epoch
from tests.parties.town_files import at_desk, file_of, phone

PROOF = Evidence("0" * 32, "护照.jpg")


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def asked(town: Town, file: File, wanted: dict[str, object], **more: Any) -> Change:
    with at_desk(town.officer_chen) as actor:
        given = {"reason": "登记时写错", "evidence": PROOF} | more
        return ask_change(file.pk, wanted, actor=actor, at=AT, **given)


def decided(town: Town, change: Change, state: str = "done", **more: Any) -> Change:
    with at_desk(town.head_liang) as actor:
        return decide_change(change.pk, state, actor=actor, at=AT + timedelta(days=2), **more)


def test_nothing_holds_before_the_decision_and_then_the_new_fact_has_the_request_as_its_proof(
    town: Town,
) -> None:
    file = file_of(town, "黎金好")
    change = asked(town, file, {"name": "黎金妤"})
    with at_desk(town.officer_chen):
        assert File.objects.get(pk=file.pk).name == "黎金好"
        assert list(change.wanted) == [f"name:{Name.objects.get(file=file).pk}"]
    decided(town, change)
    with at_desk(town.officer_chen):
        old, new = Name.objects.filter(file=file).order_by("added_at")
        assert (old.text, old.until) == ("黎金好", TODAY + timedelta(days=1))
        assert (new.text, new.since, new.proof) == (
            "黎金妤",
            TODAY + timedelta(days=2),
            f"change:{change.pk}",
        )
        assert verified(new)
        assert File.objects.get(pk=file.pk).name == "黎金妤"
        row = Change.objects.get(pk=change.pk)
        assert (row.state, row.decided_by) == ("done", town.head_liang)
    with acting(SYSTEM, epoch=now_epoch()):
        kinds = list(Entry.objects.filter(subject=file.pk).order_by("seq").values_list("kind", flat=True))
        assert kinds[1:] == ["file.asked:correct", "file.answered:correct:done", "file.ended", "file.learned"]


def test_columns_of_the_file_are_set(town: Town) -> None:
    file = file_of(town, sex="m", born="1950", origin="VN", return_year=1978)
    wanted = {"sex": "f", "born": "1951-02-03", "origin": "ID", "return_year": "1960"}
    decided(town, asked(town, file, wanted))
    with at_desk(town.officer_chen):
        row = File.objects.get(pk=file.pk)
        assert (row.sex, row.born, row.origin, row.return_year) == ("f", "1951-02-03", "ID", 1960)


def test_a_column_can_be_emptied(town: Town) -> None:
    file = file_of(town, return_year=1978)
    decided(town, asked(town, file, {"return_year": ""}))
    with at_desk(town.officer_chen):
        assert File.objects.get(pk=file.pk).return_year is None


@pytest.mark.parametrize("state", ["done", "refused"])
def test_whoever_asked_does_not_decide(town: Town, state: str) -> None:
    change = asked(town, file_of(town), {"born": "1950"})
    with at_desk(town.officer_chen) as actor:
        with pytest.raises(OwnRequest):
            decide_change(change.pk, state, words="不行", actor=actor, at=AT)
        assert Change.objects.get(pk=change.pk).state == "open"


def test_a_refusal_gives_its_reason_and_changes_nothing(town: Town) -> None:
    file = file_of(town, born="1950")
    change = asked(town, file, {"born": "1940"})
    with pytest.raises(ChangeRefused) as told:
        decided(town, change, "refused")
    assert told.value.faults == {"answer": "missing"}
    decided(town, change, "refused", words="与身份证不符")
    with at_desk(town.officer_chen):
        row = Change.objects.get(pk=change.pk)
        assert (row.state, row.answer) == ("refused", "与身份证不符")
        assert File.objects.get(pk=file.pk).born == "1950"
    with acting(SYSTEM, epoch=now_epoch()):
        assert Entry.objects.filter(subject=file.pk, kind="file.answered:correct:refused").count() == 1


def test_what_is_decided_is_not_decided_again(town: Town) -> None:
    change = asked(town, file_of(town), {"born": "1950"})
    decided(town, change)
    with pytest.raises(Answered) as told:
        decided(town, change, "refused", words="晚了")
    assert told.value.change.state == "done"


def test_of_two_who_decide_at_once_one_does(fresh_database: None) -> None:
    town = Town()
    file = file_of(town, "黎金好")
    change = asked(town, file, {"name": "黎金妤"})

    def decide(account: Any, state: str) -> object:
        with at_desk(account) as actor:
            return decide_change(change.pk, state, words="不行", actor=actor, at=AT)

    results = at_once(lambda: decide(town.head_liang, "done"), lambda: decide(town.city_head, "refused"))
    assert {type(one) for one in results} == {Change, Answered}
    with at_desk(town.head_liang):
        state = Change.objects.get(pk=change.pk).state
        assert Name.objects.filter(file=file).count() == (2 if state == "done" else 1)
    with acting(SYSTEM, epoch=now_epoch()):
        assert Entry.objects.filter(subject=file.pk, kind__startswith="file.answered").count() == 1


def test_staff_bring_a_proof_and_a_reason_and_the_person_may_ask_without_a_proof(town: Town) -> None:
    file = file_of(town)
    with pytest.raises(ChangeRefused) as told:
        asked(town, file, {"born": "1950"}, reason="", evidence=None)
    assert told.value.faults == {"reason": "missing", "evidence": "missing"}
    owner = person(file.pk)
    with acting(owner, epoch=now_epoch()):
        change = ask_change(file.pk, {"born": "1950"}, reason="身份证上是1950", actor=owner, at=AT)
    assert (change.by_person, change.asked_by) == (True, "person")
    decided(town, change)


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        ({}, {"wanted": "missing"}),
        ({"mood": "good"}, {"mood": "unknown"}),
        ({"belief": "x"}, {"belief": "unknown"}),
        ({"born": "1950-02-30"}, {"born": "malformed"}),
        ({"born": "05/06/1950"}, {"born": "malformed"}),
        ({"sex": "x"}, {"sex": "not_offered"}),
        ({"origin": "ZZ"}, {"origin": "not_offered"}),
        ({"return_year": "1850"}, {"return_year": "malformed"}),
        ({"email": "nobody"}, {"email": "malformed"}),
        ({"phone": "12"}, {"phone": "malformed"}),
        ({"home": "远" * 201}, {"home": "too_long"}),
        ({"home": ""}, {"home": "missing"}),
        ({"name": "黎金好"}, {"same": "same"}),
        ({"name:not-an-id": "黎"}, {"name:not-an-id": "unknown"}),
        ({"document": "E1"}, {"document": "missing"}),
    ],
)
def test_wishes_that_cannot_be_are_refused_by_name(
    town: Town, wanted: dict[str, object], fault: dict[str, str]
) -> None:
    file = file_of(town, "黎金好")
    with pytest.raises(ChangeRefused) as told:
        asked(town, file, wanted)
    if "same" in fault:
        assert list(told.value.faults.values()) == ["same"]
    else:
        assert told.value.faults == fault


def test_a_frozen_file_is_neither_asked_about_nor_decided(town: Town) -> None:
    file = file_of(town)
    change = asked(town, file, {"born": "1950"})
    with at_desk(town.officer_chen):
        File.objects.filter(pk=file.pk).update(state="frozen")
    with pytest.raises(FileClosed):
        asked(town, file, {"born": "1951"})
    for state in ("done", "refused"):
        with pytest.raises(FileClosed):
            decided(town, change, state, words="x")


def test_of_two_telephone_numbers_the_one_named_changes(town: Town) -> None:
    file = file_of(
        town, "黎金好", phone("13800000001", proof="名册"), phone("13800000002", proof="名册", wish="晚上")
    )
    with at_desk(town.officer_chen):
        second = file.contacts.get(value="13800000002")
    decided(town, asked(town, file, {field_of(second): "13900000009"}))
    with at_desk(town.officer_chen):
        standing = dict(file.contacts.filter(until=None).values_list("value", "wish"))
        assert standing == {"13800000001": "", "13900000009": "晚上"}


def test_a_field_with_nothing_in_it_gets_its_first_fact(town: Town) -> None:
    file = file_of(town)
    decided(town, asked(town, file, {"standing": "returnee"}))
    with at_desk(town.officer_chen):
        assert Standing.objects.get(file=file).kind == "returnee"
        assert File.objects.get(pk=file.pk).standing == "returnee"


def test_a_papers_number_waits_under_seal_and_is_found_afterwards(town: Town) -> None:
    file = file_of(town, "黎金好", document("passport", "E12345678", issuer="VN", proof="原件"))
    with at_desk(town.officer_chen):
        old = Document.objects.get(file=file)
    change = asked(town, file, {field_of(old): "E87654321"})
    with at_desk(town.officer_chen):
        assert "E87654321" not in json.dumps(Change.objects.get(pk=change.pk).wanted)
    decided(town, change)
    with at_desk(town.officer_chen):
        new = Document.objects.get(file=file, until=None)
        assert (new.kind, new.issuer, new.tail) == ("passport", "VN", "4321")
        assert bytes(new.blind) == vault.blind("identity", "e8765 4321")
    with acting(SYSTEM, epoch=now_epoch()):
        told = json.dumps(list(Fact.objects.filter(subject=file.pk).values_list("facts", flat=True)))
        assert "87654321" not in told


def test_ending_a_verified_address_leaves_it_in_the_file(town: Town) -> None:
    file = file_of(town, "黎金好", Address(kind="home", text="5栋202", proof="户口簿"))
    with at_desk(town.officer_chen):
        home = Address.objects.get(file=file)
    decided(town, asked(town, file, {field_of(home): ""}))
    with at_desk(town.officer_chen):
        home.refresh_from_db()
        assert home.until == TODAY + timedelta(days=1)


def test_a_former_name_and_a_relative_keep_what_they_were_when_they_are_corrected(town: Town) -> None:
    former = Name(text="黎阿好", script="hans", kind="former", proof="名册")
    kin = Kin(relation="sibling", name="黎亚明", country="VN", proof="本人说")
    file = file_of(town, "黎金好", former, kin)
    decided(town, asked(town, file, {field_of(former): "黎亚好", field_of(kin): "黎亚明明"}))
    with at_desk(town.officer_chen):
        assert Name.objects.get(file=file, kind="former", until=None).text == "黎亚好"
        new = Kin.objects.get(file=file, until=None)
        assert (new.name, new.relation, new.country) == ("黎亚明明", "sibling", "VN")
        assert File.objects.get(pk=file.pk).name == "黎金好"


def test_a_stranger_neither_asks_nor_decides(town: Town) -> None:
    file = file_of(town)
    change = asked(town, file, {"born": "1950"})
    with at_desk(town.stranger_he) as actor:
        with pytest.raises(File.DoesNotExist):
            ask_change(file.pk, {"born": "1951"}, reason="x", evidence=PROOF, actor=actor, at=AT)
        with pytest.raises(Change.DoesNotExist):
            decide_change(change.pk, "done", actor=actor, at=AT)


def beijing(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (beijing(2026, 3, 2), date(2026, 3, 23)),  # fifteen working days, no holiday between
        (beijing(2026, 9, 30), date(2026, 10, 27)),  # over the National Day; Saturday the 10th is worked
        (beijing(2026, 2, 13), date(2026, 3, 12)),  # over Spring Festival; two Saturdays are worked
        (beijing(2026, 3, 2, 0), date(2026, 3, 23)),  # just after midnight in Beijing, still Sunday in UTC
        (beijing(2026, 3, 1, 23), date(2026, 3, 20)),  # the evening before: a day earlier
    ],
)
def test_the_promise_counts_working_days_of_beijing(town: Town, at: datetime, due: date) -> None:
    assert due_on(town.federation, at) == due


@pytest.mark.parametrize(
    ("settings", "days"),
    [({"correction_days": 5}, 5), ({"correction_days": 0}, 15), ({"correction_days": "x"}, 15), ({}, 15)],
)
def test_an_office_may_promise_less_and_nonsense_counts_as_nothing(
    town: Town, settings: dict[str, object], days: int
) -> None:
    town.federation.settings = {"registry": settings}
    assert due_on(town.federation, AT) == {5: date(2026, 3, 9), 15: date(2026, 3, 23)}[days]


def test_the_database_itself_keeps_a_refusal_without_reason_out(town: Town) -> None:
    change = asked(town, file_of(town), {"born": "1950"})
    with at_desk(town.officer_chen), pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(state="refused", decided_at=AT)
