"""What stands before anybody files: places, offices, staff, and a system with a token."""

import hashlib
import random
from datetime import date, datetime

from demo.offices import load_offices, load_staff
from demo.places import load_places
from qiaoqiao.access.models import Client

TOKEN = "measurement"
SINCE = date(2024, 1, 1)


def settle_town(*, at: datetime) -> None:
    """Load the demo's places, offices and accounts, and the client of the API that files."""
    load_staff(load_offices(load_places()), since=SINCE, chance=random.Random(1))
    digest = hashlib.sha256(TOKEN.encode()).digest()
    Client.objects.get_or_create(token_digest=digest, defaults={"name": "测速", "made_at": at})
