# ruff: noqa: E501 - a table reads best with a fault a line
"""One fault at a time in a good entry: the checker names it and its line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qiaoqiao.catalogue.checker import check, check_all
from qiaoqiao.catalogue.checking.edition import LOCK
from qiaoqiao.catalogue.publishing import AlreadyPublished, publish
from tests.catalogue.conftest import GOOD

MakeFile = Callable[..., Path]

DONE = "stage: done\n    outcome: granted"
WORDS = "{zh-Hans: 某, zh-Hant: 甲, en: A, es: B, pt: C}"
NEW_STATE = f"  given:\n    name: {WORDS}\n    plain: {WORDS}\n    stage: working\n"
LAPSE = '    lapse: "move:lapse"\n'
ROOM = "      - {id: room, type: text"
OPINION = 'starts: ["offered:warden"]\n    ends: ["answered:warden"]'

PAPER = '    when: {purpose: show}\n    law: {source: rules, article: "4"}'
PROMISED_PAPER = f"    promise: {{setting: opinion_days, law: {{source: rules}}}}\n{PAPER}"
PROMISE_LIMIT = (
    f"  - id: promise\n    name: {WORDS}\n    amount: null\n    setting: opinion_days\n    unit: calendar_day\n"
    f"    starts: [promised]\n    ends: [promise_kept]\n    binds: person\n    obliges: {WORDS}\n    law: {{source: rules}}\n"
)

# (finding, what is changed to what, a passage of the line that the finding must name)
FAULTS: list[tuple[str, list[tuple[str, str]], str]] = [
    ("dead-end", [(DONE, "stage: working")], "  given:"),
    ("dead-end", [("to: given\n    by", "to: wanting\n    by"), ("  given:\n", f"  limbo:\n{NEW_STATE[9:]}  given:\n"),
                  ("from: [asked]\n    to: wanting", "from: [asked, limbo]\n    to: limbo")], "  limbo:"),
    ("done-without-outcome", [("\n    outcome: granted", "")], "  given:"),
    ("outcome-too-early", [("stage: waiting", "stage: waiting\n    outcome: gone")], "outcome: gone"),
    ("unreachable-state", [("  given:\n", f"  attic:\n{NEW_STATE[9:]}  given:\n")], "  attic:"),
    ("unknown-state", [("to: wanting", "to: wantign")], "to: wantign"),
    ("unknown-state", [("from: [asked, wanting]", "from: [asked, wnating]")], "wnating"),
    ("unknown-state", [("start: asked", "start: aksed")], "start: aksed"),
    ("unknown-seat", [("seat: warden", "seat: wardne")], "seat: wardne"),
    ("unknown-seat", [("offers: warden", "offers: wardne")], "offers: wardne"),
    ("unknown-seat", [("binds: warden", "binds: wardne")], "binds: wardne"),
    ("unknown-notice", [("notice: granted", "notice: grantde")], "notice: grantde"),
    ("unknown-limit", [("extends: answer", "extends: anwser")], "extends: anwser"),
    ("unknown-field", [("when: {purpose: show}", "when: {purpsoe: show}")], "purpsoe"),
    ("unknown-field", [("place: where", "place: whree")], "place: whree"),
    ("unknown-field", [("category: purpose", "category: purpsoe")], "category: purpsoe"),
    ("unknown-option", [("when: {purpose: show}", "when: {purpose: shwo}")], "shwo"),
    ("unknown-channel", [("when: {purpose: show}", "when: {purpose: show, channel: pigeon}")], "pigeon"),
    ("unknown-source", [('{source: rules, article: "4"}', "{source: ruels}")], "ruels"),
    ("unknown-setting", [("setting: opinion_days", "setting: opinion_dyas")], "setting: opinion_dyas"),
    ("unknown-event", [("starts: [filed]", "starts: [field]")], "starts: [field]"),
    ("unknown-move", [('"move:refuse", ', '"move:refues", ')], "move:refues"),
    ("unknown-seat", [('needs: ["offered:warden"]', 'needs: ["offered:wardne"]')], "needs:"),
    ("unknown-move", [('until: "move:bring"', 'until: "move:brign"')], "brign"),
    ("promise-unbound", [(PAPER, PROMISED_PAPER)], "promise: {setting"),
    ("promise-idle", [(PAPER, PROMISED_PAPER), ("limits:\n", f"limits:\n{PROMISE_LIMIT}")], "promise: {setting"),
    ("unknown-event", [("starts: [filed]", "starts: [promised]")], "starts: [promised]"),
    ("unknown-event", [(LAPSE, "    lapse: filed\n")], "lapse: filed"),
    ("unknown-entry", [("then: go}", "then: 'entry:moon'}")], "entry:moon"),
    ("unknown-answer", [("then: go}", "then: went}")], "then: went"),
    ("unknown-office-kind", [("kinds: [federation]", "kinds: [federatoin]")], "federatoin"),
    ("stop-without-why", [("why: {zh-Hans: 房间太小, zh-Hant: 房間太小, en: The room is too small, "
                           "es: La sala es pequeña, pt: A sala é pequena}", "")], "then: stop"),
    ("nobody-passes", [("then: go}", "then: 'entry:hall'}")], "- id: guests"),
    ("wrong-type", [("category: purpose", "category: guest")], "category: guest"),
    ("wrong-type", [("place: where", "place: guest")], "place: guest"),
    ("wrong-type", [("when: {purpose: show}", "when: {purpose: true}")], "purpose: true"),
    ("limit-without-start", [("starts: [filed]", "starts: []")], "starts: []"),
    ("limit-without-end", [('ends: ["answered:warden"]', "ends: []")], "ends: []"),
    ("limit-without-source", [("law: {source: rules}", 'law: {source: ""}')], 'law: {source: ""}'),
    ("amount-without-setting", [("\n    setting: opinion_days", "")], "amount: null"),
    ("bad-amount", [("amount: 5", "amount: -5")], "amount: -5"),
    ("bad-amount", [("{most: 5}", "{most: 0}")], "{most: 0}"),
    ("limit-never-ends", [('ends: ["move:grant", "move:refuse", "move:lapse"]', 'ends: ["move:grant"]'),
                          ("seat: person", "seat: person\n    asks: []"), ("from: [wanting]\n    to: asked",
                           "from: [wanting]\n    to: refused")], 'ends: ["move:grant"]'),
    ("limit-never-ends", [(OPINION, 'starts: ["move:grant"]\n    ends: ["answered:warden"]')], 'ends: ["answered'),
    ("event-never-happens", [("    offers: warden\n", "")], 'needs: ["offered'),
    ("needs-too-late", [('needs: ["offered:warden"]', 'needs: ["move:grant"]')], 'needs: ["move:grant"]'),
    ("never-extended", [("    extends: answer\n", "")], "extension:"),
    ("cannot-extend", [("    extension: {most: 5}\n", "")], "extends: answer"),
    ("nobody-can-move", [("by: [head]", "by: []")], "by: []"),
    ("move-from-nowhere", [("from: [wanting]", "from: []")], "- id: bring"),
    ("seat-nobody-takes", [("kinds: [township]", "kinds: []")], "offers: warden"),
    ("seat-never-used", [("    offers: warden\n", ""), ("seat: warden", "seat: lead")], "  warden:"),
    ("seat-never-offered", [("    offers: warden\n", "")], "  warden:"),
    ("seat-cannot-answer", [("    answers: true\n", "")], "  warden:"),
    ("nothing-to-answer", [("seat: person", "seat: person\n    answers: true")], "answers: true"),
    ("not-its-offer", [("seat: person", "seat: person\n    accepts: warden")], "accepts: warden"),
    ("event-never-happens", [("    offers: warden\n", ""), ("seat: warden", "seat: warden\n    declines: warden")], "declines: warden"),
    ("unknown-seat", [("seat: warden", "seat: warden\n    declines: wardne")], "declines: wardne"),
    ("limit-never-ends", [(OPINION, 'starts: ["accepted:warden"]\n    ends: ["move:bring"]'),
                          ("seat: warden", "seat: warden\n    to: given\n    accepts: warden")], 'ends: ["move:bring"]'),
    ("law-never-moves", [(LAPSE, "")], "- id: lapse"),
    ("lapse-not-by-law", [("seat: law", "seat: lead")], "lapse: "),
    ("law-cannot-say", [("seat: law", "seat: law\n    asks: [{id: x, type: text, label: " + WORDS + "}]")], "asks: [{id: x"),
    ("no-options", [(ROOM, ROOM.replace("text", "choice"))], "type: choice, label"),
    ("no-options", [("        options:\n          - {id: talk, label: {zh-Hans: 座谈, zh-Hant: 座談, en: A talk, "
                     "es: Una charla, pt: Uma palestra}}\n          - {id: show, label: {zh-Hans: 演出, zh-Hant: 演出, "
                     "en: A show, es: Una función, pt: Um espetáculo}}\n", "")], "- id: purpose"),
    ("needless-options", [("type: text\n        label: {zh-Hans: 主讲人", "type: text\n        options: [{id: a, label: "
                           + WORDS + "}]\n        label: {zh-Hans: 主讲人")], "- id: guest\n        type"),
    ("bad-bounds", [("type: text\n", "type: text\n        least: 9\n        most: 3\n")], "- id: guest\n        type"),
    ("asks-itself", [("type: text\n", "type: text\n        when: {guest: x}\n")], "when: {guest"),
    ("never-used", [('used: ["notice:granted"]', "used: []")], "- id: guest\n        type"),
    ("not-used-there", [("{guest} 请到", "请到"), ("{guest} 請到", "請到"), ("{guest} please", "please"),
                        ("{guest} venga", "venga"), ("{guest} venha", "venha")], 'used: ["notice:granted"]'),
    ("not-used-there", [("    when: {purpose: show}\n", "")], 'used: [category, "material'),
    ("not-used-there", [("used: [route]", "used: [route, shield]")], "used: [route, shield]"),
    ("not-used-there", [('used: ["notice:granted"]', 'used: ["notice:granted", statistics]')], "statistics]"),
    ("not-used-there", [('used: ["notice:granted"]', 'used: ["notice:granted", "limit:moon"]')], "limit:moon"),
    ("not-used-there", [('used: ["notice:granted"]', 'used: ["notice:granted", "whim"]')], "whim"),
    ("placeholder-never-filled", [("请到 {room}", "请到 {romo}"), ("請到 {room}", "請到 {romo}"),
                                  ("come to {room}", "come to {romo}"), ("venga a {room}", "venga a {romo}"),
                                  ("venha a {room}", "venha a {romo}")], "    body:"),
    ("placeholder-differs", [("please come to {room}", "please come")], "      en: \"{person}"),
    ("stray-brace", [("please come to {room}", "please come to {room}}")], "      en: \"{person}"),
    ("missing-translation", [(", es: Pedir el salón", "")], "name: {zh-Hans: 借用侨之家"),
    ("missing-translation", [("es: Pedir el salón", 'es: "  "')], "name: {zh-Hans: 借用侨之家"),
    ("missing-translation", [("  pt: [sala de reunião]\n", "")], "everyday:"),
    ("not-traditional", [("zh-Hant: 借用僑之家", "zh-Hant: 借用侨之家")], "name: {zh-Hans: 借用侨之家"),
    ("not-translated", [("en: Borrow the hall", "en: 借用侨之家")], "name: {zh-Hans: 借用侨之家"),
    ("duplicate-id", [("- id: guest\n", "- id: where\n")], "- id: where\n        type: text"),
    ("duplicate-id", [("- {id: show,", "- {id: talk,")], "- id: purpose"),
    ("duplicate-id", [("- id: lapse", "- id: refuse")], "- id: refuse\n    name: {zh-Hans: 视为同意"),
    ("duplicate-id", [("  warden:\n", "  lead:\n")], "seats:"),
    ("bad-id", [("- id: request_papers", "- id: Request-Papers")], "moves:"),
    ("name-taken", [(ROOM, ROOM.replace("room", "guest"))], "{id: guest, type: text"),
    ("name-taken", [("- id: guest\n", "- id: person\n")], "- id: person"),
    ("empty-section", [("category: purpose\n", "  - id: bare\n    title: " + WORDS + "\n    fields: []\ncategory: purpose\n")],
     "- id: bare"),
    ("notice-never-issued", [("    notice: granted\n", "")], "  granted:"),
    ("refusal-never-offered", [("{id: why, type: refusal", "{id: why, type: text")], "- id: full"),
    ("material-never-asked", [("{id: papers, type: materials", "{id: papers, type: papers")], "- id: programme"),
    ("setting-never-used", [("amount: null\n    setting: opinion_days", "amount: 3")], "opinion_days:"),
    ("source-never-cited", [("sources:\n", "sources:\n  spare: {title: 闲置, confidence: low}\n")], "  spare:"),
    ("wrong-shape", [("stage: waiting", "stage: napping")], "stage: napping"),
    ("wrong-shape", [("amount: 5", "amount: five")], "amount: five"),
    ("wrong-shape", [("binds: lead", "blinds: lead")], "blinds: lead"),
    ("not-yaml", [("start: asked", "start: [asked")], "states:"),
]  # fmt: skip
IDS = [f"{code}-{number}" for number, (code, _, _) in enumerate(FAULTS)]


def line_of(path: Path, passage: str) -> int:
    text = path.read_text(encoding="utf-8")
    return text[: text.index(passage)].count("\n") + 1


def test_a_good_entry_has_no_findings(make_file: MakeFile) -> None:
    assert check(make_file()) == []


@pytest.mark.parametrize(("code", "changes", "passage"), FAULTS, ids=IDS)
def test_each_fault_is_found_where_it_is(
    make_file: MakeFile, code: str, changes: list[tuple[str, str]], passage: str
) -> None:
    path = make_file(*changes)
    found = {(finding.code, finding.line) for finding in check(path)}
    assert (code, line_of(path, passage)) in found, found


def test_every_finding_the_checker_knows_has_a_test() -> None:
    here = Path(__file__).resolve().parents[2] / "qiaoqiao" / "catalogue"
    source = (
        "".join(path.read_text() for path in (here / "checking").glob("*.py"))
        + (here / "checker.py").read_text()
    )
    written = set(re.findall(r'"((?:[a-z]+-)+[a-z]+)"', source)) - {"office-kind", "utf-8"}
    tested = {code for code, _, _ in FAULTS} | {"edition-changed", "unreadable"}
    assert written - tested == set()


def test_a_finding_reads_as_file_line_and_message(make_file: MakeFile) -> None:
    path = make_file(("to: wanting", "to: wantign"))
    finding = next(finding for finding in check(path) if finding.code == "unknown-state")
    assert str(finding).startswith(
        f"{path}:{line_of(path, 'to: wantign')}: moves.0.to: there is no state “wantign”"
    )


def test_a_service_that_is_planned_or_beside_the_file_is_known(make_file: MakeFile) -> None:
    make_file(("id: hall", "id: library"), name="library.yaml")
    for service in ("nationality", "library"):
        assert check(make_file(("then: go}", f"then: 'entry:{service}'}}"), ("then: stop", "then: go"))) == []


def test_an_unknown_service_is_only_a_warning(make_file: MakeFile) -> None:
    findings = check(make_file(("then: stop", "then: 'entry:moon'")))
    assert [(finding.code, finding.warning) for finding in findings] == [("unknown-entry", True)]


def test_an_offer_no_move_decides_is_decided_by_the_office_at_any_time(make_file: MakeFile) -> None:
    for event in ("accepted", "declined"):
        assert check(make_file(('needs: ["offered:warden"]', f'needs: ["{event}:warden"]'))) == []
        assert (
            check(make_file(('ends: ["answered:warden"]', f'ends: ["answered:warden", "{event}:warden"]')))
            == []
        )


def test_a_limit_may_begin_where_the_case_is_done_and_end_after_it(make_file: MakeFile) -> None:
    served = 'starts: ["served:granted"]\n    ends: ["move:reply"]'
    back = (
        'from: [asked]\n    seat: warden\n    needs: ["offered:warden"]',
        "from: [asked, given]\n    seat: warden",
    )
    assert check(make_file((OPINION, served), back)) == []


def test_the_filing_itself_issues_a_receipt(make_file: MakeFile) -> None:
    title = "    title: {zh-Hans: 回执, zh-Hant: 收件回執, en: Receipt, es: Recibo, pt: Recibo}\n"
    body = "    body: {zh-Hans: '{reference}', zh-Hant: '{reference}', en: '{reference}', es: '{reference}', pt: '{reference}'}\n"
    receipt = f"notices:\n  receipt:\n{title}{body}"
    assert check(make_file(("notices:\n", receipt))) == []
    wrong = check(make_file(("notices:\n", receipt.replace("{reference}", "{room}"))))
    assert [finding.code for finding in wrong] == ["placeholder-never-filled"]


def test_two_files_may_not_say_the_same_edition(make_file: MakeFile) -> None:
    findings = check_all([make_file(), make_file(name="again.yaml")])
    assert [(Path(finding.file).name, finding.code) for finding in findings] == [
        ("again.yaml", "duplicate-id")
    ]


def test_a_published_edition_may_not_change(make_file: MakeFile) -> None:
    path = make_file()
    assert publish(path.parent) == [("hall", 1)]
    assert publish(path.parent) == []
    lock = (path.parent / LOCK).read_text()
    assert check(path) == []
    changed = check(make_file(("amount: 5", "amount: 6")))
    assert [(finding.code, finding.line) for finding in changed] == [
        ("edition-changed", line_of(path, "edition: 1"))
    ]
    with pytest.raises(AlreadyPublished):
        publish(path.parent)
    assert (path.parent / LOCK).read_text() == lock
    assert check(make_file(("amount: 5", "amount: 6"), ("edition: 1", "edition: 2"))) == []


def test_comments_and_the_order_of_keys_do_not_change_an_edition(make_file: MakeFile) -> None:
    publish(make_file().parent)
    assert check(make_file(("id: hall\nedition: 1", "edition: 1  # as before\nid: hall"))) == []


def test_a_superseded_edition_is_compared_with_the_lock_above_it(make_file: MakeFile, tmp_path: Path) -> None:
    publish(make_file().parent)
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    (earlier / "hall-1.yaml").write_text(GOOD.replace("amount: 5", "amount: 6"), encoding="utf-8")
    assert [finding.code for finding in check(earlier / "hall-1.yaml")] == ["edition-changed"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b""])
def test_a_file_that_is_no_entry_is_a_finding_not_a_crash(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    assert {finding.code for finding in check(path)} <= {"unreadable", "wrong-shape"}
    assert check(path)


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    assert [finding.code for finding in check(tmp_path / "none.yaml")] == ["unreadable"]
