"""From a character's readings to the spellings that documents use, scheme by scheme; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain

from . import cantonese, hakka, mandarin, minnan, vietnam

SCHEMES: tuple[str, ...] = (
    "pinyin", "wade", "hongkong", "macao", "cantonese", "toisan", "hokkien", "dutch", "indonesia", "teochew",
    "hainan", "hakka", "vietnam",
)  # fmt: skip

_MOST_TOGETHER = 16
_FROM_OTHER_READINGS = 5
_NO_SYLLABLES = frozenset("bcdfghjklmnpqrstvwxyz")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one character is read, in ASCII and without tones; the commonest reading of each language first."""

    py: tuple[str, ...]
    jy: tuple[str, ...]
    poj: tuple[str, ...]
    hak: tuple[str, ...]
    vi: tuple[str, ...]


_LANGUAGES: Mapping[str, str] = {
    "pinyin": "py", "wade": "py", "hongkong": "jy", "macao": "jy", "cantonese": "jy", "toisan": "jy",
    "hokkien": "poj", "dutch": "poj", "indonesia": "poj", "teochew": "poj", "hainan": "poj", "hakka": "hak",
    "vietnam": "vi",
}  # fmt: skip

_SPELLERS: Mapping[str, Callable[[str, str], tuple[str, ...]]] = {
    "pinyin": mandarin.pinyin, "wade": mandarin.wade, "hongkong": cantonese.hongkong, "macao": cantonese.macao,
    "cantonese": cantonese.loose, "toisan": cantonese.toisan, "hokkien": minnan.hokkien, "dutch": minnan.dutch,
    "indonesia": minnan.indonesia, "teochew": minnan.teochew, "hainan": minnan.hainan, "hakka": hakka.hakka,
    "vietnam": vietnam.vietnam,
}  # fmt: skip


@cache
def spellings(reading: Reading, scheme: str) -> tuple[str, ...]:
    """Return the lower-case spellings of one syllable in a scheme, commonest first.

    The second and later readings of a character bring fewer spellings than its first.
    """
    spell = _SPELLERS[scheme]
    readings: tuple[str, ...] = getattr(reading, _LANGUAGES[scheme])
    mandarin_of = reading.py[0] if reading.py else ""
    lists = [spell(syllable, mandarin_of) for syllable in readings]
    first, others = lists[:1], [words[:_FROM_OTHER_READINGS] for words in lists[1:]]
    words = dict.fromkeys(chain.from_iterable(first + others))
    spoken = tuple(word for word in words if word not in _NO_SYLLABLES or scheme == "vietnam")
    return spoken[:_MOST_TOGETHER]
