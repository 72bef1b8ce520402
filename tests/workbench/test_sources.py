"""Sources at the desk: a roll is uploaded, its columns checked, its report read, brought in and taken back."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.parties.actions import importing
from qiaoqiao.parties.actions.importing import import_batch, look
from qiaoqiao.parties.models import Batch, File, Record, Source
from qiaoqiao.workbench import imports
from tests.cast import Town, make_account, now_epoch
from tests.eyes import wrong
from tests.parties.rolls import CHEN, LI, ROWS, as_csv, as_workbook, changed, make_source, table
from tests.workbench.conftest import Opener, SignIn


@pytest.fixture
def source(town: Town) -> Source:
    return make_source(town.overseas_affairs)


def roll(*rows: Any, name: str = "名册.csv") -> SimpleUploadedFile:
    made = as_workbook if name.endswith("xlsx") else as_csv
    return SimpleUploadedFile(name, made(table(*(rows or ROWS))))


def sent(client: Client, source: Source, *rows: Any, token: str = "t1", **more: Any) -> str:
    """Upload a roll; return the address it led to."""
    address = f"/staff/sources/{source.code}/send/"
    answer = client.post(address, {"roll": roll(*rows, **more), "once": token})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def matched(client: Client, source: Source, *rows: Any) -> str:
    """Upload a roll and accept the columns proposed; return the import's address."""
    columns = sent(client, source, *rows)
    page = client.get(columns).content.decode()
    chosen = {
        part.split('"')[0]: part.partition('" selected')[0].rpartition('value="')[2]
        for part in page.split('name="')[1:]
        if part.startswith("c") and "selected" in part.partition("</select>")[0]
    }
    answer = client.post(columns, chosen)
    assert answer.status_code == 302
    return str(answer["Location"])


def everybody() -> list[str]:
    with acting(SYSTEM, epoch=now_epoch()):
        return sorted(File.objects.exclude(state="erased").values_list("name", flat=True))


def test_a_roll_is_looked_through_brought_in_and_taken_back(
    town: Town, source: Source, signed_in: SignIn
) -> None:
    client = signed_in(town.officer_chen)
    address = matched(client, source, CHEN, changed(LI, 出生日期="3/2/56"))
    page = client.get(address).content.decode()
    assert "导入 1 行" in page
    assert "分不清日和月" in page
    assert everybody() == []
    client.post(f"{address}bring/")
    assert everybody() == ["陈大文"]
    assert "导入完成" in client.get(address).content.decode()
    assert "确认撤回" in client.get(f"{address}undo/").content.decode()
    client.post(f"{address}undo/")
    assert everybody() == []
    assert "已撤回这次导入" in client.get(address).content.decode()


