"""What organisations there are."""

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
