"""Staff at their desk: a town, somebody signed in, and a browser on top of the test's own database."""

from collections.abc import Callable

import pytest
from django.test import Client

from qiaoqiao.access.models import Account
from qiaoqiao.workbench.sessions import BEGAN, SEEN
from tests.cast import Town, now_epoch

SignIn = Callable[[Account], Client]


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def signed_in() -> SignIn:
    """A client in which this account has signed in just now."""

    def enter(account: Account) -> Client:
        client = Client()
        client.force_login(account)
        session = client.session
        session[BEGAN] = session[SEEN] = now_epoch()
        session.save()
        return client

    return enter
