"""Who keeps the installation arrives where there is something to see; and catalogue words as staff read them."""

from typing import Any

from django.test import Client

from qiaoqiao.access.models import Account
from qiaoqiao.catalogue.entry import Words
from qiaoqiao.workbench.words import told_to_staff
from tests.cast import Town, make_account
from tests.workbench.conftest import SignIn


def test_a_keeper_arrives_at_a_page_of_their_own_and_is_offered_no_cases(town: Town, settings: Any) -> None:
    settings.DEMO = True
    keeper = make_account("keeping", (town.federation, "keeper"))
    Account.objects.filter(pk=keeper.pk).update(demo=True)
    arrived = Client().post("/staff/sign-in/demo/", {"account": keeper.pk}, follow=True)
    assert arrived.redirect_chain == [("/staff/keeping/", 302)]
    assert arrived.status_code == 200
    page = arrived.content.decode()
    assert "qiaoqiao ledger verify" in page
    for closed in ("/staff/office/", "/staff/texts/", "/staff/search/"):
        assert closed not in page


def test_officers_find_their_standard_texts_in_the_navigation(town: Town, signed_in: SignIn) -> None:
    page = signed_in(town.officer_chen).get("/staff/").content.decode()
    assert 'href="/staff/texts/"' in page
    assert "/staff/keeping/" not in page


def test_words_to_the_person_are_told_to_staff_of_the_person() -> None:
    names: Words = {"zh-Hans": "等您补材料", "zh-Hant": "等您補材料", "en": "Waiting for your papers"}
    assert told_to_staff(names, "zh-hans") == "等当事人补材料"
    assert told_to_staff(names, "zh-hant") == "等當事人補材料"
    assert told_to_staff(names, "en") == "Waiting for your papers"


def test_a_filter_that_was_chosen_stays_chosen_among_the_options_written_once(
    town: Town, signed_in: SignIn
) -> None:
    officer = signed_in(town.officer_chen)
    assert '<option value="VE">' in officer.get("/staff/office/").content.decode()
    page = officer.get("/staff/office/?country=VE&channel=phone").content.decode()
    assert '<option value="VE" selected>' in page
    assert '<option value="phone" selected>' in page
