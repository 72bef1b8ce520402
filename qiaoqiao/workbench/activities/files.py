"""Photos with the consent of who is shown, and materials: brought in, looked at, judged."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.bringing import bring
from qiaoqiao.community.activities.actions import holding
from qiaoqiao.community.activities.models import Activity, Material, Photo
from qiaoqiao.gateways import storage
from qiaoqiao.gateways.uploads import UploadRefused
from qiaoqiao.ui.faults import upload_words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.activities.forms import ConsentForm, MaterialForm, PhotoForm
from qiaoqiao.workbench.activities.listing import in_words
from qiaoqiao.workbench.activities.page import activity_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show

PICTURES = ("image/jpeg", "image/png")


def stream(key: str, name: str, mime: str, *, attached: bool) -> HttpResponse:
    """A kept file. Raises Http404 for one that is gone."""
    try:
        content = storage.open_kept(key)
    except storage.NotKept:
        raise Http404 from None
    return FileResponse(content, as_attachment=attached, filename=name, content_type=mime)  # type: ignore[return-value]


def photo_of(request: HttpRequest, activity: Activity, photo_id: UUID) -> Photo:
    found = Photo.objects.filter(activity=activity, pk=photo_id).first()
    if found is None:
        raise Http404
    return found


@needs(Permission.ORGANISE)
@require_GET
def photo(request: HttpRequest, activity_id: UUID, photo_id: UUID) -> HttpResponse:
    """The picture itself."""
    found = photo_of(request, activity_of(request, activity_id), photo_id)
    return stream(found.key, found.name, found.mime, attached=False)


@needs(Permission.ORGANISE)
@require_GET
def material(request: HttpRequest, activity_id: UUID, material_id: UUID) -> HttpResponse:
    """A paper of the activity."""
    found = Material.objects.filter(activity=activity_of(request, activity_id), pk=material_id).first()
    if found is None:
        raise Http404
    return stream(found.key, found.name, found.mime, attached=True)


def taken_in(form: Any, kind: str) -> Brought | None:
    """Look through and keep the file; None when it may not be kept, and the form says why."""
    file = form.cleaned_data["file"]
    try:
        brought = bring(file, name=file.name or "", kind=kind, title="", now=timezone.now())
    except UploadRefused as refused:
        form.add_error("file", upload_words(refused))
        return None
    if kind == "photo" and brought.mime not in PICTURES:
        storage.remove(brought.key)
        form.add_error("file", _("照片要 JPG 或 PNG。"))
        return None
    return brought


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_photo(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """A photo; it stays inside until those shown have agreed."""
    activity = activity_of(request, activity_id)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    brought = taken_in(form, "photo") if form.is_valid() else None
    if brought:
        given = {name: form.cleaned_data[name] for name in ("caption", "people_shown")}
        made = holding.add_photo(activity.pk, brought, **given, actor=actor_of(request), at=timezone.now())
        return redirect("staff_photo_consent", activity.pk, made.pk)
    return shown(request, activity, form, _("添一张照片"))


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_material(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """A paper that was handed out or used."""
    activity = activity_of(request, activity_id)
    form = MaterialForm(request.POST, request.FILES) if request.method == "POST" else MaterialForm()
    brought = taken_in(form, "material") if form.is_valid() else None
    if brought:
        public = form.cleaned_data["public"]
        holding.add_material(activity.pk, brought, public=public, actor=actor_of(request), at=timezone.now())
        messages.success(request, _("已添加。"))
        return redirect("staff_activity", activity.pk)
    return shown(request, activity, form, _("添一份材料"))


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, activity_id: UUID, photo_id: UUID) -> HttpResponse:
    """Who is shown and has agreed, how; then it may be public."""
    activity = activity_of(request, activity_id)
    found = photo_of(request, activity, photo_id)
    known = {"by": found.agreed_by, "how": found.agreed_how, "on": found.agreed_on, "public": found.public}
    form = ConsentForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        try:
            holding.agree_photo(found.pk, **form.cleaned_data, actor=actor_of(request), at=timezone.now())
            messages.success(request, _("已保存。"))
            return redirect("staff_activity", activity.pk)
        except holding.ConsentMissing:
            form.add_error("public", _("照片里有人，要写明谁同意、怎样同意、哪天同意，才能公开。"))
    return shown(request, activity, form, _("照片里的人同意公开吗"), photo=found)


def shown(
    request: HttpRequest, activity: Activity, form: Any, heading: str, photo: Photo | None = None
) -> HttpResponse:
    return show(
        request,
        "workbench/activities/form.html",
        **in_words(activity, language_of(request)),
        form=form,
        heading=heading,
        files="file" in form.fields,
        photo=photo,
        status=422 if form.is_bound else 200,
    )
