"""Why a move is not offered, in words; and what an open move brings about."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from qiaoqiao.casework.queries import Offered
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.rules import PERSON, SeatState, WhyNot, seat_states
from qiaoqiao.catalogue.entry import Move, words
from qiaoqiao.workbench.words import ROLES, told_to_staff


@dataclass(frozen=True)
class Offer:
    """A move as the case page shows it. `after` and the rest say what it brings about."""

    id: str
    name: str
    after: str
    notice: str
    to: str
    why: str = ""
    kind: str = "secondary"
    fault: bool = False
    accepts: bool = False
    declines: bool = False


def offers(file: CaseFile, language: str) -> tuple[list[Offer], list[Offer]]:
    """The moves open to this reader, and the others with the reason why not."""
    choices = file.choices()
    opened = _ordered([offer_of(file, one.move, language) for one in choices if one.why is None])
    shut = [
        Offer(one.move.id, words(one.move.name, language), "", "", "", reason(file, one, language))
        for one in choices
        if one.why not in {None, WhyNot.CONDITION}
    ]
    return opened, shut


def offer_of(file: CaseFile, move: Move, language: str) -> Offer:
    entry = file.entry
    after = (
        told_to_staff(entry.states[move.to].name, language) if move.to and move.to != file.case.state else ""
    )
    notice = words(entry.notices[move.notice].title, language) if move.notice else ""
    to = words(entry.seats[move.offers].name, language) if move.offers else ""
    ends = bool(move.to) and entry.states[move.to or ""].stage == "done"
    refuses = any(ask.type == "refusal" for ask in move.asks) or bool(move.declines)
    kind = "warning" if ends and refuses else "secondary"
    return Offer(
        move.id, words(move.name, language), after, notice, to, kind=kind, fault=move.fault is not None,
        accepts=bool(move.accepts), declines=bool(move.declines),
    )  # fmt: skip


def _ordered(opened: list[Offer]) -> list[Offer]:
    """What leads on comes first and stands out once; what refuses, and what is a fault, comes last."""
    found = sorted(opened, key=_place)
    if found and (found[0].after or found[0].accepts) and found[0].kind == "secondary" and not found[0].fault:
        found[0] = replace(found[0], kind="primary")
    return found


def _place(one: Offer) -> tuple[bool, ...]:
    """Where a move stands: taking an offered seat first; refusing, declining and faults last."""
    return (one.fault, one.kind == "warning", one.declines, not one.accepts, not one.after)


def reason(file: CaseFile, choice: Offered, language: str) -> str:
    """One sentence that names what is missing: the state, the seat, the role or the event."""
    move = choice.move
    match choice.why:
        case WhyNot.STATE:
            states = _join(
                [told_to_staff(file.entry.states[one].name, language) for one in move.from_], language
            )
            return _("要等案件到“%(states)s”时才能办。") % {"states": states}
        case WhyNot.SEAT:
            return _seat_reason(file, move, language)
        case WhyNot.ROLE:
            roles = _join([str(ROLES[role]) for role in move.by], language)
            return _("要由%(roles)s办理。") % {"roles": roles}
        case WhyNot.NEEDS:
            happened = file.standing().happened
            missing = [event_words(file, event, language) for event in move.needs if event not in happened]
            return _("要先有这一步：%(events)s。") % {"events": _join(missing, language)}
    return _("不适用于这件事的情况。")


def _seat_reason(file: CaseFile, move: Move, language: str) -> str:
    if move.seat == PERSON:
        return _("由当事人自己办理。")
    seat = words(file.entry.seats[move.seat].name, language)
    held = file.standing().seats.get(move.seat)
    if held is SeatState.OFFERED:
        return _("您单位要先接收这件事。")
    if held is SeatState.ACCEPTED and SeatState.OFFERED in seat_states(move):
        return _("您单位已经接收，不能再决定是否接收。")
    return _("要由“%(seat)s”办理，您单位现在不在这个席位上。") % {"seat": seat}


def event_words(file: CaseFile, event: str, language: str) -> str:
    """An event that a move waits for, in words."""
    kind, _colon, name = event.partition(":")
    entry = file.entry
    if kind == "move" and name in {move.id for move in entry.moves}:
        return words(entry.move(name).name, language)
    if kind == "served" and name in entry.notices:
        return _("《%(notice)s》送达") % {"notice": words(entry.notices[name].title, language)}
    seat = words(entry.seats[name].name, language) if name in entry.seats else name
    said = {
        "offered": _("交给%(seat)s"),
        "accepted": _("%(seat)s接收"),
        "declined": _("%(seat)s退回"),
        "answered": _("%(seat)s答复"),
    }
    return said.get(kind, "%(seat)s") % {"seat": seat}


def _join(parts: list[str], language: str) -> str:
    return ("、" if language.startswith("zh") else ", ").join(dict.fromkeys(parts))
