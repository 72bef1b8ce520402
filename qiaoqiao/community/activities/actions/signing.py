"""Signing up and coming: a place or the waiting list, cancelled, moved up, checked in once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from qiaoqiao.access.throttle import allowed
from qiaoqiao.access.tickets import SYSTEM, Actor
from qiaoqiao.community.activities.actions.grounds import hold, tell
from qiaoqiao.community.activities.models import Activity, Attendance, Signup
from qiaoqiao.gateways import vault
from qiaoqiao.ledger.actions import Happening, start
from qiaoqiao.lib.ids import ALPHABET

CODE_LENGTH = 5
AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Guest:
    """Who wants to come, tidied; an e-mail address or a telephone number at least."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "zh-hans"

    @property
    def blind(self) -> bytes:
        return vault.blind("signup", (self.email or self.phone).lower())


class NotOpen(Exception):
    """Nobody can sign up: not open to the public, over, or not going to be held."""


class NotGoing(Exception):
    """They cancelled, or still wait for a place."""


@transaction.atomic
def sign_up(activity_id: UUID, guest: Guest, *, actor: Actor, at: datetime) -> None:
    """Take a place, or one in the waiting list. Raises Activity.DoesNotExist, NotOpen.

    A place that somebody waits for is not free, even before the worker gives it to them. Whoever signs up twice
    with one address gets the same letter again, once an hour at most, and the caller learns nothing of it.
    """
    activity = Activity.objects.select_for_update(of=("self",)).select_related("keeper").get(pk=activity_id)
    if not activity.open or activity.state != "scheduled" or activity.starts_at <= at:
        raise NotOpen
    free = activity.left != 0
    signup = Signup(
        activity=activity, name=guest.name, email=guest.email, phone=guest.phone, language=guest.language,
        blind=guest.blind, state="going" if free else "waiting", signed_at=at,
    )  # fmt: skip
    if not _entered(signup):
        again = f"signup-again:{activity.pk}:{guest.blind.hex()}"
        if allowed(again, most=1, within=AGAIN_AFTER, at=at):
            facts: dict[str, object] = {"blind": guest.blind.hex()}
            tell(activity.pk, "signup.again", facts, office=activity.keeper.code, actor=actor, at=at)
        return
    _count(activity, signup.state, 1)
    facts = {"activity": str(activity.pk), "state": signup.state}
    start(signup.pk, Happening("signup.made", facts, actor.ledger_name, at, activity.keeper.code))  # type: ignore[arg-type]


def _entered(signup: Signup) -> bool:
    """Save a sign-up under a code that nobody else of the activity has; False where the contact has signed up."""
    while True:
        signup.code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        try:
            with transaction.atomic():
                signup.save(force_insert=True)
        except IntegrityError as clash:
            name = getattr(getattr(clash.__cause__, "diag", None), "constraint_name", "")
            if name == "signup_once":
                return False
            if name != "signup_code_is_its_own":
                raise
        else:
            return True


@transaction.atomic
def cancel_signup(signup_id: UUID, *, actor: Actor, at: datetime) -> Signup:
    """Give the place back; again changes nothing. The next in line moves up after commit. Raises Signup.DoesNotExist."""
    activity = _of(signup_id)
    signup = Signup.objects.select_for_update().get(pk=signup_id)
    if signup.state == "cancelled":
        return signup
    _count(activity, signup.state, -1)
    signup.state = "cancelled"
    signup.save(update_fields=["state"])
    facts: dict[str, object] = {"activity": str(activity.pk)}
    tell(signup.pk, "signup.cancelled", facts, office=activity.keeper.code, actor=actor, at=at)
    return signup


def _count(activity: Activity, state: str, more: int) -> None:
    """Keep the numbers of who goes and who waits, which somebody signing up cannot count behind the wall."""
    if state == "going":
        activity.taken += more
    else:
        activity.waiting += more
    activity.save(update_fields=["taken", "waiting"])


def _of(signup_id: UUID) -> Activity:
    """The activity of a sign-up, locked first, as every change of its places does."""
    activity_id = Signup.objects.values_list("activity", flat=True).get(pk=signup_id)
    return Activity.objects.select_for_update(of=("self",)).select_related("keeper").get(pk=activity_id)


@transaction.atomic
def move_up(activity_id: UUID, *, at: datetime) -> list[Signup]:
    """Give free places to those who wait longest; again changes nothing."""
    activity = Activity.objects.select_for_update(of=("self",)).select_related("keeper").get(pk=activity_id)
    if activity.state != "scheduled" or activity.starts_at <= at:
        return []
    waiting = Signup.objects.filter(activity=activity, state="waiting").order_by("signed_at", "id")
    free = None if activity.capacity is None else max(0, activity.capacity - activity.taken)
    moved = list(waiting[:free])
    for signup in moved:
        signup.state = "going"
        signup.save(update_fields=["state"])
        facts: dict[str, object] = {"activity": str(activity.pk)}
        tell(signup.pk, "signup.promoted", facts, office=activity.keeper.code, actor=SYSTEM, at=at)
    if moved:
        activity.taken += len(moved)
        activity.waiting -= len(moved)
        activity.save(update_fields=["taken", "waiting"])
    return moved


@transaction.atomic
def check_in(signup_id: UUID, *, how: str, actor: Actor, at: datetime) -> Attendance:
    """They came; again changes nothing. Raises Signup.DoesNotExist, NotGoing."""
    activity = _of(signup_id)
    if actor.account_id is not None:
        hold(activity.pk, actor, at)
    signup = Signup.objects.select_for_update().get(pk=signup_id)
    if signup.state != "going":
        raise NotGoing
    before = Attendance.objects.filter(signup=signup).first()
    if before:
        return before
    row = Attendance.objects.create(activity=activity, signup=signup, how=how, came_at=at)
    facts: dict[str, object] = {"activity": str(activity.pk), "how": how}
    tell(signup.pk, "signup.came", facts, office=activity.keeper.code, actor=actor, at=at)
    return row
