"""What imports cannot show: where writes, clocks and rules may stand, and how long things may get."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from qiaoqiao.casework.sentences import unsaid
from qiaoqiao.catalogue.loader import editions
from qiaoqiao.ledger.reacting import registered
from qiaoqiao.parties.rules import PURPOSES_OF_READING
from qiaoqiao.parties.sentences import unsaid as unsaid_of_files

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "qiaoqiao"
DOORS = ("portal", "workbench", "api", "ui", "reporting")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Functions that are longer for a reason, which stands here.
LONG_FOR_A_REASON: dict[str, str] = {}


def sources(*rooms: str) -> Iterator[Path]:
    for room in rooms or ("",):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def found(pattern: str, *rooms: str, but: tuple[str, ...] = ()) -> list[str]:
    """Lines of code that match, as file:line; files named in `but` are left out."""
    hits = []
    for path in sources(*rooms):
        if path.name in but or path.parent.name in but:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(pattern, line.partition("#")[0]):
                hits.append(f"{path.relative_to(PROJECT)}:{number}")
    return hits


def test_doors_open_no_transaction() -> None:
    assert found(r"\batomic\b", *DOORS) == []


def test_doors_write_nothing_by_themselves() -> None:
    written = (
        r"objects\.(create|bulk_create|update|get_or_create|update_or_create)\b|\.delete\(\)|\.save\(force"
    )
    assert found(written, *DOORS) == []


def test_the_clock_is_read_at_the_doors_only() -> None:
    """Workers are doors too: reactions and jobs read it, and the commands of the keeper."""
    below = [room.name for room in PACKAGE.iterdir() if room.is_dir() and room.name not in DOORS]
    doors = (
        "reactions.py",
        "jobs.py",
        "commands.py",
        "proof_commands.py",
        "people_commands.py",
        "doors.py",
        "outbox.py",
        "cluster.py",
    )
    assert found(r"timezone\.now\(|datetime\.now\(|date\.today\(|localdate\(\)", *below, but=doors) == []


def test_history_is_never_inferred_from_saving() -> None:
    assert found(r"post_save|post_delete|m2m_changed|def save\(") == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path.relative_to(PROJECT)): lines
        for path in [*sources(), *(PROJECT / "demo").rglob("*.py"), *(PROJECT / "bench").rglob("*.py")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def functions() -> Iterator[tuple[str, int]]:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(PACKAGE)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_longer_than_forty_lines_without_a_reason() -> None:
    long = {name: lines for name, lines in functions() if lines > LONGEST_FUNCTION}
    assert set(long) == set(LONG_FOR_A_REASON), long


def test_nothing_has_a_name_that_attracts_everything() -> None:
    vague = re.compile(r"^(utils?|helpers?|common|core|misc|managers?)(\.py)?$")
    assert [str(path) for path in PROJECT.glob("qiaoqiao/**/*") if vague.match(path.name)] == []


REACTIONS = {
    "notice": ["casework.deliver_notice"],
    "code": ["casework.send_code"],
    "message.office": ["casework.tell_of_message"],
    "looked": ["casework.tell_of_message"],
    "closed": ["life_events.go_on", "relief.follow_case"],
    **{key: ["life_events.go_on"] for key in ("move:finish", "move:issue_permit", "move:register")},
    "move:confirm_receipt": ["relief.received_by_person"],
    "file.opened_by_reason": ["parties.tell_keepers"],
    "file.code": ["parties.send_code"],
    "file.erased": ["parties.remove_proofs"],
    "file.made": ["parties.propose"],
    "file.imported": ["parties.propose"],
    "file.merged": ["parties.propose"],
    **{
        key: ["joint.tell_invited"]
        for key in ("meeting.invited", "meeting.changed", "meeting.cancelled", "meeting.approved")
    },
    "pool.expiring": ["pools.tell_keeper"],
    **{key: ["knowledge.tell_owner"] for key in ("answer.due", "answer.outdated")},
    **{key: ["appointments.tell_guest"] for key in ("booking.made", "booking.reminded")},
    **{
        key: ["appointments.tell_guest", "appointments.next_in_line"]
        for key in ("booking.moved", "booking.cancelled")
    },
    **{key: ["appointments.tell_waiting"] for key in ("waiting.joined", "waiting.offered", "waiting.closed")},
    "waiting.passed": ["appointments.tell_waiting", "appointments.next_in_line"],
    "waiting.left": ["appointments.next_in_line"],
    **{key: ["alliance.send_link"] for key in ("referral.sent", "referral.renewed")},
    **{
        key: ["alliance.tell_the_case"]
        for key in ("referral.opened", "referral.accepted", "referral.declined", "referral.done")
    },
    "signup.made": ["activities.tell_guest"],
    "signup.promoted": ["activities.tell_guest"],
    "signup.again": ["activities.tell_again"],
    "signup.cancelled": ["activities.next_in_line"],
    "activity.changed": ["activities.room_for_more"],
    "activity.moved": ["activities.room_for_more", "activities.tell_everybody"],
    "activity.postponed": ["activities.tell_everybody"],
    "activity.cancelled": ["activities.tell_everybody"],
}


def test_the_reactions_that_are_registered_are_the_ones_written_down() -> None:
    assert registered() == REACTIONS


def recorded_kinds(*rooms: str) -> set[str]:
    """Every kind of entry that the code of these rooms can record."""
    kinds = set()
    for path in sources(*rooms):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in {
                "Happening",
                "say",
            }:
                kind = node.args[0] if node.args else None
                if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                    kinds.add(kind.value)
                elif isinstance(kind, ast.JoinedStr) and isinstance(kind.values[0], ast.Constant):
                    kinds.add(str(kind.values[0].value) + "x")
    return kinds


def test_every_kind_of_entry_has_its_sentence() -> None:
    kinds = recorded_kinds("casework", "ledger")
    assert {"filed", "move:x", "offered:x", "closed"} <= kinds
    kinds |= {"served:x", "served.again"}
    kinds |= {f"move:{move.id}" for entry in editions().values() for move in entry.moves}
    assert unsaid(kinds) == set()


def test_every_kind_of_entry_of_a_file_has_its_sentence() -> None:
    kinds = recorded_kinds("parties", "ledger")
    assert {"file.made", "file.learned", "file.case_linked", "file.opened_by_reason"} <= kinds
    kinds |= {f"file.opened:{purpose}" for purpose in PURPOSES_OF_READING}
    assert unsaid_of_files(kinds) == set()


FOLDERS = sorted(
    str(path.parent.relative_to(PACKAGE))
    for room in ("community", "services")
    for path in (PACKAGE / room).glob("*/__init__.py")
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_kind_of_entry_of_community_and_services_has_its_sentence(folder: str) -> None:
    """Each folder says in `sentences.SAID` what its kinds mean, so that a history can be read."""
    kinds = recorded_kinds(folder)
    if kinds:
        said = import_module(f"qiaoqiao.{folder.replace('/', '.')}.sentences").SAID
        assert kinds - set(said) == set()


@pytest.mark.parametrize("pattern", [r"/(work|farm)/", r"/tmp/(?!qiaoqiao)", r"pypi\.org|registry\.npmjs"])
def test_nothing_names_a_machine_or_a_host_of_packages(pattern: str) -> None:
    texts = [*PROJECT.glob("qiaoqiao/**/*.py"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("*.md"),
             PROJECT / "Makefile", *PROJECT.glob("requirements*.txt"), PROJECT / "package-lock.json"]  # fmt: skip
    assert [str(path) for path in texts if re.search(pattern, path.read_text(encoding="utf-8"))] == []
