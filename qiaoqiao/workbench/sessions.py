"""Sessions in the database; a staff session also ends when idle, or after a working day."""

from typing import Any

from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone

IDLE_SECONDS = 15 * 60
ABSOLUTE_SECONDS = 9 * 3600
NOTED_EVERY_SECONDS = 60
BEGAN, SEEN = "staff_since", "staff_seen"


def begin_staff_session(request: HttpRequest, *, epoch: int) -> None:
    """Start counting: from now on this session is a staff member's."""
    request.session[BEGAN] = request.session[SEEN] = epoch


class SessionStore(db.SessionStore):
    """A store whose staff sessions are empty once they are over; the row is removed then."""

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if BEGAN not in data:
            return data
        epoch = int(timezone.now().timestamp())
        if epoch > data[BEGAN] + ABSOLUTE_SECONDS or epoch > data[SEEN] + IDLE_SECONDS:
            self.delete(self.session_key)
            self._session_key = None
            return {}
        if epoch >= data[SEEN] + NOTED_EVERY_SECONDS:
            data[SEEN] = epoch
            self.modified = True
        return data
