"""Signing in: who gets in, with what, for how long."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from playwright.sync_api import Page

from qiaoqiao.access.models import Account
from qiaoqiao.parties.models import Source
from qiaoqiao.workbench.sessions import ABSOLUTE_SECONDS, BEGAN, IDLE_SECONDS, SEEN
from tests.cast import Town, now_epoch
from tests.workbench.conftest import Opener, SignIn

PASSWORD = "hong he nan jiang 7"


@pytest.fixture
def chen(town: Town) -> Account:
    town.officer_chen.set_password(PASSWORD)
    town.officer_chen.save(update_fields=["password"])
    return town.officer_chen


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


def give_password(visitor: Client, password: str = PASSWORD, **more: str) -> Any:
    return visitor.post("/staff/sign-in/", {"username": "chen", "password": password, **more})


def code_for(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def enrol(visitor: Client) -> tuple[str, list[str]]:
    """Sign in for the first time with an app; return its secret and the recovery codes."""
    assert give_password(visitor).headers["Location"] == "/staff/sign-in/enrol/"
    page = visitor.get("/staff/sign-in/enrol/").content.decode()
    secret = visitor.session["totp_secret"]
    assert "<svg" in page
    assert "<script>" not in page
    done = visitor.post("/staff/sign-in/enrol/", {"code": code_for(secret)}, follow=True)
    assert done.redirect_chain == [("/staff/sign-in/codes/", 302)]
    return secret, re.findall(r">(\d{8})<", done.content.decode())


def opens_the_queue(visitor: Client) -> bool:
    return bool(visitor.get("/staff/").status_code == 200)


def test_in_the_demo_one_click_opens_the_queue(town: Town, settings: Any, visitor: Client) -> None:
    settings.DEMO = True
    Account.objects.filter(pk=town.officer_chen.pk).update(demo=True)
    page = visitor.get("/staff/sign-in/").content.decode()
    assert "以chen的身份进入" in page
    assert "承办人" in page
    assert "liang" not in page
    answer = visitor.post("/staff/sign-in/demo/", {"account": town.officer_chen.pk}, follow=True)
    assert answer.redirect_chain == [("/staff/", 302)]
    assert answer.status_code == 200


def test_in_the_demo_whose_office_keeps_files_is_told_what_to_try_and_arrives_there(
    town: Town, settings: Any, visitor: Client
) -> None:
    settings.DEMO = True
    Account.objects.filter(pk=town.officer_chen.pk).update(demo=True)
    Source.objects.create(
        code="cards",
        office=town.federation,
        keeper=town.federation,
        names={},
        kind="federation",
        basis="本单位职责",
    )
    assert "可试：人员档案、走访、名册导入、合并待审" in visitor.get("/staff/sign-in/").content.decode()
    answer = visitor.post("/staff/sign-in/demo/", {"account": town.officer_chen.pk})
    assert answer.headers["Location"] == "/staff/people/"


def test_the_demo_does_not_open_an_account_that_is_not_its_own(
    town: Town, settings: Any, visitor: Client
) -> None:
    settings.DEMO = True
    for account in (str(town.officer_chen.pk), "", "nonsense", "٣", "9" * 30):
        assert visitor.post("/staff/sign-in/demo/", {"account": account}).status_code == 404
    assert not opens_the_queue(visitor)


def test_outside_the_demo_there_is_no_such_door(town: Town, visitor: Client) -> None:
    Account.objects.filter(pk=town.officer_chen.pk).update(demo=True)
    assert visitor.post("/staff/sign-in/demo/", {"account": town.officer_chen.pk}).status_code == 404
    assert "以chen的身份进入" not in visitor.get("/staff/sign-in/").content.decode()


def test_a_password_alone_opens_nothing(chen: Account, visitor: Client) -> None:
    assert give_password(visitor).status_code == 302
    assert not opens_the_queue(visitor)
    assert visitor.get("/staff/").headers["Location"].startswith("/staff/sign-in/?next=")


def test_the_first_sign_in_sets_up_the_second_factor_and_the_next_asks_for_it(
    chen: Account, visitor: Client
) -> None:
    secret, codes = enrol(visitor)
    assert len(set(codes)) == 10
    assert opens_the_queue(visitor)
    assert visitor.get("/staff/sign-in/codes/").status_code == 302  # shown once
    other = Client()
    assert give_password(other).headers["Location"] == "/staff/sign-in/second/"
    assert other.post("/staff/sign-in/second/", {"code": "000000"}).status_code == 422
    assert not opens_the_queue(other)
    before = other.session.session_key
    assert (
        other.post("/staff/sign-in/second/", {"code": code_for(secret, 1)}).headers["Location"] == "/staff/"
    )
    assert opens_the_queue(other)
    assert other.session.session_key != before


def test_a_code_and_a_recovery_code_work_once(chen: Account, visitor: Client) -> None:
    secret, codes = enrol(visitor)
    for code in (code_for(secret), codes[3]):
        for expected in (302, 422):
            other = Client()
            give_password(other)
            assert other.post("/staff/sign-in/second/", {"code": code}).status_code == expected


def test_secrets_lie_sealed_in_the_database(chen: Account, visitor: Client) -> None:
    secret, _codes = enrol(visitor)
    held = Authenticator.objects.get(user=chen, type="totp")
    assert secret not in str(held.data)
    assert len(held.data["secret"]) > len(secret)


def test_the_second_step_and_the_enrolment_open_only_after_the_password(
    chen: Account, visitor: Client
) -> None:
    for path in ("second/", "enrol/", "codes/"):
        assert visitor.get(f"/staff/sign-in/{path}").headers["Location"] == "/staff/sign-in/"
    assert visitor.post("/staff/sign-in/enrol/passkey/", {"credential": "{}"}).status_code == 302
    enrol(visitor)
    other = Client()
    give_password(other)
    assert other.get("/staff/sign-in/enrol/").headers["Location"] == "/staff/sign-in/"


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(chen: Account, visitor: Client) -> None:
    told = []
    for name in ("chen", "nobody"):
        answer = visitor.post("/staff/sign-in/", {"username": name, "password": "wrong"})
        assert answer.status_code == 422
        said = answer.content.decode()
        assert "账号或密码不对" in said
        told.append(re.sub(r'(csrfmiddlewaretoken" value|data-options|value)="[^"]*"', "", said))
    assert told[0] == told[1]


def test_after_many_tries_the_account_rests_but_its_neighbours_do_not(
    chen: Account, town: Town, visitor: Client
) -> None:
    for _ in range(8):
        assert give_password(visitor, "wrong").status_code == 422
    rested = give_password(visitor)
    assert rested.status_code == 429
    assert int(rested.headers["Retry-After"]) > 0
    assert visitor.post("/staff/sign-in/", {"username": "liang", "password": "wrong"}).status_code == 422
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert give_password(elsewhere).status_code == 302


@pytest.mark.parametrize(
    "broken", ["", "{}", "[]", "null", '{"response": {"userHandle": "x"}}', "not json", "1"]
)
def test_a_broken_passkey_answer_opens_nothing(chen: Account, visitor: Client, broken: str) -> None:
    visitor.get("/staff/sign-in/")
    assert visitor.post("/staff/sign-in/passkey/", {"credential": broken}).status_code == 422
    assert not opens_the_queue(visitor)


def test_after_signing_in_one_is_where_one_wanted_to_go_but_never_elsewhere(
    town: Town, settings: Any, visitor: Client
) -> None:
    settings.DEMO = True
    Account.objects.filter(pk=town.officer_chen.pk).update(demo=True)
    asked = {"account": town.officer_chen.pk}
    for wanted, gone_to in {
        "/staff/overdue/": "/staff/overdue/",
        "https://evil.example/staff/": "/staff/",
        "//evil.example/staff/": "/staff/",
        "/elsewhere/": "/staff/",
    }.items():
        answer = visitor.post("/staff/sign-in/demo/", {**asked, "next": wanted})
        assert answer.headers["Location"] == gone_to


@pytest.mark.parametrize(
    ("name", "ago", "still"),
    [
        (SEEN, IDLE_SECONDS - 30, True),
        (SEEN, IDLE_SECONDS + 30, False),
        (BEGAN, ABSOLUTE_SECONDS - 30, True),
        (BEGAN, ABSOLUTE_SECONDS + 30, False),
    ],
)
def test_a_session_ends_when_idle_and_after_a_working_day(
    town: Town, signed_in: SignIn, name: str, ago: int, still: bool
) -> None:
    client = signed_in(town.officer_chen)
    session = client.session
    session[name] = now_epoch() - ago
    session.save()
    assert opens_the_queue(client) is still
    assert opens_the_queue(client) is still


def test_signing_out_ends_the_session_and_tells_the_browser_to_forget(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    kept = client.cookies["session"].value
    assert client.get("/staff/sign-out/").status_code == 405
    answer = client.post("/staff/sign-out/")
    assert "storage" in answer.headers["Clear-Site-Data"]
    client.cookies["session"] = kept
    assert not opens_the_queue(client)


def test_a_disabled_account_is_out_at_its_next_request(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    assert opens_the_queue(client)
    Account.objects.filter(pk=town.officer_chen.pk).update(is_active=False)
    assert not opens_the_queue(client)


def with_authenticator(page: Page) -> None:
    """Give the browser a device that holds passkeys and confirms by itself."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.browser
def test_a_passkey_is_set_up_and_then_opens_the_queue_by_itself(open_page: Opener, served_town: Town) -> None:
    served_town.officer_chen.set_password(PASSWORD)
    served_town.officer_chen.save(update_fields=["password"])
    page = open_page("/staff/sign-in/")
    with_authenticator(page)
    page.fill("[name=username]", "chen")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="设置通行密钥").click()
    page.wait_for_url("**/codes/")
    page.get_by_role("button", name="已经收好，继续").click()
    page.wait_for_url("**/staff/")
    page.locator("summary", has_text="chen").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/staff/")
    assert page.locator("h1").inner_text() == "我的"
