"""Reading the alliance: offers that fit, referrals an actor may see, figures by partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.community.alliance.models import Offer, Referral
from qiaoqiao.community.alliance.rules import WITH_PARTNER
from qiaoqiao.community.network.queries import kept_by
from qiaoqiao.lib.paging import Page, cut_by_id

PAGE_ROWS = 50


def open_offers(*, on: date) -> QuerySet[Offer]:
    """The offers in force on a day, of organisations that are open."""
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    rows = Offer.objects.filter(
        lasting, since__lte=on, closed_at__isnull=True, organisation__closed_on__isnull=True
    )
    return rows.select_related("organisation__place").order_by("organisation__code", "pk")


def offered(
    *, on: date, service: str = "", country: str = "", before: UUID | None = None, after: UUID | None = None
) -> Page[Offer, UUID]:
    """A page of the offers in force, by the organisation's code; those for any service or country always fit."""
    rows = open_offers(on=on)
    if service:
        rows = rows.filter(Q(services=[]) | Q(services__contains=[service]))
    if country:
        rows = rows.filter(Q(countries=[]) | Q(countries__contains=[country]))
    return cut_by_id(rows, ("organisation__code", "pk"), PAGE_ROWS, before=before, after=after)


@dataclass(frozen=True)
class Fit:
    """An offer beside a case, and which of its wishes it meets."""

    offer: Offer
    service: bool
    place: bool
    country: bool
    language: bool

    @property
    def whole(self) -> bool:
        return self.service and self.place and self.country

    @property
    def rank(self) -> tuple[int, ...]:
        return (-(self.service + self.place + self.country), -self.language)


def fitting(case: Case, *, on: date, spoken: Sequence[str] = ()) -> list[Fit]:
    """The offers for a case, those that fit best first."""
    found = []
    for offer in open_offers(on=on):
        place = case.place_id or ""
        found.append(
            Fit(
                offer,
                not offer.services or case.service in offer.services,
                not offer.places or any(place.startswith(code) for code in offer.places),
                not offer.countries or case.country in offer.countries,
                not offer.languages or not spoken or bool(set(spoken) & set(offer.languages)),
            )
        )
    return sorted(found, key=lambda fit: fit.rank)


def kept_offers(actor: Actor, *, on: date) -> QuerySet[Offer]:
    """The offers of organisations that the actor's offices keep."""
    return Offer.objects.filter(organisation__in=kept_by(actor, on=on)).select_related("organisation")


def visible_referrals(actor: Actor, *, on: date) -> QuerySet[Referral]:
    """The referrals an actor may see: the first wall; the second keeps holders of a link to the present one."""
    rows = Referral.objects.select_related("offer__organisation", "office")
    if actor.kind == "system":
        return rows
    if actor.account_id is None:
        return rows.filter(Q(case__in=actor.cases))
    offices = offices_read_by(actor.account_id, on=on)
    partner = Q(offer__organisation__office__in=offices, state__in=list(WITH_PARTNER))
    return rows.filter(Q(office__in=offices) | partner)


def held_referrals(link: UUID, *, at: datetime) -> QuerySet[Referral]:
    """The referral a link was made for, as long as it holds; none afterwards."""
    rows = Referral.objects.select_related("offer__organisation", "office")
    return rows.filter(link=link, until__gt=at, state__in=list(WITH_PARTNER))


def listed(
    actor: Actor, *, on: date, state: str = "", offer: UUID | None = None, after: UUID | None = None
) -> Page[Referral, UUID]:
    """A page of the referrals the actor may see, newest first."""
    rows = visible_referrals(actor, on=on)
    if state:
        rows = rows.filter(state=state)
    if offer:
        rows = rows.filter(offer=offer)
    return cut_by_id(rows, ("-asked_at", "-pk"), PAGE_ROWS, after=after)


@dataclass(frozen=True)
class Figure:
    """What became of the referrals to one offer."""

    offer: Offer
    sent: int
    accepted: int
    declined: int
    done: int
    helped: int


def figures(actor: Actor, *, on: date) -> list[Figure]:
    """By offer: how many were sent, accepted, declined, answered with an outcome; counted from the rows."""
    left = visible_referrals(actor, on=on).filter(consent_at__isnull=False).order_by()
    lapsed = Q(state="expired") & ~Q(answered_by="")  # accepted, and no outcome was ever told
    counted = left.values_list("offer").annotate(
        Count("pk"),
        accepted=Count("pk", filter=Q(state__in=["accepted", "done"]) | lapsed),
        declined=Count("pk", filter=Q(state="declined")),
        done=Count("pk", filter=Q(state="done")),
        helped=Count("pk", filter=Q(state="done", reason__in=["helped", "partly"])),
    )
    numbers = {offer: told for offer, *told in counted}
    rows = Offer.objects.filter(pk__in=numbers).select_related("organisation")
    return [Figure(offer, *numbers[offer.pk]) for offer in rows.order_by("organisation__code", "pk")]


def of_case(case_id: UUID, actor: Actor, *, on: date) -> list[Referral]:
    """The referrals of one case, newest first."""
    return list(visible_referrals(actor, on=on).filter(case=case_id).order_by("-asked_at"))
