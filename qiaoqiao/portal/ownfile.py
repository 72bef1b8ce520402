"""Pages of one's own file: found for whoever proved it; for everybody else there is the door, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.once import Asked
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties.models import File
from qiaoqiao.parties.queries import OPEN_FILES, visible_file
from qiaoqiao.portal.ownership import form_token
from qiaoqiao.ui.entryforms import plain
from qiaoqiao.ui.language import language_of, zone_of
from qiaoqiao.ui.places import name_of

Rest = ParamSpec("Rest")
PREFIX = "QF"
NOT_TYPED = {"csrfmiddlewaretoken", "once"}
MOST_TYPED = 2000


@dataclass(frozen=True)
class MyFile:
    """The person's own file, as one page needs it."""

    file: File
    actor: Actor
    language: str
    zone: str
    at: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @property
    def frozen(self) -> bool:
        return self.file.state == "frozen"

    def address(self, name: str = "portal_file", *rest: object) -> str:
        return reverse(name, args=[self.file.number, *rest])

    def frame(self) -> dict[str, object]:
        """What every page about the file shows around its own matter."""
        return {
            "file": self.file,
            "home": self.address(),
            "frozen": self.frozen,
            "keeper": self.file.office,
            "keeper_name": name_of(self.file.office.names, self.language),
            "zone": self.zone,
        }


def own_file(
    view: Callable[Concatenate[HttpRequest, MyFile, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, Rest], HttpResponse]:
    """Give a view the file of its address, if this browser proved it; it stands below `needs(OWN_FILE)`."""

    @wraps(view)
    def found(request: HttpRequest, number: str, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        at = timezone.now()
        actor: Actor = request.actor  # type: ignore[attr-defined]
        try:
            file = visible_file(tidy_reference(number, prefix=PREFIX), actor, on=timezone.localdate(at))
        except File.DoesNotExist:
            return not_proved(request, number)
        if file.state not in OPEN_FILES:
            return not_proved(request, number)
        mine = MyFile(file, actor, language_of(request), zone_of(request) or "Asia/Shanghai", at)
        return view(request, mine, *args, **kwargs)

    return found  # type: ignore[return-value]  # wraps() hides the view's own type


def not_proved(request: HttpRequest, number: str) -> HttpResponse:
    """Answer 404 alike for a file that is not there, erased, or not proved; what was typed stands there to copy.

    It is not kept: what somebody writes about their file is nowhere but in their browser until it is sent.
    """
    typed = [plain(str(value))[:MOST_TYPED] for name, value in request.POST.items() if name not in NOT_TYPED]
    context = {
        "number": tidy_reference(number, prefix=PREFIX),
        "typed": [value for value in typed if len(value.strip()) > 1],
        "files": bool(request.FILES),
    }
    return render(request, "portal/file/not_proved.html", context, status=404)


def sent_once(request: HttpRequest, mine: MyFile, what: str, body: str) -> Asked:
    """What makes a form that is sent twice the same one: its token and all that was said in it."""
    return Asked(None, f"{mine.file.pk}:{form_token(request)}:{what}", f"{request.path}\n{body}".encode())
