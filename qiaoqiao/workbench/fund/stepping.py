"""One form, one action: how every step of the fund is shown, sent once, and refused in words beside the form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.casework.rules import AnswerMissing, MoveRefused
from qiaoqiao.gateways.uploads import UploadRefused
from qiaoqiao.services.relief.actions.grounds import Refused
from qiaoqiao.services.relief.wording import refusal_words
from qiaoqiao.ui.faults import upload_words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.fund.fields import About, FundForm

Performs = Callable[[Any, Actor, datetime], object]
"""Takes the valid form, who acts and when; may return a row, to which `Sheet.onward` then leads."""


@dataclass(frozen=True)
class Step:
    """A step somebody may take: its words, its form, what it does."""

    title: str | Promise
    form: type[FundForm]
    done: str | Promise
    perform: Performs
    note: str | Promise = ""
    warns: bool = False


@dataclass
class Sheet:
    """A step about a row: where one came from, where one goes on, what stands above the form."""

    step: Step
    name: str
    office: Office
    back: str
    back_words: str
    row: Any = None
    caption: str = ""
    onward: Callable[[str], str] | None = None


def take(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Show a step's form, or take it; whatever hinders it is said, and everything typed comes back."""
    at = timezone.now()
    about = About(actor_of(request), sheet.office, language_of(request), timezone.localdate(at), sheet.row)
    posted = request.method == "POST"
    form = sheet.step.form(request.POST if posted else None, request.FILES if posted else None, about=about)
    if posted and form.is_valid():
        answer = _done(request, sheet, form, about.actor, at)
        if answer is not None:
            messages.success(request, str(sheet.step.done))
            row = str(answer.get("row", ""))
            return HttpResponseRedirect(sheet.onward(row) if sheet.onward and row else sheet.back)
    return show(
        request,
        "workbench/fund/step.html",
        form=form,
        sheet=sheet,
        token=new_token(),
        status=422 if posted else 200,
    )


def _done(request: HttpRequest, sheet: Sheet, form: FundForm, actor: Actor, at: datetime) -> Answer | None:
    def perform() -> Answer:
        made = sheet.step.perform(form, actor, at)
        return {"row": str(getattr(made, "pk", "") or "")}

    try:
        return once(asked_once(request, f"fund:{sheet.name}"), perform, at=at)
    except Refused as why:
        form.add_error(None, refusal_words(why))
    except UploadRefused as why:
        form.add_error("paper", upload_words(why))
    except KeyReused:
        form.add_error(None, _("这一页已经送出过，内容不一样。请核对后再按一次。"))
    except (MoveRefused, AnswerMissing):
        form.add_error(None, _("相关的办件现在不能走这一步，请先看办件。"))
    return None
