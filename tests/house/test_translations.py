"""Every text that people see is there in every language, says the same, and nothing is left over."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from opencc import OpenCC

from tests.house.texts import CHINESE, HAN, LOCALES, Key, bare, holes, rooms, translated, unread, used

NOT_CHINESE = {
    "“%(step)s”": "the quotation marks differ between languages",
    "%(city)s %(time)s": "the order of place and time differs between languages",
}
"""Texts for people that have no Chinese character at their source, and why."""

MARKED_ELSEWHERE = {
    "api/problems.py: _(title)": "marked in PLAIN, in the same file",
    "portal/answers.py: _(EVIDENCE[str(given['evidence'])])": "marked in EVIDENCE, in the same file",
    "portal/applicant.py: _(said)": "marked in EVIDENCE of answers.py",
    "portal/applicant.py: _(EVIDENCE[str(answers['evidence'])])": "marked in EVIDENCE of answers.py",
    "ui/days.py: _(day.holiday)": "the holidays' names are marked in HOLIDAYS, in the same file",
}
"""The gettext calls of a text that is not written in the call, and where it is marked."""

BARE = {
    "access/models.py: 发文字号 prefix such as 江侨函": "help for developers; no page shows it",
    "casework/models.py: 文号": "help for developers; no page shows it",
    "casework/actions/intake.py: （不具名）": "stands in the record where the name would be",
    "casework/actions/issuing.py: 号": "part of an official document number, Chinese in every language",
    "casework/notices.py: 》第": "how an article is cited on a paper, in the law's own language",
    "casework/notices.py: 条": "how an article is cited on a paper, in the law's own language",
    "casework/notices.py: \\d[\\d、至]*": "the form of such a citation; nobody reads it",
    "casework/notices.py: 年": "how a Chinese date is written; other languages have their own branch",
    "casework/notices.py: 月": "how a Chinese date is written; other languages have their own branch",
    "casework/notices.py: 日": "how a Chinese date is written; other languages have their own branch",
    "parties/models/files.py: home, register (hukou), native (祖籍), post": "help for developers; no page shows it",
    "community/network/models.py: As announced, such as 主席, 站长": "help for developers; no page shows it",
    "community/network/hours.py": "how hours are written in workbooks; pages say them by wording",
    "community/network/gazetteer.py": "what stands before names of places and countries in workbooks",
    "community/network/judging.py: (\\d{4})[-/.年](\\d{1,2})[-/.月](\\d{1,2})日?": "how dates are written in workbooks",
    "community/network/rules.py": "a mark that people write between numbers",
    "community/network/sheet.py": "the example in the Chinese workbook",
    "portal/near.py: 转": "the sign for an extension in a telephone number",
    "services/joint/models.py: 号": "part of a meeting's number, Chinese in every language",
    "workbench/words.py: 您": "a word of the catalogue's Chinese, put into the third person for officers",
    "workbench/words.py: 当事人": "what it is put into",
    "workbench/words.py: 當事人": "what it is put into",
    "parties/linkage/features.py": "names of provinces, to be recognised in rolls; nobody reads them here",
    "parties/linkage/views.py": "characters that stand for a name left out; nobody reads them here",
    "catalogue/clocking.py": "a command for those who write the catalogue; it speaks Chinese",
    "services/relief/money.py": "capital characters of an amount, Chinese on every paper of money",
    "catalogue/topics.py": "words in all five languages, as an entry has them",
    "catalogue/stemming.py": "characters that searching passes over; nobody reads them",
    "community/pools/rules.py": "titles of laws, Chinese in every language",
    "community/pools/letters.py": "a letter from one office to another, official and Chinese only",
    "portal/handing.py: 其他材料": "the title kept in the record, as the office reads it",
    "portal/notice.py: 本人在网页打开": "the proof of service kept in the record, as the office reads it",
}
"""Chinese outside gettext: the file and the text, or the file alone, and why it need not be translated."""

MAINLAND = {
    "短信": "簡訊、短訊",
    "登录": "登入",
    "链接": "連結",
    "打印": "列印",
    "默认": "預設",
    "屏幕": "螢幕",
    "账号": "帳號、帳戶",
    "服务器": "伺服器",
    "点击": "按、點選",
    "粘贴": "貼上",
    "搜索": "搜尋",
    "二维码": "QR 碼",
    "刷新": "重新整理",
}
"""Mainland words, and what readers in Hong Kong and Taiwan say."""

BOTH_WAYS = set(
    "台里着只后云干于余几系表准采面出丑当布丰舍松游范朴岳郁征仆了才斗谷姜卷克胡回家据蒙千苏折制钟周注志托冲广厂占吃秋向症筑奸恒群"
)
"""Characters that traditional writers use as they are, for some of their meanings."""

LAW = re.compile(r"《%\(\w+\)s》")
"""The title of a Chinese law stands in its own brackets in every language."""

CONVERTER = OpenCC("s2t")
ROOMS = rooms()
rooms_and_languages = [
    pytest.param(room, locale, id=f"{room.name}-{locale}") for room in ROOMS for locale in LOCALES
]
each_room_and_language = pytest.mark.parametrize(("room", "locale"), rooms_and_languages)
each_room = pytest.mark.parametrize("room", [pytest.param(room, id=room.name) for room in ROOMS])


def messages(room: Path, locale: str) -> Iterator[tuple[Key, Message]]:
    for message in translated(room, locale):
        if message.id:
            text = message.id[0] if isinstance(message.id, tuple) else message.id
            yield (message.context, str(text)), message


def forms(message: Message) -> list[str]:
    """The forms of a translation: one, or several where there is a plural."""
    said = message.string
    return [str(form) for form in said] if isinstance(said, list | tuple) else [str(said or "")]


@each_room_and_language
def test_every_text_of_a_room_is_translated_by_the_room_itself(room: Path, locale: str) -> None:
    known = dict(messages(room, locale))
    missing = [
        f"{found.where}: {found.text}"
        for found in used(room)
        if found.key not in known or not all(forms(known[found.key])) or known[found.key].fuzzy
    ]
    assert missing == []


@each_room_and_language
def test_no_translation_is_left_over(room: Path, locale: str) -> None:
    asked = {found.key for found in used(room)}
    catalog = translated(room, locale)
    assert [key for key, _message in messages(room, locale) if key not in asked] == []
    assert list(catalog.obsolete) == []


@each_room_and_language
def test_a_translation_has_the_placeholders_of_its_source(room: Path, locale: str) -> None:
    wrong = []
    for (_context, text), message in messages(room, locale):
        several = message.pluralizable
        for form in forms(message):
            missing = set(holes(text)) - set(holes(form))
            if several and form == forms(message)[0]:
                missing = set()  # "one day" need not repeat the number
            if missing or set(holes(form)) - set(holes(text)):
                wrong.append(f"{text} → {form}")
    assert wrong == []


@each_room_and_language
def test_a_text_with_a_number_has_all_the_plurals_of_the_language(room: Path, locale: str) -> None:
    plural = {found.key for found in used(room) if found.plural}
    catalog = translated(room, locale)
    wrong = [
        key
        for key, message in messages(room, locale)
        if len(forms(message)) != (catalog.num_plurals if key in plural else 1)
    ]
    assert wrong == []
    assert not plural or catalog.num_plurals == (1 if locale == "zh_Hant" else 2)


@each_room
def test_the_source_of_every_text_is_chinese(room: Path) -> None:
    strange = {found.text for found in used(room) if not CHINESE.search(found.text)}
    assert strange - NOT_CHINESE.keys() == set()


@each_room
@pytest.mark.parametrize("locale", ["en", "es", "pt"])
def test_no_chinese_stays_in_a_translation(room: Path, locale: str) -> None:
    left = [
        form
        for _key, message in messages(room, locale)
        for form in forms(message)
        if CHINESE.search(LAW.sub("", form))
    ]
    assert left == []


@each_room
def test_traditional_chinese_has_no_simplified_characters(room: Path) -> None:
    wrong = [
        f"{text} → {form}"
        for (_context, text), message in messages(room, "zh_Hant")
        for form in forms(message)
        if simplified(form)
    ]
    assert wrong == []


@cache
def traditional(text: str) -> str:
    """A text in traditional characters, word for word."""
    converted: str = CONVERTER.convert(text)
    return converted


def simplified(text: str) -> list[str]:
    """The characters of a text that only simplified Chinese has."""
    return [one for one in text if HAN.match(one) and one not in BOTH_WAYS and traditional(one) != one]


@each_room
def test_traditional_chinese_uses_the_words_of_hong_kong_and_taiwan(room: Path) -> None:
    mainland = {traditional(word) for word in MAINLAND}
    wrong = [
        f"{word}: {form}"
        for _key, message in messages(room, "zh_Hant")
        for form in forms(message)
        for word in mainland
        if word in form
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_one_text_is_translated_alike_in_every_room(locale: str) -> None:
    """Django keeps one translation of a text for the whole house: the first room's."""
    said: dict[Key, dict[str, str]] = defaultdict(dict)
    for room in ROOMS:
        for key, message in messages(room, locale):
            said[key].setdefault(" | ".join(forms(message)), room.name)
    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


