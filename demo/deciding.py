"""Which files look like one person, and what the office's officers have decided about some of them so far."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from demo.registry import Desk, present
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.merging import Decided, accept, put_off, reject
from qiaoqiao.parties.actions.proposing import propose_all
from qiaoqiao.parties.models import Proposal

DECISIONS = 90
SAME = ("证件号码和出生日期对得上。", "本人来认过，就是同一个人。", "户口簿和登记册对过。")
TWO = ("兄弟两人，出生日期不同。", "同名，籍贯和父母都不同。", "问过本人，不是同一个人。")


def review(at_desk: Desk) -> int:
    """Have all files compared, then decide about some pairs by whose they truly are; again decides nothing.

    Returns how many pairs wait for somebody.
    """
    with acting(SYSTEM, epoch=present()):
        begun = Proposal.objects.exists()
    steps = propose_all(office=at_desk.office, actor=at_desk.handler, at=at_desk.now)
    while not begun:
        with acting(SYSTEM, epoch=present()), without_reactions():
            if next(steps, None) is None:
                break
    with acting(SYSTEM, epoch=present()):
        known = Proposal.objects.filter(state="open", one__in=at_desk.files, other__in=at_desk.files)
        pairs = sorted(known, key=lambda one: (-one.weight, str(one.pk)))
    if not begun:
        chosen = pairs[:: max(3, len(pairs) // DECISIONS)][:DECISIONS]
        decide_all(chosen, at_desk)
    return len(pairs)


def decide_all(pairs: Sequence[Proposal], at_desk: Desk) -> None:
    """Decide about every pair but each ninth, which rests for a month."""
    for number, pair in enumerate(pairs):
        with acting(SYSTEM, epoch=present()), without_reactions(), suppress(Decided, FileClosed):
            at = datetime.fromtimestamp(present(), UTC)
            actor = at_desk.handler if number % 3 else at_desk.head
            if number % 9 == 8:
                until = (at + timedelta(days=30)).astimezone(SHANGHAI).date()
                put_off(pair.pk, until=until, why="等本人下次来时问清。", actor=actor, at=at)
            elif at_desk.files[pair.one_id] is at_desk.files[pair.other_id]:
                accept(pair.pk, why=SAME[number % len(SAME)], actor=actor, at=at)
            else:
                reject(pair.pk, why=TWO[number % len(TWO)], actor=actor, at=at)
