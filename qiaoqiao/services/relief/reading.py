"""The fund as a page shows it: a grant with all that hangs on it, what waits for whom, the books line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from qiaoqiao.access.models import Account as Officer
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.ledger.queries import journal
from qiaoqiao.lib.paging import cut
from qiaoqiao.services.relief.models import (
    Assessment,
    Fund,
    Grant,
    JournalEntry,
    Payee,
    Payment,
    PaymentList,
    Posting,
    PublicNotice,
    Review,
)
from qiaoqiao.services.relief.queries import heads, heads_above, offices_worked, visible
from qiaoqiao.services.relief.rules import OPEN_STATES, per_head

PAGE = 25


@dataclass(frozen=True)
class Happened:
    """One step of a grant, list or round, with who took it."""

    kind: str
    at: datetime
    by: str


def road(subject: UUID) -> list[Happened]:
    """What happened, in order, with the officers' names."""
    steps = journal(subject)
    ids = {int(step.actor[6:]) for step in steps if step.actor.startswith("staff:")}
    names = dict(Officer.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        Happened(
            step.kind, step.at, names.get(int(step.actor[6:]), "") if step.actor.startswith("staff:") else ""
        )
        for step in steps
    ]


@dataclass(frozen=True)
class GrantFile:
    """A grant with all that belongs to it."""

    grant: Grant
    assessment: Assessment | None
    reviews: Sequence[Review]
    notices: Sequence[PublicNotice]
    payees: Sequence[Payee]
    payments: Sequence[Payment]
    road: Sequence[Happened]

    @property
    def per_head_fen(self) -> int | None:
        one = self.assessment
        return per_head(one.income_fen, one.spending_fen, one.members) if one else None

    @property
    def payee(self) -> Payee | None:
        return next((one for one in self.payees if one.state in {"held", "verified"}), None)

    @property
    def paid(self) -> Payment | None:
        return next((one for one in self.payments if one.state == "paid"), None)


def grant_file(grant_id: UUID, actor: Actor, *, on: date) -> GrantFile:
    """A grant that the actor may see. Raises Grant.DoesNotExist."""
    found = visible(Grant, actor, on=on).select_related(
        "office", "fund", "case__person", "place", "maker", "approver", "upper", "assessment"
    )
    grant = found.prefetch_related("visits__visitor_one", "visits__visitor_two").get(pk=grant_id)
    return GrantFile(
        grant,
        getattr(grant, "assessment", None),
        list(grant.reviews.prefetch_related("votes").order_by("-at")),
        list(grant.notices.order_by("-shown_from")),
        list(grant.payees.select_related("typed_by", "called_by").order_by("-typed_at")),
        list(grant.payments.select_related("list").order_by("-id")),
        road(grant.pk),
    )


@dataclass(frozen=True)
class Role:
    """What an actor is to a grant: of its office, head of it, head above, its maker, who approved it."""

    works: bool
    heads: bool
    above: bool
    account: int | None


def role_in(office: Office, actor: Actor, *, on: date) -> Role:
    """What an actor may be in the steps of an office's fund."""
    works = office.pk in {one.pk for one in offices_worked(actor, on=on)}
    return Role(works, heads(actor, office, on=on), heads_above(actor, office, on=on), actor.account_id)


def steps_of(file: GrantFile, role: Role) -> list[str]:
    """The steps that a grant's state allows to this actor; the actions check again."""
    grant, payee = file.grant, file.payee
    mine = role.account == grant.maker_id
    steps: list[str] = []
    if role.works:
        steps += {
            "draft": ["visit", "assess", "submit", *(["change"] if mine else [])],
            "committee": ["review", "again"],
            "shown": ["end-notice", "again"],
            "approving": ["again"],
            "received": ["follow"],
        }.get(grant.state, [])
        if grant.form != "in_kind" and grant.state in {
            "draft",
            "committee",
            "shown",
            "approving",
            "approved",
        }:
            steps.append("account" if payee is None else "another-account")
        if grant.form == "in_kind" and grant.state == "approved" and not mine:
            steps.append("goods")
        if grant.state in {"draft", "committee", "shown", "approving"}:
            steps.append("refuse")
    if grant.state == "approving" and not mine:
        if role.above and grant.needs_upper and grant.upper_id is None:
            steps.insert(0, "above")
        if role.heads and (not grant.needs_upper or grant.upper_id):
            steps.insert(0, "approve")
    if (
        grant.state == "approved"
        and role.above
        and grant.upper_id is None
        and grant.approver_id != role.account
    ):
        steps.append("above")
    if grant.state == "approved" and role.heads:
        steps.append("cancel")
    return steps


