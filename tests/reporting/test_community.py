"""The picture of a community: counted by hand, small cells hidden, nobody counted whom the reader may not see."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import acting
from qiaoqiao.parties.actions.files import end_fact
from qiaoqiao.parties.models import File, FileReach, Need
from qiaoqiao.reporting.community import AWAY, OLD, REST, UNSAID, Community, community, merge
from qiaoqiao.reporting.suppression import ALL
from tests.cast import AT, TODAY, Town, as_staff, make_office, make_place, now_epoch
from tests.reporting.crowd import Crowd, Someone, shengli


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def crowd(town: Town) -> Crowd:
    return Crowd(town.federation, town.head_liang)


def seen_by(account: Account, *offices: Office, on: date = TODAY) -> Community:
    branches = {office.pk: office.code for office in offices}
    with acting(as_staff(account), epoch=now_epoch()):
        return community(as_staff(account), branches, on=on)


def picture(crowd: Crowd, on: date = TODAY) -> Community:
    return seen_by(crowd.keeper, crowd.office, on=on)


def column(found: Community, name: str, *cell: str) -> dict[str, int | None]:
    """A table's rows that are not empty."""
    table = found.tables[name]
    rows = {row: table.value(ALL, row, *cell) for row in table.rows}
    return {row: number for row, number in rows.items() if number != 0}


def test_the_figures_are_those_counted_by_hand(crowd: Crowd) -> None:
    crowd.add(*[Someone()] * 12)
    crowd.add(*[Someone(standing="relative", origin="ID", return_year=None, sex="m", country="US")] * 9)
    crowd.add(*[Someone(standing="", origin="FR", return_year=1961, born="", sex="", country="")] * 7)
    found = picture(crowd)
    assert found.people[ALL] == 28
    assert column(found, "standing") == {"returnee": 12, "relative": 9, UNSAID: 7}
    assert column(found, "origin") == {"VN": 12, "ID": 9, "other": 7}
    assert column(found, "decade") == {"1960": 7, "1970": 12, UNSAID: 9}
    assert column(found, "country") == {"CN": 12, "US": 9, UNSAID: 7}
    assert found.tables["country"].value(ALL, AWAY) == 9
    assert column(found, "age", "f") == {"75": 12}
    assert column(found, "age", "m") == {"75": 9}
    assert column(found, "age", ALL) == {"75": 21, UNSAID: 7}


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("1946-03-02", "80"),
        ("1946-03-03", "75"),
        ("1946-03", "80"),
        ("1946-04", "75"),
        ("1946", "80"),
        ("1921-01-01", "100"),
        ("1910-01-01", "100"),
        ("2026-03-02", "0"),
        ("2027-01-01", UNSAID),
        ("1800-01-01", UNSAID),
        ("19xx", UNSAID),
        ("", UNSAID),
    ],
)
def test_an_age_is_that_of_the_day(crowd: Crowd, born: str, band: str) -> None:
    crowd.add(*[Someone(born=born)] * 5)
    assert column(picture(crowd), "age", ALL) == {band: 5}


def test_the_oldest_are_one_figure_from_which_no_band_follows(crowd: Crowd) -> None:
    crowd.add(*[Someone(born="1940-01-01")] * 6, *[Someone(born="1930-01-01")] * 2)
    crowd.add(*[Someone(born="1980-01-01")] * 30)
    found = picture(crowd)
    assert found.tables["age"].value(ALL, OLD, ALL) == 8
    assert column(found, "age", ALL) == {"45": 30, "85": None, "95": None}


def test_a_small_cell_is_hidden_and_the_total_does_not_give_it_away(crowd: Crowd) -> None:
    crowd.add(*[Someone(origin="VN")] * 20, *[Someone(origin="ID")] * 8, *[Someone(origin="SG")] * 2)
    found = picture(crowd)
    assert found.people[ALL] == 30
    assert column(found, "origin") == {"VN": 20, "ID": None, "SG": None}


def test_fewer_than_five_people_make_no_picture(crowd: Crowd) -> None:
    crowd.add(*[Someone()] * 4)
    assert picture(crowd) == Community()


def test_only_the_living_with_an_active_file_are_counted(crowd: Crowd) -> None:
    frozen, dead, *_rest = crowd.add(*[Someone(needs=("housing",))] * 9)
    with acting(as_staff(crowd.keeper), epoch=now_epoch()):
        File.objects.filter(pk=frozen.pk).update(state="frozen")
        File.objects.filter(pk=dead.pk).update(died_on=TODAY)
    found = picture(crowd)
    assert found.people[ALL] == 7
    assert found.needs["housing"].value(ALL, ) == 7  # fmt: skip


def test_a_need_counts_while_it_lasts_and_each_person_once(crowd: Crowd) -> None:
    crowd.add(*[Someone(needs=("housing", "housing"))] * 6)
    with acting(as_staff(crowd.keeper), epoch=now_epoch()):
        ended = Need.objects.values_list("pk", flat=True)[:2]
        for row in list(ended):
            end_fact(Need, row, on=date(2026, 2, 1), actor=as_staff(crowd.keeper), at=AT)
        left = Need.objects.filter(until=None).values("file").distinct().count()
    number = picture(crowd).needs["housing"].value(ALL)
    assert number == left


