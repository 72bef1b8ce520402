"""Beginning a file at the counter; whoever has one already is shown first."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office, Post
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_case
from qiaoqiao.casework.reading import carried_out
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties.actions.files import make_file
from qiaoqiao.parties.listing import alike
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import TOKEN, actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.people import PersonLine, communities, line_of
from qiaoqiao.workbench.person import posts_here
from qiaoqiao.workbench.personform import PersonForm

FIRST_HALF = (
    "name",
    "latin_name",
    "other_name",
    "sex",
    "born",
    "country",
    "standing",
    "origin",
    "return_year",
)
"""Who it is; the other half of the form says how they are found."""


@dataclass(frozen=True)
class Alike:
    """A file that may be the person's."""

    line: PersonLine
    born: str
    same_number: bool

    @property
    def href(self) -> str:
        return f"/staff/people/{self.line.number}/"


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; sent, it shows files that may be the same person before it begins another."""
    posts = posts_here(request)
    form = form_of(request, posts)
    if request.method != "POST" or not form.is_valid():
        return page(request, form, posts, [])
    asked = asked_once(request, "person")
    sure = "sure" in request.POST or (asked is not None and carried_out(asked))
    found = [] if sure else alike_files(request, form)
    if found:
        return page(request, form, posts, found)
    try:
        answer = once(asked, lambda: begun(request, form, posts), at=timezone.now())
    except KeyReused:
        form.add_error(None, _("这一页已经建立过一份档案。如果这是另一个人，请核对后再按一次。"))
        return page(request, form, posts, [])
    messages.success(request, _("已建立档案。请把编号告诉本人，以后凭它查看自己的档案。"))
    case = case_of(request)
    return redirect("staff_case_person", case.reference) if case else redirect("staff_person", answer["file"])


def case_of(request: HttpRequest) -> Case | None:
    """The case whose applicant is to get a file, when the officer comes from there and may see it."""
    reference = tidy_reference(request.POST.get("case", "") or request.GET.get("case", ""))
    if not reference:
        return None
    try:
        return visible_case(reference, actor_of(request), on=timezone.localdate())
    except Case.DoesNotExist:
        return None


def known_of(case: Case | None) -> dict[str, str]:
    """What the applicant of a case has said already."""
    if case is None:
        return {}
    person = case.person
    return {name: getattr(person, name) for name in ("name", "latin_name", "phone", "country")}


def form_of(request: HttpRequest, posts: list[Post]) -> PersonForm:
    language = language_of(request)
    offices = {str(post.office_id): name_of(post.office.names, language) for post in posts}
    return PersonForm(
        request.POST if request.method == "POST" else None,
        language=language,
        today=timezone.localdate(),
        offices=list(offices.items()),
        places=communities([post.office for post in posts], language),
        known=known_of(case_of(request)) if request.method != "POST" else {},
    )


def alike_files(request: HttpRequest, form: PersonForm) -> list[Alike]:
    language, today = language_of(request), timezone.localdate()
    names = [form.said(name) for name in ("name", "latin_name", "other_name")]
    found = alike(names=names, number=form.said("number"), actor=actor_of(request), on=today)
    return [Alike(line_of(file, language=language, today=today), file.born, same) for file, same in found]


def begun(request: HttpRequest, form: PersonForm, posts: list[Post]) -> Answer:
    office = office_of(form, posts)
    file = make_file(
        *form.facts(),
        office=office,
        place=form.place_of(),
        sex=form.said("sex"),
        born=form.said("born"),
        origin=form.said("origin"),
        return_year=form.cleaned_data["return_year"],
        country=form.said("country"),
        actor=actor_of(request),
        at=timezone.now(),
    )
    return {"file": file.number}


def office_of(form: PersonForm, posts: list[Post]) -> Office:
    """The office that will keep the file: the one chosen, else the first."""
    return next(
        (post.office for post in posts if str(post.office_id) == form.said("office")), posts[0].office
    )


def page(request: HttpRequest, form: PersonForm, posts: list[Post], found: list[Alike]) -> HttpResponse:
    token = request.POST.get(TOKEN, "")[:40] if found else new_token()
    return show(
        request,
        "workbench/people/new.html",
        posts=posts,
        status=422 if form.errors else 200,
        form=form,
        first=FIRST_HALF,
        found=found,
        token=token or new_token(),
        case=case_of(request),
    )
