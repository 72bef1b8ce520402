"""Grants of the demo's relief funds: who keeps a fund, and each step of a grant as they take it."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from demo.people import GIVEN, SURNAMES
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor, acting, staff
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.models import Case
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.parties.rules import Applicant
from qiaoqiao.services.relief.actions import deciding, granting, payees, paying
from qiaoqiao.services.relief.models import Fund, Grant, Payment
from qiaoqiao.services.relief.rules import DIFFICULTIES

TOWNS = ("端芬镇", "海宴镇", "塘口镇", "牛江镇", "赤坎镇", "水步镇", "斗山镇", "百合镇")
LANES = ("侨兴里", "永安村", "龙安里", "东和村", "西宁里", "南阳村", "仁厚里", "联安村")
GRANT_FEN = (200_000, 250_000, 280_000, 300_000)
SHOWN_DAYS, OWN_FEN = 5, 300_000
VOTES = {"梁静云": "yes", "林伟文": "yes", "谭慧敏": "yes", "李健华": "abstain"}
STORIES = ("老伴住院三个月，药费自费部分多。", "台风把屋顶掀了，暂住亲戚家。", "孩子考上大学，学费还差一截。",
           "独居，腿脚不便，养老金只够吃饭。", "从国外回来，一时找不到活干。")  # fmt: skip


@dataclass
class Desk:
    """A federation's fund and the three people who keep it: each has a part of their own."""

    office: Office
    handler: int
    clerk: int
    head: int
    above: int
    chance: random.Random
    fund: Fund = field(init=False)


@contextmanager
def by(account_id: int) -> Iterator[Actor]:
    actor = staff(account_id)
    with acting(actor, epoch=int(time.time())):
        yield actor


def day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def name_of(chance: random.Random) -> str:
    return chance.choice(list(SURNAMES)) + chance.choice(GIVEN)


ORDER = ("reported", "draft", "visited", "committee", "shown", "approving", "approved", "called", "listed", "checked",
         "exported", "paid", "received", "closed")  # fmt: skip
OPEN = ((1, "reported"), (3, "draft"), (5, "visited"), (7, "committee"), (4, "shown"), (14, "approving"),
        (16, "approved"), (20, "called"), (22, "listed"), (23, "checked"), (24, "exported"), (30, "paid"), (33, "received"),
        (12, "refused"), (18, "above"))  # fmt: skip


def to_state(desk: Desk, state: str, at: datetime) -> None:
    """File a request and take a grant as far as this state."""
    purpose = desk.chance.choice(DIFFICULTIES[:8])
    fen = OWN_FEN + 180_000 if state == "above" else desk.chance.choice(GRANT_FEN)
    case = ask(desk, purpose, at)
    far = {"refunded": "paid", "refused": "visited", "above": "approving"}.get(state, state)
    if far == "reported":
        return
    grant = granted(desk, case, purpose, fen, at)
    steps = ORDER[ORDER.index("visited") : ORDER.index(far) + 1] if far != "draft" else ()
    for step in steps:
        at = STEPS[step](desk, grant, at)
    if state == "refused":
        with by(desk.handler) as actor:
            ground = deciding.Ground(
                "no_hardship", "子女已接回同住，医药费已报销。", "村侨胞之家 0750-0000000"
            )
            deciding.refuse(grant.pk, ground, actor=actor, at=at)
    if state == "refunded":
        with by(desk.handler) as actor:
            payment = Payment.objects.get(grant=grant, state="paid")
            at += timedelta(days=6)
            paying.refund(payment.pk, reason="子女已接济，本人退回", on=day(at), actor=actor, at=at)


def ask(desk: Desk, purpose: str, at: datetime) -> Case:
    chance = desk.chance
    person = Applicant(name=name_of(chance), country="CN", phone=f"+86 750 0{chance.randint(100000, 999999)}")
    facts = {
        "standing": chance.choice(["returnee", "relative"]), "place": desk.office.place_id,
        "address": f"{chance.choice(TOWNS)}{chance.choice(LANES)}{chance.randint(1, 60)}号（虚构）",
        "members": chance.randint(1, 5), "income": chance.randrange(600, 4000, 100), "difficulty": purpose,
        "story": chance.choice(STORIES), "emergency": False, "wish": "cash",
        "government_aid": chance.choice(["never", "receiving", "refused"]),
    }  # fmt: skip
    filing = Filing(
        service="relief", channel="counter", applicant=person, facts=facts, intake_office=desk.office.pk
    )
    with acting(staff(desk.clerk).with_case(filing.case_id), epoch=int(time.time())):
        return file(filing, actor=staff(desk.clerk), at=at)


