"""What organisations there are, how they lie below one another, what a whole network has."""

import re
from collections.abc import Mapping
from enum import StrEnum


class OrganisationKind(StrEnum):
    """Kinds of organisation of the network; Chinese names in docs/glossary.md."""

    FEDERATION = "federation"  # 侨联组织
    PARTY_POINT = "party_point"  # 党建带侨建示范点
    LEGAL_STATION = "legal_station"  # 涉侨法律服务站
    HOME = "home"  # 侨胞之家
    STUDIO = "studio"  # 涉侨纠纷多元化解工作室
    LIAISON_STATION = "liaison_station"  # 人大代表联络站
    PROCURATORATE_STATION = "procuratorate_station"  # 检侨联络站
    ADVISER_COMMITTEE = "adviser_committee"  # 法律顾问委员会
    SERVICE_CENTRE = "service_centre"  # 服务中心（税务、健康、公共法律）
    PARTNER = "partner"  # 助侨服务联盟成员
    ASSOCIATION = "association"  # 海外侨团


AWAITED = (
    OrganisationKind.FEDERATION,
    OrganisationKind.HOME,
    OrganisationKind.LEGAL_STATION,
    OrganisationKind.PARTY_POINT,
)
"""What a network that reaches everybody has in each township: where one is missing, the coverage names the gap."""

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
PHONE = re.compile(r"\+?[0-9][0-9 ()（）\-/转,，、]{2,38}")
LONGEST_PATH = 400
NAME_LANGUAGES = ("zh-Hans", "zh-Hant", "en", "es", "pt")


class Loop(Exception):
    """Somebody would lie below themselves; `codes` is the ring, or the end of a line that is too long."""

    def __init__(self, *codes: str) -> None:
        self.codes = codes
        super().__init__(" > ".join(codes))


def paths(parents: Mapping[str, str]) -> dict[str, str]:
    """Return the line of codes of each from {code: code above, or ""}; those above are among the codes.

    Raises Loop.
    """
    found: dict[str, str] = {}
    for code in parents:
        line: list[str] = []
        at = code
        while at and at not in found:
            if at in line:
                raise Loop(*line[line.index(at) :])
            line.append(at)
            at = parents[at]
        for one in reversed(line):
            found[one] = f"{found.get(parents[one], '/')}{one}/"
            if len(found[one]) > LONGEST_PATH:
                raise Loop(one)
    return found
