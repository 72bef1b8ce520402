"""What stands around every staff page: who is signed in, for which office, in which role."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from qiaoqiao.access.models import Account, Post
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import Permission, PostRole, grants
from qiaoqiao.catalogue.entry import words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.words import ROLES


@dataclass(frozen=True)
class Me:
    """The account on the page, in words."""

    name: str
    offices: tuple[str, ...]
    role: str
    figures: bool
    intake: bool
    cases: bool
    people: bool
    links: bool
    organises: bool
    keeps: bool


def me(account: Account, posts: list[Post], language: str) -> Me:
    """Put an account's posts in words; the role is the highest it holds."""
    roles = {PostRole(post.role) for post in posts}
    highest = next((role for role in ("head", "handler", "clerk", "keeper") if role in roles), "")
    return Me(
        name=account.name,
        offices=tuple(dict.fromkeys(words(post.office.names, language) for post in posts)),
        role=str(ROLES[highest]) if highest else "",
        figures=grants(roles, Permission.FIGURES),
        intake=grants(roles, Permission.INTAKE),
        cases=grants(roles, Permission.CASE_ACT),
        people=grants(roles, Permission.PEOPLE),
        links=grants(roles, Permission.LINK),
        organises=grants(roles, Permission.ORGANISE),
        keeps=grants(roles, Permission.KEEP),
    )


def show(
    request: HttpRequest,
    template: str,
    *,
    posts: list[Post] | None = None,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    """Render a staff page with its frame. A view that has read the posts already gives them along."""
    account = request.user
    if not isinstance(account, Account):
        raise TypeError("a staff page needs a signed-in account")
    if posts is None:
        posts = list(posts_of(account.pk, on=timezone.localdate()))
    return render(
        request, template, context | {"me": me(account, posts, language_of(request))}, status=status
    )
