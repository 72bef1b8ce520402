"""Operations on what may be asked for: services, their forms, their dates, places and offices."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from qiaoqiao.access.models import Office, Place
from qiaoqiao.api import schemas
from qiaoqiao.api.service import acts, language
from qiaoqiao.casework.actions.intake import first_dates
from qiaoqiao.casework.routing import office_for
from qiaoqiao.casework.rules import Run
from qiaoqiao.catalogue.entry import Entry, FormField, Option, words
from qiaoqiao.catalogue.finding import find
from qiaoqiao.catalogue.forms import FormRefused
from qiaoqiao.catalogue.loader import current, entry
from qiaoqiao.clock.explain import as_json

router = Router(tags=["catalogue"])


def read_day(text: str) -> date | None:
    """Read an ISO date; None for an empty text. Raises FormRefused for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FormRefused({"date": "not_a_date"}) from None


def service_out(found: Entry) -> dict[str, object]:
    return {
        "id": found.id,
        "edition": found.edition,
        "kind": found.kind,
        "name": words(found.name, language()),
        "summary": words(found.summary, language()),
        "audience": list(found.audience),
    }


def options_out(options: list[Option]) -> list[dict[str, str]]:
    return [{"id": option.id, "label": words(option.label, language())} for option in options]


def field_out(field: FormField) -> dict[str, object]:
    return {
        "id": field.id,
        "type": field.type,
        "label": words(field.label, language()),
        "help": words(field.help, language()) if field.help else "",
        "required": field.required,
        "sensitive": field.sensitive,
        "when": field.when,
        "options": options_out(field.options),
        "most": field.most,
        "least": field.least,
    }


def reckoning_out(run: Run, source: str) -> dict[str, object]:
    told = as_json(run.reckoning)
    return told | {"limit": run.limit.id, "name": words(run.limit.name, language()), "source": source}


@router.get("/services", response=list[schemas.ServiceOut], operation_id="list_services")
@acts("public")
def list_services(request: HttpRequest) -> list[dict[str, object]]:
    """Every service, in its newest edition."""
    return [service_out(one) for one in current()]


@router.get("/services/find", response=list[schemas.HitOut], operation_id="find_services")
@acts("public")
def find_services(request: HttpRequest, q: Annotated[str, Query(max_length=400)]) -> list[dict[str, object]]:
    """Services for a matter described in one's own words, the likeliest first."""
    return [
        {"service": service_out(hit.entry), "score": hit.score, "because": hit.because}
        for hit in find(q, language())
    ]


@router.get("/services/{service}", response=schemas.ServiceDetailOut, operation_id="read_service")
@acts("public")
def read_service(request: HttpRequest, service: str) -> dict[str, object]:
    """One service with its form, materials and limits."""
    found = entry(service)
    tongue = language()
    return service_out(found) | {
        "who": words(found.guidance.who, tongue),
        "cost": words(found.guidance.cost, tongue),
        "remedies": words(found.guidance.remedies, tongue),
        "steps": [words(step, tongue) for step in found.guidance.steps],
        "identity": found.identity,
        "form": [field_out(field) for field in found.fields],
        "materials": [
            {
                "id": one.id,
                "name": words(one.name, tongue),
                "form": words(one.form, tongue),
                "required": one.required,
                "when": one.when,
            }
            for one in found.materials
        ],
        "limits": [
            {
                "id": one.id,
                "name": words(one.name, tongue),
                "amount": one.amount,
                "unit": one.unit,
                "binds": one.binds,
                "source": found.sources[one.law.source].title,
                "article": one.law.article,
            }
            for one in found.limits
        ],
    }


@router.get("/services/{service}/dates", response=list[schemas.ReckoningOut], operation_id="first_dates")
@acts("public")
def read_first_dates(request: HttpRequest, service: str, place: str) -> list[dict[str, object]]:
    """The limits that would run if this service were asked for now at a place, day by day."""
    found = entry(service)
    office = office_for(found, "lead", Place.objects.select_related("parent__parent").get(pk=place))
    runs = first_dates(found, facts={}, office=office, at=request.at)  # type: ignore[attr-defined]
    return [reckoning_out(run, found.sources[run.limit.law.source].title) for run in runs]


@router.get("/places", response=list[schemas.PlaceOut], operation_id="list_places")
@acts("public")
def list_places(request: HttpRequest, under: str = "") -> list[dict[str, object]]:
    """Places by code; with `under`, those directly below a place."""
    places = Place.objects.filter(parent=under) if under else Place.objects.all()
    return [
        {"code": one.code, "name": words(one.names, language()), "level": one.level, "parent": one.parent_id}
        for one in places.order_by("code")[:2000]
    ]


@router.get("/offices", response=list[schemas.OfficeOut], operation_id="list_offices")
@acts("public")
def list_offices(request: HttpRequest, place: str = "", kind: str = "") -> list[dict[str, object]]:
    """Offices, by place and kind if given."""
    offices = Office.objects.order_by("code")
    if place:
        offices = offices.filter(place=place)
    if kind:
        offices = offices.filter(kind=kind)
    return [
        {
            "code": one.code,
            "name": words(one.names, language()),
            "kind": one.kind,
            "level": one.level,
            "place": one.place_id,
            "address": one.address,
            "phone": one.phone,
            "hours": one.hours,
        }
        for one in offices[:2000]
    ]
