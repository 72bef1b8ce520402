"""Following a request without an account: its reference, then a one-time code to the address given."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import TypeVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import PROVED, needs, proved, remember_proof
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.throttle import allowed
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting, person
from qiaoqiao.casework.actions import proving
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.portal.ownership import TYPED, see
from qiaoqiao.services.life_events.queries import together_with
from qiaoqiao.ui.entryforms import JudgedForm
from qiaoqiao.ui.forms import TO_HALF_WIDTH

SAME_SECONDS = 0.3
MOST_CODES, MOST_FROM_ONE_BROWSER, PER = 5, 12, timedelta(hours=1)
TRIES, BROWSER = "code_tries", "tracking"
Opened = TypeVar("Opened")


class ReferenceForm(JudgedForm):
    """The reference of a request."""

    def __init__(self, typed: str, faults: dict[str, str] | None = None) -> None:
        super().__init__({"reference": typed}, faults)
        look = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        self.fields["reference"] = forms.CharField(
            label=_("编号"),
            help_text=_("在回执上，像 QQ26-7K3M-9PA。大小写、横线和空格都没关系。"),
            max_length=40,
            widget=forms.TextInput(look),
        )


class CodeForm(JudgedForm):
    """The six digits that were sent."""

    def __init__(self, faults: dict[str, str] | None = None) -> None:
        super().__init__({}, faults)
        self.fields["code"] = forms.CharField(
            label=_("验证码"),
            help_text=_("六位数字，15 分钟内有效。"),
            max_length=20,
            widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        )


@contextmanager
def evenly() -> Iterator[None]:
    """Take the same time whatever is done inside: a stranger learns nothing from how long it took."""
    started = monotonic()
    try:
        yield
    finally:
        sleep(max(0.0, SAME_SECONDS - (monotonic() - started)))


# --- the reference ---------------------------------------------------------------------------------


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the reference, and send a code to the address given with it."""
    request.personal = True  # type: ignore[attr-defined]
    if request.method == "GET":
        typed = (request.GET.get("ref") or request.GET.get("reference") or "")[:40]
        return _track_page(request, ReferenceForm(tidy_reference(typed) or typed))
    typed = request.POST.get("reference", "")[:40]
    reference = tidy_reference(typed)
    if not reference:
        return _track_page(request, ReferenceForm(typed, {"reference": reference_words(typed)}), status=422)
    at = timezone.now()
    with evenly():
        sent = may_send(request, reference, at) and _send(reference, at)
    if not sent:
        return _too_often(request, reference)
    request.session[TRIES] = {}
    return see(_code_address(reference, request.POST.get("next", "")))


def reference_words(typed: str) -> str:
    """What is wrong with a reference, without asking whether any such request exists."""
    letters = "".join(one for one in typed.upper() if one.isascii() and one.isalnum())
    if not letters:
        return _("请填写编号。")
    if len(letters) == 11 and letters.startswith("QQ"):
        return _(
            "编号好像抄错了一个字。请对照回执再看一遍：后七位里没有数字 0、1、2、5，也没有字母 B、I、L、O、S、Z。"
        )
    return _("编号不完整。完整的编号像 QQ26-7K3M-9PA：QQ、两位数字，再加七位字母或数字。")


def _track_page(request: HttpRequest, form: ReferenceForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "portal/track/track.html", context | {"open": _open_ones(request)}, status=status)


def _open_ones(request: HttpRequest) -> list[str]:
    """References that this browser proved in the last two hours."""
    at = timezone.now()
    epoch = int(at.timestamp())
    known = proved(request, epoch=epoch)
    if not known:
        return []
    actor = person(*known)
    with acting(actor, epoch=epoch):
        seen = visible_cases(actor, on=timezone.localdate(at)).order_by("-filed_at")
        return list(seen.values_list("reference", flat=True))


def may_send(request: HttpRequest, reference: str, at: datetime) -> bool:
    """Count a code against the reference or number, known or not, and softly against the browser."""
    browser = request.session.setdefault(BROWSER, secrets.token_urlsafe(12))
    here = allowed(f"code-browser:{browser}", most=MOST_FROM_ONE_BROWSER, within=PER, at=at)
    return allowed(f"code:{reference}", most=MOST_CODES, within=PER, at=at) and here


