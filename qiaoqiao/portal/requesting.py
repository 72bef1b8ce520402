"""What one may ask about one's file: that a fact be put right, that it be frozen, thawed, or deleted."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import KeyReused, once
from qiaoqiao.gateways import storage
from qiaoqiao.gateways.uploads import UploadRefused, examine
from qiaoqiao.parties import correcting, wording
from qiaoqiao.parties.actions.changing import ChangeRefused, Evidence, ask_change, due_on, promised_days
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.rights import ask_for, frozen_by_person
from qiaoqiao.parties.models import Change
from qiaoqiao.portal.ownership import form_token, see
from qiaoqiao.portal.ownfile import MyFile, own_file, sent_once
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.entryforms import JudgedForm, plain
from qiaoqiao.ui.faults import upload_words

MOST_REASON = 400
CHOSEN = {"sex": wording.SEXES, "standing": wording.STANDINGS}
COUNTRIES = ("origin", "citizenship")
KINDS = ("delete", "freeze", "thaw")


@dataclass(frozen=True)
class Fact:
    """A fact that may be put right: how a request names it, its label, what the file says now."""

    field: str
    label: str
    now: str

    @property
    def word(self) -> str:
        return self.field.partition(":")[0]


def facts(mine: MyFile) -> list[Fact]:
    """Every fact of the file that a request can name, as it stands today."""
    found = []
    for word in correcting.COLUMNS:
        value = str(getattr(mine.file, word) or "")
        found.append(Fact(word, _label(word), _value(word, value, mine)))
    for word, slot in correcting.SLOTS.items():
        for fact in correcting.facts_of(mine.file, word, on=mine.today):
            named = correcting.field_of(fact)
            if named.partition(":")[0] == word:
                value = str(getattr(fact, slot.value))
                found.append(Fact(named, _label(word), _value(word, value, mine)))
    return found


def _label(word: str) -> str:
    return wording.said(correcting.LABELS, word)


def _value(word: str, value: str, mine: MyFile) -> str:
    if not value:
        return _("没有记录")
    if word == "document":
        return _("尾号 %(tail)s") % {"tail": value}
    if word in COUNTRIES:
        return dict(country_names(mine.language)).get(value, value)
    chosen = CHOSEN | {"need": wording.NEEDS, "member": wording.RELATIONS}
    return wording.said(chosen[word], value) if word in chosen else value


def country_names(language: str) -> list[tuple[str, str]]:
    """Every country's code and name."""
    groups = [group for _label, group in country_choices(language)[1:]]
    return [pair for group in groups if isinstance(group, list) for pair in group]


class CorrectForm(JudgedForm):
    """What is right, why, and what proves it."""

    def __init__(
        self, mine: MyFile, fact: Fact, given: dict[str, object], faults: dict[str, str] | None = None
    ) -> None:
        super().__init__(given, faults)
        if fact.word not in correcting.ENDED_ONLY:
            self.fields["value"] = _value_field(mine, fact.word)
        self.fields["reason"] = forms.CharField(
            label=_("为什么要改"),
            help_text=_("简单写明哪里不对，最多 400 字。"),
            widget=forms.Textarea(),
        )
        self.fields["proof"] = forms.FileField(
            label=_("证明"), help_text=_("有证件或材料的，拍照上传，办得更快。"), required=False
        )


def _value_field(mine: MyFile, word: str) -> forms.Field:
    label, hint = _("应该是"), _("空着交，表示这一项不再对，没有新的。")
    if word in CHOSEN:
        choices = [("", _("不再是这样")), *((key, str(said)) for key, said in CHOSEN[word].items())]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if word in COUNTRIES:
        return forms.ChoiceField(label=label, choices=country_choices(mine.language), required=False)
    if word == "born":
        hint = _("像 1958-03-27；只知道年份就写 1958。")
    return forms.CharField(label=label, help_text=hint, required=False)


@needs(Permission.OWN_FILE)
@own_file
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, mine: MyFile) -> HttpResponse:
    """Choose a fact, say what is right; an officer looks at it and answers."""
    known = facts(mine)
    wanted = request.POST.get("field") or request.GET.get("field", "")
    fact = next((one for one in known if one.field == wanted), None)
    if fact is None:
        context = mine.frame() | {"facts": known, "days": promised_days(mine.file.office)}
        return render(request, "portal/file/correct.html", context)
    if request.method == "GET":
        return _correct_page(request, mine, fact, CorrectForm(mine, fact, {}))
    given: dict[str, object] = {
        name: plain(request.POST.get(name, "")).strip() for name in ("value", "reason")
    }
    try:
        proof = _proof(request, mine)
    except UploadRefused as refused:
        faults = {"proof": upload_words(refused)}
        return _correct_page(request, mine, fact, CorrectForm(mine, fact, given, faults), status=422)
    return _ask_correction(request, mine, fact, given, proof)


