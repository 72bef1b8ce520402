"""The network of the two cities and abroad, written as the workbook an office would send in, and brought in like one.

Kinds and names follow the articles; addresses, telephones and gaps are invented.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Protocol

from django.db import transaction

from demo.places import read
from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.tickets import SYSTEM, person
from qiaoqiao.casework.models import Case
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.alliance.actions.answering import Answer, accept, by_link, opened
from qiaoqiao.community.alliance.actions.offering import Offered, make_offer
from qiaoqiao.community.alliance.actions.referring import agree, ask
from qiaoqiao.community.alliance.models import Offer
from qiaoqiao.community.network import sheet
from qiaoqiao.community.network.actions.uploads import bring, look
from qiaoqiao.community.network.entered import Entered
from qiaoqiao.community.network.gazetteer import Gazetteer, gazetteer
from qiaoqiao.community.network.hours import Hours
from qiaoqiao.community.network.hours import read as hours
from qiaoqiao.community.network.models import Organisation

OFFICE_HOURS = hours("周一至周五 09:00-12:00，14:30-17:30")
HOME_HOURS = hours("周一至周五 09:00-12:00，14:30-17:00；周六 09:00-11:30")
SPOKEN = {
    "4407": ["mandarin", "cantonese", "toisan"],
    "4502": ["mandarin", "zhuang", "vietnamese", "indonesian"],
}
STUDIOS = (
    (
        "BR",
        "巴西",
        "America/Sao_Paulo",
        "Rua da Glória 100, São Paulo",
        "+55 11 5550 0101",
        "portuguese",
        "Brasil",
    ),
    ("CL", "智利", "America/Santiago", "Av. Matta 200, Santiago", "+56 2 5550 0102", "spanish", "Chile"),
    (
        "VE",
        "委内瑞拉",
        "America/Caracas",
        "Av. Principal, El Bosque, Caracas",
        "+58 212 555 0103",
        "spanish",
        "Venezuela",
    ),
)
STATIONS = ("端芬镇", "塘口镇", "胜利街道")
DEPUTIES = "胜利街道"
CENTRES = (
    ("440781", "C1", "台山市侨胞服务中心"),
    ("4407", "C2", "江门市华侨华人健康管理中心"),
    ("4407", "C3", "江门市涉侨税务服务中心"),
    ("4502", "C4", "柳州市涉侨公共法律服务中心"),
)
ADVISERS = ("4407", "440703", "440705", "440781", "440783", "4502", "450202", "450205")
PARTNERS = (
    ("P1", "BR", "America/Sao_Paulo", "圣保罗华人互助会", "Associação de Ajuda Mútua", "portuguese"),
    ("P2", "VE", "America/Caracas", "加拉加斯五邑同乡会", "Asociación Wuyi de Caracas", "spanish"),
    ("P3", "CL", "America/Santiago", "智利华商联谊会", "Asociación de Comerciantes Chinos", "spanish"),
)


class Maker(Protocol):
    """How an organisation of a city is made."""

    def __call__(
        self, code: str, kind: str, name: str, place: str, parent: str = "", open_at: Hours | None = None
    ) -> Entered: ...


def load_network(offices: dict[str, Office], now: datetime) -> int:
    """Bring in each city's workbook, then the partners' offers; return how many organisations there are."""
    places = {place.code: place for place in Place.objects.order_by("code")}
    known, named = gazetteer(), {place.code: str(place.names["zh-Hans"]) for place in places.values()}
    for city in ("4407", "4502"):
        keeper = offices[f"{city}-federation"]
        rows = list(of_city(city, list(places.values()), named, now))
        with transaction.atomic():
            upload = look(keeper, f"{named[city]}侨务网络.xlsx", written(rows, known), actor=SYSTEM, at=now)
            if upload.report:
                raise ValueError(f"the demo's own workbook is wrong: {upload.report[:3]}")
            bring(upload.pk, actor=SYSTEM, at=now)
    for one in PARTNERS if not Offer.objects.exists() else ():
        make_offer(f"A-{one[0]}", offer_of(one, now), actor=SYSTEM, at=now)
    return Organisation.objects.count()


def written(rows: Sequence[Entered], known: Gazetteer) -> bytes:
    return sheet.filled(sheet.cells(one, known) for one in rows)


def of_city(city: str, places: Sequence[Place], named: dict[str, str], now: datetime) -> Iterator[Entered]:
    """Every organisation of a city's workbook, those above first."""
    areas = {one["code"]: one["area"] for one in read("places")}
    number, today = count(1), now.astimezone(SHANGHAI).date().isoformat()

    def one(
        code: str, kind: str, name: str, place: str, parent: str = "", open_at: Hours | None = None
    ) -> Entered:
        n = next(number)
        return Entered(
            code=code, kind=kind, name=name, place=place, parent=parent, hours=open_at or OFFICE_HOURS,
            address=f"{named[place]}侨兴路{n}号（虚构）", phone=f"{areas[city]}-55{n:05d}",
            languages=list(SPOKEN[city]), checked_on=today if n % 3 else "",
            services=["petition", "schooling", "settlement"] if kind in {"federation", "home"} else [],
        )  # fmt: skip

    top = f"{city}-F"
    yield one(top, "federation", f"{named[city]}侨联", city)
    for place in places:
        if not place.code.startswith(city) or place.code == city:
            continue
        name, code, parent = named[place.code], place.code, f"{place.parent_id}-F"
        spread = sum(ord(letter) for letter in name)
        if place.level == "county":
            yield one(f"{code}-F", "federation", f"{name}侨联", code, top)
            yield one(f"{code}-S", "legal_station", f"{name}涉侨法律服务站", code, f"{code}-F")
        elif place.level == "township":
            yield from of_township(place, name, spread, parent, one)
        elif place.level == "village":
            above = f"{code[:6]}-F"
            yield one(f"{code}-H", "home", f"{name}侨胞之家", code, above, HOME_HOURS)
    for at in ADVISERS:
        if at.startswith(city):
            yield one(f"{at}-A", "adviser_committee", f"{named[at]}侨联法律顾问委员会", at)
    for at, code, name in CENTRES:
        if at.startswith(city):
            yield one(code, "service_centre", name, at)
    yield from apart(city, named, one)


