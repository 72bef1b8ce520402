"""A settlement request from Caracas as a browser would post it, page by page."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

APPLICANT = {
    "filing_for": "self",
    "name": "陈玉莲",
    "latin_name": "Rosa Chen",
    "country": "VE",
    "timezone": "America/Caracas",
    "language": "es",
    "email": "rosa@example.org",
    "identity_kind": "passport",
    "identity_number": "e12345678",
}
HELPER = {
    "name": "陈志强",
    "country": "CN",
    "phone": "0086 138 0000 0000",
    "relation": "relative",
    "evidence": "by_phone",
}
ABROAD = {
    "nationality": "CN",
    "residence_country": "VE",
    "residence_right": "permanent",
    "resident_since_year": "2001",
    "resident_since_month": "5",
    "resident_since_day": "6",
    "stay_months_2y": "22",
    "study_or_official": "no",
}
HOUSEHOLD = {
    "household_state": "cancelled",
    "original_hukou": "台山市端芬镇",
    "left_on_year": "1998",
    "left_on_month": "3",
    "left_on_day": "1",
    "collective_hukou": "no",
}
SETTLING = {"settle_kind": "original", "place": "440781", "address": "端芬镇侨兴路8号"}
LIVING = {
    "continuous_days": "100",
    "days_in_6_months": "100",
    "housing": "family",
    "livelihood": ["savings", "family"],
    "applied_by": "self",
}
PAGES: dict[str, dict[str, Any]] = {
    "applicant": APPLICANT,
    "q-abroad": ABROAD,
    "q-household": HOUSEHOLD,
    "q-settling": SETTLING,
    "q-living": LIVING,
}
CONSENT = {"consent": "on", "consent_sensitive": "on"}


def photograph(name: str = "护照 🛂.jpg") -> SimpleUploadedFile:
    """A small real JPEG."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "#8f1717").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def begin(visitor: Client, service: str = "settlement") -> str:
    """Start a draft and return the address of its pages."""
    answer = visitor.post(f"/services/{service}/apply/")
    assert answer.status_code == 303
    return answer["Location"].removesuffix("applicant/")


def fill(visitor: Client, pages: str, **changes: dict[str, Any]) -> None:
    """Fill in every page of questions, all of them right."""
    for step, sent in (PAGES | changes).items():
        answer = visitor.post(f"{pages}{step}/", sent)
        assert answer.status_code == 303, (step, answer.content.decode())


def send(visitor: Client, pages: str) -> str:
    """Send the request and return its reference."""
    answer = visitor.post(f"{pages}review/", CONSENT)
    assert answer.status_code == 303, answer.content.decode()
    return urlsplit(answer["Location"]).path.split("/")[2]
