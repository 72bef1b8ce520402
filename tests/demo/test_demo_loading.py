"""Loading the demo: real cases through the product's own actions, once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.plugin import DjangoDbBlocker
from typer.testing import CliRunner

from demo.commands import commands
from demo.loading import epoch, load
from demo.places import read
from demo.stories import wanted
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.jobs import lapse_due
from qiaoqiao.casework.models import Case, Paper
from qiaoqiao.gateways import storage
from qiaoqiao.ledger.models import Checkpoint, Entry
from qiaoqiao.ledger.verifying import verify
from qiaoqiao.parties.models import Person
from qiaoqiao.services.life_events.models import JourneyLeg

CASES, SEED = 60, 7


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo, loaded once for this file and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(CASES, seed=SEED, now=datetime.now(UTC))
        with acting(SYSTEM, epoch=epoch()):
            yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _seen() -> Iterator[None]:
    with acting(SYSTEM, epoch=epoch()):
        yield


def test_each_case_stands_where_its_story_was_to_end() -> None:
    stand = Counter(Case.objects.filter(leg=None).values_list("service", "state"))
    assert stand == Counter((one.service, one.target) for one in wanted(CASES, SEED))


def test_the_ledger_holds_and_is_signed() -> None:
    verdict = verify(using="default")
    assert verdict.holds, verdict.findings
    assert verdict.entries > 8 * CASES
    newest = Checkpoint.objects.order_by("-size").first()
    assert newest is not None
    assert newest.size == Entry.objects.count()


def test_every_open_case_has_exactly_one_responsible_office() -> None:
    leads = Count("assignments", filter=Q(assignments__role="lead", assignments__state="accepted"))
    assert set(Case.objects.exclude(stage="done").annotate(leads=leads).values_list("leads", flat=True)) == {
        1
    }


def test_nothing_happens_in_the_future() -> None:
    assert not Entry.objects.filter(at__gt=datetime.now(UTC)).exists()


def test_nothing_is_left_for_the_worker_to_mend_or_to_send() -> None:
    assert not ProcrastinateJob.objects.exists()
    with transaction.atomic():
        assert lapse_due(at=datetime.now(UTC)) == 0


def test_nobody_can_be_reached_at_an_address_kept() -> None:
    for email in Person.objects.exclude(email="").values_list("email", flat=True):
        assert email.endswith(("@example.org", "@example.com"))
    assert not Account.objects.exclude(email="").exists()


def test_the_papers_brought_can_be_opened() -> None:
    brought = Paper.objects.filter(direction="in").first()
    assert brought is not None
    with storage.open_kept(brought.file) as file:
        assert len(file.read()) == brought.size


def test_no_account_of_the_demo_has_a_password() -> None:
    assert not any(account.has_usable_password() for account in Account.objects.all())
    assert Account.objects.filter(demo=True).count() == len(read("accounts"))


def test_only_some_offices_promise_what_the_law_leaves_open() -> None:
    kept = Office.objects.exclude(settings={}).values_list("code", "settings")
    promising = [code for code, numbers in kept if numbers.keys() - {"green_channel"}]
    assert "440781-overseas_affairs" in promising
    assert len(promising) < 20
    assert "440783-federation" not in promising


def test_loading_again_changes_nothing_and_says_so() -> None:
    before = Entry.objects.count()
    again = CliRunner().invoke(commands, ["load"])
    assert again.exit_code == 0
    assert f"loaded: {CASES + JourneyLeg.objects.exclude(case=None).count()} cases" in again.output
    assert Entry.objects.count() == before


def test_the_cards_are_written_down_for_who_serves_the_demo() -> None:
    written = Path(settings.STATE_DIR, "demo-accounts.txt").read_text(encoding="utf-8")
    assert "陈惠仪" in written
    assert "柳北区侨联" in written
    assert settings.LOGIN_URL in written
