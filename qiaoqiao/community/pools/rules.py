"""Who may be in which pool, for how long, beside which other posts: LAW §16 as tables. Knows no database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qiaoqiao.clock.calendar import Calendar
from qiaoqiao.clock.rules import Term, Unit, reckon


class PoolKind(StrEnum):
    """Kinds of pool; Chinese names in docs/glossary.md."""

    ADVISER = "adviser"  # 法律顾问
    PEOPLE_MEDIATOR = "people_mediator"  # 人民调解员
    INVITED_MEDIATOR = "invited_mediator"  # 特邀调解员
    ARBITRATOR = "arbitrator"  # 仲裁员
    PEOPLE_SUPERVISOR = "people_supervisor"  # 人民监督员
    INTERPRETER = "interpreter"  # 译员


class PoolState(StrEnum):
    """Where somebody stands between being named and having left."""

    NOMINATED = "nominated"
    REVIEWED = "reviewed"
    PUBLIC_NOTICE = "public_notice"
    APPOINTED = "appointed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REMOVED = "removed"
    RESIGNED = "resigned"
    REFUSED = "refused"


S = PoolState
MOVES: Mapping[PoolState, frozenset[PoolState]] = {
    S.NOMINATED: frozenset({S.REVIEWED, S.REFUSED, S.RESIGNED}),
    S.REVIEWED: frozenset({S.PUBLIC_NOTICE, S.APPOINTED, S.ACTIVE, S.REFUSED, S.RESIGNED}),
    S.PUBLIC_NOTICE: frozenset({S.APPOINTED, S.ACTIVE, S.REFUSED, S.RESIGNED}),
    S.APPOINTED: frozenset({S.ACTIVE, S.REMOVED, S.RESIGNED}),
    S.ACTIVE: frozenset({S.SUSPENDED, S.EXPIRED, S.REMOVED, S.RESIGNED, S.ACTIVE}),
    S.SUSPENDED: frozenset({S.ACTIVE, S.EXPIRED, S.REMOVED, S.RESIGNED}),
    S.EXPIRED: frozenset({S.NOMINATED, S.APPOINTED, S.ACTIVE}),
    S.REMOVED: frozenset(),
    S.RESIGNED: frozenset({S.NOMINATED}),
    S.REFUSED: frozenset({S.NOMINATED}),
}
CANDIDATES = frozenset({S.NOMINATED, S.REVIEWED, S.PUBLIC_NOTICE})
IN_OFFICE = frozenset({S.APPOINTED, S.ACTIVE, S.SUSPENDED})

EDUCATION = ("below_high_school", "high_school", "college", "bachelor", "postgraduate")
"""Levels of education, lowest first."""

OTHER_POSTS = (
    "standing_committee",
    "supervision_official",
    "supervision_staff",
    "judge",
    "court_staff",
    "prosecutor",
    "procuratorate_staff",
    "police",
    "state_security",
    "justice_staff",
    "assessor",
    "supervisor_elsewhere",
    "deputy",
    "lawyer",
    "teacher",
    "company",
    "association",
    "other",
)
"""What else somebody is. The first twelve exclude from some pool; the last six are kept for conflicts."""

IN_SERVICE = frozenset(
    {
        "supervision_official", "supervision_staff", "judge", "court_staff", "prosecutor", "procuratorate_staff",
        "police", "state_security", "justice_staff",
    }
)  # fmt: skip

ARBITRATOR_GROUNDS: Mapping[str, int] = {
    "legal_and_arbitration": 8,
    "lawyer": 8,
    "former_judge_or_prosecutor": 8,
    "law_research_senior": 0,
    "expert_senior": 0,
}
"""The five ways to become an arbitrator, and the years of work each asks for."""

QUALIFICATIONS = (
    *ARBITRATOR_GROUNDS,
    "legal_worker",
    "mediation_training",
    "interpreting",
    "teaching",
    "other",
)

ROLES = ("adviser", "mediator", "interpreter", "arbitrator", "supervisor", "assessor", "agent", "witness")
"""What somebody of a pool may be in one case."""
USUAL_ROLE: Mapping[str, str] = {
    "adviser": "adviser", "people_mediator": "mediator", "invited_mediator": "mediator",
    "arbitrator": "arbitrator", "people_supervisor": "supervisor", "interpreter": "interpreter",
}  # fmt: skip
NEVER_WITH_MEDIATING = frozenset({"assessor", "agent", "witness"})
PARTS_OF_DAY = ("morning", "afternoon", "evening")
NEW_BEGINNING = "new_beginning_days"
"""Setting of an office: after how many days out of office the terms in a row may be counted anew."""
WARN_DAYS = {"warn_first_days": 180, "warn_second_days": 90, "warn_last_days": 30}
"""Settings of an office, and their values where it has none: days before a term ends on which it is told."""


@dataclass(frozen=True)
class Law:
    """A provision: its Chinese title and article."""

    title: str
    article: str = ""


SUPERVISORS = Law("人民监督员选任管理办法")
PEOPLES_MEDIATION = Law("人民调解法")
INVITED_MEDIATION = Law("最高人民法院关于人民法院特邀调解的规定")
ARBITRATION = Law("仲裁法")


@dataclass(frozen=True)
class Pool:
    """One kind of pool as its law has it.

    `years` is the term of office, None where the law gives none; then `years_setting` names the number that an
    office may set (a charter's). `announced` is the least time, in working days, for which the call for
    candidates stood; `published` says that candidates are made public before appointment, for as many days as
    the office sets.
    """

    law: Law | None
    appointed_by: frozenset[str]
    age: int = 0
    education: str = ""
    citizens_only: bool = False
    grounds: Mapping[str, int] = field(default_factory=dict)
    years: int | None = None
    years_setting: str = ""
    most_terms: int | None = None
    announced: int = 0
    published: bool = False
    excluded: frozenset[str] = frozenset()
    articles: Mapping[str, str] = field(default_factory=dict)

    def cites(self, what: str) -> Law | None:
        """The provision on one matter: `conditions`, `term`, `excluded`, `appointed`, `removed`."""
        return self.law and Law(self.law.title, self.articles.get(what, ""))


POOLS: Mapping[PoolKind, Pool] = {
    PoolKind.PEOPLE_SUPERVISOR: Pool(
        law=SUPERVISORS,
        appointed_by=frozenset({"justice"}),
        age=23,
        education="high_school",
        citizens_only=True,
        years=5,
        most_terms=2,
        announced=20,
        published=True,
        excluded=IN_SERVICE | {"standing_committee", "assessor", "supervisor_elsewhere"},
    ),
    PoolKind.PEOPLE_MEDIATOR: Pool(
        law=PEOPLES_MEDIATION,
        appointed_by=frozenset({"mediation", "village", "township", "federation"}),
        age=18,
        years=3,
        articles={"conditions": "14", "appointed": "13", "term": "9", "removed": "15"},
    ),
    PoolKind.INVITED_MEDIATOR: Pool(law=INVITED_MEDIATION, appointed_by=frozenset({"court"})),
    PoolKind.ARBITRATOR: Pool(
        law=ARBITRATION,
        appointed_by=frozenset({"arbitration"}),
        grounds=ARBITRATOR_GROUNDS,
        years_setting="arbitrator_years",
        excluded=frozenset({"supervision_official", "judge", "prosecutor"}),
        articles={"conditions": "22", "appointed": "22", "excluded": "22", "removed": "23"},
    ),
    PoolKind.ADVISER: Pool(
        law=None, appointed_by=frozenset({"federation", "overseas_affairs"}), years_setting="adviser_years"
    ),
    PoolKind.INTERPRETER: Pool(
        law=None,
        appointed_by=frozenset({"federation", "overseas_affairs", "court", "justice", "tax", "exit_entry_police"}),
        years_setting="interpreter_years",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """What the conditions are judged by. `born` is YYYY, YYYY-MM or YYYY-MM-DD, `nationality` ISO 3166-1."""

    born: str = ""
    nationality: str = ""
    education: str = ""
    ground: str = ""
    ground_years: int = 0
    posts: Collection[str] = ()


@dataclass(frozen=True)
class Unmet:
    """A condition that is not met: in which field of the form, which one, its number, and the law."""

    field: str
    why: str
    law: Law | None
    least: int = 0
    detail: str = ""


def unmet(kind: PoolKind, candidate: Candidate, *, on: date) -> list[Unmet]:
    """Return every condition of the pool that the candidate does not meet on a day; [] when all are."""
    pool = POOLS[kind]
    conditions = pool.cites("conditions")
    found = []
    if pool.citizens_only and candidate.nationality != "CN":
        found.append(Unmet("nationality", "citizens_only", conditions))
    if pool.age:
        age = least_age(candidate.born, on=on)
        if age is None:
            found.append(Unmet("born", "born_unknown", conditions, pool.age))
        elif age < pool.age:
            found.append(Unmet("born", "too_young", conditions, pool.age))
    if pool.education and not reaches(candidate.education, pool.education):
        found.append(Unmet("education", "education", conditions, detail=pool.education))
    if pool.grounds and candidate.ground not in pool.grounds:
        found.append(Unmet("ground", "no_ground", conditions))
    elif pool.grounds and candidate.ground_years < pool.grounds[candidate.ground]:
        found.append(Unmet("ground_years", "too_few_years", conditions, pool.grounds[candidate.ground]))
    excluding = pool.cites("excluded")
    return found + [
        Unmet("posts", "excluded", excluding, detail=post) for post in excluded_by(kind, candidate.posts)
    ]


def excluded_by(kind: PoolKind, posts: Collection[str]) -> list[str]:
    """Those of somebody's posts beside which they may not be in this pool, in the table's order."""
    return [post for post in OTHER_POSTS if post in posts and post in POOLS[kind].excluded]


def least_age(born: str, *, on: date) -> int | None:
    """How old somebody is at least, in full years; None when the year is not known. A bare year counts its last day."""
    parts = [int(part) for part in born.split("-") if part.isdecimal()]
    if not parts:
        return None
    month, day_ = ([*parts[1:], 31] if len(parts) > 1 else [12, 31])[:2]
    return on.year - parts[0] - ((on.month, on.day) < (month, day_))


def reaches(education: str, least: str) -> bool:
    return education in EDUCATION and EDUCATION.index(education) >= EDUCATION.index(least)


class MoveRefused(Exception):
    """The member does not stand where this step begins."""

    def __init__(self, current: PoolState, wanted: PoolState) -> None:
        self.current, self.wanted = current, wanted
        super().__init__(f"{current} -> {wanted}")


class PoolRefused(Exception):
    """The law of the pool does not allow it: which condition, its number, the provision."""

    def __init__(self, *unmet: Unmet) -> None:
        self.unmet = unmet
        super().__init__(", ".join(f"{one.why} {one.detail}".strip() for one in unmet))


def check_move(current: str, wanted: PoolState) -> None:
    """Raises MoveRefused."""
    if wanted not in MOVES[PoolState(current)]:
        raise MoveRefused(PoolState(current), wanted)


def check_appointing(kind: PoolKind, office_kind: str) -> None:
    """A federation recommends people's supervisors; others appoint them. Raises PoolRefused."""
    pool = POOLS[kind]
    if office_kind not in pool.appointed_by:
        raise PoolRefused(Unmet("by", "not_theirs_to_appoint", pool.cites("appointed")))


def next_term(kind: PoolKind, before: int) -> int:
    """The number of the term after `before` consecutive ones. Raises PoolRefused past the law's limit."""
    most = POOLS[kind].most_terms
    if most is not None and before >= most:
        raise PoolRefused(Unmet("starts_on", "terms_spent", POOLS[kind].cites("term"), most))
    return before + 1


def consecutive(
    last_number: int, last_end: date | None, starts_on: date, *, anew: bool = False, gap: int | None = None
) -> int:
    """How many terms in a row lie before a day; 0 only when somebody confirms a new beginning (`anew`).

    The law does not say how long one must have been out of office for that, so `gap` is the office's own number
    of days, and while it has none, every term counts on. Raises PoolRefused.
    """
    if last_end is None:
        return 0
    if not anew:
        return last_number
    if not gap:
        raise PoolRefused(Unmet("anew", "no_gap_set", None))
    if (starts_on - last_end).days <= gap:
        raise PoolRefused(Unmet("anew", "gap_too_short", None, gap))
    return 0


def check_joined(running_until: date | None, starts_on: date) -> None:
    """Who is in office has no day between two terms. Raises PoolRefused."""
    if running_until is not None and (starts_on - running_until).days > 1:
        raise PoolRefused(Unmet("starts_on", "not_joined", None))


def ends_on(
    kind: PoolKind, starts_on: date, numbers: Mapping[str, int], *, calendar: Calendar
) -> date | None:
    """The last day of a term: the day before its corresponding day; None where neither law nor office set one."""
    pool = POOLS[kind]
    years = pool.years or numbers.get(pool.years_setting)
    if not years:
        return None
    end = reckon(Term(years, Unit.YEAR, rolls=False), starts_on, calendar=calendar).due_on
    return date.fromordinal(end.toordinal() - 1) if end else None


def announcement_ends(kind: PoolKind, since: date, *, calendar: Calendar) -> date | None:
    """The first day on which the call for candidates has stood long enough; None where none is required."""
    days = POOLS[kind].announced
    return reckon(Term(days, Unit.WORKING_DAY), since, calendar=calendar).due_on if days else None


def check_announcement(kind: PoolKind, since: date | None, until: date | None, *, calendar: Calendar) -> None:
    """Raises PoolRefused when the call for candidates stood too short."""
    pool = POOLS[kind]
    ends = announcement_ends(kind, since, calendar=calendar) if since else None
    if pool.announced and (ends is None or until is None or until < ends):
        raise PoolRefused(Unmet("announced_until", "announced_too_short", pool.law, pool.announced))


def check_role(role: str, others: Collection[str]) -> None:
    """Whoever mediates a case is never its assessor, agent or witness. Raises PoolRefused."""
    clash = ({role} | set(others)) & NEVER_WITH_MEDIATING
    if clash and "mediator" in {role, *others}:
        raise PoolRefused(Unmet("role", "same_case", INVITED_MEDIATION, detail=sorted(clash)[0]))


def warned_at(days_left: int, numbers: Mapping[str, int]) -> int | None:
    """The nearest threshold that so many days left have reached, in days; None while the end is far or past."""
    thresholds = [numbers.get(name, days) for name, days in WARN_DAYS.items()]
    return min((one for one in thresholds if 0 <= days_left <= one), default=None)
