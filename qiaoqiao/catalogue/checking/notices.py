"""Whether a notice can be written out, and is ever issued."""

from collections.abc import Iterator

from qiaoqiao.catalogue.checking.fault import Fault, Faults, Place, citations
from qiaoqiao.catalogue.entry import Ask, Entry, Move
from qiaoqiao.catalogue.notice import PLACEHOLDER, filled_by, placeholders
from qiaoqiao.catalogue.rules import CASE_FACTS, FILED, RECEIPT


def check_notices(entry: Entry) -> Faults:
    for name, notice in entry.notices.items():
        place: Place = ("notices", name)
        issuing: list[Move | None] = [move for move in entry.moves if move.notice == name]
        if name == RECEIPT:
            issuing.append(None)
        if not issuing:
            yield Fault(place, "notice-never-issued", f"no move issues “{name}”")
        for move in issuing:
            for unknown in sorted(placeholders(notice) - filled_by(entry, move)):
                yield Fault(
                    (*place, "body"),
                    "placeholder-never-filled",
                    f"{{{unknown}}} has no value in “{move.id if move else FILED}”",
                )
        yield from _alike(entry, name)


def _alike(entry: Entry, name: str) -> Faults:
    """Every language must name the same facts, with whole braces."""
    notice = entry.notices[name]
    chinese = placeholders(notice, "zh-Hans")
    for key, wording in (("title", notice.title), ("body", notice.body)):
        for language, text in wording.items():
            place: Place = ("notices", name, key, language)
            if set("{}") & set(PLACEHOLDER.sub("", text)):
                yield Fault(place, "stray-brace", f"a brace stands alone in “{name}” ({language})")
    for language in notice.body:
        other = placeholders(notice, language)
        for fact in sorted(chinese ^ other):
            has, lacks = ("zh-Hans", language) if fact in chinese else (language, "zh-Hans")
            message = f"{{{fact}}} stands in {has}, not in {lacks}"
            yield Fault(("notices", name, "body", language), "placeholder-differs", message)


def check_use(entry: Entry) -> Faults:
    """Refusals nobody can give, materials nobody can ask for, settings and sources nothing names."""
    for kind, names, type_, code in (
        ("refusals", [refusal.id for refusal in entry.refusals], "refusal", "refusal-never-offered"),
        ("materials", [material.id for material in entry.materials], "materials", "material-never-asked"),
    ):
        for n, name in enumerate(names):
            if not any(
                not ask.options or name in {option.id for option in ask.options}
                for ask in _asks(entry, type_)
            ):
                yield Fault((kind, n), code, f"no move asks for {type_} that “{name}” could answer")
    named = {limit.setting for limit in entry.limits}
    for name in entry.settings.keys() - named:
        yield Fault(("settings", name), "setting-never-used", f"no limit asks for the setting “{name}”")
    cited = {law.source for _, law in citations(entry)}
    for name in sorted(entry.sources.keys() - cited):
        yield Fault(("sources", name), "source-never-cited", f"nothing cites “{name}”", warning=True)


def _asks(entry: Entry, type_: str) -> Iterator[Ask]:
    return (ask for move in entry.moves for ask in move.asks if ask.type == type_)


def check_facts(entry: Entry) -> Faults:
    """A field or question named like a fact of the case would hide it."""
    for move_number, move in enumerate(entry.moves):
        for n, ask in enumerate(move.asks):
            if ask.id in {field.id for field in entry.fields}:
                place: Place = ("moves", move_number, "asks", n)
                yield Fault(place, "name-taken", f"“{ask.id}” is a field of the form already")
    for s, section in enumerate(entry.form):
        for f, field in enumerate(section.fields):
            if field.id in CASE_FACTS and field.id != "request":  # the form may be where the request stands
                yield Fault(("form", s, "fields", f), "name-taken", f"“{field.id}” is a fact of every case")
