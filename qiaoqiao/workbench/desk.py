"""What every view of a case needs: the case as this officer may see it, and a form sent only once."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest
from django.utils import timezone

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.once import Asked
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.reading import CaseFile, case_file
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.workbench.words import GREEN

TOKEN = "once"


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, as `needs` found out."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise TypeError("the route declares no permission")
    return actor


def read_case(request: HttpRequest, reference: str) -> CaseFile:
    """The case with all that belongs to it; a stranger gets 404, as for one that does not exist."""
    try:
        return case_file(
            tidy_reference(reference) or reference[:16], actor_of(request), on=timezone.localdate()
        )
    except Case.DoesNotExist:
        raise Http404 from None


def new_token() -> str:
    """What a form carries so that sending it twice is sending it once."""
    return uuid4().hex


def asked_once(request: HttpRequest, what: str) -> Asked | None:
    """The form as it was sent, to be done once; None when it carries no token."""
    token = request.POST.get(TOKEN, "")[:40]
    return Asked(None, f"{what}:{actor_of(request).account_id}:{token}", said(request)) if token else None


def said(request: HttpRequest) -> bytes:
    """All that was sent, in one written form, but for what guards the sending itself."""
    kept = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return repr((actor_of(request).account_id, kept)).encode("utf-8", "backslashreplace")


def typed(request: HttpRequest, name: str, most: int) -> str:
    """One answer as it was typed, cut where nobody types any more."""
    return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:most]


def page(file: CaseFile, **more: object) -> dict[str, Any]:
    """The context of every page of a case."""
    green = " · ".join(str(GREEN[one]) for one in file.green())
    return {"file": file, "case": file.case, "posts": list(file.posts), "green": green, **more}
