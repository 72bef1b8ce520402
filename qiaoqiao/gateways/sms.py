"""Text messages, to any country. As with mail: a reference and a link or a code, never a name or a matter."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from qiaoqiao.gateways.outbox import Letter, outbox

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class NumberWrong(ValueError):
    """This is not a telephone number in international form, such as +8613800138000."""


@dataclass(frozen=True)
class Sent:
    """The message was handed over; `provider_id` is how the carrier knows it."""

    provider_id: str


class Sms(Protocol):
    """A way to send text messages."""

    def send(self, to: str, body: str, *, key: str) -> Sent: ...

    def check(self) -> str | None: ...


class OutboxSms:
    """Keeps messages instead of sending them: for demonstrations and tests. A key sends once only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, to: str, body: str, *, key: str) -> Sent:
        """Put the message into the outbox; raise NumberWrong."""
        if not E164.fullmatch(to):
            raise NumberWrong(to)
        return Sent(outbox(self.path).put(key=key, to=to, subject="", body=body).provider_id)

    def check(self) -> str | None:
        """Say what hinders the outbox, or None."""
        return outbox(self.path).check()


def sms() -> Sms:
    """Return the text messages of this installation, as SMS_GATEWAY names them."""
    if settings.SMS_GATEWAY == "outbox":
        return OutboxSms(_outbox_path())
    raise ImproperlyConfigured(f"SMS_GATEWAY={settings.SMS_GATEWAY!r}: expected outbox")


def recent(n: int, to: str | None = None) -> list[Letter]:
    """Return the outbox's last messages, newest first: the demonstration's telephone page."""
    return outbox(_outbox_path()).recent(n, to)


def check() -> str | None:
    """Say what hinders this installation's text messages, or None."""
    return sms().check()


def _outbox_path() -> Path:
    return settings.STATE_DIR / "outbox" / "sms.jsonl"
