"""What officers take down for a person: a consent in its exact words, its withdrawal, a request with a proof, a death."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Post
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.bringing import bring
from qiaoqiao.gateways import storage
from qiaoqiao.gateways.uploads import UploadRefused
from qiaoqiao.parties import wording
from qiaoqiao.parties.actions.changing import ChangeRefused, Evidence
from qiaoqiao.parties.actions.consenting import ConsentRefused, give, mark_died, withdraw
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.rights import ask_for
from qiaoqiao.parties.consents import PURPOSES, is_child, versions
from qiaoqiao.parties.consents import wording as consent_wording
from qiaoqiao.parties.models import Consent, File
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.faults import fault_words, upload_words
from qiaoqiao.ui.forms import DateField
from qiaoqiao.ui.language import HTML_LANG, language_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.person import office_for, posts_here
from qiaoqiao.workbench.personfacts import closed_words, opened_file

TAKEN = ("counter", "paper", "phone", "visit")
NAMES = dict(settings.LANGUAGES)
ASKED = ("delete", "freeze", "thaw", "copy")


class ConsentForm(forms.Form):
    """One purpose, as the person gave it: how, in which language, and what it names."""

    def __init__(self, data: Any, purpose: str, file: File, *, language: str, said: str) -> None:
        super().__init__(data)
        methods = [(one, wording.CONSENT_METHODS[one]) for one in TAKEN]
        self.fields["method"] = forms.ChoiceField(
            label=_("怎样同意的"), choices=methods, widget=forms.RadioSelect
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("念给本人听、或给本人看的是哪种文字"), choices=list(NAMES.items()), initial=said
        )
        named = PURPOSES[purpose].names
        if "recipient" in named:
            self.fields["recipient"] = forms.CharField(label=_("交给哪个单位"), max_length=100)
        if "country" in named:
            self.fields["country"] = forms.ChoiceField(
                label=_("在哪个国家或地区"), choices=country_choices(language)
            )
        if is_child(file.born, timezone.localdate()):
            self.fields["guardian"] = forms.CharField(label=_("监护人姓名"), max_length=100)
        self.fields["agree"] = forms.BooleanField(label=_("本人听过或读过这段话，同意"))

    def take(self, faults: dict[str, str]) -> None:
        for name, fault in faults.items():
            field = name if name in self.fields else None
            self.add_error(field, fault_words(fault, str(self.fields[field].label) if field else name))


@needs(Permission.PEOPLE)
@require_safe
def consents(request: HttpRequest, number: str) -> HttpResponse:
    """What the person agreed to, and what may be taken down."""
    file, language = opened_file(request, number), language_of(request)
    held = list(Consent.objects.filter(file=file).order_by("-given_at", "-id"))
    agreed = {one.purpose for one in held if one.withdrawn_at is None}
    offered = [
        (purpose, consent_wording(purpose, language).title)
        for purpose, about in PURPOSES.items()
        if about.names or purpose not in agreed
    ]
    context: dict[str, Any] = {"file": file, "held": [_told(one, language) for one in held]}
    context["offered"] = offered if file.state == "active" else []
    return show(request, "workbench/rights/consents.html", posts=posts_here(request), **context)


def _told(consent: Consent, language: str) -> dict[str, object]:
    version = consent.version if consent.version in versions() else versions()[-1]
    said = consent_wording(consent.purpose, language, version)
    return {
        "consent": consent,
        "title": said.title,
        "text": said.filled(recipient=consent.recipient, country=consent.country),
        "method": wording.said(wording.CONSENT_METHODS, consent.method),
    }


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, number: str, purpose: str) -> HttpResponse:
    """Read the words out, then take one consent down."""
    file, language = opened_file(request, number), language_of(request)
    if purpose not in PURPOSES:
        raise Http404
    asked = request.GET.get("in", "")
    said = consent_wording(purpose, asked if asked in NAMES else language)
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        purpose,
        file,
        language=language,
        said=said.language,
    )
    posts = posts_here(request)
    if request.method == "POST" and form.is_valid() and _agreed(request, file, purpose, form, posts):
        messages.success(request, _("已登记同意。"))
        return redirect("staff_consents", file.number)
    context = {
        "file": file, "form": form, "said": said, "lang": HTML_LANG[said.language],
        "text": said.filled(recipient="______", country="______"), "languages": list(NAMES.items()),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return show(request, "workbench/rights/agree.html", posts=posts, status=status, **context)


def _agreed(request: HttpRequest, file: File, purpose: str, form: ConsentForm, posts: list[Post]) -> bool:
    given = {name: value for name, value in form.cleaned_data.items() if name != "agree"}
    try:
        give(
            file.pk, purpose, actor=actor_of(request), at=timezone.now(), office=office_for(posts, file), **given
        )  # fmt: skip
    except ConsentRefused as refused:
        form.take(refused.faults)
    except FileClosed as closed:
        form.add_error(None, closed_words(closed))
    return not form.errors


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, number: str, consent_id: UUID) -> HttpResponse:
    """Take a consent back because the person said so."""
    file, posts = opened_file(request, number), posts_here(request)
    consent = Consent.objects.filter(file=file, pk=consent_id).first()
    if consent is None:
        raise Http404
    if request.method == "POST":
        withdraw(consent.pk, actor=actor_of(request), at=timezone.now(), office=office_for(posts, file))
        messages.success(request, _("已登记撤回。"))
        return redirect("staff_consents", file.number)
    context: dict[str, Any] = {"file": file, **_told(consent, language_of(request))}
    return show(request, "workbench/rights/take_back.html", posts=posts, **context)


# --- asking for somebody, and a death ----------------------------------------------------------------


class AskForm(forms.Form):
    """What somebody asks at the counter, who they are, and the proof."""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(max_length=400, widget=forms.Textarea())
    evidence = forms.FileField()

    def __init__(self, data: Any, files: Any, file: File) -> None:
        super().__init__(data, files)
        fitting = [one for one in ASKED if one != ("freeze" if file.state == "frozen" else "thaw")]
        self.fields["kind"].label = _("请求")
        self.fields["kind"].choices = [(one, wording.CHANGE_KINDS[one]) for one in fitting]  # type: ignore[attr-defined]
        self.fields["reason"].label = _("谁提出、为什么")
        self.fields["reason"].help_text = _("近亲属为去世的人提出的，写明关系。最多 400 字。")
        self.fields["evidence"].label = _("证明")
        self.fields["evidence"].help_text = _("本人的证件，或亲属关系的证明。")


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Take down what the person, or a near relative of somebody who died, asks at the counter."""
    file, posts = opened_file(request, number), posts_here(request)
    sent = request.method == "POST"
    form = AskForm(request.POST if sent else None, request.FILES if sent else None, file)
    if sent and form.is_valid() and _asked(request, file, form, posts):
        messages.success(request, _("已提出。要由另一位同事决定，决定以前档案不变。"))
        return redirect("staff_person", file.number)
    status = 422 if form.errors else 200
    return show(request, "workbench/rights/ask.html", posts=posts, status=status, file=file, form=form)


