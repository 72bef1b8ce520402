"""Members of pools through their life: nominated, appointed, renewed, warned of, gone; and what the law refuses."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.pools import reactions
from qiaoqiao.community.pools.actions import keeping, nominating, terms
from qiaoqiao.community.pools.actions.nominating import Appointment, NotTheirOffice, Proposed, appoint
from qiaoqiao.community.pools.jobs import keep_terms
from qiaoqiao.community.pools.models import (
    DutyShift,
    Engagement,
    Nomination,
    PoolMember,
    PoolTerm,
    Qualification,
)
from qiaoqiao.community.pools.queries import Filters, figures, listed, visible_members, who_fits
from qiaoqiao.community.pools.rules import MoveRefused, PoolKind, PoolRefused
from qiaoqiao.gateways import mail, vault
from qiaoqiao.ledger.models import Entry
from tests.cast import AT, SETTLE, TODAY, Town, as_staff, file_case, now_epoch
from tests.community.pools_town import CALLED, appointing, at_noon, in_office, make_committee, named

SUPERVISOR = PoolKind.PEOPLE_SUPERVISOR


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def kinds_of(member: PoolMember) -> list[str]:
    return list(Entry.objects.filter(subject=member.pk).order_by("seq").values_list("kind", flat=True))


def why(refused: Any) -> list[str]:
    return [one.why for one in refused.value.unmet]


def run_job(on: date) -> None:
    keep_terms(int(at_noon(on).timestamp()))


def test_a_supervisor_comes_into_office_by_nomination_notice_and_the_justice_bureaus_word(town: Town) -> None:
    member = in_office(town, SUPERVISOR)
    with acting(SYSTEM, epoch=now_epoch()):
        term = PoolTerm.objects.get(member=member)
        assert (member.state, term.number, term.most) == ("active", 1, 2)
        assert (term.starts_on, term.ends_on) == (date(2026, 3, 2), date(2031, 3, 1))
        assert Nomination.objects.get(member=member).state == "appointed"
    steps = ["nominated", "reviewed", "public_notice", "appointed"]
    assert kinds_of(member) == [f"pool.{step}" for step in steps]


def test_a_candidate_who_does_not_meet_the_conditions_is_told_every_one_and_nothing_is_kept(
    town: Town,
) -> None:
    with pytest.raises(PoolRefused) as refused, transaction.atomic():
        named(town, SUPERVISOR, born="2010", education="", nationality="VE", posts=["assessor"])
    assert why(refused) == ["citizens_only", "too_young", "education", "excluded"]
    with acting(SYSTEM, epoch=now_epoch()):
        assert PoolMember.objects.count() == 0


def test_the_federation_cannot_appoint_a_supervisor_but_may_recommend(town: Town) -> None:
    member = named(town, SUPERVISOR)
    with acting(SYSTEM, epoch=now_epoch()):
        nominating.review(member.pk, actor=SYSTEM, at=AT)
        nominating.publish(
            member.pk, from_on=date(2026, 2, 2), until_on=date(2026, 2, 9), actor=SYSTEM, at=AT
        )
        with pytest.raises(PoolRefused) as refused:
            appoint(member.pk, Appointment(town.federation, TODAY, **CALLED), actor=SYSTEM, at=AT)
        assert why(refused) == ["not_theirs_to_appoint"]
        justice = appointing(town, SUPERVISOR)
        with pytest.raises(PoolRefused) as refused:
            appoint(member.pk, Appointment(justice, TODAY), actor=SYSTEM, at=AT)
        assert why(refused) == ["announced_too_short"]
        assert not PoolTerm.objects.exists()
        appoint(member.pk, Appointment(justice, TODAY, **CALLED), actor=SYSTEM, at=AT)


def test_nobody_is_appointed_before_the_notice_is_over_or_without_one(town: Town) -> None:
    member = named(town, SUPERVISOR)
    justice = appointing(town, SUPERVISOR)
    with acting(SYSTEM, epoch=now_epoch()):
        nominating.review(member.pk, actor=SYSTEM, at=AT)
        with pytest.raises(MoveRefused):
            appoint(member.pk, Appointment(justice, TODAY, **CALLED), actor=SYSTEM, at=AT)
        nominating.publish(member.pk, from_on=TODAY, until_on=date(2026, 3, 9), actor=SYSTEM, at=AT)
        with pytest.raises(PoolRefused) as refused:
            appoint(member.pk, Appointment(justice, date(2026, 4, 1), **CALLED), actor=SYSTEM, at=AT)
    assert why(refused) == ["notice_runs"]


def test_the_days_of_public_notice_are_the_offices_own_number(town: Town) -> None:
    town.federation.settings = {"pools": {"notice_days": 5}}
    town.federation.save(update_fields=["settings"])
    member = named(town, SUPERVISOR)
    with acting(SYSTEM, epoch=now_epoch()):
        nominating.review(member.pk, actor=SYSTEM, at=AT)
        with pytest.raises(PoolRefused) as refused:
            nominating.publish(member.pk, from_on=TODAY, until_on=date(2026, 3, 6), actor=SYSTEM, at=AT)
        assert why(refused) == ["notice_too_short"]
        nominating.publish(member.pk, from_on=TODAY, until_on=date(2026, 3, 9), actor=SYSTEM, at=AT)
        member.refresh_from_db()
    assert member.state == "public_notice"


def test_a_supervisor_is_renewed_once_and_then_no_more(town: Town) -> None:
    member = in_office(town, SUPERVISOR)
    justice = appointing(town, SUPERVISOR)
    with acting(SYSTEM, epoch=now_epoch()):
        renewal = {"by": justice, "decision": "令 2", "actor": SYSTEM}
        terms.renew(member.pk, starts_on=date(2031, 3, 2), at=at_noon(date(2031, 2, 1)), **renewal)
        with pytest.raises(PoolRefused) as refused:
            terms.renew(member.pk, starts_on=date(2036, 3, 2), at=at_noon(date(2036, 2, 1)), **renewal)
        rows = PoolTerm.objects.filter(member=member).order_by("starts_on")
        assert [(row.number, row.ends_on, row.ended_on) for row in rows] == [
            (1, date(2031, 3, 1), date(2031, 3, 1)),
            (2, date(2036, 3, 1), None),
        ]
    assert why(refused) == ["terms_spent"]


def test_a_renewal_that_leaves_a_day_between_is_refused_and_one_after_a_gap_counts_on(town: Town) -> None:
    member = in_office(town, SUPERVISOR)
    justice = appointing(town, SUPERVISOR)
    renewal: dict[str, Any] = {"by": justice, "decision": "令 2", "actor": SYSTEM}
    with acting(SYSTEM, epoch=now_epoch()):
        with pytest.raises(PoolRefused) as refused:
            terms.renew(member.pk, starts_on=date(2031, 3, 3), at=at_noon(date(2031, 2, 1)), **renewal)
        assert why(refused) == ["not_joined"]
        # The term is over, though no job has said so yet: then a gap is possible, and counts on.
        terms.renew(member.pk, starts_on=date(2031, 5, 1), at=at_noon(date(2031, 5, 1)), **renewal)
        assert [one.number for one in PoolTerm.objects.order_by("starts_on")] == [1, 2]
        assert kinds_of(member)[-2:] == ["pool.expired", "pool.renewed"]
        late: dict[str, Any] = {"starts_on": date(2038, 5, 1), "at": at_noon(date(2038, 5, 1))}
        for settings, anew, whys in (
            ({}, False, ["terms_spent"]),
            ({}, True, ["no_gap_set"]),
            ({"pools": {"new_beginning_days": 1000}}, True, ["gap_too_short"]),
            ({"pools": {"new_beginning_days": 365}}, False, ["terms_spent"]),
        ):
            town.federation.settings = settings
            town.federation.save(update_fields=["settings"])
            with pytest.raises(PoolRefused) as refused:
                terms.renew(member.pk, **late, anew=anew, **renewal)
            assert why(refused) == whys
        terms.renew(member.pk, **late, anew=True, **renewal)
        assert PoolTerm.objects.get(ended_on__isnull=True).number == 1


def test_somebody_renewed_ahead_after_the_term_was_over_takes_up_the_office_on_its_day(town: Town) -> None:
    member = in_office(town, SUPERVISOR)
    justice = appointing(town, SUPERVISOR)
    run_job(date(2031, 3, 2))
    today = at_noon(date(2031, 3, 10))
    with acting(SYSTEM, epoch=now_epoch()):
        terms.renew(
            member.pk, by=justice, starts_on=date(2032, 1, 4), decision="令 2", actor=SYSTEM, at=today
        )
        member.refresh_from_db()
        assert member.state == "appointed"
        with pytest.raises(MoveRefused):
            keeping.engage(
                member.pk,
                role="supervisor",
                case=None,
                matter="甲",
                since=today.date(),
                actor=SYSTEM,
                at=today,
            )
    run_job(date(2032, 1, 4))
    assert kinds_of(member)[-1] == "pool.began"


def test_the_database_itself_refuses_a_third_term_two_open_terms_and_two_open_nominations(town: Town) -> None:
    member = in_office(town, SUPERVISOR)
    with acting(SYSTEM, epoch=now_epoch()):
        given = {"member": member, "appointed_by": town.federation, "most": 2}
        for wrong in ({"number": 3, "ended_on": date(2030, 1, 1)}, {"number": 2, "ended_on": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                PoolTerm.objects.create(starts_on=date(2029, 1, 1), **given, **wrong)
        again = {"member": member, "by": "self", "state": "nominated", "nominated_on": TODAY}
        Nomination.objects.create(**again)
        with pytest.raises(IntegrityError), transaction.atomic():
            Nomination.objects.create(**again)


def test_a_post_beside_which_one_may_not_serve_is_refused_in_office_and_noted_when_suspended(
    town: Town,
) -> None:
    member = in_office(town, PoolKind.ARBITRATOR)
    given: dict[str, Any] = {"where": "台山市人民法院", "since": TODAY, "actor": SYSTEM, "at": AT}
    with acting(SYSTEM, epoch=now_epoch()):
        keeping.add_post(member.pk, kind="lawyer", **given)
        with pytest.raises(PoolRefused) as refused:
            keeping.add_post(member.pk, kind="judge", **given)
        assert why(refused) == ["excluded"]
        terms.suspend(member.pk, reason="调任", actor=SYSTEM, at=AT)
        keeping.add_post(member.pk, kind="judge", **given)
        with pytest.raises(PoolRefused):
            terms.resume(member.pk, reason="", actor=SYSTEM, at=AT)
        member.refresh_from_db()
    assert member.state == "suspended"


def test_an_invited_mediator_is_never_a_witness_in_the_same_case(town: Town) -> None:
    member = in_office(town, PoolKind.INVITED_MEDIATOR)
    case = file_case("settlement", SETTLE)
    given: dict[str, Any] = {"matter": "", "since": TODAY, "actor": SYSTEM, "at": AT}
    with acting(SYSTEM, epoch=now_epoch()):
        first = keeping.engage(member.pk, role="mediator", case=case, **given)
        assert keeping.engage(member.pk, role="mediator", case=case, **given) == first
        keeping.end_engagement(first.pk, actor=SYSTEM, at=AT)
        with pytest.raises(PoolRefused) as refused:
            keeping.engage(member.pk, role="witness", case=case, **given)
        assert why(refused) == ["same_case"]
        assert Engagement.objects.filter(until__isnull=True).count() == 0


def test_a_terms_end_is_told_once_for_each_threshold_and_then_it_is_over(town: Town) -> None:
    Account.objects.filter(pk=town.head_liang.pk).update(email="liang@example.org")
    member = in_office(
        town, PoolKind.PEOPLE_MEDIATOR, starts_on=date(2023, 6, 1), at=at_noon(date(2023, 6, 1))
    )
    with acting(SYSTEM, epoch=now_epoch()):
        end = PoolTerm.objects.get(member=member).ends_on
    assert end == date(2026, 5, 31)
    for days in (200, 180, 179, 91, 90, 30, 29, 0):
        run_job(end - timedelta(days=days))
    told = [one for one in kinds_of(member) if one == "pool.expiring"]
    assert len(told) == 3
    for uid in Entry.objects.filter(kind="pool.expiring").values_list("uid", flat=True):
        reactions.tell_keeper(str(uid))
        reactions.tell_keeper(str(uid))
    letters = mail.recent(10, "liang@example.org")
    assert letters
    assert all("谭伟明" not in letter.body and "2026-05-31" in letter.body for letter in letters)
    run_job(end + timedelta(days=1))
    run_job(end + timedelta(days=1))
    with acting(SYSTEM, epoch=now_epoch()):
        member.refresh_from_db()
        assert (member.state, PoolTerm.objects.get(member=member).ended_on) == ("expired", end)
    assert kinds_of(member)[-1] == "pool.expired"
    assert kinds_of(member).count("pool.expired") == 1


def test_somebody_appointed_for_a_later_day_takes_up_the_office_on_it(town: Town) -> None:
    member = in_office(town, PoolKind.INVITED_MEDIATOR, starts_on=date(2026, 3, 10))
    assert member.state == "appointed"
    for on, state in ((date(2026, 3, 9), "appointed"), (date(2026, 3, 10), "active")):
        run_job(on)
        with acting(SYSTEM, epoch=now_epoch()):
            member.refresh_from_db()
        assert member.state == state


def test_who_is_removed_leaves_the_term_the_rota_and_the_matters(town: Town) -> None:
    committee = make_committee(town)
    member = in_office(town, PoolKind.ADVISER, organisation=committee)
    with acting(SYSTEM, epoch=now_epoch()):
        keeping.add_shift(
            member.pk, on=date(2026, 3, 20), part="morning", organisation=committee, actor=SYSTEM, at=AT
        )
        keeping.engage(member.pk, role="adviser", case=None, matter="普法", since=TODAY, actor=SYSTEM, at=AT)
        terms.remove(member.pk, reason="泄露秘密", actor=SYSTEM, at=AT)
        assert not DutyShift.objects.exists()
        assert not Engagement.objects.filter(until__isnull=True).exists()
        assert not PoolTerm.objects.filter(ended_on__isnull=True).exists()
        for again in (terms.remove, terms.resign, terms.suspend):
            with pytest.raises(MoveRefused):
                again(member.pk, reason="", actor=SYSTEM, at=AT)


def test_nobody_is_on_duty_twice_at_one_time(town: Town) -> None:
    one, two = make_committee(town), make_committee(town, "GW-02")
    member = in_office(town, PoolKind.ADVISER)
    given: dict[str, Any] = {"on": TODAY, "part": "morning", "actor": SYSTEM, "at": AT}
    with acting(SYSTEM, epoch=now_epoch()):
        keeping.add_shift(member.pk, organisation=one, **given)
        with pytest.raises(keeping.OnDutyAlready):
            keeping.add_shift(member.pk, organisation=two, **given)
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyShift.objects.create(member=member, on=TODAY, part="morning", organisation=two)
        assert DutyShift.objects.count() == 1


def test_a_training_is_written_down_once(town: Town) -> None:
    member = in_office(town, PoolKind.INVITED_MEDIATOR)
    given: dict[str, Any] = {
        "title": "调解技能培训", "held_on": TODAY, "hours": Decimal("3.5"), "organiser": "法院",
        "actor": SYSTEM, "at": AT,
    }  # fmt: skip
    with acting(SYSTEM, epoch=now_epoch()):
        keeping.train(member.pk, **given)
        with pytest.raises(keeping.TrainedAlready):
            keeping.train(member.pk, **given)


def test_a_licences_number_lies_sealed(town: Town) -> None:
    member = in_office(town, PoolKind.ADVISER)
    with acting(SYSTEM, epoch=now_epoch()):
        row = keeping.qualify(
            member.pk, kind="lawyer", years=12, number="14407201010123456", actor=SYSTEM, at=AT
        )
        row = Qualification.objects.get(pk=row.pk)
        assert row.tail == "3456"
        assert b"14407201010123456" not in bytes(row.sealed or b"")
        place = vault.Place("pools_qualification", "sealed", str(row.pk))
        assert vault.unseal(bytes(row.sealed or b""), place) == "14407201010123456"


def test_a_stranger_sees_and_changes_nobody_through_either_wall(town: Town) -> None:
    member = in_office(town, PoolKind.ADVISER)
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        assert not visible_members(he, on=TODAY).exists()
        assert not PoolMember.objects.exists()
        assert not PoolTerm.objects.exists()
        with pytest.raises(PoolMember.DoesNotExist):
            terms.suspend(member.pk, reason="", actor=he, at=AT)
        proposed = Proposed(PoolKind.ADVISER, "某人")
        with pytest.raises(NotTheirOffice):
            nominating.nominate(proposed, keeper=town.federation, actor=he, at=AT)
    for account in (town.officer_chen, town.city_head):
        actor = as_staff(account)
        with acting(actor, epoch=now_epoch()):
            assert [one.pk for one in visible_members(actor, on=TODAY)] == [member.pk]


def test_who_fits_comes_by_fewest_matters_and_says_why_others_do_not(town: Town) -> None:
    spanish = {"languages": ["spanish"], "specialties": ["house"]}
    busy = in_office(town, PoolKind.ADVISER, name="忙", **spanish)
    free = in_office(town, PoolKind.ADVISER, name="闲", **spanish)
    mute = in_office(town, PoolKind.ADVISER, name="外行", languages=["thai"], specialties=["house"])
    partial = in_office(town, PoolKind.ADVISER, name="有关", **spanish)
    away = in_office(town, PoolKind.ADVISER, name="停", **spanish)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        keeping.engage(busy.pk, role="adviser", case=None, matter="甲", since=TODAY, actor=chen, at=AT)
        keeping.add_post(partial.pk, kind="company", where="侨建公司", since=None, actor=chen, at=AT)
        terms.suspend(away.pk, reason="病", actor=chen, at=AT)
        fits = who_fits(
            PoolKind.ADVISER,
            chen,
            on=TODAY,
            language="spanish",
            specialty="house",
            conflict_orgs=["侨建公司"],
        )
    assert [(one.member.pk, one.why_not) for one in fits] == [
        (free.pk, ()),
        (busy.pk, ()),
        (away.pk, ("suspended",)),
        (mute.pk, ("language",)),
        (partial.pk, ("conflict",)),
    ]


def test_figures_count_by_kind_and_committee_and_lists_page_with_a_constant_number_of_queries(
    town: Town, django_assert_num_queries: Any
) -> None:
    one, two = make_committee(town), make_committee(town, "GW-02")
    for number in range(28):
        in_office(town, PoolKind.ADVISER, name=f"顾问{number:02d}", organisation=(one, two)[number % 2])
    in_office(town, SUPERVISOR)
    named(town, SUPERVISOR, name="候选")
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        shown = figures(chen, on=TODAY)
        assert (shown.by_kind["adviser"], shown.advisers_in_committees) == (28, 28)
        assert [count for _pk, _names, count in shown.committees] == [14, 14]
        assert (shown.by_kind["people_supervisor"], shown.supervisors_recommended) == (1, 2)
        with django_assert_num_queries(3):
            first = listed(Filters(kind="adviser"), chen, on=TODAY)
        rest = listed(Filters(kind="adviser"), chen, on=TODAY, after=first.after)
        back = listed(Filters(kind="adviser"), chen, on=TODAY, before=rest.before)
    assert [len(first.rows), len(rest.rows)] == [25, 3]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert (first.before, rest.after) == (None, None)


def test_the_letter_is_numbered_once(town: Town) -> None:
    member = named(town, SUPERVISOR)
    at = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    with acting(SYSTEM, epoch=now_epoch()):
        first = nominating.number_letter(member.pk, actor=SYSTEM, at=at).number
        again = nominating.number_letter(member.pk, actor=SYSTEM, at=at).number
    assert first == again == "侨测函〔2026〕1号"
    assert kinds_of(member).count("pool.recommended") == 1
