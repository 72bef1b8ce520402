import pytest
from django.test import Client

LANGUAGES = {
    "zh-hans": "接下来可以这样做",
    "zh-hant": "接下來可以這樣做",
    "en": "What you can do next",
    "es": "Qué puede hacer ahora",
    "pt": "O que você pode fazer agora",
}


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/", 404), ("/refused/", 403), ("/old-form/", 403), ("/broken/", 500)]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_page_says_what_to_do_next_in_every_language(
    reader: Client, path: str, status: int, language: str
) -> None:
    reader.cookies["language"] = language
    said = reader.get(path)
    assert said.status_code == status
    assert LANGUAGES[language] in said.content.decode()


def test_the_fault_page_needs_no_database(reader: Client) -> None:
    """No database is allowed in this test: a query would raise and leave Django's bare page."""
    reader.cookies["sessionid"] = "forged"
    page = reader.get("/broken/").content.decode()
    assert "之前提交和保存的内容都还在" in page
    assert "RuntimeError" not in page


def test_an_error_page_shows_nothing_of_the_address(reader: Client) -> None:
    assert "<b>x" not in reader.get("/<b>x/").content.decode()
