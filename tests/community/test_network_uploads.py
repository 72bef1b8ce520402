"""Bringing a network in from a workbook: what is wrong is said by row and cell, what is right comes in at once."""

import time
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import acting
from qiaoqiao.community.network import queries, sheet
from qiaoqiao.community.network.actions.organisations import NotYours, change
from qiaoqiao.community.network.actions.uploads import Counted, Overtaken, bring, look
from qiaoqiao.community.network.coverage import coverage
from qiaoqiao.community.network.entered import entered_of
from qiaoqiao.community.network.models import Organisation, Upload
from qiaoqiao.community.network.queries import Filters
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.queries import journal
from qiaoqiao.parties.importing.reading import RollRefused
from tests.cast import AT, TODAY, Town, as_staff, make_place, now_epoch
from tests.community.network_town import ARTICLE, article_places, article_rows, book, home, row, settled
from tests.workbench.conftest import client_of


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def looked(town: Town, content: bytes, by: Account | None = None) -> Upload:
    actor = as_staff(by or town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        return look(town.federation, "网络.xlsx", content, actor=actor, at=AT)


def brought(town: Town, content: bytes, by: Account | None = None) -> Counted:
    upload, actor = looked(town, content, by), as_staff(by or town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        return bring(upload.pk, actor=actor, at=AT)


def faults(upload: Upload) -> set[tuple[int, str, str]]:
    return {(one["row"], one["column"], one["fault"]) for one in upload.report}


def exported(town: Town, by: Account | None = None) -> bytes:
    actor = as_staff(by or town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        return sheet.workbook(queries.exported(Filters(), actor, on=TODAY))


def test_the_network_of_the_article_comes_in_and_is_counted_within_ten_seconds(town: Town) -> None:
    places, actor = article_places(town), as_staff(town.city_head)
    content = book(article_rows(places))
    client = client_of(town.city_head)
    begun = time.monotonic()
    with acting(actor, epoch=now_epoch()):
        upload = look(town.city_federation, "网络.xlsx", content, actor=actor, at=AT)
        assert upload.report == []
        counts = bring(upload.pk, actor=actor, at=AT)
    page = client.get("/staff/network/coverage/")
    took = time.monotonic() - begun
    assert counts == Counted(sum(ARTICLE.values()), 0, 0) == Counted(3071, 0, 0)
    assert Entry.objects.filter(kind="organisation.founded").count() == 3071
    with acting(actor, epoch=now_epoch()):
        found = coverage(town.city, queries.offices_of(actor, on=TODAY))
    assert {kind: found.whole[kind] for kind in ARTICLE} == ARTICLE
    assert sum(sum(branch.numbers.values()) for branch in found.branches) == 3071
    last = places[-1]
    assert {kind: last in gaps for kind, gaps in found.gaps.items()} == dict.fromkeys(ARTICLE, True)
    assert {kind: places[0] in gaps for kind, gaps in found.gaps.items()} == dict.fromkeys(ARTICLE, False)
    assert [f">{number}</b>" in page.content.decode() for number in ARTICLE.values()] == [True] * 4
    assert took < 10  # 4 s on two cores beside the other tests


def test_what_is_exported_and_imported_again_changes_nothing(town: Town) -> None:
    settled(
        town,
        home("F", kind="federation", name_hant="台山僑聯", name_es="Federación", longitude="112.79381",
             latitude="22.25107", opened_on="1958-01-02", checked_on="2026-02-28", about="二楼"),
        home("H", parent="F", hours={}, languages=[], services=[], phone="0750-1，0750-2", email="a@b.cn"),
        home("BR", place="", country="BR", zone="America/Sao_Paulo", kind="studio"),
        home("OLD", opened_on="2001-01-01", closed_on="2020-05-06"),
    )  # fmt: skip
    before = {one.code: entered_of(one) for one in Organisation.objects.select_related("parent")}
    upload = looked(town, exported(town))
    assert upload.report == []
    assert upload.rows == []
    assert (upload.counts["unchanged"], upload.counts["rows"]) == (
        3,
        3,
    )  # closed ones are exported on request
    assert {one.code: entered_of(one) for one in Organisation.objects.select_related("parent")} == before


def test_a_file_sent_twice_changes_nothing_the_second_time(town: Town) -> None:
    content = book([row(), row(code="TS-H2", parent="TS-H1", country="", place="台山市端芬镇")])
    assert brought(town, content) == Counted(2, 0, 0)
    entries = Entry.objects.filter(kind__startswith="organisation.").count()
    again = looked(town, content)
    assert (again.rows, again.counts["unchanged"]) == ([], 2)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        assert bring(again.pk, actor=as_staff(town.officer_chen), at=AT) == Counted(0, 0, 0)
    assert Entry.objects.filter(kind__startswith="organisation.").count() == entries


def test_rows_are_matched_by_code_and_each_organisation_remembers_what_changed(town: Town) -> None:
    settled(town, home("A"), home("B", parent="A"), home("C", parent="B"))
    content = book(
        [
            row(code="A", name="端芬侨胞之家A", phone="0750-9999999"),
            row(code="B", name="端芬侨胞之家B", closed_on="2026-02-01"),
            row(code="D", parent="C"),
        ]
    )
    assert brought(town, content) == Counted(1, 1, 1)
    rows = {one.code: one for one in Organisation.objects.all()}
    assert rows["A"].phone == "0750-9999999"
    assert str(rows["B"].closed_on) == "2026-02-01"
    assert [rows[code].path for code in "ABCD"] == ["/A/", "/B/", "/B/C/", "/B/C/D/"]
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        said = {code: [one.kind for one in journal(rows[code].pk)] for code in "AB"}
        facts = journal(rows["A"].pk)[-1].facts or {}
    assert said["A"] == ["organisation.founded", "organisation.changed"]
    assert said["B"][-1] == "organisation.closed"
    assert set(facts["changed"]) == {"name_en", "phone", "services"}  # type: ignore[arg-type]


def test_columns_that_a_file_has_not_stay_as_they_are(town: Town) -> None:
    settled(town, home("A"))
    content = book([["A", "侨胞之家", "新名字"]], header=["代码 *", "种类（必填）", "名称"])
    assert brought(town, content) == Counted(0, 1, 0)
    kept = Organisation.objects.get(code="A")
    assert (kept.names["zh-Hans"], kept.phone, kept.place_id) == ("新名字", "0750-5512345", "440781105")


@pytest.mark.parametrize(
    ("cells", "column", "fault"),
    [
        ({"code": ""}, "code", "missing"),
        ({"code": "端芬1"}, "code", "bad_code"),
        ({"code": "a/b"}, "code", "bad_code"),
        ({"name": ""}, "name", "missing"),
        ({"name": "长" * 101}, "name", "too_long"),
        ({"name": "=HYPERLINK(1)"}, "name", "formula"),
        ({"kind": "侨胞之屋"}, "kind", "unknown_kind"),
        ({"place": ""}, "place", "missing"),
        ({"place": "巴拉巴拉镇"}, "place", "unknown_place"),
        ({"place": "白沙镇"}, "place", "several_places"),
        ({"country": "巴西"}, "place", "abroad_with_place"),
        ({"country": "火星", "place": ""}, "country", "unknown_country"),
        ({"parent": "NOBODY"}, "parent", "unknown_parent"),
        ({"parent": "TS-H1"}, "parent", "loop"),
        ({"phone": "打电话来"}, "phone", "bad_phone"),
        ({"email": "无"}, "email", "bad_email"),
        ({"hours": "上午"}, "hours", "bad_hours"),
        ({"zone": "圣保罗"}, "zone", "unknown_zone"),
        ({"languages": "普通话、火星语"}, "languages", "unknown_language"),
        ({"services": "算命"}, "services", "unknown_service"),
        ({"longitude": "112.5"}, "longitude", "half_coordinates"),
        ({"longitude": "1120", "latitude": "22"}, "longitude", "bad_number"),
        ({"longitude": "NaN", "latitude": "22"}, "longitude", "bad_number"),
        ({"opened_on": "2026-02-30"}, "opened_on", "bad_date"),
        ({"opened_on": "去年"}, "opened_on", "bad_date"),
        ({"opened_on": "2026-02-02", "closed_on": "2026-02-01"}, "closed_on", "closed_before"),
    ],
)
def test_each_wrong_cell_is_named_with_its_row_and_column(
    town: Town, cells: dict[str, Any], column: str, fault: str
) -> None:
    make_place("440781103", "白沙镇", "township", town.taishan)
    make_place("440783103", "白沙镇", "township", town.kaiping)
    upload = looked(town, book([row(code="OK-1"), row(**cells)]))
    assert (3, column, fault) in faults(upload)
    assert {at for at, _column, _fault in faults(upload)} == {3}
    assert (upload.counts["new"], upload.counts["wrong"]) == (1, 1)


def test_codes_twice_rings_and_those_below_a_wrong_row_are_said_and_the_rest_comes_in(town: Town) -> None:
    content = book(
        [
            row(code="GOOD"),
            row(code="TWICE"),
            row(code="TWICE"),
            row(code="R1", parent="R2"),
            row(code="R2", parent="R1"),
            row(code="BAD", kind="无"),
            row(code="CHILD", parent="BAD"),
            row(code="GRANDCHILD", parent="CHILD"),
        ]
    )
    upload = looked(town, content)
    assert faults(upload) >= {
        (3, "code", "twice"), (4, "code", "twice"), (5, "parent", "loop"), (6, "parent", "loop"),
        (7, "kind", "unknown_kind"), (8, "parent", "parent_wrong"), (9, "parent", "parent_wrong"),
    }  # fmt: skip
    assert (upload.counts["new"], upload.counts["wrong"]) == (1, 7)
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        assert bring(upload.pk, actor=as_staff(town.officer_chen), at=AT).new == 1
    assert list(Organisation.objects.values_list("code", flat=True)) == ["GOOD"]


def test_a_ring_through_what_is_registered_is_refused_too(town: Town) -> None:
    settled(town, home("A"), home("B", parent="A"))
    upload = looked(town, book([row(code="A", parent="B")]))
    assert faults(upload) == {(2, "parent", "loop")}


def test_another_office_s_organisation_is_not_changed_by_a_file(town: Town) -> None:
    settled(town, home("K", place="440783"), keeper=town.kaiping_federation, by=town.stranger_he)
    upload = looked(town, book([row(code="K"), row(code="L", parent="K")]))
    assert faults(upload) == {(2, "code", "elsewhere")}  # but one of ours may lie below it
    assert Organisation.objects.get(code="K").names["zh-Hans"] == "端芬侨胞之家K"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"hello", "not_a_workbook"),
        ("a.csv", "代码,种类,名称\n".encode(), "not_a_workbook"),
        ("a.xls", b"PK\x03\x04", "old_workbook"),
        ("a.xlsm", b"PK\x03\x04", "macros"),
        ("a.xlsx", b"PK\x03\x04 nonsense", "damaged"),
        ("a.xlsx", b"x" * (10 * 1024 * 1024 + 1), "too_large"),
        ("a.xlsx", book([["A", "B"]], header=["姓名", "电话"]), "no_header"),
        ("a.xlsx", book([]), "no_rows"),
    ],
)
def test_a_file_that_is_no_network_is_refused_with_its_reason(
    town: Town, name: str, content: bytes, code: str
) -> None:
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()), pytest.raises(RollRefused) as why:
        look(town.federation, name, content, actor=actor, at=AT)
    assert why.value.code == code
    assert not Upload.objects.exists()


