"""Invented people in the records of several offices: written in other scripts, spelt otherwise, with slips."""

from collections.abc import Iterator
from datetime import UTC, datetime

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.gateways import vault
from qiaoqiao.lib.ids import row_id
from qiaoqiao.parties.actions.files import make_file
from qiaoqiao.parties.actions.rolling import keys_for
from qiaoqiao.parties.linkage.rows import NOTHING, TEXTS
from qiaoqiao.parties.models import File, Name, Record, Source
from tests.cast import now_epoch

FAMILIES = (("陈", "Chan", "Chen"), ("李", "Lee", "Li"), ("黄", "Wong", "Huang"), ("林", "Lam", "Lin"))
GIVEN = (
    ("大文", "Tai Man", "Dawen"), ("秀英", "Sau Ying", "Xiuying"), ("国强", "Kwok Keung", "Guoqiang"),
    ("美玲", "Mei Ling", "Meiling"), ("志明", "Chi Ming", "Zhiming"), ("玉莲", "Yuk Lin", "Yulian"),
    ("家豪", "Ka Ho", "Jiahao"), ("淑芬", "Suk Fan", "Shufen"), ("建华", "Kin Wah", "Jianhua"),
)  # fmt: skip


def row(**said: str) -> dict[str, str]:
    """A line of a roll that says only this."""
    return NOTHING | said


CHEN = row(
    name_hanzi="陈大文", sex="M", birth_date="1954-03-02", nationality="CN", id_type="CNID", id_no="440781195403020112",
    phone="13800001111", native_place="广东台山端芬", address="胜利街道侨园路1号", household_no="H1", spouse_name="李秀英",
)  # fmt: skip
CHAN = row(
    name_latin="Chan Tai Man", surname_latin="Chan", given_latin="Tai Man", sex="M", birth_date="1954-02-03",
    nationality="HK", id_type="PASSPORT", id_no="K1234567", phone="13800001111",
)  # fmt: skip
SPOUSE = row(
    name_hanzi="李秀英", sex="F", birth_date="1956-07-09", nationality="CN", phone="13800001111",
    address="胜利街道侨园路1号", household_no="H1", spouse_name="陈大文",
)  # fmt: skip
BROTHER = row(
    name_hanzi="陈国强", sex="M", birth_date="1957-11-20", nationality="CN", address="胜利街道侨园路1号", household_no="H1",
    native_place="广东台山端芬",
)  # fmt: skip


def crowd(people: int) -> Iterator[dict[str, str]]:
    """Three records of each of so many people: a register, a passport of another place, an association's roll."""
    for one in range(people):
        family, cantonese, pinyin = FAMILIES[one % len(FAMILIES)]
        given, own, plain = GIVEN[(one // len(FAMILIES)) % len(GIVEN)]
        year, month, day = 1930 + one % 61, 1 + one % 12, 1 + one % 28
        sex, home = "MF"[one % 2], f"H{one // 3}"
        yield row(
            name_hanzi=family + given, sex=sex, birth_date=f"{year}-{month:02}-{day:02}", nationality="CN",
            id_type="CNID", id_no=f"440781{year}{month:02}{day:02}{one % 1000:03}X", phone=f"1380000{one // 2:04}",
            household_no=home, native_place="广东台山",
        )  # fmt: skip
        yield row(
            name_latin=f"{cantonese} {own}", surname_latin=cantonese, given_latin=own, sex=sex, nationality="HK",
            birth_date=f"{year}-{month:02}-{day:02}" if one % 4 else f"{year}", id_type="PASSPORT", id_no=f"K{one:07}",
        )  # fmt: skip
        yield row(
            name_latin=f"{pinyin} {plain}", name_hanzi=family + given if one % 3 else "", sex=sex,
            birth_date=f"{year}-{min(day, 12):02}-{month:02}", phone=f"1380000{one // 2:04}",
        )  # fmt: skip


def record_of(row_: dict[str, str], source: Source, file: File | None, at: datetime | None = None) -> Record:
    """A row as it is kept in a roll that was brought in."""
    kept = Record(
        id=row_id(), source=source, file=file, added_at=at or datetime.now(UTC), keys=keys_for([row_])[0]
    )
    for name in TEXTS:
        setattr(kept, name, row_[name])
    if number := row_["id_no"]:
        kept.id_sealed = vault.seal(number, vault.Place("parties_record", "id_sealed", str(kept.pk)))
        kept.id_tail = number[-4:]
    return kept


def file_of_rows(source: Source, office: Office, *rows: dict[str, str]) -> File:
    """A file with a record for each row."""
    text = rows[0]["name_hanzi"] or rows[0]["name_latin"]
    script = "hans" if rows[0]["name_hanzi"] else "latin"
    with acting(SYSTEM, epoch=now_epoch()):
        name = Name(text=text, script=script, kind="legal")
        file = make_file(name, office=office, actor=SYSTEM, at=datetime.now(UTC))
        Record.objects.bulk_create([record_of(one, source, file) for one in rows])
    return file
