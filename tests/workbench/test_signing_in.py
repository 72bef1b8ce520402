"""Signing in: who gets in, with what, for how long."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import Town


def test_in_the_demo_one_click_opens_the_queue(town: Town, settings: Any) -> None:
    settings.DEMO = True
    town.officer_chen.demo = True
    town.officer_chen.save(update_fields=["demo"])
    visitor = Client()
    assert "chen" in visitor.get("/staff/sign-in/").content.decode()
    answer = visitor.post("/staff/sign-in/demo/", {"account": town.officer_chen.pk}, follow=True)
    assert answer.redirect_chain == [("/staff/", 302)]
    assert answer.status_code == 200


def test_outside_the_demo_there_is_no_such_door(town: Town) -> None:
    town.officer_chen.demo = True
    town.officer_chen.save(update_fields=["demo"])
    assert Client().post("/staff/sign-in/demo/", {"account": town.officer_chen.pk}).status_code == 404
