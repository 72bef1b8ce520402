"""Countries and regions by their ISO 3166-1 codes, named in the reader's language."""

from functools import lru_cache

from babel import Locale

CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT "
    "BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH "
    "ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT "
    "HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI "
    "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG "
    "SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG "
    "UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
).split()
LOCALES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant_HK", "en": "en", "es": "es", "pt": "pt"}
# The names that Chinese offices use where the common locale data have others.
OFFICIAL = {
    "zh-hans": {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"},
    "zh-hant": {"HK": "中國香港", "MO": "中國澳門", "TW": "中國台灣"},
    "en": {"HK": "Hong Kong, China", "MO": "Macao, China", "TW": "Taiwan, China"},
    "es": {"HK": "Hong Kong (China)", "MO": "Macao (China)", "TW": "Taiwán (China)"},
    "pt": {"HK": "Hong Kong (China)", "MO": "Macau (China)", "TW": "Taiwan (China)"},
}


@lru_cache(maxsize=8)
def names(language: str) -> dict[str, str]:
    """Code → name, in the order of that language's names."""
    known = Locale.parse(LOCALES[language]).territories
    found = {code: OFFICIAL[language].get(code, known[code]) for code in CODES}
    return dict(sorted(found.items(), key=lambda pair: _sortable(pair[0], pair[1], language)))


def _sortable(code: str, name: str, language: str) -> bytes:
    """Chinese by the GBK code, which follows pinyin for simplified characters; Latin without accents."""
    if language.startswith("zh"):
        return str(Locale.parse("zh_Hans").territories[code]).encode("gb18030")
    plain = name.translate(str.maketrans("ÁÅÉÍÓÚáâãåçéêëíôóõöüñ", "AAEIOUaaaaceeeiooooun"))
    return plain.casefold().encode()


def name(code: str, language: str) -> str:
    """A country's name; the code itself when there is no such country."""
    return names(language).get(code, code)
