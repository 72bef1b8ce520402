"""What follows an entry: letters to who signed up, and the next in line moving up."""

from contextlib import suppress
from uuid import UUID

from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.activities.actions.clearing import forget
from qiaoqiao.community.activities.actions.signing import move_up
from qiaoqiao.community.activities.letters import about_now, send
from qiaoqiao.community.activities.models import Signup
from qiaoqiao.gateways import mail, sms
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import reacts_to
from qiaoqiao.parties.forgetting import forgets


def write(signup: Signup, about: str, key: str) -> None:
    """Send one letter; an address that cannot be one keeps nobody else waiting."""
    with suppress(mail.AddressWrong, sms.NumberWrong):
        send(signup, signup.activity, about, key=key)


@reacts_to("signup.made", "signup.promoted", name="activities.tell_guest")
def tell_guest(entry_uid: str) -> None:
    """Say whether there is a place."""
    with acting(SYSTEM, epoch=int(timezone.now().timestamp())):
        entry = Entry.objects.get(uid=entry_uid)
        signup = Signup.objects.select_related("activity").filter(pk=entry.subject).first()
        if signup and signup.state != "cancelled":
            about = "promoted" if entry.kind == "signup.promoted" else about_now(signup)
            write(signup, about, f"signup:{entry_uid}")


@reacts_to("signup.again", name="activities.tell_again")
def tell_again(entry_uid: str) -> None:
    """Send the link once more to who signed up before."""
    with acting(SYSTEM, epoch=int(timezone.now().timestamp())):
        entry = Entry.objects.select_related("fact").get(uid=entry_uid)
        blind = bytes.fromhex(entry.fact.facts["blind"])
        held = Signup.objects.select_related("activity").filter(activity=entry.subject, blind=blind)
        for signup in held.exclude(state="cancelled"):
            write(signup, about_now(signup), f"signup:{entry_uid}")


@reacts_to("signup.cancelled", name="activities.next_in_line")
def next_in_line(entry_uid: str) -> None:
    """Let the next one up; again changes nothing."""
    now = timezone.now()
    with acting(SYSTEM, epoch=int(now.timestamp())):
        entry = Entry.objects.select_related("fact").get(uid=entry_uid)
        move_up(UUID(entry.fact.facts["activity"]), at=now)


@reacts_to("activity.moved", "activity.changed", name="activities.room_for_more")
def room_for_more(entry_uid: str) -> None:
    """More places may have been added."""
    now = timezone.now()
    with acting(SYSTEM, epoch=int(now.timestamp())):
        move_up(Entry.objects.get(uid=entry_uid).subject, at=now)


@reacts_to("activity.moved", "activity.postponed", "activity.cancelled", name="activities.tell_everybody")
def tell_everybody(entry_uid: str) -> None:
    """Write to all who go or wait."""
    with acting(SYSTEM, epoch=int(timezone.now().timestamp())):
        entry = Entry.objects.get(uid=entry_uid)
        about = entry.kind.removeprefix("activity.")
        held = Signup.objects.select_related("activity").filter(activity=entry.subject)
        for signup in held.exclude(state="cancelled").order_by("signed_at"):
            write(signup, about, f"{entry_uid}:{signup.pk}")


forgets("activities")(forget)
