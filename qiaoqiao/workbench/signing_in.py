"""Signing in: a password and a second factor, or a passkey; in the demo, one click. And signing out."""

from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Account, Post
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import Permission, PostRole, grants
from qiaoqiao.access.throttle import allowed
from qiaoqiao.catalogue.entry import words
from qiaoqiao.parties.models import Source
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench import second_factor
from qiaoqiao.workbench.sessions import begin_staff_session
from qiaoqiao.workbench.words import ROLES

PENDING = "signing_in"  # account, until, next: the password was right, the second factor is still owed
PENDING_SECONDS = 10 * 60
SECRET = "totp_secret"
NEW_CODES = "recovery_codes"
MOST_FROM_HERE, MOST_IN_ALL = 8, 60
WINDOW = timedelta(minutes=15)
# What the demo's cards of an office that keeps files invite to.
TO_TRY = {
    PostRole.CLERK: gettext_lazy("可试：人员档案、走访"),
    PostRole.HANDLER: gettext_lazy("可试：人员档案、走访、名册导入、合并待审"),
    PostRole.HEAD: gettext_lazy("可试：人员档案、更正审批、合并待审、侨情一览"),
}


class PasswordForm(forms.Form):
    """Account name and password."""

    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "username webauthn"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """Six digits from the app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def wanted_next(request: HttpRequest) -> str:
    """Where to go after signing in: a page of ours that was asked for, else the queue."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours and asked.startswith("/staff/") else settings.LOGIN_REDIRECT_URL


def may_try(request: HttpRequest, name: str, *, at: datetime) -> bool:
    """Count a try to enter an account: few from one place, more in all, never by the place alone."""
    place = request.META.get("REMOTE_ADDR", "")
    here = allowed(f"sign-in:{name[:60]}:{place}", most=MOST_FROM_HERE, within=WINDOW, at=at)
    return allowed(f"sign-in:{name[:60]}", most=MOST_IN_ALL, within=WINDOW, at=at) and here


def enter(request: HttpRequest, account: Account, *, next_: str, at: datetime) -> HttpResponseRedirect:
    """Open the session of an account that has proved itself; the session gets a new key."""
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    for name in (PENDING, SECRET):
        request.session.pop(name, None)
    begin_staff_session(request, epoch=int(at.timestamp()))
    return HttpResponseRedirect(landing(account, next_, at=at))


def landing(account: Account, next_: str, *, at: datetime) -> str:
    """Where an account arrives: the queue is no page for somebody who reads no case."""
    roles = {PostRole(post.role) for post in posts_of(account.pk, on=timezone.localdate(at))}
    keeps = grants(roles, Permission.KEEP) and not grants(roles, Permission.CASE_READ)
    return reverse("staff_keeping") if keeps and next_ == settings.LOGIN_REDIRECT_URL else next_


def pending(request: HttpRequest, *, at: datetime) -> tuple[Account | None, str]:
    """The account whose password was right a moment ago in this browser, and where it wants to go."""
    held = request.session.get(PENDING)
    if not held or held["until"] < at.timestamp():
        return None, settings.LOGIN_REDIRECT_URL
    return Account.objects.filter(pk=held["account"], is_active=True).first(), held["next"]


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a right password leads to the second factor."""
    if request.method == "GET" and isinstance(request.user, Account):
        return HttpResponseRedirect(landing(request.user, wanted_next(request), at=timezone.now()))
    request.personal = True  # type: ignore[attr-defined]
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        at = timezone.now()
        name, password = form.cleaned_data["username"], form.cleaned_data["password"]
        if not may_try(request, name, at=at):
            return sign_in_page(request, refused(form), status=429)
        account = authenticate(request, username=name, password=password)
        if isinstance(account, Account):
            return second_step(request, account, at=at)
        form.add_error(None, _("账号或密码不对。请再试一次。"))
    return sign_in_page(request, form, status=422 if form.is_bound else 200)


def second_step(request: HttpRequest, account: Account, *, at: datetime) -> HttpResponse:
    """Ask for the second factor, or have one set up; only the demo goes without."""
    enrolled = second_factor.has_second_factor(account)
    if settings.DEMO and not enrolled:
        return enter(request, account, next_=wanted_next(request), at=at)
    request.session.cycle_key()
    request.session[PENDING] = {
        "account": account.pk,
        "until": int(at.timestamp()) + PENDING_SECONDS,
        "next": wanted_next(request),
    }
    return redirect("sign_in_second" if enrolled else "sign_in_enrol")


def refused(form: forms.Form) -> forms.Form:
    form.add_error(None, _("试的次数太多了。请过 15 分钟再试；有通行密钥的，现在就可以用它登录。"))
    return form


def sign_in_page(request: HttpRequest, form: forms.Form, *, status: int = 200) -> HttpResponse:
    page = render(
        request,
        "workbench/sign_in.html",
        {
            "form": form,
            "next": wanted_next(request),
            "passkey_options": second_factor.begin_passkey(None),
            "cards": demo_cards(language_of(request)) if settings.DEMO else [],
        },
        status=status,
    )
    if status == 429:
        page.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return page


def demo_cards(language: str) -> list[dict[str, object]]:
    """The demo's accounts, each with its office and what it may do, in words."""
    held = Post.objects.filter(account__demo=True, account__is_active=True, until__isnull=True)
    keeps = Exists(Source.objects.filter(keeper=OuterRef("office")))
    held = held.annotate(keeps=keeps).select_related("account", "office")
    cards: dict[int, dict[str, object]] = {}
    for post in held.order_by("office__path", "account_id", "id"):
        card = cards.setdefault(post.account_id, {"account": post.account, "posts": [], "tries": ""})
        if post.keeps and post.role in TO_TRY:
            card["tries"] = TO_TRY[PostRole(post.role)]
        card["posts"] += [f"{words(post.office.names, language)} · {ROLES[post.role]}"]  # type: ignore[operator]
    return list(cards.values())


