import pytest
from django.test import Client, RequestFactory

from qiaoqiao.ui.language import address, language_of, zone_of


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-MY", "zh-Hant"),
        ("zh-SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("es-VE,en;q=0.5", "es"),
        ("fr-FR,pt-BR;q=0.7,en;q=0.6", "pt"),
        ("de", "zh-Hans"),
        ("", "zh-Hans"),
        ("%%%;;q=x", "zh-Hans"),
    ],
)
def test_the_browser_s_language_decides_when_nothing_was_chosen(
    reader: Client, header: str, lang: str
) -> None:
    said = reader.get("/", headers={"accept-language": header})
    assert said.headers["Content-Language"] == lang
    assert f'<html lang="{lang}"' in said.content.decode()


def test_a_chosen_language_is_kept_and_the_address_cleaned(reader: Client) -> None:
    said = reader.get("/gallery/public/?broken=1&lang=es")
    assert said.status_code == 302
    assert said.headers["Location"] == "/gallery/public/?broken=1"
    assert reader.get("/", headers={"accept-language": "en"}).headers["Content-Language"] == "es"


def test_large_print_and_zone_are_kept_the_same_way(reader: Client) -> None:
    said = reader.get("/?view=large&tz=America/Caracas")
    assert said.headers["Location"] == "/"
    assert said.cookies["view"]["httponly"]
    assert not said.cookies["tz"]["httponly"]
    page = reader.get("/gallery/public/").content.decode()
    assert "qq-large" in page
    assert "加拉加斯" in page


@pytest.mark.parametrize("query", ["lang=xx", "view=huge", "tz=Mars/Base", "tz=../../etc/passwd", "lang="])
def test_a_wish_that_makes_no_sense_is_passed_over(reader: Client, query: str) -> None:
    said = reader.get(f"/?{query}")
    assert said.status_code == 200
    assert not said.cookies


def test_a_post_with_a_language_is_not_turned_away(reader: Client) -> None:
    assert reader.post("/gallery/sent/?lang=es", {"name": "陈"}).content.decode() == "陈"


def test_coming_back_never_leads_to_another_site() -> None:
    request = RequestFactory().get("/", {"lang": "es"})
    request.path = "//evil.example/"
    assert address(request, lang=None).startswith("/%2F")


def test_repeated_query_values_survive() -> None:
    request = RequestFactory().get("/?tag=a&tag=b&lang=es")
    assert address(request, lang=None) == "/?tag=a&tag=b"


def test_a_forged_zone_or_language_cookie_counts_as_none() -> None:
    request = RequestFactory().get("/")
    request.COOKIES = {"tz": "x" * 5000, "language": "<script>"}
    assert zone_of(request) is None
    assert language_of(request) == "zh-hans"


def test_answers_vary_by_what_decided_them(reader: Client) -> None:
    vary = reader.get("/").headers["Vary"]
    assert all(name in vary for name in ("Accept-Language", "Cookie", "HX-Request"))
