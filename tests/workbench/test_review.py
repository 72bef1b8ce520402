"""Judging pairs of files at the desk: the list, one pair side by side, and taking a merge back."""

import os
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions import merging
from qiaoqiao.parties.actions.proposing import propose_for
from qiaoqiao.parties.models import File, Merge, Proposal, Source
from tests.cast import Town, as_staff, make_account, now_epoch
from tests.eyes import wrong
from tests.parties.alike import BROTHER, CHAN, CHEN, SPOUSE, file_of_rows
from tests.parties.rolls import make_source
from tests.workbench.conftest import Opener, SignIn
from tests.workbench.people_town import open_for

LIST = "/staff/people/review/"


def pair_in(town: Town, one: dict[str, str] = CHEN, other: dict[str, str] = CHAN) -> Proposal:
    """Two files that look like one person, proposed as in life."""
    source = Source.objects.filter(keeper=town.federation).first() or make_source(town.federation)
    first, second = (file_of_rows(source, town.federation, row) for row in (one, other))
    with acting(SYSTEM, epoch=now_epoch()):
        propose_for(second.pk, actor=SYSTEM, at=timezone.now())
        return Proposal.objects.select_related("one", "other").get(one=first, other=second)


def address(pair: Proposal) -> str:
    return f"{LIST}{pair.pk}/"


def judge(client: Any, pair: Proposal, outcome: str, why: str = "亲属都对得上", **more: str) -> Any:
    return client.post(address(pair), {"outcome": outcome, "why": why, "days": "30", **more})


def reread(pair: Proposal) -> Proposal:
    with acting(SYSTEM, epoch=now_epoch()):
        return Proposal.objects.get(pk=pair.pk)


def text(answer: Any) -> str:
    return answer.content.decode()


def test_the_list_shows_the_pair_with_its_weightiest_reason_and_counts_by_band(
    town: Town, signed_in: SignIn
) -> None:
    pair = pair_in(town)
    said = text(signed_in(town.officer_chen).get(LIST))
    assert pair.one.number in said
    assert pair.other.number in said
    assert "Chan Tai Man" in said
    assert address(pair) in said
    assert "合并待审" in said
    assert address(pair) not in text(signed_in(town.officer_chen).get(f"{LIST}?band=open"))
    assert address(pair) in text(signed_in(town.officer_chen).get(f"{LIST}?band={pair.band}"))
    assert text(signed_in(town.officer_chen).get(LIST)).count("qq-who") == 2


def test_a_pair_is_shown_side_by_side_with_marks_in_words_and_never_a_whole_number(
    town: Town, signed_in: SignIn
) -> None:
    pair = pair_in(town)
    said = text(signed_in(town.officer_chen).get(address(pair)))
    assert "陈大文" in said
    assert "（香港拼写）" in said
    assert "出生日期只差日月互换" in said
    assert "相近" in said
    assert "一方没有" in said
    assert "尾号 0112" in said
    assert CHEN["id_no"] not in said
    assert CHAN["id_no"] not in said
    assert "支持是同一个人" in said


