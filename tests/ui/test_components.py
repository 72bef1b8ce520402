import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import translation

from qiaoqiao.ui import shapes
from qiaoqiao.ui.language import here
from qiaoqiao.ui.templatetags.ui import filesize
from qiaoqiao.ui.vendor import ICONS

ROOM = Path(shapes.__file__).parent
EVIL = '<img src=x onerror="alert(1)">'


def drawn(words: str, /, **context: Any) -> str:
    known = {"here": here(RequestFactory().get("/staff/office/?x=1"))}
    return engines["django"].from_string(words).render(known | context)


@pytest.mark.parametrize("state", sorted(set(shapes.STATES) - {"plain"}))
def test_every_state_has_a_shape_beside_its_word(state: str) -> None:
    page = drawn("{% tag words state %}", words="逾期", state=state)
    assert "<svg" in page
    assert "逾期" in page


def test_an_unknown_state_is_a_mistake_of_the_page() -> None:
    with pytest.raises(KeyError):
        drawn('{% tag "x" "purple" %}')


@pytest.mark.parametrize(
    "words",
    [
        "{% tag evil %}",
        "{% reference evil %}",
        "{% button evil %}",
        '{% button evil href="/" name=evil %}',
        "{% warning evil %}",
        "{% banner evil %}{{ evil }}{% endbanner %}",
        "{% panel evil %}{{ evil }}{% endpanel %}",
        "{% empty evil %}{{ evil }}{% endempty %}",
        "{% details evil %}{{ evil }}{% enddetails %}",
        "{% summary %}{% row evil %}{{ evil }}{% endrow %}{% endsummary %}",
        "{% summary_list rows %}",
        "{% identity_bar %}{% fact evil %}{{ evil }}{% endfact %}{% endidentity_bar %}",
        "{% timeline items %}",
        "{% thread items %}",
        "{% steps items %}",
        "{% tabs items %}",
        "{% nav_link evil evil %}",
        "{% progress 1 2 evil %}",
        "{% pagination evil evil evil %}",
        "{% icon evil %}",
        "{% back_link evil evil %}",
    ],
)  # fmt: skip
def test_words_of_strangers_are_escaped(words: str) -> None:
    item = dict.fromkeys(("title", "by", "text", "url", "who", "href", "original"), EVIL)
    item |= {"at": datetime(2026, 1, 1, tzinfo=UTC)}
    page = drawn(words, evil=EVIL, items=[item], rows=[{"key": EVIL, "value": EVIL, "href": EVIL}])
    assert "<img" not in page


def test_content_of_blocks_is_not_escaped_twice() -> None:
    assert "<p>a &amp; b</p>" in drawn("{% banner 'x' %}<p>{{ words }}</p>{% endbanner %}", words="a & b")
    assert "<em>a &amp; b</em>" in drawn(
        "{% summary %}{% row 'k' %}<em>{{ words }}</em>{% endrow %}{% endsummary %}", words="a & b"
    )


def test_a_due_badge_says_how_late_it_is() -> None:
    page = drawn("{% due on -3 'overdue' working=True %}", on=date(2026, 11, 18))
    assert "已逾期 3 个工作日" in page
    assert "星期三" in page
    assert "qq-tag--overdue" in page


def test_a_provisional_date_says_that_it_may_change() -> None:
    assert "日期可能调整" in drawn("{% due on 3 provisional=True %}", on=date(2031, 1, 2))


def test_a_paused_clock_shows_no_date() -> None:
    assert "<time" not in drawn("{% due None state='paused' %}")


def test_the_current_page_is_marked_in_the_navigation() -> None:
    assert 'aria-current="page"' in drawn('{% nav_link "/staff/office/" "本单位" %}')
    assert 'aria-current="page"' not in drawn('{% nav_link "/staff/" "我的待办" exact=True %}')
    assert 'aria-current="page"' not in drawn('{% nav_link "/" "首页" %}')


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "2 KB"), (1_468_006, "1.4 MB"), (5 * 2**40, "5120 GB")],
)
def test_sizes_are_written_as_people_read_them(size: int, words: str) -> None:
    assert filesize(size).replace(",", "") == words


def test_sizes_use_the_language_s_decimal_sign() -> None:
    with translation.override("es"):
        assert filesize(1_468_006) == "1,4 MB"


def test_every_icon_the_room_uses_is_copied_from_its_package() -> None:
    named = set()
    for file in [*ROOM.glob("templates/**/*.html"), *ROOM.glob("*.py"), *ROOM.glob("templatetags/*.py")]:
        named |= set(
            re.findall(r"""(?:\{% icon |icon=|shapes\.icon\()["']([a-z0-9-]+)["']""", file.read_text())
        )
    assert named - set(ICONS) == set()


def test_a_page_has_one_heading_of_the_first_rank(reader: Client) -> None:
    for path in ("/", "/gallery/public/", "/gallery/queue/", "/nowhere/"):
        assert reader.get(path).content.decode().count("<h1") == 1
