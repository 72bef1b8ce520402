"""What the partners offer: a list, and the form by which an officer of the keeper describes one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.alliance import queries
from qiaoqiao.community.alliance.actions.offering import (
    NotYours,
    Offered,
    change_offer,
    close_offer,
    make_offer,
)
from qiaoqiao.community.alliance.models import Offer
from qiaoqiao.community.network.queries import kept_by, offices_of, roots_of
from qiaoqiao.community.network.rules import NAME_LANGUAGES
from qiaoqiao.parties.wording import LANGUAGES
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.alliance.referrals import read_id
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.filtering import Choices, QuickSelect
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.network.listing import grouped, places_below
from qiaoqiao.workbench.queue import mark_of

TEXTS: Mapping[str, Any] = {
    "titles": gettext_lazy("服务的名称"),
    "about": gettext_lazy("做什么"),
    "conditions": gettext_lazy("给谁、怎么办"),
    "cost": gettext_lazy("收费"),
}
TONGUES: Mapping[str, Any] = {
    "zh-Hans": gettext_lazy("简体中文"),
    "zh-Hant": gettext_lazy("繁体中文"),
    "en": gettext_lazy("英文"),
    "es": gettext_lazy("西班牙文"),
    "pt": gettext_lazy("葡萄牙文"),
}
LONGEST = {"titles": 80, "about": 500, "conditions": 500, "cost": 200}


class OfferForm(forms.Form):
    """An offer in words and reach; the Chinese is wanted, the other languages are welcome."""

    def __init__(
        self, data: Any, *, language: str, organisations: Choices, places: Choices, offer: Offer | None = None
    ) -> None:
        super().__init__(data, initial=initial_of(offer) if offer else {"since": timezone.localdate()})
        if offer is None:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("哪个组织"), choices=[("", _("请选择")), *organisations], widget=QuickSelect
            )
        for tongue in NAME_LANGUAGES:
            for text, label in TEXTS.items():
                self.fields[f"{text}-{tongue}"] = text_field(text, str(label), tongue)
        services = [(entry.id, words(entry.name, language)) for entry in current()]
        for name, label, offered in (
            ("services", _("配合哪些事项（不选：都可以）"), services),
            ("languages", _("会说的话"), list(LANGUAGES.items())),
        ):
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=offered, required=False, widget=forms.CheckboxSelectMultiple
            )
        self.fields["place"] = forms.ChoiceField(
            label=_("服务国内哪个地方（不选：都可以）"), choices=[("", _("都可以")), *places], required=False,
            widget=QuickSelect,
        )  # fmt: skip
        self.fields["country"] = forms.ChoiceField(
            label=_("服务住在哪个国家的人（不选：都可以）"), choices=country_choices(language), required=False,
            widget=QuickSelect,
        )  # fmt: skip
        day = forms.DateInput({"type": "date"})
        self.fields["since"] = forms.DateField(label=_("从哪一天起"), widget=day)
        self.fields["until"] = forms.DateField(label=_("到哪一天（没有就空着）"), widget=day, required=False)

    def clean(self) -> dict[str, Any]:
        known = self.cleaned_data
        if known.get("since") and known.get("until") and known["until"] < known["since"]:
            self.add_error("until", _("结束的日期早于开始的日期。"))
        return known

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if "-" in name and not name.endswith("-zh-Hans")]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if "-" not in name or name.endswith("-zh-Hans")]

    @property
    def offered(self) -> Offered:
        known = self.cleaned_data
        said = {
            text: {tongue: known[f"{text}-{tongue}"].strip() for tongue in NAME_LANGUAGES if known[f"{text}-{tongue}"].strip()}
            for text in TEXTS
        }  # fmt: skip
        return Offered(
            **said,
            since=known["since"],
            until=known["until"],
            services=known["services"],
            languages=known["languages"],
            places=[known["place"]] if known["place"] else [],
            countries=[known["country"]] if known["country"] else [],
        )


def text_field(text: str, label: str, tongue: str) -> forms.CharField:
    named = label if tongue == "zh-Hans" else f"{label} ({TONGUES[tongue]})"
    widget: forms.Widget = forms.TextInput() if text in {"titles", "cost"} else forms.Textarea({"rows": 3})
    required = text == "titles" and tongue == "zh-Hans"
    return forms.CharField(label=named, required=required, max_length=LONGEST[text], widget=widget)


def initial_of(offer: Offer) -> dict[str, Any]:
    said = {
        f"{text}-{tongue}": getattr(offer, text).get(tongue, "")
        for text in TEXTS
        for tongue in NAME_LANGUAGES
    }
    return said | {
        "services": offer.services, "languages": offer.languages, "since": offer.since, "until": offer.until,
        "place": (offer.places or [""])[0], "country": (offer.countries or [""])[0],
    }  # fmt: skip


@needs(Permission.ORGANISE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All offers in force, those of my offices first to change."""
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    mine = {offer.pk for offer in queries.kept_offers(actor, on=today)}
    before, after = mark_of(request, "before", read_id), mark_of(request, "after", read_id)
    page = queries.offered(on=today, before=before, after=after)
    shown = [{"offer": one, "mine": one.pk in mine, **told(one, language)} for one in page.rows]
    return show(
        request,
        "workbench/alliance/offers.html",
        rows=shown,
        previous=f"?before={page.before}" if page.before else None,
        next=f"?after={page.after}" if page.after else None,
    )


