"""Numbers of identity papers, as far as one number can tell that it is another one badly written."""

import re
from typing import NamedTuple

from qiaoqiao.parties.linkage.dates import NOTHING, Day

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_RESIDENT = re.compile(r"\d{6}[\d*]{8}\d{3}[\dX]")
_OLD = re.compile(r"\d{15}")


class Number(NamedTuple):
    """A tidied number: `kind` is "" (none), resident, masked or other; `born` and `sex` as it holds them."""

    kind: str
    text: str
    born: Day = NOTHING
    sex: str = ""
    sound: bool = False


NONE = Number("", "")


def read(text: str) -> Number:
    """Read the number of a Chinese resident's card (18 or 15 digits, or masked) or of any other paper.

    A resident's number is returned without its check digit, so that the old form equals the new one. GB 11643.
    """
    bare = re.sub(r"[^0-9A-Z*]", "", text.upper())
    if _OLD.fullmatch(bare):
        return _resident(bare[:6] + "19" + bare[6:], sound=True)
    if _RESIDENT.fullmatch(bare):
        if "*" in bare:
            return Number("masked", bare[:17])
        return _resident(bare[:17], sound=bare[17] == check_digit(bare[:17]))
    return Number("other", bare) if len(bare) >= 4 else NONE


def check_digit(body: str) -> str:
    """The eighteenth character that belongs to seventeen digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def _resident(body: str, *, sound: bool) -> Number:
    year, month, day = int(body[6:10]), int(body[10:12]), int(body[12:14])
    real = 1890 <= year <= 2040 and 1 <= month <= 12 and 1 <= day <= 31
    sex = "M" if int(body[16]) % 2 else "F"
    return Number("resident", body, Day(year, month, day) if real else NOTHING, sex, sound and real)
