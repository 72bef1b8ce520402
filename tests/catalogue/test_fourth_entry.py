"""An office's own service, a file in a folder of its own, works everywhere without code."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from qiaoqiao.access.models import Account, Client
from qiaoqiao.access.tickets import SYSTEM, Actor, acting, person
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.models import Case, Paper
from qiaoqiao.catalogue import loader
from qiaoqiao.catalogue.finding import find
from qiaoqiao.reporting.figures import Filter, overview
from tests.cast import AT, Town, as_staff, file_case, now_epoch
from tests.catalogue.assembling import whole
from tests.portal.forms import APPLICANT, CONSENT, begin

FACTS = {"wish": "village", "left_for": "VE", "ancestor": "陈阿土", "place": "440781"}
TOKEN = "token-of-the-fourth"


@pytest.fixture
def own_services(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An office's own folder with the how-to's service, named to the product."""
    (tmp_path / "roots.yaml").write_text(whole(), encoding="utf-8")
    settings.EXTRA_ENTRIES = tmp_path
    loader.editions.cache_clear()
    yield tmp_path
    loader.editions.cache_clear()


@pytest.fixture
def town(db: None, own_services: Path) -> Town:
    return Town()


@pytest.fixture
def visitor() -> Browser:
    return Browser(headers={"accept-language": "zh-CN"})


def go(account: Account, case: Case, move_id: str, *, day: int, **answers: Any) -> Case:
    return act(as_staff(account), case, move_id, day=day, **answers)


def act(actor: Actor, case: Case, move_id: str, *, day: int, **answers: Any) -> Case:
    at = datetime(2026, 3, day, 2, tzinfo=UTC)
    with acting(actor, epoch=now_epoch()):
        return move(case.pk, move_id, answers=answers, actor=actor, at=at)


@pytest.mark.parametrize(
    ("said", "language"), [("帮我找族谱", "zh-Hans"), ("árbol genealógico", "es"), ("trace my roots", "en")]
)
def test_it_is_found_in_ones_own_words(own_services: Path, said: str, language: str) -> None:
    assert [hit.entry.id for hit in find(said, language)][:1] == ["roots"]


def test_the_portal_lists_it_and_shows_its_page_in_five_languages(town: Town, visitor: Browser) -> None:
    for page in ("/", "/services/"):
        assert "寻根问祖" in visitor.get(page).content.decode()
    entry = loader.entry("roots")
    for language, name in entry.name.items():
        visitor.cookies["language"] = language.lower()
        page = visitor.get("/services/roots/").content.decode()
        assert name.replace("'", "&#x27;") in page
        assert entry.guidance.steps[0][language] in page
    assert visitor.get("/services/roots/picture.svg").status_code == 200


def test_it_is_filed_on_the_web_to_the_end(town: Town, visitor: Browser) -> None:
    pages = begin(visitor, "roots")
    for step, sent in (("applicant", APPLICANT), ("q-family", FACTS)):
        answer = visitor.post(f"{pages}{step}/", sent)
        assert answer.status_code == 303, answer.content.decode()
    assert visitor.post(f"{pages}review/", CONSENT)["Location"].startswith("/receipt/")
    with acting(SYSTEM, epoch=now_epoch()):
        case = Case.objects.get()
        assert (case.service, case.office_id, case.facts) == ("roots", town.federation.pk, FACTS)
        assert [paper.kind for paper in Paper.objects.filter(case=case)] == ["receipt"]


def test_the_api_lists_and_files_it(town: Town) -> None:
    digest = hashlib.sha256(TOKEN.encode()).digest()
    Client.objects.create(name="测试", token_digest=digest, made_at=AT)
    system = Browser(headers={"authorization": f"Bearer {TOKEN}", "accept-language": "es"})
    listed = {one["id"]: one["name"] for one in system.get("/api/v1/services").json()}
    assert listed["roots"] == "Encontrar el pueblo de su familia"
    rosa = {"name": "陈玉莲", "country": "VE", "language": "es", "timezone": "America/Caracas"}
    body = {"service": "roots", "applicant": rosa | {"email": "rosa@example.org"}, "facts": FACTS}
    filed = system.post("/api/v1/cases", json.dumps(body), content_type="application/json")
    assert filed.status_code == 200, filed.content
    with acting(SYSTEM, epoch=now_epoch()):
        assert Case.objects.get(reference=filed.json()["reference"]).service == "roots"


