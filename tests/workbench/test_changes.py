"""The work list and the requests: who sees what is due, who asks, who decides."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import acting, person
from qiaoqiao.parties import kept
from qiaoqiao.parties.actions.changing import Evidence, ask_change, due_on
from qiaoqiao.parties.actions.files import opened
from qiaoqiao.parties.actions.rights import ask_for
from qiaoqiao.parties.actions.visiting import Heard, Round, record_visit
from qiaoqiao.parties.correcting import field_of
from qiaoqiao.parties.models import Address, Change, File, Name, Need
from tests.cast import Town, now_epoch
from tests.eyes import wrong
from tests.parties.town_files import at_desk, file_of, phone
from tests.workbench.conftest import Opener, SignIn

DUE = "/staff/people/due/"
MOST_QUERIES = 16


def now() -> datetime:
    return datetime.now(UTC)


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "JPEG")
    return SimpleUploadedFile("护照.jpg", out.getvalue(), "image/jpeg")


def review(file: File, days: int) -> File:
    """Let a file be due so many days from today."""
    File.objects.filter(pk=file.pk).update(review_on=timezone.localdate() + timedelta(days=days))
    return file


def change_of(town: Town, file: File, *, account: Account | None = None, **wanted: object) -> Change:
    with at_desk(account or town.officer_chen) as actor:
        proof = Evidence("0" * 32, "护照.jpg")
        return ask_change(file.pk, wanted, reason="登记时写错", evidence=proof, actor=actor, at=now())


def address(file: File, change: Change) -> str:
    return f"/staff/people/{file.number}/changes/{change.pk}/"


def names(text: str) -> list[str]:
    return re.findall(r'class="qq-who">([^<]+)<', text)


def test_files_are_due_from_thirty_days_before_and_the_earliest_comes_first(
    town: Town, signed_in: SignIn
) -> None:
    for name, days in (("早", -40), ("到", 0), ("近", 30), ("远", 31)):
        file = file_of(town, name)
        with at_desk(town.officer_chen):
            review(file, days)
    text = signed_in(town.officer_chen).get(DUE).content.decode()
    assert names(text) == ["早", "到", "近"]
    assert "已逾期 40 天" in text
    assert "远" not in names(text)


def test_people_of_eighty_or_living_alone_are_listed_until_somebody_calls(
    town: Town, signed_in: SignIn
) -> None:
    year = timezone.localdate().year
    old = file_of(town, "老", born=f"{year - 80}")
    file_of(town, "青", born=f"{year - 79}-12-31")
    alone = file_of(town, "独", Need(kind="alone"))
    file_of(town, "故", born=f"{year - 90}", origin="VN")
    with at_desk(town.officer_chen) as actor:
        File.objects.filter(name="故").update(died_on=timezone.localdate())
        for file, day in ((old, 3), (alone, 1)):
            review(file, day)
    client = signed_in(town.officer_chen)
    assert names(client.get(f"{DUE}unvisited/").content.decode()) == ["独", "老"]
    with at_desk(town.officer_chen) as actor:
        call = Round("k", "routine", now(), town.federation)
        record_visit(call, Heard(old.pk), actor=actor, at=now())
        long_ago = Round("l", "routine", now() - timedelta(days=370), town.federation)
        record_visit(long_ago, Heard(alone.pk), actor=actor, at=now())
    assert names(client.get(f"{DUE}unvisited/").content.decode()) == ["独"]


def test_sensitive_needs_never_stand_in_the_list(town: Town, signed_in: SignIn) -> None:
    file = file_of(town, "黎金好", Need(kind="illness"), Need(kind="alone"))
    with at_desk(town.officer_chen):
        review(file, 1)
    text = signed_in(town.officer_chen).get(DUE).content.decode()
    assert "独居" in text
    assert "患病" not in text


def test_turning_the_pages_forward_and_back_misses_and_repeats_nothing(town: Town) -> None:
    for number in range(60):
        file = file_of(town, f"人{number:02}")
        with at_desk(town.officer_chen):
            review(file, number % 7)
    with at_desk(town.officer_chen):
        seen, pages, after, before = [], [], None, None
        while True:
            page = kept.page("review", [town.federation.pk], on=timezone.localdate(), after=after)
            pages.append([row.pk for row in page.rows])
            seen += pages[-1]
            after = page.after
            if after is None:
                before = page.before
                break
        assert len(seen) == len(set(seen)) == 60
        assert len(pages) == 3
        back = kept.page("review", [town.federation.pk], on=timezone.localdate(), before=before)
        assert [row.pk for row in back.rows] == pages[1]
        first = kept.page("review", [town.federation.pk], on=timezone.localdate(), before=back.before)
        assert [row.pk for row in first.rows] == pages[0]
        assert first.before is None


@pytest.mark.parametrize("mark", ["x", "2026-01-01", "2026-01-01_zz", "2026-13-01_" + "0" * 32])
def test_a_broken_place_in_the_list_is_no_page(town: Town, signed_in: SignIn, mark: str) -> None:
    assert signed_in(town.officer_chen).get(DUE, {"after": mark}).status_code == 404


def test_another_office_sees_nothing_of_it_and_a_head_sees_the_offices_below(
    town: Town, signed_in: SignIn
) -> None:
    file = file_of(town, "黎金好")
    with at_desk(town.officer_chen):
        review(file, 1)
    change = change_of(town, file, born="1950")
    stranger = signed_in(town.stranger_he)
    for tab in ("", "changes/", "unvisited/"):
        assert names(stranger.get(DUE + tab).content.decode()) == []
    assert stranger.get(address(file, change)).status_code == 404
    assert stranger.get(address(file, change) + "evidence/").status_code == 404
    assert stranger.post(address(file, change), {"outcome": "done"}).status_code == 404
    head = signed_in(town.city_head)
    assert names(head.get(DUE).content.decode()) == ["黎金好"]
    assert names(head.get(DUE, {"office": town.kaiping_federation.pk}).content.decode()) == []
    assert names(head.get(DUE, {"office": town.federation.pk}).content.decode()) == ["黎金好"]


def test_the_list_costs_the_same_for_one_row_and_for_a_full_page(
    town: Town, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(town.officer_chen)
    counts = []
    for number in (1, 30):
        for one in range(number):
            file = file_of(town, f"人{number}{one}", Need(kind="alone"), born="1930")
            with at_desk(town.officer_chen):
                review(file, 1)
            change_of(town, file, sex="f")
        for tab in ("", "changes/", "unvisited/"):
            client.get(DUE + tab)
            with django_assert_max_num_queries(MOST_QUERIES) as counted:
                client.get(DUE + tab)
            counts.append((tab, len(counted)))
    assert sorted(counts[:3]) == sorted(counts[3:])


def test_an_officer_asks_with_a_proof_and_somebody_else_decides(town: Town, signed_in: SignIn) -> None:
    file = file_of(town, "黎金好", born="1938")
    chen, liang = signed_in(town.officer_chen), signed_in(town.head_liang)
    ask = f"/staff/people/{file.number}/changes/ask/"
    assert "1938" in chen.get(ask).content.decode()
    assert "1938" in chen.get(f"{ask}?field=born").content.decode()
    sent = {"value": "1939-02-03", "reason": "身份证", "once": "t"}
    wanting = chen.post(f"{ask}?field=born", sent)
    assert wanting.status_code == 422
    assert "请附上证明" in wanting.content.decode()
    assert "1939-02-03" in wanting.content.decode()
    answer = chen.post(f"{ask}?field=born", sent | {"evidence": photo()})
    assert answer.status_code == 302
    again = chen.post(f"{ask}?field=born", sent | {"evidence": photo()})
    assert again.headers["Location"] == answer.headers["Location"]
    with at_desk(town.officer_chen):
        change = Change.objects.get(file=file)
        assert change.due_on == due_on(town.federation, change.asked_at)
    page = chen.get(address(file, change)).content.decode()
    assert "要由另一位同事决定" in page
    assert 'name="outcome"' not in page
    assert chen.post(address(file, change), {"outcome": "done"}).status_code == 409
    page = liang.get(address(file, change)).content.decode()
    for words in ("1938", "1939-02-03", "身份证", "护照.jpg", "15 个工作日是本单位自己的承诺", "chen"):
        assert words in page
    proof = liang.get(address(file, change) + "evidence/")
    assert proof.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in proof.headers["Content-Security-Policy"]
    assert b"".join(proof.streaming_content).startswith(b"\xff\xd8")
    assert liang.post(address(file, change), {"outcome": "done"}).status_code == 302
    with at_desk(town.officer_chen):
        assert File.objects.get(pk=file.pk).born == "1939-02-03"
    decided = liang.get(address(file, change)).content.decode()
    assert "<del>1938</del>" in decided
    late = liang.post(address(file, change), {"outcome": "refused", "words": "晚了"})
    assert late.status_code == 409
    assert "已经有人决定" in late.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("born", "", "请填写“改成”什么"),
        ("born", "1938-02-30", "没有这一天"),
        ("born", "1938", "没有要改的"),
        ("return_year", "七八年", "四位数字的年份"),
        ("phone", "abc", "电话号码请写国家代码"),
        ("home", "远" * 201, "最多 200 个字"),
    ],
)
def test_a_wish_that_cannot_be_comes_back_with_its_reason(
    town: Town, signed_in: SignIn, field: str, value: str, words: str
) -> None:
    file = file_of(town, "黎金好", born="1938")
    sent = {"value": value, "reason": "身份证", "evidence": photo(), "once": "t"}
    answer = signed_in(town.officer_chen).post(
        f"/staff/people/{file.number}/changes/ask/?field={field}", sent
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with at_desk(town.officer_chen):
        assert not Change.objects.exists()


def test_a_proof_that_is_refused_leaves_no_file_behind(town: Town, signed_in: SignIn, settings: Any) -> None:
    file = file_of(town, "黎金好", born="1938")
    ask = f"/staff/people/{file.number}/changes/ask/?field=born"
    before = {path for path in settings.FILES_DIR.rglob("*") if path.is_file()}
    client = signed_in(town.officer_chen)
    assert client.post(ask, {"value": "1938", "reason": "x", "evidence": photo()}).status_code == 422
    wrong_kind = SimpleUploadedFile("a.exe", b"MZ" * 100)
    assert client.post(ask, {"value": "1939", "reason": "x", "evidence": wrong_kind}).status_code == 422
    assert {path for path in settings.FILES_DIR.rglob("*") if path.is_file()} == before


def test_a_verified_address_is_ended_by_request(town: Town, signed_in: SignIn) -> None:
    file = file_of(town, "黎金好", Address(kind="home", text="5栋202", proof="户口簿"))
    with at_desk(town.officer_chen):
        home = Address.objects.get(file=file)
    ask = f"/staff/people/{file.number}/changes/ask/?field={field_of(home)}"
    sent = {"over": "on", "reason": "搬走了", "evidence": photo(), "once": "t"}
    page = signed_in(town.officer_chen).post(ask, sent).headers["Location"]
    text = signed_in(town.head_liang).get(page).content.decode()
    assert "不再成立" in text
    signed_in(town.head_liang).post(page, {"outcome": "done"})
    with at_desk(town.officer_chen):
        home.refresh_from_db()
        assert home.until


def test_ending_a_verified_fact_leads_to_the_request_and_an_unverified_one_is_ended_at_once(
    town: Town, signed_in: SignIn
) -> None:
    file = file_of(town, "黎金好", phone("13800000001", proof="名册"), phone("13800000002"))
    client = signed_in(town.officer_chen)
    with at_desk(town.officer_chen) as actor:
        opened(file.pk, purpose="review", actor=actor, at=now())
        verified, plain = file.contacts.order_by("value")
    end = f"/staff/people/{file.number}/end/contact/"
    assert "changes/ask" in client.post(f"{end}{verified.pk}/", {}).headers["Location"]
    assert client.get(f"{end}{plain.pk}/").status_code == 200


def test_a_refusal_without_a_reason_keeps_the_choice_and_asks_for_it(town: Town, signed_in: SignIn) -> None:
    file = file_of(town, "黎金好")
    change = change_of(town, file, born="1950")
    client = signed_in(town.head_liang)
    answer = client.post(address(file, change), {"outcome": "refused"})
    assert answer.status_code == 422
    assert "不同意要告诉本人为什么" in answer.content.decode()
    assert re.search(r'value="refused" checked', answer.content.decode())
    assert client.post(address(file, change), {}).status_code == 422
    client.post(address(file, change), {"outcome": "refused", "words": "与身份证不符"})
    with at_desk(town.officer_chen):
        assert Change.objects.get().answer == "与身份证不符"


def test_a_request_of_the_person_to_delete_is_decided_on_the_same_page(town: Town, signed_in: SignIn) -> None:
    file = file_of(town, "黎金好")
    owner = person(file.pk)
    with acting(owner, epoch=now_epoch()):
        change = ask_for(file.pk, "delete", actor=owner, at=now(), reason="不想留")
    client = signed_in(town.head_liang)
    assert "永久删除" in client.get(address(file, change)).content.decode()
    assert "本人提的" in client.get(f"{DUE}changes/").content.decode()
    assert client.post(address(file, change), {"outcome": "erased"}).headers["Location"] == f"{DUE}changes/"
    with at_desk(town.officer_chen):
        assert File.objects.get(pk=file.pk).state == "erased"


def test_a_request_from_a_visit_shows_what_the_visitor_wrote(town: Town, signed_in: SignIn) -> None:
    file = file_of(town, "黎金好", phone("13800000001", proof="名册"))
    with at_desk(town.officer_chen) as actor:
        old = file.contacts.get()
        heard = Heard(file.pk, said="号码早就停了", ended=(old.pk,))
        record_visit(Round("k", "routine", now(), town.federation), heard, actor=actor, at=now())
        change = Change.objects.get(file=file)
    text = signed_in(town.head_liang).get(address(file, change)).content.decode()
    assert "号码早就停了" in text
    assert "visit:" not in text


def test_a_request_of_another_file_is_not_found_through_this_one(town: Town, signed_in: SignIn) -> None:
    file, other = file_of(town), file_of(town, "黎大树")
    change = change_of(town, other, born="1950")
    assert signed_in(town.head_liang).get(address(file, change)).status_code == 404


@pytest.mark.browser
def test_axe_finds_nothing_wrong_on_the_list_and_the_request(open_page: Opener, served_town: Town) -> None:
    file = file_of(served_town, "黎金好", Need(kind="alone"), born="1930")
    with at_desk(served_town.officer_chen):
        review(file, -2)
        name = Name.objects.get(file=file)
    change = change_of(served_town, file, **{field_of(name): "黎金妤", "born": "1931"})
    ask = f"/staff/people/{file.number}/changes/ask/"
    pages = (DUE, f"{DUE}changes/", f"{DUE}unvisited/", address(file, change), ask, f"{ask}?field=born")
    for path in pages:
        for language in ("zh-hans", "pt"):
            page = open_page(path, account=served_town.head_liang, language=language)
            assert wrong(page) == []
    page = open_page(address(file, change), account=served_town.head_liang)
    page.get_by_role("button", name="确定").click()
    page.get_by_role("alert").wait_for()
    assert wrong(page) == []
