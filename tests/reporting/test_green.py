"""The audit of the green channel, against the same question asked row by row in Python."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting, person
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.models import Case, Term
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.models import Entry
from qiaoqiao.reporting.green import Audit, audit
from tests.cast import AT, ROSA, SETTLE, Town, as_staff, now_epoch

SINCE, UNTIL = date(2026, 3, 2), date(2026, 5, 30)
HOME = replace(ROSA, country="CN", timezone="Asia/Shanghai")


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def filed(service: str, *, green: bool, at: datetime) -> Case:
    filing = Filing(service=service, channel="web", applicant=ROSA if green else HOME, facts=SETTLE)
    with acting(PUBLIC.with_case(filing.case_id), epoch=now_epoch()):
        return file(filing, actor=PUBLIC, at=at)


def took_up(case: Case, officer: Account, at: datetime) -> None:
    actor = as_staff(officer)
    with acting(actor, epoch=now_epoch()):
        move(case.pk, "accept", answers={}, actor=actor, at=at)


def withdrew(case: Case, at: datetime) -> None:
    owner = person(case.pk)
    with acting(owner, epoch=now_epoch()):
        move(case.pk, "withdraw", answers={}, actor=owner, at=at)


def audited(account: Account, *, since: date = SINCE, until: date = UNTIL) -> Audit:
    actor = as_staff(account)
    with acting(actor, epoch=now_epoch()):
        return audit(actor, since=since, until=until, on=UNTIL)


def pairs(found: Audit) -> set[tuple[Any, Any]]:
    return {(one.id, one.waiting_id) for one in found.passed_over}


def by_hand(offices: list[str], since: date, until: date) -> set[tuple[Any, Any]]:
    """Every pair, by looking at each case's entries one after the other."""
    with acting(SYSTEM, epoch=now_epoch()):
        rows = []
        for case in Case.objects.all():
            entries = list(Entry.objects.filter(subject=case.pk).order_by("seq"))
            if entries[0].office not in offices:
                continue
            taken = [e.at for e in entries if e.kind.startswith("move:") and e.actor.startswith("staff:")]
            terms = Term.objects.filter(case=case, starts_on=case.filed_on).exclude(binds="person")
            due = min((term.due_on for term in terms if term.due_on), default=date.max)
            rows.append((case, entries[0].office, min(taken, default=None), due))
    found = set()
    for n, office, taken_at, due_n in rows:
        if n.priority or taken_at is None or not since <= taken_at.astimezone(SHANGHAI).date() <= until:
            continue
        for p, of, other, due_p in rows:
            older = p.priority and of == office and p.filed_at < n.filed_at and due_p <= due_n
            if older and all(then is None or then > taken_at for then in (other, p.closed_at)):
                found.add((n.pk, p.pk))
    return found


def test_a_younger_case_taken_up_first_is_named_with_the_one_that_waited(town: Town) -> None:
    green = filed("settlement", green=True, at=AT)
    plain = filed("settlement", green=False, at=AT + timedelta(hours=1))
    took_up(plain, town.officer_chen, AT + timedelta(hours=2))
    took_up(green, town.officer_chen, AT + timedelta(hours=3))
    found = audited(town.head_liang)
    assert pairs(found) == {(plain.pk, green.pk)}
    assert (found.green.cases, found.green.taken_up, found.others.cases) == (1, 1, 1)
    assert found.green.to_first_step == pytest.approx(3 / 24)
    assert found.others.to_first_step == pytest.approx(1 / 24)


@pytest.mark.parametrize("why", ["older", "green_first", "green_too"])
def test_what_keeps_to_the_rule_is_not_named(town: Town, why: str) -> None:
    first = filed("settlement", green=why != "older", at=AT)
    second = filed("settlement", green=why != "green_first", at=AT + timedelta(hours=1))
    order = [first, second] if why != "green_too" else [second, first]
    for hour, case in enumerate(order, 2):
        took_up(case, town.officer_chen, AT + timedelta(hours=hour))
    assert pairs(audited(town.head_liang)) == set()


def test_another_office_reads_nothing_of_it(town: Town) -> None:
    filed("settlement", green=True, at=AT)
    took_up(
        filed("settlement", green=False, at=AT + timedelta(hours=1)),
        town.officer_chen,
        AT + timedelta(days=1),
    )
    found = audited(town.stranger_he)
    assert (found.green.cases, found.others.cases, list(found.passed_over)) == (0, 0, [])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_audit_finds_what_somebody_finds_by_hand(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    cases = []
    for number in range(14):
        at = AT + timedelta(hours=chance.randrange(0, 24 * 20), minutes=number)
        cases.append(filed("settlement", green=chance.random() < 0.5, at=at))
    chance.shuffle(cases)
    for case in cases[:2]:
        withdrew(case, case.filed_at + timedelta(days=chance.randrange(1, 15)))
    for case in cases[2:11]:
        took_up(case, town.officer_chen, case.filed_at + timedelta(hours=chance.randrange(1, 24 * 15)))
    offices = [town.overseas_affairs.code, town.federation.code]
    for since, until in ((SINCE, UNTIL), (date(2026, 3, 10), date(2026, 3, 20))):
        expected = by_hand(offices, since, until)
        assert pairs(audited(town.head_liang, since=since, until=until)) == expected
    assert by_hand(offices, SINCE, UNTIL)


def test_the_audit_takes_as_many_queries_for_many_cases_as_for_few(town: Town) -> None:
    counted = []
    for _round in range(2):
        for number in range(4):
            case = filed("settlement", green=number % 2 == 0, at=AT + timedelta(minutes=number))
            took_up(case, town.officer_chen, AT + timedelta(days=2, minutes=-number))
        with CaptureQueriesContext(connection) as queries:
            audited(town.head_liang)
        counted.append(len(queries))
    assert counted[0] == counted[1]
