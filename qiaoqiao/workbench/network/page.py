"""One organisation: its data, posts, history, what lies above and below; new, changed, closed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.network import queries
from qiaoqiao.community.network.actions import organisations as actions
from qiaoqiao.community.network.entered import Entered, entered_of
from qiaoqiao.community.network.models import Organisation, OrganisationPost
from qiaoqiao.community.network.rules import Loop
from qiaoqiao.community.network.sentences import told
from qiaoqiao.community.network.wording import KINDS, called, hours_words
from qiaoqiao.parties.wording import LANGUAGES
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.ui.zones import zone_words
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.network.form import OrganisationForm, PostForm
from qiaoqiao.workbench.network.listing import places_below, where


def seen(request: HttpRequest, code: str) -> Organisation:
    """An organisation this officer may see; a stranger gets 404."""
    try:
        return queries.visible_organisation(code, actor_of(request), on=timezone.localdate())
    except Organisation.DoesNotExist:
        raise Http404 from None


def keeps(request: HttpRequest, row: Organisation) -> bool:
    return queries.kept_by(actor_of(request), on=timezone.localdate()).filter(pk=row.pk).exists()


def kept(request: HttpRequest, code: str) -> Organisation:
    """An organisation this officer may change; others get 404."""
    row = seen(request, code)
    if not keeps(request, row):
        raise Http404
    return row


@needs(Permission.ORGANISE)
@require_GET
def page(request: HttpRequest, organisation: str) -> HttpResponse:
    """All of one organisation."""
    return shown(request, seen(request, organisation))


def shown(request: HttpRequest, row: Organisation, post: PostForm | None = None) -> HttpResponse:
    language, today = language_of(request), timezone.localdate()
    offices = queries.offices_of(actor_of(request), on=today)
    places = {one.code: one for one in places_below(queries.roots_of(offices))}
    held, ended = queries.posts_of(row, on=today)
    entries, officers = queries.history(row)
    services = {entry.id: words(entry.name, language) for entry in current()}
    return show(
        request,
        "workbench/network/page.html",
        row=row,
        name=name_of(row.names, language),
        kind=KINDS.get(row.kind, row.kind),
        where=where(row, places, language),
        keeper=name_of(row.keeper.names, language),
        hours=hours_words(row.hours),
        zone=zone_words(row.zone),
        languages=called(LANGUAGES, row.languages),
        services=called(services, row.services),
        about=name_of(row.about, language),
        above=[(one.code, name_of(one.names, language)) for one in queries.line_above(row)],
        below=queries.visible_organisations(offices).filter(parent=row, closed_on__isnull=True).count(),
        held=held,
        ended=ended,
        history=[told(one, officers) for one in entries],
        keeps=row.keeper_id in {one.pk for one in offices},
        post=post or PostForm(),
        token=new_token(),
        status=422 if post else 200,
    )


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    actor, at = actor_of(request), timezone.now()
    keepers = queries.offices_of(actor, on=timezone.localdate(at))
    form = OrganisationForm(
        request.POST if request.method == "POST" else None,
        language=language_of(request),
        places=places_below(queries.roots_of(keepers)),
        keepers=keepers,
    )
    if form.is_valid() and form.entered is not None:
        entered, chosen = form.entered, str(form.cleaned_data.get("keeper") or keepers[0].pk)
        keeper = next(one for one in keepers if str(one.pk) == chosen)

        def perform() -> Answer:
            try:
                return {"code": actions.found(entered, keeper=keeper, actor=actor, at=at).code}
            except actions.CodeTaken:
                if not registered(request, entered):
                    raise
                return {"code": entered.code}  # the same form, sent twice

        answer = tried(form, lambda: once(asked_once(request, "organisation"), perform, at=at))
        if answer:
            messages.success(request, _("已登记。"))
            return redirect("staff_organisation", answer["code"])
    return form_page(request, form)


def registered(request: HttpRequest, given: Entered) -> bool:
    """Whether just this stands registered already, as ours."""
    kept = queries.kept_by(actor_of(request), on=timezone.localdate())
    row = kept.select_related("parent").filter(code=given.code).first()
    return row is not None and entered_of(row) == given


def tried(form: OrganisationForm, act: Any) -> Any:
    """Do it, or say at the field why it cannot be done."""
    try:
        return act()
    except actions.CodeTaken:
        form.add_error("code", _("已经有一个组织用了这个代码。请换一个。"))
    except actions.NoSuchParent:
        form.add_error("parent", _("找不到这个上级代码。"))
    except Loop:
        form.add_error("parent", _("它不能排在自己下面的组织之下。请换一个上级。"))
    except KeyReused:
        form.add_error(None, _("这一页已经登记过一个组织。如果这是另一个，请核对后再按一次。"))
    return None


def form_page(request: HttpRequest, form: OrganisationForm, row: Organisation | None = None) -> HttpResponse:
    return show(
        request,
        "workbench/network/form.html",
        form=form,
        row=row,
        name=name_of(row.names, language_of(request)) if row else "",
        token=new_token(),
        status=422 if form.is_bound else 200,
    )


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, organisation: str) -> HttpResponse:
    """Change an organisation's data."""
    row, actor, at = kept(request, organisation), actor_of(request), timezone.now()
    places = places_below(queries.roots_of(queries.offices_of(actor, on=timezone.localdate(at))))
    if row.place and row.place not in places:
        places.append(row.place)
    data = request.POST if request.method == "POST" else None
    form = OrganisationForm(data, language=language_of(request), places=places, given=entered_of(row))
    if form.is_valid() and form.entered is not None:
        entered = form.entered
        changed = tried(form, lambda: actions.change(organisation, entered, actor=actor, at=at))
        if changed is not None:
            messages.success(request, _("已保存。") if changed else _("没有改动。"))
            return redirect("staff_organisation", entered.code)
    return form_page(request, form, row)


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, organisation: str) -> HttpResponse:
    """Say what closing means; confirmed, close it as of today."""
    row, at = kept(request, organisation), timezone.now()
    if request.method == "POST":
        actions.close(organisation, on=timezone.localdate(at), actor=actor_of(request), at=at)
        messages.success(request, _("已撤销。它留在“已撤销”的名单里，历史都在。"))
        return redirect("staff_organisation", organisation)
    below = Organisation.objects.filter(parent=row, closed_on__isnull=True).count()
    name = name_of(row.names, language_of(request))
    return show(request, "workbench/network/close.html", row=row, name=name, below=below)