@each_room
def test_a_text_chosen_while_running_is_marked_where_it_is_written(room: Path) -> None:
    calls = {f"{found.where.partition(':')[0]}: {found.text}" for found in unread(room)}
    assert calls - MARKED_ELSEWHERE.keys() == set()


@each_room
def test_no_chinese_is_shown_without_being_translated(room: Path) -> None:
    found = [
        f"{one.where}: {one.text}"
        for one in bare(room)
        if not {one.where.partition(":")[0], f"{one.where.partition(':')[0]}: {one.text}"} & BARE.keys()
    ]
    assert found == []


def test_the_lists_of_exceptions_hold_no_more_than_they_must() -> None:
    bare_texts = {
        name
        for room in ROOMS
        for one in bare(room)
        for name in (one.where.partition(":")[0], f"{one.where.partition(':')[0]}: {one.text}")
    }
    calls = {f"{one.where.partition(':')[0]}: {one.text}" for room in ROOMS for one in unread(room)}
    assert BARE.keys() - bare_texts == set()
    assert MARKED_ELSEWHERE.keys() - calls == set()
    assert NOT_CHINESE.keys() - {found.text for room in ROOMS for found in used(room)} == set()
    assert all(len(reason) > 10 for reason in (NOT_CHINESE | MARKED_ELSEWHERE | BARE).values())
