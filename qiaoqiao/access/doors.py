"""What every route declares: the permission it needs, and the ticket under which it then runs."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from qiaoqiao.access.links import read_link
from qiaoqiao.access.models import Account, Post
from qiaoqiao.access.rules import Permission, PostRole, grants
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, Actor, acting, person, staff

Rest = ParamSpec("Rest")
One = TypeVar("One")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
PROVED = "proved_cases"
PROOF_SECONDS = 2 * 3600


def by_system() -> AbstractContextManager[None]:
    """The system's ticket of this very second: for jobs, one for each row or batch, since it lives a minute.

    A job's own timestamp is when it was due; a worker that comes late would see nothing by it.
    """
    return acting(SYSTEM, epoch=int(timezone.now().timestamp()))


def each_by_system(found: Iterable[One], step: Callable[[One], int]) -> int:
    """Take a step for everything found, each under a ticket of its own; the sum of what the steps return."""
    with by_system():
        batch = list(found)
    done = 0
    for one in batch:
        with by_system():
            done += step(one)
    return done


def proved(request: HttpRequest, *, epoch: int) -> tuple[UUID, ...]:
    """The cases and files this browser proved by a one-time code (or filed) within the last two hours."""
    held: dict[str, int] = request.session.get(PROVED, {})
    return tuple(UUID(case) for case, until in held.items() if until > epoch)


def remember_proof(request: HttpRequest, case_id: UUID, *, epoch: int) -> None:
    """Let this browser reach a case for two hours; the session gets a new key."""
    held = {case: until for case, until in request.session.get(PROVED, {}).items() if until > epoch}
    request.session.cycle_key()
    request.session[PROVED] = held | {str(case_id): epoch + PROOF_SECONDS}


def actor_of(request: HttpRequest, permission: Permission, *, epoch: int) -> Actor | None:
    """Who is asking, as this permission sees them; None when they must sign in first.

    Raises PermissionDenied for a signed-in account whose posts do not carry the permission.
    """
    if permission in {Permission.PUBLIC, Permission.DEMO}:
        return PUBLIC
    if permission in {Permission.OWN_CASE, Permission.OWN_FILE}:
        return person(*proved(request, epoch=epoch))
    account = request.user
    if not isinstance(account, Account):
        return None
    today = timezone.localdate()
    roles = {
        PostRole(post.role)
        for post in Post.objects.filter(account=account, since__lte=today)
        if post.until is None or post.until >= today
    }
    if not grants(roles, permission):
        raise PermissionDenied
    return staff(account.pk)


def holder(request: HttpRequest, purpose: str, token: str, *, epoch: int) -> Actor:
    """The person who came by a signed link, and what it was made for as `request.held`. Raises Http404."""
    thing = read_link(purpose, token, epoch=epoch)
    if thing is None:
        raise Http404
    request.held = thing  # type: ignore[attr-defined]
    return person(thing)


def needs(permission: Permission, purpose: str = "") -> Callable[[View[Rest]], View[Rest]]:
    """Declare what a route needs; the view then runs as `request.actor`, known to PostgreSQL.

    `Permission.HOLDER` needs the `purpose` of the links it takes and a `token` in the address; the actor is a
    person who reaches that one thing, `request.held`. A token that does not hold is a page that does not exist.
    """

    def wrap(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            epoch = int(timezone.now().timestamp())
            if permission is Permission.HOLDER:
                actor: Actor | None = holder(request, purpose, str(kwargs.get("token", "")), epoch=epoch)
            else:
                actor = actor_of(request, permission, epoch=epoch)
            if actor is None:
                return redirect_to_login(request.get_full_path())
            if permission not in {Permission.PUBLIC, Permission.DEMO}:
                request.personal = True  # type: ignore[attr-defined]
            request.actor = actor  # type: ignore[attr-defined]
            with acting(actor, epoch=epoch):
                return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]  # wraps() hides the view's own type

    return wrap
