"""Countries by ISO 3166-1, named in the reader's language from the Unicode locale data that Babel ships."""

from functools import cache

from babel import Locale

LOCALES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant", "en": "en", "es": "es", "pt": "pt"}
# Where the people of the two articles live or came from; offered first.
FIRST = ("VE", "BR", "CL", "PA", "US", "CA", "AU", "VN", "ID", "MY", "SG", "TH", "MM", "HK", "MO", "CN")
# Not places somebody lives in for our purposes: groupings, and codes without people of their own.
LEFT_OUT = frozenset(
    {"ZZ", "EU", "EZ", "UN", "QO", "AQ", "BV", "HM", "TF", "CQ", "XA", "XB", "DG", "EA", "IC"}
)
# The three that Chinese official usage names in full.
OFFICIAL = {
    "HK": {"zh-hans": "中国香港", "zh-hant": "中國香港", "en": "Hong Kong, China", "es": "Hong Kong (China)",
           "pt": "Hong Kong (China)"},
    "MO": {"zh-hans": "中国澳门", "zh-hant": "中國澳門", "en": "Macao, China", "es": "Macao (China)",
           "pt": "Macau (China)"},
    "TW": {"zh-hans": "中国台湾", "zh-hant": "中國台灣", "en": "Taiwan, China", "es": "Taiwán (China)",
           "pt": "Taiwan (China)"},
}  # fmt: skip


@cache
def names(language: str) -> dict[str, str]:
    """Code → name for every country, those of the articles first, the others in the language's order."""
    territories = Locale.parse(LOCALES[language]).territories
    known = {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha()}
    known = {code: OFFICIAL.get(code, {}).get(language, name) for code, name in known.items()}
    others = sorted(
        (name, code) for code, name in known.items() if code not in FIRST and code not in LEFT_OUT
    )
    return {code: known[code] for code in FIRST} | {code: name for name, code in others}


def name(code: str, language: str) -> str:
    """The country's name, or the code itself when there is no such country."""
    return names(language).get(code, code)
