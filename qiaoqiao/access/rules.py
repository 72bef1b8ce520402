"""Who may do what, decided without a database."""

from enum import StrEnum


class OfficeKind(StrEnum):
    """Kinds of office that can take a seat at a case; Chinese names in docs/glossary.md."""

    FEDERATION = "federation"  # 侨联
    OVERSEAS_AFFAIRS = "overseas_affairs"  # 侨务部门
    EXIT_ENTRY_POLICE = "exit_entry_police"  # 公安出入境管理
    PETITION_OFFICE = "petition_office"  # 信访局
    DISCIPLINE = "discipline"  # 纪检监察
    EDUCATION = "education"  # 教育局
    HOUSING = "housing"  # 住房和城乡建设局
    NATURAL_RESOURCES = "natural_resources"  # 自然资源局
    HUMAN_RESOURCES = "human_resources"  # 人力资源和社会保障局
    CIVIL_AFFAIRS = "civil_affairs"  # 民政局
    HEALTH = "health"  # 卫生健康局
    JUSTICE = "justice"  # 司法局
    TAX = "tax"  # 税务局
    COURT = "court"  # 法院
    PROCURATORATE = "procuratorate"  # 检察院
    TOWNSHIP = "township"  # 镇政府、街道办事处
    VILLAGE = "village"  # 村、社区的侨胞之家
    SCHOOL = "school"  # 学校
    HOUSEHOLD_POLICE = "household_police"  # 公安户政
    LEGAL_AID = "legal_aid"  # 法律援助中心
    LEGAL_SERVICE = "legal_service"  # 公共法律服务中心
    NOTARY = "notary"  # 公证处
    MEDIATION = "mediation"  # 涉侨纠纷多元化解工作室
    ARBITRATION = "arbitration"  # 仲裁委员会
    HOSPITAL = "hospital"  # 医院（华侨华人健康管理中心）
    CONGRESS_COMMITTEE = "congress_committee"  # 人大侨务委员会
    CONSULTATIVE_COMMITTEE = "consultative_committee"  # 政协港澳台侨委员会
    ZHIGONG = "zhigong"  # 致公党


class Level(StrEnum):
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class PostRole(StrEnum):
    """What a post lets its holder do in its office; `head` also reads the offices below."""

    CLERK = "clerk"
    HANDLER = "handler"
    HEAD = "head"
    KEEPER = "keeper"


class Permission(StrEnum):
    """What a route needs; a door asks with `needs(...)`, the house test finds every route's."""

    PUBLIC = "public"  # anyone
    OWN_CASE = "own_case"  # the person who proved a case by its one-time code
    OWN_FILE = "own_file"  # the person who proved their file by its one-time code
    CASE_READ = "case.read"
    CASE_ACT = "case.act"
    INTAKE = "intake"
    PEOPLE = "people"  # files of people: read with a purpose, keep current
    LINK = "people.link"  # decide whether two files are one person
    ORGANISE = "organise"  # what an office arranges: network, pools, slots, meetings, activities, answers
    FUND = "fund"  # the relief fund; who may do which step of one grant is held by constraints
    HOLDER = "holder"  # whoever holds an expiring signed link to one thing
    FIGURES = "figures"
    KEEP = "keep"
    DEMO = "demo"  # exists only in the demo


GRANTS: dict[PostRole, frozenset[Permission]] = {
    PostRole.CLERK: frozenset(
        {
            Permission.CASE_READ,
            Permission.CASE_ACT,
            Permission.INTAKE,
            Permission.PEOPLE,
            Permission.ORGANISE,
            Permission.FUND,
        }
    ),
    PostRole.HANDLER: frozenset(
        {
            Permission.CASE_READ,
            Permission.CASE_ACT,
            Permission.INTAKE,
            Permission.PEOPLE,
            Permission.LINK,
            Permission.ORGANISE,
            Permission.FUND,
        }
    ),
    PostRole.HEAD: frozenset(
        {
            Permission.CASE_READ,
            Permission.CASE_ACT,
            Permission.INTAKE,
            Permission.FIGURES,
            Permission.PEOPLE,
            Permission.LINK,
            Permission.ORGANISE,
            Permission.FUND,
        }
    ),
    # The keeper runs the installation and reads no case.
    PostRole.KEEPER: frozenset({Permission.KEEP}),
}


def grants(roles: set[PostRole], permission: Permission) -> bool:
    """Say whether any of the roles carries the permission."""
    return any(permission in GRANTS[role] for role in roles)
