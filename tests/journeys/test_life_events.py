"""One event, one errand: somebody fills in one form, and several offices have each their own case."""

from typing import Any

import pytest
from django.test import Client

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case, Paper
from qiaoqiao.catalogue.composing import life_event
from qiaoqiao.ledger.models import Entry
from qiaoqiao.services.life_events.models import Journey, JourneyLeg
from tests.cast import now_epoch
from tests.journeys.roads import (
    ROSA_IN_CHINESE,
    WideTown,
    browser_of_a_person,
    english_in,
    faults_of,
    proved,
    read_as_staff,
    sent_on,
    told_in,
)
from tests.journeys.test_schooling import CHILD
from tests.portal.following import page

TO_SCHOOL: dict[str, Any] = CHILD | {
    "wants_checkup": True,
    "wants_insurance": False,
    "from_day": "2027-07-01",
    "speaks": "mandarin",
    "paper_kind": "cn_passport",
    "insurance": "none",
}


def fill_in(client: Client, event: str, facts: dict[str, Any], papers: tuple[str, ...] = ()) -> str:
    """Start, fill in every page; the address of the pages, at the last one."""
    started = client.post(f"/services/{event}/apply/")
    assert started.status_code == 303
    pages, step = started["Location"].rsplit("applicant/", 1)[0], "applicant"
    about = life_event(event).entry
    for _walked in range(25):
        if step == "review":
            return str(pages)
        answer = client.post(f"{pages}{step}/", sent_on(about, step, facts, ROSA_IN_CHINESE, papers))
        assert answer.status_code == 303, (step, faults_of(answer))
        step = answer["Location"].rstrip("/").split("/")[-1]
    raise AssertionError(f"{event} does not come to its last page")


def send(client: Client, pages: str, **more: str) -> str:
    """Agree and send; the journey's reference."""
    sent = {"consent": "on", "consent_sensitive": "on"} | more
    answer = client.post(f"{pages}review/", sent)
    assert answer.status_code == 303, faults_of(answer)
    assert answer["Location"].startswith("/journeys/QJ")
    return str(answer["Location"].strip("/").split("/")[-1])


def cases_of(reference: str) -> dict[str, Case]:
    with acting(SYSTEM, epoch=now_epoch()):
        legs = JourneyLeg.objects.filter(journey__reference=reference, case__isnull=False)
        return {leg.service: leg.case for leg in legs.select_related("case__office", "case__person")}  # type: ignore[misc]


def test_one_form_becomes_a_case_at_the_school_desk_and_one_at_the_hospital(wide: WideTown) -> None:
    client = browser_of_a_person()
    reference = send(client, fill_in(client, "child_to_school", TO_SCHOOL, ("child_id", "parents_identity")))
    cases = cases_of(reference)
    assert set(cases) == {"schooling", "health"}
    assert cases["schooling"].office == wide.office("overseas_affairs")
    assert cases["health"].office == wide.office("hospital")
    assert cases["health"].facts["patient_name"] == "陈小明"
    assert "patient_name" not in cases["schooling"].facts
    assert cases["health"].person == cases["schooling"].person
    with acting(SYSTEM, epoch=now_epoch()):
        papers = {
            service: list(Paper.objects.filter(case=case, direction="in")) for service, case in cases.items()
        }
        assert {paper.kind for paper in papers["health"]} == {"identity"}
        assert {paper.kind for paper in papers["schooling"]} == {"child_id", "parents_identity"}
        keys = [paper.file for found in papers.values() for paper in found]
        assert len(set(keys)) == len(keys) == 3
        assert Journey.objects.count() == 1


def test_the_journey_is_one_page_and_each_case_leads_back_to_it(wide: WideTown) -> None:
    client = browser_of_a_person()
    reference = send(client, fill_in(client, "child_to_school", TO_SCHOOL))
    html = page(client, f"/journeys/{reference}/")
    cases = cases_of(reference)
    for case in cases.values():
        assert f"/cases/{case.reference}/" in html
        assert f"/journeys/{reference}/" in page(client, f"/cases/{case.reference}/")
    assert "医院" in told_in(html)
    assert english_in(html) <= set()


