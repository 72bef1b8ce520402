"""Activities near a place: what is coming, one of them, signing up, its poster and calendar file."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import PUBLIC
from qiaoqiao.community.activities import wording
from qiaoqiao.community.activities.actions.signing import Guest, NotOpen, sign_up
from qiaoqiao.community.activities.codes import event_of, qr
from qiaoqiao.community.activities.models import Activity, Material, Photo
from qiaoqiao.community.activities.queries import upcoming
from qiaoqiao.gateways import storage
from qiaoqiao.lib.calendars import MIME, calendar
from qiaoqiao.parties.rules import PHONE
from qiaoqiao.portal.throttling import may_send
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import atlas, name_of

MOST_AN_HOUR = 30
"""Sign-ups from one browser's session, so that a list is not filled by one."""


class SignupForm(forms.Form):
    """Who wants to come, and one way to reach them."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["name"] = forms.CharField(
            label=_("怎么称呼您"), max_length=100, widget=forms.TextInput({"autocomplete": "name"})
        )
        self.fields["email"] = forms.EmailField(
            label=_("电子邮件"), required=False, widget=forms.EmailInput({"autocomplete": "email"})
        )
        self.fields["phone"] = forms.CharField(
            label=_("手机号码"),
            required=False,
            max_length=24,
            help_text=_("邮箱和手机写一个就行。国外的号码从 + 和国家号写起。"),
            widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        )

    def clean_phone(self) -> str:
        phone = "".join(char for char in self.cleaned_data["phone"] if char not in " -().")
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError(_("电话只写数字，国外的从 + 和国家号写起。"))
        return phone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("email") and not given.get("phone") and not self.errors:
            self.add_error("email", _("请写邮箱或手机，写一个就行：报名的链接发到那里。"))
        return given


def in_words(activity: Activity, language: str) -> dict[str, Any]:
    """An activity in the reader's words."""
    return {
        "activity": activity,
        "title": name_of(activity.names, language),
        "kind": wording.said(wording.KINDS, activity.kind),
        "state": wording.said(wording.STATES, activity.state),
        "shape": wording.SHAPES[activity.state],
        "organisation": name_of(activity.organisation.names, language),
        "left": activity.left,
        "full": activity.left == 0,
    }


@needs(Permission.PUBLIC)
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """What is coming, the next first; in one place or everywhere."""
    language, known = language_of(request), atlas()
    place = request.GET.get("place", "")
    here = known.places.get(place)
    found = upcoming(now=timezone.now(), place=here.code if here else "")
    cities = [
        (one.code, name_of(one.names, language)) for one in known.places.values() if one.level == "city"
    ]
    context = {
        "rows": [in_words(one, language) for one in found],
        "place": here.code if here else "",
        "cities": cities,
        "counties": known.counties(language),
    }
    return render(request, "portal/activities/list.html", context)


def open_activity(activity_id: UUID) -> Activity:
    """An activity that the public may see. Raises Http404."""
    found = Activity.objects.filter(open=True, pk=activity_id).select_related("organisation").first()
    if found is None:
        raise Http404
    return found


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """One of them; sent, somebody signs up, and hears by mail or text message."""
    found, now = open_activity(activity_id), timezone.now()
    form = SignupForm(request.POST if request.method == "POST" else None)
    may = found.state == "scheduled" and found.starts_at > now
    if form.is_valid() and signed(request, form, found):
        return redirect("portal_activity_received", found.pk)
    return render(
        request,
        "portal/activities/page.html",
        in_words(found, language_of(request))
        | {
            "form": form,
            "may": may,
            "photos": Photo.objects.filter(activity=found, public=True).order_by("added_at"),
            "materials": Material.objects.filter(activity=found, public=True).order_by("added_at"),
        },
        status=422 if form.is_bound else 200,
    )


def signed(request: HttpRequest, form: SignupForm, found: Activity) -> bool:
    """Sign up; False when nobody can any more, or it is asked too often, and the form says so."""
    now, given = timezone.now(), form.cleaned_data
    if not may_send(
        request, "signup", most=MOST_AN_HOUR, at=now, written_to=given["email"] or given["phone"]
    ):
        form.add_error(None, _("这里报名太频繁了，请过一小时再试。"))
        return False
    guest = Guest(given["name"].strip(), given["email"].strip(), given["phone"], language_of(request))
    try:
        sign_up(found.pk, guest, actor=PUBLIC, at=now)
    except NotOpen:
        form.add_error(None, _("现在不能报名了：活动已经开始、推迟或者取消。"))
    return not form.errors


@needs(Permission.PUBLIC)
@require_safe
def received(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """What happens next; the same for everybody, so that it tells nothing of who signed up."""
    return render(
        request, "portal/activities/received.html", in_words(open_activity(activity_id), language_of(request))
    )


@needs(Permission.PUBLIC)
@require_safe
def poster(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """To print and hang up: what, when, where, and a QR code that leads to signing up."""
    found = open_activity(activity_id)
    address = f"{settings.PUBLIC_URL}/activities/{found.pk}/"
    context = in_words(found, language_of(request)) | {"qr": qr(address), "address": address}
    return render(request, "portal/activities/poster.html", context)


@needs(Permission.PUBLIC)
@require_safe
def calendar_file(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """For somebody's own calendar; one that was cancelled takes itself out again."""
    found = open_activity(activity_id)
    cancelled = found.state in {"cancelled", "postponed"}
    address = f"{settings.PUBLIC_URL}/activities/{found.pk}/"
    event = event_of(
        found, title=name_of(found.names, language_of(request)), url=address, cancelled=cancelled
    )
    answer = HttpResponse(calendar([event], by="activities", cancels=cancelled), content_type=MIME)
    answer["Content-Disposition"] = 'attachment; filename="activity.ics"'
    return answer


@needs(Permission.PUBLIC)
@require_safe
def public_photo(request: HttpRequest, activity_id: UUID, photo_id: UUID) -> HttpResponse:
    """A photo whose people agreed."""
    found = Photo.objects.filter(activity=open_activity(activity_id), pk=photo_id, public=True).first()
    return kept(found, attached=False)


@needs(Permission.PUBLIC)
@require_safe
def public_material(request: HttpRequest, activity_id: UUID, material_id: UUID) -> HttpResponse:
    """A paper that the office gives to everybody."""
    found = Material.objects.filter(activity=open_activity(activity_id), pk=material_id, public=True).first()
    return kept(found, attached=True)


def kept(found: Photo | Material | None, *, attached: bool) -> HttpResponse:
    if found is None:
        raise Http404
    try:
        content = storage.open_kept(found.key)
    except storage.NotKept:
        raise Http404 from None
    return FileResponse(content, as_attachment=attached, filename=found.name, content_type=found.mime)  # type: ignore[return-value]
