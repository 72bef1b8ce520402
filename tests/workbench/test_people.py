"""The list of people's files: what is found, by whom, and how the pages turn."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qiaoqiao.parties.models import Name
from tests.cast import Town
from tests.workbench.conftest import SignIn
from tests.workbench.people_town import PAPER, facts, make_person

LIST = "/staff/people/"


def numbers(client: object, address: str = LIST) -> list[str]:
    """The file numbers on a page of the list."""
    answer = client.get(address)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return [line.number for line in answer.context["lines"]]


def test_an_office_without_files_is_told_how_to_begin(town: Town, signed_in: SignIn) -> None:
    page = signed_in(town.officer_chen).get(LIST).content.decode()
    assert "您的单位还没有人员档案" in page
    assert "/staff/people/new/" in page


@pytest.mark.parametrize(
    "words", ["陈玉莲", "陳玉蓮", "玉莲", "rosa", "CHEN rosa", "+5804125550123", "侨兴路8号", "0028", PAPER]
)
def test_a_file_is_found_by_any_name_number_or_address(town: Town, signed_in: SignIn, words: str) -> None:
    file = make_person(town)
    make_person(town, what=[Name(text="李阿妹", script="hans", kind="legal")])
    assert [
        line.number
        for line in signed_in(town.officer_chen).post(LIST, {"q": words}, follow=True).context["lines"]
    ] == [file.number]


def test_the_number_of_a_paper_never_stands_in_an_address(town: Town, signed_in: SignIn) -> None:
    make_person(town)
    answer = signed_in(town.officer_chen).post(LIST, {"q": PAPER})
    assert answer.status_code == 200
    assert PAPER not in answer.headers.get("Location", "")
    by_words = signed_in(town.officer_chen).post(LIST, {"q": "陈玉莲"})
    assert by_words.status_code == 302


def test_a_whole_file_number_opens_its_file_however_it_was_typed(town: Town, signed_in: SignIn) -> None:
    file = make_person(town)
    client = signed_in(town.officer_chen)
    for typed in (file.number, file.number.lower().replace("-", " ")):
        for path in (LIST, "/staff/search/"):
            answer = client.get(path, {"q": typed})
            assert answer.headers.get("Location") == f"/staff/people/{file.number}/"


@pytest.mark.parametrize("words", ["陈玉莲", "0028", PAPER, "rosa"])
def test_a_stranger_finds_nobody(town: Town, signed_in: SignIn, words: str) -> None:
    make_person(town)
    page = signed_in(town.stranger_he).post(LIST, {"q": words}, follow=True)
    assert page.context["lines"] == []
    assert numbers(signed_in(town.stranger_he)) == []


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("standing=returnee", True),
        ("standing=relative", False),
        ("origin=VE", True),
        ("origin=ID", False),
        ("age=over_80", True),
        ("age=18_59", False),
        ("need=alone", True),
        ("need=housing", False),
        ("place=440781105", True),
        ("place=440783", True),  # not offered: passed over
        ("overdue=on", False),
        ("frozen=on", False),
        ("standing=nonsense&age=%00", True),
    ],
)
def test_filters_narrow_the_list(town: Town, signed_in: SignIn, query: str, hit: bool) -> None:
    make_person(town, place=town.duanfen, born="1930")
    assert bool(numbers(signed_in(town.officer_chen), f"{LIST}?{query}")) is hit


def test_a_head_reads_the_offices_below_and_others_only_their_own(town: Town, signed_in: SignIn) -> None:
    file = make_person(town)
    assert numbers(signed_in(town.officer_chen)) == [file.number]
    city = signed_in(town.city_head)
    assert numbers(city) == []
    assert numbers(city, f"{LIST}?office=below") == [file.number]
    assert numbers(city, f"{LIST}?office={town.federation.pk}") == [file.number]


def test_pages_turn_both_ways_without_a_name_in_the_address(town: Town, signed_in: SignIn) -> None:
    for one in range(30):
        person = Name(text=f"陈同名{one % 3}", script="hans", kind="legal")
        make_person(town, what=[person], office=town.federation if one % 2 else town.overseas_affairs)
    client = signed_in(town.officer_chen)
    first = client.get(LIST).context
    second = client.get(LIST + first["next"]).context
    assert [len(page["lines"]) for page in (first, second)] == [25, 5]
    assert (first["previous"], second["next"]) == (None, None)
    every = [line.number for page in (first, second) for line in page["lines"]]
    assert len(set(every)) == 30
    back = client.get(LIST + second["previous"]).context
    assert [line.number for line in back["lines"]] == every[:25]
    assert client.get(f"{LIST}?after=nonsense").status_code == 404


def test_the_list_takes_the_same_number_of_queries_however_long(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    counts = []
    for more in (1, 12):
        for one in range(more):
            make_person(town, what=facts(name=f"陈甲{one}", number=""), place=town.duanfen)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] < 16


@pytest.mark.parametrize("words", ["", "   ", "'", "&|!()<->:*", "\x00", "x" * 5000, "🀄", "%", "\\"])
def test_anything_may_be_typed(town: Town, signed_in: SignIn, words: str) -> None:
    make_person(town)
    answer = signed_in(town.officer_chen).post(LIST, {"q": words}, follow=True)
    assert answer.status_code == 200
