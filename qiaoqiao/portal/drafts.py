"""A draft in this browser: which ones it holds, by signed cookies that no script can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from qiaoqiao.access.tickets import Actor, acting
from qiaoqiao.casework.actions.drafts import LIFETIME, DraftGone, open_draft
from qiaoqiao.casework.models import Draft
from qiaoqiao.catalogue.composing import form_of
from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.catalogue.loader import NoSuchEntry

PREFIX = "draft_"
MOST_KEPT = 5
SALT = "qiaoqiao.portal.draft"


@dataclass(frozen=True)
class Held:
    """A draft that this browser may open, with its entry and the actor who may reach it."""

    draft: Draft
    entry: Entry
    actor: Actor


def cookie_name(draft_id: UUID) -> str:
    return f"{PREFIX}{draft_id.hex}"


def keep_secret(response: HttpResponse, draft_id: UUID, secret: str, held: list[UUID]) -> None:
    """Give the draft's secret to the browser; the oldest drafts beyond a handful are let go."""
    response.set_signed_cookie(
        cookie_name(draft_id),
        secret,
        salt=SALT,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    for old in sorted(held, reverse=True)[MOST_KEPT - 1 :]:
        response.delete_cookie(cookie_name(old), samesite="Lax")


def held_ids(request: HttpRequest) -> list[UUID]:
    """The drafts this browser has a cookie of; newest last, since row ids follow time."""
    found = []
    for name in request.COOKIES:
        try:
            if name.startswith(PREFIX):
                found.append(UUID(hex=name.removeprefix(PREFIX)))
        except ValueError:
            continue
    return sorted(found)


@contextmanager
def holding(request: HttpRequest, draft_id: UUID, *, at: datetime) -> Iterator[Held]:
    """Open a draft for the length of a block, known to PostgreSQL as its owner. Raises DraftGone."""
    secret = request.get_signed_cookie(cookie_name(draft_id), "", salt=SALT) or ""
    actor: Actor = request.actor.with_case(draft_id)  # type: ignore[attr-defined]
    with acting(actor, epoch=int(at.timestamp())):
        draft = open_draft(draft_id, secret, at=at)
        try:
            about = form_of(draft.service, draft.edition)
        except NoSuchEntry:
            raise DraftGone from None
        yield Held(draft, about, actor)


def open_ones(request: HttpRequest, *, at: datetime) -> list[tuple[Draft, Entry]]:
    """The unsent drafts of this browser, newest first, for “carry on”."""
    found = []
    for draft_id in reversed(held_ids(request)[-MOST_KEPT:]):
        try:
            with holding(request, draft_id, at=at) as held:
                if held.draft.filed is None:
                    found.append((held.draft, held.entry))
        except (DraftGone, signing.BadSignature):
            continue
    return found