def grants_listed(
    actor: Actor, *, on: date, state: str = "", before: tuple[datetime, UUID] | None = None
) -> tuple[list[Grant], bool]:
    """A page of grants, newest change first, and whether there are more."""
    rows = visible(Grant, actor, on=on).select_related("office", "fund", "case__person", "maker")
    if state:
        rows = rows.filter(state=state)
    page = cut(rows, ("-changed_at", "-id"), PAGE, lambda one: one.pk, after=before)
    return list(page.rows), page.after is not None


@dataclass(frozen=True)
class Waiting:
    """How many things wait for this very person, by what is to be done."""

    call: int
    check: int
    approve: int
    approve_lists: int
    pay: int
    rounds: int


def waiting_for(actor: Actor, *, on: date) -> Waiting:
    """What this person could do now: never what they made themselves."""
    me = actor.account_id
    lists, payees = visible(PaymentList, actor, on=on), visible(Payee, actor, on=on)
    grants = visible(Grant, actor, on=on).filter(state="approving").exclude(maker=me)
    offices = {one.pk for one in offices_worked(actor, on=on) if heads(actor, one, on=on)}
    own = grants.filter(office__in=offices).filter(Q(needs_upper=False) | Q(upper__isnull=False))
    above = grants.exclude(office__in=offices).filter(needs_upper=True, upper__isnull=True)
    worked = [one.pk for one in offices_worked(actor, on=on)]
    apart = lists.filter(state="exported", office__in=worked)
    return Waiting(
        call=payees.filter(state="held", office__in=worked).exclude(typed_by=me).count(),
        check=lists.filter(state="draft", office__in=worked).exclude(maker=me).count(),
        approve=own.count() + (above.count() if offices else 0),
        approve_lists=lists.filter(state="checked", office__in=offices).exclude(maker=me).count(),
        pay=apart.exclude(maker=me).exclude(checker=me).exclude(approver=me).count(),
        rounds=0,
    )


def states_counted(actor: Actor, *, on: date) -> dict[str, int]:
    """How many open grants stand where."""
    rows = visible(Grant, actor, on=on).filter(state__in=OPEN_STATES).values_list("state")
    return dict(rows.annotate(n=Count("pk")))


def cases_without(actor: Actor, offices: Iterable[Office], *, on: date) -> QuerySet[Case]:
    """Open cases of relief of these offices for which nobody has drafted a grant."""
    open_cases = Case.objects.filter(service="relief", office__in=[one.pk for one in offices])
    return (
        open_cases.exclude(stage="done")
        .filter(grant__isnull=True)
        .select_related("person")
        .order_by("filed_at")
    )


def ready_to_list(fund: Fund) -> list[Grant]:
    """Approved grants whose account was called back and that stand on no list."""
    ready = Grant.objects.filter(fund=fund, state="approved", payees__state="verified")
    return list(
        ready.exclude(payments__state__in=["listed", "paid"])
        .select_related("case__person")
        .order_by("approved_at")
    )


def entries_listed(
    fund: Fund, *, since: date | None, until: date | None, before: int | None = None
) -> tuple[list[JournalEntry], bool]:
    """A page of vouchers, newest first, with their postings; `before` is a voucher number."""
    rows = JournalEntry.objects.filter(fund=fund)
    if since:
        rows = rows.filter(on__gte=since)
    if until:
        rows = rows.filter(on__lte=until)
    if before:
        rows = rows.filter(number__lt=before)
    found = list(
        rows.select_related("made_by", "source", "reversed_by")
        .prefetch_related("postings__account", "source__entries")
        .order_by("-number")[: PAGE + 1]
    )
    return found[:PAGE], len(found) > PAGE


@dataclass(frozen=True)
class TrialRow:
    """One account at the end of a day: all its debits, all its credits, in fen."""

    kind: str
    restriction: str
    debit: int
    credit: int


def trial_balance(fund: Fund, *, on: date) -> list[TrialRow]:
    """Every account's debits and credits up to the end of a day; both columns have one sum."""
    debit, credit = (
        Sum("amount_fen", filter=Q(amount_fen__gt=0)),
        Sum("amount_fen", filter=Q(amount_fen__lt=0)),
    )
    rows = Posting.objects.filter(account__fund=fund, entry__on__lte=on).values_list(
        "account__kind", "account__restriction"
    )
    return [
        TrialRow(kind, bound, more or 0, -(less or 0))
        for kind, bound, more, less in rows.annotate(more=debit, less=credit).order_by(
            "account__kind", "account__restriction"
        )
    ]