def _send(reference: str, at: datetime) -> bool:
    with acting(SYSTEM, epoch=int(at.timestamp())):
        case_id = _case_id(reference)
        if case_id:
            proving.ask(case_id, actor=PUBLIC, at=at)
    return True


def _case_id(reference: str) -> UUID | None:
    return Case.objects.filter(reference=reference).values_list("pk", flat=True).first()


def _too_often(request: HttpRequest, reference: str) -> HttpResponse:
    context = {"reference": reference, "code_address": _code_address(reference, request.POST.get("next", ""))}
    page = render(request, "portal/track/too_often.html", context, status=429)
    page.headers["Retry-After"] = str(int(PER.total_seconds()))
    return page


# --- the code --------------------------------------------------------------------------------------


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code; a right one opens the case in this browser for two hours."""
    request.personal = True  # type: ignore[attr-defined]
    typed = request.POST.get("reference") or request.GET.get("ref", "")
    reference = tidy_reference(typed[:40])
    if not reference:
        return see(reverse("portal_track"))
    if request.method == "GET":
        return _code_page(request, reference, CodeForm())
    at = timezone.now()
    with evenly():
        case_id, fault = _prove(request, reference, at)
    if case_id is None:
        return _code_page(request, reference, CodeForm({"code": fault}), status=422)
    request.session.pop(TRIES, None)
    for thing in _together(case_id, at):
        remember_proof(request, thing, epoch=int(at.timestamp()))
    return see(_onward(reference, request.POST.get("next", "")))


def _together(case_id: UUID, at: datetime) -> list[UUID]:
    """What the code of one case opens: the case, and those started with it by the same person at once."""
    with acting(SYSTEM, epoch=int(at.timestamp())):
        return [case_id, *(thing for thing in together_with(case_id) if thing != case_id)]


def _prove(request: HttpRequest, reference: str, at: datetime) -> tuple[UUID | None, str]:
    """The case that the code opens, or what to tell the person."""

    def opened(digits: str) -> UUID:
        case_id = _case_id(reference)
        if case_id is None:
            raise proving.CodeWrong
        proving.prove(case_id, digits, at=at)
        return case_id

    return judged(request, reference, opened, at)


def judged(
    request: HttpRequest, number: str, opened: Callable[[str], Opened], at: datetime
) -> tuple[Opened | None, str]:
    """What the six digits typed open, or what to tell the person: of a case, and of a file."""
    digits = "".join(request.POST.get("code", "").translate(TO_HALF_WIDTH).split())
    if not digits:
        return None, _("请填写验证码。")
    if len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
        return None, _("验证码是六位数字，您填的不是。请再看一遍收到的邮件或短信。")
    tries = request.session.get(TRIES, {}).get(number, 0) + 1
    request.session[TRIES] = {number: tries}
    try:
        with acting(SYSTEM, epoch=int(at.timestamp())):
            return opened(digits), ""
    except proving.CodeExpired:
        return None, _("这个验证码过了 15 分钟，已经失效。请点“再发一次”，用新的验证码。")
    except proving.CodeWrong:
        if tries >= proving.MOST_TRIES:
            return None, _("这个验证码已经试了 5 次，不能再用。请点“再发一次”，用新的验证码。")
        return None, _("验证码不对。请用最新收到的那一个，以前的都已失效。")


def _code_page(request: HttpRequest, reference: str, form: CodeForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "reference": reference,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo": settings.DEMO,
    }
    return render(request, "portal/track/code.html", context, status=status)


@needs(Permission.PUBLIC)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget in this browser every case that it proved: for a device that others use too."""
    for name in (PROVED, TYPED, TRIES):
        request.session.pop(name, None)
    return see(reverse("portal_track"))


def _code_address(reference: str, wanted: str) -> str:
    query = {"ref": reference} | ({"next": wanted} if _of_the_case(reference, wanted) else {})
    return f"{reverse('portal_track_code')}?{urlencode(query)}"


def _onward(reference: str, wanted: str) -> str:
    return wanted if _of_the_case(reference, wanted) else reverse("portal_case", args=[reference])


def _of_the_case(reference: str, wanted: str) -> bool:
    """A page of this very case, and nothing that leads elsewhere."""
    return (
        wanted.startswith(reverse("portal_case", args=[reference]))
        and "\\" not in wanted
        and "\n" not in wanted
    )
