"""The community on one page: what it shows, whom it opens for, what may be carried away; seen in a browser."""

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest
from django.utils import timezone

from qiaoqiao.access.models import Place, Post
from tests.cast import Town, make_account, make_office, make_place
from tests.eyes import wrong
from tests.reporting.crowd import Crowd, Someone, shengli
from tests.workbench.conftest import Opener, SignIn

PAGE = "/staff/community/"
VILLAGES = ("侨兴", "胜利", "平安里", "归侨新村", "塘头", "那马洞", "东风队", "橡胶园", "华侨农场场部")


def places(town: Town) -> list[Place]:
    return [
        make_place(f"{town.duanfen.pk}{at:03}", f"{name}社区", "village", town.duanfen)
        for at, name in enumerate(VILLAGES)
    ]


def filled(town: Town, size: int = 300) -> Crowd:
    crowd = Crowd(town.federation, town.head_liang)
    crowd.add(*shengli(size, *places(town)))
    return crowd


def text(answer: object) -> str:
    body: str = answer.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_a_head_sees_the_community_and_each_number_opens_its_people(town: Town, signed_in: SignIn) -> None:
    Crowd(town.federation, town.head_liang).add(
        *[Someone(needs=("housing",))] * 12,
        *[Someone(standing="relative", origin="ID", return_year=None)] * 6,
    )
    answer = signed_in(town.head_liang).get(PAGE)
    body = answer.content.decode()
    assert "<b>18</b>人" in body
    for query, number in (
        ("standing=returnee", 12),
        ("origin=VN", 12),
        ("origin=ID", 6),
        ("need=housing", 12),
    ):
        assert f'<a href="/staff/people/?office=below&amp;{query}">{number}</a>' in body or (
            f'<a href="/staff/people/?office=below&amp;{query}"><b>{number}</b>' in body
        ), query
    listed = signed_in(town.head_liang).get("/staff/people/?office=below&origin=ID")
    assert listed.content.decode().count("data-row") == 6


def test_a_hidden_number_is_neither_shown_nor_opened(town: Town, signed_in: SignIn) -> None:
    Crowd(town.federation, town.head_liang).add(
        *[Someone(origin="VN")] * 21, *[Someone(origin="ID")] * 13, *[Someone(origin="SG")] * 3
    )
    answer = signed_in(town.head_liang).get(PAGE)
    assert "新加坡 保密" in text(answer)
    assert "印度尼西亚 保密" in text(answer)
    assert "origin=SG" not in answer.content.decode()
    assert "origin=ID" not in answer.content.decode()


def test_too_few_people_are_not_a_picture(town: Town, signed_in: SignIn) -> None:
    Crowd(town.federation, town.head_liang).add(*[Someone()] * 4)
    answer = signed_in(town.head_liang).get(PAGE)
    assert "人数还太少，不能画像" in text(answer)
    assert '<svg class="qq-picture' not in answer.content.decode()


def test_only_who_may_see_figures_finds_the_page(town: Town, signed_in: SignIn) -> None:
    assert signed_in(town.officer_chen).get(PAGE).status_code == 403
    assert PAGE not in signed_in(town.officer_chen).get("/staff/").content.decode()
    assert f'href="{PAGE}"' in signed_in(town.head_liang).get("/staff/").content.decode()


def test_a_head_s_other_post_adds_nobody_to_the_page(town: Town, signed_in: SignIn) -> None:
    """Figures are a head's: where the same account is only a handler, nobody is counted."""
    Crowd(town.federation, town.head_liang).add(*[Someone()] * 9)
    both = make_account("both", (town.kaiping_federation, "head"), (town.federation, "handler"))
    assert "人数还太少" in text(signed_in(both).get(PAGE))


def city(town: Town) -> list[str]:
    """Two districts under the city: one of two offices, one of a single one."""
    below = make_office("df-federation", "federation", town.duanfen, level="township", parent=town.federation)
    Post.objects.filter(account=town.city_head, office=town.city_overseas_affairs).delete()
    for office, size in ((town.federation, 25), (below, 10), (town.kaiping_federation, 40)):
        Crowd(office, town.city_head).add(*[Someone()] * size)
    return [str(town.federation.pk), str(town.kaiping_federation.pk)]


def test_the_whole_is_narrowed_to_a_branch_with_the_offices_below_it(town: Town, signed_in: SignIn) -> None:
    taishan, kaiping = city(town)
    client = signed_in(town.city_head)
    whole = client.get(PAGE).content.decode()
    assert "<b>75</b>" in whole
    assert f'<option value="{taishan}">' in whole
    branch = client.get(PAGE, {"office": taishan}).content.decode()
    assert "<b>35</b>" in branch
    assert "/staff/people/?" not in branch, "no list holds the people of two offices below"
    assert f"/staff/people/?office={kaiping}" in client.get(PAGE, {"office": kaiping}).content.decode()


