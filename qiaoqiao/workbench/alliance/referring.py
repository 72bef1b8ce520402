"""Referring a case: choose an offer that fits, choose what is shared, see exactly what the partner will see, ask."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.queries import speaking_office
from qiaoqiao.community.alliance import queries
from qiaoqiao.community.alliance.actions.offering import NotYours
from qiaoqiao.community.alliance.actions.referring import ask, facts_of
from qiaoqiao.community.alliance.queries import Fit
from qiaoqiao.community.alliance.rules import ALWAYS, KEPT_BACK, LONGEST_WORDS, SHOWN, Refused, split
from qiaoqiao.community.alliance.shown import Fact, in_words
from qiaoqiao.community.alliance.wording import ITEMS, WHY
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of, page, read_case
from qiaoqiao.workbench.frame import show

MOST_OFFERS = 30


class ReferForm(forms.Form):
    """Which offer, which facts, and what the partner is asked to do."""

    def __init__(self, data: Any, fits: list[Fit], language: str) -> None:
        super().__init__(data, initial={"items": [*SHOWN, "name", "phone", "email"]})
        offers = [(str(fit.offer.pk), fit_words(fit, language)) for fit in fits]
        self.fields["offer"] = forms.ChoiceField(
            label=_("转介给谁"), choices=offers, widget=forms.RadioSelect
        )
        items = [(one, ITEMS[one]) for one in (*SHOWN, *KEPT_BACK) if one not in {*ALWAYS, "request"}]
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("告诉对方哪些"),
            help_text=_("只选对方用得上的。姓名、电话、电子邮件和您写的话，对方接受以后才看得到。"),
            choices=items,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["request"] = forms.CharField(
            label=_("请对方做什么"),
            max_length=LONGEST_WORDS,
            required=False,
            widget=forms.Textarea({"rows": 4}),
        )

    @property
    def items(self) -> list[str]:
        return [*self.cleaned_data["items"], *(["request"] if self.cleaned_data["request"] else [])]


def fit_words(fit: Fit, language: str) -> str:
    said = f"{name_of(fit.offer.titles, language)} · {name_of(fit.offer.organisation.names, language)}"
    lacking = [
        words
        for fits, words in ((fit.service, _("事项")), (fit.place, _("地方")), (fit.country, _("国家")), (fit.language, _("语言")))
        if not fits
    ]  # fmt: skip
    return f"{said} ({_('不合：')}{_('、').join(lacking)})" if lacking else said


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest, reference: str) -> HttpResponse:
    """The form; then the preview; confirmed, the person is asked."""
    file, language, at = read_case(request, reference), language_of(request), timezone.now()
    today = timezone.localdate(at)
    fits = queries.fitting(file.case, on=today)[:MOST_OFFERS]
    form = ReferForm(request.POST if request.method == "POST" else None, fits, language)
    preview: dict[str, list[Fact]] = {}
    if form.is_valid():
        items, words = form.items, str(form.cleaned_data["request"])
        if request.POST.get("sure"):
            office = speaking_office(file.case, actor_of(request), on=today)
            made = asked(request, form, office, items, words)
            if made:
                return redirect("staff_referral", made)
        else:
            shown, kept_back = split(facts_of(file.case, items, words))
            preview = {"shown": in_words(shown, language), "kept_back": in_words(kept_back, language)}
    return show(
        request,
        "workbench/alliance/refer.html",
        status=422 if form.is_bound and form.errors else 200,
        **page(file, form=form, fits=fits, preview=preview),
    )


def asked(request: HttpRequest, form: ReferForm, office: Office, items: list[str], words: str) -> str:
    """Ask the person; an empty answer stands for what the form now says is wrong."""
    case, at = read_case(request, str(request.resolver_match.kwargs["reference"])).case, timezone.now()  # type: ignore[union-attr]
    offer = UUID(form.cleaned_data["offer"])
    try:
        made = ask(case.pk, offer, items, request=words, office=office, actor=actor_of(request), at=at)
    except Refused as why:
        form.add_error("items" if why.why == "nothing" else "offer", str(WHY[why.why]))
        return ""
    except NotYours:
        raise Http404 from None
    return str(made.pk)