def granted(desk: Desk, case: Case, purpose: str, fen: int, at: datetime) -> Grant:
    when = at + timedelta(hours=3)
    form = "study" if purpose == "study" else "cash"
    bound = purpose if purpose == "study" else ""
    with by(desk.handler) as actor:
        visit = granting.Planned(day(at) + timedelta(days=1), "基金经办人和窗口同事")
        wish = granting.Wish(form, purpose, fen, bound)
        return granting.draft(desk.fund.pk, wish, actor=actor, at=when, case_id=case.pk, visit=visit)


def visited(desk: Desk, grant: Grant, at: datetime) -> datetime:
    at += timedelta(days=1)
    with by(desk.handler) as actor:
        call = granting.Call(day(at), "两人上门，情况属实，病历和存折看过。", second=desk.clerk)
        granting.record_home_visit(grant.pk, call, actor=actor, at=at)
        income = desk.chance.randrange(80_000, 400_000, 10_000)
        reckoned = granting.Reckoned(desk.chance.randint(1, 5), income, income // 2, (grant.purpose,))
        granting.assess(grant.pk, reckoned, actor=actor, at=at)
    return at


def committee(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.handler) as actor:
        granting.to_committee(grant.pk, found="情况属实，建议救助。", actor=actor, at=at + timedelta(hours=2))
    return at + timedelta(hours=3)


def shown(desk: Desk, grant: Grant, at: datetime) -> datetime:
    at += timedelta(days=1)
    with by(desk.handler) as actor:
        deciding.review(grant.pk, deciding.Meeting(day(at), VOTES), actor=actor, at=at)
    return at


def approving(desk: Desk, grant: Grant, at: datetime) -> datetime:
    at += timedelta(days=SHOWN_DAYS + 1)
    with by(desk.handler) as actor:
        deciding.end_notice(grant.pk, objections="没有异议", actor=actor, at=at)
    return at


def approved(desk: Desk, grant: Grant, at: datetime) -> datetime:
    at += timedelta(hours=20)
    with by(desk.head) as actor:
        deciding.approve(grant.pk, actor=actor, at=at)
    with by(desk.handler) as actor:
        account = payees.BankAccount(
            name_of(desk.chance), "五邑农商银行（虚构）", f"62220000{desk.chance.randint(10**9, 10**10 - 1)}"
        )
        payees.type_account(grant.pk, account, actor=actor, at=at + timedelta(hours=1))
    return at + timedelta(hours=2)


def called(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.clerk) as actor:
        payee = grant.payees.get(state="held")
        payees.call_back(payee.pk, payees.CallBack("本人", "home", right=True), actor=actor, at=at)
    return at + timedelta(days=2)


def listed(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.handler) as actor:
        paying.draft_list(desk.fund.pk, [grant.pk], actor=actor, at=at)
    return at


def checked(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.head) as actor:
        paying.check(list_of(grant), actor=actor, at=at)
    return at


def exported(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.head) as actor:
        paying.approve_list(list_of(grant), actor=actor, at=at)
        paying.exported(list_of(grant), str(grant.pk).encode(), actor=actor, at=at)
    return at + timedelta(hours=1)


def paid(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.clerk) as actor:
        reference = f"演示{day(at):%Y%m%d}{desk.chance.randint(1000, 9999)}"
        paying.pay(list_of(grant), bank_reference=reference, on=day(at), actor=actor, at=at)
    return at + timedelta(days=2)


def list_of(grant: Grant) -> Any:
    return Payment.objects.values_list("list", flat=True).get(grant=grant, state="listed")


def received(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.handler) as actor:
        payment = Payment.objects.get(grant=grant, state="paid")
        paying.acknowledge(payment.pk, how="visit", on=day(at), actor=actor, at=at)
    return at + timedelta(days=20)


def closed(desk: Desk, grant: Grant, at: datetime) -> datetime:
    with by(desk.handler) as actor:
        paying.follow_up(grant.pk, on=day(at), note="回访：情况好转。", actor=actor, at=at)
    return at


STEPS: dict[str, Any] = {
    "visited": visited, "committee": committee, "shown": shown, "approving": approving, "approved": approved,
    "called": called, "listed": listed, "checked": checked, "exported": exported, "paid": paid, "received": received,
    "closed": closed,
}  # fmt: skip