def told(offer: Offer, language: str) -> dict[str, str]:
    """An offer in words."""
    return {
        "title": name_of(offer.titles, language),
        "partner": name_of(offer.organisation.names, language),
        "about": name_of(offer.about, language),
        "conditions": name_of(offer.conditions, language),
        "cost": name_of(offer.cost, language),
    }


def form_of(request: HttpRequest, offer: Offer | None = None) -> OfferForm:
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    kept = kept_by(actor, on=today).filter(closed_on__isnull=True).order_by("code")[:2000]
    organisations: Sequence[tuple[str, object]] = [(one.code, name_of(one.names, language)) for one in kept]
    places = grouped(places_below(roots_of(offices_of(actor, on=today))), language)
    data = request.POST if request.method == "POST" else None
    return OfferForm(data, language=language, organisations=list(organisations), places=places, offer=offer)


def form_page(request: HttpRequest, form: OfferForm, offer: Offer | None = None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return show(
        request, "workbench/alliance/offer.html", form=form, offer=offer, token=new_token(), status=status
    )


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Describe a new offer."""
    form, at = form_of(request), timezone.now()
    if form.is_valid() and made(request, form, at):
        messages.success(request, _("已登记这项服务。"))
        return redirect("staff_alliance")
    return form_page(request, form)


def made(request: HttpRequest, form: OfferForm, at: datetime) -> bool:
    """Make the offer once."""

    def perform() -> Answer:
        code = form.cleaned_data["organisation"]
        return {"offer": str(make_offer(code, form.offered, actor=actor_of(request), at=at).pk)}

    try:
        once(asked_once(request, "offer"), perform, at=at)
    except (KeyReused, NotYours):
        form.add_error(None, _("没有登记。请核对后再按一次。"))
        return False
    return True


def kept(request: HttpRequest, offer_id: UUID) -> Offer:
    """An offer of my offices; others get 404."""
    offer = queries.kept_offers(actor_of(request), on=timezone.localdate()).filter(pk=offer_id).first()
    if offer is None:
        raise Http404
    return offer


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Describe an offer anew."""
    offer = kept(request, offer_id)
    form = form_of(request, offer)
    if form.is_valid():
        change_offer(offer.pk, form.offered, actor=actor_of(request), at=timezone.now())
        messages.success(request, _("已保存。"))
        return redirect("staff_alliance")
    return form_page(request, form, offer)


@needs(Permission.ORGANISE)
@require_POST
def close(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """End an offer."""
    close_offer(kept(request, offer_id).pk, actor=actor_of(request), at=timezone.now())
    messages.success(request, _("已停止这项服务。已经发出的转介照常进行。"))
    return redirect("staff_alliance")
