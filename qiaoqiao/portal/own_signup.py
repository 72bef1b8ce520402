"""Somebody's own sign-up, by its signed link: where things stand, the code for the door, cancelling, coming."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import person
from qiaoqiao.community.activities import wording
from qiaoqiao.community.activities.actions.signing import NotGoing, cancel_signup, check_in
from qiaoqiao.community.activities.codes import code_of_day, is_today, qr
from qiaoqiao.community.activities.letters import SIGNUP, attend_link
from qiaoqiao.community.activities.models import Attendance, Signup
from qiaoqiao.portal.activities import in_words
from qiaoqiao.ui.language import language_of


def held(request: HttpRequest) -> Signup:
    """The sign-up that the link was made for. Raises Http404."""
    found = Signup.objects.select_related("activity__organisation")
    signup = found.filter(pk=request.held).first()  # type: ignore[attr-defined]
    if signup is None:
        raise Http404
    return signup


@needs(Permission.HOLDER, purpose=SIGNUP)
@require_http_methods(["GET", "HEAD", "POST"])
def own_signup(request: HttpRequest, token: str) -> HttpResponse:
    """Where the sign-up stands; sent, the code of the day says that they are there."""
    signup, at = held(request), timezone.now()
    trouble = ""
    if request.method == "POST":
        right = code_of_day(signup.activity, timezone.localdate(at))
        if not is_today(signup.activity, at) or request.POST.get("code", "").strip() != right:
            trouble = _("签到码不对。请看现场贴的六位数字，只在活动当天有效。")
        else:
            try:
                check_in(signup.pk, how="code", actor=person(signup.pk), at=at)
                return redirect("portal_own_signup", token)
            except NotGoing:
                trouble = _("您还在候补，或者已经取消。请找现场的工作人员。")
    context = in_words(signup.activity, language_of(request)) | {
        "signup": signup,
        "token": token,
        "signed": wording.said(wording.SIGNED, signup.state),
        "came": Attendance.objects.filter(signup=signup).exists(),
        "today": is_today(signup.activity, at),
        "over": signup.activity.starts_at <= at,
        "qr": qr(attend_link(signup, signup.activity)) if signup.state == "going" else "",
        "trouble": trouble,
        "errors": [("#code", trouble)] if trouble else [],
    }
    return render(request, "portal/activities/own.html", context, status=422 if trouble else 200)


@needs(Permission.HOLDER, purpose=SIGNUP)
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give the place back."""
    signup = held(request)
    cancel_signup(signup.pk, actor=person(signup.pk), at=timezone.now())
    messages.success(request, _("已取消报名。"))
    return redirect("portal_own_signup", token)
