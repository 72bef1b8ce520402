"""One request as it comes over the wire: a settlement asked for from Caracas, in Spanish."""

import json

from bench.town import TOKEN

FACTS = {
    "nationality": "CN",
    "residence_country": "VE",
    "residence_right": "permanent",
    "resident_since": "2001-05-06",
    "stay_months_2y": 22,
    "study_or_official": False,
    "household_state": "cancelled",
    "original_hukou": "台山市端芬镇",
    "left_on": "1998-03-01",
    "collective_hukou": False,
    "settle_kind": "original",
    "place": "440781",
    "address": "端芬镇侨兴路8号",
    "continuous_days": 100,
    "days_in_6_months": 100,
    "housing": "family",
    "livelihood": ["savings"],
    "applied_by": "self",
}
APPLICANT = {
    "name": "陈玉莲",
    "latin_name": "Rosa Chen",
    "country": "VE",
    "language": "es",
    "timezone": "America/Caracas",
    "email": "rosa@example.org",
    "identity_kind": "passport",
    "identity_number": "E00123456",
}
BODY = json.dumps(
    {"service": "settlement", "applicant": APPLICANT, "facts": FACTS}, ensure_ascii=False
).encode()
HEADERS = {
    "Authorization": f"Bearer {TOKEN}",
    "Accept-Language": "es",
    "Content-Type": "application/json",
}


def wire(host: str, key: str) -> bytes:
    """The bytes of the whole request, under an idempotency key."""
    head = {"Host": host, "Content-Length": str(len(BODY)), "Idempotency-Key": key} | HEADERS
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST /api/v1/cases HTTP/1.1\r\n{lines}\r\n".encode() + BODY
