"""Sources: the rolls that offices give, the last import of each, sending a new file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.catalogue.entry import words
from qiaoqiao.parties.actions.importing import look
from qiaoqiao.parties.actions.sources import Roll, add_source
from qiaoqiao.parties.importing import mapping, rolls, wording
from qiaoqiao.parties.importing.reading import RollRefused
from qiaoqiao.parties.models import Batch, Source
from qiaoqiao.parties.wording import SOURCE_KINDS, said
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.queue import mark_of

LONGEST_NAME, LONGEST_BASIS = 60, 40


class SourceForm(forms.Form):
    """A source described by whoever will bring it in."""

    def __init__(
        self, data: Any, *, keepers: Sequence[Office], givers: Sequence[Office], language: str
    ) -> None:
        super().__init__(data)
        self.fields["name"] = forms.CharField(label=_("名册的名称"), max_length=LONGEST_NAME)
        self.fields["kind"] = forms.ChoiceField(
            label=_("种类"), choices=[("", _("请选择")), *SOURCE_KINDS.items()]
        )
        self.fields["giver"] = office_field(_("由哪个单位提供"), givers, language)
        self.fields["keeper"] = office_field(_("导入后由哪个单位保管档案"), keepers, language)
        self.fields["basis"] = forms.CharField(
            label=_("共享的法律依据"),
            max_length=LONGEST_BASIS,
            help_text=_("例如法律条文、本人同意、共享协议的文号。没有依据的名册不能导入。"),
        )
        self.fields["rank"] = forms.TypedChoiceField(
            label=_("和别的来源不一致时，先信哪个"),
            coerce=int,
            choices=[(rank, str(rank)) for rank in range(1, 10)],
            initial=5,
            help_text=_("1 最先信。"),
        )
        if not self.is_bound and len(keepers) == 1:
            self.fields["keeper"].initial = keepers[0].pk


def office_field(label: str, offices: Sequence[Office], language: str) -> forms.TypedChoiceField:
    named = [(office.pk, words(office.names, language)) for office in offices]
    return forms.TypedChoiceField(label=label, coerce=int, choices=[("", _("请选择")), *named])


@needs(Permission.PEOPLE)
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """The sources of my offices."""
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    return show(
        request,
        "workbench/sources/list.html",
        rows=[{"source": one, **told(one, language)} for one in rolls.sources_listed(actor, on=today)],
        decides=bool(rolls.offices_decided(actor, on=today)),
    )


def told(source: Source, language: str) -> dict[str, Any]:
    """A source in words."""
    return {
        "name": words(source.names, language),
        "kind": said(SOURCE_KINDS, source.kind),
        "giver": words(source.office.names, language),
        "keeper": words(source.keeper.names, language),
    }


def source_of(request: HttpRequest, code: str) -> Source:
    """A source this officer may see; a stranger gets 404."""
    try:
        return rolls.source_seen(code, actor_of(request), on=timezone.localdate())
    except Source.DoesNotExist:
        raise Http404 from None


@needs(Permission.LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Name a new source."""
    actor, language, at = actor_of(request), language_of(request), timezone.now()
    keepers = rolls.offices_decided(actor, on=timezone.localdate(at))
    givers = list(Office.objects.order_by("path"))
    data = request.POST if request.method == "POST" else None
    form = SourceForm(data, keepers=keepers, givers=givers, language=language)
    if form.is_valid():
        answer = made(request, form, {one.pk: one for one in givers}, at)
        if answer:
            messages.success(request, _("已添加来源。现在可以上传名册。"))
            return redirect("staff_source", answer["source"])
    status = 422 if form.is_bound else 200
    return show(request, "workbench/sources/new.html", form=form, token=new_token(), status=status)


def made(request: HttpRequest, form: SourceForm, offices: dict[int, Office], at: datetime) -> Answer | None:
    """Add the source once; None when the form was used for another already."""
    given = form.cleaned_data
    roll = Roll(
        name=given["name"],
        kind=given["kind"],
        keeper=offices[given["keeper"]],
        giver=offices[given["giver"]],
        basis=given["basis"],
        rank=given["rank"],
    )

    def perform() -> Answer:
        return {"source": add_source(roll, actor=actor_of(request), at=at).code}

    try:
        return once(asked_once(request, "source"), perform, at=at)
    except KeyReused:
        form.add_error(None, _("这一页已经添加过一个来源。如果这是另一个，请核对后再按一次。"))
        return None


@needs(Permission.PEOPLE)
@require_GET
def source_page(request: HttpRequest, source: str) -> HttpResponse:
    """A source, its imports, and the form for the next file."""
    return source_shown(request, source_of(request, source))


def source_shown(request: HttpRequest, source: Source, *, trouble: str = "") -> HttpResponse:
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    before = mark_of(request, "before", read_mark)
    batches, following = rolls.batches_of(source, before=before)
    return show(
        request,
        "workbench/sources/source.html",
        source=source,
        **told(source, language),
        batches=[{"batch": one, **batch_told(one)} for one in batches],
        next=f"?{urlencode({'before': following.isoformat()})}" if following else None,
        delivers=rolls.may_deliver(source, actor, on=today),
        trouble=trouble,
        errors=[("#roll", trouble)] if trouble else [],
        token=new_token(),
        most_mb=settings.MAX_UPLOAD_BYTES // 1024 // 1024,
        status=422 if trouble else 200,
    )


def read_mark(text: str) -> datetime:
    """A place in the list of imports. Raises Http404."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Http404 from None


SHAPES = {"looked": "waiting", "doing": "soon", "done": "done", "undoing": "soon", "undone": "plain"}


def batch_told(batch: Batch) -> dict[str, str]:
    return {"state": said(wording.STATES, batch.state), "shape": SHAPES[batch.state]}


@needs(Permission.LINK)
@require_POST
def send(request: HttpRequest, source: str) -> HttpResponse:
    """Take a file in and look through it; then its columns are checked, or its report is read."""
    found = source_of(request, source)
    roll = request.FILES.get("roll")
    if roll is None:
        return source_shown(request, found, trouble=_("请先选择一个文件。"))
    try:
        answer = once(asked_once(request, "roll"), lambda: taken(request, found, roll), at=timezone.now())
    except RollRefused as why:
        return source_shown(request, found, trouble=wording.refusal_words(why))
    except KeyReused:
        return source_shown(request, found, trouble=_("这一页已经上传过一个文件。请再选一次文件。"))
    name = "staff_import" if answer["sure"] else "staff_import_columns"
    return redirect(name, found.code, answer["batch"])


def taken(request: HttpRequest, source: Source, roll: "UploadedFile[Any]") -> Answer:
    """Look through an uploaded file; `sure` when the source has said before what all its columns are."""
    content = roll.read(settings.MAX_UPLOAD_BYTES + 1)
    looked = look(source, roll.name or "", content, actor=actor_of(request), at=timezone.now())
    known = set(looked.batch.mapping) <= set(source.mapping) and not mapping.faults(looked.batch.mapping)
    return {"batch": str(looked.batch.pk), "sure": known}
