from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import Client


def sign_in(reader: Client) -> None:
    """Give the browser a session with an account, as signing in does."""
    session = SessionStore()
    session[SESSION_KEY] = "1"
    session.save()
    reader.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def test_every_answer_says_what_the_browser_may_not_do(reader: Client) -> None:
    headers = reader.get("/").headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_public_page_may_be_kept(reader: Client) -> None:
    assert "no-store" not in reader.get("/").headers.get("Cache-Control", "")


def test_a_page_with_personal_data_is_never_kept(reader: Client) -> None:
    assert reader.get("/personal/").headers["Cache-Control"] == "no-store"


def test_nothing_shown_to_a_signed_in_session_is_kept(reader: Client) -> None:
    sign_in(reader)
    assert reader.get("/personal/").headers["Cache-Control"] == "no-store"
    assert reader.get("/gallery/sent/").headers["Cache-Control"] == "no-store"


def test_signing_out_empties_the_browser(reader: Client) -> None:
    assert '"cache"' in reader.post("/staff/sign-out/").headers["Clear-Site-Data"]
    assert "Clear-Site-Data" not in reader.get("/").headers


def test_pages_carry_no_inline_style_or_script(reader: Client) -> None:
    for path in ("/", "/gallery/public/?broken", "/gallery/staff/", "/gallery/queue/", "/nowhere/"):
        page = reader.get(path).content.decode()
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick" not in page