def _asked(request: HttpRequest, file: File, form: AskForm, posts: list[Post]) -> bool:
    now, upload, kept = timezone.now(), form.cleaned_data["evidence"], None
    try:
        brought = bring(upload, name=upload.name or "", kind="other", title="", now=now)
        kept = Evidence(brought.key, brought.file_name)
        change = ask_for(
            file.pk, form.cleaned_data["kind"], reason=form.cleaned_data["reason"], evidence=kept,
            actor=actor_of(request), at=now, office=office_for(posts, file),
        )  # fmt: skip
        if change.evidence != kept.key:  # somebody asked the same before: their proof stands
            storage.remove(kept.key)
    except UploadRefused as refused:
        form.add_error("evidence", upload_words(refused))
    except (ChangeRefused, FileClosed):
        form.add_error("kind", _("档案现在的状态不能这样请求。"))
        if kept is not None:
            storage.remove(kept.key)
    return not form.errors


class DiedForm(forms.Form):
    """When somebody died, and what was seen of it."""

    proof = forms.CharField(max_length=200)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["on"] = DateField(label=_("去世日期"))
        self.fields["proof"].label = _("看了什么证明")
        self.order_fields(["on", "proof"])

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("这一天还没有到。"))
        return on


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def died(request: HttpRequest, number: str) -> HttpResponse:
    """Record a death."""
    file, posts = opened_file(request, number), posts_here(request)
    form = DiedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            mark_died(
                file.pk, said["on"], proof=said["proof"], actor=actor_of(request), at=timezone.now(),
                office=office_for(posts, file),
            )  # fmt: skip
        except FileClosed as closed:
            form.add_error(None, closed_words(closed))
        else:
            messages.success(request, _("已登记。"))
            return redirect("staff_person", file.number)
    status = 422 if form.errors else 200
    return show(request, "workbench/rights/died.html", posts=posts, status=status, file=file, form=form)
