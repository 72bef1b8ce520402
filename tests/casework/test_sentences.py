"""What happened, in sentences: for every kind of entry, for staff and for the person, also when facts are gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from qiaoqiao.casework.sentences import Known, Step, Teller, sentence, tell, unsaid
from qiaoqiao.catalogue.loader import current, entry

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
KNOWN = Known(
    offices={"ts": "台山市侨务局", "wu": "台山市公安局"},
    officers={"staff:7": "陈主任"},
    papers={"p1": "护照"},
)
KINDS = (
    "filed accepted:lead offered:police declined:police answered:police paper paper.judged notice served:receipt "
    "served.again fault extended:licence_decide:10 closed rated not_solved looked handed message.person message.office "
    "message.internal code ledger.facts_erased"
).split()


def step(kind: str, *, actor: str = "staff:7", at: datetime = AT, **facts: object) -> Step:
    return Step(1, kind, actor, "ts", at, facts)


def teller(audience: str = "staff", language: str = "zh-hans") -> Teller:
    return Teller(entry("settlement"), language, KNOWN, audience)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en", "es", "pt"])
def test_every_kind_has_a_sentence_even_when_its_facts_are_erased(kind: str, language: str) -> None:
    with translation.override(language):
        said = sentence(step(kind), teller(language=language))
    assert said.title.strip()
    assert "有一项记录" not in said.title
    assert said.title != kind


def test_every_event_of_every_entry_has_a_sentence() -> None:
    events = {event for one in current() for limit in one.limits for event in (*limit.starts, *limit.ends)}
    events |= {f"move:{move.id}" for one in current() for move in one.moves}
    assert unsaid(events | set(KINDS)) == set()
    assert unsaid({"made.up"}) == {"made.up"}


def test_a_move_is_told_by_its_name_what_it_did_and_what_was_answered() -> None:
    made = step(
        "move:one_time_notice",
        answers={"missing": ["passport"], "supplement_by": "2026-03-20", "note": "请补"},
    )
    said = sentence(made, teller())
    assert said.title == "一次告知补正"
    assert said.lines[0] == "已一次告知全部需要补正的材料"
    assert "请在此日前补交：2026年3月20日" in said.lines
    assert any("有效的中国护照或旅行证" in line for line in said.lines)


def test_what_one_person_did_in_one_moment_is_told_together_newest_first() -> None:
    steps = [
        step("filed", actor="person", channel="web", reference="QQ26-1"),
        step("accepted:lead", actor="person", office="ts"),
        step("move:accept", at=AT + timedelta(days=1), answers={}),
    ]
    told = tell(steps, teller())
    assert [one.title for one in told] == ["受理", "网上提出申请"]
    assert told[1].text.splitlines() == ["登记编号 QQ26-1", "台山市侨务局接收，负责办理"]
    assert told[0].by == "台山市侨务局 陈主任"


def test_the_person_reads_offices_not_officers_and_nothing_internal() -> None:
    steps = [
        step("move:accept", answers={}),
        step("message.internal", at=AT + timedelta(hours=1)),
        step("fault", at=AT + timedelta(hours=2), fault="second_request"),
        step("handed", at=AT + timedelta(hours=3), officer="陈主任"),
        step("declined:police", at=AT + timedelta(hours=4), reason="不在本辖区"),
        step("notice", at=AT + timedelta(hours=5), notice="consultation_letter", number="台侨函〔2026〕1号"),
    ]
    told = tell(steps, teller("person"))
    assert len(told) == 2
    words = " ".join(f"{one.title} {one.by} {one.text}" for one in told)
    assert "陈主任" not in words
    assert "不在本辖区" not in words
    assert "台侨函" not in words
    assert "受理" in words


def test_answers_that_are_not_for_the_person_stay_away_from_them() -> None:
    hidden = [
        (one.id, move.id, ask.id)
        for one in current()
        for move in one.moves
        for ask in move.asks
        if not ask.told
    ]
    assert hidden
    service, move, ask = hidden[0]
    made = Step(1, f"move:{move}", "staff:7", "ts", AT, {"answers": {ask: "只给单位看的话"}})
    for audience, visible in (("staff", True), ("person", False)):
        said = sentence(made, Teller(entry(service), "zh-hans", KNOWN, audience))  # type: ignore[arg-type]
        assert ("只给单位看的话" in " ".join(said.lines)) is visible


def test_an_unknown_kind_is_shown_to_staff_only() -> None:
    assert "made.up" in sentence(step("made.up"), teller()).title
    assert tell([step("made.up")], teller("person")) == []
