"""What the fixed words of the pools are called for people, and why something is refused; tokens stand in `rules`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from qiaoqiao.community.pools.rules import Law, PoolState, Unmet

Wording = Mapping[str, Any]

KINDS: Wording = {
    "adviser": _("法律顾问"),
    "people_mediator": _("人民调解员"),
    "invited_mediator": _("特邀调解员"),
    "arbitrator": _("仲裁员"),
    "people_supervisor": _("人民监督员"),
    "interpreter": _("译员"),
}
STATES: Wording = {
    "nominated": _("已提名"),
    "reviewed": _("已审查"),
    "public_notice": _("公示中"),
    "appointed": _("已任命，未到任"),
    "active": _("在任"),
    "suspended": _("暂停履职"),
    "expired": _("任期已满"),
    "removed": _("已免去"),
    "resigned": _("已辞任"),
    "refused": _("提名未通过"),
}
NOMINATION_STATES: Wording = {**STATES, "appointed": _("已任命")}
SHAPES: Mapping[str, str] = {
    "nominated": "waiting", "reviewed": "waiting", "public_notice": "waiting", "appointed": "provisional",
    "active": "done", "suspended": "paused", "expired": "overdue", "removed": "plain", "resigned": "plain",
    "refused": "plain",
}  # fmt: skip
EDUCATION: Wording = {
    "below_high_school": _("初中及以下"),
    "high_school": _("高中、中专"),
    "college": _("大专"),
    "bachelor": _("本科"),
    "postgraduate": _("研究生"),
}
POSTS: Wording = {
    "standing_committee": _("人大常委会组成人员"),
    "supervision_official": _("监察官"),
    "supervision_staff": _("监察机关在职人员"),
    "judge": _("法官"),
    "court_staff": _("法院在职人员"),
    "prosecutor": _("检察官"),
    "procuratorate_staff": _("检察院在职人员"),
    "police": _("公安机关在职人员"),
    "state_security": _("国家安全机关在职人员"),
    "justice_staff": _("司法行政机关在职人员"),
    "assessor": _("人民陪审员"),
    "supervisor_elsewhere": _("另一检察院的人民监督员"),
    "deputy": _("人大代表、政协委员"),
    "lawyer": _("律师"),
    "teacher": _("教学、研究人员"),
    "company": _("企业任职"),
    "association": _("社团任职"),
    "other": _("其他任职"),
}
QUALIFICATIONS: Wording = {
    "legal_and_arbitration": _("通过法律职业资格考试并从事仲裁工作"),
    "lawyer": _("从事律师工作"),
    "former_judge_or_prosecutor": _("曾任法官、检察官"),
    "law_research_senior": _("从事法律研究、教学，具有高级职称"),
    "expert_senior": _("有法律知识，从事专业工作，具有高级职称或同等水平"),
    "legal_worker": _("基层法律服务执业"),
    "mediation_training": _("调解员培训合格"),
    "interpreting": _("翻译资格"),
    "teaching": _("教学资格"),
    "other": _("其他资格"),
}
SPECIALTIES: Wording = {
    "house": _("侨房、不动产"),
    "inheritance": _("继承"),
    "family": _("婚姻家庭"),
    "contract": _("合同、投资"),
    "labour": _("劳动"),
    "criminal": _("刑事"),
    "administrative": _("行政"),
    "intellectual_property": _("知识产权"),
    "tax": _("税务"),
    "nationality": _("国籍、出入境"),
    "foreign_law": _("外国法"),
    "village": _("邻里、宗族、山林土地"),
}
ROLES: Wording = {
    "adviser": _("顾问"),
    "mediator": _("调解"),
    "interpreter": _("翻译"),
    "arbitrator": _("仲裁"),
    "supervisor": _("监督"),
    "assessor": _("陪审"),
    "agent": _("代理人"),
    "witness": _("证人"),
}
PARTS: Wording = {"morning": _("上午"), "afternoon": _("下午"), "evening": _("晚上")}
NOMINATED_BY: Wording = {
    "federation": _("侨联推荐"),
    "self": _("本人申请"),
    "employer": _("所在单位推荐"),
    "organisation": _("其他人民团体、组织推荐"),
}
STEPS: Wording = {
    "review": _("审查通过"),
    "publish": _("公示"),
    "appoint": _("登记任命"),
    "refuse": _("提名未通过"),
    "renew": _("续任"),
    "suspend": _("暂停履职"),
    "resume": _("恢复履职"),
    "remove": _("免去"),
    "resign": _("辞任"),
    "nominate": _("再次提名"),
    "qualification": _("添一项资格"),
    "training": _("登记培训"),
    "post": _("登记任职"),
    "engagement": _("交一件事"),
    "change": _("修改联系方式和专长"),
}
WHY_NOT: Wording = {
    "conflict": _("在一方单位任职，应当回避"),
    "suspended": _("暂停履职"),
    "term_over": _("任期已满"),
    "language": _("不会说这种语言"),
    "specialty": _("没有这项专长"),
    "busy": _("手上的事已满"),
}


def said(wording: Wording, token: str) -> str:
    """What a token is called; one without words stands as it is, so that nothing disappears."""
    return str(wording.get(token, token)) if token else ""


def cited(law: Law | None) -> str:
    """The provision as people cite it; nothing where there is none."""
    if law is None:
        return ""
    if law.article:
        return _now("（依据《%(law)s》第 %(article)s 条）") % {"law": law.title, "article": law.article}
    return _now("（依据《%(law)s》）") % {"law": law.title}


def refusal(unmet: Unmet) -> str:
    """Why the law of a pool does not allow something, with the provision, and what one can do."""
    given = {"least": unmet.least, "detail": _detail(unmet)}
    return str(REFUSALS[unmet.why]() % given) + cited(unmet.law)


def _detail(unmet: Unmet) -> str:
    words = {"excluded": POSTS, "education": EDUCATION, "same_case": ROLES}.get(unmet.why, {})
    return said(words, unmet.detail)


REFUSALS: Mapping[str, Any] = {
    "citizens_only": lambda: _now("必须是中国公民。"),
    "born_unknown": lambda: _now("要满 %(least)d 周岁，请写出生日期。"),
    "too_young": lambda: _now("要满 %(least)d 周岁。"),
    "education": lambda: _now("学历要在%(detail)s以上。"),
    "no_ground": lambda: _now("五项条件要符合一项，请选择。"),
    "too_few_years": lambda: _now("这一项要满 %(least)d 年。"),
    "excluded": lambda: _now("“%(detail)s”不能同时担任。请先暂停或免去，或者等这项任职结束。"),
    "not_theirs_to_appoint": lambda: _now("这个单位不能任命，只能推荐。请选有权任命的单位。"),
    "terms_spent": lambda: _now("已经连任 %(least)d 届，不能再连任。"),
    "before_last_end": lambda: _now("新的任期要在上一任期之后开始。"),
    "not_joined": lambda: _now("现在还在任，新的任期要在本届届满的第二天开始，或者更早。"),
    "no_gap_set": lambda: _now("法律没有写隔多久可以重新计算届数，本单位也还没有设定天数，不能重新计算。"),
    "gap_too_short": lambda: _now("离上一任期结束不到 %(least)d 天（本单位设定），届数不能重新计算。"),
    "announced_too_short": lambda: _now("选任公告至少要 %(least)d 个工作日，请写公告的起止日期。"),
    "notice_too_short": lambda: _now(
        "公示至少要 %(least)d 个工作日（本单位设定），结束日期不能早于开始日期。"
    ),
    "notice_runs": lambda: _now("公示还没有结束，不能任命。"),
    "same_case": lambda: _now("调解员不能在同一件事里又当“%(detail)s”，反过来也一样。"),
}


def stands_wrong(state: PoolState) -> str:
    """Why a step is not open now."""
    return _now("这位成员现在是“%(state)s”，不能办这一步。请重新打开这一页。") % {
        "state": said(STATES, state)
    }