def test_its_limit_runs_stands_still_and_is_kept(town: Town) -> None:
    case = file_case("roots", FACTS)
    assert (case.due_on, case.due_limit) == (date(2026, 4, 1), "answer")
    go(town.officer_chen, case, "ask_papers", day=4, missing=["old_papers"])
    supplied = act(person(case.pk), case, "supplement", day=14, papers=["旧信"])
    assert supplied.due_on == date(2026, 4, 13)  # ten days waited, and the 11th is a Saturday
    assert go(town.officer_chen, case, "answer", day=16, found="端芬镇那泰村").on_time


def test_another_office_is_asked_and_answers(town: Town) -> None:
    case = file_case("roots", FACTS)
    go(town.officer_chen, case, "consult", day=3)
    go(town.head_liang, case, "opinion", day=4, clue="族谱在村委会")
    answered = go(town.officer_chen, case, "answer", day=5, found="端芬镇那泰村")
    assert (answered.state, answered.outcome) == ("answered", "answered")
    with acting(SYSTEM, epoch=now_epoch()):
        sheet = Paper.objects.get(case=case, kind="reply").sheet
    assert sheet is not None
    assert "陈阿土，我们查到：端芬镇那泰村" in sheet["versions"]["zh-hans"]["paragraphs"][0]
    assert "端芬镇那泰村" in sheet["versions"]["es"]["paragraphs"][0]


def test_the_overview_counts_it_by_category_and_outcome(town: Town) -> None:
    file_case("roots", FACTS | {"wish": "relatives"})
    refused = file_case("roots", FACTS)
    go(town.officer_chen, refused, "refuse", day=3, ground="too_little")
    with acting(as_staff(town.head_liang), epoch=now_epoch()):
        found = overview([town.federation.pk], Filter(service="roots"), today=date(2026, 5, 1))
    assert (found.filed.number, found.done.number, found.overdue.number) == (2, 1, 1)
    assert {(one.wanted.category, one.number) for one in found.by["category"]} == {
        ("relatives", 1),
        ("village", 1),
    }
    assert [(one.wanted.outcome, one.number) for one in found.by["outcome"]] == [("refused", 1)]


def test_a_case_keeps_its_edition_when_there_is_a_new_one(town: Town, own_services: Path) -> None:
    case = file_case("roots", FACTS)
    (own_services / "earlier").mkdir()
    (own_services / "roots.yaml").rename(own_services / "earlier" / "roots-1.yaml")
    text = whole().replace("edition: 1", "edition: 2").replace("amount: 30", "amount: 20")
    (own_services / "roots.yaml").write_text(text, encoding="utf-8")
    loader.editions.cache_clear()
    go(town.officer_chen, case, "ask_papers", day=4, missing=["old_papers"])
    assert act(person(case.pk), case, "supplement", day=4, papers=["旧信"]).due_on == date(2026, 4, 1)
    assert file_case("roots", FACTS).due_on == date(2026, 3, 23)  # the 22nd is a Sunday


def test_without_the_folder_there_are_only_the_products_own(db: None) -> None:
    loader.editions.cache_clear()
    assert "roots" not in {entry.id for entry in loader.current()}


def test_a_folder_that_is_not_there_is_said_and_not_passed_over(own_services: Path, settings: Any) -> None:
    settings.EXTRA_ENTRIES = own_services / "misspelt"
    loader.editions.cache_clear()
    with pytest.raises(loader.EntryUnreadable, match="misspelt"):
        loader.current()


def test_a_file_cannot_take_the_place_of_another_edition(own_services: Path) -> None:
    (own_services / "mine.yaml").write_text(
        whole().replace("id: roots", "id: schooling", 1), encoding="utf-8"
    )
    loader.editions.cache_clear()
    with pytest.raises(loader.EntryUnreadable, match="schooling"):
        loader.current()
