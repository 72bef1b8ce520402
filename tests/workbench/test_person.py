"""A person's file at the desk: opened for a purpose, read whole, added to, and never by somebody else."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from qiaoqiao.access.models import Account, Place
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.gateways.mail import recent
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions.files import add_facts, opened
from qiaoqiao.parties.models import (
    Consent,
    Contact,
    Document,
    File,
    FileReach,
    Member,
    Name,
    Need,
    Person,
    Standing,
)
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.reactions import tell_keepers
from tests.cast import Town, as_staff, now_epoch
from tests.eyes import wrong
from tests.workbench.conftest import Opener, SignIn
from tests.workbench.desk_town import settle
from tests.workbench.people_town import PAPER, facts, make_person, open_for

REASON = "本人在我处窗口，急需核对归侨身份，以便今天办理就医。"
NEW = "/staff/people/new/"


def address(file: File, rest: str = "") -> str:
    return f"/staff/people/{file.number}/{rest}"


def kinds(file: File) -> list[str]:
    return list(Entry.objects.filter(subject=file.pk).order_by("seq").values_list("kind", flat=True))


def rows(kind: type[Fact], file: File) -> list[Fact]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(kind._default_manager.filter(**{"file": file}).order_by("added_at", "pk"))


@pytest.fixture
def file(town: Town) -> File:
    return make_person(town, place=town.duanfen)


@pytest.fixture
def chen(town: Town, signed_in: SignIn, file: File) -> Client:
    """An officer of the keeping office who has said what they open the file for."""
    open_for(town.officer_chen, file)
    return signed_in(town.officer_chen)


def test_nothing_is_shown_before_somebody_says_what_for(town: Town, signed_in: SignIn, file: File) -> None:
    client = signed_in(town.officer_chen)
    first = client.get(address(file)).content.decode()
    assert "陈玉莲" not in first
    assert "打开这份档案做什么" in first
    assert kinds(file) == ["file.made"]


@pytest.mark.parametrize(
    ("sent", "opens"),
    [
        ({"purpose": "handling"}, True),
        ({"purpose": "other", "reason": "核对来信里的地址"}, True),
        ({"purpose": "other", "reason": ""}, False),
        ({"purpose": "figures"}, False),
        ({"purpose": "x"}, False),
        ({}, False),
    ],
)
def test_a_purpose_opens_the_file_and_stands_in_its_history(
    town: Town, signed_in: SignIn, file: File, sent: dict[str, str], opens: bool
) -> None:
    client = signed_in(town.officer_chen)
    answer = client.post(address(file), sent)
    assert answer.status_code == (302 if opens else 422)
    page = client.get(address(file)).content.decode()
    assert ("陈玉莲" in page) is opens
    assert len(kinds(file)) == (2 if opens else 1)
    if opens:
        assert kinds(file)[-1] == f"file.opened:{sent['purpose']}"


def test_it_is_asked_again_after_eight_hours(town: Town, signed_in: SignIn, file: File) -> None:
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        opened(file.pk, purpose="visit", actor=chen, at=datetime.now(UTC) - timedelta(hours=8, minutes=1))
    assert "打开这份档案做什么" in signed_in(town.officer_chen).get(address(file)).content.decode()


def test_the_page_shows_the_whole_person(chen: Client, town: Town, file: File) -> None:
    page = chen.get(address(file)).content.decode()
    for words in ("陈玉莲", "Rosa Chen", "归侨", "尾号 0028", "端芬镇侨兴路8号", "+5804125550123", "陈明", "独居",
                  "证件上的姓名", "看了户口簿", "委内瑞拉", "1978", "建立档案（在窗口建立）"):  # fmt: skip
        assert words in page
    assert PAPER not in page


def test_an_ended_fact_stays_as_something_that_was(chen: Client, file: File) -> None:
    name = next(one for one in rows(Name, file) if getattr(one, "text", "") == "Rosa Chen")
    path = address(file, f"end/name/{name.pk}/")
    assert "已经不是这样" in chen.get(path).content.decode()
    day = {"until_year": "2026", "until_month": "2", "until_day": "1"}
    assert chen.post(path, day).status_code == 302
    assert next(one for one in rows(Name, file) if one.pk == name.pk).until == date(2026, 2, 1)
    assert kinds(file)[-1] == "file.ended"
    page = chen.get(address(file)).content.decode()
    assert "过去的" in page
    assert chen.post(path, day).status_code == 404  # ended once


@pytest.mark.parametrize("day", [("", "", ""), ("2999", "1", "1"), ("1970", "1", "1"), ("2026", "2", "30")])
def test_a_fact_ends_neither_in_the_future_nor_before_it_began(
    chen: Client, file: File, day: tuple[str, str, str]
) -> None:
    standing = rows(Standing, file)[0]
    with acting(SYSTEM, epoch=now_epoch()):
        Standing.objects.filter(pk=standing.pk).update(proof="")  # what has a proof goes by a request
    sent = dict(zip(("until_year", "until_month", "until_day"), day, strict=True))
    assert chen.post(address(file, f"end/standing/{standing.pk}/"), sent).status_code == 422
    assert rows(Standing, file)[0].until is None


ADDED = {
    "name": {"text": "陳玉蓮", "called": "former"},
    "document": {"paper": "passport", "number": "E1234 5678", "proof": "看了原件", "issuer": "CN"},
    "citizenship": {"country": "VE", "proof": "看了护照"},
    "standing": {"standing": "overseas_chinese", "proof": "居留证"},
    "address": {"what": "post", "text": "Av. Bolívar 12, Caracas", "country": "VE"},
    "contact": {"way": "email", "value": "rosa@example.org"},
    "kin": {"relation": "sibling", "name": "陈二妹", "country": "US"},
    "need": {"need": "housing", "note": "屋顶漏水"},
    "member": {"relation": "head", "register": "0750-12"},
    "language": {"languages": "toisan"},
}
SAID = {"name": "陳玉蓮", "document": "尾号 5678", "citizenship": "委内瑞拉", "standing": "华侨", "need": "屋顶漏水",
        "address": "Av. Bolívar 12, Caracas", "contact": "rosa@example.org", "kin": "陈二妹", "member": "0750-12",
        "language": "台山话"}  # fmt: skip


@pytest.mark.parametrize("kind", ADDED)
def test_each_kind_of_fact_is_added_by_a_form_once(chen: Client, file: File, kind: str) -> None:
    path = address(file, f"add/{kind}/")
    assert chen.get(path).status_code == 200
    before = len(kinds(file))
    sent = ADDED[kind] | {"once": "token-1"}
    assert [chen.post(path, sent).status_code for _ in range(2)] == [302, 302]  # a double click
    assert kinds(file)[before:] == ["file.learned"]
    page = chen.get(address(file)).content.decode()
    assert SAID[kind] in page


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("name", {"text": "", "called": "former"}),
        ("name", {"text": "x" * 121, "called": "former"}),
        ("document", {"paper": "passport", "number": "abc", "proof": "看了"}),
        ("document", {"paper": "passport", "number": "E12345678", "proof": ""}),
        ("standing", {"standing": "nonsense", "proof": "看了"}),
        ("contact", {"way": "phone", "value": "打不通"}),
        ("contact", {"way": "email", "value": "rosa"}),
        ("citizenship", {"country": "XX", "proof": "看了"}),
        ("member", {"relation": "child", "beside": "QF26-3333-333"}),
        ("need", {"need": "illness"}),
        (
            "address",
            {"what": "home", "text": "端芬", "since_year": "2999", "since_month": "1", "since_day": "1"},
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    chen: Client, file: File, kind: str, sent: dict[str, str]
) -> None:
    before = kinds(file)
    answer = chen.post(address(file, f"add/{kind}/"), sent | {"once": "t"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "govuk-error-summary" in page
    assert all(value in page for value in sent.values())
    assert kinds(file) == before


def test_a_sensitive_need_is_neither_kept_nor_shown_without_its_own_consent(
    chen: Client, town: Town, file: File
) -> None:
    path, sent = address(file, "add/need/"), {"need": "illness", "note": "糖尿病"}
    assert chen.post(path, sent | {"once": "a"}).status_code == 422
    consent = Consent(
        file=file, purpose="sensitive", version="1", wording="0" * 64, language="zh-hans", method="counter",
        given_at=datetime.now(UTC), given_to="staff:1",
    )  # fmt: skip
    with acting(SYSTEM, epoch=now_epoch()):
        consent.save()
    assert chen.post(path, sent | {"once": "b"}).status_code == 302
    assert "糖尿病" in chen.get(address(file)).content.decode()
    assert [line.number for line in chen.get("/staff/people/?need=illness").context["lines"]] == [file.number]
    with acting(SYSTEM, epoch=now_epoch()):
        Consent.objects.update(withdrawn_at=datetime.now(UTC))
    assert "糖尿病" not in chen.get(address(file)).content.decode()
    assert chen.get("/staff/people/?need=illness").context["lines"] == []
    assert len(rows(Need, file)) == 2  # hidden, not lost: erasing is its own act


def test_people_who_keep_house_are_shown_together(chen: Client, town: Town, file: File) -> None:
    other = make_person(town, what=[Name(text="陈阿明", script="hans", kind="legal")])
    sent = {"relation": "child", "beside": file.number.lower(), "once": "h"}
    open_for(town.officer_chen, other)
    assert chen.post(address(other, "add/member/"), sent).status_code == 302
    assert "陈阿明" in chen.get(address(file)).content.decode()
    assert "陈玉莲" in chen.get(address(other)).content.decode()
    homes = {getattr(one, "household_id", None) for one in [*rows(Member, file), *rows(Member, other)]}
    assert len(homes) == 1


@pytest.mark.parametrize(
    ("state", "words"), [("frozen", "已冻结"), ("erased", "档案内容已删除"), ("merged", "已并入")]
)
def test_a_closed_file_says_so_and_cannot_be_changed(
    chen: Client, town: Town, file: File, state: str, words: str
) -> None:
    heir = make_person(town, what=[Name(text="陈玉莲", script="hans", kind="legal")])
    gone = {"name": "", "latin_name": "", "sex": "", "born": "", "words": None} if state == "erased" else {}
    with acting(SYSTEM, epoch=now_epoch()):
        File.objects.filter(pk=file.pk).update(
            state=state, merged_into=heir if state == "merged" else None, **gone
        )
    page = chen.get(address(file)).content.decode()
    assert words in page
    assert "/add/" not in page
    assert (f"/staff/people/{heir.number}/" in page) is (state == "merged")
    assert chen.post(address(file, "add/name/"), ADDED["name"] | {"once": "x"}).status_code == 422


# --- files of other offices -------------------------------------------------------------------------


def without_numbers(page: str, *numbers: str) -> str:
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="?[^"]*"', "", page)
    page = re.sub(r"<time[^>]*>[^<]*</time>", "", page)
    for number in numbers:
        page = page.replace(number, "№")
    return page


def test_a_strange_file_and_one_that_is_not_there_look_the_same(
    town: Town, signed_in: SignIn, file: File
) -> None:
    client = signed_in(town.stranger_he)
    nowhere = "QF26-3333-33Q"
    for method in ("get", "post"):
        pages = [getattr(client, method)(f"/staff/people/{one}/") for one in (file.number, nowhere)]
        assert [page.status_code for page in pages] == [404, 404]
        said = [without_numbers(page.content.decode(), file.number, nowhere) for page in pages]
        assert said[0] == said[1]
    assert kinds(file) == ["file.made"]


def test_a_reason_opens_a_strange_file_for_today_and_tells_its_keepers(
    town: Town, signed_in: SignIn, file: File
) -> None:
    Account.objects.filter(pk=town.head_liang.pk).update(email="liang@example.org")
    client = signed_in(town.stranger_he)
    short = client.post(address(file), {"reason": "想看一下"})
    assert short.status_code == 404
    assert "想看一下" in short.content.decode()
    assert client.post(address(file), {"reason": REASON}).status_code == 302
    page = client.get(address(file))
    assert page.status_code == 200
    assert "陈玉莲" in page.content.decode()
    reach = FileReach.objects.get(file=file)
    assert (reach.office, reach.why) == (town.kaiping_federation, "break_glass")
    assert reach.until == localdate()
    entry = Entry.objects.get(subject=file.pk, kind="file.opened_by_reason")
    assert (entry.actor, entry.office) == (town.stranger_he.ledger_name, "kp-federation")
    tell_keepers(str(entry.uid))
    tell_keepers(str(entry.uid))  # at least once: the letter goes once
    letters = [one for one in recent(100, "liang@example.org") if file.number in one.body]
    assert len(letters) == 1
    assert "陈玉莲" not in letters[0].subject + letters[0].body
    with acting(SYSTEM, epoch=now_epoch()):
        FileReach.objects.filter(file=file).delete()
        FileReach.objects.create(
            file=file,
            office=town.kaiping_federation,
            why="break_glass",
            until=datetime.now(UTC).date() - timedelta(days=2),
        )
    assert client.get(address(file)).status_code == 404


def test_a_reason_for_a_number_that_is_nobodys_leaves_nothing(town: Town, signed_in: SignIn) -> None:
    before = Entry.objects.count()
    answer = signed_in(town.stranger_he).post("/staff/people/QF26-3333-33Q/", {"reason": REASON})
    assert answer.status_code == 404
    assert "没有这个编号的档案" in answer.content.decode()
    assert Entry.objects.count() == before
    assert not FileReach.objects.exists()


def test_nobody_tries_numbers_all_day(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.stranger_he)
    answers = [client.post("/staff/people/QF26-3333-33Q/", {"reason": REASON}).status_code for _ in range(21)]
    assert answers == [404] * 20 + [429]


@pytest.mark.parametrize("rest", ["add/name/", "end/name/018f0000-0000-7000-8000-000000000000/"])
def test_forms_are_shut_to_strangers_and_to_whoever_has_not_said_what_for(
    town: Town, signed_in: SignIn, file: File, rest: str
) -> None:
    for account in (town.stranger_he, town.officer_chen):
        for method in ("get", "post"):
            assert getattr(signed_in(account), method)(address(file, rest)).status_code == 404


# --- beginning a file -------------------------------------------------------------------------------

WALK_IN = {"name": "李阿妹", "sex": "f", "born_year": "1950", "standing": "returnee", "origin": "VN",
           "return_year": "1979", "paper": "resident_card", "number": "440781195001010042",
           "phone": "+86 138-0000-0000", "address": "端芬镇侨兴路9号", "country": "CN"}  # fmt: skip


def test_a_file_is_begun_at_the_counter_once(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    sent = WALK_IN | {"once": "one", "office": str(town.federation.pk)}
    answers = [client.post(NEW, sent) for _ in range(2)]
    with acting(SYSTEM, epoch=now_epoch()):
        (file,) = File.objects.all()
    assert [answer.headers.get("Location") for answer in answers] == [address(file)] * 2
    assert (file.name, file.born, file.standing, file.return_year) == ("李阿妹", "1950", "returnee", 1979)
    assert file.office == town.federation
    assert {one.tail for one in rows(Document, file)} == {"0042"}  # type: ignore[attr-defined]
    assert {one.value for one in rows(Contact, file)} == {"+8613800000000"}  # type: ignore[attr-defined]
    assert client.get(address(file)).status_code == 200  # who began it may go on


@pytest.mark.parametrize("same", ["number", "name"])
def test_whoever_has_a_file_is_shown_before_another_is_begun(
    town: Town, signed_in: SignIn, file: File, same: str
) -> None:
    client = signed_in(town.officer_chen)
    given = {"number": PAPER, "name": "陈某"} if same == "number" else {"name": "陳玉蓮", "number": ""}
    answer = client.post(NEW, WALK_IN | given | {"once": "one"})
    page = answer.content.decode()
    assert "是不是已经有档案了" in page
    assert file.number in page
    assert ("证件号码一致" in page) is (same == "number")
    with acting(SYSTEM, epoch=now_epoch()):
        assert File.objects.count() == 1
    assert client.post(NEW, WALK_IN | given | {"once": "one", "sure": "1"}).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert File.objects.count() == 2


def test_a_file_of_another_office_is_not_betrayed_by_its_number(
    town: Town, signed_in: SignIn, file: File
) -> None:
    answer = signed_in(town.stranger_he).post(NEW, WALK_IN | {"number": PAPER, "once": "one"})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "wrong_one",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"born_year": "19"},
        {"born_year": "1950", "born_month": "", "born_day": "3"},
        {"born_year": "2999"},
        {"born_year": "1951", "born_month": "2", "born_day": "30"},
        {"return_year": "3000"},
        {"return_year": "abc"},
        {"paper": ""},
        {"phone": "不知道"},
        {"origin": "XX"},
        {"place": "440781"},
    ],
)
def test_a_wrong_answer_begins_no_file(town: Town, signed_in: SignIn, wrong_one: dict[str, str]) -> None:
    answer = signed_in(town.officer_chen).post(NEW, WALK_IN | wrong_one | {"once": "one"})
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.content.decode()
    with acting(SYSTEM, epoch=now_epoch()):
        assert not File.objects.exists()


# --- a case and its person's file -------------------------------------------------------------------


def test_a_case_is_linked_to_its_persons_file_and_back(town: Town, signed_in: SignIn, file: File) -> None:
    case = settle(0, at=datetime.now(UTC), name="陈玉莲")
    client = signed_in(town.officer_chen)
    path = f"/staff/cases/{case.reference}/person/"
    assert path in client.get(f"/staff/cases/{case.reference}/").content.decode()
    assert file.number in client.get(path).content.decode()
    assert client.post(path, {"file": str(file.pk)}).status_code == 422  # nobody said how it was checked
    assert client.post(path, {"file": str(file.pk), "how": "paper"}).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert Person.objects.get(pk=case.person_id).file == file
    assert kinds(file)[1:] == ["file.case_linked", "file.reach_given"]
    reach = FileReach.objects.get(file=file)
    assert (reach.office, reach.why, reach.until) == (town.overseas_affairs, "case", None)
    page = client.get(f"{address(file)}?case={case.reference}").content.decode()
    assert case.reference in page  # the case opens the file, and stands in its journey
    assert kinds(file)[-1] == "file.opened:handling"
    unlink = f"/staff/cases/{case.reference}/person/unlink/"
    assert client.post(unlink, {"reason": " "}).status_code == 422
    assert client.post(unlink, {"reason": "同名，不是本人"}).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert Person.objects.get(pk=case.person_id).file is None
    assert kinds(file)[-1] == "file.case_unlinked"
    assert not FileReach.objects.exists()


def test_an_applicant_without_a_file_gets_one_with_what_they_said_already(
    town: Town, signed_in: SignIn
) -> None:
    case = settle(0, at=datetime.now(UTC), name="陈玉莲")
    client = signed_in(town.officer_chen)
    link = f"/staff/cases/{case.reference}/person/"
    assert f"{NEW}?case={case.reference}" in client.get(link).content.decode()
    form = client.get(NEW, {"case": case.reference}).context["form"]
    assert {form[name].value() for name in ("name", "latin_name", "country")} == {"陈玉莲", "Rosa Chen", "VE"}
    begun = client.post(NEW, {"name": "陈玉莲", "country": "VE", "case": case.reference, "once": "c"})
    assert begun.headers["Location"] == link
    with acting(SYSTEM, epoch=now_epoch()):
        file = File.objects.get()
    assert file.number in client.get(link).content.decode()
    strange = signed_in(town.stranger_he).get(NEW, {"case": case.reference}).context["form"]
    assert strange["name"].value() is None


def test_a_case_of_somebody_else_does_not_open_a_file(town: Town, signed_in: SignIn, file: File) -> None:
    case = settle(0, at=datetime.now(UTC), name="陈玉莲")
    page = signed_in(town.officer_chen).get(f"{address(file)}?case={case.reference}").content.decode()
    assert "打开这份档案做什么" in page
    assert kinds(file) == ["file.made"]


def test_a_file_out_of_reach_cannot_be_picked(town: Town, signed_in: SignIn) -> None:
    strange = make_person(town, office=town.kaiping_federation, by=town.stranger_he)
    case = settle(0, at=datetime.now(UTC), name="陈玉莲")
    answer = signed_in(town.officer_chen).post(
        f"/staff/cases/{case.reference}/person/", {"file": str(strange.pk), "how": "paper"}
    )
    assert answer.status_code == 422
    assert strange.number not in answer.content.decode()


def test_the_page_takes_the_same_number_of_queries_however_full_the_file(
    chen: Client, town: Town, file: File
) -> None:
    officer = as_staff(town.officer_chen)
    case = settle(0, at=datetime.now(UTC), name="陈玉莲")
    chen.post(f"/staff/cases/{case.reference}/person/", {"file": str(file.pk), "how": "paper"})
    chen.get(address(file))
    counts = []
    for more in (0, 8):
        with acting(officer, epoch=now_epoch()):
            for one in range(more):
                now = datetime.now(UTC)
                add_facts(file.pk, Name(text=f"别名{one}", script="hans", kind="alias"),
                          *facts(number=f"44078119460315{one:04d}"), actor=officer, at=now)  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert chen.get(address(file)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 40


# --- in a browser -----------------------------------------------------------------------------------


@pytest.mark.browser
def test_axe_finds_nothing_wrong_with_files_of_people(open_page: Opener, served_town: Town) -> None:
    town = served_town
    Place.objects.get_or_create(
        pk="440781105001",
        defaults={
            "names": {"zh-Hans": "胜利社区", "en": "Shengli"},
            "level": "village",
            "parent": town.duanfen,
        },
    )
    file = make_person(town, place=town.duanfen)
    case = settle(0, at=datetime.now(UTC), name="陈玉莲")
    chen = town.officer_chen
    assert wrong(open_page(address(file), account=chen)) == []
    assert wrong(open_page(address(file), account=town.stranger_he)) == []
    open_for(chen, file)
    for path in (
        "/staff/people/",
        "/staff/people/?standing=returnee&q=nobody",
        address(file),
        address(file, "add/contact/"),
        NEW,
        f"/staff/cases/{case.reference}/person/",
    ):
        assert wrong(open_page(path, account=chen)) == []
    for language in ("en", "es", "pt", "zh-hant"):
        assert wrong(open_page(address(file), account=chen, language=language)) == []
    assert wrong(open_page(address(file), account=chen, view="large")) == []


@pytest.mark.browser
def test_an_officer_begins_a_file_and_adds_a_name(open_page: Opener, served_town: Town) -> None:
    page = open_page("/staff/people/", account=served_town.officer_chen)
    page.get_by_role("button", name="建立新档案").first.click()
    page.get_by_label("姓名", exact=True).fill("禤喆堃")
    page.get_by_role("button", name="建立档案").click()
    page.get_by_role("heading", level=1).filter(has_text="禤喆堃").wait_for()
    page.get_by_role("link", name="添一个姓名").click()
    page.get_by_label("姓名", exact=True).fill("Hin Chit Kwan")
    page.get_by_label("这是什么名字").select_option("alias")
    page.get_by_role("button", name="登记").click()
    page.get_by_text("Hin Chit Kwan").first.wait_for()
    assert page.get_by_text("别名").count() > 0