def test_a_small_branch_says_why_it_has_no_pyramid(town: Town, signed_in: SignIn) -> None:
    Post.objects.filter(account=town.city_head, office=town.city_overseas_affairs).delete()
    for office in (town.federation, town.kaiping_federation):
        Crowd(office, town.city_head).add(*shengli(40))
    client = signed_in(town.city_head)
    assert "qq-picture--pyramid" in client.get(PAGE).content.decode()
    branch = client.get(PAGE, {"office": str(town.federation.pk)})
    assert "qq-picture--pyramid" not in branch.content.decode()
    assert "这个单位人数少，分开写会说出个别的人" in text(branch)


@pytest.mark.parametrize("asked", ["rest", "*", "999999", "0", "x" * 3000, "\x00"])
def test_an_office_that_is_not_mine_is_the_whole(town: Town, signed_in: SignIn, asked: str) -> None:
    city(town)
    answer = signed_in(town.city_head).get(PAGE, {"office": asked})
    assert "<b>75</b>" in answer.content.decode()


def test_a_stranger_is_told_of_nobody(town: Town, signed_in: SignIn) -> None:
    filled(town, 40)
    for path in ("", "numbers.csv", "numbers.json"):
        answer = signed_in(town.stranger_he).get(PAGE + path, {"office": str(town.federation.pk)})
        assert answer.status_code == 200
        assert "端芬" not in answer.content.decode()
        assert "40" not in text(answer).replace("440", "")


def test_what_is_carried_away_is_what_is_shown(town: Town, signed_in: SignIn) -> None:
    Crowd(town.federation, town.head_liang).add(
        *[Someone(origin="VN")] * 21, *[Someone(origin="ID")] * 13, *[Someone(origin="SG")] * 3
    )
    client = signed_in(town.head_liang)
    sheet = client.get(f"{PAGE}numbers.csv")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert ["侨居国家或地区", "越南", "", "21"] in rows
    assert ["侨居国家或地区", "新加坡", "", "保密"] in rows
    assert ["年龄和性别", "75–79", "女", "37"] in rows
    told = json.loads(client.get(f"{PAGE}numbers.json").content)
    origins = {row["row"]: row["number"] for row in told["numbers"] if row["table"] == "origin"}
    assert origins == {"VN": 21, "ID": None, "SG": None}
    assert "attachment" in sheet.headers["Content-Disposition"]


def test_a_place_s_name_is_no_formula(town: Town, signed_in: SignIn) -> None:
    odd = make_place(f"{town.duanfen.pk}900", "=1+1", "village", town.duanfen)
    Crowd(town.federation, town.head_liang).add(*[Someone(place=odd)] * 9)
    sheet = signed_in(town.head_liang).get(f"{PAGE}numbers.csv").content.decode()
    assert "'=1+1" in sheet


def test_a_page_of_many_people_asks_as_often_as_one_of_few(
    town: Town, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    filled(town, 120)
    client = signed_in(town.head_liang)
    client.get(PAGE)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get(PAGE)


@pytest.mark.browser
def test_axe_finds_nothing_wrong_with_the_picture(open_page: Opener, served_town: Town) -> None:
    filled(served_town)
    head, shots = served_town.head_liang, os.environ.get("SCREENS", "")
    looks: list[tuple[str, int, dict[str, str]]] = [
        *((str(width), width, {}) for width in (390, 768, 1280)),
        *((f"{width}-{one}", width, {"language": one}) for one in ("en", "es", "pt", "zh-hant") for width in (390, 1280)),
        ("large", 390, {"view": "large"}),
    ]  # fmt: skip
    for name, width, reader in looks:
        page = open_page(PAGE, width, account=head, **reader)
        if shots:
            page.screenshot(path=Path(shots, f"community-{name}.png"), full_page=True)
        assert wrong(page) == [], name
    if shots:
        page = open_page(PAGE, 718, account=head)
        page.pdf(path=Path(shots, "community.pdf"), format="A4")
        page.emulate_media(media="print")
        page.screenshot(path=Path(shots, "community-print.png"), full_page=True)


@pytest.mark.browser
def test_on_paper_the_community_fits_one_sheet(open_page: Opener, served_town: Town) -> None:
    filled(served_town, 150)
    sheets = open_page(PAGE, 1280, account=served_town.head_liang).pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1


def test_the_day_is_that_of_the_office(town: Town, signed_in: SignIn) -> None:
    filled(town, 30)
    told = json.loads(signed_in(town.head_liang).get(f"{PAGE}numbers.json").content)
    assert told["on"] == timezone.localdate().isoformat()
