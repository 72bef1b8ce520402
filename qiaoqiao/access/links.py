"""Expiring signed links: how somebody without an account reaches the one thing a link was made for.

A link names what it is for, so that one made to cancel an appointment opens nothing else. Whether the thing
itself still accepts the link (a referral answered already) is the thing's own state.
"""

from datetime import datetime
from uuid import UUID

from django.core import signing

SALT = "qiaoqiao.access.links"


def make_link(purpose: str, thing: UUID, *, until: datetime) -> str:
    """Return the token that stands in the address; letters, digits, `-`, `_` and `:` only."""
    return signing.dumps([purpose, thing.hex, int(until.timestamp())], salt=SALT)


def read_link(purpose: str, token: str, *, epoch: int) -> UUID | None:
    """Return what a token was made for; None for another purpose, one expired, or one nobody here made."""
    try:
        made_for, thing, until = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return UUID(thing) if made_for == purpose and until > epoch else None
