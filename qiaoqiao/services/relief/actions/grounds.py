"""The ground of every change to the fund: who may, what is held, what is recorded, and the case that goes with it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from qiaoqiao.access.models import Account as Officer
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.moving import move
from qiaoqiao.casework.models import Case
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.services.relief.models import Fund, Grant, PaymentList
from qiaoqiao.services.relief.queries import heads, offices_worked

Facts = dict[str, JSON]


class Refused(Exception):
    """The step cannot be taken; `why` is a token that `wording.REFUSALS` says, `facts` what it names."""

    def __init__(self, why: str, **facts: str) -> None:
        self.why, self.facts = why, facts
        super().__init__(why)


def day(at: datetime) -> date:
    """The day of an instant in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()


def officer(actor: Actor) -> Officer:
    """The account that acts. Raises Refused for anybody without one: money is moved by people with names."""
    if actor.account_id is None:
        raise Refused("not_yours")
    return Officer.objects.get(pk=actor.account_id)


def working_in(office: Office, actor: Actor, at: datetime) -> Officer:
    """Who acts, being somebody of this office. Raises Refused."""
    if office.pk not in {one.pk for one in offices_worked(actor, on=day(at))}:
        raise Refused("not_yours")
    return officer(actor)


def heading(office: Office, actor: Actor, at: datetime) -> Officer:
    """Who acts, being a head of this office. Raises Refused."""
    if not heads(actor, office, on=day(at)):
        raise Refused("head_only")
    return officer(actor)


def another(who: Officer, maker_id: int) -> Officer:
    """Who acts, being somebody else than who made it. Raises Refused."""
    if who.pk == maker_id:
        raise Refused("maker_cannot")
    return who


def hold_fund(fund_id: UUID) -> Fund:
    """Lock a fund, so that its vouchers are numbered one after the other. Raises Fund.DoesNotExist."""
    return Fund.objects.select_for_update(of=("self",)).select_related("office").get(pk=fund_id)


def hold_office(office_id: int) -> None:
    """Lock an office, so that what its funds number together is numbered one after the other.

    After the fund; not against what only refers to the office.
    """
    Office.objects.select_for_update(no_key=True).only("pk").get(pk=office_id)


def hold_grant(grant_id: UUID, *states: str) -> Grant:
    """Lock a grant that is in one of these states. Raises Grant.DoesNotExist, Refused."""
    of = Grant.objects.select_for_update(of=("self",)).select_related("office", "fund")
    grant = of.get(pk=grant_id)
    if states and grant.state not in states:
        raise Refused("other_state")
    return grant


def hold_list(list_id: UUID, *states: str) -> PaymentList:
    """Lock a payment list that is in one of these states. Raises PaymentList.DoesNotExist, Refused."""
    of = PaymentList.objects.select_for_update(of=("self",)).select_related("office", "fund")
    sheet = of.get(pk=list_id)
    if states and sheet.state not in states:
        raise Refused("list_other_state")
    return sheet


def say(
    subject: UUID, kind: str, facts: Mapping[str, JSON], *, office: Office, actor: Actor, at: datetime
) -> None:
    """Record one thing that happened to a grant, list, fund or round; facts are tokens, ids and amounts."""
    record(subject, Happening(kind, dict(facts), actor.ledger_name, at, office.code))


def advance(grant: Grant, state: str, *, at: datetime) -> None:
    """Write a grant's new state and what came with it."""
    grant.state, grant.changed_at = state, at
    grant.save()


def move_case(
    grant: Grant, move_id: str, answers: Mapping[str, object], *, actor: Actor, at: datetime
) -> None:
    """Let the grant's case make this move; nothing when it stands there already or there is no case.

    Raises Refused when the case is elsewhere, and what `casework.actions.moving.move` raises.
    """
    if grant.case_id is None:
        return
    case = Case.objects.only("service", "edition", "state").get(pk=grant.case_id)
    made = catalogue_entry(case.service, case.edition).move(move_id)
    if case.state == made.to and case.state not in made.from_:
        return
    if case.state not in made.from_:
        raise Refused("case_elsewhere")
    move(grant.case_id, move_id, answers=answers, actor=actor, at=at)
