"""What one agreed to, purpose by purpose: read it, give it with one box, take it back in two clicks."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.lib.countries import names
from qiaoqiao.parties.actions.consenting import ConsentRefused, give, withdraw
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.consents import PURPOSES, is_child, versions, wording
from qiaoqiao.parties.models import Consent
from qiaoqiao.portal.ownership import see
from qiaoqiao.portal.ownfile import MyFile, own_file
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.entryforms import JudgedForm, plain

LONGEST_NAME = 100


class AgreeForm(JudgedForm):
    """One purpose: whom and where it names, a guardian's name for a child, and its own unticked box."""

    def __init__(
        self, mine: MyFile, purpose: str, given: dict[str, object], faults: dict[str, str] | None = None
    ) -> None:
        super().__init__(given, faults)
        named = PURPOSES[purpose].names
        if "recipient" in named:
            self.fields["recipient"] = forms.CharField(
                label=_("交给哪个单位"), help_text=_("请写单位的全名。"), max_length=LONGEST_NAME
            )
        if "country" in named:
            self.fields["country"] = forms.ChoiceField(
                label=_("在哪个国家或地区"), choices=country_choices(mine.language)
            )
        if is_child(mine.file.born, mine.today):
            self.fields["guardian"] = forms.CharField(
                label=_("监护人姓名"),
                help_text=_("不满 14 岁的人，由父母或其他监护人同意。"),
                max_length=LONGEST_NAME,
            )
        self.fields["agree"] = forms.BooleanField(label=_("我读过上面的话，同意"), required=True)


@needs(Permission.OWN_FILE)
@own_file
@require_safe
def consents(request: HttpRequest, mine: MyFile) -> HttpResponse:
    """What is agreed to now, what may be agreed to, and what was taken back."""
    held = list(Consent.objects.filter(file=mine.file).order_by("-given_at", "-id"))
    now = [_told(one, mine) for one in held if one.withdrawn_at is None]
    agreed = {one.purpose for one in held if one.withdrawn_at is None}
    offered = [
        (purpose, wording(purpose, mine.language))
        for purpose, about in PURPOSES.items()
        if about.names or purpose not in agreed
    ]
    past = [_told(one, mine) for one in held if one.withdrawn_at is not None]
    context = mine.frame() | {"now": now, "offered": offered, "past": past}
    return render(request, "portal/file/consents.html", context)


def _told(consent: Consent, mine: MyFile) -> dict[str, object]:
    """A consent in the words it was given to, and those words in the reader's language."""
    version = consent.version if consent.version in versions() else versions()[-1]
    said = wording(consent.purpose, mine.language, version)
    return {
        "consent": consent,
        "title": said.title,
        "text": said.filled(recipient=consent.recipient, country=consent.country),
        "country": names(mine.language).get(consent.country, ""),
    }


@needs(Permission.OWN_FILE)
@own_file
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, mine: MyFile, purpose: str) -> HttpResponse:
    """Read what one purpose means, and agree to it alone."""
    if purpose not in PURPOSES:
        raise Http404
    if request.method == "GET":
        return _agree_page(request, mine, purpose, AgreeForm(mine, purpose, {}))
    given = {
        name: plain(request.POST.get(name, "")).strip()[:LONGEST_NAME]
        for name in ("recipient", "country", "guardian")
    }
    ticked = bool(request.POST.get("agree"))
    faults = (
        {}
        if ticked
        else {"agree": _("同意的话，请在“我读过上面的话，同意”前面打勾；不同意可以直接离开，什么也不会变。")}
    )
    if not faults:
        try:
            give(
                mine.file.pk, purpose, language=mine.language, method="page", actor=mine.actor, at=mine.at,
                **given,
            )  # fmt: skip
        except ConsentRefused as refused:
            faults = refused.faults
        except FileClosed:
            messages.error(request, _("档案冻结着，不能新加同意。解除冻结以后可以再来。"))
            return see(mine.address("portal_file_consents"))
    if faults:
        form = AgreeForm(mine, purpose, {**given, "agree": ticked}, faults)
        return _agree_page(request, mine, purpose, form, status=422)
    messages.success(request, _("已记下您的同意。随时可以在这一页撤回。"))
    return see(mine.address("portal_file_consents"))


def _agree_page(
    request: HttpRequest, mine: MyFile, purpose: str, form: AgreeForm, *, status: int = 200
) -> HttpResponse:
    said = wording(purpose, mine.language)
    blank = "______"
    context = mine.frame() | {
        "form": form,
        "title": said.title,
        "text": said.filled(recipient=blank, country=blank),
        "refusing": said.refusing,
        "version": said.version,
        "separate": PURPOSES[purpose].separate,
    }
    return render(request, "portal/file/agree.html", context, status=status)


@needs(Permission.OWN_FILE)
@own_file
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, mine: MyFile, consent_id: UUID) -> HttpResponse:
    """Confirm, and the agreement is taken back: the second of two clicks."""
    consent = Consent.objects.filter(file=mine.file, pk=consent_id).first()
    if consent is None:
        raise Http404
    if request.method == "GET" and consent.withdrawn_at is None:
        context = mine.frame() | _told(consent, mine)
        return render(request, "portal/file/take_back.html", context)
    if request.method == "POST":
        withdraw(consent.pk, actor=mine.actor, at=mine.at)
    messages.success(request, _("已撤回。以后不再按这一项使用您的信息；以前做过的不受影响。"))
    return see(mine.address("portal_file_consents"))
