"""What follows an entry happens at least once and has its effect once, whenever the worker dies."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.casework import reactions
from qiaoqiao.casework.actions import proving
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.models import Case, Code, Delivery, Paper
from qiaoqiao.gateways import mail, sms, storage
from qiaoqiao.ledger.models import Entry
from tests.cast import AT, ROSA, SETTLE, Town, file_case, now_epoch


@pytest.fixture
def case(db: None) -> Case:
    Town()
    return file_case("settlement", SETTLE)


def entry_of(case: Case, kind: str) -> str:
    with acting(SYSTEM, epoch=now_epoch()):
        return str(Entry.objects.filter(subject=case.pk, kind=kind).latest("seq").uid)


def letters_to(address: str) -> list[str]:
    return [letter.body for letter in mail.recent(50, address)]


def test_a_notice_is_printed_and_the_person_told_without_saying_what_it_is_about(case: Case) -> None:
    before = len(letters_to("rosa@example.org"))
    reactions.deliver_notice(entry_of(case, "notice"))
    letters = letters_to("rosa@example.org")
    assert len(letters) == before + 1
    assert case.reference in letters[0]
    for secret in ("陈玉莲", "Rosa", "定居", "retorno", "台山"):
        assert secret not in letters[0]
    with acting(SYSTEM, epoch=now_epoch()):
        paper = Paper.objects.get(case=case, kind="receipt")
        assert Delivery.objects.get(paper=paper, channel="email").state == "served"
        with storage.open_kept(paper.file) as printed:
            assert case.reference in "".join(page.extract_text() for page in PdfReader(printed).pages)


def test_a_worker_that_dies_after_sending_sends_nothing_twice(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, before = entry_of(case, "notice"), len(letters_to("rosa@example.org"))

    def killed(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(reactions, "serve", killed)
        with pytest.raises(SystemExit):
            reactions.deliver_notice(entry)
    with acting(SYSTEM, epoch=now_epoch()):
        assert Delivery.objects.get(case=case, channel="email").state == "waiting"
    reactions.deliver_notice(entry)
    reactions.deliver_notice(entry)
    assert len(letters_to("rosa@example.org")) == before + 1
    with acting(SYSTEM, epoch=now_epoch()):
        assert Entry.objects.filter(subject=case.pk, kind="served:receipt").count() == 1


def test_a_code_that_ran_out_before_the_worker_came_is_not_sent(case: Case) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        proving.ask(case.pk, actor=PUBLIC, at=timezone.now() - timedelta(hours=1))
    before = len(letters_to("rosa@example.org"))
    reactions.send_code(entry_of(case, "code"))
    assert len(letters_to("rosa@example.org")) == before


def test_a_code_comes_in_the_persons_language_and_the_ledger_does_not_hold_it(case: Case) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        code = proving.ask(case.pk, actor=PUBLIC, at=timezone.now())
        reactions.send_code(entry_of(case, "code"))
        digits = proving.digits(code.pk)
        assert digits in letters_to("rosa@example.org")[0]
        assert "código" in letters_to("rosa@example.org")[0]
        facts = [
            str(entry.fact.facts) for entry in Entry.objects.filter(subject=case.pk).select_related("fact")
        ]
        assert not any(digits in text for text in facts)
        assert digits not in str(Code.objects.values().get(pk=code.pk).values())


def test_whoever_files_for_somebody_without_contact_is_told_instead(db: None) -> None:
    Town()
    grandmother = type(ROSA)(name="陈婆", identity_kind="passport", identity_number="E1")
    grandson = type(ROSA)(name="陈志强", phone="+8613800000000", country="CN")
    filing = Filing(
        service="settlement",
        channel="web",
        applicant=grandmother,
        helper=grandson,
        relation="relative",
        evidence="by_phone",
        facts=SETTLE,
    )
    with acting(PUBLIC.with_case(filing.case_id), epoch=now_epoch()):
        case = file(filing, actor=PUBLIC, at=AT)
    with acting(SYSTEM, epoch=now_epoch()):
        proving.ask(case.pk, actor=PUBLIC, at=timezone.now())
    reactions.send_code(entry_of(case, "code"))
    assert case.reference in sms.recent(1, "+8613800000000")[0].body
