"""What is decided on a grant: the committee's review, the public notice, the approval, the refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.services.relief.actions.booking import Movement, book, check_available, promised
from qiaoqiao.services.relief.actions.grounds import (
    Facts,
    Refused,
    advance,
    another,
    day,
    heading,
    hold_fund,
    hold_grant,
    hold_office,
    move_case,
    officer,
    say,
    working_in,
)
from qiaoqiao.services.relief.models import Band, Fund, Grant, Payee, PublicNotice, Review, Vote
from qiaoqiao.services.relief.money import capital, yuan
from qiaoqiao.services.relief.queries import earlier_to, heads_above, number_of
from qiaoqiao.services.relief.rules import Step, last_day_shown, needs_above, passed, shown_band, within_split

VOTES = ("yes", "no", "abstain")


@dataclass(frozen=True)
class Meeting:
    """A committee's sitting on one grant: when, and how each member voted."""

    held_on: date
    votes: Mapping[str, str]
    reasons: str = ""


@transaction.atomic
def review(grant_id: UUID, meeting: Meeting, *, actor: Actor, at: datetime) -> Review:
    """Keep the committee's review: agreed, it is put up publicly; not agreed, it is looked at again.

    Raises Refused: `no_quorum_set`, `no_notice_days_set` when the office has not laid down its numbers.
    """
    grant = hold_grant(grant_id, "committee")
    made_by = working_in(grant.office, actor, at)
    quorum, days = number_of(grant.office, "committee_quorum"), number_of(grant.office, "notice_days")
    if quorum < 2:
        raise Refused("no_quorum_set")
    if not days:
        raise Refused("no_notice_days_set")
    given = list(meeting.votes.values())
    yes, no, abstain = (given.count(vote) for vote in VOTES)
    if yes + no + abstain != len(given) or len(given) < quorum:
        raise Refused("quorum_missing", quorum=str(quorum))
    if meeting.held_on > day(at):
        raise Refused("in_the_future")
    agreed = passed(yes, no, abstain, quorum)
    if not agreed and not meeting.reasons:
        raise Refused("reasons_missing")
    found = Review.objects.create(
        office=grant.office, grant=grant, held_on=meeting.held_on, quorum=quorum, yes=yes, no=no,
        abstain=abstain, agreed=agreed, reasons=meeting.reasons, made_by=made_by, at=at,
    )  # fmt: skip
    Vote.objects.bulk_create(
        Vote(office=grant.office, review=found, member=member, vote=vote)
        for member, vote in meeting.votes.items()
    )
    if agreed:
        _put_up(grant, days, actor=actor, at=at)
    else:
        move_case(grant, "look_again", {"reasons": meeting.reasons}, actor=actor, at=at)
        advance(grant, "draft", at=at)
    facts: Facts = {"yes": yes, "no": no, "abstain": abstain, "agreed": agreed}
    say(grant.pk, "grant.reviewed", facts, office=grant.office, actor=actor, at=at)
    return found


def _put_up(grant: Grant, days: int, *, actor: Actor, at: datetime) -> None:
    begins = day(at)
    lower, upper = shown_band(grant.amount_fen)
    notice = PublicNotice.objects.create(
        office=grant.office, grant=grant, number=notice_number(grant.fund, begins), purpose=grant.purpose,
        form=grant.form, from_fen=lower, upto_fen=upper, place=grant.place, shown_from=begins,
        shown_until=last_day_shown(begins, days),
    )  # fmt: skip
    answers = {"notice_number": notice.number, "shown_until": notice.shown_until.isoformat()}
    move_case(grant, "committee_agrees", answers, actor=actor, at=at)
    advance(grant, "shown", at=at)


def notice_number(fund: Fund, on: date) -> str:
    """The next number of an office's public notices in a year; it says nothing of the person."""
    office = hold_fund(fund.pk).office
    hold_office(office.pk)
    before = PublicNotice.objects.filter(office=office, shown_from__year=on.year).count()
    return f"{office.pk}-{on.year}-{before + 1:04d}"


@transaction.atomic
def end_notice(grant_id: UUID, *, objections: str, actor: Actor, at: datetime) -> Grant:
    """Take the notice down after its last day and submit the grant for approval. Raises Refused."""
    grant = hold_grant(grant_id, "shown")
    working_in(grant.office, actor, at)
    notice = PublicNotice.objects.filter(grant=grant, ended_on__isnull=True).latest("shown_from")
    if day(at) <= notice.shown_until:
        raise Refused("notice_running")
    _take_down(grant, at)
    grant.needs_upper = must_go_above(grant, day(at))
    move_case(grant, "notice_over", {"objections": objections}, actor=actor, at=at)
    advance(grant, "approving", at=at)
    say(grant.pk, "grant.notice_over", {"above": grant.needs_upper}, office=grant.office, actor=actor, at=at)
    return grant