@needs(Permission.ORGANISE)
@require_POST
def begin_post(request: HttpRequest, organisation: str) -> HttpResponse:
    """Announce who holds a post."""
    row, at = kept(request, organisation), timezone.now()
    form = PostForm(request.POST)
    if not form.is_valid():
        return shown(request, row, form)
    given = actions.Announced(**form.cleaned_data)
    began_once(request, row, given, at)
    messages.success(request, _("已公布。"))
    return redirect("staff_organisation", organisation)


def began_once(request: HttpRequest, row: Organisation, given: actions.Announced, at: datetime) -> None:
    """Begin the post, once however often the button was pressed."""

    def perform() -> Answer:
        return {"post": str(actions.begin_post(row.code, given, actor=actor_of(request), at=at).pk)}

    once(asked_once(request, f"post:{row.pk}"), perform, at=at)


@needs(Permission.ORGANISE)
@require_POST
def end_post(request: HttpRequest, organisation: str, post_id: UUID) -> HttpResponse:
    """End a post today."""
    row, at = kept(request, organisation), timezone.now()
    try:
        actions.end_post(row.code, post_id, on=timezone.localdate(at), actor=actor_of(request), at=at)
    except OrganisationPost.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("已结束这个职务。"))
    return redirect("staff_organisation", organisation)


@needs(Permission.ORGANISE)
@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """Who lies below whom, from one organisation or from the top; each level opens by a link."""
    language, today = language_of(request), timezone.localdate()
    offices = queries.offices_of(actor_of(request), on=today)
    root = request.GET.get("root", "")
    top = seen(request, root) if root else None
    unfolded = [code[:40] for code in request.GET.getlist("open")][:20]
    nodes = queries.tree(top, unfolded, offices)
    return show(
        request,
        "workbench/network/tree.html",
        top=top,
        name=name_of(top.names, language) if top else "",
        above=[(one.code, name_of(one.names, language)) for one in queries.line_above(top)] if top else [],
        nodes=[branch(node, root, unfolded, language) for node in nodes],
        cut=queries.MOST_BELOW if len(nodes) == queries.MOST_BELOW else 0,
    )


def branch(node: queries.Node, root: str, unfolded: list[str], language: str) -> dict[str, Any]:
    """A node with the address that unfolds it, or folds it again."""
    code = node.organisation.code
    opened = code in unfolded
    asked = [one for one in unfolded if one != code] if opened else [*unfolded, code]
    query = "&".join([*([f"root={root}"] if root else []), *(f"open={one}" for one in asked)])
    return {
        "code": code,
        "name": name_of(node.organisation.names, language),
        "kind": KINDS.get(node.organisation.kind, ""),
        "number": node.number,
        "open": opened,
        "href": f"?{query}#n-{code}",
        "below": [branch(one, root, unfolded, language) for one in node.below],
    }