def test_households_and_what_is_kept_current(crowd: Crowd) -> None:
    old = date(2025, 3, 1)
    crowd.add(*(Someone(household=str(at // 2), checked_on=TODAY if at < 14 else old) for at in range(20)))
    found = picture(crowd)
    assert found.households is not None
    assert found.households.value(ALL) == 10
    assert column(found, "kept") == {"current": 14, "stale": 6}


def test_languages_are_counted_by_speaker(crowd: Crowd) -> None:
    crowd.add(*[Someone(languages=("cantonese", "vietnamese"))] * 6, *[Someone(languages=("cantonese",))] * 3)
    crowd.add(Someone(languages=("thai",)))
    found = picture(crowd)
    assert {name: table.value(ALL) for name, table in found.languages.items()} == {
        "cantonese": 9,
        "vietnamese": 6,
        "thai": None,
    }


def branches(town: Town) -> tuple[Crowd, Crowd, Crowd]:
    """The city's federation with two districts below it."""
    other = town.kaiping_federation
    third = make_office("es-federation", "federation", make_place("440785", "恩平市", "county", town.city),
                        level="county", parent=town.city_federation)  # fmt: skip
    return tuple(Crowd(office, town.city_head) for office in (town.federation, other, third))  # type: ignore[return-value]


def test_a_branch_s_small_cell_is_not_the_whole_less_its_sisters(town: Town) -> None:
    one, two, three = branches(town)
    one.add(*[Someone(origin="VN")] * 20, *[Someone(origin="ID")] * 30)
    two.add(*[Someone(origin="VN")] * 20, *[Someone(origin="ID")] * 25)
    three.add(*[Someone(origin="VN")] * 22, *[Someone(origin="ID")] * 3)
    found = seen_by(town.city_head, one.office, two.office, three.office)
    origin = found.tables["origin"]
    assert (origin.value(ALL, "VN"), origin.value(ALL, "ID")) == (62, 58)
    told = [origin.value(crowd.office.code, "ID") for crowd in (one, two, three)]
    assert told.count(None) == 2
    assert told[2] is None


def test_a_sensitive_need_is_never_crossed_with_a_branch(town: Town) -> None:
    one, two, _three = branches(town)
    for crowd in (one, two):
        crowd.add(*[Someone(needs=("illness", "work"))] * 30)
    found = seen_by(town.city_head, one.office, two.office)
    assert found.needs["illness"].value(ALL) == 60
    assert found.needs["illness"].value(one.office.code) is None
    assert found.needs["work"].value(one.office.code) == 30


def test_where_branches_are_small_their_ages_are_the_whole_s_but_the_oldest_are_told(town: Town) -> None:
    one, two, _three = branches(town)
    for crowd, old in ((one, 8), (two, 9)):
        crowd.add(*(Someone(born=f"{1948 + 5 * (at % 15)}-01-01", sex="mf"[at % 2]) for at in range(42)))
        crowd.add(*[Someone(born="1940-01-01")] * old)
    found = seen_by(town.city_head, one.office, two.office)
    ages = found.tables["age"]
    assert not ages.by_branch
    assert ages.value(ALL, "75", ALL) == 6
    assert ages.value(one.office.code, "75", ALL) is None
    assert [found.oldest(name) for name in (ALL, one.office.code, two.office.code)] == [17, 8, 9]


def test_the_oldest_of_a_branch_are_hidden_with_a_sister_s(town: Town) -> None:
    one, two, three = branches(town)
    for crowd, old in ((one, 3), (two, 9), (three, 20)):
        crowd.add(*(Someone(born=f"{1948 + 5 * (at % 15)}-01-01", sex="mf"[at % 2]) for at in range(42)))
        crowd.add(*[Someone(born="1940-01-01")] * old)
    found = seen_by(town.city_head, one.office, two.office, three.office)
    assert found.oldest(ALL) == 32
    assert [found.oldest(crowd.office.code) for crowd in (one, two, three)] == [None, None, 20]


def test_small_branches_stand_together() -> None:
    assert merge({"a": 30, "b": 40}) == {"a": "a", "b": "b"}
    assert merge({"a": 30, "b": 40, "c": 12, "d": 9}) == {"a": "a", "b": "b", "c": REST, "d": REST}
    assert merge({"a": 30, "b": 40, "c": 3}) == {"a": REST, "b": "b", "c": REST}
    assert merge({"a": 7}) == {"a": REST}


def test_many_communities_are_drawn_as_the_towns_they_lie_in(town: Town, crowd: Crowd) -> None:
    towns = [make_place(f"44078110{n}", f"镇{n}", "township", town.taishan) for n in range(2)]
    communities = [make_place(f"44078110{n % 2}{n:03}", f"村{n}", "village", towns[n % 2]) for n in range(62)]
    crowd.add(*(Someone(place=place) for place in communities))
    found = picture(crowd)
    assert column(found, "place") == {"440781100": 31, "440781101": 31}
    assert [found.places[code].names["zh-Hans"] for code in found.places] == ["镇0", "镇1"]


def test_a_stranger_s_people_are_not_counted_by_either_wall(town: Town, crowd: Crowd) -> None:
    crowd.add(*[Someone()] * 8)
    assert seen_by(town.stranger_he, town.federation, town.kaiping_federation) == Community()
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        assert File.objects.count() == 0


def test_a_file_shared_with_the_office_is_counted_by_its_keeper_only(town: Town, crowd: Crowd) -> None:
    files = crowd.add(*[Someone()] * 8)
    with acting(as_staff(crowd.keeper), epoch=now_epoch()):
        FileReach.objects.bulk_create(
            FileReach(file=file, office=town.kaiping_federation, why="alliance") for file in files
        )
    assert seen_by(town.stranger_he, town.kaiping_federation) == Community()


def test_three_hundred_people_take_as_many_statements_as_ten(town: Town, crowd: Crowd) -> None:
    people = shengli(300, town.duanfen)
    crowd.add(*people[:10])
    with CaptureQueriesContext(connection) as few:
        picture(crowd)
    crowd.add(*people[10:])
    with CaptureQueriesContext(connection) as many:
        assert picture(crowd).people[ALL] == 300
    assert len(many) == len(few)
