"""The network's pages: who sees and changes what, lists and trees, forms that lose nothing, coverage that names gaps."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from qiaoqiao.community.network.hours import DAYS
from qiaoqiao.community.network.models import Organisation, OrganisationPost
from tests.cast import Town, make_account, make_place
from tests.community.network_town import book, home, row, settled
from tests.workbench.conftest import SignIn

LIST = "/staff/network/"
ONE = f"{LIST}organisations/"
TYPED = {
    "code": "TS-H9",
    "kind": "home",
    "name": "端芬侨胞之家",
    "place": "440781105",
    "country": "CN",
    "hours": "周一至周五 09:00-12:00",
    "languages": ["toisan"],
    "phone": "0750-5512345",
}


def codes(client: Client, query: str = "") -> list[str]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return [line["row"].code for line in answer.context["lines"]]


def test_an_office_sees_what_it_keeps_and_what_lies_in_its_place(town: Town, signed_in: SignIn) -> None:
    settled(town, home("TS"), home("BR", place="", country="BR"))
    settled(
        town,
        home("JM", place="440781105"),
        home("KP", place="440783"),
        keeper=town.city_federation,
        by=town.city_head,
    )
    assert codes(signed_in(town.officer_chen)) == ["BR", "JM", "TS"]
    assert codes(signed_in(town.officer_chen), "?kept=on") == ["BR", "TS"]
    assert codes(signed_in(town.stranger_he)) == ["KP"]
    assert codes(signed_in(town.city_head)) == ["BR", "JM", "KP", "TS"]


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("kind=home", True),
        ("kind=studio", False),
        ("place=440781", True),
        ("place=440781105", True),
        ("place=440781&only=on", False),
        ("country=BR", False),
        ("state=closed", False),
        ("q=端芬", True),
        ("q=duanfen", True),
        ("q=5512345 侨兴路", True),
        ("q=开平", False),
        ("kind=nonsense&q=%00", True),
    ],
)
def test_filters_narrow_the_list(town: Town, signed_in: SignIn, query: str, hit: bool) -> None:
    settled(town, home())
    assert bool(codes(signed_in(town.officer_chen), f"?{query}")) is hit


def test_pages_turn_both_ways_in_a_constant_number_of_queries(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    counts = []
    for begin, end in ((0, 2), (2, 60)):
        settled(town, *(home(f"TS-{at:03d}") for at in range(begin, end)))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            first = client.get(LIST).context
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    second = client.get(LIST + first["next"]).context
    assert [len(page["lines"]) for page in (first, second)] == [50, 10]
    assert (first["previous"], second["next"]) == (None, None)
    back = client.get(LIST + second["previous"]).context
    assert [one["row"].code for one in back["lines"]] == [f"TS-{at:03d}" for at in range(50)]


def test_an_organisation_is_registered_once_however_often_the_button_is_pressed(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(town.officer_chen)
    typed = TYPED | {"once": "a" * 32, "keeper": str(town.federation.pk)}
    answers = [client.post(f"{LIST}new/", typed) for _again in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"{ONE}TS-H9/"] * 2
    kept = Organisation.objects.get()
    assert (kept.keeper, kept.path, kept.languages) == (town.federation, "/TS-H9/", ["toisan"])
    assert kept.hours == {day: ["09:00-12:00"] for day in DAYS[:5]}
    page = client.get(f"{ONE}TS-H9/").content.decode()
    assert "登记了这个组织" in page
    assert "周一至周五 09:00-12:00" in page


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"code": ""}, "code", "请填写"),
        ({"code": "端芬"}, "code", "代码的写法不对"),
        ({"code": "TS-H1"}, "code", "已经有一个组织用了这个代码"),
        ({"hours": "上午"}, "hours", "办公时间读不懂"),
        ({"phone": "无"}, "phone", "电话号码不对"),
        ({"place": ""}, "place", "这一格不能空着"),
        ({"country": "BR"}, "place", "境外的组织不写地方"),
        ({"parent": "NOBODY"}, "parent", "找不到这个上级代码"),
        ({"latitude": "22"}, "longitude", "经度和纬度要一起写"),
        ({"keeper": ""}, "keeper", "请选择"),
    ],
)
def test_a_form_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(
    town: Town, signed_in: SignIn, changes: dict[str, str], field: str, words: str
) -> None:
    settled(town, home("TS-H1"))
    typed = TYPED | {"once": "a" * 32, "keeper": str(town.federation.pk)} | changes
    answer = signed_in(town.officer_chen).post(f"{LIST}new/", typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert field in answer.context["form"].errors
    assert words in page
    assert "0750-5512345" in page or "phone" in changes
    assert "端芬侨胞之家" in page
    assert Organisation.objects.count() == 1


def test_a_change_is_written_with_all_that_lies_below_and_a_ring_is_refused(
    town: Town, signed_in: SignIn
) -> None:
    settled(town, home("A"), home("B"), home("C", parent="B"))
    client = signed_in(town.officer_chen)
    answer = client.post(f"{ONE}B/change/", TYPED | {"code": "B2", "parent": "A"})
    assert answer.headers["Location"] == f"{ONE}B2/"
    assert sorted(Organisation.objects.values_list("path", flat=True)) == ["/A/", "/A/B2/", "/A/B2/C/"]
    refused = client.post(f"{ONE}A/change/", TYPED | {"code": "A", "parent": "C"})
    assert refused.status_code == 422
    assert "不能排在自己下面" in str(refused.context["form"].errors["parent"])
    assert "改了：代码" in client.get(f"{ONE}B2/").content.decode()


def test_others_see_but_may_not_change_and_strangers_see_nothing(town: Town, signed_in: SignIn) -> None:
    settled(town, home("JM", place="440781105"), keeper=town.city_federation, by=town.city_head)
    chen, he = signed_in(town.officer_chen), signed_in(town.stranger_he)
    page = chen.get(f"{ONE}JM/")
    assert page.status_code == 200
    assert "更改资料" not in page.content.decode()
    for path in ("change/", "close/", "posts/"):
        assert chen.post(f"{ONE}JM/{path}", TYPED).status_code == 404
    assert he.get(f"{ONE}JM/").status_code == 404
    assert Organisation.objects.get().names["zh-Hans"] == "端芬侨胞之家JM"
    above = signed_in(make_account("head", (town.city_federation, "head")))
    settled(town, home("TS"))
    assert above.post(f"{ONE}TS/close/").status_code == 302  # heads above may


def test_closing_keeps_it_with_its_history_and_emptying_the_date_opens_it_again(
    town: Town, signed_in: SignIn
) -> None:
    settled(town, home("A"))
    client = signed_in(town.officer_chen)
    assert "撤销这个组织？" in client.get(f"{ONE}A/close/").content.decode()
    client.post(f"{ONE}A/close/")
    client.post(f"{ONE}A/close/")
    assert Organisation.objects.get().closed_on is not None
    assert codes(client) == []
    assert codes(client, "?state=closed") == ["A"]
    client.post(f"{ONE}A/change/", TYPED | {"code": "A", "closed_on": ""})
    page = client.get(f"{ONE}A/").content.decode()
    assert page.count("撤销了这个组织") == 1
    assert "恢复了这个组织" in page
    assert codes(client) == ["A"]


def test_a_post_begins_once_ends_and_stands_in_the_history(town: Town, signed_in: SignIn) -> None:
    settled(town, home("A"))
    client = signed_in(town.officer_chen)
    typed = {"title": "站长", "name": "陈玉莲", "since": "2026-01-05", "once": "b" * 32}
    for _again in range(2):
        client.post(f"{ONE}A/posts/", typed)
    post = OrganisationPost.objects.get()
    assert (post.name, post.since, post.until) == ("陈玉莲", date(2026, 1, 5), None)
    wrong = client.post(f"{ONE}A/posts/", typed | {"since": "", "once": "c" * 32})
    assert wrong.status_code == 422
    assert 'value="陈玉莲"' in wrong.content.decode()
    client.post(f"{ONE}A/posts/{post.pk}/end/")
    post.refresh_from_db()
    assert post.until is not None
    page = client.get(f"{ONE}A/").content.decode()
    assert "公布了一个职务" in page
    assert "一个职务结束了" in page


def test_the_tree_opens_level_by_level_by_links(town: Town, signed_in: SignIn) -> None:
    settled(town, home("A"), home("B", parent="A"), home("C", parent="B"), home("D"))
    client = signed_in(town.officer_chen)

    def shown(query: str) -> list[str]:
        found: list[str] = []

        def walk(nodes: list[dict[str, Any]]) -> None:
            for node in nodes:
                found.append(node["code"])
                walk(node["below"])

        walk(client.get(f"{LIST}tree/{query}").context["nodes"])
        return found

    assert shown("") == ["A", "D"]
    assert shown("?open=A") == ["A", "B", "D"]
    assert shown("?open=A&open=B&open=nonsense") == ["A", "B", "C", "D"]
    assert shown("?root=A") == ["B"]
    assert shown("?open=B") == ["A", "D"]  # what is folded hides what lies in it
    assert client.get(f"{LIST}tree/?root=nonsense").status_code == 404


def test_a_workbook_goes_in_by_the_page_with_its_report_and_comes_out_again(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(make_account("clerk", (town.federation, "clerk")))
    content = book([row(), row(code="BAD", kind="侨胞之屋", name="=1+1")])
    sent = {"once": "d" * 32, "book": SimpleUploadedFile("网络.xlsx", content)}
    answer = client.post(f"{LIST}import/", sent)
    here = answer.headers["Location"]
    page = client.get(here).content.decode()
    assert "没有这个种类" in page
    assert "写种类的名称" in page
    assert "导入这 1 行" in page
    report = load_workbook(BytesIO(client.get(f"{here}report.xlsx").content)).active
    lines = [[cell.value for cell in line] for line in report.iter_rows(min_row=2)]
    assert ["3", "种类", "没有这个种类"] in [line[:3] for line in lines]
    assert {line[4] for line in lines} == {"侨胞之屋", "=1+1"}
    assert all(cell.data_type == "s" for line in report.iter_rows() for cell in line)
    client.post(f"{here}bring/")
    again = client.post(f"{here}bring/", follow=True)
    assert "已经导入过" in again.content.decode()
    assert codes(client) == ["TS-H1"]
    out = client.get(f"{LIST}export.xlsx")
    made = load_workbook(BytesIO(out.content))["侨务网络"]
    assert [cell.value for cell in made[2]][:5] == ["TS-H1", "侨胞之家", "端芬侨胞之家", None, None]
    assert client.get(f"{LIST}template.xlsx").status_code == 200


def test_an_upload_without_a_file_or_with_a_wrong_one_says_what_to_do(town: Town, signed_in: SignIn) -> None:
    client = signed_in(make_account("clerk", (town.federation, "clerk")))
    empty = client.post(f"{LIST}import/", {"once": "e" * 32})
    assert (empty.status_code, "请先选择一个文件。" in empty.content.decode()) == (422, True)
    wrong = client.post(f"{LIST}import/", {"once": "f" * 32, "book": SimpleUploadedFile("a.csv", b"x")})
    assert "请下载模板" in wrong.content.decode()
    many = signed_in(town.officer_chen).post(
        f"{LIST}import/", {"once": "g" * 32, "book": SimpleUploadedFile("a.csv", b"x")}
    )
    assert "请选择由哪个单位保管。" in many.content.decode()


def test_coverage_counts_by_place_names_each_gap_and_opens_the_list_behind_a_number(
    town: Town, signed_in: SignIn
) -> None:
    make_place("440781106", "海宴镇", "township", town.taishan)
    village = make_place("440781105001", "汀江村", "village", town.duanfen)
    settled(
        town,
        home("H1"),
        home("H2", place=village.code),
        home("F", kind="federation", place="440781"),
        home("BR", place="", country="BR", kind="studio"),
        home("GONE", closed_on="2026-01-01"),
    )
    client = signed_in(town.city_head)
    city = client.get(f"{LIST}coverage/")
    line = next(one for one in city.context["lines"] if one.name == "台山市")
    assert (line.all.number, line.gaps) == (3, 2)
    gaps = {str(one["kind"]): one["groups"] for one in city.context["gaps"]}
    assert [name for _href, name in gaps["侨胞之家"][0][1]] == ["海宴镇"]
    assert [name for _href, name in gaps["侨联组织"][0][1]] == ["端芬镇", "海宴镇"]
    assert [(name, one.number) for name, one, _kinds in city.context["abroad"]] == [("巴西", 1)]
    county = client.get(line.href)
    own = county.context["lines"][-1]
    assert (own.name, own.all.number) == ("台山市本级", 1)
    for one in (line, *county.context["lines"], county.context["total"]):
        for number in (*one.numbers, one.all):
            if number.href:
                assert len(client.get(number.href).context["lines"]) == number.number
    town_page = client.get(f"{LIST}coverage/?place=440781105")
    assert [one.name for one in town_page.context["lines"]] == ["汀江村", "端芬镇本级"]
    for query in ("?place=4502", "?place=nonsense", f"?place={village.code}"):
        assert client.get(f"{LIST}coverage/{query}").status_code == 404
    assert signed_in(town.stranger_he).get(f"{LIST}coverage/?place=440781").status_code == 404


def test_coverage_takes_the_same_number_of_queries_however_many_there_are(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(town.city_head)
    counts = []
    for begin, end in ((0, 1), (1, 30)):
        settled(town, *(home(f"H{at}") for at in range(begin, end)))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{LIST}coverage/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_coverage_as_csv_says_the_same_numbers(town: Town, signed_in: SignIn) -> None:
    settled(town, home("H1"))
    text = signed_in(town.city_head).get(f"{LIST}coverage.csv?place=440781").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "地方,侨联组织,党建带侨建示范点,涉侨法律服务站,侨胞之家,合计,还没有"
    assert lines[1] == "端芬镇,0,0,0,1,1,侨联组织、涉侨法律服务站、党建带侨建示范点"
    assert lines[-1] == "合计,0,0,0,1,1,"


@pytest.mark.parametrize("mark", ["before", "after"])
def test_a_mark_nobody_gave_begins_at_the_beginning(town: Town, signed_in: SignIn, mark: str) -> None:
    assert signed_in(town.officer_chen).get(f"{LIST}?{mark}=%00").status_code == 200
