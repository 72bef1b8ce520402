"""The letter by which a federation recommends somebody for a pool that others appoint: Chinese, official layout."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import translation

from qiaoqiao.access.links import make_link
from qiaoqiao.casework.notices import long_date
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.pools.models import Nomination, PoolMember
from qiaoqiao.community.pools.rules import POOLS, PoolKind
from qiaoqiao.community.pools.wording import EDUCATION, KINDS, said
from qiaoqiao.gateways.printing import Block, NoticeSheet, Verification, print_notice
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.parties.wording import LANGUAGES, SEXES

CHINESE = "zh-hans"
LETTER, CHECKED = "letter", timedelta(days=3 * 365)
"""The purpose of the link on a letter, and for how long it can be checked."""
ADDRESSEES = {
    PoolKind.PEOPLE_SUPERVISOR: "司法局",
    PoolKind.INVITED_MEDIATOR: "人民法院",
    PoolKind.ARBITRATOR: "仲裁委员会",
    PoolKind.PEOPLE_MEDIATOR: "人民调解委员会",
}


def recommendation(member: PoolMember, nomination: Nomination) -> bytes:
    """The letter as PDF/A. It names what the receiving body judges by, and nothing else of the person."""
    with translation.override(CHINESE):
        return print_notice(_sheet(member, nomination))


def _sheet(member: PoolMember, nomination: Nomination) -> NoticeSheet:
    kind = PoolKind(member.kind)
    office = member.keeper.names["zh-Hans"]
    title = said(KINDS, kind)
    law = POOLS[kind].law
    basis = f"根据《{law.title}》，" if law else ""
    paragraphs = [f"{basis}我单位推荐{member.name}为{title}人选，现将有关情况函告如下，请予审查。"]
    if nomination.reason:
        paragraphs.append(f"推荐理由：{nomination.reason}")
    return NoticeSheet(
        office=office,
        number=nomination.number,
        title=f"关于推荐{title}人选的函",
        addressee=ADDRESSEES.get(kind, "有关单位"),
        paragraphs=paragraphs,
        closing="特此函告。",
        signed_by=office,
        dated=long_date(nomination.nominated_on, CHINESE),
        verification=Verification(nomination.number, link_of(member, nomination)),
        blocks=[Block("人选基本情况", "facts", _facts(member))],
        language=CHINESE,
        demo=settings.DEMO,
    )


def link_of(member: PoolMember, nomination: Nomination) -> str:
    """Where the receiving body sees that the letter is the office's own."""
    begun = datetime.combine(nomination.nominated_on, time.min, tzinfo=SHANGHAI)
    return f"{settings.PUBLIC_URL}/letters/{make_link(LETTER, member.pk, until=begun + CHECKED)}/"


def _facts(member: PoolMember) -> list[list[str]]:
    rows = [
        ("姓名", member.name),
        ("性别", said(SEXES, member.sex)),
        ("出生", member.born),
        ("国籍", country_name(member.nationality, CHINESE)),
        ("学历", said(EDUCATION, member.education)),
        ("语言", "、".join(said(LANGUAGES, one) for one in member.languages)),
        ("联系电话", member.phone),
    ]
    return [[label, value] for label, value in rows if value]
