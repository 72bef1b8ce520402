"""Invented people with names of the right origins; every address and number is one that cannot be real."""

import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from qiaoqiao.parties.rules import Applicant

# Surnames of the five counties with the spellings that emigrants carry.
SURNAMES: Mapping[str, tuple[str, ...]] = {
    "陈": ("Chan", "Chin"), "黄": ("Wong", "Huang"), "李": ("Lee", "Li"), "梁": ("Leung", "Leong"),
    "林": ("Lam", "Lum"), "伍": ("Ng", "Eng"), "谭": ("Tam", "Hom"), "余": ("Yee", "Yu"),
    "邝": ("Fong", "Kwong"), "司徒": ("Szeto", "Seto"), "关": ("Kwan", "Quan"), "方": ("Fong", "Fang"),
    "吴": ("Ng", "Wu"), "冯": ("Fung", "Fong"), "岑": ("Sham", "Sam"), "郑": ("Cheng", "Chang"),
    "甄": ("Yan", "Gin"), "马": ("Mah", "Ma"), "雷": ("Louie", "Lui"), "朱": ("Chu", "Jue"),
    "许": ("Hui", "Hee"), "张": ("Cheung", "Chong"), "周": ("Chow", "Chau"), "何": ("Ho", "Hoe"),
}  # fmt: skip
# Families of the returnees' communities: Hakka, Hokkien and Cantonese from Southeast Asia.
RETURNEES: Mapping[str, tuple[str, ...]] = {
    "阮": ("Nguyen",), "陈": ("Tran", "Tan"), "黄": ("Hoang", "Oei"), "林": ("Lim", "Liem"), "叶": ("Yap",),
    "邓": ("Dang",), "潘": ("Phan",), "梁": ("Luong",), "曾": ("Tjan", "Chan"), "丘": ("Khoe", "Khoo"),
    "廖": ("Lieu", "Liauw"), "罗": ("Lo", "Law"), "郭": ("Kwee", "Quach"), "蔡": ("Tjoa", "Thai"),
}  # fmt: skip
GIVEN = (
    "玉莲 惠芳 丽华 秀英 美珍 淑仪 婉君 雪梅 慧敏 凤娇 佩珊 瑞芝 金桂 月嫦 "
    "少芬 碧云 润好 彩霞 锦洪 国强 志明 伟文 文达 耀辉 健华 永康 汉荣 卓贤 "
    "启光 树勋 焕章 景泰 兆麟 宗尧 广源 福田 子杰 家豪 嘉欣 晓彤 思敏 俊宇 "
).split()
# The same given names as Cantonese speakers spell them, in the same order.
SPELT = (
    "Yuk Lin,Wai Fong,Lai Wah,Sau Ying,Mei Chun,Suk Yee,Yuen Kwan,Suet Mui,Wai Man,Fung Kiu,Pui Shan,"
    "Sui Chi,Kam Kwai,Yuet Sheung,Siu Fan,Pik Wan,Yun Ho,Choi Ha,Kam Hung,Kwok Keung,Chi Ming,Wai Man,"
    "Man Tat,Yiu Fai,Kin Wah,Wing Hong,Hon Wing,Cheuk Yin,Kai Kwong,Shu Fan,Woon Cheung,King Tai,Siu Lun,"
    "Chung Yiu,Kwong Yuen,Fook Tin,Tsz Kit,Ka Ho,Ka Yan,Hiu Tung,Sze Man,Chun Yu"
).split(",")
FEMALE = {*GIVEN[:18], "嘉欣", "晓彤", "思敏"}
WOMEN = {
    "es": "Rosa María Carmen Luisa Isabel Ana Elena".split(),
    "pt": "Ana Beatriz Juliana Fernanda Lúcia".split(),
    "en": "Susan Linda Mary Helen Amy Grace Jenny".split(),
}
MEN = {
    "es": "José Miguel Carlos Andrés Jorge Luis Manuel".split(),
    "pt": "Marcelo Paulo Ricardo Tiago Eduardo".split(),
    "en": "Peter David Kevin Raymond Tony Daniel Michael".split(),
}


@dataclass(frozen=True)
class Origin:
    """A country people write from: how many do, what they read, where they are, how they sign."""

    country: str
    chinese: str
    weight: int
    zones: tuple[str, ...]
    languages: Mapping[str, int]
    signs: str = ""