def test_a_file_is_put_in_force_once_and_not_over_what_changed_since(town: Town) -> None:
    upload, actor = looked(town, book([row(code="A")])), as_staff(town.officer_chen)
    settled(town, home("A"))
    with acting(actor, epoch=now_epoch()), pytest.raises(Overtaken):
        bring(upload.pk, actor=actor, at=AT)
    good = looked(town, book([row(code="B")]))
    with acting(actor, epoch=now_epoch()):
        bring(good.pk, actor=actor, at=AT)
        with pytest.raises(Overtaken):
            bring(good.pk, actor=actor, at=AT)


def test_a_row_looked_through_is_not_put_over_what_somebody_edited_since(town: Town) -> None:
    settled(town, home("A", phone="0750-5550001"), home("B"))
    upload = looked(town, book([row(code="A", address="新地址"), row(code="B", address="另一处")]))
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        change("A", home("A", phone="0750-5559999"), actor=actor, at=AT)
        with pytest.raises(Overtaken):
            bring(upload.pk, actor=actor, at=AT)
    assert set(Organisation.objects.values_list("code", "phone", "address")) >= {
        ("A", "0750-5559999", home("A").address)
    }
    brought(town, book([row(code="A", address="新地址")]))
    assert Organisation.objects.get(code="A").address == "新地址"


