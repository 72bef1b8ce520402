"""Searching: what is found, and what must not be."""

import pytest

from tests.cast import Town
from tests.workbench.conftest import SignIn
from tests.workbench.desk_town import settle
from tests.workbench.test_queue import NOW, settled, shown


def test_a_whole_reference_opens_its_case_however_it_was_typed(town: Town, signed_in: SignIn) -> None:
    case = settle(0, at=NOW, name="")
    client = signed_in(town.officer_chen)
    for typed in (case.reference, case.reference.lower().replace("-", ""), f"  {case.reference} "):
        answer = client.get("/staff/search/", {"q": typed})
        assert (answer.status_code, answer.headers.get("Location")) == (
            302,
            f"/staff/cases/{case.reference}/",
        )


@pytest.mark.parametrize("words", ["陈玉莲", "陳玉蓮", "rosa", "Rosa CHEN", "玉莲 侨兴路", "端芬"])
def test_names_and_words_of_the_matter_find_the_case(town: Town, signed_in: SignIn, words: str) -> None:
    case = settle(0, at=NOW, name="")
    settle(2, at=NOW, name="")
    found = shown(signed_in(town.officer_chen), f"/staff/search/?q={words}")
    assert case.reference in found
    assert len(found) == (2 if words == "端芬" else 1)


@pytest.mark.parametrize("words", ["陈玉莲", "rosa", "QQ26", "端芬镇侨兴路8号"])
def test_a_stranger_finds_nothing_and_cannot_tell_that_there_is_something(
    town: Town, signed_in: SignIn, words: str
) -> None:
    client = signed_in(town.stranger_he)
    before = settled(client, f"/staff/search/?q={words}")
    case = settle(0, at=NOW, name="")
    assert settled(client, f"/staff/search/?q={words}") == before
    by_reference = client.get("/staff/search/", {"q": case.reference})
    assert by_reference.status_code == 200
    assert "没有找到" in by_reference.content.decode()


@pytest.mark.parametrize("words", ["", "   ", "'", "&|!()<->:*", "\x00", "x" * 5000, "🀄", "𠮷", "%", "\\"])
def test_anything_may_be_typed(town: Town, signed_in: SignIn, words: str) -> None:
    settle(0, at=NOW, name="")
    assert signed_in(town.officer_chen).get("/staff/search/", {"q": words}).status_code == 200


def test_found_cases_can_be_turned_page_by_page(town: Town, signed_in: SignIn) -> None:
    for number in range(27):
        settle(number, at=NOW, name="")
    client = signed_in(town.officer_chen)
    first = client.get("/staff/search/", {"q": "端芬"}).context
    second = client.get(f"/staff/search/{first['next']}").context
    assert [len(page["lines"]) for page in (first, second)] == [25, 2]
    assert second["next"] is None
    back = client.get(f"/staff/search/{second['previous']}").context
    assert [line.reference for line in back["lines"]] == [line.reference for line in first["lines"]]
