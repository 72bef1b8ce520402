"""Judging whether two files are one person: the list, one pair side by side, taking a merge back."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.parties import reviewing, wording
from qiaoqiao.parties.actions import merging
from qiaoqiao.parties.actions.files import opened
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.linkage.evidence_words import sentence
from qiaoqiao.parties.models import File, Merge, Proposal
from qiaoqiao.parties.queries import visible_file
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.pictures import PATTERNS
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench import reviewpage
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.person import office_for, posts_here, tidy_number

LIST = "/staff/people/review/"
OUTCOMES = {
    "accept": gettext_lazy("是同一个人，合并"),
    "reject": gettext_lazy("不是同一个人"),
    "later": gettext_lazy("以后再看"),
}
KEYS = {"accept": "a", "reject": "r", "later": "l"}
LATER = {
    "7": gettext_lazy("一周后"),
    "30": gettext_lazy("一个月后"),
    "90": gettext_lazy("三个月后"),
}
READY = (
    gettext_lazy("姓名、出生日期和亲属都对得上"),
    gettext_lazy("证件号码相同，姓名是同一个名字的不同写法"),
    gettext_lazy("问过本人，确认是同一个人"),
    gettext_lazy("问过本人或家人，是两个人"),
    gettext_lazy("同一家的兄弟姐妹或夫妻"),
    gettext_lazy("同名同姓，出生日期和亲属都不同"),
)
"""Reasons that are given often; any other may be written."""
LONGEST_WHY = 400


class DecideForm(forms.Form):
    """What a reviewer says of a pair, and why."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("您的判断"),
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择您的判断。")},
    )
    why = forms.CharField(label=gettext_lazy("理由"), max_length=LONGEST_WHY, required=False)
    days = forms.ChoiceField(
        label=gettext_lazy("什么时候再看"), choices=list(LATER.items()), required=False, initial="30"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") in {"accept", "reject"} and not data.get("why"):
            self.add_error("why", _("请写明理由，以后的人看得懂为什么这样判断。"))
        return data


class UndoForm(forms.Form):
    """Why a merge was wrong."""

    why = forms.CharField(
        label=gettext_lazy("为什么撤回"), max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 3})
    )


# --- the list ------------------------------------------------------------------------------------------


@needs(Permission.LINK)
@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """What waits for a judgement, a page at a time, the most alike first."""
    today, language = timezone.localdate(), language_of(request)
    offices = reviewing.offices_reviewed(actor_of(request), on=today)
    mine = [one.pk for one in offices]
    asked = asked_of(request)
    rows = reviewing.waiting(mine, on=today, **asked)
    page = reviewing.page(rows, before=mark_of(request, "before"), after=mark_of(request, "after"))
    return show(
        request,
        "workbench/review/list.html",
        patterns=PATTERNS,
        lines=[line_of(one, asked, language) for one in page.rows],
        previous=href(asked, before=page.before) if page.before else None,
        next=href(asked, after=page.after) if page.after else None,
        tabs=tabs_of(mine, asked, today),
        places=places_of(offices, language),
        place=asked["place"],
        band=asked["band"],
        measure=reviewpage.measure_rows(reviewing.measured_by_band(mine)),
    )


def asked_of(request: HttpRequest) -> dict[str, str]:
    """The filters in the address; unknown ones are none."""
    band, place = request.GET.get("band", ""), request.GET.get("place", "")[:12]
    return {"band": band if band in reviewing.BANDS else "", "place": place if place.isdecimal() else ""}


def mark_of(request: HttpRequest, name: str) -> reviewing.Mark | None:
    text = request.GET.get(name)
    try:
        return reviewing.read_mark(text) if text else None
    except reviewing.MarkUnreadable:
        raise Http404 from None


def href(asked: dict[str, str], base: str = "", **more: object) -> str:
    """An address that keeps the filters."""
    given = {name: str(value) for name, value in {**asked, **more}.items() if value}
    return f"{base}?{urlencode(given)}" if given else base or "?"


def tabs_of(offices: list[int], asked: dict[str, str], today: Any) -> list[dict[str, object]]:
    counted = reviewing.counts(offices, on=today, place=asked["place"])
    named = {"": _("全部"), **{band: wording.said(wording.BANDS, band) for band in reviewing.BANDS}}
    most = reviewing.MOST_COUNTED
    return [
        {
            "text": text,
            "href": href({"place": asked["place"], "band": band}, LIST),
            "count": f"{most - 1}+" if counted[band] >= most else str(counted[band]),
            "current": band == asked["band"],
        }
        for band, text in named.items()
    ]


def places_of(offices: list[Office], language: str) -> list[tuple[str, str]]:
    """The communities of the offices, to choose from."""
    return [(one.pk, name_of(one.names, language)) for one in reviewing.places_below(offices)]


def line_of(one: Proposal, asked: dict[str, str], language: str) -> dict[str, object]:
    item = reviewpage.weightiest(reviewpage.items_of(one))
    place = one.one.place or one.other.place
    return {
        "href": href(asked, f"{LIST}{one.pk}/"),
        "left": one.one,
        "right": one.other,
        "band": wording.said(wording.BANDS, one.band),
        "shape": reviewpage.BAND_SHAPES.get(one.band, "plain"),
        "bits": reviewpage.signed(one.weight),
        "why": sentence(item, language) if item else "",
        "place": name_of(place.names, language) if place else "",
        "office": words(one.office.names, language),
        "later": one.state == "later",
    }


# --- one pair ------------------------------------------------------------------------------------------


