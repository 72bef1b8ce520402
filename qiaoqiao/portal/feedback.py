"""What the person thinks of the answer: a rating in words, or that the matter is not solved."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions import talking
from qiaoqiao.casework.actions.once import KeyReused, once
from qiaoqiao.portal.ownership import Mine, asked_once, form_token, own_case, see, typed_before
from qiaoqiao.ui.entryforms import JudgedForm, plain
from qiaoqiao.ui.places import name_of

RATINGS: list[tuple[int, Promise]] = [
    (5, gettext_lazy("非常满意")),
    (4, gettext_lazy("满意")),
    (3, gettext_lazy("一般")),
    (2, gettext_lazy("不满意")),
    (1, gettext_lazy("很不满意")),
]
LONGEST_REMARK = 1000


class RatingForm(JudgedForm):
    """How it went, in words, and why."""

    def __init__(self, given: dict[str, object], faults: dict[str, str] | None = None) -> None:
        super().__init__(given, faults)
        self.fields["rating"] = forms.ChoiceField(
            label=_("这次办得怎么样？"),
            choices=[(str(number), said) for number, said in RATINGS],
            widget=forms.RadioSelect,
        )
        self.fields["remark"] = forms.CharField(
            label=_("想说的话"),
            help_text=_("最多 1000 字。单位和它的上级看得到。"),
            required=False,
            widget=forms.Textarea(),
        )


class ReasonForm(JudgedForm):
    """Why the matter is not solved."""

    def __init__(self, typed: str, faults: dict[str, str] | None = None) -> None:
        super().__init__({"reason": typed}, faults)
        self.fields["reason"] = forms.CharField(
            label=_("哪里还没有解决？"),
            help_text=_("请写明还差什么、您希望怎样。最多 5000 字。"),
            widget=forms.Textarea(),
        )


@needs(Permission.OWN_CASE)
@own_case
@require_http_methods(["GET", "POST"])
def rating(request: HttpRequest, mine: Mine) -> HttpResponse:
    """Rate an answer; it can be changed afterwards."""
    if mine.case.stage != "done":
        return _not_over(request, mine)
    if request.method == "GET":
        before = typed_before(request)
        given: dict[str, object] = {
            "rating": before.get("rating", mine.case.rating or ""),
            "remark": before.get("remark", ""),
        }
        return _rating_page(request, mine, RatingForm(given))
    sent = {"rating": request.POST.get("rating", ""), "remark": plain(request.POST.get("remark", ""))}
    faults = _rating_faults(sent)
    if faults:
        return _rating_page(request, mine, RatingForm(dict(sent), faults), status=422)

    def perform() -> dict[str, object]:
        talking.rate(mine.case.pk, int(sent["rating"]), remark=sent["remark"], actor=mine.actor, at=mine.at)
        return {"rated": True}

    try:
        once(asked_once(request, mine, "rating", f"{sent}"), perform, at=mine.at)
    except KeyReused:
        return see(mine.address("portal_case_rating"))
    messages.success(request, _("谢谢，您的评价已经记下。"))
    return see(mine.address())


def _rating_faults(sent: dict[str, str]) -> dict[str, str]:
    faults = {}
    if sent["rating"] not in {str(number) for number, _said in RATINGS}:
        faults["rating"] = _("请选一项，从“非常满意”到“很不满意”。")
    if len(sent["remark"]) > LONGEST_REMARK:
        faults["remark"] = _("最多 1000 字，请缩短一些。您写的都还在框里。")
    return faults


def _rating_page(request: HttpRequest, mine: Mine, form: RatingForm, *, status: int = 200) -> HttpResponse:
    context = mine.frame() | {"form": form, "token": form_token(request)}
    return render(request, "portal/track/rating.html", context, status=status)


@needs(Permission.OWN_CASE)
@own_case
@require_http_methods(["GET", "POST"])
def not_solved(request: HttpRequest, mine: Mine) -> HttpResponse:
    """Say that the matter is not solved; the answering office must look at it again."""
    if mine.case.stage != "done":
        return _not_over(request, mine)
    if request.method == "GET":
        return _reason_page(request, mine, ReasonForm(typed_before(request).get("reason", "")))
    reason = plain(request.POST.get("reason", "")).strip()
    if not reason or len(reason) > talking.LONGEST_MESSAGE:
        fault = _("最多 5000 字，请缩短一些。您写的都还在框里。") if reason else _("请写明哪里还没有解决。")
        return _reason_page(request, mine, ReasonForm(reason, {"reason": fault}), status=422)
    talking.not_solved(mine.case.pk, reason=reason, actor=mine.actor, at=mine.at)
    said = _("记下了。%(office)s要重新看这件事，并在“留言”里答复您；有答复时，我们会通知您。")
    messages.success(request, said % {"office": name_of(mine.case.office.names, mine.language)})
    return see(mine.address())


def _reason_page(request: HttpRequest, mine: Mine, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    office = name_of(mine.case.office.names, mine.language)
    context = mine.frame() | {"form": form, "office_name": office}
    return render(request, "portal/track/not_solved.html", context, status=status)


def _not_over(request: HttpRequest, mine: Mine) -> HttpResponse:
    messages.warning(request, _("这件事还在办。有了结果以后，您可以评价，也可以说还没有解决。"))
    return see(mine.address())
