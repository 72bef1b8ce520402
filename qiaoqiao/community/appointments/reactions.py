"""What follows a change of bookings: letters, and the next in line."""

from django.utils import timezone, translation

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.appointments.actions.clearing import forget
from qiaoqiao.community.appointments.actions.waiting import pass_on
from qiaoqiao.community.appointments.letters import Letter, letter_of, letter_of_waiting
from qiaoqiao.community.appointments.models import Booking, Slot, Waiting
from qiaoqiao.gateways import mail, sms
from qiaoqiao.ledger.models import Entry, Fact
from qiaoqiao.ledger.reacting import reacts_to
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.parties.forgetting import forgets


def now_epoch() -> int:
    """The worker is a door: here it reads the clock."""
    return int(timezone.now().timestamp())


def _read(entry_uid: str) -> tuple[Entry, dict[str, JSON]]:
    entry = Entry.objects.get(uid=entry_uid)
    fact = Fact.objects.filter(entry=entry).first()
    return entry, fact.facts if fact else {}


@reacts_to(
    "booking.made", "booking.moved", "booking.cancelled", "booking.reminded", name="appointments.tell_guest"
)
def tell_guest(entry_uid: str) -> None:
    """Write to whoever booked; one that comes after a later change says what holds now, or nothing."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry, facts = _read(entry_uid)
        booking = Booking.objects.select_related("slot").get(pk=entry.subject)
        gone = booking.state == "cancelled" and entry.kind != "booking.cancelled"
        if gone or (entry.kind == "booking.reminded" and booking.starts_at <= timezone.now()):
            return
        with translation.override(booking.language):
            letter = letter_of(entry.kind, booking, facts)
        _send(letter, booking, entry_uid)


@reacts_to(
    "waiting.joined", "waiting.offered", "waiting.passed", "waiting.closed", name="appointments.tell_waiting"
)
def tell_waiting(entry_uid: str) -> None:
    """Write to whoever stands in line; an offer that is over already is not written about."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry, _facts = _read(entry_uid)
        one = Waiting.objects.select_related("slot").get(pk=entry.subject)
        if entry.kind == "waiting.offered" and one.state != "offered":
            return
        with translation.override(one.language):
            letter = letter_of_waiting(entry.kind, one, one.slot)
        _send(letter, one, entry_uid)


def _send(letter: Letter | None, guest: Booking | Waiting, key: str) -> None:
    if letter is None:
        return
    subject, body = letter
    if guest.email:
        mail.mail().send(guest.email, subject, body, key=f"{key}:email")
    elif guest.phone.startswith("+"):
        sms.sms().send(guest.phone, body, key=f"{key}:sms")


@reacts_to(
    "booking.cancelled", "booking.moved", "waiting.left", "waiting.passed", name="appointments.next_in_line"
)
def next_in_line(entry_uid: str) -> None:
    """Offer the place that was given back to who waits for it, or free it."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry, facts = _read(entry_uid)
        slot = str(facts.get("from" if entry.kind == "booking.moved" else "slot") or "")
        if slot and Slot.objects.filter(pk=slot).exists():
            pass_on(Slot(pk=slot).pk, actor=SYSTEM, at=timezone.now())


forgets("appointments")(forget)