@needs(Permission.LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Two files side by side, and what the reviewer says of them."""
    one = proposal_of(request, proposal_id)
    if request.method != "POST":
        open_both(request, one)
        return pair_page(request, one, DecideForm())
    form = DecideForm(request.POST)
    if not form.is_valid():
        return pair_page(request, one, form, status=422)
    trouble = decided(request, one, form.cleaned_data)
    if trouble:
        return pair_page(request, proposal_of(request, proposal_id), form, trouble=trouble, status=409)
    messages.success(request, SAID[form.cleaned_data["outcome"]])
    asked, today = asked_of(request), timezone.localdate()
    offices = [office.pk for office in reviewing.offices_reviewed(actor_of(request), on=today)]
    following = reviewing.next_after(reviewing.waiting(offices, on=today, **asked), one)
    return HttpResponseRedirect(href(asked, f"{LIST}{following.pk}/" if following else LIST))


SAID = {
    "accept": gettext_lazy("已合并成一份档案，随时可以撤回。"),
    "reject": gettext_lazy("已记下：不是同一个人。"),
    "later": gettext_lazy("已放到以后再看。"),
}


def proposal_of(request: HttpRequest, proposal_id: UUID) -> Proposal:
    """The pair; a stranger gets 404, as for one that does not exist."""
    try:
        return reviewing.proposal_of(proposal_id, actor_of(request), on=timezone.localdate())
    except (Proposal.DoesNotExist, File.DoesNotExist):
        raise Http404 from None


def open_both(request: HttpRequest, one: Proposal) -> None:
    """Looking at a pair opens both files, and is recorded as such."""
    posts, at = posts_here(request), timezone.now()
    for file in (one.one, one.other):
        office = office_for(posts, file)
        opened(file.pk, purpose="linking", actor=actor_of(request), at=at, office=office)


def decided(request: HttpRequest, one: Proposal, said: dict[str, str]) -> str:
    """Hand the decision over; what went wrong in words, or nothing."""
    actor, at, why = actor_of(request), timezone.now(), said["why"]

    try:
        match said["outcome"]:
            case "accept":
                merging.accept(one.pk, why=why, actor=actor, at=at)
            case "reject":
                merging.reject(one.pk, why=why, actor=actor, at=at)
            case _:
                until = timezone.localdate(at) + timedelta(days=int(said["days"] or "30"))
                merging.put_off(one.pk, until=until, why=why, actor=actor, at=at)
    except merging.Decided as before:
        if before.said(said["outcome"], why, actor):
            return ""  # the same form, sent twice
        return _("刚才已经有人判断过了，结果在下面。您的判断没有存。")
    except FileClosed:
        return _("其中一份档案已经冻结、合并或删除，现在不能合并。")
    except merging.NotYours:
        return _("只有保管单位的经办人或负责人可以判断。")
    return ""


def pair_page(
    request: HttpRequest, one: Proposal, form: DecideForm, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    language, today = language_of(request), timezone.localdate()
    items = reviewpage.items_of(one)
    left, right = reviewpage.sides(one, language, today)
    asked = asked_of(request)
    return show(
        request,
        "workbench/review/pair.html",
        status=status,
        pair=one,
        patterns=PATTERNS,
        left=left,
        right=right,
        sides=[left, right],
        fields=reviewpage.fields(one, items, language),
        reasons=reviewpage.reasons(items, language),
        total=reviewpage.signed(one.weight),
        in_all=reviewpage.in_all(one.weight),
        band=wording.said(wording.BANDS, one.band),
        band_shape=reviewpage.BAND_SHAPES.get(one.band, "plain"),
        state=wording.said(wording.PROPOSAL_STATES, one.state),
        waits=one.state in {"open", "later"},
        frozen="frozen" in {one.one.state, one.other.state},
        merge=reviewing.merge_for(one),
        form=form,
        choices=[
            (token, text, KEYS[token], token == form["outcome"].value()) for token, text in OUTCOMES.items()
        ],
        ready=READY,
        trouble=trouble,
        back=href(asked, LIST),
        action=href(asked, request.path),
    )


# --- taking a merge back -------------------------------------------------------------------------------


@needs(Permission.LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, number: str, merge_id: UUID) -> HttpResponse:
    """Ask why, then give the absorbed file back what it brought."""
    merge = merge_of(request, number, merge_id)
    form = UndoForm(request.POST if request.method == "POST" else None)
    trouble = ""
    if request.method == "POST" and form.is_valid():
        try:
            merging.undo(merge.pk, why=form.cleaned_data["why"], actor=actor_of(request), at=timezone.now())
        except merging.MergeLater as later:
            trouble = _("后来还有一次合并（档案 %(number)s），请先撤回那一次。") % {"number": later.number}
        except FileClosed:
            trouble = _("其中一份档案已经冻结或删除，现在不能撤回。")
        except merging.NotYours:
            trouble = _("只有作出判断的单位可以撤回。")
        except merging.NothingToUndo:
            messages.info(request, _("这次合并已经撤回了。"))
            return HttpResponseRedirect(reverse("staff_person", args=[merge.kept.number]))
        else:
            messages.success(request, _("已撤回合并，两份档案分开了。"))
            return HttpResponseRedirect(reverse("staff_person", args=[merge.kept.number]))
    return show(
        request,
        "workbench/review/undo.html",
        status=409 if trouble else 422 if form.errors else 200,
        merge=merge,
        file=merge.kept,
        form=form,
        trouble=trouble,
    )


def merge_of(request: HttpRequest, number: str, merge_id: UUID) -> Merge:
    """The merge of a file that the reader may see; else 404."""
    try:
        file = visible_file(tidy_number(number), actor_of(request), on=timezone.localdate())
        return reviewing.merge_of(file, merge_id)
    except (File.DoesNotExist, Merge.DoesNotExist):
        raise Http404 from None