def test_looking_at_a_pair_is_written_down_in_both_files(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    signed_in(town.officer_chen).get(address(pair))
    with acting(SYSTEM, epoch=now_epoch()):
        for file in (pair.one_id, pair.other_id):
            assert Entry.objects.filter(subject=file, kind="file.opened:linking").count() == 1


def test_saying_that_it_is_one_person_merges_and_goes_on_to_the_next_pair(
    town: Town, signed_in: SignIn
) -> None:
    pair = pair_in(town)
    following = pair_in(town, SPOUSE, SPOUSE | {"name_hanzi": "李秀瑛", "birth_date": "1956-07"})
    client = signed_in(town.officer_chen)
    answer = judge(client, pair, "accept")
    assert answer.status_code == 302
    assert answer["Location"] == address(following)
    row = reread(pair)
    assert (row.state, row.why, row.decided_by_id) == ("accepted", "亲属都对得上", town.officer_chen.pk)
    with acting(SYSTEM, epoch=now_epoch()):
        merge = Merge.objects.get(proposal=pair)
        assert File.objects.get(pk=merge.absorbed_id).merged_into_id == merge.kept_id
    assert "撤回合并" in text(client.get(address(pair)))


def test_a_decision_without_a_reason_is_sent_back_with_what_was_chosen(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    answer = judge(signed_in(town.officer_chen), pair, "accept", "  ")
    assert answer.status_code == 422
    assert "请写明理由" in text(answer)
    assert 'value="accept" data-key="a" data-then="id_why" checked' in text(answer)
    assert reread(pair).state == "open"
    assert judge(signed_in(town.officer_chen), pair, "").status_code == 422


def test_not_the_same_person_is_kept_and_the_pair_leaves_the_list(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    client = signed_in(town.officer_chen)
    assert judge(client, pair, "reject", "问过家人，是两个人")["Location"] == LIST
    assert reread(pair).state == "rejected"
    assert address(pair) not in text(client.get(LIST))
    assert "问过家人，是两个人" in text(client.get(address(pair)))


def test_later_comes_back_on_its_day(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    client = signed_in(town.officer_chen)
    judge(client, pair, "later", "", days="7")
    row = reread(pair)
    assert (row.state, row.later_on) == ("later", timezone.localdate() + timedelta(days=7))
    assert address(pair) not in text(client.get(LIST))
    with acting(SYSTEM, epoch=now_epoch()):
        Proposal.objects.filter(pk=pair.pk).update(later_on=timezone.localdate())
    assert address(pair) in text(client.get(LIST))


def test_a_second_officer_is_told_that_somebody_decided_before(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    judge(signed_in(town.officer_chen), pair, "reject")
    answer = judge(signed_in(town.head_liang), pair, "accept")
    assert answer.status_code == 409
    assert "刚才已经有人判断过了" in text(answer)
    assert reread(pair).state == "rejected"


def test_a_form_sent_twice_decides_once_and_both_answers_are_alike(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    client = signed_in(town.officer_chen)
    answers = [judge(client, pair, "accept") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    with acting(SYSTEM, epoch=now_epoch()):
        assert Merge.objects.filter(proposal=pair).count() == 1


def test_a_frozen_file_is_not_merged_and_the_page_says_so(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    with acting(SYSTEM, epoch=now_epoch()):
        File.objects.filter(pk=pair.one_id).update(state="frozen")
    client = signed_in(town.officer_chen)
    assert "解除以前不能合并" in text(client.get(address(pair)))
    assert judge(client, pair, "accept").status_code == 409
    assert reread(pair).state == "open"


def test_a_merge_is_taken_back_from_the_page_of_the_file_with_a_reason(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    client = signed_in(town.officer_chen)
    judge(client, pair, "accept")
    with acting(SYSTEM, epoch=now_epoch()):
        merge = Merge.objects.select_related("kept", "absorbed").get(proposal=pair)
    open_for(town.officer_chen, merge.kept)
    page = text(client.get(f"/staff/people/{merge.kept.number}/"))
    undo = f"/staff/people/{merge.kept.number}/merges/{merge.pk}/undo/"
    assert undo in page
    assert merge.absorbed.number in page
    assert client.post(undo, {"why": ""}).status_code == 422
    assert client.post(undo, {"why": "是父子"}).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert File.objects.get(pk=merge.absorbed_id).state == "active"
    assert reread(pair).state == "rejected"
    assert "已经撤回了" in text(client.get(undo))


def test_a_merge_under_a_later_one_says_which_to_take_back_first(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    client = signed_in(town.officer_chen)
    judge(client, pair, "accept")
    with acting(SYSTEM, epoch=now_epoch()):
        merge = Merge.objects.get(proposal=pair)
        source = Source.objects.get()
    third = file_of_rows(source, town.federation, CHEN)
    with acting(SYSTEM, epoch=now_epoch()):
        propose_for(third.pk, actor=SYSTEM, at=timezone.now())
        second = Proposal.objects.get(
            state="open", one__in=[merge.kept_id, third.pk], other__in=[merge.kept_id, third.pk]
        )
    judge(client, second, "accept")
    with acting(SYSTEM, epoch=now_epoch()):
        later = Merge.objects.select_related("absorbed", "kept").get(proposal=second)
    undo = f"/staff/people/{later.kept.number}/merges/{merge.pk}/undo/"
    answer = client.post(undo, {"why": "错了"})
    assert answer.status_code == 409
    assert later.absorbed.number in text(answer)


def test_strangers_and_clerks_decide_nothing(town: Town, signed_in: SignIn) -> None:
    pair = pair_in(town)
    clerk = make_account("clerk", (town.federation, "clerk"))
    assert signed_in(clerk).get(LIST).status_code == 403
    assert "合并待审" not in text(signed_in(clerk).get("/staff/people/"))
    stranger = signed_in(town.stranger_he)
    assert stranger.get(address(pair)).status_code == 404
    assert judge(stranger, pair, "accept").status_code == 404
    assert pair.one.number not in text(stranger.get(LIST))
    assert reread(pair).state == "open"


@pytest.mark.parametrize("query", ["after=x", "before=1.0_zz", "after=_"])
def test_an_address_that_names_no_place_in_the_list_is_no_page(
    town: Town, signed_in: SignIn, query: str
) -> None:
    assert signed_in(town.officer_chen).get(f"{LIST}?{query}").status_code == 404


def many(town: Town, number: int) -> list[Proposal]:
    """Pairs with falling weights, some of them equal."""
    source = Source.objects.filter(keeper=town.federation).first() or make_source(town.federation)
    made = []
    for one in range(number):
        first, second = (file_of_rows(source, town.federation, BROTHER) for _ in range(2))
        with acting(SYSTEM, epoch=now_epoch()):
            made.append(
                Proposal.objects.create(
                    office=town.federation, one=first, other=second, weight=9.3 - one // 3, band="likely",
                    evidence=[], made_at=timezone.now(),
                )
            )  # fmt: skip
    return made


def test_the_list_turns_page_by_page_both_ways_without_losing_a_pair(
    town: Town, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiaoqiao.parties.reviewing.PAGE_ROWS", 4)
    made = many(town, 10)
    client = signed_in(town.officer_chen)
    there: list[list[str]] = []
    here: str | None = ""
    while here is not None:
        context = client.get(LIST + here).context
        there.append([line["href"] for line in context["lines"]])
        last, here = context["previous"], context["next"]
    assert sorted(chain(*there)) == sorted(address(one) for one in made)
    assert len(list(chain(*there))) == 10
    back = client.get(LIST + last).context
    assert [line["href"] for line in back["lines"]] == there[1]


def test_the_list_and_a_pair_ask_the_database_the_same_few_questions_however_much_there_is(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(town.officer_chen)
    pair = pair_in(town)
    counted: dict[str, list[int]] = {LIST: [], address(pair): []}
    for more in (1, 6):
        many(town, more)
        client.get(address(pair))
        for path, numbers in counted.items():
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            numbers.append(len(asked))
    for first, second in counted.values():
        assert first == second
        assert first < 75


def test_the_measure_says_how_often_the_model_was_right(town: Town, signed_in: SignIn) -> None:
    made = many(town, 4)
    for place, one in enumerate(made):
        with acting(as_staff(town.officer_chen), epoch=now_epoch()) as _:
            actor, at = as_staff(town.officer_chen), timezone.now()
            if place:
                merging.accept(one.pk, why="对", actor=actor, at=at)
            else:
                merging.reject(one.pk, why="不对", actor=actor, at=at)
    client = signed_in(town.officer_chen)
    (likely,) = [row for row in client.get(LIST).context["measure"] if row.measured.all]
    assert (likely.measured.same, likely.measured.two, likely.measured.percent) == (3, 1, 75)
    rows = client.get(f"{LIST}weights/").context["by_weight"]
    assert [row.measured.all for row in rows] == [4]


def test_learning_from_few_decisions_is_refused_in_words_and_only_a_head_chooses(
    town: Town, signed_in: SignIn
) -> None:
    answer = signed_in(town.officer_chen).post(f"{LIST}weights/")
    assert answer.status_code == 409
    assert "至少要 50 个" in text(answer)
    assert signed_in(town.officer_chen).post(f"{LIST}weights/", {"use": "shipped"}).status_code == 409
    assert signed_in(town.head_liang).post(f"{LIST}weights/", {"use": "shipped"}).status_code == 302
    assert signed_in(town.head_liang).post(f"{LIST}weights/", {"use": "999"}).status_code == 409


# --- in a browser ---------------------------------------------------------------------------------------


def look(page: Any, name: str) -> None:
    """Keep a picture where somebody wants to look at the pages."""
    if folder := os.environ.get("REVIEW_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.browser
def test_axe_finds_nothing_wrong_with_the_review(open_page: Opener, served_town: Town) -> None:
    town = served_town
    pair = pair_in(town)
    pair_in(
        town,
        SPOUSE,
        SPOUSE | {"name_hanzi": "李秀瑛", "birth_date": "1956-07", "id_no": "440781195607090227"},
    )
    chen: Account = town.officer_chen
    for name, path in {"list": LIST, "pair": address(pair), "weights": f"{LIST}weights/"}.items():
        page = open_page(path, account=chen)
        look(page, name)
        assert wrong(page) == []
    for language in ("en", "es", "pt", "zh-hant"):
        page = open_page(address(pair), account=chen, language=language)
        look(page, f"pair-{language}")
        assert wrong(page) == []
    assert wrong(open_page(address(pair), account=chen, view="large")) == []


@pytest.mark.browser
def test_a_reviewer_decides_with_the_keyboard_and_takes_it_back(open_page: Opener, served_town: Town) -> None:
    pair = pair_in(served_town)
    page = open_page(address(pair), account=served_town.officer_chen)
    page.keyboard.press("a")
    page.keyboard.type("问过本人")
    page.keyboard.press("Enter")
    page.get_by_text("已合并成一份档案").wait_for()
    page.goto(page.url.split("/staff/")[0] + address(pair))
    page.get_by_role("link", name="撤回合并").click()
    page.get_by_label("为什么撤回").fill("是父子，不是一个人")
    page.get_by_role("button", name="撤回合并").click()
    page.get_by_text("两份档案分开了").wait_for()
    assert reread(pair).state == "rejected"
