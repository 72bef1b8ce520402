"""What a file tells: ages from partial dates, scripts of names, sentences for the officer and for the person."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from qiaoqiao.access.tickets import acting
from qiaoqiao.parties.actions.files import add_facts
from qiaoqiao.parties.models import Document, File, Name
from qiaoqiao.parties.reading import age_of, person_file
from qiaoqiao.parties.sentences import SENTENCES, Step, Teller, sentence, tell, unsaid
from qiaoqiao.workbench.peopleforms import script_of
from tests.cast import Town, as_staff, now_epoch
from tests.workbench.people_town import PAPER, make_person

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("1946-03-02", date(2026, 3, 2), 80),
        ("1946-03-03", date(2026, 3, 2), 79),
        ("1946-03", date(2026, 2, 28), 79),
        ("1946-03", date(2026, 3, 1), 80),
        ("1946", date(2026, 1, 1), 80),
        ("2024-02-29", date(2025, 2, 28), 0),
        ("2024-02-29", date(2025, 3, 1), 1),
        ("", date(2026, 1, 1), None),
        ("nonsense", date(2026, 1, 1), None),
        ("2030", date(2026, 1, 1), None),
        ("1800", date(2026, 1, 1), None),
    ],
)
def test_age_counts_full_years_and_knows_when_it_does_not_know(born: str, on: date, age: int | None) -> None:
    assert age_of(born, on) == age


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("陈玉莲", "hans"), ("陳玉蓮", "hant"), ("王明", "hans"), ("Rosa Chen", "latin"), ("Nguyễn Thị", "latin"),
        ("João", "latin"), ("Rosa 陈", "hans"), ("Иван", "other"), ("สมชาย", "other"), ("禤喆堃", "hans"),
    ],
)  # fmt: skip
def test_the_script_of_a_name_is_seen_from_its_letters(text: str, script: str) -> None:
    assert script_of(text) == script


def step(
    kind_: str, *, actor: str = "staff:7", office: str = "ts", at: datetime = AT, **facts: object
) -> Step:
    return Step(kind_, actor, office, at, facts)


TELLER = Teller(
    "zh-hans", offices={"ts": "台山侨联"}, officers={"staff:7": "黄志雄"}, sources={"roll": "户籍名册"}
)


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        ("file.made", {"from": "counter", "facts": ["name", "standing"]}, "建立档案（在窗口建立）"),
        ("file.made", {"from": "roll", "facts": []}, "建立档案（由名册建立：户籍名册）"),
        ("file.learned", {"kind": "document"}, "登记了：证件"),
        ("file.opened:visit", {}, "打开了档案，用途：走访"),
        ("file.visited", {"kind": "festival"}, "上门走访（节日慰问）"),
        ("file.consented:sensitive", {}, "同意：保存我的健康和经济困难情况"),
        ("file.asked:correct", {}, "请求更正档案"),
        ("file.answered:correct:refused", {}, "没有同意更正档案的请求"),
        ("file.answered:delete:done", {}, "已办删除档案的请求"),
        ("file.proposal:rejected", {}, "和另一份档案是不是同一个人：不是同一个人"),
        ("file.brand_new", {}, "有一项记录：file.brand_new"),
    ],
)
def test_entries_are_said_in_plain_words(kind: str, facts: Mapping[str, object], words: str) -> None:
    assert sentence(Step(kind, "staff:7", "ts", AT, facts), TELLER).title == words


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_every_sentence_stands_without_facts_since_they_may_have_been_erased(kind: str) -> None:
    said = sentence(Step(kind, "person", "", AT, {}), TELLER)
    assert said.title
    assert "None" not in said.title + "".join(said.lines)
    assert unsaid({kind}) == set()


def test_what_was_learned_in_one_moment_is_one_sentence() -> None:
    steps = [
        step("file.learned", kind="name"),
        step("file.learned", kind="contact"),
        step("file.learned", kind="name"),
    ]
    (told,) = tell(steps, TELLER)
    assert told.title == "登记了：姓名、联系方式"


def test_the_newest_comes_first_and_the_person_reads_offices_not_officers() -> None:
    steps = [step("file.made"), step("file.opened:handling", at=AT + timedelta(days=1))]
    assert [one.title[:2] for one in tell(steps, TELLER)] == ["打开", "建立"]
    assert tell(steps, TELLER)[0].by == "台山侨联 黄志雄"
    mine = Teller("zh-hans", "person", offices=TELLER.offices, officers=TELLER.officers)
    assert tell(steps, mine)[0].by == "台山侨联"


def test_a_file_is_read_with_all_its_facts_and_without_its_sealed_numbers(db: None) -> None:
    town = Town()
    file, chen = make_person(town), as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        old = Name(text="陈阿莲", script="hans", kind="childhood", until=date(1960, 1, 1))
        add_facts(file.pk, old, actor=chen, at=datetime.now(UTC))
        held = person_file(file.number, chen, on=date(2026, 3, 3))
        assert [one.text for one in held.names][-1] == "陈阿莲"  # what ended comes last
        assert list(held.names_by_script()) == ["hans", "latin"]
        (paper,) = held.documents
        assert isinstance(paper, Document)
        assert paper.tail == PAPER[-4:]
        assert {"sealed", "blind"} <= paper.get_deferred_fields()
        assert [one.kind for one in held.steps] == ["file.made", "file.learned"]
        assert held.officers == {town.officer_chen.ledger_name: "chen"}
    with acting(as_staff(town.stranger_he), epoch=now_epoch()), pytest.raises(File.DoesNotExist):
        person_file(file.number, as_staff(town.stranger_he), on=date(2026, 3, 3))
