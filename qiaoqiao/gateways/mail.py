"""Mail. A letter carries a reference and a link, never a name, a matter or an attachment: it may be read on
its way, so there is no way to attach anything here.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email

from qiaoqiao.gateways.outbox import Letter, outbox

SMTP_SECONDS = 15


class AddressWrong(ValueError):
    """This cannot be an e-mail address."""


class MailFailed(Exception):
    """The mail server did not take the letter; sending it again later is safe."""


@dataclass(frozen=True)
class Sent:
    """The letter was handed over; `provider_id` is how the carrier knows it."""

    provider_id: str


class Mail(Protocol):
    """A way to send letters."""

    def send(self, to: str, subject: str, body: str, *, key: str) -> Sent: ...

    def check(self) -> str | None: ...


class OutboxMail:
    """Keeps letters instead of sending them: for demonstrations and tests. A key sends once only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, to: str, subject: str, body: str, *, key: str) -> Sent:
        """Put the letter into the outbox; raise AddressWrong."""
        letter = outbox(self.path).put(key=key, to=_address(to), subject=_one_line(subject), body=body)
        return Sent(letter.provider_id)

    def check(self) -> str | None:
        """Say what hinders the outbox, or None."""
        return outbox(self.path).check()


class SmtpMail:
    """Sends through the mail server of the settings.

    The message's own id comes from `key`, so a mailbox shows a letter that was sent twice only once.
    """

    def send(self, to: str, subject: str, body: str, *, key: str) -> Sent:
        """Hand the letter to the server; raise AddressWrong, or MailFailed to try again later."""
        sender = settings.DEFAULT_FROM_EMAIL
        domain = sender.rpartition("@")[2].strip("<> ") or "localhost"
        message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
        letter = EmailMessage(
            _one_line(subject),
            body,
            sender,
            [_address(to)],
            headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
            connection=self._connection(),
        )
        try:
            letter.send()
        except OSError as error:  # smtplib's errors are OSErrors too.
            raise MailFailed(str(error)) from error
        return Sent(message_id)

    def check(self) -> str | None:
        """Say why the mail server cannot be reached, or None."""
        connection = self._connection()
        try:
            connection.open()
            connection.close()
        except OSError as error:
            return f"mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {error}"
        return None

    def _connection(self) -> EmailBackend:
        return EmailBackend(timeout=SMTP_SECONDS)


def mail() -> Mail:
    """Return the mail of this installation, as MAIL_GATEWAY names it."""
    if settings.MAIL_GATEWAY == "smtp":
        return SmtpMail()
    if settings.MAIL_GATEWAY == "outbox":
        return OutboxMail(_outbox_path())
    raise ImproperlyConfigured(f"MAIL_GATEWAY={settings.MAIL_GATEWAY!r}: expected outbox or smtp")


def recent(n: int, to: str | None = None) -> list[Letter]:
    """Return the outbox's last letters, newest first: the demonstration's mailbox page."""
    return outbox(_outbox_path()).recent(n, to)


def check() -> str | None:
    """Say what hinders this installation's mail, or None."""
    return mail().check()


def _outbox_path() -> Path:
    return settings.STATE_DIR / "outbox" / "mail.jsonl"


def _address(to: str) -> str:
    try:
        validate_email(to)
    except ValidationError as error:
        raise AddressWrong(to) from error
    return to


def _one_line(subject: str) -> str:
    return " ".join(subject.split())
