"""Setting up the second wall: the key by which the database checks tickets."""

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper


def install_ticket_key(owner: BaseDatabaseWrapper) -> None:
    """Give the database the key of this installation; run as the tables' owner after migrating."""
    with owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_ticket_key (key) VALUES (%s)"
            " ON CONFLICT (only_one) DO UPDATE SET key = excluded.key",
            [settings.TICKET_KEY.encode()],
        )