def test_the_columns_chosen_are_kept_for_the_next_roll(town: Town, source: Source, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    first = sent(client, source)
    assert first.endswith("/columns/")
    client.post(first, {"c1": "name", "c15": "", "dates": "dmy"})
    source.refresh_from_db()
    assert (source.mapping["姓名"], source.mapping["需求"], source.dates) == ("name", "", "dmy")
    again = sent(client, source, CHEN, token="t2")
    assert not again.endswith("/columns/")


def test_a_mapping_without_a_name_is_refused_and_what_was_chosen_stays(
    town: Town, source: Source, signed_in: SignIn
) -> None:
    client = signed_in(town.officer_chen)
    address = sent(client, source)
    answer = client.post(address, {"c2": "sex", "c3": "sex"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "至少要有一栏对应姓名" in page
    assert "这个栏目已经选过了" in page
    assert page.count('value="sex" selected') == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版"),
        ("a.csv", b"", "空的"),
        ("a.csv", b"1,2,3\n4,5,6\n", "找不到表头"),
        ("a.pdf", b"%PDF-1.7", "只接收"),
    ],
)
def test_a_file_that_is_no_roll_is_refused_beside_its_field(
    town: Town, source: Source, signed_in: SignIn, name: str, content: bytes, said: str
) -> None:
    client = signed_in(town.officer_chen)
    address = f"/staff/sources/{source.code}/send/"
    answer = client.post(address, {"roll": SimpleUploadedFile(name, content), "once": "t"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert client.post(address, {"once": "t"}).status_code == 422


def test_a_roll_sent_twice_by_one_form_is_one_import(town: Town, source: Source, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    assert sent(client, source) == sent(client, source)
    with acting(SYSTEM, epoch=now_epoch()):
        assert Batch.objects.count() == 1


def test_pressing_import_twice_brings_nothing_twice(town: Town, source: Source, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    address = matched(client, source)
    for _ in range(2):
        assert client.post(f"{address}bring/").status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert Record.objects.count() == 2


def test_a_long_import_says_how_far_it_got_and_goes_on(
    town: Town, source: Source, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(town.officer_chen)
    address = matched(client, source)
    monkeypatch.setattr(importing, "SLICE", 1)
    monkeypatch.setattr(imports, "PATIENCE_SECONDS", 0.000001)
    client.post(f"{address}bring/")
    monkeypatch.setattr(imports, "PATIENCE_SECONDS", 20)
    with acting(SYSTEM, epoch=now_epoch()):
        done = Record.objects.count()
    assert done < 2
    client.post(f"{address}bring/")
    assert everybody() == ["李秀英", "陈大文"]


@pytest.mark.parametrize("shape", ["csv", "xlsx"])
def test_a_downloaded_report_runs_no_formula(
    town: Town, source: Source, signed_in: SignIn, shape: str
) -> None:
    client = signed_in(town.officer_chen)
    address = matched(client, source, changed(CHEN, 姓名="=HYPERLINK(1)", 联系电话="@SUM(1)"))
    answer = client.get(f"{address}report/{shape}/")
    assert "attachment" in answer["Content-Disposition"]
    if shape == "csv":
        text = answer.content.decode("utf-8-sig")
        assert "'=HYPERLINK(1)" in text
        assert ",=HYPERLINK" not in text
    else:
        cells = [cell for row in load_workbook(BytesIO(answer.content)).active.iter_rows() for cell in row]
        assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
        assert {cell.data_type for cell in cells if cell.value} == {"s"}


def test_the_report_shows_one_level_and_turns_pages(town: Town, source: Source, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    bad = [changed(LI, 编号=f"B{n}", 姓名="", 户号=f"H{n}") for n in range(60)]
    address = matched(client, source, *bad, changed(CHEN, 性别="?"))
    first = client.get(f"{address}?show=error").content.decode()
    assert first.count("没有姓名") == 50
    assert "性别读不懂" not in first
    assert client.get(f"{address}?show=error&after=50").content.decode().count("没有姓名") == 10
    assert client.get(f"{address}?show=nonsense").status_code == 404


def test_no_whole_number_stands_on_the_page_or_in_the_report(
    town: Town, source: Source, signed_in: SignIn
) -> None:
    client = signed_in(town.officer_chen)
    address = matched(client, source, CHEN, changed(LI, 身份证号="440781195607090220"))
    pages = (address, f"{address}columns/", f"{address}report/csv/")
    said = "".join(client.get(page).content.decode() for page in pages)
    assert "…0220" in said
    assert "尾号 0112" in said
    assert "440781195403020112" not in said
    assert "440781195607090220" not in said


def test_a_clerk_reads_sources_and_cannot_import(town: Town, source: Source, signed_in: SignIn) -> None:
    address = matched(signed_in(town.officer_chen), source)
    clerk = signed_in(make_account("clerk", (town.overseas_affairs, "clerk")))
    page = clerk.get(address)
    assert page.status_code == 200
    assert "导入 2 行" not in page.content.decode()
    assert "陈大文" not in page.content.decode()
    assert clerk.get("/staff/sources/").status_code == 200
    assert clerk.post(f"{address}bring/").status_code == 403
    assert everybody() == []


def test_the_giving_office_delivers_and_the_keeper_imports(town: Town, signed_in: SignIn) -> None:
    source = make_source(town.overseas_affairs, giver=town.exit_entry_police)
    police = signed_in(town.police_wu)
    address = matched(police, source)
    assert "已经送到" in police.get(address).content.decode()
    police.post(f"{address}bring/")
    assert everybody() == []
    keeper = signed_in(town.officer_chen)
    assert "比一比" in keeper.get(address).content.decode()
    keeper.post(f"{address}again/")
    assert "导入 2 行" in keeper.get(address).content.decode()
    keeper.post(f"{address}bring/")
    assert everybody() == ["李秀英", "陈大文"]


def test_a_source_is_named_once_with_its_legal_basis(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    given = {
        "name": "台山户籍名册", "kind": "hukou", "giver": town.exit_entry_police.pk,
        "keeper": town.overseas_affairs.pk, "basis": "侨情普查", "rank": 2, "once": "t",
    }  # fmt: skip
    assert client.post("/staff/sources/new/", given | {"basis": ""}).status_code == 422
    for _ in range(2):
        answer = client.post("/staff/sources/new/", given)
        assert answer["Location"] == "/staff/sources/ts-exit-entry-police-hukou/"
    made = Source.objects.get()
    assert (made.keeper, made.office, made.rank) == (town.overseas_affairs, town.exit_entry_police, 2)
    assert "台山户籍名册" in client.get("/staff/sources/").content.decode()


def test_nobody_names_a_source_for_another_office(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    given = {
        "name": "名册", "kind": "hukou", "giver": town.housing.pk, "keeper": town.kaiping_federation.pk,
        "basis": "侨情普查", "rank": 5, "once": "t",
    }  # fmt: skip
    assert client.post("/staff/sources/new/", given).status_code == 422
    assert not Source.objects.exists()


def test_the_lists_take_the_same_queries_however_long(
    town: Town, source: Source, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(town.officer_chen)
    for n in range(12):
        make_source(town.overseas_affairs, code=f"s{n}")
        sent(client, source, token=f"t{n}")
    with django_assert_max_num_queries(18):
        client.get("/staff/sources/")
    with django_assert_max_num_queries(18):
        client.get(f"/staff/sources/{source.code}/")


@pytest.mark.browser
def test_an_import_in_the_browser_from_upload_to_undo(
    open_page: Opener, served_town: Town, tmp_path: Any
) -> None:
    make_source(served_town.overseas_affairs)
    file = tmp_path / "胜利街道归侨侨眷名册.xlsx"
    rows = [
        CHEN,
        LI,
        changed(LI, 编号="A3", 姓名="", 出生日期="3/2/54"),
        changed(LI, 编号="A4", 国籍="火星", 姓名="黄志强"),
    ]
    file.write_bytes(as_workbook(table(*rows), title="胜利街道归侨侨眷名册"))
    page = open_page("/staff/sources/", account=served_town.officer_chen)
    assert wrong(page) == []
    page.get_by_role("link", name="户籍名册").click()
    assert wrong(page) == []
    page.set_input_files("#roll", file)
    page.get_by_role("button", name="上传，先试看").click()
    page.wait_for_url("**/columns/")
    assert wrong(page) == []
    page.get_by_role("button", name="保存，再试看").click()
    page.wait_for_url("**/imports/*/")
    assert wrong(page) == []
    page.get_by_role("button", name="导入 3 行").click()
    expect(page.locator("body")).to_contain_text("导入完成")
    assert wrong(page) == []
    page.get_by_role("button", name="撤回这次导入").click()
    page.wait_for_url("**/undo/")
    assert wrong(page) == []
    page.get_by_role("button", name="确认撤回").click()
    expect(page.locator("body")).to_contain_text("已撤回这次导入")
    assert wrong(page) == []


@pytest.mark.browser
def test_axe_finds_nothing_wrong_with_errors_and_in_other_languages(
    open_page: Opener, served_town: Town
) -> None:
    source = make_source(served_town.overseas_affairs)
    page: Page = open_page("/staff/sources/new/", account=served_town.officer_chen)
    assert wrong(page) == []
    page.get_by_role("button", name="添加", exact=True).click()
    assert wrong(page) == []
    page = open_page(f"/staff/sources/{source.code}/", account=served_town.officer_chen)
    page.get_by_role("button", name="上传，先试看").click()
    expect(page.locator("body")).to_contain_text("请先选择一个文件")
    assert wrong(page) == []
    with acting(SYSTEM, epoch=now_epoch()):
        at = datetime.now(UTC)
        batch = look(source, "名册.csv", as_csv(table(*ROWS)), actor=SYSTEM, at=at).batch
        import_batch(batch.pk, actor=SYSTEM, at=at)
        other = look(source, "名册.csv", as_csv(table(CHEN, CHEN)), actor=SYSTEM, at=at).batch
    for language in ("en", "es", "pt", "zh-hant"):
        for which in (batch, other):
            address = f"/staff/sources/{source.code}/imports/{which.pk}/"
            assert wrong(open_page(address, account=served_town.head_liang, language=language)) == []
