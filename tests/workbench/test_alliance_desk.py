"""The alliance at the desk: offers registered, a case referred after a preview, consent at the counter, strangers."""

import re
from html import unescape

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.community.alliance import queries
from qiaoqiao.community.alliance.models import Offer, Referral
from tests.cast import Town, now_epoch
from tests.community.alliance_town import SECRETS, asked, fresh, make_case, make_partner, sent
from tests.community.network_town import home, settled
from tests.workbench.conftest import SignIn

ALLIANCE = "/staff/alliance/"
OFFER = {"organisation": "BR-9", "titles-zh-Hans": "陪同办证", "titles-es": "Acompañamiento", "since": "2026-01-01",
         "languages": ["mandarin"], "country": "BR"}  # fmt: skip


def reference(case: Case) -> str:
    with acting(SYSTEM, epoch=now_epoch()):
        return Case.objects.get(pk=case.pk).reference


def every() -> list[Referral]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Referral.objects.all())


def test_all_offers_can_be_reached_page_by_page_by_everybody_and_at_the_desk(
    town: Town, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    for number in range(5):
        offer = make_partner(town, f"P-{number}")
        offer.countries = ["BR"] if number < 4 else ["CL"]
        offer.save(update_fields=["countries"])
    client = signed_in(town.officer_chen)
    for begin, many in (("/alliance/?country=BR", 4), ("/alliance/", 5), (ALLIANCE, 5)):
        seen: list[str] = []
        address, pages = begin, 0
        while address:
            page = client.get(address).content.decode()
            seen += re.findall(r"侨助会(P-\d)", page)
            found = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
            address = begin.partition("?")[0] + unescape(found[1]) if found else ""
            pages += 1
        assert sorted(set(seen)) == [f"P-{number}" for number in range(many)]
        assert len(seen) == many
        assert pages == -(-many // 2)
    assert client.get("/alliance/?after=nonsense").status_code == 404


def test_an_offer_is_registered_once_changed_and_ended_and_stands_on_the_public_page(
    town: Town, signed_in: SignIn
) -> None:
    settled(town, home("BR-9", kind="partner", place="", country="BR"))
    client = signed_in(town.officer_chen)
    for _again in range(2):
        assert client.post(f"{ALLIANCE}offers/new/", OFFER | {"once": "a" * 32}).status_code == 302
    offer = Offer.objects.get()
    assert (offer.titles["es"], offer.countries, offer.until) == ("Acompañamiento", ["BR"], None)
    assert "陪同办证" in client.get("/alliance/?country=BR").content.decode()
    assert "陪同办证" not in client.get("/alliance/?country=CL").content.decode()
    wrong = client.post(
        f"{ALLIANCE}offers/{offer.pk}/", OFFER | {"until": "2025-01-01", "about-zh-Hans": "写过的话"}
    )
    assert wrong.status_code == 422
    assert "写过的话" in wrong.content.decode()
    client.post(f"{ALLIANCE}offers/{offer.pk}/", OFFER | {"cost-zh-Hans": "不收费"})
    assert "不收费" in client.get(ALLIANCE).content.decode()
    assert signed_in(town.stranger_he).get(f"{ALLIANCE}offers/{offer.pk}/").status_code == 404
    client.post(f"{ALLIANCE}offers/{offer.pk}/close/")
    assert "陪同办证" not in client.get("/alliance/").content.decode()


def test_a_case_is_referred_only_after_the_officer_saw_what_the_partner_will_see(
    town: Town, signed_in: SignIn
) -> None:
    offer, case = make_partner(town), make_case()
    client, address = signed_in(town.officer_chen), f"/staff/cases/{reference(case)}/partners/"
    assert address in client.get(f"/staff/cases/{reference(case)}/").content.decode()
    chosen = {"offer": str(offer.pk), "items": ["place", "name", "email"], "request": "请带她去公证处"}
    preview = client.post(address, chosen)
    assert [one.text for one in preview.context["preview"]["shown"]] == ["华侨回国定居", "台山市"]
    assert "rosa@example.org" in [one.text for one in preview.context["preview"]["kept_back"]]
    assert every() == []
    for _again in range(2):
        answer = client.post(address, chosen | {"sure": "1"})
    assert "已经转介给这项服务" in answer.content.decode()
    [referral] = every()
    assert (referral.state, referral.office.code) == ("asked", "ts-overseas_affairs")
    page = client.get(f"{ALLIANCE}referrals/{referral.pk}/").content.decode()
    assert "等当事人同意" in page
    refused = client.post(
        f"{ALLIANCE}referrals/{referral.pk}/", {"act": "paper", "language": "es", "paper": ""}
    )
    assert refused.status_code == 422
    assert "请写明签了字的同意书放在哪里。" in refused.content.decode()
    client.post(
        f"{ALLIANCE}referrals/{referral.pk}/", {"act": "paper", "language": "es", "paper": "3 号文件夹"}
    )
    assert fresh(referral.pk).state == "sent"
    case_page = client.get(f"/staff/cases/{reference(case)}/").content.decode()
    assert "征求同意：把这件事转介给“圣保罗侨助会BR-P1”" in case_page
    listed = client.get(f"{ALLIANCE}referrals/?state=sent")
    assert [one["row"].pk for one in listed.context["rows"]] == [referral.pk]
    client.post(f"{ALLIANCE}referrals/{referral.pk}/", {"act": "withdraw"})
    assert fresh(referral.pk).state == "withdrawn"


def test_without_a_way_to_reach_the_person_the_form_says_so(town: Town, signed_in: SignIn) -> None:
    offer, case = make_partner(town), make_case()
    chosen = {"offer": str(offer.pk), "items": ["place"], "sure": "1"}
    answer = signed_in(town.officer_chen).post(f"/staff/cases/{reference(case)}/partners/", chosen)
    assert answer.status_code == 422
    assert "至少要给对方一种联系当事人的方式" in answer.content.decode()


@pytest.mark.parametrize("act", ["withdraw", "renew", "paper", "accept", "decline", "finish", "nonsense"])
def test_a_stranger_gets_404_whatever_they_press(town: Town, signed_in: SignIn, act: str) -> None:
    referral = asked(town, make_partner(town))
    answer = signed_in(town.stranger_he).post(
        f"{ALLIANCE}referrals/{referral.pk}/", {"act": act, "paper": "x"}
    )
    assert answer.status_code == 404
    assert fresh(referral.pk).state == "asked"


def test_the_partner_s_own_office_sees_the_preview_answers_and_only_then_sees_the_contact(
    town: Town, signed_in: SignIn
) -> None:
    referral = sent(town, make_partner(town, office=town.kaiping_federation))
    client, address = signed_in(town.stranger_he), f"{ALLIANCE}referrals/{referral.pk}/"
    before = client.get(address).content.decode()
    assert not any(secret in before for secret in SECRETS)
    assert "withdraw" not in before
    assert client.post(address, {"act": "renew"}).status_code == 404
    client.post(address, {"act": "accept", "by": "何"})
    after = client.get(address).content.decode()
    assert all(secret in after for secret in SECRETS)
    mine = signed_in(town.officer_chen)
    assert mine.post(address, {"act": "finish", "by": "x", "reason": "helped"}).status_code == 404
    client.post(address, {"act": "finish", "by": "何", "reason": "helped", "words": "办好了"})
    assert "办好了" in mine.get(address).content.decode()
