"""What every answer tells the browser it may and may not do."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

PERMISSIONS = ", ".join(
    f"{power}=()"
    for power in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)
SIGN_OUT = "/sign-out/"


def signed_in(request: HttpRequest) -> bool:
    """Tell whether a session with an account came with this request; no cookie means no look-up."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    session = getattr(request, "session", None)
    return session is not None and SESSION_KEY in session


class HeadersMiddleware:
    """Sets the headers that SecurityMiddleware and the content security policy leave open.

    A view that shows personal data to somebody not signed in sets `request.personal = True`;
    such an answer, and any answer to a signed-in session, is never stored by a browser or a proxy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = signed_in(request)
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if before or signed_in(request) or getattr(request, "personal", False):
            response.headers["Cache-Control"] = "no-store"
        if request.method == "POST" and request.path.endswith(SIGN_OUT):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
            response.headers["Cache-Control"] = "no-store"
        patch_vary_headers(response, ("HX-Request",))
        return response
