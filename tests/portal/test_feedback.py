"""What a person thinks of the answer: rated in words, or not solved, and what follows."""

import pytest
from django.test import Client
from django.utils import timezone

from qiaoqiao.access.tickets import acting
from qiaoqiao.casework.actions.talking import looked
from tests.cast import Town, as_staff, now_epoch
from tests.portal.following import again, filed, kinds, page, prove, refused, seen


def test_an_answer_is_rated_in_words(town: Town, visitor: Client) -> None:
    case = filed()
    refused(town, case)
    prove(visitor, case)
    address = f"/cases/{case.reference}/rating/"
    for word in ("非常满意", "满意", "一般", "不满意", "很不满意"):
        assert word in page(visitor, address)
    answer = visitor.post(address, {"rating": "2", "remark": "等了很久 😐"})
    assert (answer.status_code, answer["Location"]) == (303, f"/cases/{case.reference}/")
    assert again(case).rating == 2
    assert "您的评价：不满意" in seen(visitor, case)


@pytest.mark.parametrize(("rating", "remark"), [("", "好"), ("6", "好"), ("x", ""), ("3", "字" * 1001)])
def test_a_rating_that_cannot_be_is_refused_and_nothing_is_lost(
    town: Town, visitor: Client, rating: str, remark: str
) -> None:
    case = filed()
    refused(town, case)
    prove(visitor, case)
    answer = visitor.post(f"/cases/{case.reference}/rating/", {"rating": rating, "remark": remark})
    assert answer.status_code == 422
    assert remark in answer.content.decode()
    assert again(case).rating is None


def test_an_open_case_is_neither_rated_nor_reported(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    for path, sent in (("rating", {"rating": "1"}), ("not-solved", {"reason": "太慢"})):
        assert visitor.get(f"/cases/{case.reference}/{path}/").status_code == 303
        assert visitor.post(f"/cases/{case.reference}/{path}/", sent).status_code == 303
    assert again(case).rating is None
    assert again(case).not_solved_at is None
    assert "还在办" in seen(visitor, case)


def test_not_solved_makes_the_office_look_again_and_says_what_happens_next(
    town: Town, visitor: Client
) -> None:
    case = filed()
    refused(town, case)
    prove(visitor, case)
    address = f"/cases/{case.reference}/not-solved/"
    assert visitor.post(address, {"reason": "  "}).status_code == 422
    answer = visitor.post(address, {"reason": "我没有加入外国国籍 𠮷"}, follow=True)
    assert "要重新看这件事，并在“留言”里答复您" in answer.content.decode()
    assert "单位正在重新查看" in answer.content.decode()
    visitor.post(address, {"reason": "我没有加入外国国籍 𠮷"})
    assert kinds(case).count("not_solved") == 1
    chen = as_staff(town.head_liang)
    with acting(chen, epoch=now_epoch()):
        looked(case.pk, answer="已重新核查", language="zh-hans", actor=chen, at=timezone.now())
    text = seen(visitor, case)
    assert "单位已经重新看过" in text
    assert "已重新核查" in text