def of_township(place: Place, name: str, at: int, parent: str, one: Maker) -> Iterator[Entered]:
    """A township's own organisations; some lack one or another, which the coverage page then names."""
    code = place.code
    if at % 9:
        yield one(f"{code}-F", "federation", f"{name}侨联", code, parent)
    if at % 3:
        yield one(f"{code}-H1", "home", f"{name}侨胞之家", code, parent, HOME_HOURS)
    for n in range(1, 1 + at % 4):
        yield one(f"{code}-S{n}", "legal_station", f"{name}第{n}涉侨法律服务站", code, parent)
    if at % 5 > 1:
        yield one(f"{code}-D1", "party_point", f"{name}党建带侨建示范点", code, parent)


def apart(city: str, named: dict[str, str], one: Maker) -> Iterator[Entered]:
    """Stations of the procuratorate and the deputies; abroad: studios, and partners of the alliance."""
    for code, name in named.items():
        if code.startswith(city) and name in STATIONS:
            yield one(f"{code}-J", "procuratorate_station", f"{name}检侨联络站", code)
        if code.startswith(city) and name == DEPUTIES:
            yield one(f"{code}-R", "liaison_station", f"{name}人大代表联络站", code)
    if city != "4407":
        return
    for country, name, zone, address, phone, tongue, latin in STUDIOS:
        yield Entered(
            code=f"A-{country}", kind="studio", name=f"{name}涉侨纠纷多元化解工作室", name_es=f"Gabinete de mediación, {latin}",
            name_pt=f"Gabinete de mediação, {latin}", name_en=f"Mediation studio, {latin}", country=country, zone=zone,
            address=f"{address} (inventado)", phone=phone, hours=OFFICE_HOURS, languages=["mandarin", "cantonese", tongue],
            services=["petition", "legal_advice", "mediation"],
        )  # fmt: skip
    for code, country, zone, name, latin, tongue in PARTNERS:
        yield Entered(
            code=f"A-{code}", kind="partner", name=name, name_es=latin, name_pt=latin, name_en=latin, country=country,
            zone=zone, email=f"{code.lower()}@example.org", hours=HOME_HOURS, languages=["mandarin", tongue],
        )  # fmt: skip


def offer_of(partner: Sequence[str], now: datetime) -> Offered:
    """What a partner does: the same three kindnesses for everybody, in the words of its country."""
    _code, country, _zone, _name, _latin, tongue = partner
    return Offered(
        titles={
            "zh-Hans": "陪同办证、当地翻译", "zh-Hant": "陪同辦證、當地傳譯", "en": "Company and interpreting at offices",
            "es": "Acompañamiento e interpretación en trámites", "pt": "Acompanhamento e interpretação em trâmites",
        },
        about={
            "zh-Hans": "陪您去当地机关、公证处，帮忙翻译和填表。", "zh-Hant": "陪您去當地機關、公證處，幫忙傳譯和填表。",
            "en": "We go with you to offices and notaries there, interpret and help with forms.",
            "es": "Vamos con usted a oficinas y notarías, interpretamos y ayudamos con formularios.",
            "pt": "Vamos com você a repartições e cartórios, interpretamos e ajudamos com formulários.",
        },
        cost={"zh-Hans": "不收费", "zh-Hant": "不收費", "en": "Free of charge", "es": "Gratuito", "pt": "Gratuito"},
        since=now.astimezone(SHANGHAI).date().replace(month=1, day=1),
        countries=[country],
        languages=["mandarin", tongue],
    )  # fmt: skip


def refer_some(now: datetime) -> int:
    """Refer one open case in each partner's country: asked, sent and opened, accepted; return how many."""
    made = 0
    for step, (code, country, *_rest) in enumerate(PARTNERS):
        offer = Offer.objects.filter(organisation__code=f"A-{code}").first()
        case = open_case(country)
        if offer is None or case is None:
            continue
        items = ["place", "country", "language", "name", "email"]
        request = "请带当事人去当地公证处办理委托书。"
        row = ask(case.pk, offer.pk, items, request=request, office=case.office, actor=SYSTEM, at=now)
        made += 1
        if step:
            owner = person(case.pk)
            row = agree(row.pk, language=case.language, actor=owner, at=now)
        if step and row.link:
            holder, find = person(row.link), by_link(row.link, at=now)
            opened(find, actor=holder, at=now)
            if step > 1:
                accept(find, Answer("Carlos Li, secretario"), actor=holder, at=now)
    return made


def open_case(country: str) -> Case | None:
    """The newest open case of somebody there who left an email."""
    rows = Case.objects.filter(country=country, person__email__contains="@").exclude(stage="done")
    return rows.select_related("office", "person").order_by("-filed_at", "pk").first()
