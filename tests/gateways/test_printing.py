"""Papers: set like official documents, never a box for a rare name, never a person's words as markup."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from qiaoqiao.gateways import printing
from qiaoqiao.gateways.printing import Block, NoticeSheet, PrintingFailed, ReceiptSheet, Verification

RARE_NAMES = "喆堃昇玥䶮㛃燚禤𬭚"
CHECK = Verification("QQ26-7K3M-9P", "https://window.example/t/QQ26-7K3M-9P")
NOTICE = NoticeSheet(
    office="江门市蓬江区归国华侨联合会",
    number="蓬侨函〔2026〕88号",
    title="华侨回国定居申请材料一次性告知书",
    addressee="禤喆堃先生",
    paragraphs=["您于2026年11月20日提交的申请收悉。"],
    blocks=[
        Block("需要补正的材料", "list", [["护照", "原件及复印件"], ["无犯罪记录证明"]]),
        Block("期限", "table", [["期限", "长度"], ["补正材料", "30日"]]),
        Block("办理地点", "facts", [["费用", "不收费"]]),
    ],
    closing="逾期不补正的，视为撤回。\n特此告知。",
    signed_by="江门市蓬江区归国华侨联合会",
    dated="2026年11月22日",
    verification=CHECK,
    issued_at=datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
)
RECEIPT = ReceiptSheet(
    language="zh-hans",
    office="江门市蓬江区归国华侨联合会",
    reference="QQ26-7K3M-9P",
    service="华侨回国定居",
    filed="2026年11月22日 10:05（北京时间）",
    verification=CHECK,
    first_due="2026年11月27日（星期五）",
    next_steps=["先看材料是否齐全"],
)


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_a_notice_says_all_that_its_sheet_says() -> None:
    text = "".join(pages_of(printing.print_notice(NOTICE)))
    for said in (
        "蓬侨函〔2026〕88号",
        "禤喆堃先生：",
        "一、需要补正的材料",
        "原件及复印件",
        "补正材料",
        "不收费",
    ):
        assert said in text
    assert "特此告知。" in text
    assert "— 1 —" in text


def test_a_notice_is_an_archivable_tagged_pdf_of_the_given_moment() -> None:
    pdf = printing.print_notice(NOTICE)
    reader = PdfReader(BytesIO(pdf))
    assert b"pdfaid:part" in pdf
    assert "/StructTreeRoot" in reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == NOTICE.title
    assert reader.metadata.creation_date == NOTICE.issued_at


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert printing.print_notice(NOTICE) == printing.print_notice(NOTICE)


@pytest.mark.parametrize("name", list(RARE_NAMES))
def test_a_rare_name_is_shown_by_our_own_fonts(name: str) -> None:
    pdf = printing.print_notice(dataclasses.replace(NOTICE, addressee=f"禤{name}先生"))
    assert f"禤{name}先生" in pages_of(pdf)[0]


def test_a_character_our_fonts_lack_is_shown_by_the_machines_or_by_its_code_point() -> None:
    text = pages_of(printing.print_notice(dataclasses.replace(NOTICE, addressee="吴𠮷女士")))[0]
    assert "吴𠮷女士" in text or "吴〓（U+20BB7）女士" in text


def test_a_character_that_no_font_has_becomes_its_code_point() -> None:
    sheet = dataclasses.replace(NOTICE, addressee="吴\U000e01ef\U0010fffe\ue863女士")
    assert "〓（U+E863）女士" in pages_of(printing.print_notice(sheet))[0]


def test_what_a_person_wrote_is_never_markup() -> None:
    words = '#panic("x") *a* $x$ `r` <b> @c [d] //e \\ #let'
    assert words in pages_of(printing.print_notice(dataclasses.replace(NOTICE, paragraphs=[words])))[0]


def test_characters_that_turn_the_reading_direction_are_left_out() -> None:
    sheet = dataclasses.replace(NOTICE, paragraphs=["甲\u202e乙\x07丙\udcff"])
    assert "甲乙丙" in pages_of(printing.print_notice(sheet))[0]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The Chinese text prevails"),
        ("es", "Prevalece el texto en chino"),
        ("pt", "Prevalece o texto em chinês"),
        ("zh-hant", "以中文簡體文本為準"),
    ],
)
def test_the_translation_has_its_own_page_that_says_the_chinese_prevails(language: str, words: str) -> None:
    copy = dataclasses.replace(NOTICE, language=language, title="Pending papers", addressee="禤喆堃")
    pages = pages_of(printing.print_notice(dataclasses.replace(NOTICE, copy=copy)))
    chinese = len(pages_of(printing.print_notice(NOTICE)))
    assert words in pages[chinese].replace("\n", " ")
    assert words not in "".join(pages[:chinese])


def test_only_a_demonstration_has_a_ring_and_says_what_it_is() -> None:
    demo = "".join(pages_of(printing.print_notice(dataclasses.replace(NOTICE, demo=True))))
    assert "演示文书，不具有法律效力" in demo
    assert "演" not in "".join(pages_of(printing.print_notice(NOTICE)))


def test_a_long_notice_runs_over_pages_and_ends_with_its_signature() -> None:
    pages = pages_of(
        printing.print_notice(dataclasses.replace(NOTICE, paragraphs=["请按时补正。" * 200] * 5))
    )
    assert len(pages) > 3
    assert NOTICE.dated in pages[-1]
    assert "— 2 —" in pages[1]


def test_fifty_thousand_characters_and_emoji_are_printed() -> None:
    pdf = printing.print_notice(dataclasses.replace(NOTICE, paragraphs=["侨😀" * 25_000]))
    assert len(PdfReader(BytesIO(pdf)).pages) > 40


def test_a_receipt_is_one_page_with_reference_and_first_date() -> None:
    pages = pages_of(printing.print_receipt(RECEIPT))
    assert len(pages) == 1
    assert "QQ26-7K3M-9P" in pages[0]
    assert "2026年11月27日（星期五）" in pages[0]


def test_a_receipt_with_many_papers_still_stands_on_one_page() -> None:
    receipt = dataclasses.replace(RECEIPT, received=[f"材料{n}" for n in range(30)])
    assert len(pages_of(printing.print_receipt(receipt))) == 1


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en", "es", "pt"])
def test_a_receipt_speaks_five_languages_and_in_large_print(language: str) -> None:
    receipt = dataclasses.replace(RECEIPT, language=language, large_print=True, demo=True)
    assert "QQ26-7K3M-9P" in pages_of(printing.print_receipt(receipt))[0]


def test_many_threads_share_one_press() -> None:
    sheets = [dataclasses.replace(NOTICE, number=f"函〔2026〕{n}号") for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        for sheet, pdf in zip(sheets, pool.map(printing.print_notice, sheets), strict=True):
            assert sheet.number in pages_of(pdf)[0]


def test_a_sheet_in_a_language_without_words_fails_loudly() -> None:
    with pytest.raises(PrintingFailed):
        printing.print_receipt(dataclasses.replace(RECEIPT, language="xx"))


def test_printing_says_that_it_works() -> None:
    assert printing.check() is None
