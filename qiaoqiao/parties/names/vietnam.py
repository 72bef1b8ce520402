"""Sino-Vietnamese without marks: i and y change places, and the South has sounds of its own."""

import re

_SOUTHERN = dict(
    pair.split("=")
    for pair in """hoang=huynh vu=vo phuc=phuoc nhat=nhut sinh=sanh chinh=chanh linh=lanh canh=kieng
    binh=bing nhan=nhon chan=chon nghia=ngai chau=chu truong=trang cuong=cang quy=quoi thai=thoi
    tinh=tanh an=yen bao=buu loi=lai hoa=huê luong=long tong=tung phung=phuong thu=thau dam=dom
    nhiem=nham duc=duoc toan=tuyen hong=huong minh=manh anh=yeng hanh=hang kinh=canh thanh=thinh
    thoi=thi nguyen=nguon quang=quong tan=ton phong=phuong bach=ba dinh=dien tuan=tuong tin=tinh""".split()
    if pair.isascii()
)
_EITHER = re.compile(r"(?<=[hklmnstvq])(?:i|y)$|(?<=qu)[iy]$")


def vietnam(syllable: str, mandarin: str = "") -> tuple[str, ...]:
    """Spell one reading as papers without marks do."""
    del mandarin
    other = _EITHER.sub(lambda found: "y" if found[0] == "i" else "i", syllable)
    southern = _SOUTHERN.get(syllable, syllable)
    return tuple(dict.fromkeys((syllable, other, southern)))
