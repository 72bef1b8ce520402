"""A person's file: what for is said first, then all of it on one page."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Post
from qiaoqiao.access.queries import CASE_ROLES, posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.throttle import allowed
from qiaoqiao.casework.journeys import cases_of
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_case
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties import wording
from qiaoqiao.parties.actions.breaking_glass import SHORTEST_REASON, ReasonTooShort, open_by_reason
from qiaoqiao.parties.actions.files import opened
from qiaoqiao.parties.models import File
from qiaoqiao.parties.queries import visible_file
from qiaoqiao.parties.reading import opened_lately, whole
from qiaoqiao.parties.reviewing import merges_of
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of, typed
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.personpage import shown

PREFIX = "QF"
OFFERED = ("handling", "visit", "review", "linking", "request", "other")
LONGEST_REASON = 400
SHORTEST_OTHER = 5
REASONS_A_DAY = 20


def tidy_number(number: str) -> str:
    """A file's number as it is printed; what cannot be one stands as it came, cut short."""
    return tidy_reference(number, prefix=PREFIX) or number[:16]


def posts_here(request: HttpRequest) -> list[Post]:
    rows = posts_of(actor_of(request).account_id or 0, on=timezone.localdate())
    return list(rows.filter(role__in=CASE_ROLES).order_by("pk"))


def office_for(posts: list[Post], file: File) -> str:
    """The code of the office for which somebody acts at a file: the keeping one if it is theirs, else their first."""
    codes = [post.office.code for post in posts]
    return file.office.code if file.office.code in codes else next(iter(codes), "")


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, number: str) -> HttpResponse:
    """The file's page; before it, a page that asks what it is opened for, or, elsewhere's files, why."""
    actor, at = actor_of(request), timezone.now()
    posts = posts_here(request)
    try:
        file = visible_file(tidy_number(number), actor, on=timezone.localdate(at))
    except File.DoesNotExist:
        return by_reason(request, tidy_number(number), posts)
    if request.method == "POST":
        return by_purpose(request, file, posts)
    if not opened_lately(file.pk, actor, at=at) and not from_case(request, file, posts):
        return purpose_page(request, file, posts)
    return file_page(request, file, posts)


def from_case(request: HttpRequest, file: File, posts: list[Post]) -> bool:
    """Whether the reader comes from a case of this person that is theirs to see: then it is opened for that."""
    reference = tidy_reference(request.GET.get("case", ""))
    if not reference:
        return False
    actor, at = actor_of(request), timezone.now()
    try:
        case = visible_case(reference, actor, on=timezone.localdate(at))
    except Case.DoesNotExist:
        return False
    if case.person.file_id != file.pk:
        return False
    opened(file.pk, purpose="handling", actor=actor, at=at, office=office_for(posts, file), reason=reference)
    return True


def file_page(request: HttpRequest, file: File, posts: list[Post]) -> HttpResponse:
    language, today = language_of(request), timezone.localdate()
    held = whole(file, on=today)
    cases = cases_of(file.pk, actor_of(request), on=today)
    context = shown(held, cases, language=language, today=today)
    if file.state == "frozen":
        kept = {name: context[name] for name in ("file", "changes")}
        return show(request, "workbench/people/frozen.html", posts=posts, **kept)
    merges = merges_of(file)
    return show(request, "workbench/people/page.html", posts=posts, merges=merges, **context)


@dataclass(frozen=True)
class Purpose:
    """One answer to what a file is opened for."""

    token: str
    words: str
    chosen: bool


def by_purpose(request: HttpRequest, file: File, posts: list[Post]) -> HttpResponse:
    """Record what the file is opened for, then open it."""
    purpose, reason = request.POST.get("purpose", ""), typed(request, "reason", LONGEST_REASON + 1).strip()
    faults: dict[str, str] = {}
    if purpose not in OFFERED:
        faults["purpose"] = _("请选择打开这份档案做什么。")
    elif purpose == "other" and len(reason) < SHORTEST_OTHER:
        faults["reason"] = _("请写明理由，让本人看得懂。")
    elif len(reason) > LONGEST_REASON:
        faults["reason"] = _("理由最多 %(most)d 个字。") % {"most": LONGEST_REASON}
    if faults:
        return purpose_page(request, file, posts, faults)
    opened(
        file.pk,
        purpose=purpose,
        actor=actor_of(request),
        at=timezone.now(),
        office=office_for(posts, file),
        reason=reason,
    )
    return HttpResponseRedirect(f"/staff/people/{file.number}/")


def purpose_page(
    request: HttpRequest, file: File, posts: list[Post], faults: dict[str, str] | None = None
) -> HttpResponse:
    chosen = request.POST.get("purpose", "")
    words = wording.PURPOSES_OF_READING
    return show(
        request,
        "workbench/people/purpose.html",
        posts=posts,
        status=422 if faults else 200,
        number=file.number,
        purposes=[Purpose(token, str(words[token]), token == chosen) for token in OFFERED],
        reason=typed(request, "reason", LONGEST_REASON),
        faults=faults or {},
        errors=[(f"#{name}", said) for name, said in (faults or {}).items()],
    )


def by_reason(request: HttpRequest, number: str, posts: list[Post]) -> HttpResponse:
    """The same page for a file of another office and for one that is not there: a reason is asked first.

    Only a reason, which is recorded and told to the keeping office, finds out which of the two it is.
    """
    if request.method != "POST":
        return reason_page(request, number, posts)
    reason = typed(request, "reason", LONGEST_REASON + 1)
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        fault = _("请写明理由，至少 %(least)d 个字，让本人和保管单位都看得懂。") % {"least": SHORTEST_REASON}
        return reason_page(request, number, posts, fault)
    actor, at = actor_of(request), timezone.now()
    key = f"people:by_reason:{actor.account_id}"
    if not allowed(key, most=REASONS_A_DAY, within=timedelta(days=1), at=at):
        return reason_page(request, number, posts, _("今天已经写过太多次理由，请明天再试。"), status=429)
    wanted = request.POST.get("office", "")
    post = next((one for one in posts if str(one.office_id) == wanted), posts[0])
    try:
        file = open_by_reason(number, reason=reason[:LONGEST_REASON], office=post.office, actor=actor, at=at)
    except ReasonTooShort:
        return reason_page(request, number, posts, _("请把理由写完整。"))
    except File.DoesNotExist:
        return reason_page(request, number, posts, _("没有这个编号的档案。请核对编号。"))
    return HttpResponseRedirect(f"/staff/people/{file.number}/")


def reason_page(
    request: HttpRequest, number: str, posts: list[Post], fault: str = "", *, status: int = 404
) -> HttpResponse:
    language = language_of(request)
    offices = {str(post.office_id): name_of(post.office.names, language) for post in posts}
    return show(
        request,
        "workbench/people/reason.html",
        posts=posts,
        status=status,
        number=number,
        reason=typed(request, "reason", LONGEST_REASON),
        fault=fault,
        errors=[("#reason", fault)] if fault else [],
        offices=offices,
        least=SHORTEST_REASON,
    )
