"""Calling on people: the form at the door, sent until it is answered; and confirming that a file is right."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office, Post
from qiaoqiao.access.queries import CASE_ROLES, posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.visiting import (
    SentDifferently,
    VisitRefused,
    check_file,
    open_door,
    record_visits,
)
from qiaoqiao.parties.models import File, Visit
from qiaoqiao.parties.queries import visible_file
from qiaoqiao.parties.residents import files_named, household_of, residents
from qiaoqiao.workbench.desk import TOKEN, actor_of, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.visitform import (
    REVIEWS,
    Sheet,
    fresh_sheet,
    in_months,
    need_words,
    sent_sheet,
    who_words,
)

KEPT_DAYS = 7
"""How long a phone keeps what was not sent; ui/visit.js forgets it then."""


def person_href(number: str) -> str:
    """The address of a person's file."""
    return f"/staff/people/{number}/"


def file_of(request: HttpRequest, number: str) -> File:
    """The file with a number; a stranger gets 404, as for one that does not exist."""
    try:
        return visible_file(number[:16].upper(), actor_of(request), on=timezone.localdate())
    except File.DoesNotExist:
        raise Http404 from None


def my_posts(request: HttpRequest) -> list[Post]:
    """The posts in which the reader works with people's files."""
    posts = posts_of(actor_of(request).account_id or 0, on=timezone.localdate())
    return list(posts.filter(role__in=CASE_ROLES))


def my_office(posts: Sequence[Post], file: File) -> Office:
    """The office for which the reader acts on a file: its keeper where they work there, else their own."""
    return next((post.office for post in posts if post.office_id == file.office_id), posts[0].office)


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a call on a household; opening it is recorded as opening the files for a visit."""
    file, posts = file_of(request, number), my_posts(request)
    at, today = timezone.now(), timezone.localdate()
    office = my_office(posts, file)
    if request.method == "POST":
        return take(request, file, posts, office)
    if file.merged_into is not None:
        return HttpResponseRedirect(f"{person_href(file.merged_into.number)}visit/")
    household = household_of(file, actor_of(request), on=today)
    if file.state == "active":
        open_door([one.pk for one in household], actor=actor_of(request), at=at, office=office.code)
    sheet = fresh_sheet(residents(household, on=today), at=at)
    return sheet_page(request, file, posts, sheet, key=new_token())


def take(request: HttpRequest, file: File, posts: list[Post], office: Office) -> HttpResponse:
    """Keep the form once; whatever hinders it is said, and everything typed comes back."""
    at, today = timezone.now(), timezone.localdate()
    numbers = list(dict.fromkeys([file.number, *request.POST.getlist("person")]))
    named = files_named(numbers, actor_of(request), on=today)
    known = [(one, named[one]) for one in numbers if one in named]
    people = residents([one for _number, one in known], on=today)
    sheet = sent_sheet([(one, who) for (one, _file), who in zip(known, people, strict=True)], request.POST)
    key, trouble, status = request.POST.get(TOKEN, "")[:40], "", 422
    if sheet.valid:
        try:
            call = sheet.round(key, office)
            rows = record_visits(call, sheet.heard(), actor=actor_of(request), at=at)
        except VisitRefused as refused:
            trouble = sheet.take(refused.faults)
        except SentDifferently as before:
            key, trouble, status = new_token(), _sent_before(before), 409
        except FileClosed:
            trouble, status = (
                _("这份档案已经冻结、合并或删除，现在不能登记。写的都还在，请先问档案的保管单位。"),
                409,
            )
        else:
            return kept(request, key, file, rows)
    return sheet_page(request, file, posts, sheet, key=key or new_token(), trouble=trouble, status=status)


def _sent_before(before: SentDifferently) -> str:
    at = timezone.localtime(before.visits[0].visited_at)
    return _(
        "%(day)s 的这次走访刚才已经存好，现在送来的内容和那时不一样，还没有存。"
        "如果是补充，请再按一次“送出”，它会存成另一次走访；不要的话，离开这一页就行。"
    ) % {"day": at.strftime("%Y-%m-%d %H:%M")}


def kept(request: HttpRequest, key: str, file: File, rows: Sequence[Visit]) -> HttpResponse:
    """Acknowledge: to the page's script in so many words, to a browser without one by going on."""
    href = person_href((file.merged_into or file).number)
    said = ngettext("已存好 %(count)d 个人的走访。", "已存好 %(count)d 个人的走访。", len(rows)) % {
        "count": len(rows)
    }
    messages.success(request, said)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"kept": key, "visits": [str(row.pk) for row in rows], "href": href})
    return HttpResponseRedirect(href)


def sheet_page(
    request: HttpRequest,
    file: File,
    posts: list[Post],
    sheet: Sheet,
    *,
    key: str,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "file": file,
        "href": person_href(file.number),
        "household": file.household,
        "sheet": sheet,
        "errors": sheet.errors,
        "key": key,
        "trouble": trouble,
        "days": KEPT_DAYS,
        "bound": sheet.call.is_bound,
    }
    template = "workbench/keeping_current/visit.html"
    return show(request, template, posts=posts, status=status, **context)


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm that a file is right as it stands; the page shows what that is."""
    file, posts = file_of(request, number), my_posts(request)
    at, today = timezone.now(), timezone.localdate()
    office = my_office(posts, file)
    trouble = ""
    if request.method == "POST":
        months = request.POST.get("review", "")
        try:
            review_on = in_months(today, int(months)) if months in REVIEWS else today
            check_file(file.pk, review_on=review_on, actor=actor_of(request), at=at, office=office.code)
        except VisitRefused:
            trouble = _("请选择下次什么时候核对。")
        except FileClosed:
            trouble = _("这份档案已经冻结、合并或删除，不能登记核对。")
        else:
            messages.success(request, _("已登记：核对过，没有变化。"))
            return HttpResponseRedirect(person_href(file.number))
    elif file.state == "active":
        open_door([file.pk], actor=actor_of(request), at=at, office=office.code)
    one = residents([file], on=today)[0]
    context: dict[str, Any] = {
        "file": file,
        "href": person_href(file.number),
        "one": one,
        "who": who_words(one),
        "needs": [need_words(need) for need in one.needs],
        "reviews": REVIEWS,
        "trouble": trouble,
    }
    template = "workbench/keeping_current/check.html"
    return show(request, template, posts=posts, status=422 if trouble else 200, **context)