def test_whoever_begins_an_organisation_holds_the_tree_before_its_place_is_read(town: Town) -> None:
    settled(town, home("A"))
    with CaptureQueriesContext(connection) as asked:
        settled(town, home("B", parent="A"))
    texts = [one["sql"] for one in asked.captured_queries]
    locked = next(at for at, text in enumerate(texts) if "pg_advisory_xact_lock" in text)
    read = next(at for at, text in enumerate(texts) if "network_organisation" in text)
    assert locked < read


def test_a_stranger_neither_sends_in_for_the_office_nor_brings_nor_changes(town: Town) -> None:
    upload, he = looked(town, book([row(code="A")])), as_staff(town.stranger_he)
    settled(town, home("Z"))
    with acting(he, epoch=now_epoch()):
        with pytest.raises(NotYours):
            look(town.federation, "a.xlsx", book([row()]), actor=he, at=AT)
        with pytest.raises(NotYours):
            bring(upload.pk, actor=he, at=AT)
        with pytest.raises(NotYours):
            bring(uuid4(), actor=he, at=AT)
        with pytest.raises(NotYours):
            change("Z", home("Z", phone="1234"), actor=he, at=AT)
        assert not Upload.objects.filter(pk=upload.pk).exists()  # the second wall


def test_the_template_opens_and_its_own_example_is_read(town: Town) -> None:
    made = load_workbook(BytesIO(sheet.template()))
    assert made.sheetnames == ["侨务网络", "填写说明"]
    assert [cell.value for cell in made["侨务网络"][1]][:3] == ["代码", "种类", "名称"]
    example = {
        line[0].value: line[3].value for line in made["填写说明"].iter_rows(min_row=2) if line[0].value
    }
    town.taishan.refresh_from_db()
    settled(town, home("440781-F01", kind="federation"))
    content = book([[example[name] for name in example]], header=list(example))
    assert faults(looked(town, content)) == set()
