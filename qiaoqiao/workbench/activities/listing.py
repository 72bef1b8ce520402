"""The activities that my offices keep: filtered, the latest first."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.activities import wording
from qiaoqiao.community.activities.models import Activity
from qiaoqiao.community.activities.queries import Filters, kept_organisations, listed
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.filtering import Choices, choice, offer, row_of
from qiaoqiao.workbench.frame import show

MOST = 500
QUARTERS = {
    "1": gettext_lazy("第一季度"),
    "2": gettext_lazy("第二季度"),
    "3": gettext_lazy("第三季度"),
    "4": gettext_lazy("第四季度"),
}
YEARS_BACK, YEARS_ON = 4, 1


def organisations(request: HttpRequest) -> list[tuple[str, str]]:
    """What my offices keep, by name."""
    language = language_of(request)
    rows = kept_organisations(actor_of(request), on=timezone.localdate()).order_by("kind", "code")[:MOST]
    return [(str(one.pk), name_of(one.names, language)) for one in rows]


class ActivitiesForm(forms.Form):
    """Which activities to show. What is not offered is passed over, as an address may be old."""

    organisation = choice(gettext_lazy("组织"))
    kind = choice(gettext_lazy("类型"))
    state = choice(gettext_lazy("状态"))
    year = choice(gettext_lazy("年份"))
    quarter = choice(gettext_lazy("季度"))

    def __init__(
        self, data: Mapping[str, Any], *, organisations: list[tuple[str, str]], this_year: int
    ) -> None:
        super().__init__(data)
        years = [(str(one), str(one)) for one in range(this_year + YEARS_ON, this_year - YEARS_BACK, -1)]
        every = ("", _("全部"))
        offered: dict[str, Choices] = {
            "organisation": organisations,
            "kind": [*wording.KINDS.items()],
            "state": [*wording.STATES.items()],
            "year": years,
            "quarter": [*QUARTERS.items()],
        }
        offer(self, {name: [every, *choices] for name, choices in offered.items()})
        self.is_valid()

    @property
    def filters(self) -> Filters:
        known = {name: str(value or "") for name, value in self.cleaned_data.items()}
        return Filters(
            kind=known.get("kind", ""),
            state=known.get("state", ""),
            organisation=known.get("organisation", ""),
            year=int(known.get("year") or 0),
            quarter=int(known.get("quarter") or 0),
        )

    @property
    def chosen(self) -> dict[str, str]:
        return {name: str(self.data[name]) for name in self.fields if self.cleaned_data.get(name)}


def in_words(activity: Activity, language: str) -> dict[str, Any]:
    """An activity in the reader's words."""
    return {
        "activity": activity,
        "title": name_of(activity.names, language),
        "kind": wording.said(wording.KINDS, activity.kind),
        "state": wording.said(wording.STATES, activity.state),
        "shape": wording.SHAPES[activity.state],
        "organisation": name_of(activity.organisation.names, language),
    }


@needs(Permission.ORGANISE)
@require_GET
def activities(request: HttpRequest) -> HttpResponse:
    """The list, its filters in the address."""
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    form = ActivitiesForm(request.GET, organisations=organisations(request), this_year=today.year)
    page = listed(
        form.filters, actor, on=today, before=row_of(request, "before"), after=row_of(request, "after")
    )
    return show(
        request,
        "workbench/activities/list.html",
        form=form,
        lines=[in_words(one, language) for one in page.rows],
        previous=f"?{urlencode({**form.chosen, 'before': page.before})}" if page.before else None,
        next=f"?{urlencode({**form.chosen, 'after': page.after})}" if page.after else None,
    )
