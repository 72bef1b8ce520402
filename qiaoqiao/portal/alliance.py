"""The alliance for everybody: who offers what; and on one's own case, what is asked, agreed to and taken back."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.alliance import queries
from qiaoqiao.community.alliance.actions.offering import NotYours
from qiaoqiao.community.alliance.actions.referring import agree, refuse, withdraw
from qiaoqiao.community.alliance.models import Offer, Referral
from qiaoqiao.community.alliance.rules import OPEN, Refused, in_order, link_days
from qiaoqiao.community.alliance.sentences import told
from qiaoqiao.community.alliance.shown import in_words
from qiaoqiao.community.alliance.wording import SHAPES, STATES, WHY, consent_words
from qiaoqiao.community.network.wording import called
from qiaoqiao.ledger.queries import journal
from qiaoqiao.lib.countries import names as country_names
from qiaoqiao.parties.wording import LANGUAGES
from qiaoqiao.portal.ownership import Mine, own_case, see
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of


@needs(Permission.PUBLIC)
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """Who offers what, where, in which language."""
    language = language_of(request)
    services = {entry.id: words(entry.name, language) for entry in current()}
    about, country = request.GET.get("about", ""), request.GET.get("country", "")
    about, country = about if about in services else "", country if country in country_names("en") else ""
    before, after = mark_in(request, "before"), mark_in(request, "after")
    page = queries.offered(
        on=timezone.localdate(), service=about, country=country, before=before, after=after
    )
    chosen = {"about": about, "country": country}
    context = {
        "cards": [card(one, language, services) for one in page.rows],
        "previous": f"?{urlencode({**chosen, 'before': page.before})}" if page.before else None,
        "next": f"?{urlencode({**chosen, 'after': page.after})}" if page.after else None,
        "services": list(services.items()),
        "countries": list(country_names(language).items()),
        "about": about,
        "country": country,
    }
    return render(request, "portal/alliance.html", context)


def mark_in(request: HttpRequest, name: str) -> UUID | None:
    """The offer at which a neighbouring page ends or begins. Raises Http404 for what is no mark."""
    text = request.GET.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


def card(offer: Offer, language: str, services: Mapping[str, str]) -> dict[str, Any]:
    partner, countries = offer.organisation, country_names(language)
    return {
        "title": name_of(offer.titles, language),
        "partner": name_of(partner.names, language),
        "about": name_of(offer.about, language),
        "conditions": name_of(offer.conditions, language),
        "cost": name_of(offer.cost, language),
        "services": [(one, services[one]) for one in offer.services if one in services],
        "countries": _("、").join(countries[one] for one in offer.countries if one in countries),
        "languages": called(LANGUAGES, offer.languages),
        "until": offer.until,
        "where": name_of(partner.place.names, language)
        if partner.place
        else countries.get(partner.country, ""),
    }


def of_case(mine: Mine) -> list[dict[str, Any]]:
    """The referrals of one's own case, as its page lists them."""
    found = queries.of_case(mine.case.pk, mine.actor, on=mine.today)
    return [
        {
            "row": one,
            "partner": name_of(one.offer.organisation.names, mine.language),
            "state": STATES[one.state],
            "shape": SHAPES[one.state],
            "href": mine.address("portal_case_referral", one.pk),
        }
        for one in found
    ]


@needs(Permission.OWN_CASE)
@own_case
@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: HttpRequest, mine: Mine, referral_id: UUID) -> HttpResponse:
    """What a partner would learn, in whole; agree, say no, or take it back."""
    row = next(
        (one for one in queries.of_case(mine.case.pk, mine.actor, on=mine.today) if one.pk == referral_id),
        None,
    )
    if row is None:
        raise Http404
    if request.method != "POST":
        return referral_page(request, mine, row)
    steps: Mapping[str, tuple[Callable[[], object], str]] = {
        "agree": (
            lambda: agree(row.pk, language=mine.language, actor=mine.actor, at=mine.at),
            _("已记下您的同意，并发给对方。随时可以在这一页撤回。"),
        ),
        "refuse": (
            lambda: refuse(row.pk, actor=mine.actor, at=mine.at),
            _("好的，不转介。您的申请照常办理。"),
        ),
        "withdraw": (
            lambda: withdraw(row.pk, actor=mine.actor, at=mine.at),
            _("已撤回。对方的链接马上失效。"),
        ),
    }
    act, said = steps.get(request.POST.get("act", ""), (None, ""))
    if act is None:
        raise Http404
    try:
        act()
    except Refused as why:
        return referral_page(request, mine, row, trouble=str(WHY[why.why]))
    except NotYours:
        raise Http404 from None
    messages.success(request, said)
    return see(mine.address("portal_case_referral", row.pk))


def referral_page(request: HttpRequest, mine: Mine, row: Referral, *, trouble: str = "") -> HttpResponse:
    partner = name_of(row.offer.organisation.names, mine.language)
    items, days = in_order(row.shown, row.kept_back), link_days(row.office.settings)
    context = mine.frame() | {
        "row": row,
        "partner": partner,
        "offer": card(row.offer, mine.language, {}),
        "state": STATES[row.state],
        "shape": SHAPES[row.state],
        "asked": row.state == "asked",
        "open": row.state in OPEN and row.state != "asked",
        "words": consent_words(row.case, partner, items, days, mine.language) if row.state == "asked" else "",
        "shown": in_words(row.shown, mine.language),
        "kept_back": in_words(row.kept_back, mine.language),
        "history": [told(one, {}) for one in journal(row.pk)[::-1]],
        "errors": [("#steps", trouble)] if trouble else [],
    }
    return render(request, "portal/track/referral.html", context, status=422 if trouble else 200)
