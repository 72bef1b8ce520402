"""The files of people that my offices keep: found by any name, number or address, filtered, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office, Place, Post
from qiaoqiao.access.queries import CASE_ROLES, posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.queues import offices_below
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties import listing, wording
from qiaoqiao.parties.listing import Filters
from qiaoqiao.parties.models import File
from qiaoqiao.parties.reading import age_of
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.filtering import BELOW, Choices, choice, countries, offer, offices, row_of
from qiaoqiao.workbench.frame import show

LONGEST = 100
PREFIX = "QF"
AGES = {
    "under_18": gettext_lazy("未满 18 岁"),
    "18_59": gettext_lazy("18 到 59 岁"),
    "60_79": gettext_lazy("60 到 79 岁"),
    "over_80": gettext_lazy("80 岁以上"),
}
MOST_PLACES = 500


class PeopleForm(forms.Form):
    """Which files to show. What is not offered is passed over, as an address may be old."""

    q = forms.CharField(label=gettext_lazy("姓名、电话、地址或号码"), required=False, max_length=LONGEST)
    office = choice(gettext_lazy("单位"))
    standing = choice(gettext_lazy("身份"))
    origin = choice(gettext_lazy("侨居国家或地区"))
    place = choice(gettext_lazy("社区、村"))
    age = choice(gettext_lazy("年龄"))
    need = choice(gettext_lazy("需要"))
    overdue = forms.BooleanField(label=gettext_lazy("只看该核对还没有核对的"), required=False)
    frozen = forms.BooleanField(label=gettext_lazy("只看已冻结的"), required=False)

    def __init__(
        self, data: Mapping[str, Any], *, language: str, own: Sequence[Office], below: Sequence[Office]
    ) -> None:
        super().__init__(data)
        every = ("", _("全部"))
        offered: dict[str, Choices] = {
            "standing": [every, *wording.STANDINGS.items()],
            "origin": countries(language),
            "place": [every, *communities(own, language)],
            "age": [every, *AGES.items()],
            "need": [every, *wording.NEEDS.items()],
        }
        if below:
            offered["office"] = offices(own, below, language)
        else:
            del self.fields["office"]
        offer(self, offered)
        self.is_valid()

    @property
    def text(self) -> str:
        return " ".join(str(self.cleaned_data.get("q") or "").replace("\x00", "").split())

    @property
    def filters(self) -> Filters:
        known = self.cleaned_data
        texts = {name: str(known.get(name) or "") for name in ("standing", "origin", "place", "age", "need")}
        return Filters(**texts, overdue=bool(known.get("overdue")), frozen=bool(known.get("frozen")))

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, as an address carries it."""
        return {
            name: str(self.data.get(name))
            for name in self.fields
            if self.cleaned_data.get(name) and self.data.get(name)
        }

    @property
    def filtered(self) -> bool:
        return bool(self.chosen.keys() - {"q"})


def communities(own: Sequence[Office], language: str) -> Choices:
    """The towns and villages in whose county or town the offices lie."""
    roots = {office.place_id for office in own}
    rows = Place.objects.filter(level__in=["township", "village"]).order_by("code")
    found = [one for one in rows if any(one.code.startswith(root) for root in roots)][:MOST_PLACES]
    return [(one.code, name_of(one.names, language)) for one in found]


@dataclass(frozen=True)
class PersonLine:
    """One line of the list."""

    number: str
    name: str
    latin_name: str
    sex: str
    age: int | None
    standing: str
    origin: str
    return_year: int | None
    place: str
    office: str
    checked_on: date | None
    review_on: date | None
    overdue: bool
    frozen: bool


def line_of(file: File, *, language: str, today: date) -> PersonLine:
    return PersonLine(
        number=file.number,
        name=file.name,
        latin_name=file.latin_name if file.latin_name != file.name else "",
        sex=wording.said(wording.SEXES, file.sex),
        age=None if file.died_on else age_of(file.born, today),
        standing=wording.said(wording.STANDINGS, file.standing),
        origin=country_name(file.origin, language) if file.origin else "",
        return_year=file.return_year,
        place=name_of(file.place.names, language) if file.place else "",
        office=name_of(file.office.names, language),
        checked_on=file.checked_on,
        review_on=file.review_on,
        overdue=file.review_on is not None and file.review_on < today,
        frozen=file.state == "frozen",
    )


def chosen_offices(form: PeopleForm, posts: Sequence[Post], below: Sequence[Office]) -> list[int]:
    """Whose files to list: the own offices', or for a head all below, or one of them."""
    asked = str(form.cleaned_data.get("office") or "")
    if asked == BELOW and below:
        return [one.pk for one in below]
    if asked.isdecimal():
        return [one.pk for one in below if one.pk == int(asked)]
    return list(dict.fromkeys(post.office_id for post in posts if post.role in CASE_ROLES))


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The list, or what was looked for in it; a whole file number opens its file.

    Words are sent by POST, so that the number of somebody's paper never stands in an address: all else is
    looked for at an address that can be turned page by page.
    """
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    posts = list(posts_of(actor.account_id or 0, on=today))
    below = offices_below(posts)
    asked = request.POST if request.method == "POST" else request.GET
    form = PeopleForm(asked, language=language, own=[post.office for post in posts], below=below)
    number = tidy_reference(form.text, prefix=PREFIX)
    if number:
        return HttpResponseRedirect(f"/staff/people/{number}/")
    if request.method == "POST" and not listing.may_be_number(form.text):
        return HttpResponseRedirect(f"/staff/people/?{urlencode(form.chosen)}")
    before, after = row_of(request, "before"), row_of(request, "after")
    if form.text:
        page = listing.found(form.text, form.filters, actor, on=today, before=before, after=after)
    else:
        whose = chosen_offices(form, posts, below)
        page = listing.of_offices(form.filters, whose, actor, on=today, before=before, after=after)
    return show(
        request,
        "workbench/people/list.html",
        posts=posts,
        form=form,
        lines=[line_of(file, language=language, today=today) for file in page.rows],
        previous=f"?{urlencode({**form.chosen, 'before': page.before})}" if page.before else None,
        next=f"?{urlencode({**form.chosen, 'after': page.after})}" if page.after else None,
    )
