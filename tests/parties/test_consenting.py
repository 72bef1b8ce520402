"""Consent by purpose: its exact words, children, withdrawal and what follows, the dead."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.models import Fact as Told
from qiaoqiao.parties.actions.changing import ChangeRefused, Evidence
from qiaoqiao.parties.actions.consenting import ConsentRefused, give, in_force, mark_died, withdraw
from qiaoqiao.parties.actions.files import add_facts
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.rights import ask_for, decide
from qiaoqiao.parties.consents import CURRENT, PURPOSES, is_child, wording
from qiaoqiao.parties.models import Change, Consent, Contact, File, Need
from qiaoqiao.parties.rules import LANGUAGES
from tests.cast import Town, as_staff, now_epoch
from tests.parties.town_files import at_desk, file_of

FINGERPRINTS = {
    "2026-11/keeping/zh-hans": "2870e388be98",
    "2026-11/keeping/zh-hant": "ca95ac0bfa86",
    "2026-11/keeping/en": "13d1c4f2134d",
    "2026-11/keeping/es": "7cb552592e49",
    "2026-11/keeping/pt": "8e082ceb275d",
    "2026-11/contact/zh-hans": "49da1f6655a9",
    "2026-11/contact/zh-hant": "d4dfbc090064",
    "2026-11/contact/en": "ec52e0ff26cb",
    "2026-11/contact/es": "76fab9cd0b14",
    "2026-11/contact/pt": "77ccf8bc8dfe",
    "2026-11/sensitive/zh-hans": "041d8a0d4a25",
    "2026-11/sensitive/zh-hant": "f3c70f652bf5",
    "2026-11/sensitive/en": "fd5d6a3b4c11",
    "2026-11/sensitive/es": "357bf9918513",
    "2026-11/sensitive/pt": "d29cd2f691ab",
    "2026-11/third_party/zh-hans": "40ceccfd245d",
    "2026-11/third_party/zh-hant": "89bbdd997d99",
    "2026-11/third_party/en": "bb60d20075ea",
    "2026-11/third_party/es": "085f806d11c3",
    "2026-11/third_party/pt": "0230a3a902cd",
    "2026-11/abroad/zh-hans": "dc1daf7e85da",
    "2026-11/abroad/zh-hant": "e5138d1b2d8a",
    "2026-11/abroad/en": "ce95f39deaaf",
    "2026-11/abroad/es": "2d000dc61fd0",
    "2026-11/abroad/pt": "95da71ea4644",
}
"""Of every text that has been put before people: a changed word needs a new version, not a new fingerprint."""


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def agreed(town: Town, file: File, purpose: str, **more: str) -> Consent:
    given = {"language": "zh-hans", "method": "counter"} | more
    with at_desk(town.officer_chen) as actor:
        return give(file.pk, purpose, actor=actor, at=timezone.now(), office=town.federation.code, **given)


def taken_back(town: Town, consent: Consent) -> Consent:
    with at_desk(town.officer_chen) as actor:
        return withdraw(consent.pk, actor=actor, at=timezone.now())


def kinds(file: File) -> list[str]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Entry.objects.filter(subject=file.pk).order_by("seq").values_list("kind", flat=True))


# --- the words --------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_is_worded_in_five_languages_and_says_that_no_service_hangs_on_it(purpose: str) -> None:
    said = [wording(purpose, language) for language in LANGUAGES]
    assert [one.language for one in said] == list(LANGUAGES)
    assert len({one.text for one in said}) == len({one.title for one in said}) == 5
    assert all(one.refusing for one in said)
    for named in PURPOSES[purpose].names:
        assert all(f"{{{named}}}" in one.text for one in said)


def test_a_wording_that_people_agreed_to_is_never_changed() -> None:
    now = {
        f"{version}/{purpose}/{language}": wording(purpose, language, version).fingerprint[:12]
        for version in ("2026-11",)
        for purpose in PURPOSES
        for language in LANGUAGES
    }
    assert now == FINGERPRINTS


def test_what_the_law_wants_separately_stands_alone() -> None:
    assert {name for name, one in PURPOSES.items() if one.separate} == {"sensitive", "third_party", "abroad"}


@pytest.mark.parametrize(
    ("born", "child"),
    [
        ("2012-11-27", True), ("2012-11-26", False), ("2012-11", True), ("2012-10", False), ("2012", True),
        ("2011", False), ("", False), ("昨天", False), ("2016-02-29", True),
    ],
)  # fmt: skip
def test_a_child_is_younger_than_fourteen_and_a_partial_date_errs_towards_the_child(
    born: str, child: bool
) -> None:
    assert is_child(born, date(2026, 11, 26)) is child


# --- giving -----------------------------------------------------------------------------------------


def test_a_consent_keeps_the_words_it_was_given_to(town: Town) -> None:
    file = file_of(town)
    agreed(town, file, "sensitive", language="es", method="visit")
    with acting(SYSTEM, epoch=now_epoch()):
        kept = Consent.objects.get(file=file)
    said = wording("sensitive", "es")
    assert (kept.version, kept.wording, kept.language) == (CURRENT, said.fingerprint, "es")
    assert (kept.method, kept.given_to) == ("visit", as_staff(town.officer_chen).ledger_name)
    assert kinds(file)[-1] == "file.consented:sensitive"


def test_agreeing_twice_is_agreeing_once_but_each_recipient_is_one_of_its_own(town: Town) -> None:
    file = file_of(town)
    one = agreed(town, file, "third_party", recipient="市红十字会")
    again = agreed(town, file, "third_party", recipient=" 市红十字会 ")
    other = agreed(town, file, "third_party", recipient="市慈善会")
    assert one.pk == again.pk != other.pk
    with acting(SYSTEM, epoch=now_epoch()):
        assert in_force(file.pk, "third_party", recipient="市慈善会")
        assert not in_force(file.pk, "third_party", recipient="别的单位")
        assert not in_force(file.pk, "abroad", recipient="市慈善会")


@pytest.mark.parametrize(
    ("purpose", "given", "faults"),
    [
        ("third_party", {}, {"recipient": "missing"}),
        ("abroad", {"recipient": "Casa"}, {"country": "missing"}),
        ("abroad", {"recipient": "Casa", "country": "CN"}, {"country": "not_offered"}),
        ("abroad", {"recipient": "Casa", "country": "XX"}, {"country": "not_offered"}),
        ("contact", {"method": "thought"}, {"method": "not_offered"}),
        ("everything", {}, {"purpose": "not_offered"}),
    ],
)
def test_a_consent_that_does_not_say_enough_is_none(
    town: Town, purpose: str, given: dict[str, str], faults: dict[str, str]
) -> None:
    file = file_of(town)
    with pytest.raises(ConsentRefused) as refused:
        agreed(town, file, purpose, **given)
    assert refused.value.faults == faults
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Consent.objects.filter(file=file).exists()


def test_for_a_child_a_guardian_agrees(town: Town) -> None:
    born = (timezone.localdate() - timedelta(days=10 * 365)).isoformat()
    file = file_of(town, "小妹", born=born)
    with pytest.raises(ConsentRefused) as refused:
        agreed(town, file, "contact")
    assert refused.value.faults == {"guardian": "missing"}
    assert agreed(town, file, "contact", guardian="黎金好").guardian == "黎金好"


def test_a_stranger_takes_down_no_consent(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.stranger_he) as actor, pytest.raises(File.DoesNotExist):
        give(file.pk, "contact", language="es", method="counter", actor=actor, at=timezone.now())


# --- taking back ------------------------------------------------------------------------------------


def test_withdrawing_sensitive_removes_those_needs_and_leaves_numbers_in_the_ledger(town: Town) -> None:
    file = file_of(
        town, "黎金好", Need(kind="illness", note="糖尿病"), Need(kind="hardship"), Need(kind="alone")
    )
    taken_back(town, agreed(town, file, "sensitive"))
    with acting(SYSTEM, epoch=now_epoch()):
        assert list(Need.objects.filter(file=file).values_list("kind", flat=True)) == ["alone"]
        told = Told.objects.filter(subject=file.pk, entry__kind="file.withdrew:sensitive").get().facts
        assert "糖尿病" not in str(list(Told.objects.filter(subject=file.pk).values_list("facts", flat=True)))
    assert told["needs_removed"] == 2


def test_withdrawing_contact_clears_wishes_but_not_the_addresses_that_duty_needs(town: Town) -> None:
    file = file_of(town, "黎金好", Contact(kind="phone", value="+8613800000000", preferred=True, wish="晚上"))
    taken_back(town, agreed(town, file, "contact"))
    with acting(SYSTEM, epoch=now_epoch()):
        kept = Contact.objects.get(file=file)
    assert (kept.value, kept.preferred, kept.wish) == ("+8613800000000", False, "")


def test_withdrawing_is_done_once_and_possible_while_frozen(town: Town) -> None:
    file = file_of(town)
    consent = agreed(town, file, "contact")
    with acting(person(file.pk), epoch=now_epoch()):
        ask_for(file.pk, "freeze", actor=person(file.pk), at=timezone.now())
    first = taken_back(town, consent).withdrawn_at
    assert taken_back(town, consent).withdrawn_at == first
    assert kinds(file).count("file.withdrew:contact") == 1
    assert agreed_later(town, file) is None


def agreed_later(town: Town, file: File) -> Consent | None:
    try:
        return agreed(town, file, "contact")
    except FileClosed:
        return None


def test_after_withdrawing_one_may_agree_again(town: Town) -> None:
    file = file_of(town)
    taken_back(town, agreed(town, file, "contact"))
    agreed(town, file, "contact")
    with acting(SYSTEM, epoch=now_epoch()):
        assert Consent.objects.filter(file=file).count() == 2
        assert in_force(file.pk, "contact")


# --- frozen -----------------------------------------------------------------------------------------


def test_a_frozen_file_is_changed_by_nobody_until_it_is_thawed(town: Town) -> None:
    file = file_of(town)
    me = person(file.pk)
    with acting(me, epoch=now_epoch()):
        ask_for(file.pk, "freeze", actor=me, at=timezone.now())
    with at_desk(town.officer_chen) as actor:
        with pytest.raises(FileClosed):
            add_facts(file.pk, Need(kind="alone"), actor=actor, at=timezone.now())
        with pytest.raises(ChangeRefused):
            ask_for(file.pk, "thaw", actor=actor, at=timezone.now())
    with acting(me, epoch=now_epoch()):
        ask_for(file.pk, "thaw", actor=me, at=timezone.now())
    with at_desk(town.officer_chen) as actor:
        add_facts(file.pk, Need(kind="alone"), actor=actor, at=timezone.now())


def test_what_staff_ask_for_somebody_needs_a_proof_and_a_second_officer(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        asked = ask_for(
            file.pk, "freeze", evidence=Evidence("0" * 32, "亲属关系.pdf"), reason="女儿到窗口", actor=actor, at=timezone.now()
        )  # fmt: skip
        assert (asked.state, asked.by_person, File.objects.get(pk=file.pk).state) == ("open", False, "active")
    with at_desk(town.head_liang) as actor:
        decide(asked.pk, "done", actor=actor, at=timezone.now())
        assert File.objects.get(pk=file.pk).state == "frozen"
    # what an office froze, the person asks to be thawed: it waits
    me = person(file.pk)
    with acting(me, epoch=now_epoch()):
        assert ask_for(file.pk, "thaw", actor=me, at=timezone.now()).state == "open"


# --- the dead ---------------------------------------------------------------------------------------


def test_with_a_death_greetings_and_contacts_end_and_the_file_stays(town: Town) -> None:
    file = file_of(town, "黎金好", Contact(kind="phone", value="+8613800000000", preferred=True))
    agreed(town, file, "contact")
    agreed(town, file, "keeping")
    with at_desk(town.officer_chen) as actor:
        with pytest.raises(ConsentRefused):
            mark_died(file.pk, date(2026, 3, 1), proof=" ", actor=actor, at=timezone.now())
        mark_died(file.pk, date(2026, 3, 1), proof="死亡证明", actor=actor, at=timezone.now())
    with acting(SYSTEM, epoch=now_epoch()):
        known = File.objects.get(pk=file.pk)
        assert (known.died_on, known.state) == (date(2026, 3, 1), "active")
        assert Contact.objects.get(file=file).until == date(2026, 3, 1)
        assert not in_force(file.pk, "contact")
        assert in_force(file.pk, "keeping")
    assert kinds(file)[-1] == "file.died"


def test_near_relatives_ask_at_the_counter_with_a_proof(town: Town) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen) as actor:
        mark_died(file.pk, date(2026, 3, 1), proof="死亡证明", actor=actor, at=timezone.now())
        for kind in ("copy", "delete"):
            ask_for(
                file.pk, kind, reason="儿子", evidence=Evidence("1" * 32, "户口簿.pdf"), actor=actor, at=timezone.now()
            )  # fmt: skip
        assert set(Change.objects.filter(file=file).values_list("kind", flat=True)) == {"copy", "delete"}
