"""The demonstration's mailbox: there in the demo, nowhere else."""

from typing import Any

import pytest
from django.test import Client

from qiaoqiao.gateways import sms
from tests.cast import Town
from tests.portal.following import code_mailed, filed, page


@pytest.fixture
def in_the_demo(settings: Any) -> None:
    settings.DEMO = True


def test_outside_the_demo_there_is_no_mailbox(town: Town, visitor: Client, settings: Any) -> None:
    settings.DEMO = False
    assert visitor.get("/demo/mailbox/").status_code == 404
    assert "mailbox" not in page(visitor, f"/track/code/?ref={filed().reference}")


def test_a_visitor_of_the_demo_reads_the_code_in_the_mailbox(
    in_the_demo: None, town: Town, visitor: Client
) -> None:
    case, other = filed(), filed()
    visitor.post("/track/", {"reference": other.reference})
    code_mailed(other)
    visitor.post("/track/", {"reference": case.reference})
    right = code_mailed(case)
    html = page(visitor, f"/track/code/?ref={case.reference}")
    assert f"/demo/mailbox/?ref={case.reference}" in html
    html = page(visitor, f"/demo/mailbox/?ref={case.reference}")
    assert right in html
    assert other.reference not in html
    assert other.reference in page(visitor, "/demo/mailbox/")


def test_text_messages_stand_there_too_and_markup_in_them_is_text(
    in_the_demo: None, db: None, visitor: Client
) -> None:
    sms.sms().send("+8613800138000", "验证码 <b>123456</b>", key="test:markup")
    html = page(visitor, "/demo/mailbox/")
    assert "验证码 &lt;b&gt;123456&lt;/b&gt;" in html
    assert "短信" in html


def test_an_empty_mailbox_says_what_will_be_there(
    in_the_demo: None, db: None, visitor: Client, settings: Any, tmp_path: Any
) -> None:
    settings.STATE_DIR = tmp_path
    assert "还没有邮件" in page(visitor, "/demo/mailbox/")
