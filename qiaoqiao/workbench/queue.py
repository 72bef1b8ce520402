"""The queue: what my offices have before them, due first; tabs, filters and saved views over it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework import queues
from qiaoqiao.casework.actions.views import ViewRefused, remove_view, save_view
from qiaoqiao.casework.models import SavedView
from qiaoqiao.casework.queues import Desk, Filters, Tab
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.filtering import BELOW, FilterForm
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.lines import Line, line_of_case, line_of_seat

TABS: dict[Tab, Any] = {
    "mine": gettext_lazy("我的"),
    "office": gettext_lazy("本单位全部"),
    "offered": gettext_lazy("待我们接收"),
    "overdue": gettext_lazy("已逾期"),
    "soon": gettext_lazy("快到期"),
    "joint": gettext_lazy("联办"),
    "waiting": gettext_lazy("等当事人"),
    "done": gettext_lazy("最近办结"),
}


def tab_href(tab: str, query: str = "") -> str:
    """The address of a tab."""
    return f"/staff/{'' if tab == 'mine' else tab + '/'}{'?' + query if query else ''}"


@dataclass(frozen=True)
class Asking:
    """What this page was asked for: the tab, the filters, and whose desk they look at."""

    tab: Tab
    form: FilterForm
    own: Desk
    below: Sequence[Office]

    @property
    def desk(self) -> Desk:
        """Own offices; for a head who asked so, all below, or one of them."""
        return chosen_desk(self.own, self.below, self.form.whose)

    @property
    def query(self) -> str:
        return urlencode(self.form.chosen)

    def turn(self, **mark: object) -> str:
        """This page's address from another row on."""
        return tab_href(self.tab, urlencode({**self.form.chosen, **mark}))


def chosen_desk(own: Desk, below: Sequence[Office], office: str) -> Desk:
    if office == BELOW and below:
        return replace(own, offices=tuple(one.pk for one in below))
    if office.isdecimal():
        return replace(own, offices=tuple(one.pk for one in below if one.pk == int(office)))
    return own


def mark_of(request: HttpRequest, name: str, read: Any) -> Any:
    """A place in the queue from the address; a broken one is no page."""
    text = request.GET.get(name)
    try:
        return read(text) if text else None
    except queues.MarkUnreadable:
        raise Http404 from None


@needs(Permission.CASE_READ)
@require_GET
def queue(request: HttpRequest, tab: Tab) -> HttpResponse:
    """One tab of the queue, a page at a time."""
    at, language = timezone.now(), language_of(request)
    today = timezone.localdate(at)
    posts = list(posts_of(actor_of(request).account_id or 0, on=today))
    own = queues.desk_of(actor_of(request).account_id or 0, posts, today=today)
    below = queues.offices_below(posts)
    form = FilterForm(request.GET, language=language, own=[post.office for post in posts], below=below)
    asking = Asking(tab, form, own, below)
    lines, previous, following = page_of(request, asking, at=at, language=language)
    views = queues.views_of(own.account_id)
    return show(
        request,
        "workbench/queue.html",
        posts=posts,
        tab=tab,
        title=TABS[tab],
        form=form,
        lines=lines,
        previous=previous,
        next=following,
        tabs=tabs_of(asking, views, language),
        views=views,
        clear=tab_href(tab),
        query=f"{tab}?{asking.query}",
        own_only=asking.desk == own,
    )


def page_of(
    request: HttpRequest, asking: Asking, *, at: datetime, language: str
) -> tuple[list[Line], str | None, str | None]:
    """The lines of this page and the addresses of its neighbours."""
    found: queues.Page | queues.CasePage
    if asking.tab == "done":
        before, after = (mark_of(request, name, queues.read_moment) for name in ("before", "after"))
        found = queues.closed(asking.form.filters, asking.desk, before=before, after=after)
        lines = [line_of_case(case, at=at, language=language) for case in found.rows]
    else:
        before, after = (mark_of(request, name, queues.read_mark) for name in ("before", "after"))
        found = queues.page(asking.tab, asking.form.filters, asking.desk, before=before, after=after)
        lines = [line_of_seat(seat, at=at, language=language) for seat in found.rows]
    return (
        lines,
        asking.turn(before=found.before) if found.before else None,
        asking.turn(after=found.after) if found.after else None,
    )


def tabs_of(asking: Asking, views: Sequence[SavedView], language: str) -> list[dict[str, object]]:
    """The tabs and the saved views, each with how many rows it has."""
    kept = {"office": asking.form.whose} if asking.form.whose else {}
    asked: dict[str, tuple[Tab, Filters, Desk]] = {
        tab: (tab, Filters(), asking.desk) for tab in TABS if tab != "done"
    }
    saved = {f"view:{view.pk}": (view, *read_view(view, asking, language)) for view in views}
    asked |= {
        key: (tab, form.filters, desk) for key, (_view, tab, form, desk) in saved.items() if tab != "done"
    }
    counted = queues.counts(asked)
    current = f"{asking.tab}?{asking.query}"
    in_view = any(view.query == current for view in views)
    tabs = [
        {
            "text": words,
            "href": tab_href(tab, urlencode(kept)),
            "count": count_words(counted.get(tab)),
            "current": tab == asking.tab and not in_view,
        }
        for tab, words in TABS.items()
    ]
    return tabs + [
        {
            "text": view.name,
            "href": tab_href(tab, urlencode(form.chosen)),
            "count": count_words(counted.get(key)),
            "current": view.query == current,
        }
        for key, (view, tab, form, _desk) in saved.items()
    ]


def read_view(view: SavedView, asking: Asking, language: str) -> tuple[Tab, FilterForm, Desk]:
    """What a saved view asks for today; filters that are no longer offered fall away."""
    name, _mark, query = view.query.partition("?")
    tab: Tab = next((known for known in TABS if known == name), "office")
    form = FilterForm(dict(parse_qsl(query)), language=language, own=[], below=asking.below)
    return tab, form, chosen_desk(asking.own, asking.below, form.whose)


def count_words(number: int | None) -> str | None:
    if number is None:
        return None
    return f"{queues.MOST_COUNTED - 1}+" if number >= queues.MOST_COUNTED else str(number)


REFUSALS = {
    "missing": gettext_lazy("请给这个视图起个名字。"),
    "too_long": gettext_lazy("名字太长了，请不要超过 40 个字。"),
    "too_many": gettext_lazy("最多保存 12 个视图，请先删掉一个。"),
}


@needs(Permission.CASE_READ)
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filters under a name."""
    query = request.POST.get("query", "")
    tab, _mark, filters = query.partition("?")
    if tab not in TABS:
        raise Http404
    try:
        view = save_view(
            request.POST.get("name", ""), f"{tab}?{QueryDict(filters).urlencode()}", actor=actor_of(request)
        )
    except ViewRefused as why:
        messages.error(request, str(REFUSALS[str(why)]))
    else:
        messages.success(request, _("已保存视图“%(name)s”。") % {"name": view.name})
    return HttpResponseRedirect(tab_href(tab, filters))


@needs(Permission.CASE_READ)
@require_POST
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a saved view."""
    try:
        remove_view(view_id, actor=actor_of(request))
    except SavedView.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("已删除这个视图。案件都还在。"))
    return HttpResponseRedirect(tab_href("mine"))
