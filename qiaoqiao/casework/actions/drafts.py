"""Drafts: what somebody typed is kept from the first section on, and becomes a case exactly once."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.models import Case, Draft
from qiaoqiao.catalogue.entry import Entry

LIFETIME = timedelta(days=30)
MOST_FILES = 40


class DraftGone(Exception):
    """The draft is too old, or the secret is not its own."""


class TooManyFiles(Exception):
    """A request carries at most `MOST_FILES` files."""


def begin(entry: Entry, *, language: str, at: datetime) -> tuple[Draft, str]:
    """Start a draft; return it with the secret that opens it, which only the person's browser keeps."""
    secret = secrets.token_urlsafe(24)
    draft = Draft(
        service=entry.id,
        edition=entry.edition,
        secret=_digest(secret),
        language=language,
        changed_at=at,
        until=at + LIFETIME,
    )
    draft.save(force_insert=True)
    return draft, secret


def open_draft(draft_id: UUID, secret: str, *, at: datetime) -> Draft:
    """Return a draft to its owner. Raises DraftGone."""
    draft = Draft.objects.filter(pk=draft_id, until__gt=at).first()
    if draft is None or not hmac.compare_digest(bytes(draft.secret), _digest(secret)):
        raise DraftGone
    return draft


@transaction.atomic
def keep_answers(draft_id: UUID, section: str, answers: Mapping[str, object], *, at: datetime) -> Draft:
    """Keep what was typed in one section, right or wrong; other sections stay as they were."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    draft.answers = draft.answers | {section: dict(answers)}
    draft.changed_at, draft.until = at, at + LIFETIME
    draft.save(update_fields=["answers", "changed_at", "until"])
    return draft


@transaction.atomic
def keep_file(draft_id: UUID, brought: Brought, *, at: datetime) -> Draft:
    """Keep a file with the draft. Raises TooManyFiles."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if len(draft.files) >= MOST_FILES:
        raise TooManyFiles
    draft.files = [*draft.files, asdict(brought)]
    draft.changed_at = at
    draft.save(update_fields=["files", "changed_at"])
    return draft


@transaction.atomic
def drop_file(draft_id: UUID, key: str, *, at: datetime) -> Draft:
    """Take a file out of the draft."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    draft.files = [held for held in draft.files if held["key"] != key]
    draft.changed_at = at
    draft.save(update_fields=["files", "changed_at"])
    return draft


@transaction.atomic
def file_draft(
    draft_id: UUID,
    filing: Filing,
    *,
    actor: Actor,
    at: datetime,
    then: Callable[[UUID, Case], None] | None = None,
) -> UUID:
    """File the request a draft holds, once: a second click gets the case that the first one made.

    `filing.papers` is replaced by the draft's files; `then` is what else belongs to the same transaction, given
    the draft's id and the case. Returns the case's id. Raises as `intake.file` does, and DraftGone for one that
    was given up meanwhile.
    """
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if draft.filed:
        return draft.filed
    if draft.until <= at:
        raise DraftGone
    papers = tuple(Brought(**held) for held in draft.files)
    case: Case = file(Filing(**(vars(filing) | {"papers": papers})), actor=actor, at=at)
    draft.filed, draft.answers, draft.files = case.pk, {}, []
    draft.save(update_fields=["filed", "answers", "files"])
    if then:
        then(draft_id, case)
    return case.pk


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
