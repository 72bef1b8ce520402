"""Giving access to systems, and keeping what an office decides for itself."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from qiaoqiao.access.models import Account, Client, Office


@transaction.atomic
def make_client(name: str, *, account: str, at: datetime) -> tuple[Client, str]:
    """Let a system call the API; return its token, which is shown once and kept only as a digest.

    With an account (by its username) the client acts for that account's offices; without one it files and
    follows requests only. Raises Account.DoesNotExist.
    """
    token = secrets.token_urlsafe(32)
    acts_for = Account.objects.get(username=account) if account else None
    digest = hashlib.sha256(token.encode()).digest()
    return Client.objects.create(name=name, token_digest=digest, account=acts_for, made_at=at), token


@transaction.atomic
def revoke_client(client_id: int, *, at: datetime) -> None:
    """End a client's access with its next call."""
    Client.objects.filter(pk=client_id, revoked_at__isnull=True).update(revoked_at=at)


@transaction.atomic
def set_office_number(code: str, *, service: str, setting: str, number: int) -> Office:
    """Give an office its number for what the law leaves open; 0 takes it away. Raises Office.DoesNotExist."""
    office = Office.objects.select_for_update().get(code=code)
    own = dict(office.settings.get(service, {}))
    own.pop(setting, None)
    office.settings = office.settings | {service: own | ({setting: number} if number else {})}
    office.save(update_fields=["settings"])
    return office
