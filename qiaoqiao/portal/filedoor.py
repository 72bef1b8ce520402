"""The door to one's own file: from one's own case, or by its number and a code to a contact that is in it."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import PROVED, needs, proved, remember_proof
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting, person
from qiaoqiao.ledger.models import Fact
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties.actions import proving
from qiaoqiao.parties.models import File
from qiaoqiao.parties.queries import OPEN_FILES, visible_files
from qiaoqiao.portal.ownership import TYPED, Mine, own_case, see
from qiaoqiao.portal.ownfile import PREFIX
from qiaoqiao.portal.tracking import PER, TRIES, CodeForm, evenly, judged, may_send
from qiaoqiao.ui.entryforms import JudgedForm
from qiaoqiao.ui.language import language_of

MADE_SURE = ("paper", "known", "asked")
"""Ways of `linking_cases.CHECKED_BY` in which an officer met or spoke to the person."""


class NumberForm(JudgedForm):
    """The number of a file."""

    def __init__(self, typed: str, faults: dict[str, str] | None = None) -> None:
        super().__init__({"number": typed}, faults)
        look = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        self.fields["number"] = forms.CharField(
            label=_("档案编号"),
            help_text=_("像 QF26-7K3M-9PA，工作人员可以告诉您。大小写、横线和空格都没关系。"),
            max_length=40,
            widget=forms.TextInput(look),
        )


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Ask for the file's number, and send a code to the contacts that are in it."""
    request.personal = True  # type: ignore[attr-defined]
    if request.method == "GET":
        typed = request.GET.get("number", "")[:40]
        return _door_page(request, NumberForm(tidy_reference(typed, prefix=PREFIX) or typed))
    typed = request.POST.get("number", "")[:40]
    number = tidy_reference(typed, prefix=PREFIX)
    if not number:
        return _door_page(request, NumberForm(typed, {"number": number_words(typed)}), status=422)
    at = timezone.now()
    with evenly():
        sent = may_send(request, number, at) and _send(number, language_of(request), at)
    if not sent:
        page = render(request, "portal/file/too_often.html", {"number": number}, status=429)
        page.headers["Retry-After"] = str(int(PER.total_seconds()))
        return page
    request.session[TRIES] = {}
    return see(_code_address(number))


def number_words(typed: str) -> str:
    """What is wrong with a number, without asking whether any such file exists."""
    letters = "".join(one for one in typed.upper() if one.isascii() and one.isalnum())
    if not letters:
        return _("请填写档案编号。")
    if letters.startswith("QQ"):
        return _("这是一件申请的编号。请到“查进度”里用它；归进档案的，那里能打开。")
    if len(letters) == 11 and letters.startswith(PREFIX):
        return _("编号好像抄错了一个字。后七位里没有数字 0、1、2、5，也没有字母 B、I、L、O、S、Z。")
    return _("编号不完整。完整的档案编号像 QF26-7K3M-9PA。")


def _door_page(request: HttpRequest, form: NumberForm, *, status: int = 200) -> HttpResponse:
    return render(
        request, "portal/file/door.html", {"form": form, "open": _open_ones(request)}, status=status
    )


def _open_ones(request: HttpRequest) -> list[str]:
    """Numbers of the files that this browser proved in the last two hours."""
    at = timezone.now()
    epoch = int(at.timestamp())
    known = proved(request, epoch=epoch)
    if not known:
        return []
    actor = person(*known)
    with acting(actor, epoch=epoch):
        seen = visible_files(actor, on=timezone.localdate(at)).filter(state__in=OPEN_FILES)
        return list(seen.order_by("number").values_list("number", flat=True))


def _send(number: str, language: str, at: datetime) -> bool:
    with acting(SYSTEM, epoch=int(at.timestamp())):
        file = file_numbered(number)
        if file is not None:
            proving.ask(file.pk, language=language, actor=PUBLIC, at=at)
    return True


def file_numbered(number: str) -> File | None:
    """The open file of a number; for a number that was merged, the file it lives on in."""
    file = File.objects.select_related("merged_into").filter(number=number).first()
    while file is not None and file.merged_into is not None:
        file = file.merged_into
    return file if file is not None and file.state in OPEN_FILES else None


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code; a right one opens the file in this browser for two hours."""
    request.personal = True  # type: ignore[attr-defined]
    typed = request.POST.get("number") or request.GET.get("number", "")
    number = tidy_reference(typed[:40], prefix=PREFIX)
    if not number:
        return see(reverse("portal_file_door"))
    if request.method == "GET":
        return _code_page(request, number, CodeForm())
    at = timezone.now()
    with evenly():
        file, fault = _prove(request, number, at)
    if file is None:
        return _code_page(request, number, CodeForm({"code": fault}), status=422)
    request.session.pop(TRIES, None)
    remember_proof(request, file.pk, epoch=int(at.timestamp()))
    return see(reverse("portal_file", args=[file.number]))


def _prove(request: HttpRequest, number: str, at: datetime) -> tuple[File | None, str]:
    """The file that the code opens, or what to tell the person."""

    def opened(digits: str) -> File:
        file = file_numbered(number)
        if file is None:
            raise proving.CodeWrong
        proving.prove(file.pk, digits, at=at)
        return file

    return judged(request, number, opened, at)


def _code_page(request: HttpRequest, number: str, form: CodeForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "number": number, "demo": settings.DEMO}
    return render(request, "portal/file/code.html", context, status=status)


def _code_address(number: str) -> str:
    return f"{reverse('portal_file_code')}?{urlencode({'number': number})}"


@needs(Permission.OWN_CASE)
@own_case
@require_POST
def from_case(request: HttpRequest, mine: Mine) -> HttpResponse:
    """Open one's file from one's own case: the proof of the case proves the file its applicant was known by."""
    file = file_of_case(mine)
    if file is None:
        raise Http404
    remember_proof(request, file.pk, epoch=int(mine.at.timestamp()))
    return see(reverse("portal_file", args=[file.number]))


def file_of_case(mine: Mine) -> File | None:
    """The open file that the proof of a case opens as well; None where it does not.

    Not where a helper reads the case's letters, who is not the person. And only where an officer made sure
    face to face or by voice: whoever knows somebody's identity number could file with an address of their own.
    """
    linked = mine.case.person.file_id
    if linked is None or mine.case.mandate_id is not None:
        return None
    with acting(SYSTEM, epoch=int(mine.at.timestamp())):
        number = File.objects.values_list("number", flat=True).get(pk=linked)
        file = file_numbered(number)
        return file if file is not None and _made_sure(file, mine.case.reference) else None


def _made_sure(file: File, reference: str) -> bool:
    """How the officer who linked the case to the file, or to one merged into it, knew the applicant."""
    subjects = [file.pk, *File.objects.filter(merged_into=file).values_list("pk", flat=True)]
    links = Fact.objects.filter(subject__in=subjects, entry__kind="file.case_linked", facts__case=reference)
    how = links.order_by("-entry__at").values_list("facts__how", flat=True).first()
    return how in MADE_SURE


@needs(Permission.PUBLIC)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget in this browser every file and case that it proved: for a device that others use too."""
    for name in (PROVED, TYPED, TRIES):
        request.session.pop(name, None)
    return see(reverse("portal_file_door"))
