"""The three rolls that know Shengli's people, each its own way: the federation's cards, the household register,
an overseas association's list. Written as the files that an office would hand over."""

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Font

from demo import slips
from demo.families import residents
from demo.residents import Resident, about
from demo.spelling import full_form, latin, scheme

MADE = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001  # a workbook's own date of making has no zone
STANDINGS = {
    "returnee": "归侨",
    "relative": "侨眷",
    "overseas_chinese": "华侨",
    "foreign_chinese": "外籍华人",
}
CARDS, REGISTER, OVERSEAS = "shengli-cards", "shengli-register", "shengli-overseas"


@dataclass(frozen=True)
class Line:
    """One line of a roll, and which invented person it is about: known here, told to nobody."""

    person: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Roll:
    """A roll: who it comes from stands in demo.registry. `title` is the line above its heading."""

    code: str
    file_name: str
    title: str
    header: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def content(self) -> bytes:
        """The file itself."""
        return as_csv(self) if self.file_name.endswith(".csv") else as_workbook(self)


def rolls(size: int, *, seed: int, on: date) -> tuple[Roll, Roll, Roll]:
    """The three rolls over so many people; the same for the same seed and day."""
    people = residents(size, seed=seed, on=on)
    chance = random.Random(f"rolls {seed}")
    known = [where_known(chance, one) for one in people]
    made = [
        (CARDS, "归侨侨眷登记册.xlsx", "胜利街道归侨侨眷登记册（演示，均为虚构）", CARD, card),
        (REGISTER, "户籍摘录.csv", "", EXTRACT, extract),
        (
            OVERSEAS,
            "海外社团名册.xlsx",
            "南洋胜利归侨联谊会 会员及救济名册（演示，均为虚构）",
            MEMBER,
            member,
        ),
    ]
    found = []
    for code, file_name, title, header, tell in made:
        told = [one for one, where in zip(people, known, strict=True) if code in where]
        came = on - timedelta(days=about("sources")[code]["days"])
        lines = list(faulty(chance, list(written(chance, told, tell, came)), header))
        found.append(Roll(code, file_name, title, header, tuple(lines)))
    return found[0], found[1], found[2]


def where_known(chance: random.Random, one: Resident) -> set[str]:
    """Which rolls have heard of somebody; everybody is in one at least."""
    if one.country != "CN":
        found = {OVERSEAS} if chance.random() < 0.95 else set()
        return found | ({CARDS} if chance.random() < 0.2 or not found else set())
    if one.died:
        return {CARDS} | ({OVERSEAS} if chance.random() < 0.2 else set())
    found = set()
    if chance.random() < (0.9 if one.standing == "returnee" else 0.62):
        found.add(CARDS)
    if chance.random() < 0.62 or not found:
        found.add(REGISTER)
    if one.standing == "returnee" and one.latin and chance.random() < 0.42:
        found.add(OVERSEAS)
    return found


Teller = Callable[[random.Random, Resident, date], dict[str, str]]


def written(chance: random.Random, people: Sequence[Resident], tell: Teller, on: date) -> Iterator[Line]:
    """A line for each; the order says nothing about who belongs to whom, but for households in the register."""
    order = list(people)
    if tell is extract:
        order.sort(key=lambda one: one.home.number if one.home else "")
    else:
        chance.shuffle(order)
    for number, one in enumerate(order, 1):
        said = tell(chance, one, on)
        said = {key: f"{number:04d}" if key == "编号" else text for key, text in said.items()}
        yield Line(one.number, tuple(said.values()))
        if tell is card and chance.random() < 0.012:  # a second card, made out years later
            yield Line(one.number, tuple(tell(chance, one, on).values()))


