"""Windows near me: offices by place, with address, telephone and hours."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.rules import Permission
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import Atlas, atlas, hours_shown, name_of

WINDOWS = ("federation", "overseas_affairs", "exit_entry_police", "education", "township", "village")


@needs(Permission.PUBLIC)
def offices(request: HttpRequest) -> HttpResponse:
    """List the windows of one county or city; without a choice, those of the cities."""
    language = language_of(request)
    known = atlas()
    place = request.GET.get("place", "")
    here = known.places.get(place)
    found = Office.objects.filter(kind__in=WINDOWS).order_by("place_id", "kind", "pk")
    if here and here.level != "city":  # towns and villages have their county's code before their own
        found = found.filter(place__code__startswith=here.code)
    else:
        found = found.filter(place=here) if here else found.filter(level="city")
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for office in found.select_related("place"):
        groups[_place_words(office.place, known, language)].append(
            {
                "name": name_of(office.names, language),
                "address": office.address,
                "phone": office.phone,
                "hours": hours_shown(office.hours),
            }
        )
    cities = [
        (one.code, name_of(one.names, language)) for one in known.places.values() if one.level == "city"
    ]
    context = {
        "groups": list(groups.items()),
        "place": place if here else "",
        "place_name": known.place_name(place, language) if here else "",
        "cities": cities,
        "counties": known.counties(language),
    }
    return render(request, "portal/offices.html", context)


def _place_words(place: Place, known: Atlas, language: str) -> str:
    """A place's name within its county; villages are not in the atlas."""
    if place.code in known.places:
        return known.place_name(place.code, language)
    above = known.place_name(place.parent_id or "", language)
    own = name_of(place.names, language)
    return above + own if language.startswith("zh") else f"{own}, {above}"
