"""Every notice of every service: an official paper in Chinese with the same in the person's language behind it."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from qiaoqiao.casework.models import Paper
from qiaoqiao.casework.notices import CHINESE, Telling, sheet
from qiaoqiao.casework.printing import print_paper
from qiaoqiao.catalogue.entry import Ask, Entry, FormField, Move, Words, words
from qiaoqiao.catalogue.loader import current, entry
from tests.cast import AT

LANGUAGES = ("zh-hant", "en", "es", "pt")
OFFICE: Words = {
    "zh-Hans": "台山市侨联",
    "zh-Hant": "台山市僑聯",
    "en": "Taishan Federation",
    "es": "Federación de Taishan",
    "pt": "Federação de Taishan",
}
POLICE: Words = {
    "zh-Hans": "台山市公安局",
    "zh-Hant": "台山市公安局",
    "en": "Taishan Police",
    "es": "Policía de Taishan",
    "pt": "Polícia de Taishan",
}
NOTICES = [(one.id, name) for one in current() for name in one.notices]


def fact(field: FormField) -> Any:
    """Some answer that the field takes."""
    chosen = field.options[0].id if field.options else ""
    answers = {"choice": chosen, "choices": [chosen], "date": "2026-11-20", "country": "VE", "number": 3}
    return answers.get(field.type, True if field.type == "yesno" else f"<{field.id}>")


def answer(ask: Ask, about: Entry) -> Any:
    """Some answer that the ask takes; several where several are named."""
    offered = {
        "materials": [one.id for one in about.materials][:2],
        "refusal": [one.id for one in about.refusals][:2],
        "choice": ask.options[0].id if ask.options else "",
        "date": "2026-12-20",
        "number": 5,
    }
    return offered.get(ask.type, f"«{ask.id}»")


def issuing(about: Entry, notice: str) -> Move | None:
    return next((move for move in about.moves if move.notice == notice), None)


def telling(about: Entry, notice: str) -> Telling:
    move = issuing(about, notice)
    return Telling(
        entry=about,
        reference="QQ26-7K3M-9PA",
        person="陈玉莲",
        addressee="陈玉莲",
        office=OFFICE,
        office_lines=["侨都路1号", "0750-0000000"],
        on=date(2026, 11, 26),
        facts={field.id: fact(field) for field in about.fields},
        answers={ask.id: answer(ask, about) for ask in move.asks} if move else {},
        move=move,
        to_office=POLICE,
        limits=[(limit.name, date(2026, 12, 1), "《某法》1") for limit in about.limits[:2]],
        due_on=date(2026, 12, 1),
        for_person=about.notices[notice].to == "person",
        tracking_url="https://window.example/track/",
    )


def shape(version: dict[str, Any]) -> tuple[int, list[tuple[str, int]]]:
    return len(version["paragraphs"]), [(block["kind"], len(block["rows"])) for block in version["blocks"]]


@pytest.mark.parametrize(("service", "notice"), NOTICES, ids=[f"{one}-{two}" for one, two in NOTICES])
def test_a_notice_says_in_every_language_what_it_says_in_chinese(service: str, notice: str) -> None:
    about = entry(service)
    told = telling(about, notice)
    for language in LANGUAGES:
        versions: Any = sheet(notice, told, language)["versions"]
        assert shape(versions[language]) == shape(versions[CHINESE])
        assert versions[language]["title"] == words(about.notices[notice].title, language)
        said = str(versions[language]["paragraphs"])
        assert not re.search(r"\{\w+\}", said)
        given = set(re.findall(r"«\w+»|<\w+>", str(versions[CHINESE]["paragraphs"])))
        assert given <= set(re.findall(r"«\w+»|<\w+>", said))


@pytest.mark.parametrize("number", range(len(NOTICES)))
def test_a_notice_is_printed_in_chinese_with_its_translation_behind(number: int) -> None:
    """Each in one of the four languages in turn; that all say the same is shown above."""
    service, notice = NOTICES[number]
    language = LANGUAGES[number % len(LANGUAGES)]
    about = entry(service)
    paper = Paper(
        kind=notice,
        number="台侨函〔2026〕8号",
        added_at=AT,
        sheet=sheet(notice, telling(about, notice), language),
    )
    text = [page.extract_text() for page in PdfReader(BytesIO(print_paper(paper))).pages]
    plain = ["".join(page.split()) for page in text]
    assert "".join(words(about.notices[notice].title, CHINESE).split()) in plain[0]
    assert "台侨函〔2026〕8号" in plain[0]
    assert any("".join(words(about.notices[notice].title, language).split()) in page for page in plain[1:])


@pytest.mark.parametrize("service", [one.id for one in current()])
def test_what_a_person_must_be_told_in_writing_always_is(service: str) -> None:
    """A receipt for each request, all missing papers at once, reasons and where to turn, each extension."""
    about = entry(service)
    assert "receipt" in about.notices
    for move in about.moves:
        blocks = about.notices[move.notice].blocks if move.notice else []
        asked = {ask.type for ask in move.asks}
        assert "materials" not in asked or "missing" in blocks, move.id
        assert "refusal" not in asked or "reasons" in blocks, move.id
        assert not move.extends or move.notice, move.id