def _ask_correction(
    request: HttpRequest, mine: MyFile, fact: Fact, given: dict[str, object], proof: Evidence | None
) -> HttpResponse:
    def perform() -> dict[str, object]:
        change = ask_change(
            mine.file.pk, {fact.field: given["value"]}, reason=str(given["reason"]), evidence=proof,
            actor=mine.actor, at=mine.at,
        )  # fmt: skip
        return {"change": str(change.pk)}

    said = f"{fact.field}\n{given['value']}\n{given['reason']}"
    try:
        kept = once(sent_once(request, mine, "correct", said), perform, at=mine.at)
        if not Change.objects.filter(pk=str(kept["change"]), evidence=proof.key if proof else "").exists():
            _forget(proof)  # sent twice: the first one's proof is the one that counts
    except ChangeRefused as refused:
        _forget(proof)
        form = CorrectForm(mine, fact, given, _field_faults(refused.faults))
        return _correct_page(request, mine, fact, form, status=422)
    except (KeyReused, FileClosed) as problem:
        _forget(proof)
        words = (
            _("档案冻结着，不能更正。请先解除冻结。")
            if isinstance(problem, FileClosed)
            else _("这一页刚才已经交过一次。您新写的还在框里，请再点一次。")
        )
        form = CorrectForm(mine, fact, given, {"reason": words})
        return _correct_page(request, mine, fact, form, status=409, fresh=True)
    messages.success(request, _("已收到您的更正请求。答复以前，档案不变。"))
    return see(mine.address() + "#waiting")


def _field_faults(faults: dict[str, str]) -> dict[str, str]:
    """The faults of a request at the fields of the page."""
    found = {}
    for name, fault in faults.items():
        field = name if name in {"reason", "proof"} else "value"
        found[field] = _("这和档案里现在写的一样。") if fault == "same" else fault
    return found


def _proof(request: HttpRequest, mine: MyFile) -> Evidence | None:
    """The file that came with the form, looked through and kept. Raises UploadRefused."""
    sent = request.FILES.get("proof")
    if sent is None:
        return None
    stream: BinaryIO = sent.file  # type: ignore[assignment]
    looked = examine(stream, name=sent.name or "", limit=settings.MAX_UPLOAD_BYTES)
    kept = storage.keep(BytesIO(looked.cleaned), declared_name=looked.name, now=mine.at)
    return Evidence(kept.key, kept.name)


def _forget(proof: Evidence | None) -> None:
    if proof is not None:
        storage.remove(proof.key)


def _correct_page(
    request: HttpRequest,
    mine: MyFile,
    fact: Fact,
    form: CorrectForm,
    *,
    status: int = 200,
    fresh: bool = False,
) -> HttpResponse:
    context = mine.frame() | {
        "fact": fact,
        "form": form,
        "token": form_token(request, fresh=fresh),
        "due_on": due_on(mine.file.office, mine.at),
        "files": status != 200 and bool(request.FILES),
    }
    return render(request, "portal/file/correct_one.html", context, status=status)


# --- delete, freeze, thaw ----------------------------------------------------------------------------


class AskForm(JudgedForm):
    """Why, if the person wants to say so: nobody must."""

    def __init__(self, typed: str, faults: dict[str, str] | None = None) -> None:
        super().__init__({"reason": typed}, faults)
        self.fields["reason"] = forms.CharField(
            label=_("想说明的"),
            help_text=_("可以不写，最多 400 字。"),
            required=False,
            widget=forms.Textarea(),
        )


@needs(Permission.OWN_FILE)
@own_file
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, mine: MyFile, kind: str) -> HttpResponse:
    """Read what it means, then ask for it."""
    if kind not in KINDS or (kind == "freeze" and mine.frozen) or (kind == "thaw" and not mine.frozen):
        raise Http404
    at_once = kind == "freeze" or (kind == "thaw" and frozen_by_person(mine.file))
    form = AskForm(plain(request.POST.get("reason", "")).strip())
    if request.method == "POST":
        try:
            reason = plain(request.POST.get("reason", "")).strip()
            ask_for(mine.file.pk, kind, reason=reason, actor=mine.actor, at=mine.at)
        except ChangeRefused as refused:
            form = AskForm(reason, refused.faults)
        else:
            messages.success(request, _done_words(kind, at_once))
            return see(mine.address() + ("" if at_once else "#waiting"))
    context = mine.frame() | {
        "kind": kind,
        "form": form,
        "at_once": at_once,
        "due_on": due_on(mine.file.office, mine.at),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/file/ask.html", context, status=status)


def _done_words(kind: str, at_once: bool) -> str:
    if kind == "freeze":
        return _("档案已冻结。除了保存，谁也不能用它；您随时可以解除。")
    if kind == "thaw" and at_once:
        return _("已解除冻结。")
    return _("已收到您的请求。答复以前，档案不变。")
