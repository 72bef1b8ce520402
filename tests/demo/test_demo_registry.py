"""Invented Shengli: its people and rolls before anything is loaded, and a small registry loaded whole."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.plugin import DjangoDbBlocker

from demo.families import residents
from demo.loading import epoch, load, loaded
from demo.registry import KEEPER, PEOPLE
from demo.residents import about
from demo.rolls import CARDS, OVERSEAS, REGISTER, Roll, rolls
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.gateways import vault
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.verifying import verify
from qiaoqiao.parties.importing import mapping
from qiaoqiao.parties.importing.reading import read
from qiaoqiao.parties.linkage.numbers import check_digit
from qiaoqiao.parties.models import (
    Batch,
    Change,
    Consent,
    Contact,
    Document,
    File,
    Merge,
    Name,
    Need,
    Person,
    Proposal,
    Visit,
)
from qiaoqiao.parties.rules import SENSITIVE_NEEDS
from qiaoqiao.services.life_events.models import JourneyLeg
from qiaoqiao.services.relief.models import Grant

ON = date(2026, 11, 20)
SMALL, SEED = 120, 7
UNREAL_PHONE = re.compile(r"0772-?0\d{6}|\+86(772|750)0\d{6}")


@pytest.fixture(scope="module")
def whole() -> tuple[Roll, Roll, Roll]:
    return rolls(PEOPLE, seed=1954, on=ON)


def test_near_three_thousand_people_stand_in_about_four_thousand_three_hundred_lines(
    whole: tuple[Roll, Roll, Roll],
) -> None:
    lines = Counter(line.person for roll in whole for line in roll.lines)
    assert PEOPLE <= len(lines) < 3000
    assert 4100 < lines.total() < 4500
    assert {2, 3} < set(lines.values())


def test_the_same_seed_and_day_make_the_same_rolls_and_another_seed_others() -> None:
    first, again, other = (rolls(SMALL, seed=seed, on=ON) for seed in (3, 3, 4))
    assert first == again
    assert first != other
    assert first[1].content == again[1].content


def test_all_six_origins_are_there_and_most_came_from_vietnam() -> None:
    origins = Counter(one.origin for one in residents(PEOPLE, seed=1954, on=ON))
    assert {"VN", "ID", "MY", "SG", "TH", "MM"} == set(origins)
    assert origins.most_common(1)[0][0] == "VN"


def test_the_returnees_are_old_came_back_after_they_were_born_and_nobody_is_born_tomorrow() -> None:
    people = residents(PEOPLE, seed=1954, on=ON)
    returnees = [one for one in people if one.standing == "returnee" and one.here]
    assert sum(one.age(ON) >= 60 for one in returnees) > len(returnees) / 2
    assert all(one.return_year and one.born.year <= one.return_year for one in returnees)
    assert max(one.born for one in people) <= ON
    assert all(one.father.born < one.born for one in people if one.father)


def test_numbers_check_are_taken_once_and_belong_to_nobody_of_that_age() -> None:
    people = [one for one in residents(PEOPLE, seed=1954, on=ON) if one.identity]
    numbers = [one.identity for one in people]
    assert len(set(numbers)) == len(numbers)
    for one in people:
        assert check_digit(one.identity[:17]) == one.identity[17]
        assert one.identity[6:14] == f"{one.born:%Y%m%d}"
        assert one.identity[14:17] in {"996", "997", "998", "999"}, "kept for people of a hundred and more"
        assert one.age(ON) < 100
        assert int(one.identity[16]) % 2 == (one.sex == "m")
    assert "450205" in {number[:6] for number in numbers}


def test_no_telephone_number_or_address_of_a_roll_reaches_anybody(whole: tuple[Roll, Roll, Roll]) -> None:
    for roll in whole:
        for line in roll.lines:
            said = dict(zip(roll.header, line.cells, strict=True))
            phone, mail = said.get("联系电话") or said.get("电话"), said.get("电子邮箱")
            assert not phone or UNREAL_PHONE.fullmatch(phone)
            assert not mail or mail.endswith("@example.org")


def test_a_person_stands_in_several_rolls_under_other_spellings(whole: tuple[Roll, Roll, Roll]) -> None:
    cards, register, overseas = ({line.person: line.cells for line in roll.lines} for roll in whole)
    both = cards.keys() & register.keys()
    assert len(both) > 800
    assert any(cards[one][1] != register[one][1] for one in both)
    assert any(not cards[one][12] for one in both), "cards without a number leave something to decide"
    assert len(overseas.keys() & (cards.keys() | register.keys())) > 100


@pytest.mark.parametrize("place", range(3))
def test_each_roll_is_read_by_the_product_and_its_columns_are_understood(
    whole: tuple[Roll, Roll, Roll], place: int
) -> None:
    roll = whole[place]
    sheet = read(roll.file_name, roll.content)
    assert sheet.header == roll.header
    assert len(sheet.rows) == len(roll.lines)
    guessed = mapping.guess(sheet.header, {})
    assert mapping.faults(guessed) == {}
    assert all(guessed.values()), guessed


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A small demo with files, loaded once for this file and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(40, people=SMALL, seed=SEED, now=datetime.now(UTC))
        with acting(SYSTEM, epoch=epoch()):
            yield
        transaction.set_rollback(True)


@pytest.fixture
def seen(town: None) -> Iterator[None]:
    with acting(SYSTEM, epoch=epoch()):
        yield


@pytest.mark.usefixtures("seen")
def test_every_roll_was_brought_in_whole_and_is_kept_for_who_tries_the_demo() -> None:
    assert set(about("sources")) == {CARDS, REGISTER, OVERSEAS}
    for roll in rolls(SMALL, seed=SEED, on=timezone.localdate()):
        batch = Batch.objects.get(source__code=roll.code)
        assert (batch.state, batch.rows) == ("done", len(roll.lines))
        assert batch.records.count() == batch.good > 0
        assert Path(settings.STATE_DIR, "demo-rolls", roll.file_name).stat().st_size > 1000


@pytest.mark.usefixtures("seen")
def test_there_are_more_files_than_people_until_somebody_decides() -> None:
    files = File.objects.filter(office__code=KEEPER)
    assert files.count() > SMALL
    assert not files.filter(name="", latin_name="").exists()
    assert Name.objects.filter(script="latin").exists()
    assert Name.objects.filter(script="hant").exists()
    assert files.exclude(place=None).exclude(household=None).exists()


@pytest.mark.usefixtures("seen")
def test_a_card_and_a_register_line_with_one_number_and_name_are_one_file() -> None:
    shared = Batch.objects.get(source__code=REGISTER).counts["joined"]
    assert shared > 5
    blinds = [bytes(one) for one in Document.objects.values_list("blind", flat=True)]
    assert vault.blind("identity", residents(SMALL, seed=SEED, on=timezone.localdate())[0].identity) in blinds


@pytest.mark.usefixtures("seen")
def test_a_year_was_told_of_visits_consents_and_requests() -> None:
    assert Visit.objects.filter(office__code=KEEPER).exists()
    assert Consent.objects.filter(purpose="keeping").exists()
    assert {"open", "done"} <= set(Change.objects.values_list("state", flat=True))
    assert File.objects.exclude(died_on=None).exists()
    assert not Entry.objects.filter(at__gt=datetime.now(UTC)).exists()


@pytest.mark.usefixtures("seen")
def test_no_sensitive_need_is_kept_without_a_consent_of_its_own() -> None:
    agreed = Consent.objects.filter(purpose="sensitive", withdrawn_at__isnull=True).values("file")
    sensitive = Need.objects.filter(kind__in=SENSITIVE_NEEDS)
    assert sensitive.exists()
    assert not sensitive.exclude(file__in=agreed).exists()


@pytest.mark.usefixtures("seen")
def test_pairs_that_look_alike_are_proposed_and_some_are_decided_by_whose_they_truly_are() -> None:
    states = Counter(Proposal.objects.values_list("state", flat=True))
    assert {"open", "later", "accepted"} <= set(states)
    merged = Merge.objects.filter(undone_at__isnull=True)
    assert merged.count() == states["accepted"] == File.objects.filter(state="merged").count()
    assert all(one.decided_by for one in Proposal.objects.filter(state__in=["accepted", "rejected"]))


@pytest.mark.usefixtures("seen")
def test_some_applicants_of_liuzhou_have_their_file() -> None:
    linked = Person.objects.exclude(file=None).select_related("file")
    assert linked.exists()
    assert all(one.name == one.file.name for one in linked if one.file)


@pytest.mark.usefixtures("seen")
def test_the_whole_ledger_holds_and_nothing_waits_for_the_worker() -> None:
    verdict = verify(using="default")
    assert verdict.holds, verdict.findings
    assert not ProcrastinateJob.objects.exists()
    assert not Contact.objects.exclude(kind__in=["phone", "email"]).exists()
    started = JourneyLeg.objects.filter(case__isnull=False).count()
    granted, without_grant = Grant.objects.filter(case__isnull=False).count(), 1
    assert loaded() == 40 + started + granted + without_grant
