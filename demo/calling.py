"""A year at the Shengli office: deaths noted, consents taken, visits made, corrections asked for and answered."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from demo.registry import Desk, present
from demo.residents import Resident, about, landline
from qiaoqiao.access.tickets import SYSTEM, Actor, acting, person
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.parties.actions.changing import ChangeRefused, Evidence, ask_change, decide_change
from qiaoqiao.parties.actions.consenting import give, mark_died
from qiaoqiao.parties.actions.rights import ask_for
from qiaoqiao.parties.actions.visiting import Heard, Round, SentDifferently, record_visit
from qiaoqiao.parties.models import Change, File
from qiaoqiao.parties.rules import SENSITIVE_NEEDS

BATCH, REQUESTS = 40, 24
YEAR, LATE = 365, 40
WHY = {"illness": "illness", "hardship": "festival"}


def keep_current(at_desk: Desk, proof: Brought | None) -> int:
    """Tell the year of every file that something happened to; return how many visits were made. Again changes nothing."""
    with acting(SYSTEM, epoch=present()):
        begun = dict(File.objects.filter(pk__in=at_desk.files, died_on=None).values_list("pk", "made_at"))
        asked_before = Change.objects.exists()
    told = iter(sorted(begun, key=lambda one: (begun[one], at_desk.files[one].number, str(one))))
    visits = 0
    while batch := list(islice(told, BATCH)):
        with acting(SYSTEM, epoch=present()), without_reactions():
            visits += sum(year_of(file, begun[file], at_desk) for file in batch)
    if not asked_before:
        with without_reactions():
            corrections(at_desk, proof)
    return visits


def year_of(file: UUID, made: datetime, at_desk: Desk) -> int:
    """One file's year; returns its visits."""
    one, chance = at_desk.files[file], at_desk.chance
    office = at_desk.office.code
    if one.died:
        at = made + timedelta(days=1, hours=2)
        mark_died(file, one.died, proof="死亡医学证明", actor=at_desk.handler, at=at, office=office)
        return 0
    if one.country != "CN":
        return 0
    due = chance.random() < likelihood(one, at_desk.now.astimezone(SHANGHAI).date())
    if not due:
        return 0
    since = (at_desk.now - made).days
    agree(file, one, at_desk, at_desk.days_ago(since - 1))
    days = sorted(
        chance.sample(range(2, max(since - 1, 4)), 2 if chance.random() < 0.12 else 1), reverse=True
    )
    for number, ago in enumerate(days):
        call(file, one, at_desk, ago, first=number == 0)
    return len(days)


def likelihood(one: Resident, on: date) -> float:
    """How likely the office calls on somebody in a year: the old and the needy first."""
    age = one.age(on)
    if "alone" in one.needs or age >= 85:
        return 0.45
    if age >= 75 or {"hardship", "illness", "disability"} & set(one.needs):
        return 0.22
    return 0.1 if one.standing == "returnee" else 0.03


def agree(file: UUID, one: Resident, at_desk: Desk, at: datetime) -> None:
    """Take down the consents that were given; sensitive ones apart, and only where there is a need for them."""
    purposes = ["keeping", *(["contact"] if at_desk.chance.random() < 0.5 else [])]
    if SENSITIVE_NEEDS & set(one.needs):
        purposes.append("sensitive")
    guardian = (one.mother or one.father or one).name
    for purpose in purposes:
        give(
            file, purpose, language="zh-hans", method=at_desk.chance.choice(("visit", "paper", "counter")),
            guardian=guardian, actor=at_desk.clerk, at=at, office=at_desk.office.code,
        )  # fmt: skip