def test_proving_one_case_on_another_device_opens_the_whole_journey(wide: WideTown) -> None:
    client = browser_of_a_person()
    reference = send(client, fill_in(client, "child_to_school", TO_SCHOOL))
    elsewhere = proved(cases_of(reference)["health"].reference)
    assert elsewhere.get(f"/journeys/{reference}/").status_code == 200
    assert elsewhere.get(f"/cases/{cases_of(reference)['schooling'].reference}/").status_code == 200
    assert Client().get(f"/journeys/{reference}/").status_code == 404


def test_a_double_click_starts_one_journey(wide: WideTown) -> None:
    client = browser_of_a_person()
    pages = fill_in(client, "child_to_school", TO_SCHOOL)
    assert send(client, pages) == send(client, pages)
    with acting(SYSTEM, epoch=now_epoch()):
        assert Journey.objects.count() == 1
        assert Case.objects.count() == 2


def test_without_the_checkup_there_is_no_case_at_the_hospital(wide: WideTown) -> None:
    client = browser_of_a_person()
    reference = send(client, fill_in(client, "child_to_school", TO_SCHOOL | {"wants_checkup": False}))
    assert set(cases_of(reference)) == {"schooling"}


def test_the_ledger_of_a_journey_tells_what_became_of_it(wide: WideTown) -> None:
    client = browser_of_a_person()
    reference = send(client, fill_in(client, "child_to_school", TO_SCHOOL))
    with acting(SYSTEM, epoch=now_epoch()):
        journey = Journey.objects.get(reference=reference)
        kinds = list(Entry.objects.filter(subject=journey.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["journey.started", "journey.leg_started", "journey.leg_started"]


def test_officers_see_what_their_case_belongs_to_and_only_the_other_cases_they_may_open(
    wide: WideTown,
) -> None:
    client = browser_of_a_person()
    reference = send(client, fill_in(client, "child_to_school", TO_SCHOOL))
    cases = cases_of(reference)
    html = read_as_staff(wide.head("overseas_affairs"), cases["schooling"].reference)
    assert "孩子回来上学一件事" in html
    assert cases["health"].reference not in html


SALE: dict[str, Any] = {
    "acts": "attorney",
    "standing": "overseas_chinese",
    "nationality": "CN",
    "place": "440781",
    "hukou_address": "端芬镇侨兴路8号",
    "residence_country": "VE",
    "residence_right": "permanent",
    "stay_months_2y": 22,
    "study_or_official": False,
    "mode": "domestic_online",
    "citizenship": "mainland",
    "attorney_name": "陈国强",
    "address": "端芬镇侨兴路8号",
    "owner": "陈玉莲",
    "other_party": "黄志雄",
}
CARE: dict[str, Any] = {
    "needs_doctor": True,
    "needs_relief": True,
    "care": "home",
    "place": "440781",
    "address": "端芬镇侨兴路8号",
    "door": "侄女 0750-1234567",
    "elder_name": "陈老伯",
    "elder_birth": "1940-05-06",
    "related": "child",
    "lives_with": "alone",
    "abilities": ["walking"],
    "from_day": "2027-01-10",
    "speaks": "siyi",
    "paper_kind": "id_card",
    "insurance": "china",
    "complaint": "膝盖疼",
    "standing": "relative",
    "members": 1,
    "income": 800,
    "story": "一个人住，药费多",
    "government_aid": "never",
    "wish": "cash",
}


@pytest.mark.parametrize(
    ("event", "facts", "started"),
    [
        ("sell_house", SALE, {"identity", "notarisation", "tax"}),
        ("sell_house", SALE | {"acts": "self"}, {"identity", "tax"}),
        ("parent_care", CARE, {"elder_care", "health", "relief"}),
        ("parent_care", CARE | {"needs_doctor": False, "needs_relief": False}, {"elder_care"}),
    ],
)
def test_every_event_starts_what_the_answers_call_for(
    wide: WideTown, event: str, facts: dict[str, Any], started: set[str]
) -> None:
    client = browser_of_a_person()
    assert set(cases_of(send(client, fill_in(client, event, facts)))) == started
