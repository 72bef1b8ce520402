"""What makes somebody reachable, and the fixed words of a person's file; decided without a database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from qiaoqiao.lib.countries import CODES

EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
PHONE = re.compile(r"\+?[0-9]{6,15}")
IDENTITY_KINDS = ("passport", "resident_card", "travel_document", "foreign_passport", "other")
LANGUAGES = ("zh-hans", "zh-hant", "en", "es", "pt")

# The fixed words of a person's file; what each is called for people stands in `parties.wording`.
STANDINGS = ("overseas_chinese", "foreign_chinese", "returnee", "relative", "none")
NAME_KINDS = ("legal", "former", "married", "alias", "given", "childhood")
ADDRESS_KINDS = ("home", "register", "native", "post")
CONTACT_KINDS = ("phone", "email", "wechat")
RELATIONS = ("head", "spouse", "child", "parent", "sibling", "grandchild", "grandparent", "other")
KIN = ("father", "mother", "spouse", "child", "sibling", "grandparent", "grandchild", "other")
VISITS = ("festival", "routine", "illness", "bereavement")
NEEDS = (
    "elderly",
    "alone",
    "illness",
    "disability",
    "hardship",
    "housing",
    "schooling",
    "work",
    "law",
    "kin",
)
SENSITIVE_NEEDS = frozenset({"illness", "disability", "hardship"})
"""Health and money are sensitive (PIPL 28): kept only under a consent of their own."""
PURPOSES_OF_READING = ("handling", "visit", "review", "linking", "figures", "request", "other")
"""Why an officer opens a file; the person sees it."""
CHILD_UNDER = 14
"""Younger children's consent is a guardian's (PIPL 31)."""


@dataclass(frozen=True)
class Applicant:
    """A person as they gave themselves, before checking. `country` is ISO 3166-1, `timezone` an IANA name."""

    name: str
    latin_name: str = ""
    country: str = ""
    language: str = "zh-hans"
    timezone: str = "Asia/Shanghai"
    email: str = ""
    phone: str = ""
    identity_kind: str = ""
    identity_number: str = ""


def tidy(applicant: Applicant) -> Applicant:
    """Trim what was typed; a phone number keeps its plus sign and digits."""
    phone = re.sub(r"[\s().\-]", "", applicant.phone)
    return replace(
        applicant,
        name=" ".join(applicant.name.split()),
        latin_name=" ".join(applicant.latin_name.split()),
        email=applicant.email.strip(),
        phone=f"+{phone[2:]}" if phone.startswith("00") else phone,
        identity_number=re.sub(r"\s", "", applicant.identity_number).upper(),
    )


def faults(applicant: Applicant, *, reachable: bool, identity: str) -> dict[str, str]:
    """Return what is wrong by field: `missing`, `too_long`, `malformed` or `not_offered`.

    `reachable` asks for an e-mail or a phone number (someone at the counter may have neither);
    `identity` is the entry's rule: required, optional or none.
    """
    found: dict[str, str] = {}
    longest: Mapping[str, int] = {
        "name": 100,
        "latin_name": 120,
        "email": 254,
        "phone": 17,
        "identity_number": 40,
    }
    for name, most in longest.items():
        if len(getattr(applicant, name)) > most:
            found[name] = "too_long"
    if not applicant.name:
        found["name"] = "missing"
    if applicant.email and not EMAIL.fullmatch(applicant.email):
        found["email"] = "malformed"
    if applicant.phone and not PHONE.fullmatch(applicant.phone):
        found["phone"] = "malformed"
    if reachable and not applicant.email and not applicant.phone:
        found["email"] = "missing"
    if applicant.language not in LANGUAGES:
        found["language"] = "not_offered"
    if not known_zone(applicant.timezone):
        found["timezone"] = "not_offered"
    if identity == "required" and not applicant.identity_number:
        found["identity_number"] = "missing"
    if applicant.identity_number and applicant.identity_kind not in IDENTITY_KINDS:
        found["identity_kind"] = "missing" if not applicant.identity_kind else "not_offered"
    if applicant.country and applicant.country not in CODES:
        found["country"] = "not_offered"
    return found


def known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
