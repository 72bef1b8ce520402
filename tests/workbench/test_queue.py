"""The queue: what is seen, in which order, by whom, and at what cost."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qiaoqiao.access.models import Account, Post
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework import queues
from qiaoqiao.casework.models import Assignment, Case, SavedView, Shield
from qiaoqiao.casework.queues import Desk, Filters, Tab
from tests.cast import Town, as_staff, now_epoch
from tests.workbench.conftest import SignIn
from tests.workbench.desk_town import fill, settle

NOW = datetime.now(UTC)
TODAY = NOW.astimezone(queues.SHANGHAI).date()
MOST_QUERIES = 12
QueryCounter = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def busy(town: Town) -> Town:
    """Ten requests in different states."""
    fill(town, today=NOW, rounds=2)
    return town


@pytest.fixture
def crowded(town: Town) -> Town:
    """More than a page of requests."""
    fill(town, today=NOW, rounds=6)
    return town


def desk(account: Account) -> Desk:
    return queues.desk_of(account.pk, list(posts_of(account.pk, on=TODAY)), today=TODAY)


def rows(account: Account, tab: Tab, **filters: Any) -> list[Assignment]:
    """All rows of a tab, by turning its pages."""
    found: list[Assignment] = []
    after = None
    with acting(as_staff(account), epoch=now_epoch()):
        while True:
            page = queues.page(tab, Filters(**filters), desk(account), after=after)
            found += page.rows
            after = page.after
            if after is None:
                return found


def shown(client: Client, path: str) -> list[str]:
    """The references on a page, from the top down."""
    answer = client.get(path)
    assert answer.status_code == 200
    return re.findall(r'<th scope="row"><a href="/staff/cases/([^/]+)/"', answer.content.decode())


def test_what_is_due_first_comes_first_then_the_green_channel_then_whoever_came_first(crowded: Town) -> None:
    found = rows(crowded.officer_chen, "office")
    keys = [(row.due_on or date.max, not row.case.priority, row.pk) for row in found]
    assert len(found) == 27
    assert keys == sorted(keys)
    assert found[0].due_on
    assert found[-1].due_on is None


def test_turning_the_pages_forward_and_back_misses_and_repeats_nothing(
    crowded: Town, signed_in: SignIn
) -> None:
    client = signed_in(crowded.officer_chen)
    first = client.get("/staff/office/").content.decode()
    forward = re.search(r'rel="next" href="([^"]+)"', first)
    assert forward
    assert 'rel="prev"' not in first
    second_path = forward[1].replace("&amp;", "&")
    second = client.get(second_path).content.decode()
    assert 'rel="next"' not in second
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back
    there, here = shown(client, second_path), shown(client, "/staff/office/")
    assert len({*here, *there}) == 27
    assert shown(client, back[1].replace("&amp;", "&")) == here


def test_a_row_that_changes_between_two_pages_hides_no_other(crowded: Town) -> None:
    chen = crowded.officer_chen
    before = [row.pk for row in rows(chen, "office")]
    with acting(as_staff(chen), epoch=now_epoch()):
        page = queues.page("office", Filters(), desk(chen))
    with acting(SYSTEM, epoch=now_epoch()):
        Assignment.objects.filter(pk=page.rows[3].pk).update(due_on=None)
    with acting(as_staff(chen), epoch=now_epoch()):
        following = queues.page("office", Filters(), desk(chen), after=page.after)
    assert set(before) - {row.pk for row in page.rows} <= {row.pk for row in following.rows}


@pytest.mark.parametrize(
    ("tab", "holds"),
    [
        ("mine", lambda row: row.officer is not None),
        ("offered", lambda row: row.state == "offered"),
        ("overdue", lambda row: row.due_on is not None and row.due_on < TODAY),
        ("soon", lambda row: row.due_on is not None and TODAY <= row.due_on <= queues.soon_until(TODAY)),
        ("joint", lambda row: row.role == "co"),
        ("waiting", lambda row: row.case_state == "correcting"),
    ],
)
def test_each_tab_shows_exactly_its_own_and_counts_them(
    busy: Town, tab: Tab, holds: Callable[[Assignment], bool]
) -> None:
    for account in (busy.officer_chen, busy.police_wu):
        wanted = {row.pk for row in rows(account, "office") if holds(row)}
        found = {row.pk for row in rows(account, tab)}
        assert found == wanted
        with acting(as_staff(account), epoch=now_epoch()):
            assert queues.counts({"it": (tab, Filters(), desk(account))}) == {"it": len(wanted)}


def test_the_police_see_what_was_offered_to_them_and_the_second_look_is_marked(
    busy: Town, signed_in: SignIn
) -> None:
    assert len(shown(signed_in(busy.police_wu), "/staff/offered/")) == 1
    assert "再看一次" in signed_in(busy.officer_chen).get("/staff/joint/").content.decode()


def test_closed_cases_come_newest_first(busy: Town, signed_in: SignIn) -> None:
    references = shown(signed_in(busy.officer_chen), "/staff/done/")
    with acting(SYSTEM, epoch=now_epoch()):
        closed = Case.objects.filter(stage="done").order_by("-closed_at", "-id")
        assert references == [case.reference for case in closed]
    assert len(references) == 2


@pytest.mark.parametrize(
    ("asked", "filters"),
    [
        ("state=settlement.correcting", {"case_state": "correcting"}),
        ("service=settlement", {}),
        ("service=petition", {"service": "petition"}),
        ("category=settlement.original", {"case__category": "original"}),
        ("channel=web", {"case__channel": "web"}),
        ("country=BR", {"case__country": "BR"}),
        ("priority=on", {"case__priority": True}),
        (f"filed_from={TODAY - timedelta(days=4)}", {"case__filed_on__gte": TODAY - timedelta(days=4)}),
        (f"filed_to={TODAY - timedelta(days=4)}", {"case__filed_on__lte": TODAY - timedelta(days=4)}),
        ("state=nonsense.x&country=??&filed_from=yesterday&service=x", {}),
    ],
)
def test_filters_narrow_the_queue(
    busy: Town, signed_in: SignIn, asked: str, filters: dict[str, object]
) -> None:
    references = shown(signed_in(busy.officer_chen), f"/staff/office/?{asked}")
    with acting(SYSTEM, epoch=now_epoch()):
        offices = desk(busy.officer_chen).offices
        wanted = Assignment.objects.filter(office__in=offices, state__in=["offered", "accepted"], **filters)
        known = {seat.case.reference for seat in wanted.select_related("case")}
    assert set(references) <= known
    assert len(references) == min(len(known), queues.PAGE_ROWS)


@pytest.mark.parametrize(
    "mark", ["x", "2026-01-01_1_zz", "__", "2026-13-01_1_" + "0" * 32, "\x00", "1_2_3_4"]
)
def test_a_broken_mark_is_no_page(busy: Town, signed_in: SignIn, mark: str) -> None:
    client = signed_in(busy.officer_chen)
    for path in ("/staff/office/", "/staff/done/", "/staff/search/"):
        assert client.get(path, {"after": mark, "q": "陈"}).status_code == 404


def test_a_head_looks_at_the_offices_below_only_when_asking(busy: Town, signed_in: SignIn) -> None:
    client = signed_in(busy.city_head)
    assert shown(client, "/staff/office/") == []
    assert len(shown(client, "/staff/office/?office=below")) == 9
    assert len(shown(client, f"/staff/office/?office={busy.overseas_affairs.pk}")) == 9
    assert shown(client, f"/staff/office/?office={busy.housing.pk}") == []
    clerk = signed_in(busy.police_wu)
    assert shown(clerk, "/staff/office/?office=below") == shown(clerk, "/staff/office/")


@pytest.mark.parametrize(
    "tab", ["", "office/", "offered/", "overdue/", "soon/", "joint/", "waiting/", "done/"]
)
def test_a_stranger_sees_nothing_and_cannot_tell_that_there_is_something(
    town: Town, signed_in: SignIn, tab: str
) -> None:
    client = signed_in(town.stranger_he)
    before = settled(client, f"/staff/{tab}")
    fill(town, today=NOW, rounds=1)
    assert settled(client, f"/staff/{tab}") == before
    assert shown(client, f"/staff/{tab}") == []


def settled(client: Client, path: str) -> str:
    """A page without what differs from one minute, and one form token, to the next."""
    said = client.get(path).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|<time.*?</time>', "", said)


def test_the_first_wall_holds_by_itself(busy: Town) -> None:
    accused, stranger = desk(busy.officer_chen), desk(busy.stranger_he)
    with acting(SYSTEM, epoch=now_epoch()):  # as if PostgreSQL let everybody see everything
        assert not queues.page("office", Filters(), stranger).rows
        assert not queues.closed(Filters(), stranger).rows
        first = queues.page("office", Filters(), accused).rows[0]
        done = queues.closed(Filters(), accused).rows[0]
        Shield.objects.create(case=first.case, office=busy.city_overseas_affairs)
        Shield.objects.create(case=done, office=busy.city_overseas_affairs)
        assert first.pk not in {row.pk for row in queues.page("office", Filters(), accused).rows}
        assert queues.counts({"it": ("office", Filters(), accused)}) == {"it": 8}
        assert done.pk not in {case.pk for case in queues.closed(Filters(), accused).rows}


def test_a_post_that_ends_closes_the_queue_at_the_next_request(busy: Town, signed_in: SignIn) -> None:
    client = signed_in(busy.officer_chen)
    assert shown(client, "/staff/office/")
    yesterday = TODAY - timedelta(days=1)
    posts = Post.objects.filter(account=busy.officer_chen)
    posts.filter(office=busy.overseas_affairs).update(until=yesterday)
    assert shown(client, "/staff/office/") == []
    posts.update(until=yesterday)
    assert client.get("/staff/office/").status_code == 403


def test_the_page_asks_the_database_at_most_twelve_times(
    busy: Town, signed_in: SignIn, django_assert_max_num_queries: QueryCounter
) -> None:
    client = signed_in(busy.officer_chen)
    head = signed_in(busy.city_head)
    client.post("/staff/views/", {"name": "巴西", "query": "office?country=BR"})
    for reader, path in (
        (client, "/staff/"),
        (client, "/staff/office/"),
        (client, "/staff/office/?state=settlement.correcting"),
        (client, "/staff/done/"),
        (head, "/staff/office/?office=below"),
        (head, "/staff/search/?q=陈"),
    ):
        reader.get(path)
        with django_assert_max_num_queries(MOST_QUERIES) as counted:
            reader.get(path)
        assert len(counted) >= 5


def test_a_view_is_kept_counted_replaced_and_forgotten(busy: Town, signed_in: SignIn) -> None:
    client = signed_in(busy.officer_chen)
    kept = client.post("/staff/views/", {"name": " 巴西  的 ", "query": "office?country=BR"})
    assert kept.headers["Location"] == "/staff/office/?country=BR"
    page = client.get("/staff/office/?country=BR").content.decode()
    assert re.search(
        r'href="/staff/office/\?country=BR" aria-current="page">巴西 的 <span class="qq-count">2<', page
    )
    client.post("/staff/views/", {"name": "巴西 的", "query": "overdue?country=BR"})
    assert [view.query for view in SavedView.objects.all()] == ["overdue?country=BR"]
    view = SavedView.objects.get()
    assert signed_in(busy.police_wu).post(f"/staff/views/{view.pk}/remove/").status_code == 404
    assert client.post(f"/staff/views/{view.pk}/remove/").status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "said"), [("", "起个名字"), ("  ", "起个名字"), ("长" * 41, "太长"), ("𠮷" * 41, "太长")]
)
def test_a_view_without_a_good_name_is_not_kept(town: Town, signed_in: SignIn, name: str, said: str) -> None:
    client = signed_in(town.officer_chen)
    answer = client.post("/staff/views/", {"name": name, "query": "office?country=BR"}, follow=True)
    assert said in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_thirteenth_view_is_one_too_many_and_an_unknown_tab_is_none(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    for number in range(13):
        client.post("/staff/views/", {"name": f"第{number}个", "query": "office?country=BR"})
    assert SavedView.objects.count() == 12
    assert client.post("/staff/views/", {"name": "x", "query": "//evil.example"}).status_code == 404


def test_counting_stops_at_999(town: Town) -> None:
    case = settle(0, at=NOW, name="")
    with acting(SYSTEM, epoch=now_epoch()):
        seat = Assignment.objects.get(case=case, role="lead")
        kept = {name: getattr(seat, name) for name in ("office", "case", "service", "case_state")}
        Assignment.objects.bulk_create(
            Assignment(seat=f"s{n}", role="co", state="accepted", offered_at=NOW, **kept) for n in range(1100)
        )
    chen = town.officer_chen
    with acting(as_staff(chen), epoch=now_epoch()):
        assert queues.counts({"it": ("office", Filters(), desk(chen))}) == {"it": 1000}
