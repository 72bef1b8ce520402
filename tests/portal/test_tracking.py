"""Following a request with its reference and a one-time code, without an account; learning nothing of others'."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from qiaoqiao.access.throttle import allowed
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Code
from qiaoqiao.lib.ids import new_reference
from qiaoqiao.portal import tracking
from tests.cast import Town, now_epoch
from tests.portal.following import code_mailed, codes, filed, page, prove

NOBODYS = new_reference(2026, 77, b"another installation")


def without_tokens(answer: object, reference: str) -> str:
    """A page without what differs on every page anyway, and without the reference asked for."""
    text = answer.content.decode()  # type: ignore[attr-defined]
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r"<time [^>]*>[^<]*</time>", "", text.replace(reference, "REF"))


def test_a_person_follows_a_case_with_reference_and_code(town: Town, visitor: Client) -> None:
    case = filed()
    html = page(prove(visitor, case), f"/cases/{case.reference}/")
    assert case.reference in html
    assert "陈玉莲" in html
    assert "已提交" in html


def test_the_address_of_the_qr_code_fills_the_reference_in(town: Town, visitor: Client) -> None:
    case = filed()
    for query in ("ref", "reference"):
        assert f'value="{case.reference}"' in page(visitor, f"/track/?{query}={case.reference.lower()}")


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}".swapcase(), "qq{}"])
def test_a_reference_may_be_typed_carelessly(town: Town, visitor: Client, typed: str) -> None:
    case = filed()
    plain = case.reference.replace("-", "").lower()
    answer = visitor.post("/track/", {"reference": typed.format(plain).replace("qqqq", "qq")})
    assert answer.status_code == 303
    assert answer["Location"] == f"/track/code/?ref={case.reference}"
    assert len(codes(case)) == 1


def test_one_letter_copied_wrongly_is_named_as_such(town: Town, visitor: Client) -> None:
    case = filed()
    wrong = case.reference[:-1] + ("A" if case.reference[-1] != "A" else "C")
    answer = visitor.post("/track/", {"reference": wrong})
    assert answer.status_code == 422
    assert "编号好像抄错了一个字" in answer.content.decode()
    assert f'value="{wrong}"' in answer.content.decode()
    assert codes(case) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "请填写编号"), ("我的编号", "请填写编号"), ("QQ26", "编号不完整"), ("x" * 50_000, "编号不完整")],
)
def test_what_is_no_reference_is_said_to_be_none(town: Town, visitor: Client, typed: str, said: str) -> None:
    answer = visitor.post("/track/", {"reference": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()


# --- learning nothing of others' -------------------------------------------------------------------


def test_a_known_and_an_unknown_reference_get_the_same_answers(town: Town) -> None:
    case = filed()
    seen = []
    for reference in (case.reference, NOBODYS):
        visitor = Client(headers={"accept-language": "es"})
        answers = [
            visitor.get(f"/track/?ref={reference}"),
            visitor.post("/track/", {"reference": reference}),
            visitor.get(f"/track/code/?ref={reference}"),
            *(visitor.post("/track/code/", {"reference": reference, "code": "000000"}) for _ in range(6)),
            visitor.get(f"/cases/{reference}/"),
            visitor.post(f"/cases/{reference}/messages/", {"body": "hola"}),
        ]
        for _ in range(5):
            answers.append(visitor.post("/track/", {"reference": reference}))
        headers = [
            sorted(
                (name, value.replace(reference, "REF"))
                for name, value in one.headers.items()
                if name != "Content-Length"
            )
            for one in answers
        ]
        seen.append(
            (
                [one.status_code for one in answers],
                [without_tokens(one, reference) for one in answers],
                headers,
            )
        )
    assert seen[0][0] == seen[1][0]
    assert seen[0][1] == seen[1][1]
    assert seen[0][2] == seen[1][2]
    assert seen[0][0][-1] == 429


def test_asking_takes_the_same_time_for_a_known_and_an_unknown_reference(
    town: Town, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = filed()
    slept: list[float] = []
    monkeypatch.setattr(tracking, "sleep", slept.append)
    began = tracking.monotonic()
    for reference in (case.reference, NOBODYS):
        visitor.post("/track/", {"reference": reference})
        visitor.post("/track/code/", {"reference": reference, "code": "000000"})
    assert len(slept) == 4
    assert all(0 < one < tracking.SAME_SECONDS for one in slept)
    assert sum(slept) + tracking.monotonic() - began > 4 * tracking.SAME_SECONDS


def test_somebody_elses_case_is_not_found(town: Town, visitor: Client) -> None:
    mine, theirs = filed(), filed()
    prove(visitor, mine)
    for path in (
        "",
        "messages/",
        "papers/",
        "rating/",
        "not-solved/",
        "steps/withdraw/",
        "dates/correction/1/",
    ):
        assert visitor.get(f"/cases/{theirs.reference}/{path}").status_code == 404
        assert theirs.person.name not in page(visitor, f"/cases/{NOBODYS}/{path}", 404)


def test_codes_run_out_for_an_hour_and_the_other_door_counts_them_too(town: Town, visitor: Client) -> None:
    case = filed()
    for _ in range(3):
        assert visitor.post("/track/", {"reference": case.reference}).status_code == 303
    for _ in range(2):  # as the API counts them
        assert allowed(f"code:{case.reference}", most=5, within=timedelta(hours=1), at=timezone.now())
    answer = visitor.post("/track/", {"reference": case.reference})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert "请过一小时" in answer.content.decode()
    assert len(codes(case)) == 3


def test_one_browser_may_not_ask_for_many_cases(town: Town, visitor: Client) -> None:
    answers = [
        visitor.post("/track/", {"reference": new_reference(2026, number, b"k")}).status_code
        for number in range(13)
    ]
    assert answers == [303] * 12 + [429]


# --- the code --------------------------------------------------------------------------------------


def test_a_code_is_good_for_fifteen_minutes(town: Town, visitor: Client) -> None:
    case = filed()
    visitor.post("/track/", {"reference": case.reference})
    right = code_mailed(case)
    with acting(SYSTEM, epoch=now_epoch()):
        Code.objects.filter(case=case).update(until=timezone.now() - timedelta(seconds=1))
    answer = visitor.post("/track/code/", {"reference": case.reference, "code": right})
    assert answer.status_code == 422
    assert "过了 15 分钟" in answer.content.decode()
    assert "再发一次" in answer.content.decode()
    assert visitor.get(f"/cases/{case.reference}/").status_code == 404


def test_after_five_wrong_tries_even_the_right_code_is_refused(town: Town, visitor: Client) -> None:
    case = filed()
    visitor.post("/track/", {"reference": case.reference})
    right = code_mailed(case)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    said = [
        visitor.post("/track/code/", {"reference": case.reference, "code": wrong}).content.decode()
        for _ in range(5)
    ]
    assert all("验证码不对" in one for one in said[:4])
    assert "已经试了 5 次" in said[4]
    sixth = visitor.post("/track/code/", {"reference": case.reference, "code": right})
    assert sixth.status_code == 422
    assert "已经试了 5 次" in sixth.content.decode()
    prove(visitor, case)


def test_a_new_code_makes_the_old_one_useless(town: Town, visitor: Client) -> None:
    case = filed()
    visitor.post("/track/", {"reference": case.reference})
    old = code_mailed(case)
    visitor.post("/track/", {"reference": case.reference})
    new = code_mailed(case)
    if old != new:
        assert visitor.post("/track/code/", {"reference": case.reference, "code": old}).status_code == 422
    assert visitor.post("/track/code/", {"reference": case.reference, "code": new}).status_code == 303


@pytest.mark.parametrize("spaced", ["{} {}", "{}　{}", " {}{} "])
def test_a_code_may_be_typed_with_spaces_or_full_width_digits(
    town: Town, visitor: Client, spaced: str
) -> None:
    case = filed()
    visitor.post("/track/", {"reference": case.reference})
    right = code_mailed(case)
    wide = right.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    typed = spaced.format(wide[:3], right[3:])
    assert visitor.post("/track/code/", {"reference": case.reference, "code": typed}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "请填写验证码"), ("12345", "六位数字"), ("abcdef", "六位数字"), ("९" * 6, "您填的不是")],
)
def test_what_cannot_be_a_code_uses_up_no_try(town: Town, visitor: Client, typed: str, said: str) -> None:
    case = filed()
    visitor.post("/track/", {"reference": case.reference})
    answer = visitor.post("/track/code/", {"reference": case.reference, "code": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert codes(case)[-1].tries == 0


def test_proving_leads_back_to_the_page_that_was_wanted_and_nowhere_else(town: Town, visitor: Client) -> None:
    case = filed()
    for wanted, got in (
        (f"/cases/{case.reference}/messages/", f"/cases/{case.reference}/messages/"),
        ("https://evil.example/", f"/cases/{case.reference}/"),
        ("//evil.example/", f"/cases/{case.reference}/"),
        (f"/cases/{NOBODYS}/", f"/cases/{case.reference}/"),
    ):
        visitor.post("/track/", {"reference": case.reference, "next": wanted})
        sent = {"reference": case.reference, "code": code_mailed(case), "next": wanted}
        assert visitor.post("/track/code/", sent)["Location"] == got


def test_leaving_forgets_the_case_in_this_browser(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    assert case.reference in page(visitor, "/track/")
    assert visitor.post("/track/leave/")["Location"] == "/track/"
    assert visitor.get(f"/cases/{case.reference}/").status_code == 404
    assert case.reference not in page(visitor, "/track/")


def test_a_new_session_key_comes_with_the_proof(town: Town, visitor: Client) -> None:
    case = filed()
    visitor.post("/track/", {"reference": case.reference})
    before = visitor.session.session_key
    visitor.post("/track/code/", {"reference": case.reference, "code": code_mailed(case)})
    assert visitor.session.session_key != before


def test_a_code_page_without_a_reference_goes_back_to_the_start(db: None, visitor: Client) -> None:
    assert visitor.get("/track/code/")["Location"] == "/track/"
    assert visitor.post("/track/code/", {"reference": "x", "code": "1"})["Location"] == "/track/"
    assert visitor.get("/track/leave/").status_code == 405


def test_pages_of_tracking_are_never_kept_by_anybody(town: Town, visitor: Client) -> None:
    case = filed()
    prove(visitor, case)
    for path in ("/track/", f"/track/code/?ref={case.reference}", f"/cases/{case.reference}/"):
        assert "no-store" in visitor.get(path)["Cache-Control"]
    assert settings.SESSION_COOKIE_HTTPONLY
