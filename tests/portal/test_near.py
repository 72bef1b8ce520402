"""Who can help near me: nearest first, open or not, and never an empty page."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.network.nearby import door_of, zone_of
from tests.cast import Town, make_place
from tests.community.network_town import home, settled

NEAR = "/near/"


@pytest.fixture
def network(town: Town) -> Town:
    """A town with somebody in the village, the town, the county and the city, and abroad."""
    village = make_place("440781105001", "汀江村", "village", town.duanfen)
    settled(
        town,
        home("V", place=village.code, name="汀江侨胞之家", services=[]),
        home("T", name="端芬侨胞之家"),
        home("C", kind="federation", place="440781", name="台山市侨联", languages=["mandarin"]),
        home("BR", kind="studio", place="", country="BR", name="巴西工作室", zone="America/Sao_Paulo", phone="+55 11 5555"),
        home("CL", kind="studio", place="", country="CL", name="智利工作室"),
        home("GONE", name="旧的家", closed_on="2026-01-01"),
    )  # fmt: skip
    settled(
        town,
        home("JM", kind="federation", place="4407", name="江门市侨联"),
        keeper=town.city_federation,
        by=town.city_head,
    )
    return town


def groups(answer: Any) -> list[list[str]]:
    return [[card["name"] for card in group["cards"]] for group in answer.context["groups"]]


def test_the_nearest_come_first_village_town_county_city(network: Town, visitor: Client) -> None:
    answer = visitor.get(f"{NEAR}?place=440781105")
    assert groups(answer) == [["汀江侨胞之家"], ["端芬侨胞之家"], ["台山市侨联"], ["江门市侨联"]]
    assert [str(group["title"]) for group in answer.context["groups"]] == [
        "村、社区",
        "镇、街道",
        "县、区",
        "市",
    ]
    page = answer.content.decode()
    assert 'href="tel:07505512345"' in page
    assert "旧的家" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("place=440781105&language=toisan", [["汀江侨胞之家"], ["端芬侨胞之家"], ["江门市侨联"]]),
        ("place=440781105&about=schooling", [["端芬侨胞之家"], ["台山市侨联"], ["江门市侨联"]]),
        ("place=440781105&kind=federation", [["台山市侨联"], ["江门市侨联"]]),
        ("place=440783", [["江门市侨联"]]),
        ("country=BR", [["巴西工作室"]]),
        ("place=nonsense&country=XX&kind=%00", []),
        ("", []),
    ],
)
def test_what_is_looked_for_narrows_who_is_shown(
    network: Town, visitor: Client, query: str, found: list[list[str]]
) -> None:
    assert groups(visitor.get(f"{NEAR}?{query}")) == found


def test_where_nobody_fits_the_page_says_who_is_next_up_and_what_to_do(
    network: Town, visitor: Client
) -> None:
    answer = visitor.get(f"{NEAR}?place=440781105&language=thai")
    assert groups(answer) == []
    assert [card["name"] for card in answer.context["next_up"]] == ["台山市侨联", "江门市侨联"]
    page = answer.content.decode()
    assert "这里没有完全合适的" in page
    assert "说说您想办什么事" in page
    abroad = visitor.get(f"{NEAR}?country=PT")
    assert [card["name"] for card in abroad.context["next_up"]] == ["江门市侨联"]


def test_a_crowded_place_is_cut_and_says_how_many_more_there_are(network: Town, visitor: Client) -> None:
    settled(network, *(home(f"X{at}") for at in range(20)))
    group = visitor.get(f"{NEAR}?place=440781105").context["groups"][1]
    assert (len(group["cards"]), group["more"]) == (12, 9)


def test_open_or_not_is_told_by_the_clock_of_the_place(network: Town) -> None:
    rows = {one.code: one for one in Organisation.objects.all()}
    friday = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)  # 10:00 in Beijing, 23:00 on Thursday in São Paulo
    here, there = door_of(rows["T"], friday), door_of(rows["BR"], friday)
    assert here is not None
    assert there is not None
    assert (here.open, there.open) == (True, False)
    assert there.change == datetime(2026, 11, 27, 12, 0, tzinfo=UTC)  # Friday 9:00 in São Paulo
    assert zone_of(rows["CL"]) is None  # a country of several zones: better unsaid than wrong
    assert door_of(rows["CL"], friday) is None


@pytest.mark.parametrize("language", ["en", "es", "pt", "zh-hant"])
def test_the_page_speaks_every_language(network: Town, language: str) -> None:
    answer = Client().get(f"{NEAR}?place=440781105&lang={language}", follow=True)
    assert groups(answer)
    page = answer.content.decode()
    if language != "zh-hant":
        assert "现在" not in page
        assert "周一" not in page


def test_the_way_there_leads_from_the_first_page_and_from_the_windows(network: Town, visitor: Client) -> None:
    for path in ("/", "/offices/"):
        assert 'href="/near/"' in visitor.get(path).content.decode()
