"""The partner's link and the person's own page: what shows when, and what ends it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from qiaoqiao.access.links import make_link
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.community.alliance.models import Referral
from tests.cast import Town, now_epoch
from tests.community.alliance_town import SECRETS, asked, fresh, make_partner, sent, token_of


def address(referral: Referral) -> str:
    return f"/partner/{token_of(referral)}/"


def own(referral: Referral) -> tuple[Client, str]:
    """The person's browser, which proved the case, and the page of the referral."""
    client = Client(headers={"accept-language": "es"})
    session = client.session
    session["proved_cases"] = {str(referral.case_id): now_epoch() + 3600}
    session.save()
    with acting(SYSTEM, epoch=now_epoch()):
        reference = Case.objects.get(pk=referral.case_id).reference
    return client, f"/cases/{reference}/referrals/{referral.pk}/"


def test_before_accepting_only_the_limited_preview_shows_and_then_the_contact(
    town: Town, visitor: Client
) -> None:
    referral = sent(town, make_partner(town))
    page = visitor.get(address(referral)).content.decode()
    assert "华侨回国定居" in page
    assert "委内瑞拉" in page
    assert not any(secret in page for secret in SECRETS)
    visitor.post(address(referral), {"act": "accept", "by": "Maria Souza", "words": ""})
    page = visitor.get(address(referral)).content.decode()
    assert all(secret in page for secret in SECRETS)
    visitor.post(address(referral), {"act": "finish", "by": "Maria", "reason": "helped", "words": "办好了"})
    page = visitor.get(address(referral)).content.decode()
    assert "您已答复，谢谢" in page
    assert not any(secret in page for secret in SECRETS)


def test_declining_needs_a_reason_and_who_answers_and_keeps_what_was_typed(
    town: Town, visitor: Client
) -> None:
    referral = sent(town, make_partner(town))
    for given in ({"by": ""}, {"by": "Maria", "reason": "", "words": "写过的话"}):
        answer = visitor.post(address(referral), {"act": "decline"} | given)
        assert answer.status_code == 422
        assert "请写明是谁答复的，并选一个回答。" in answer.content.decode()
    assert "写过的话" in answer.content.decode()
    visitor.post(address(referral), {"act": "decline", "by": "Maria", "reason": "full"})
    assert fresh(referral.pk).reason == "full"
    again = visitor.post(address(referral), {"act": "accept", "by": "Maria"})
    assert again.status_code == 422
    assert "已经答复过了" in again.content.decode()


def test_a_link_taken_back_replaced_run_out_or_for_something_else_is_no_page(
    town: Town, visitor: Client
) -> None:
    referral = sent(town, make_partner(town))
    good, until = address(referral), datetime.now(UTC) + timedelta(days=1)
    assert referral.link is not None
    wrong = [
        make_link("referral", referral.link, until=datetime.now(UTC) - timedelta(seconds=5)),
        make_link("appointment", referral.link, until=until),
        make_link("referral", referral.pk, until=until),
        make_link("referral", referral.case_id, until=until),
    ]
    assert [visitor.get(f"/partner/{token}/").status_code for token in wrong] == [404] * 4
    client, page = own(referral)
    assert visitor.get(good).status_code == 200
    client.post(page, {"act": "withdraw"})
    assert visitor.get(good).status_code == 404
    assert visitor.post(good, {"act": "accept", "by": "Maria"}).status_code == 404


def test_the_person_reads_whole_what_will_be_told_agrees_and_sees_who_opened_it(
    town: Town, visitor: Client
) -> None:
    referral = asked(town, make_partner(town))
    client, page = own(referral)
    before = client.get(page).content.decode()
    assert all(secret in before for secret in SECRETS)
    assert "puede ayudar con su solicitud" in before
    for _again in range(2):
        answer = client.post(page, {"act": "agree"})
    assert answer.status_code == 422  # there is nothing to agree to any more
    assert fresh(referral.pk).consent_language == "es"
    visitor.get(address(referral))
    assert "El colaborador abrió el enlace" in client.get(page).content.decode()
    home = client.get(page.partition("referrals/")[0]).content.decode()
    assert page in home
    assert client.post(page, {"act": "nonsense"}).status_code == 404


def test_saying_no_changes_nothing_else(town: Town) -> None:
    referral = asked(town, make_partner(town))
    client, page = own(referral)
    client.post(page, {"act": "refuse"})
    assert fresh(referral.pk).state == "refused"
    assert client.get(page).status_code == 200


def test_another_s_referral_is_not_on_one_s_own_page(town: Town) -> None:
    mine, other = asked(town, make_partner(town)), asked(town, make_partner(town, "BR-P2"))
    client, page = own(mine)
    assert client.get(page.replace(str(mine.pk), str(other.pk))).status_code == 404


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_the_partner_s_page_speaks_their_language(town: Town, language: str) -> None:
    referral = sent(town, make_partner(town))
    page = Client(headers={"accept-language": language}).get(address(referral)).content.decode()
    assert "接受" not in page