@transaction.atomic
def look_again(grant_id: UUID, *, reasons: str, actor: Actor, at: datetime) -> Grant:
    """Send a grant back to be verified once more: an objection, a doubt. Raises Refused."""
    grant = hold_grant(grant_id, "committee", "shown", "approving")
    working_in(grant.office, actor, at)
    _take_down(grant, at)
    grant.upper, grant.upper_at = None, None
    move_case(grant, "look_again", {"reasons": reasons}, actor=actor, at=at)
    advance(grant, "draft", at=at)
    say(grant.pk, "grant.looked_again", {}, office=grant.office, actor=actor, at=at)
    return grant


def _take_down(grant: Grant, at: datetime) -> None:
    PublicNotice.objects.filter(grant=grant, ended_on__isnull=True).update(ended_on=day(at))


def must_go_above(grant: Grant, on: date) -> bool:
    """Whether the head of the office above must approve: by the bands, and by what went to the same account lately."""
    bands = [Step(band.most_fen, band.above) for band in Band.objects.filter(office=grant.office_id)]
    accounts = Payee.objects.filter(grant=grant, state__in=["held", "verified"]).values_list(
        "blind", flat=True
    )
    lately = sum(within_split(earlier_to(bytes(blind), grant), on) for blind in accounts)
    return needs_above(bands, grant.amount_fen + lately)


@transaction.atomic
def approve_above(grant_id: UUID, *, actor: Actor, at: datetime) -> Grant:
    """Approve for the office above, where the amount needs it: before the office's own head, or later for a split.

    Raises Refused.
    """
    grant = hold_grant(grant_id, "approving", "approved")
    if not heads_above(actor, grant.office, on=day(at)):
        raise Refused("head_above_only")
    if grant.upper_id:
        raise Refused("approved_already")
    if actor.account_id == grant.maker_id:
        raise Refused("maker_cannot")
    if actor.account_id == grant.approver_id:
        raise Refused("two_approvers")
    grant.upper, grant.upper_at, grant.needs_upper = officer(actor), at, True
    advance(grant, grant.state, at=at)
    say(grant.pk, "grant.approved_above", {"fen": grant.amount_fen}, office=grant.office, actor=actor, at=at)
    return grant


@transaction.atomic
def approve(grant_id: UUID, *, actor: Actor, at: datetime, note: str = "") -> Grant:
    """Approve a grant: the money is promised from here on, and the person is told the amount. Raises Refused."""
    grant = hold_grant(grant_id, "approving")
    head = another(heading(grant.office, actor, at), grant.maker_id)
    grant.needs_upper = grant.needs_upper or must_go_above(grant, day(at))
    if grant.needs_upper and grant.upper_id is None:
        raise Refused("above_first")
    if grant.upper_id == head.pk:
        raise Refused("two_approvers")
    if grant.form != "in_kind":
        fund = hold_fund(grant.fund_id)
        check_available(fund, grant.restriction, grant.amount_fen)
        sides = promised(grant.amount_fen, grant.purpose, grant.restriction)
        book(fund, Movement("grant", f"grant:{grant.pk}:approved", sides), on=day(at), actor=actor, at=at)
    grant.approver, grant.approved_at = head, at
    advance(grant, "approved", at=at)
    amount = f"{capital(grant.amount_fen)}（{yuan(grant.amount_fen)}）"
    move_case(grant, "approve", {"amount": amount, "note": note}, actor=actor, at=at)
    say(grant.pk, "grant.approved", {"fen": grant.amount_fen}, office=grant.office, actor=actor, at=at)
    return grant


@dataclass(frozen=True)
class Ground:
    """Why a grant is refused, as the entry's refusals name it, and whom the person may turn to."""

    refusal: str
    reasons: str
    right_office: str


@transaction.atomic
def refuse(grant_id: UUID, ground: Ground, *, actor: Actor, at: datetime) -> Grant:
    """Refuse a grant that is not approved; the person gets the reasons in writing. Raises Refused."""
    grant = hold_grant(grant_id, "draft", "committee", "shown", "approving")
    working_in(grant.office, actor, at)
    _take_down(grant, at)
    answers = {"refusal": ground.refusal, "reasons": ground.reasons, "right_office": ground.right_office}
    move_case(grant, "refuse", answers, actor=actor, at=at)
    advance(grant, "refused", at=at)
    say(grant.pk, "grant.refused", {"refusal": ground.refusal}, office=grant.office, actor=actor, at=at)
    return grant


@transaction.atomic
def follow_case(grant_id: UUID, outcome: str, *, actor: Actor, at: datetime) -> Grant | None:
    """Close a grant whose case was withdrawn, refused or led to the government by itself; None when it is over."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("office").get(pk=grant_id)
    if grant.state not in {"draft", "committee", "shown", "approving"}:
        return None
    _take_down(grant, at)
    state = {"led_to_government": "led", "refused": "refused"}.get(outcome, "cancelled")
    advance(grant, state, at=at)
    say(grant.pk, "grant.case_closed", {"outcome": outcome}, office=grant.office, actor=actor, at=at)
    return grant


def members_of(rows: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The votes by member, of lines as they were typed. Raises Refused for one named twice."""
    votes = {name.strip(): vote for name, vote in rows if name.strip()}
    if len(votes) != len([name for name, _vote in rows if name.strip()]):
        raise Refused("member_twice")
    if set(votes.values()) - set(VOTES):
        raise Refused("vote_missing")
    return votes