NORTH_AMERICAN = {"zh-hant": 5, "zh-hans": 3, "en": 4}
ORIGINS = (
    Origin("VE", "委内瑞拉", 20, ("America/Caracas",), {"zh-hans": 5, "es": 5}, "es"),
    Origin("BR", "巴西", 10, ("America/Sao_Paulo",), {"zh-hans": 5, "pt": 4}, "pt"),
    Origin("CL", "智利", 6, ("America/Santiago",), {"zh-hans": 5, "es": 4}, "es"),
    Origin("PA", "巴拿马", 8, ("America/Panama",), {"zh-hans": 5, "es": 4}, "es"),
    Origin("US", "美国", 22, ("America/New_York", "America/Los_Angeles"), NORTH_AMERICAN, "en"),
    Origin("CA", "加拿大", 12, ("America/Toronto", "America/Vancouver"), NORTH_AMERICAN, "en"),
    Origin("AU", "澳大利亚", 6, ("Australia/Sydney",), {"zh-hans": 4, "zh-hant": 2, "en": 3}, "en"),
    Origin("MY", "马来西亚", 5, ("Asia/Kuala_Lumpur",), {"zh-hans": 6, "en": 2}),
    Origin("VN", "越南", 4, ("Asia/Ho_Chi_Minh",), {"zh-hans": 6}),
    Origin("ID", "印度尼西亚", 4, ("Asia/Jakarta",), {"zh-hans": 5, "en": 2}),
    Origin("TH", "泰国", 3, ("Asia/Bangkok",), {"zh-hans": 5}),
    Origin("MM", "缅甸", 2, ("Asia/Yangon",), {"zh-hans": 5}),
)
# Numbers that the countries set aside for fiction; nobody answers them.
FICTION = {
    "US": "+1202555{:04d}",
    "CA": "+1416555{:04d}",
    "AU": "+61491570{:03d}",
}
AUSTRALIAN = (6, 156, 157, 158, 159, 110, 313, 737)


def staff_name(chance: random.Random) -> str:
    """A name for a colleague in an office."""
    return chance.choice(list(SURNAMES)) + chance.choice(GIVEN)


def origin(chance: random.Random) -> Origin:
    """A country somebody writes from."""
    return chance.choices(ORIGINS, [each.weight for each in ORIGINS])[0]


def abroad(chance: random.Random, whence: Origin, *, language: str = "") -> Applicant:
    """Somebody settled abroad, reached by e-mail; sometimes also by a number reserved for fiction."""
    read = language or chance.choices(list(whence.languages), list(whence.languages.values()))[0]
    number = chance.randrange(len(GIVEN))
    surname = chance.choice(list(SURNAMES))
    latin = _latin(chance, whence.signs, number, chance.choice(SURNAMES[surname]))
    return Applicant(
        name=surname + GIVEN[number],
        latin_name=latin,
        country=whence.country,
        language=read,
        timezone=chance.choice(whence.zones),
        email=_address(latin, chance),
        phone=_fictional(whence.country, chance),
        identity_kind="passport",
        identity_number=f"E00{chance.randrange(10**6):06d}",
    )


def neighbour(chance: random.Random, area: str, *, returnee: bool) -> Applicant:
    """A relative or a returnee in one of the cities, reached by phone or in person."""
    families = RETURNEES if returnee else SURNAMES
    surname = chance.choice(list(families))
    number = chance.randrange(len(GIVEN))
    return Applicant(
        name=surname + GIVEN[number],
        latin_name=f"{families[surname][0]} {SPELT[number]}" if returnee and chance.random() < 0.4 else "",
        country="CN",
        language="zh-hans",
        timezone="Asia/Shanghai",
        phone=f"+86{area[1:]}0{chance.randrange(10**6):06d}" if chance.random() < 0.8 else "",
    )


def reachable(person: Applicant, chance: random.Random) -> Applicant:
    """The same person with an e-mail address, as the web form wants one way to answer."""
    if person.email or person.phone:
        return person
    return replace(person, email=_address(f"user{chance.randrange(10**4)}", chance))


def _latin(chance: random.Random, signs: str, number: int, surname: str) -> str:
    if signs and chance.random() < 0.7:
        names = WOMEN if GIVEN[number] in FEMALE else MEN
        return f"{chance.choice(names[signs])} {surname}"
    return f"{surname} {SPELT[number]}"


def _address(latin: str, chance: random.Random) -> str:
    bare = unicodedata.normalize("NFKD", latin.lower().replace(" ", "."))
    plain = "".join(letter for letter in bare if letter.isascii())
    return f"{plain}{chance.randrange(100)}@{chance.choice(('example.org', 'example.com'))}"


def _fictional(country: str, chance: random.Random) -> str:
    if country not in FICTION or chance.random() < 0.5:
        return ""
    number = chance.choice(AUSTRALIAN) if country == "AU" else chance.randrange(100, 200)
    return FICTION[country].format(number)