def faulty(chance: random.Random, lines: list[Line], header: Sequence[str]) -> Iterator[Line]:
    """The lines, a handful of them spoilt so that the import has something to say about them."""
    name = next(place for place, one in enumerate(header) if "名" in one)
    born = next(place for place, one in enumerate(header) if "出生" in one)
    spoilt = set(chance.sample(range(len(lines)), max(2, len(lines) // 400)))
    for place, line in enumerate(lines):
        cells = list(line.cells)
        if place in spoilt and place % 2:
            cells[name] = "" if header[name] == "姓名" else cells[name]
        elif place in spoilt:
            cells[born] = "1958-02-30"
        yield Line(line.person, tuple(cells))


CARD = tuple(
    "编号 姓名 曾用名 外文姓名 性别 出生年月 身份 归自 归国年份 社区 住址 联系电话 身份证号 配偶姓名 祖籍 语言 主要需求 居住国"
    " 登记日期".split()
)
EXTRACT = tuple(
    "户号 姓名 与户主关系 性别 出生日期 公民身份号码 户籍地址 籍贯 父亲姓名 母亲姓名 配偶姓名 社区 侨情身份 原侨居国"
    " 登记日期".split()
)
MEMBER = tuple(
    "编号 外文姓名 中文姓名 又名 性别 出生日期 国籍 护照号码 居住国 身份 原侨居地 祖籍 父亲姓名 电话 电子邮箱 登记日期".split()
)


def card(chance: random.Random, one: Resident, on: date) -> dict[str, str]:
    """The federation's card: written by hand over many years, by people who know everybody."""
    countries, languages, needs = about("countries"), about("languages"), about("needs")
    numbered = one.identity and chance.random() < (0.62 if one.age(on) < 90 else 0.4)
    return {
        "编号": "",
        "姓名": slips.slipped_name(chance, one.name, 0.05),
        "曾用名": one.former if chance.random() < 0.8 else "",
        "外文姓名": one.latin if chance.random() < 0.5 else "",
        "性别": sex(one),
        "出生年月": slips.in_register(chance, one),
        "身份": STANDINGS[one.standing],
        "归自": countries[one.origin],
        "归国年份": str(one.return_year or ""),
        "社区": one.home.community_name if one.home else "",
        "住址": one.home.address if one.home and chance.random() < 0.85 else "",
        "联系电话": one.phone if chance.random() < 0.8 else "",
        "身份证号": one.identity if numbered else "",
        "配偶姓名": one.spouse.name if one.spouse and chance.random() < 0.6 else "",
        "祖籍": one.native,
        "语言": "、".join(languages[each] for each in one.languages),
        "主要需求": "、".join(needs[each] for each in one.needs),
        "居住国": countries.get(one.country, "中国"),
        "登记日期": (on - timedelta(days=chance.randrange(20, 4000))).isoformat(),
    }


def extract(chance: random.Random, one: Resident, on: date) -> dict[str, str]:
    """The household register: complete, official, and wrong where the first clerk was wrong."""
    home = one.home
    parents = [each.name if each and chance.random() < 0.75 else "" for each in (one.father, one.mother)]
    asked = chance.random() < 0.85  # a clerk of the sub-district added what neighbours know
    return {
        "户号": home.number if home else "",
        "姓名": slips.slipped_name(chance, one.name, 0.02),
        "与户主关系": one.relation,
        "性别": sex(one),
        "出生日期": f"{one.born:%Y%m%d}",
        "公民身份号码": one.identity if chance.random() < 0.98 else one.identity[:17],
        "户籍地址": f"柳州市柳北区{home.address}" if home else "",
        "籍贯": one.native,
        "父亲姓名": parents[0],
        "母亲姓名": parents[1],
        "配偶姓名": one.spouse.name if one.spouse and chance.random() < 0.7 else "",
        "社区": home.community_name if home else "",
        "侨情身份": STANDINGS[one.standing] if asked else "",
        "原侨居国": about("countries")[one.origin] if asked else "",
        "登记日期": (on - timedelta(days=chance.randrange(3, 300))).isoformat(),
    }


def member(chance: random.Random, one: Resident, on: date) -> dict[str, str]:
    """The association's list: in letters, part of it in full characters, of people here and over there."""
    countries = about("countries")
    name = one.former if one.former and chance.random() < 0.12 else one.name
    if one.sex == "f" and one.spouse and chance.random() < 0.12:
        name = one.spouse.surname + name
    hanzi = chance.random() < 0.55
    father = latin_of(chance, one.father) if one.father and chance.random() < 0.3 else ""
    return {
        "编号": "",
        "外文姓名": slips.slipped_latin(chance, one.latin or latin_of(chance, one), 0.08).upper(),
        "中文姓名": full_form(slips.slipped_name(chance, name, 0.05)) if hanzi else "",
        "又名": full_form(one.former) if one.former and chance.random() < 0.4 else "",
        "性别": sex(one) if chance.random() < 0.9 else "",
        "出生日期": slips.abroad(chance, one),
        "国籍": countries.get(one.citizen, "中国"),
        "护照号码": one.passport,
        "居住国": countries.get(one.country, "中国"),
        "身份": STANDINGS[one.standing],
        "原侨居地": countries[one.origin] if chance.random() < 0.9 else "",
        "祖籍": full_form(one.native) if chance.random() < 0.6 else "",
        "父亲姓名": father,
        "电话": one.phone if one.country == "CN" and chance.random() < 0.4 else "",
        "电子邮箱": one.email,
        "登记日期": (on - timedelta(days=chance.randrange(30, 6000))).isoformat(),
    }


def sex(one: Resident) -> str:
    return "女" if one.sex == "f" else "男"


def latin_of(chance: random.Random, one: Resident) -> str:
    """A name as people of the origin would spell it."""
    how = scheme(one.origin, one.dialect, one.born.year)
    return latin(chance, one.surname, one.given, sex=one.sex, how=how, year=one.born.year, west=False)


def as_workbook(roll: Roll) -> bytes:
    """An Excel sheet with a title above its heading."""
    book = Workbook()
    book.properties.created = book.properties.modified = MADE
    sheet = book.worksheets[0]
    sheet.title = "名册"
    sheet.append([roll.title])
    sheet.append(list(roll.header))
    for line in roll.lines:
        sheet.append([cell or None for cell in line.cells])
    for row in (1, 2):
        for cell in sheet[row]:
            cell.font = Font(bold=True)
    sheet.freeze_panes = "C3"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def as_csv(roll: Roll) -> bytes:
    """A table as the register's own system writes it: in the national character set."""
    kept = StringIO()
    table = csv.writer(kept, lineterminator="\r\n")
    table.writerow(roll.header)
    table.writerows(line.cells for line in roll.lines)
    return kept.getvalue().encode("gb18030")
