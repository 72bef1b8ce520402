"""Conditions, terms and incompatibilities at their edges: LAW §16 by table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.clock.calendar import official
from qiaoqiao.community.pools import rules
from qiaoqiao.community.pools.rules import POOLS, Candidate, PoolKind, PoolRefused, PoolState

ON = date(2026, 3, 2)
SUPERVISOR, ARBITRATOR = PoolKind.PEOPLE_SUPERVISOR, PoolKind.ARBITRATOR
FIT = {"born": "1980-05-01", "nationality": "CN", "education": "high_school"}


def whys(kind: PoolKind, **given: object) -> list[str]:
    return [one.why for one in rules.unmet(kind, Candidate(**given), on=ON)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"born": "2003-03-02"}, []),
        ({"born": "2003-03-03"}, ["too_young"]),
        ({"born": "2003"}, ["too_young"]),
        ({"born": "2002"}, []),
        ({"born": "2003-02"}, []),
        ({"born": "2003-03"}, ["too_young"]),
        ({"born": ""}, ["born_unknown"]),
        ({"nationality": "VE"}, ["citizens_only"]),
        ({"education": "below_high_school"}, ["education"]),
        ({"education": ""}, ["education"]),
        ({"posts": ["assessor", "lawyer"]}, ["excluded"]),
        ({"born": "", "education": "", "posts": ["police", "judge"]}, ["born_unknown", "education", "excluded", "excluded"]),
    ],
)  # fmt: skip
def test_a_supervisor_is_a_citizen_of_23_with_high_school_and_without_excluding_posts(
    changes: dict[str, object], wrong: list[str]
) -> None:
    assert whys(SUPERVISOR, **(FIT | changes)) == wrong


@pytest.mark.parametrize("post", sorted(POOLS[SUPERVISOR].excluded))
def test_each_post_that_the_law_names_excludes_from_being_a_supervisor(post: str) -> None:
    assert rules.excluded_by(SUPERVISOR, ["lawyer", post]) == [post]


def test_what_excludes_a_supervisor_does_not_all_exclude_an_arbitrator() -> None:
    excluded = rules.excluded_by(ARBITRATOR, rules.OTHER_POSTS)
    assert excluded == ["supervision_official", "judge", "prosecutor"]


@pytest.mark.parametrize(
    ("ground", "years", "wrong"),
    [
        ("lawyer", 8, []),
        ("lawyer", 7, ["too_few_years"]),
        ("legal_and_arbitration", 8, []),
        ("former_judge_or_prosecutor", 7, ["too_few_years"]),
        ("law_research_senior", 0, []),
        ("expert_senior", 0, []),
        ("teaching", 30, ["no_ground"]),
        ("", 0, ["no_ground"]),
    ],
)
def test_an_arbitrator_meets_one_of_five_grounds(ground: str, years: int, wrong: list[str]) -> None:
    assert whys(ARBITRATOR, nationality="BR", ground=ground, ground_years=years) == wrong


def test_a_people_mediator_is_of_age() -> None:
    assert whys(PoolKind.PEOPLE_MEDIATOR, born="2008-03-02") == []
    assert whys(PoolKind.PEOPLE_MEDIATOR, born="2008-03-03") == ["too_young"]


def test_a_federation_only_recommends_supervisors_and_appoints_its_own_advisers() -> None:
    rules.check_appointing(SUPERVISOR, "justice")
    rules.check_appointing(PoolKind.ADVISER, "federation")
    for kind in (SUPERVISOR, ARBITRATOR, PoolKind.INVITED_MEDIATOR):
        with pytest.raises(PoolRefused):
            rules.check_appointing(kind, "federation")


@pytest.mark.parametrize(
    ("kind", "starts", "numbers", "ends"),
    [
        (SUPERVISOR, date(2026, 3, 2), {}, date(2031, 3, 1)),
        (SUPERVISOR, date(2024, 2, 29), {}, date(2029, 2, 27)),
        (PoolKind.PEOPLE_MEDIATOR, date(2026, 1, 1), {}, date(2028, 12, 31)),
        (PoolKind.INVITED_MEDIATOR, date(2026, 1, 1), {"arbitrator_years": 3}, None),
        (ARBITRATOR, date(2026, 1, 1), {}, None),
        (ARBITRATOR, date(2026, 1, 1), {"arbitrator_years": 4}, date(2029, 12, 31)),
    ],
)
def test_a_term_ends_as_the_law_or_the_charter_has_it(
    kind: PoolKind, starts: date, numbers: dict[str, int], ends: date | None
) -> None:
    assert rules.ends_on(kind, starts, numbers, calendar=official()) == ends


def test_a_supervisor_serves_two_terms_in_a_row() -> None:
    assert [rules.next_term(SUPERVISOR, before) for before in (0, 1)] == [1, 2]
    with pytest.raises(PoolRefused) as refused:
        rules.next_term(SUPERVISOR, 2)
    assert refused.value.unmet[0].law == rules.SUPERVISORS
    assert rules.next_term(PoolKind.PEOPLE_MEDIATOR, 9) == 10


@pytest.mark.parametrize(
    ("starts", "anew", "gap", "counted"),
    [
        (date(2026, 3, 2), False, None, 2),
        (date(2026, 3, 3), False, None, 2),  # one day without office is no new beginning
        (date(2036, 3, 3), False, 365, 2),  # nobody confirmed it
        (date(2036, 3, 3), True, None, "no_gap_set"),
        (date(2027, 3, 1), True, 365, "gap_too_short"),  # 364 days lie between
        (date(2027, 3, 2), True, 365, 0),
    ],
)
def test_terms_count_on_until_the_offices_own_gap_is_past_and_somebody_confirms_a_new_beginning(
    starts: date, anew: bool, gap: int | None, counted: int | str
) -> None:
    if isinstance(counted, str):
        with pytest.raises(PoolRefused) as refused:
            rules.consecutive(2, date(2026, 3, 1), starts, anew=anew, gap=gap)
        assert refused.value.unmet[0].why == counted
    else:
        assert rules.consecutive(2, date(2026, 3, 1), starts, anew=anew, gap=gap) == counted
    assert rules.consecutive(0, None, starts, anew=anew, gap=gap) == 0


@pytest.mark.parametrize(
    ("until", "joined"),
    [(None, True), (date(2026, 3, 2), True), (date(2026, 3, 1), True), (date(2026, 2, 28), False)],
)
def test_a_renewal_in_office_joins_the_term_before_it(until: date | None, joined: bool) -> None:
    if joined:
        rules.check_joined(until, ON)
    else:
        with pytest.raises(PoolRefused) as refused:
            rules.check_joined(until, ON)
        assert refused.value.unmet[0].why == "not_joined"


@pytest.mark.parametrize(
    ("until", "enough"), [(date(2026, 3, 27), False), (date(2026, 3, 30), True), (date(2026, 3, 31), True)]
)
def test_the_call_for_supervisors_stands_twenty_working_days(until: date, enough: bool) -> None:
    since = date(2026, 3, 2)
    assert rules.announcement_ends(SUPERVISOR, since, calendar=official()) == date(2026, 3, 30)
    if enough:
        rules.check_announcement(SUPERVISOR, since, until, calendar=official())
    else:
        with pytest.raises(PoolRefused):
            rules.check_announcement(SUPERVISOR, since, until, calendar=official())


def test_a_call_without_days_is_no_call_and_others_need_none() -> None:
    with pytest.raises(PoolRefused):
        rules.check_announcement(SUPERVISOR, None, None, calendar=official())
    rules.check_announcement(ARBITRATOR, None, None, calendar=official())


@pytest.mark.parametrize("role", ["assessor", "agent", "witness"])
def test_who_mediates_a_case_is_nothing_else_in_it(role: str) -> None:
    for one, others in ((role, ["mediator"]), ("mediator", [role])):
        with pytest.raises(PoolRefused):
            rules.check_role(one, others)
    rules.check_role(role, ["interpreter"])
    rules.check_role("mediator", ["interpreter"])


@pytest.mark.parametrize(
    ("left", "numbers", "told"),
    [
        (181, {}, None), (180, {}, 180), (91, {}, 180), (90, {}, 90), (30, {}, 30), (0, {}, 30), (-1, {}, None),
        (200, {"warn_first_days": 365}, 365), (180, {"warn_first_days": 100}, None),
    ],
)  # fmt: skip
def test_an_end_is_told_of_at_the_nearest_threshold(
    left: int, numbers: dict[str, int], told: int | None
) -> None:
    assert rules.warned_at(left, numbers) == told


def test_every_state_leads_somewhere_or_is_the_end_and_none_leads_back_to_nothing() -> None:
    assert set(rules.MOVES) == set(PoolState)
    ends = {state for state, nexts in rules.MOVES.items() if not nexts}
    assert ends == {PoolState.REMOVED}
    assert set().union(*rules.MOVES.values()) == set(PoolState)


@given(year=st.integers(1930, 2010), month=st.integers(1, 12), day=st.integers(1, 28))
def test_what_is_known_less_exactly_never_makes_somebody_older(year: int, month: int, day: int) -> None:
    ages = [
        rules.least_age(text, on=ON)
        for text in (f"{year}", f"{year}-{month:02d}", f"{year}-{month:02d}-{day:02d}")
    ]
    assert ages == sorted(ages)  # type: ignore[type-var]
    assert ages[2] - ages[0] <= 1  # type: ignore[operator]
