"""Who signed up and who came: a code read out, a link scanned, a name ticked."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.links import read_link
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.activities import wording
from qiaoqiao.community.activities.actions import signing
from qiaoqiao.community.activities.codes import code_of_day, is_today, read_code
from qiaoqiao.community.activities.letters import ATTEND
from qiaoqiao.community.activities.models import Activity, Attendance, Signup
from qiaoqiao.community.activities.queries import people_of, signed_up, visible_activities
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.activities.listing import in_words
from qiaoqiao.workbench.activities.page import activity_of
from qiaoqiao.workbench.desk import actor_of, typed
from qiaoqiao.workbench.filtering import row_of
from qiaoqiao.workbench.frame import show


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """The list; sent, somebody is checked in by code or by name."""
    activity = activity_of(request, activity_id)
    trouble = ""
    if request.method == "POST":
        trouble = checked(request, activity)
        if not trouble:
            return redirect(request.get_full_path())
    at = timezone.now()
    page = signed_up(activity, before=row_of(request, "before"), after=row_of(request, "after"))
    came = dict(Attendance.objects.filter(signup__in=page.rows).values_list("signup", "how"))
    return show(
        request,
        "workbench/activities/attendance.html",
        **in_words(activity, language_of(request)),
        people=people_of(activity),
        rows=[
            {
                "signup": one,
                "state": wording.said(wording.SIGNED, one.state),
                "how": wording.said(wording.HOW_ATTENDED, came.get(one.pk, "")),
            }
            for one in page.rows
        ],
        previous=f"?before={page.before}" if page.before else None,
        next=f"?after={page.after}" if page.after else None,
        today=is_today(activity, at),
        code=code_of_day(activity, timezone.localdate(at)),
        trouble=trouble,
        errors=[("#code", trouble)] if trouble else [],
        typed=typed(request, "code", 400),
        status=422 if trouble else 200,
    )


def checked(request: HttpRequest, activity: Activity) -> str:
    """Check somebody in; what is wrong otherwise, in words."""
    at = timezone.now()
    chosen, code = request.POST.get("signup", ""), typed(request, "code", 400)
    if chosen:
        signup = Signup.objects.filter(activity=activity, pk=uuid_of(chosen)).first()
    else:
        signup = read_code(code, activity, epoch=int(at.timestamp())) if code.strip() else None
    if signup is None:
        return _("没有这个签到码。请核对，或者在名单里找。")
    try:
        signing.check_in(signup.pk, how="list" if chosen else "qr", actor=actor_of(request), at=at)
    except signing.NotGoing:
        return _("这位还在候补，或者已经取消。")
    messages.success(request, _("已签到：%(name)s") % {"name": signup.name})
    return ""


NOBODY = UUID(int=0)


def uuid_of(text: str) -> UUID:
    """The id that a form sent; one that is none finds nobody."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """What an officer's telephone opens from somebody's QR code: who it is, and one button."""
    at = timezone.now()
    thing = read_link(ATTEND, token, epoch=int(at.timestamp()))
    seen = visible_activities(actor_of(request), on=timezone.localdate(at))
    signup = (
        Signup.objects.select_related("activity__organisation")
        .filter(pk=thing or NOBODY, activity__in=seen)
        .first()
    )
    if signup is None:
        raise Http404
    trouble = ""
    if request.method == "POST":
        try:
            signing.check_in(signup.pk, how="qr", actor=actor_of(request), at=at)
            messages.success(request, _("已签到：%(name)s") % {"name": signup.name})
            return redirect("staff_attendance", signup.activity_id)
        except signing.NotGoing:
            trouble = _("这位还在候补，或者已经取消。")
    return show(
        request,
        "workbench/activities/check_in.html",
        **in_words(signup.activity, language_of(request)),
        signup=signup,
        signed=wording.said(wording.SIGNED, signup.state),
        came=Attendance.objects.filter(signup=signup).exists(),
        trouble=trouble,
        status=422 if trouble else 200,
    )
