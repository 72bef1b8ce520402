"""Filing on the web: page by page, nothing typed lost, sent once, and by nobody else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case, Draft, Paper
from qiaoqiao.catalogue.loader import current, entry
from qiaoqiao.portal import drafts, sending
from qiaoqiao.portal.steps import steps_of
from tests.cast import Town, now_epoch
from tests.portal.forms import (
    ABROAD,
    APPLICANT,
    CONSENT,
    HELPER,
    HOUSEHOLD,
    SETTLING,
    begin,
    fill,
    photograph,
    send,
)

EXT_B = "𠮷𡈽"


def page(visitor: Client, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def draft_of(pages: str) -> Draft:
    with acting(SYSTEM, epoch=now_epoch()):
        return Draft.objects.get(pk=UUID(pages.split("/")[4]))


def only_case() -> Case:
    with acting(SYSTEM, epoch=now_epoch()):
        return Case.objects.select_related("person", "mandate__agent").get()


def test_a_request_is_filed_page_by_page_and_becomes_a_case(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages)
    visitor.post(f"{pages}papers/", {"file_passport": photograph(), "continue": "yes"})
    reference = send(visitor, pages)
    case = only_case()
    assert case.reference == reference
    assert (case.channel, case.office_id, case.language) == ("web", town.overseas_affairs.pk, "es")
    assert case.facts["resident_since"] == "2001-05-06"
    assert case.facts["livelihood"] == ["savings", "family"]
    assert case.facts["study_or_official"] is False
    assert (case.person.name, case.person.timezone) == ("陈玉莲", "America/Caracas")
    with acting(SYSTEM, epoch=now_epoch()):
        brought = Paper.objects.get(case=case, direction="in")
    assert (brought.kind, brought.title, brought.file_name) == (
        "passport",
        "有效的中国护照或旅行证",
        "护照 🛂.jpg",
    )


def test_every_page_leads_to_the_next(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    seen = ["applicant"]
    for sent in (APPLICANT, ABROAD, HOUSEHOLD, SETTLING):
        seen.append(visitor.post(f"{pages}{seen[-1]}/", sent)["Location"].split("/")[-2])
    assert seen == ["applicant", "q-abroad", "q-household", "q-settling", "q-living"]


def test_the_first_page_knows_the_readers_language_and_zone(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    visitor.cookies["tz"] = "America/Caracas"
    shown = page(visitor, f"{pages}applicant/")
    assert '<option value="America/Caracas" selected>' in shown
    assert '<option value="zh-hans" selected>' in shown


def test_looking_at_the_start_address_begins_nothing(town: Town, visitor: Client) -> None:
    assert visitor.get("/services/settlement/apply/")["Location"] == "/services/settlement/"
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Draft.objects.exists()


def test_what_was_typed_wrong_is_kept_and_the_error_stands_at_the_field(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    wrong = ABROAD | {"stay_months_2y": "很多", "resident_since_month": "13"}
    answer = visitor.post(f"{pages}q-abroad/", wrong)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="很多"' in shown
    assert 'value="13"' in shown
    assert "请只填整数" in shown
    assert 'href="#id_stay_months_2y"' in shown
    again = page(visitor, f"{pages}q-abroad/")
    assert 'value="很多"' in again
    assert draft_of(pages).answers["q-abroad"]["resident_since"] == "2001-13-06"


def test_fifty_thousand_characters_come_back_whole(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    story = ("😀" + EXT_B + "字") * 12_500
    answer = visitor.post(f"{pages}q-settling/", SETTLING | {"settle_kind": "other", "other_reason": story})
    assert answer.status_code == 422
    assert story in answer.content.decode()
    assert "最多 2000 个字" in answer.content.decode()


def test_emoji_and_rare_characters_are_kept_as_typed(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages, applicant=APPLICANT | {"name": f"禤{EXT_B}", "latin_name": "José Ñandú 🌉"})
    send(visitor, pages)
    assert only_case().person.name == f"禤{EXT_B}"
    assert only_case().person.latin_name == "José Ñandú 🌉"


def test_a_nul_character_is_dropped_and_not_a_fault(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    assert visitor.post(f"{pages}applicant/", APPLICANT | {"name": "陈\x00玉莲"}).status_code == 303
    assert draft_of(pages).answers["applicant"]["name"] == "陈玉莲"


def test_a_question_that_only_now_applies_is_asked_before_it_is_called_missing(
    town: Town, visitor: Client
) -> None:
    pages = begin(visitor)
    sent = {
        name: value
        for name, value in ABROAD.items()
        if not name.startswith(("resident_since", "stay_months"))
    }
    sent["_shown"] = "nationality residence_country residence_right study_or_official"
    answer = visitor.post(f"{pages}q-abroad/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "还有几个问题" in shown
    assert "govuk-error-summary" not in shown
    sent["_shown"] += " resident_since stay_months_2y"
    assert visitor.post(f"{pages}q-abroad/", sent).status_code == 422


def test_an_answer_left_over_from_another_choice_is_not_filed(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    never = HOUSEHOLD | {"household_state": "never", "collective_hukou": "yes", "hukou_before_school": "广州"}
    fill(visitor, pages, **{"q-household": never})
    send(visitor, pages)
    assert {"original_hukou", "collective_hukou", "hukou_before_school"}.isdisjoint(only_case().facts)


def test_a_place_that_is_not_listed_is_refused(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    answer = visitor.post(f"{pages}q-settling/", SETTLING | {"place": "999999"})
    assert answer.status_code == 422
    assert "重新选择" in answer.content.decode()


def test_somebody_without_mail_or_telephone_is_told_why_one_is_needed(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    answer = visitor.post(
        f"{pages}applicant/", {name: said for name, said in APPLICANT.items() if name != "email"}
    )
    assert answer.status_code == 422
    assert "至少一个" in answer.content.decode()


def test_a_helper_files_under_a_mandate_and_says_how_the_person_agreed(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    helped = {name: said for name, said in APPLICANT.items() if name != "email"} | {"filing_for": "other"}
    assert visitor.post(f"{pages}applicant/", helped)["Location"].endswith("/helper/")
    assert visitor.post(f"{pages}helper/", HELPER | {"evidence": ""}).status_code == 422
    assert visitor.post(f"{pages}helper/", HELPER).status_code == 303
    fill(visitor, pages, applicant=helped)
    send(visitor, pages)
    mandate = only_case().mandate
    assert mandate is not None
    assert (mandate.agent.name, mandate.agent.phone) == ("陈志强", "+8613800000000")
    assert (mandate.relation, mandate.evidence) == ("relative", "本人在电话或视频里同意")


def test_an_unfinished_request_cannot_be_sent_and_each_gap_has_its_link(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages, **{"q-settling": SETTLING})
    visitor.post(f"{pages}q-settling/", SETTLING | {"address": ""})
    answer = visitor.post(f"{pages}review/", CONSENT)
    assert answer.status_code == 422
    assert f"{pages}q-settling/?back=1#id_address" in answer.content.decode()
    with acting(SYSTEM, epoch=now_epoch()):
        assert not Case.objects.exists()


def test_nothing_is_sent_without_consent_and_sensitive_facts_need_their_own(
    town: Town, visitor: Client
) -> None:
    pages = begin(visitor)
    fill(visitor, pages)
    answer = visitor.post(f"{pages}review/", {"consent": "on"})
    assert answer.status_code == 422
    assert "单独勾选" in answer.content.decode()
    assert not draft_of(pages).filed


def test_changing_an_answer_leads_back_to_the_last_page(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages)
    answer = visitor.post(f"{pages}q-settling/?back=1", SETTLING | {"address": "台城"})
    assert answer["Location"] == f"{pages}review/"
    assert "台城" in page(visitor, f"{pages}review/")


def test_the_last_page_says_everything_in_words(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages)
    shown = page(visitor, f"{pages}review/")
    for said in (
        "陈玉莲",
        "委内瑞拉",
        "永久居留",
        "2001年5月6日",
        "江门市台山市",
        "存款或财产收入、亲属供养",
        "E12345678",
    ):
        assert said in shown or said.replace("E123", "e123") in shown


def test_a_second_click_files_nothing_twice(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages)
    first = send(visitor, pages)
    assert send(visitor, pages) == first
    assert only_case().reference == first


def test_a_replay_long_after_opens_no_receipt(
    town: Town, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = begin(visitor)
    fill(visitor, pages)
    send(visitor, pages)
    visitor.cookies.pop(settings.SESSION_COOKIE_NAME)
    monkeypatch.setattr(sending, "A_DOUBLE_CLICK", timedelta(seconds=-1))
    answer = visitor.post(f"{pages}review/", CONSENT)
    assert "已经提交" in answer.content.decode()
    assert only_case().reference not in answer.content.decode()


def test_a_stranger_with_the_address_alone_sees_nothing(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages)
    for step in ("applicant", "q-abroad", "papers", "review"):
        answer = Client().get(f"{pages}{step}/")
        assert answer.status_code == 410
        assert "陈玉莲" not in answer.content.decode()
        assert Client().post(f"{pages}{step}/", APPLICANT).status_code == 410
    assert draft_of(pages).answers["applicant"]["name"] == "陈玉莲"


def test_one_persons_cookie_does_not_open_another_persons_draft(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    other = Client()
    theirs = begin(other)
    mine = drafts.cookie_name(UUID(pages.split("/")[4]))
    other.cookies[mine] = other.cookies[drafts.cookie_name(UUID(theirs.split("/")[4]))].value
    assert other.get(f"{pages}applicant/").status_code == 410


def test_a_draft_is_offered_again_on_the_first_page(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    home = visitor.get("/")
    assert f"{pages}applicant/" in home.content.decode()
    assert home["Cache-Control"] == "no-store"
    fill(visitor, pages)
    send(visitor, pages)
    assert pages not in visitor.get("/").content.decode()


def test_an_expired_draft_says_so_and_what_to_do(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    with acting(SYSTEM, epoch=now_epoch()):
        Draft.objects.update(until=timezone.now() - timedelta(seconds=1))
    answer = visitor.get(f"{pages}applicant/")
    assert answer.status_code == 410
    assert "重新填写" in answer.content.decode()


def test_a_browser_keeps_only_its_newest_drafts(town: Town, visitor: Client) -> None:
    started = [begin(visitor) for _ in range(7)]
    kept = [name for name, morsel in visitor.cookies.items() if name.startswith("draft_") and morsel.value]
    assert len(kept) == drafts.MOST_KEPT
    assert visitor.get(f"{started[-1]}applicant/").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.pdf", b"", "是空的"),
        ("扫描.pdf", b"MZ\x90\x00" + b"0" * 100, "不是 PDF、JPG 或 PNG"),
        ("大.pdf", b"%PDF-1.7" + b"0" * (10 * 1024 * 1024), "超过 10 MB"),
        ("坏.pdf", b"%PDF-1.7 nonsense", "打不开"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_at_once_in_plain_words(
    town: Town, visitor: Client, name: str, content: bytes, said: str
) -> None:
    pages = begin(visitor)
    sent = {
        "file_passport": SimpleUploadedFile(name, content),
        "file_photo": photograph("照片.jpg"),
        "continue": "yes",
    }
    answer = visitor.post(f"{pages}papers/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'href="#file_passport"' in answer.content.decode()
    assert [held["kind"] for held in draft_of(pages).files] == ["photo"]  # the good one beside it is kept


def test_a_file_can_be_taken_out_again(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    visitor.post(f"{pages}papers/", {"file_passport": [photograph("一.jpg"), photograph("二.jpg")]})
    first, second = draft_of(pages).files
    assert "一.jpg" in page(visitor, f"{pages}papers/")
    visitor.post(f"{pages}papers/", {"remove": first["key"]})
    assert draft_of(pages).files == [second]


def test_missing_papers_are_named_but_do_not_hold_the_request_up(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages)
    shown = page(visitor, f"{pages}review/")
    assert "还没有上传的材料" in shown
    assert "近期证件照片" in shown
    send(visitor, pages)


def test_more_than_twenty_requests_an_hour_from_one_browser_wait(
    town: Town, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST_FILINGS", 1)
    first = begin(visitor)
    fill(visitor, first)
    send(visitor, first)
    second = begin(visitor)
    fill(visitor, second)
    answer = visitor.post(f"{second}review/", CONSENT)
    assert answer.status_code == 429
    assert "没有丢" in answer.content.decode()
    assert draft_of(second).answers["applicant"]["name"] == "陈玉莲"


def test_a_place_nobody_serves_is_said_with_what_to_do(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    fill(visitor, pages, **{"q-settling": SETTLING | {"place": "440783"}})
    answer = visitor.post(f"{pages}review/", CONSENT)
    assert answer.status_code == 422
    assert "换一个地方" in answer.content.decode()
    assert not draft_of(pages).filed


def test_the_form_speaks_the_readers_language(town: Town) -> None:
    rosa = Client(headers={"accept-language": "es-VE"})
    pages = begin(rosa)
    shown = rosa.get(f"{pages}q-abroad/").content.decode()
    assert "Su residencia en el extranjero" in shown
    assert "Venezuela" in shown
    answer = rosa.post(f"{pages}q-abroad/", {})
    assert "Seleccione" in answer.content.decode() or "Elija" in answer.content.decode()


def test_a_page_that_does_not_apply_leads_to_the_first(town: Town, visitor: Client) -> None:
    pages = begin(visitor)
    assert visitor.get(f"{pages}helper/")["Location"] == f"{pages}applicant/"
    assert visitor.get(f"{pages}nonsense/")["Location"] == f"{pages}applicant/"


def test_an_unknown_service_is_not_found(town: Town, visitor: Client) -> None:
    assert visitor.post("/services/nothing/apply/").status_code == 404
    assert visitor.get("/services/nothing/").status_code == 404


def test_the_clock_is_read_once_for_a_page(town: Town, visitor: Client) -> None:
    before = datetime.now(UTC)
    pages = begin(visitor)
    draft = draft_of(pages)
    assert before <= draft.changed_at <= datetime.now(UTC)
    assert draft.until - draft.changed_at == timedelta(days=30)


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en", "es", "pt"])
@pytest.mark.parametrize("service", [about.id for about in current()])
def test_every_page_of_every_service_opens_in_every_language(town: Town, service: str, language: str) -> None:
    reader = Client(headers={"accept-language": language})
    pages = begin(reader, service)
    with acting(SYSTEM, epoch=now_epoch()):
        steps = [step.id for step in steps_of(entry(service), draft_of(pages))]
    for step in steps:
        answer = reader.get(f"{pages}{step}/")
        assert answer.status_code == 200
        assert len(answer.content) <= 40_960, step
        assert reader.post(f"{pages}{step}/", {}).status_code in {200, 303, 422}
    assert reader.get(f"/services/{service}/").status_code == 200


def test_those_who_ask_together_name_no_more_representatives_than_allowed(
    town: Town, visitor: Client
) -> None:
    pages = begin(visitor, "petition")
    shown = page(visitor, f"{pages}representatives/")
    assert shown.count('name="name_') == entry("petition").most_representatives


NAMELESS = {
    "applicant": {"filing_for": "self", "country": "VE", "timezone": "America/Caracas", "language": "es"},
    "questions": {
        "purpose": "suggestion",
        "topic": "other",
        "place": "440781",
        "request": "建议在侨乡车站加设双语指引",
        "facts": "车站只有中文指引。",
        "anonymous": "yes",
        "joint": "no",
        "urgent": "no",
    },
}


def test_a_petition_can_be_made_without_a_name_and_nothing_else_can(town: Town, visitor: Client) -> None:
    pages = begin(visitor, "petition")
    assert visitor.post(f"{pages}applicant/", NAMELESS["applicant"]).status_code == 303
    for section in entry("petition").form:
        asked = {one.id for one in section.fields}
        sent = {name: value for name, value in NAMELESS["questions"].items() if name in asked}
        visitor.post(f"{pages}q-{section.id}/", sent)
        visitor.post(f"{pages}q-{section.id}/", sent)
    send(visitor, pages)
    case = only_case()
    assert (case.person.name, case.person.email, case.person.phone) == ("（不具名）", "", "")
    settlement = begin(visitor)
    refused = visitor.post(f"{settlement}applicant/", NAMELESS["applicant"])
    assert refused.status_code == 422