def call(file: UUID, one: Resident, at_desk: Desk, ago: int, *, first: bool) -> None:
    """Call at somebody's door, and see what they need now."""
    chance, at = at_desk.chance, at_desk.days_ago(ago)
    kind = next((WHY[need] for need in one.needs if need in WHY and chance.random() < 0.5), "routine")
    review = review_after(at_desk, at)
    visit = Round(
        key=f"demo-{file.hex[:16]}-{ago}",
        kind="festival" if at.month in {1, 2} else kind,
        visited_at=at,
        office=at_desk.office,
        companion=chance.choice(("", "社区网格员", "侨胞之家志愿者", "人大代表联络站")),
        review_on=review,
    )
    heard = Heard(
        file_id=file,
        said=phrase(at_desk, one, "said"),
        found=phrase(at_desk, one, "found"),
        needs=tuple((need, "") for need in one.needs) if first else (),
        lives_here=True,
    )
    actor = at_desk.clerk if chance.random() < 0.6 else at_desk.handler
    with suppress(SentDifferently):  # told before, by a loading that was broken off
        record_visit(visit, heard, actor=actor, at=at + timedelta(minutes=25))


def review_after(at_desk: Desk, at: datetime) -> date:
    """When to look again; an office seldom lets that day pass by more than some weeks."""
    usual = at_desk.chance.choice((180, 270, 365, 365))
    long_past = at + timedelta(days=usual) < at_desk.now - timedelta(days=LATE)
    return (at + timedelta(days=YEAR if long_past else usual)).astimezone(SHANGHAI).date()


def phrase(at_desk: Desk, one: Resident, part: str) -> str:
    """Something that fits one of their needs, or anybody."""
    known: list[dict[str, str]] = about(part)
    fitting = [each["text"] for each in known if each["for"] in one.needs]
    return at_desk.chance.choice(fitting or [each["text"] for each in known if not each["for"]])


def corrections(at_desk: Desk, proof: Brought | None) -> None:
    """A few requests: by people themselves and by officers with a proof; some answered, some waiting."""
    here = sorted((file for file, one in at_desk.files.items() if one.here), key=str)
    for number, file in enumerate(at_desk.chance.sample(here, min(REQUESTS, len(here)))):
        at = at_desk.days_ago(1 + number * 0.8)
        own = number % 3 == 0 or proof is None
        actor = person(file) if own else at_desk.clerk
        with acting(actor, epoch=present()):
            if number % 9 == 0:
                ask_for(file, "copy", actor=actor, at=at, reason="想给自己留一份。")
                continue
            evidence = None if own or proof is None else Evidence(proof.key, "户口簿照片.pdf")
            change = asked(file, at_desk, number, actor=actor, at=at, evidence=evidence)
        if change is not None and number % 2:
            answered(change, at_desk, number, at=min(at + timedelta(hours=20), at_desk.now))


def asked(
    file: UUID, at_desk: Desk, number: int, *, actor: Actor, at: datetime, evidence: Evidence | None
) -> UUID | None:
    """Ask for the first correction, from one kind to the next, that says anything new of this file."""
    one, wishes = at_desk.files[file], about("asked")
    values = {
        "born": one.born.isoformat(),
        "phone": landline(at_desk.chance).replace("-", ""),
        "home": f"胜利社区归园{at_desk.chance.randrange(1, 31)}栋1单元{at_desk.chance.randrange(1, 8)}02",
        "name": one.name,
        "return_year": str(one.return_year + 1) if one.return_year else "",
    }
    for turn in range(len(wishes)):
        wish = wishes[(number + turn) % len(wishes)]
        if not values[wish["field"]]:
            continue
        with suppress(ChangeRefused):
            return ask_change(
                file, {wish["field"]: values[wish["field"]]}, reason=wish["reason"], actor=actor, at=at,
                evidence=evidence, office=at_desk.office.code,
            ).pk  # fmt: skip
    return None


def answered(change: UUID, at_desk: Desk, number: int, *, at: datetime) -> None:
    """Let the head answer, who asked for none of them."""
    refused = number % 7 == 0
    words = about("refusals")[number % 2] if refused else ""
    with acting(SYSTEM, epoch=present()):
        decide_change(
            change, "refused" if refused else "done", words=words, actor=at_desk.head, at=at,
            office=at_desk.office.code,
        )  # fmt: skip
