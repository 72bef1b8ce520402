"""Pages of one's own case: read once for the page; a stranger, or a proof run out, gets 404 and loses nothing."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.once import Asked
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.reading import CaseFile, case_file
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.ui.entryforms import plain
from qiaoqiao.ui.language import language_of, zone_of

Rest = ParamSpec("Rest")
TYPED = "typed_before"
ONCE = "once"
MOST_TYPED = 8000
NOT_TYPED = {"csrfmiddlewaretoken", ONCE, "kept", "anyway"}
FORM_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,40}")


@dataclass(frozen=True)
class Mine:
    """The person's own case with everything about it, as one page needs it."""

    file: CaseFile
    actor: Actor
    language: str
    zone: str
    at: datetime

    @property
    def case(self) -> Case:
        return self.file.case

    @property
    def entry(self) -> Entry:
        return self.file.entry

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    def address(self, name: str = "portal_case", *rest: object) -> str:
        return reverse(name, args=[self.case.reference, *rest])

    def frame(self) -> dict[str, object]:
        """What every page about the case shows around its own matter."""
        return {
            "case": self.case,
            "service_name": words(self.entry.name, self.language),
            "home": self.address(),
            "zone": self.zone,
        }


def own_case(
    view: Callable[Concatenate[HttpRequest, Mine, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, Rest], HttpResponse]:
    """Give a view the case of its address, if this browser proved it; it stands below `needs(OWN_CASE)`."""

    @wraps(view)
    def found(request: HttpRequest, reference: str, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        at = timezone.now()
        actor: Actor = request.actor  # type: ignore[attr-defined]
        try:
            read = case_file(tidy_reference(reference), actor, on=timezone.localdate(at))
        except Case.DoesNotExist:
            return not_yours(request, reference)
        zone = zone_of(request) or read.case.person.timezone
        return view(request, Mine(read, actor, language_of(request), zone, at), *args, **kwargs)

    return found  # type: ignore[return-value]  # wraps() hides the view's own type


def not_yours(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer 404 alike for a case that is not there and one not proved; keep and show what was typed."""
    typed = _typed(request)
    if typed:
        request.session[TYPED] = {"path": request.path, "fields": typed}
    wanted = request.path if request.method == "POST" or not request.GET else request.get_full_path()
    context = {
        "reference": tidy_reference(reference),
        "next": wanted,
        "typed": [value for value in typed.values() if len(value) > 1],
        "files": bool(request.FILES),
    }
    return render(request, "portal/track/not_yours.html", context, status=404)


def _typed(request: HttpRequest) -> dict[str, str]:
    given = {
        name: plain(str(value))[:MOST_TYPED] for name, value in request.POST.items() if name not in NOT_TYPED
    }
    given = {name: value for name, value in given.items() if value.strip()}
    return given if sum(map(len, given.values())) <= 2 * MOST_TYPED else {}


def typed_before(request: HttpRequest) -> Mapping[str, str]:
    """What was typed on this page before the proof ran out; given back once."""
    kept = request.session.get(TYPED)
    if not kept or kept["path"] != request.path:
        return {}
    del request.session[TYPED]
    fields: dict[str, str] = kept["fields"]
    return fields


# --- sent once -------------------------------------------------------------------------------------


def form_token(request: HttpRequest, *, fresh: bool = False) -> str:
    """The token of a form: the one it came with, else (or if `fresh`) a new one."""
    sent = request.POST.get(ONCE, "")
    return sent if FORM_TOKEN.fullmatch(sent) and not fresh else secrets.token_urlsafe(16)


def asked_once(request: HttpRequest, mine: Mine, what: str, body: str) -> Asked:
    """What makes a form that is sent twice the same one: its token and all that was said in it."""
    return Asked(None, f"{mine.case.pk}:{form_token(request)}:{what}", f"{request.path}\n{body}".encode())


def see(address: str) -> HttpResponseRedirect:
    """Go and look at another page: the browser asks for it with GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
