"""A paper promised for later (容缺受理): taken where the office allows it, kept, or not kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.casework.actions import papers
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.jobs import lapse_due
from qiaoqiao.casework.models import Case, Term
from qiaoqiao.catalogue.forms import FormRefused
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.clock.rules import SHANGHAI
from tests.cast import ROSA, now_epoch
from tests.journeys.roads import (
    ROSA_IN_CHINESE,
    WideTown,
    browser_of_a_person,
    case_of,
    read_notice,
    sent_on,
    told_in,
)
from tests.journeys.test_later_legs import HOME
from tests.journeys.test_life_events import fill_in
from tests.portal.following import page
from tests.portal.forms import begin

REGISTER: dict[str, Any] = {
    "ground": "permit",
    "permit_number": "粤江2026001",
    "permit_issued_on": "2026-11-20",
    "place": "440781",
    "address": "端芬镇侨兴路8号",
    "household": "own",
    "visit_from": "2026-12-10",
}
DAYS = 20


@pytest.fixture
def waiting_office(wide: WideTown) -> WideTown:
    """The register desk of Taishan waits so many days for a promised paper."""
    office = wide.office("household_police")
    office.settings = {"residence_registration": {"promise_days": DAYS}}
    office.save(update_fields=["settings"])
    return wide


def at_the_last_page(client: Client) -> str:
    pages, step = begin(client, "residence_registration"), "applicant"
    about = entry("residence_registration")
    while step != "review":
        answer = client.post(
            f"{pages}{step}/", sent_on(about, step, REGISTER, ROSA_IN_CHINESE, ("passport", "permit"))
        )
        assert answer.status_code == 303
        step = answer["Location"].rstrip("/").split("/")[-1]
    return str(pages)


def file_with_promise(*promised: str, at: datetime) -> Case:
    filing = Filing(
        service="residence_registration", channel="web", applicant=ROSA, facts=REGISTER, promised=promised
    )
    with acting(person(filing.case_id), epoch=now_epoch()):
        return file(filing, actor=person(filing.case_id), at=at)


def proof(kind: str = "home_proof") -> Brought:
    return Brought(kind, "住房证明", "0" * 32, "租约.pdf", "application/pdf", 10, "0" * 64)


def term(case: Case) -> Term:
    with acting(SYSTEM, epoch=now_epoch()):
        return Term.objects.get(case=case, limit="promise")


def test_the_last_page_offers_the_promise_with_its_days_and_what_follows(waiting_office: WideTown) -> None:
    client = browser_of_a_person()
    pages = at_the_last_page(client)
    said = told_in(page(client, f"{pages}review/"))
    assert "我承诺在20天（自然日）内补交" in said, said
    assert "到期没有补交的后果：承诺补交的材料到期没有交，暂停办理" in said
    sent = client.post(
        f"{pages}review/", {"consent": "on", "consent_sensitive": "on", "promise_home_proof": "on"}
    )
    case = case_of(sent["Location"].rstrip("/").split("/")[-1])
    assert case.facts["promised"] == ["home_proof"]
    assert term(case).due_on == case.filed_on + timedelta(days=DAYS)
    shown = page(client, f"/cases/{case.reference}/")
    assert "补交承诺的材料" in shown


def test_an_office_that_set_no_days_takes_no_promise(wide: WideTown) -> None:
    client = browser_of_a_person()
    pages = at_the_last_page(client)
    assert "我承诺在" not in told_in(page(client, f"{pages}review/"))
    with pytest.raises(FormRefused) as refused:
        file_with_promise("home_proof", at=datetime.now(UTC))
    assert refused.value.faults == {"promised.home_proof": "not_offered"}


@pytest.mark.parametrize("paper", ["permit", "householder_agrees", "nothing"])
def test_what_the_entry_does_not_let_wait_or_does_not_ask_cannot_be_promised(
    waiting_office: WideTown, paper: str
) -> None:
    with pytest.raises(FormRefused):
        file_with_promise(paper, at=datetime.now(UTC))


def test_the_promise_is_kept_with_the_last_paper_and_its_limit_ends(waiting_office: WideTown) -> None:
    case = file_with_promise("home_proof", at=datetime.now(UTC))
    with acting(person(case.pk), epoch=now_epoch()):
        papers.add(case.pk, [proof("passport")], actor=person(case.pk), at=datetime.now(UTC))
        assert term(case).state == "running"
    with acting(person(case.pk), epoch=now_epoch()):
        papers.add(case.pk, [proof()], actor=person(case.pk), at=datetime.now(UTC))
    assert term(case).state == "met"


def test_a_promise_not_kept_stops_the_case_and_the_person_is_told(waiting_office: WideTown) -> None:
    now = datetime.now(UTC)
    case = file_with_promise("home_proof", at=now - timedelta(days=DAYS + 1))
    with acting(SYSTEM, epoch=now_epoch()):
        lapse_due(at=now)
    assert case_of(case.reference).state == "waiting_papers"
    assert "承诺的期限已满" in read_notice(case.reference, "promise_notice", language="zh-CN")


def test_on_the_last_day_of_the_promise_nothing_has_lapsed(waiting_office: WideTown) -> None:
    now = datetime.now(UTC)
    case = file_with_promise("home_proof", at=now - timedelta(days=DAYS))
    assert term(case).due_on == now.astimezone(SHANGHAI).date()
    with acting(SYSTEM, epoch=now_epoch()):
        lapse_due(at=now)
    assert case_of(case.reference).state == "submitted"


def test_a_leg_that_only_begins_later_takes_no_promise_whose_days_would_run_before_it(
    waiting_office: WideTown,
) -> None:
    client = browser_of_a_person()
    pages = fill_in(client, "move_home", HOME)
    assert "我承诺在" not in told_in(page(client, f"{pages}review/"))