@needs(Permission.DEMO)
@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's accounts; outside the demo there is no such page."""
    chosen = request.POST.get("account", "")
    account = Account.objects.filter(
        pk=int(chosen) if chosen.isdecimal() else 0, demo=True, is_active=True
    ).first()
    if not settings.DEMO or account is None:
        raise Http404
    next_ = wanted_next(request)
    if (
        next_ == settings.LOGIN_REDIRECT_URL
        and Source.objects.filter(keeper__posts__account=account).exists()
    ):
        next_ = reverse("staff_people")  # here an office that keeps files has no cases to begin with
    return enter(request, account, next_=next_, at=timezone.now())


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the app, a recovery code, or the passkey."""
    at = timezone.now()
    account, next_ = pending(request, at=at)
    if account is None or not second_factor.has_second_factor(account):
        return redirect("sign_in")
    request.personal = True  # type: ignore[attr-defined]
    form = CodeForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if not may_try(request, f"code:{account.pk}", at=at):
            form.add_error("code", _("试的次数太多了。请过 15 分钟再试。"))
            status = 429
        elif second_factor.code_fits(account, form.cleaned_data["code"], at=at):
            return enter(request, account, next_=next_, at=at)
        else:
            form.add_error("code", _("验证码不对，或者已经用过。请看清楚应用里现在显示的六位数字。"))
    kinds = second_factor.kinds_of(account)
    context = {"form": form, "kinds": kinds, "passkey_options": ""}
    if second_factor.KIND.WEBAUTHN in kinds:
        context["passkey_options"] = second_factor.begin_passkey(account)
    return render(request, "workbench/sign_in_second.html", context, status=status)


@needs(Permission.PUBLIC)
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Take a passkey's answer: as the second factor, or by itself."""
    at = timezone.now()
    account, next_ = pending(request, at=at)
    owner = second_factor.passkey_fits(request.POST.get("credential", ""), account)
    if owner is not None:
        return enter(request, owner, next_=next_ if account else wanted_next(request), at=at)
    form = PasswordForm({})
    form.errors.clear()
    form.add_error(None, _("这个通行密钥没有通过。请再试一次，或者用密码登录。"))
    return sign_in_page(request, form, status=422)


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up the second factor at the first sign-in: an authenticator app here, or a passkey."""
    at = timezone.now()
    account, next_ = pending(request, at=at)
    if account is None or second_factor.has_second_factor(account):
        return redirect("sign_in")
    request.personal = True  # type: ignore[attr-defined]
    secret = request.session.setdefault(SECRET, second_factor.new_secret())
    form = CodeForm(request.POST or None)
    if form.is_valid() and may_try(request, f"code:{account.pk}", at=at):
        if second_factor.enrol_app(account, secret, form.cleaned_data["code"]):
            return enrolled(request, account, next_=next_, at=at)
        form.add_error("code", _("验证码不对。请看清楚应用里现在显示的六位数字。"))
    return render(
        request,
        "workbench/sign_in_enrol.html",
        {
            "form": form,
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "qr": second_factor.qr_of(account, secret, words=_("验证器应用的二维码")),
            "passkey_options": second_factor.begin_passkey_enrolment(account),
        },
        status=422 if form.is_bound else 200,
    )


@needs(Permission.PUBLIC)
@require_POST
def enrol_passkey(request: HttpRequest) -> HttpResponse:
    """Tie the passkey that the browser has just made to the account."""
    at = timezone.now()
    account, next_ = pending(request, at=at)
    if account is None or second_factor.has_second_factor(account):
        return redirect("sign_in")
    if not second_factor.enrol_passkey(account, request.POST.get("credential", "")):
        return redirect("sign_in_enrol")
    return enrolled(request, account, next_=next_, at=at)


def enrolled(request: HttpRequest, account: Account, *, next_: str, at: datetime) -> HttpResponse:
    """Open the session, and show the recovery codes before anything else."""
    codes = second_factor.new_recovery_codes(account)
    enter(request, account, next_=next_, at=at)
    request.session[NEW_CODES] = {"codes": codes, "next": next_}
    return redirect("sign_in_codes")


@needs(Permission.PUBLIC)
@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes once, right after enrolment."""
    held = request.session.pop(NEW_CODES, None)
    if held is None or not request.user.is_authenticated:
        return redirect("sign_in")
    return render(request, "workbench/sign_in_codes.html", held)


@needs(Permission.PUBLIC)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here; the browser is told to forget what it kept."""
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))
