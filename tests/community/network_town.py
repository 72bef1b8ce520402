"""Organisations for the tests of the network, as workbooks and as rows."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from qiaoqiao.access.models import Account, Office, Place
from qiaoqiao.access.tickets import acting
from qiaoqiao.community.network.actions.organisations import Announced, begin_post, found
from qiaoqiao.community.network.actions.uploads import look
from qiaoqiao.community.network.entered import Entered
from qiaoqiao.community.network.gazetteer import headings
from qiaoqiao.community.network.models import Organisation
from tests.cast import AT, Town, as_staff, make_place, now_epoch

HOURS = "周一至周五 09:00-12:00，14:30-17:00"
ARTICLE = {"federation": 986, "party_point": 437, "legal_station": 1402, "home": 246}
"""How many of each kind the network of the article has."""


def home(code: str = "TS-H1", **changes: Any) -> Entered:
    """A home of overseas Chinese in Duanfen, with every question answered."""
    given: dict[str, Any] = {
        "code": code,
        "kind": "home",
        "name": f"端芬侨胞之家{code}",
        "name_en": f"Duanfen Home {code}",
        "place": "440781105",
        "address": "端芬镇侨兴路8号",
        "phone": "0750-5512345",
        "hours": {day: ["09:00-12:00", "14:30-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "languages": ["mandarin", "toisan"],
        "services": ["schooling"],
    }
    return Entered(**(given | changes))


def settled(
    town: Town, *given: Entered, keeper: Office | None = None, by: Account | None = None
) -> list[Organisation]:
    """Organisations registered by an officer of their keeper."""
    account = by or town.officer_chen
    with acting(as_staff(account), epoch=now_epoch()):
        return [found(one, keeper=keeper or town.federation, actor=as_staff(account), at=AT) for one in given]


def book(
    rows: Iterable[Sequence[object]], *, header: Sequence[str] | None = None, title: str = "Sheet"
) -> bytes:
    """A workbook with these rows below the heading of ours."""
    made = Workbook()
    sheet = made.active
    sheet.title = title
    sheet.append(list(header if header is not None else headings()))
    for row in rows:
        sheet.append(list(row))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def row(**cells: object) -> list[object]:
    """A row of the workbook by column."""
    given: dict[str, object] = {
        "code": "TS-H1",
        "kind": "侨胞之家",
        "name": "端芬侨胞之家",
        "place": "江门市台山市端芬镇",
        "address": "端芬镇侨兴路8号",
        "phone": "0750-5512345",
        "hours": HOURS,
        "languages": "普通话、台山话",
    } | cells
    return [given.get(column, "") for column in headings().values()]


def article_rows(townships: Sequence[Place]) -> list[list[object]]:
    """As many organisations of each kind as the article counts, spread over townships but the last."""
    kinds = {
        "federation": "侨联组织",
        "party_point": "党建带侨建示范点",
        "legal_station": "涉侨法律服务站",
        "home": "侨胞之家",
    }
    made: list[list[object]] = []
    for kind, number in ARTICLE.items():
        for at in range(number):
            place = townships[at % (len(townships) - 1)]
            parent = "" if kind == "federation" else f"federation-{at % 900}"
            made.append(
                row(code=f"{kind}-{at}", kind=kinds[kind], name=f"{place.names['zh-Hans']}{kinds[kind]}{at}",
                    place=place.code, parent=parent)
            )  # fmt: skip
    return made


def article_places(town: Town) -> list[Place]:
    """Seven districts with ten townships each, besides those of the town."""
    made = []
    for district in range(1, 8):
        county = make_place(f"4407{district:02d}", f"第{district}区", "county", town.city)
        made += [
            make_place(f"{county.code}1{at:02d}", f"{district}区{at}镇", "township", county)
            for at in range(10)
        ]
    return made


def now() -> datetime:
    return datetime.now(UTC)


def canary_network(town: Town, canary: str) -> dict[str, object]:
    """An organisation, a post and a file sent in that name the canary, kept by the town's federation."""
    settled(town, home("CANARY-1", name=canary, address=canary, place="440781"))
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        announced = Announced("站长", canary, "", AT.date())
        post = begin_post("CANARY-1", announced, actor=actor, at=AT)
        content = book([row(code=canary, name=canary)])
        upload = look(town.federation, f"{canary}.xlsx", content, actor=actor, at=AT)
    return {"organisation": "CANARY-1", "post_id": post.pk, "upload_id": upload.pk}
