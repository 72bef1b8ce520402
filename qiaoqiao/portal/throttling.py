"""How often one may send something: counted by browser, by network address, and by whom it makes us write to."""

import secrets
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from qiaoqiao.access.throttle import allowed
from qiaoqiao.gateways import vault

PER = timedelta(hours=1)
MOST_TO_ONE = 10
"""Letters or paid messages that strangers may cause to one address or number in an hour, of one sort."""
BROWSER = "asker"


def may_send(
    request: HttpRequest,
    what: str,
    *,
    most: int,
    at: datetime,
    written_to: str = "",
    most_to: int = MOST_TO_ONE,
) -> bool:
    """Count this try and say whether it is within every limit; what one limit refuses the next does not count.

    A browser without its cookie is a new one each time, so its address is counted as well: widely, since
    a whole village may share one.
    """
    browser = request.session.setdefault(BROWSER, secrets.token_urlsafe(12))
    place = place_of(request)
    if not allowed(f"{what}:{place}:{browser}", most=most, within=PER, at=at):
        return False
    wide = most * settings.BROWSERS_AT_ONE_ADDRESS
    if wide and not allowed(f"{what}:{place}", most=wide, within=PER, at=at):
        return False
    to = "".join(written_to.split()).casefold()
    return not to or allowed(
        f"{what}:to:{vault.blind('throttle', to).hex()}", most=most_to, within=PER, at=at
    )


def place_of(request: HttpRequest) -> str:
    """The caller's address; of the newer kind the half that names their line, as they choose the rest freely."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    try:
        if isinstance(ip_address(given), IPv6Address):
            return str(ip_network(f"{given}/64", strict=False))
    except ValueError:
        pass
    return given
