"""An activity: put on, changed, postponed, cancelled, held, and what is kept of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.community.activities.actions.grounds import hold, local_day, tell
from qiaoqiao.community.activities.actions.planning import NotKept
from qiaoqiao.community.activities.models import Activity, Material, Minutes, Photo
from qiaoqiao.community.activities.queries import kept_organisations
from qiaoqiao.community.activities.rules import ActivityState, check_move, may_be_public


@dataclass(frozen=True)
class Programme:
    """What an activity is, when and where, and who may come."""

    kind: str
    names: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    theme: str = ""
    partners: str = ""
    zone: str = "Asia/Shanghai"
    place: str = ""
    online: str = ""
    open: bool = False
    capacity: int | None = None


class TooSmall(Exception):
    """More people go already than the new number of places."""


class ConsentMissing(Exception):
    """People are shown in the photo, and their consent is not recorded."""


COLUMNS = (
    "kind",
    "names",
    "starts_at",
    "ends_at",
    "theme",
    "partners",
    "zone",
    "place",
    "online",
    "open",
    "capacity",
)


@transaction.atomic
def schedule(organisation_id: UUID, given: Programme, *, actor: Actor, at: datetime) -> Activity:
    """Put an activity on. Raises NotKept."""
    organisation = kept_organisations(actor, on=local_day(at)).filter(pk=organisation_id).first()
    if organisation is None:
        raise NotKept
    columns = {name: getattr(given, name) for name in COLUMNS}
    activity = Activity.objects.create(
        organisation=organisation, keeper_id=organisation.keeper_id, made_at=at, **columns
    )
    facts: dict[str, object] = {"kind": given.kind}
    tell(activity.pk, "activity.scheduled", facts, office=organisation.keeper.code, actor=actor, at=at)
    return activity


@transaction.atomic
def change(activity_id: UUID, given: Programme, *, actor: Actor, at: datetime) -> Activity:
    """Change it, or give a postponed one its new time. Raises MoveRefused, TooSmall.

    Whoever signed up is told when the time or the place is another.
    """
    activity = hold(activity_id, actor, at)
    check_move(activity.state, ActivityState.SCHEDULED)
    if given.capacity is not None and given.capacity < activity.taken:
        raise TooSmall
    fields = [name for name in COLUMNS if getattr(activity, name) != getattr(given, name)]
    again = activity.state == ActivityState.POSTPONED
    if not fields and not again:
        return activity
    for name in fields:
        setattr(activity, name, getattr(given, name))
    activity.state, activity.reason = ActivityState.SCHEDULED, ""
    _save_changed(activity, *fields, at=at)
    moved = again or bool({"starts_at", "ends_at", "place", "online"} & set(fields))
    kind = "activity.moved" if moved else "activity.changed"
    tell(activity.pk, kind, {"fields": sorted(fields)}, office=activity.keeper.code, actor=actor, at=at)
    return activity


def _save_changed(activity: Activity, *fields: str, at: datetime) -> None:
    """Save a new state and more, as a later version: a calendar takes nothing that does not say it is newer."""
    activity.version += 1
    activity.changed_at = at
    activity.save(update_fields=[*fields, "state", "reason", "version", "changed_at"])


@transaction.atomic
def postpone(activity_id: UUID, *, reason: str, actor: Actor, at: datetime) -> Activity:
    """Put it off to a day not yet known; everybody who signed up is told. Raises MoveRefused."""
    return _off(activity_id, ActivityState.POSTPONED, "activity.postponed", reason, actor=actor, at=at)


@transaction.atomic
def cancel(activity_id: UUID, *, reason: str, actor: Actor, at: datetime) -> Activity:
    """It will not be; everybody who signed up is told. Raises MoveRefused."""
    return _off(activity_id, ActivityState.CANCELLED, "activity.cancelled", reason, actor=actor, at=at)


def _off(
    activity_id: UUID, state: ActivityState, kind: str, reason: str, *, actor: Actor, at: datetime
) -> Activity:
    activity = hold(activity_id, actor, at)
    check_move(activity.state, state)
    activity.state, activity.reason = state, reason
    _save_changed(activity, at=at)
    tell(activity.pk, kind, {"reason": reason}, office=activity.keeper.code, actor=actor, at=at)
    return activity


@transaction.atomic
def mark_held(activity_id: UUID, *, walk_ins: int, actor: Actor, at: datetime) -> Activity:
    """It took place, with so many who had not signed up. Raises MoveRefused."""
    activity = hold(activity_id, actor, at)
    check_move(activity.state, ActivityState.HELD)
    activity.state, activity.walk_ins = ActivityState.HELD, walk_ins
    activity.save(update_fields=["state", "walk_ins"])
    facts: dict[str, object] = {"walk_ins": walk_ins, "came": activity.attendances.count()}
    tell(activity.pk, "activity.held", facts, office=activity.keeper.code, actor=actor, at=at)
    return activity


@transaction.atomic
def write_minutes(
    activity_id: UUID, *, text: str, outcome: str, opinions: int, actor: Actor, at: datetime
) -> Minutes:
    """Write or rewrite what was said and came of it."""
    activity = hold(activity_id, actor, at)
    given = {
        "text": text, "outcome": outcome, "opinions": opinions,
        "written_by_id": actor.account_id, "written_at": at,
    }  # fmt: skip
    minutes, _made = Minutes.objects.update_or_create(activity=activity, defaults=given)
    tell(
        activity.pk,
        "activity.minuted",
        {"opinions": opinions},
        office=activity.keeper.code,
        actor=actor,
        at=at,
    )
    return minutes


@transaction.atomic
def add_photo(
    activity_id: UUID, brought: Brought, *, caption: str, people_shown: int, actor: Actor, at: datetime
) -> Photo:
    """Keep a photo; it stays inside until who is shown has agreed."""
    activity = hold(activity_id, actor, at)
    photo = Photo.objects.create(
        activity=activity, key=brought.key, name=brought.file_name, mime=brought.mime, caption=caption,
        people_shown=people_shown, added_at=at,
    )  # fmt: skip
    facts: dict[str, object] = {"row": str(photo.pk), "people": people_shown, "sha256": brought.sha256}
    tell(activity.pk, "activity.photo_added", facts, office=activity.keeper.code, actor=actor, at=at)
    return photo


@transaction.atomic
def agree_photo(
    photo_id: UUID, *, by: str, how: str, on: date | None, public: bool, actor: Actor, at: datetime
) -> Photo:
    """Record who agreed and how, or that they no longer do; show the photo, or take it away. Raises ConsentMissing."""
    photo = Photo.objects.get(pk=photo_id)
    activity = hold(photo.activity_id, actor, at)
    agreed = bool(by.strip() and how and on)
    if public and not may_be_public(photo.people_shown, how if agreed else "", by):
        raise ConsentMissing
    photo.agreed_by, photo.agreed_how = (by.strip(), how) if agreed else ("", "")
    photo.agreed_on, photo.public = (on if agreed else None), public
    photo.save(update_fields=["agreed_by", "agreed_how", "agreed_on", "public"])
    facts: dict[str, object] = {"row": str(photo.pk), "how": photo.agreed_how, "public": public}
    tell(activity.pk, "activity.photo_judged", facts, office=activity.keeper.code, actor=actor, at=at)
    return photo


@transaction.atomic
def add_material(
    activity_id: UUID, brought: Brought, *, public: bool, actor: Actor, at: datetime
) -> Material:
    """Keep a paper that was handed out or used."""
    activity = hold(activity_id, actor, at)
    row = Material.objects.create(
        activity=activity, key=brought.key, name=brought.file_name, mime=brought.mime, size=brought.size,
        public=public, added_at=at,
    )  # fmt: skip
    facts: dict[str, object] = {"row": str(row.pk), "sha256": brought.sha256}
    tell(activity.pk, "activity.material_added", facts, office=activity.keeper.code, actor=actor, at=at)
    return row
