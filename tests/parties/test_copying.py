"""The copy is complete: every table and column that holds a person's data is in it, or says why not."""

import json
from datetime import date

import pytest
from django.db import models
from django.utils import timezone, translation

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.parties import copying, holding
from qiaoqiao.parties.actions.files import document, opened
from qiaoqiao.parties.holding import PARTS, WHY_NOT
from qiaoqiao.parties.models import (
    Address,
    Contact,
    File,
    Household,
    Kin,
    Member,
    Need,
    Record,
    Source,
    Standing,
    Visit,
)
from qiaoqiao.parties.rules import LANGUAGES
from tests.cast import Town, as_staff, now_epoch
from tests.parties.town_files import at_desk, file_of


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def test_every_table_and_column_is_copied_or_left_out_for_a_reason() -> None:
    assert copying.unmapped() == []
    assert {why for part in PARTS for why in part.withheld.values()} == set(WHY_NOT)


def test_a_table_nobody_thought_of_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "PARTS", [part for part in PARTS if part.model is not Need])
    assert copying.unmapped() == ["Need"]


def test_no_text_that_somebody_wrote_is_withheld_but_other_peoples_names_and_officers() -> None:
    texts = {
        f"{part.model.__name__}.{name}"
        for part in PARTS
        for name in part.withheld
        if isinstance(part.model._meta.get_field(name), models.CharField | models.TextField)
    }
    assert texts == {
        "Visit.key", "Visit.companion", "Record.father_name", "Record.mother_name", "Record.spouse_name",
        "Consent.given_to", "Change.asked_by", "Change.evidence",
    }  # fmt: skip


def a_full_file(town: Town) -> File:
    file = file_of(
        town, "黎金好", document("passport", "E00112233", issuer="CN"), Standing(kind="returnee"),
        Address(kind="home", text="胜利社区"), Contact(kind="phone", value="+8613800000000"),
        Need(kind="alone", note="女儿在印尼"), Kin(relation="father", name="黎大"), born="1958", sex="f",
    )  # fmt: skip
    with acting(SYSTEM, epoch=now_epoch()):
        home = Household.objects.create(office=town.federation, number="037", address="5栋202")
        source = Source.objects.create(
            code="hukou", office=town.federation, keeper=town.federation,
            names={"zh-Hans": "户籍登记", "es": "Registro"}, kind="hukou", basis="x",
        )  # fmt: skip
        line = Record.objects.create(
            source=source, line=7, file=file, name_hanzi="黎金好", mother_name="陈氏", added_at=timezone.now()
        )
        Member.objects.create(file=file, household=home, relation="head", added_at=timezone.now())
        Kin.objects.create(file=file, relation="mother", name="陈氏", record=line, added_at=timezone.now())
        Visit.objects.create(
            file=file, key="k", office=town.federation, officer=town.officer_chen, companion="志愿者小张",
            visited_at=timezone.now(), kind="routine", said="睡不好", found="屋顶漏水",
        )  # fmt: skip
    with at_desk(town.officer_chen) as actor:
        opened(file.pk, purpose="visit", actor=actor, at=timezone.now(), office=town.federation.code)
    return file


def test_the_person_gets_what_is_theirs_and_nothing_of_others(town: Town) -> None:
    file = a_full_file(town)
    with acting(person(file.pk), epoch=now_epoch()):
        mine = File.objects.select_related("office").get(pk=file.pk)
        read = copying.held(mine)
        copy = json.dumps(
            copying.machine(mine, read, at=timezone.now(), language="zh-hans"), ensure_ascii=False
        )
        said = str(copying.sections(read, "zh-hans"))
    for text in (copy, said):
        for theirs in (
            "黎金好",
            "胜利社区",
            "+8613800000000",
            "女儿在印尼",
            "睡不好",
            "屋顶漏水",
            "5栋202",
            "黎大",
            "2233",
        ):
            assert theirs in text, theirs
        for others in ("陈氏", "志愿者小张", "E00112233", town.officer_chen.username):
            assert others not in text.replace("officer_chen", ""), others
    assert as_staff(town.officer_chen).ledger_name not in copy


def test_a_fact_says_where_it_was_learned_and_since_when(town: Town) -> None:
    file = file_of(town, "黎金好", Address(kind="home", text="老屋", since=date(2001, 1, 1), proof="户口簿"))
    with acting(person(file.pk), epoch=now_epoch()):
        read = copying.held(File.objects.get(pk=file.pk))
        (line,) = next(one for one in copying.sections(read, "zh-hans") if one.key == "addresses").lines
    assert (line.since, line.source) == (date(2001, 1, 1), "户口簿")


def test_looks_name_the_office_and_the_post(town: Town) -> None:
    file = a_full_file(town)
    with acting(person(file.pk), epoch=now_epoch()):
        (look,) = copying.looks(file.pk, "zh-hans")
    assert (look.office, look.roles, look.purpose) == ("台山市ts-federation", ("handler",), "走访")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_is_said_in_every_language(town: Town, language: str) -> None:
    file = a_full_file(town)
    with acting(person(file.pk), epoch=now_epoch()), translation.override(language):
        read = copying.held(File.objects.select_related("office").get(pk=file.pk))
        sections = copying.sections(read, language)
    with translation.override("zh-hans"):
        chinese = copying.sections(read, "zh-hans")
    assert [len(one.lines) for one in sections] == [len(one.lines) for one in chinese]
    if not language.startswith("zh"):
        labels = {item.label for one in sections for line in one.lines for item in line.items}
        assert not [label for label in labels if any("一" <= char <= "鿿" for char in label)]


def test_the_tables_with_a_file_are_those_described_here() -> None:
    assert {part.model for part in holding.PARTS} & set(holding.LEFT_OUT) == set()
