"""Referring a case to a partner: nothing leaves before the consent, and what left can be ended at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.casework.models import Case
from qiaoqiao.community.alliance import queries, reactions
from qiaoqiao.community.alliance.actions import answering, offering, referring
from qiaoqiao.community.alliance.actions.answering import Answer, LinkOver, by_link, by_office
from qiaoqiao.community.alliance.actions.offering import NotYours
from qiaoqiao.community.alliance.actions.referring import Consent
from qiaoqiao.community.alliance.jobs import expire_due, expire_links
from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.rules import DAYS, Refused, chosen, in_order, link_days
from qiaoqiao.community.alliance.wording import consent_words, digest
from qiaoqiao.community.network.actions.organisations import close
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry, Fact
from qiaoqiao.ledger.queries import journal
from qiaoqiao.parties.actions.erasing import erase
from qiaoqiao.parties.models import Person
from tests.cast import TODAY, Town, as_staff, now_epoch
from tests.community.alliance_town import (
    NOW,
    SECRETS,
    asked,
    fresh,
    holder,
    make_case,
    make_partner,
    sent,
)
from tests.parties.town_files import file_of

BY = Answer("Maria Souza, coordenadora", "明天打电话")


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def held(referral: Referral, act: Callable[..., Referral], *more: Any, **given: Any) -> Referral:
    """What whoever holds the link does, now or later."""
    at = given.pop("at", NOW)
    actor = holder(referral)
    assert referral.link is not None
    with acting(actor, epoch=now_epoch()):
        return act(by_link(referral.link, at=at), *more, actor=actor, at=at)


def as_person(referral: Referral, act: Callable[..., Any], **given: Any) -> Any:
    actor = person(referral.case_id)
    with acting(actor, epoch=now_epoch()):
        return act(referral.pk, actor=actor, at=NOW, **given)


def as_officer(town: Town, referral: Referral, act: Callable[..., Any], *more: Any, by: Any = None) -> Any:
    actor = as_staff(by or town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        return act(referral.pk, *more, actor=actor, at=NOW)


def why(act: Callable[..., Any], *more: Any, **given: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*more, **given)
    return refused.value.why


def kinds(referral: Referral) -> list[str]:
    with acting(SYSTEM, epoch=now_epoch()):
        return [one.kind.partition(".")[2] for one in journal(referral.pk)]


def test_nothing_leaves_before_the_consent_and_the_consent_is_kept_by_the_digest_of_its_words(
    town: Town,
) -> None:
    referral = asked(town, make_partner(town))
    assert (referral.state, referral.link, referral.consent_at) == ("asked", None, None)
    assert kinds(referral) == ["asked"]
    as_person(referral, referring.agree, language="es")
    now = fresh(referral.pk)
    assert (now.state, now.version, now.consent_by, now.consent_method) == ("sent", 1, "person", "page")
    with acting(SYSTEM, epoch=now_epoch()):
        case = Referral.objects.select_related("case").get(pk=referral.pk).case
    said = consent_words(
        case, "圣保罗侨助会BR-P1", in_order(now.shown, now.kept_back), timedelta(days=DAYS), "es"
    )
    assert now.consent_digest == digest(said)
    assert "Usted" in said or "usted" in said
    assert now.until == NOW + timedelta(days=DAYS)
    assert kinds(referral) == ["asked", "agreed", "sent"]


def test_the_database_itself_refuses_a_referral_sent_without_consent(town: Town) -> None:
    referral = asked(town, make_partner(town))
    with acting(SYSTEM, epoch=now_epoch()):
        for wrong in ({"state": "sent"}, {"state": "accepted", "consent_at": NOW}, {"link": uuid4()},
                      {"consent_method": "counter", "consent_paper": ""}):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                Referral.objects.filter(pk=referral.pk).update(**wrong)


def test_only_what_was_chosen_and_is_there_is_kept_and_names_are_held_back(town: Town) -> None:
    assert chosen(["name", "nonsense", "place"]) == ["matter", "place", "name"]
    referral = asked(town, make_partner(town), items=["name", "email", "country"], request="")
    assert referral.shown == {"matter": "settlement", "country": "VE"}
    assert referral.kept_back == {"name": "陈玉莲", "email": "rosa@example.org"}
    everything = asked(town, make_partner(town, "BR-P2"))
    assert not any(secret in str(everything.shown) for secret in SECRETS)


def test_a_consent_at_the_counter_needs_its_paper(town: Town) -> None:
    referral = asked(town, make_partner(town))
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        given = {"actor": actor, "at": NOW}
        assert why(referring.agreed_on_paper, referral.pk, Consent("zh-hans", " "), **given) == "no_paper"
        referring.agreed_on_paper(referral.pk, Consent("zh-hans", "窗口文件夹 3 号"), **given)
        assert why(referring.agreed_on_paper, referral.pk, Consent("zh-hans", "x"), **given) == "not_asked"
    now = fresh(referral.pk)
    assert (now.state, now.consent_method, now.consent_paper) == ("sent", "counter", "窗口文件夹 3 号")
    assert now.consent_by == town.officer_chen.ledger_name


def test_an_officer_does_not_agree_in_the_person_s_place(town: Town) -> None:
    referral = asked(town, make_partner(town))
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()), pytest.raises(NotYours):
        referring.agree(referral.pk, language="es", actor=actor, at=NOW)


def test_a_person_who_says_no_is_asked_no_more_and_nothing_is_kept(town: Town) -> None:
    referral = asked(town, make_partner(town))
    as_person(referral, referring.refuse)
    now = fresh(referral.pk)
    assert (now.state, now.kept_back, now.link) == ("refused", {}, None)
    assert why(as_person, referral, referring.agree, language="es") == "not_asked"


@pytest.mark.parametrize(
    ("changes", "token"),
    [({"items": ["place"]}, "nothing"), ({"items": ["phone", "email"]}, "nothing")],
)
def test_a_referral_without_a_way_to_reach_the_person_is_refused(
    town: Town, changes: dict[str, Any], token: str
) -> None:
    offer = make_partner(town)
    assert why(asked, town, offer, **changes) == token


def test_a_partner_that_cannot_be_written_to_or_is_closed_gets_nothing(town: Town) -> None:
    case = make_case()
    mute = make_partner(town, "MUTE")
    mute.organisation.email = ""
    mute.organisation.save(update_fields=["email"])
    assert why(asked, town, mute, case) == "no_address"
    over = make_partner(town, "OVER")
    with acting(as_staff(town.officer_chen), epoch=now_epoch()):
        offering.close_offer(over.pk, actor=as_staff(town.officer_chen), at=NOW)
    assert why(asked, town, over, case) == "offer_closed"
    good = make_partner(town)
    asked(town, good, case)
    assert why(asked, town, good, case) == "already"


def test_the_holder_of_the_link_sees_the_referral_through_both_walls_and_nothing_of_the_case(
    town: Town,
) -> None:
    referral = sent(town, make_partner(town))
    other = sent(town, make_partner(town, "BR-P2"))
    with acting(holder(referral), epoch=now_epoch()):
        assert [one.pk for one in Referral.objects.all()] == [referral.pk]
        assert queries.held_referrals(referral.link, at=NOW).get().pk == referral.pk  # type: ignore[arg-type]
        assert not Case.objects.exists()
    with acting(person(uuid4()), epoch=now_epoch()):
        assert not Referral.objects.exists()
    assert other.link != referral.link


def test_accepting_shows_the_contact_and_the_outcome_ends_it(town: Town) -> None:
    referral = sent(town, make_partner(town))
    held(referral, answering.opened)
    assert fresh(referral.pk).state == "seen"
    accepted = held(referral, answering.accept, BY)
    assert accepted.kept_back["name"] == "陈玉莲"
    done = held(referral, answering.finish, "helped", Answer("Maria", "办好了"))
    assert (done.state, done.reason, done.kept_back) == ("done", "helped", {})
    assert kinds(referral) == ["asked", "agreed", "sent", "opened", "accepted", "done"]


def test_a_link_answered_twice_keeps_the_first_answer(town: Town) -> None:
    referral = sent(town, make_partner(town))
    assert why(held, referral, answering.accept, Answer("  ")) == "missing"
    assert why(held, referral, answering.decline, "nonsense", BY) == "missing"
    assert why(held, referral, answering.finish, "helped", BY) == "not_accepted"
    held(referral, answering.decline, "full", BY)
    assert why(held, referral, answering.accept, BY) == "answered"
    assert why(held, referral, answering.decline, "other", BY) == "answered"
    now = fresh(referral.pk)
    assert (now.state, now.reason, now.kept_back) == ("declined", "full", {})


def test_opened_twice_in_a_minute_is_one_look_and_later_is_another(town: Town) -> None:
    referral = sent(town, make_partner(town))
    for minutes in (0, 0, 5):
        held(referral, answering.opened, at=NOW + timedelta(minutes=minutes))
    assert kinds(referral).count("opened") == 2


@pytest.mark.parametrize("who", ["person", "officer"])
def test_a_consent_taken_back_between_preview_and_acceptance_ends_the_link_at_once(
    town: Town, who: str
) -> None:
    referral = sent(town, make_partner(town))
    held(referral, answering.opened)
    if who == "person":
        as_person(referral, referring.withdraw)
    else:
        as_officer(town, referral, referring.withdraw)
    with pytest.raises(LinkOver):
        held(referral, answering.accept, BY)
    now = fresh(referral.pk)
    assert (now.state, now.kept_back, now.link) == ("withdrawn", {}, None)
    with acting(holder(referral), epoch=now_epoch()):
        assert not Referral.objects.exists()  # the second wall, too


def test_a_new_link_ends_the_old_one_which_somebody_may_have_passed_on(town: Town) -> None:
    referral = sent(town, make_partner(town))
    as_officer(town, referral, referring.renew)
    with pytest.raises(LinkOver):
        held(referral, answering.opened)
    now = fresh(referral.pk)
    assert now.version == 2
    assert held(now, answering.opened).state == "seen"


def test_a_link_runs_out_and_an_answered_one_is_left_alone(town: Town) -> None:
    one, other = sent(town, make_partner(town)), sent(town, make_partner(town, "BR-P2"))
    held(other, answering.decline, "full", BY)
    late = NOW + timedelta(days=DAYS)
    with pytest.raises(LinkOver):
        held(one, answering.accept, BY, at=late)
    with acting(SYSTEM, epoch=now_epoch()):
        assert expire_due(at=late - timedelta(seconds=1)) == 0
        assert expire_due(at=late) == 1
        assert expire_due(at=late) == 0
    assert [fresh(row.pk).state for row in (one, other)] == ["expired", "declined"]
    assert fresh(one.pk).kept_back == {}
    assert why(as_officer, town, one, referring.renew) == "over"


def test_what_a_partner_accepted_ends_with_its_link_and_the_contact_shows_no_more(town: Town) -> None:
    one, renewed = sent(town, make_partner(town)), sent(town, make_partner(town, "BR-P2"))
    for row in (one, renewed):
        held(row, answering.accept, BY)
    late = NOW + timedelta(days=DAYS)
    with acting(SYSTEM, epoch=now_epoch()):
        Referral.objects.filter(pk=renewed.pk).update(until=late + timedelta(days=1))
        assert expire_due(at=late - timedelta(seconds=1)) == 0
        assert expire_due(at=late) == 1
        told = [entry.kind for entry in journal(one.case_id) if entry.kind.startswith("referred:")]
    now = fresh(one.pk)
    assert (now.state, now.kept_back, now.link) == ("expired", {}, None)
    assert (kinds(one)[-1], told[-1]) == ("lapsed", "referred:lapsed")
    assert fresh(renewed.pk).kept_back["name"] == "陈玉莲"
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        assert [figure.accepted for figure in queries.figures(actor, on=TODAY)] == [1, 1]


def test_an_erased_file_takes_back_what_is_open_and_forgets_what_partners_wrote(town: Town) -> None:
    one, over = sent(town, make_partner(town)), sent(town, make_partner(town, "BR-P2"))
    other = sent(town, make_partner(town, "BR-P3"))
    for row in (one, over, other):
        held(row, answering.accept, BY)
    held(over, answering.finish, "helped", BY)
    file = file_of(town, "陈玉莲")
    with acting(SYSTEM, epoch=now_epoch()):
        cases = Case.objects.filter(pk__in=[one.case_id, over.case_id])
        Person.objects.filter(pk__in=cases.values("person")).update(file=file)
        erase(file.pk, reason="asked", actor=SYSTEM, at=datetime.now(UTC))
        assert not Fact.objects.filter(subject__in=[one.pk, over.pk], facts__has_key="words").exists()
    now = [fresh(row.pk) for row in (one, over, other)]
    assert [row.state for row in now] == ["withdrawn", "done", "accepted"]
    assert [(row.words, row.kept_back) for row in now[:2]] == [("", {})] * 2
    assert now[2].kept_back


def test_a_worker_that_comes_two_minutes_late_still_lets_links_run_out(town: Town) -> None:
    one = sent(town, make_partner(town))
    with acting(SYSTEM, epoch=now_epoch()):
        Referral.objects.filter(pk=one.pk).update(until=NOW - timedelta(seconds=1))
    expire_links(timestamp=now_epoch() - 120)
    assert fresh(one.pk).state == "expired"


def test_an_office_may_choose_how_long_a_link_holds(town: Town) -> None:
    assert [link_days(said).days for said in ({}, {"alliance": {"link_days": 3}}, {"alliance": {"link_days": 0}})] == [
        DAYS, 3, DAYS,
    ]  # fmt: skip


def test_a_partner_closed_meanwhile_cannot_accept(town: Town) -> None:
    referral = sent(town, make_partner(town))
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        close("BR-P1", on=NOW.date(), actor=actor, at=NOW)
    assert why(held, referral, answering.accept, BY) == "offer_closed"


def test_a_partner_that_is_an_office_answers_at_its_desk_and_sees_no_case(town: Town) -> None:
    referral = sent(town, make_partner(town, office=town.kaiping_federation))
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        assert [one.pk for one in queries.visible_referrals(he, on=TODAY)] == [referral.pk]
        with pytest.raises(NotYours):
            referring.withdraw(referral.pk, actor=he, at=NOW)
        row = answering.accept(by_office(referral.pk, actor=he, at=NOW), BY, actor=he, at=NOW)
    assert row.state == "accepted"


def test_a_stranger_sees_no_referral_and_changes_none(town: Town) -> None:
    waiting, under_way = asked(town, make_partner(town)), sent(town, make_partner(town, "BR-P2"))
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        assert not Referral.objects.exists()
        for row in (waiting, under_way):
            for act in (referring.withdraw, referring.renew, referring.refuse):
                with pytest.raises(NotYours):
                    act(row.pk, actor=he, at=NOW)
        with pytest.raises(NotYours):
            offering.close_offer(waiting.offer_id, actor=he, at=NOW)


def test_the_letter_says_nothing_of_the_person_and_the_case_learns_what_the_partner_did(town: Town) -> None:
    referral = sent(town, make_partner(town))
    held(referral, answering.opened)
    held(referral, answering.accept, BY)
    entries = {one.kind: str(one.uid) for one in Entry.objects.filter(subject=referral.pk)}
    reactions.send_link(entries["referral.sent"])
    letter = mail.recent(1, "ajuda@example.org")[0]
    assert "/partner/" in letter.body
    assert not any(secret in letter.subject + letter.body for secret in (*SECRETS, "settlement"))
    for _again in range(2):
        for kind in ("referral.opened", "referral.accepted"):
            reactions.tell_the_case(entries[kind])
    with acting(SYSTEM, epoch=now_epoch()):
        told = [one.kind for one in journal(referral.case_id) if one.kind.startswith("referred:")]
    assert told == [f"referred:{step}" for step in ("asked", "agreed", "sent", "opened", "accepted")]


def test_offers_that_fit_the_case_come_first(town: Town) -> None:
    far = make_partner(town, "A-FAR")
    near = make_partner(town, "B-NEAR")
    far.countries, far.services = ["BR"], ["schooling"]
    far.save(update_fields=["countries", "services"])
    case = make_case()
    assert [fit.offer.pk for fit in queries.fitting(case, on=TODAY)] == [near.pk, far.pk]
    assert [fit.whole for fit in queries.fitting(case, on=TODAY)] == [True, False]


def test_figures_by_partner_are_counted_from_the_rows(town: Town) -> None:
    offer = make_partner(town)
    rows = [sent(town, offer, make_case()) for _one in range(3)]
    asked(town, offer, make_case())
    held(rows[0], answering.decline, "full", BY)
    held(rows[1], answering.accept, BY)
    held(rows[1], answering.finish, "partly", BY)
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        [one] = queries.figures(actor, on=TODAY)
    assert (one.sent, one.accepted, one.declined, one.done, one.helped) == (3, 1, 1, 1, 1)
