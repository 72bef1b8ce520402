"""The API object: who may call, under which ticket a call runs, and how every error is said."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.security import HttpBearer

from qiaoqiao.access.models import Client
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import PUBLIC, Actor, acting
from qiaoqiao.lib.ids import row_id
from qiaoqiao.lib.statements import find

Whose = Literal["public", "filing", "case", "office", "people"]
PROOF_SALT = "qiaoqiao.case-proof"
PROOF_SECONDS = 2 * 3600


class ClientToken(HttpBearer):
    """A client's bearer token; only its digest is kept."""

    def authenticate(self, request: HttpRequest, token: str) -> Client | None:
        digest = hashlib.sha256(token.encode()).digest()
        found = find(Client, "WHERE token_digest = $1 AND revoked_at IS NULL", digest)
        return found[0] if found else None


api = NinjaAPI(
    title="QiaoQiao",
    version="1",
    description="Services, cases and queues of offices that serve overseas Chinese: all that the pages do.",
    auth=ClientToken(),
    urls_namespace="api-v1",
    openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
)


def language() -> str:
    return get_language() or "zh-hans"


def proof_of(case_id: UUID) -> str:
    """What a client shows to reach a case that the person proved to be theirs; good for two hours."""
    return signing.dumps(str(case_id), salt=PROOF_SALT)


def proved_case(request: HttpRequest) -> UUID | None:
    """The case whose proof came in `X-Case-Proof`; None when it is missing, altered or old."""
    try:
        text = signing.loads(request.headers.get("X-Case-Proof", ""), salt=PROOF_SALT, max_age=PROOF_SECONDS)
    except signing.BadSignature:
        return None
    return UUID(text)


def actor_of(request: HttpRequest, whose: Whose) -> Actor:
    """Who is acting: the person whose case was proved, or the client with its account's posts."""
    client: Client = request.auth  # type: ignore[attr-defined]
    name = f"client:{client.pk}"
    case_id = proved_case(request) if whose == "case" else None
    if case_id is not None:
        return Actor("person", "person", cases=(case_id,))
    if whose in {"public", "filing"}:
        return Actor(PUBLIC.kind, name)
    return Actor("client", name, client.account_id)


def acts(whose: Whose) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Run an operation under the caller's ticket; `request.actor` and `request.at` are set.

    A filing knows the id of its case beforehand, so that the caller may reach what they file.
    """

    def wrap(operation: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            at = timezone.now()
            actor = actor_of(request, whose)
            if whose == "filing":
                request.case_id = row_id()  # type: ignore[attr-defined]
                actor = actor.with_case(request.case_id)  # type: ignore[attr-defined]
            request.actor, request.at = actor, at  # type: ignore[attr-defined]
            request.personal = True  # type: ignore[attr-defined]
            with acting(actor, epoch=int(at.timestamp())):
                return operation(request, *args, **kwargs)

        guarded.permission = PERMISSIONS[whose]  # type: ignore[attr-defined]
        return guarded

    return wrap


PERMISSIONS = {
    "public": Permission.PUBLIC,
    "filing": Permission.PUBLIC,
    "case": Permission.OWN_CASE,
    "office": Permission.CASE_READ,
    "people": Permission.LINK,
}


def problem(
    request: HttpRequest,
    status: int,
    kind: str,
    title: str,
    *,
    errors: list[dict[str, str]] | None = None,
    **more: object,
) -> HttpResponse:
    """Answer with an RFC 9457 problem, its words in the caller's language."""
    body: dict[str, object] = {"type": f"urn:qiaoqiao:{kind}", "title": title, "status": status} | more
    if errors is not None:
        body["errors"] = errors
    response: HttpResponse = api.create_response(request, body, status=status)
    response["Content-Type"] = "application/problem+json"
    return response
