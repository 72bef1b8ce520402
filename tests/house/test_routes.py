"""Every route says whom it is for, and nobody else gets anything out of it.

The routes are read from the address map itself, so that a new one is tested the moment it exists.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
from inspect import Parameter, Signature, getclosurevars, isfunction, signature
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qiaoqiao.access.links import make_link
from qiaoqiao.access.models import Account
from qiaoqiao.access.models import Client as System
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.casework.actions.intake import Filing, file
from qiaoqiao.casework.models import Case, Paper
from qiaoqiao.parties.actions.changing import Evidence, ask_change
from qiaoqiao.parties.actions.consenting import give
from qiaoqiao.parties.actions.files import make_file
from qiaoqiao.parties.actions.importing import look
from qiaoqiao.parties.models import Batch, File, Merge, Name, Proposal
from tests.cast import ROSA, Town, make_account, now_epoch
from tests.community.activities_town import canary_activity
from tests.community.alliance_town import canary_alliance
from tests.community.answers import known_answer
from tests.community.network_town import canary_network
from tests.community.pools_town import canary_pool
from tests.community.slots import known_arguments
from tests.parties.rolls import make_source
from tests.services.fund_town import canary_fund
from tests.services.joint_table import canary_meeting
from tests.workbench.desk_town import SETTLE

API_FRAME = {"openapi-json", "openapi-view", "api-root"}
"""What ninja adds by itself: the description of the API, which is public."""

CANARY, LATIN_CANARY = "鑫淼垚", "Zzyzx Canary"
OPEN = {Permission.PUBLIC, Permission.DEMO}
OWNED = {Permission.OWN_CASE, Permission.OWN_FILE, Permission.HOLDER}
METHODS = ("get", "post")


@dataclass(frozen=True)
class Route:
    """One address of the map."""

    path: str
    name: str
    arguments: frozenset[str]
    permissions: frozenset[Permission]
    api: bool

    def address(self, known: dict[str, object]) -> str:
        """The address with every argument filled in."""
        path = self.path
        for kind in ("str:", "slug:", "int:", "uuid:"):
            path = path.replace(f"<{kind}", "<")
        for name in self.arguments:
            path = path.replace(f"<{name}>", str(known[name]))
        return f"/{path}"

    @property
    def for_staff(self) -> bool:
        return not self.api and not self.permissions & (OPEN | OWNED)


def permissions_of(pattern: URLPattern) -> frozenset[Permission]:
    """What the view declares; an address of the API has several operations, each with its own."""
    callback = pattern.callback
    around = getclosurevars(callback).nonlocals.get("self") if isfunction(callback) else None
    operations = getattr(around, "operations", None)
    views = [one.view_func for one in operations] if operations else [pattern.callback]
    return frozenset(view.permission for view in views if hasattr(view, "permission"))


def walk(resolver: URLResolver, above: str = "") -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        path = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, path)
        else:
            names = frozenset(pattern.pattern.converters)
            yield Route(path, pattern.name or "", names, permissions_of(pattern), path.startswith("api/"))


ROUTES = list(walk(get_resolver()))
STAFF = [route for route in ROUTES if route.for_staff]
OWN = [route for route in ROUTES if not route.api and Permission.OWN_CASE in route.permissions]
OWN_FILE = [route for route in ROUTES if not route.api and Permission.OWN_FILE in route.permissions]
HELD = [route for route in ROUTES if not route.api and Permission.HOLDER in route.permissions]
API = [route for route in ROUTES if route.api and route.name not in API_FRAME]


def named(routes: list[Route]) -> Any:
    return pytest.mark.parametrize("route", routes, ids=[route.name or route.path for route in routes])


TOGETHER = 12


def each(routes: list[Route]) -> Callable[[Callable[..., None]], Any]:
    """Try every route, a dozen in one test: building the town they are tried in takes longer than the trying."""

    def wrap(test: Callable[..., None]) -> Any:
        def tried(routes: list[Route], **fixtures: Any) -> None:
            for route in routes:
                try:
                    test(route=route, **fixtures)
                except AssertionError as why:
                    why.add_note(f"the route is {route.name} {route.path}")
                    raise

        asked = [one for name, one in signature(test).parameters.items() if name != "route"]
        first = Parameter("routes", Parameter.POSITIONAL_OR_KEYWORD)
        tried.__signature__ = Signature([first, *asked])  # type: ignore[attr-defined]
        tried.__name__, tried.__doc__ = test.__name__, test.__doc__
        some = [routes[at : at + TOGETHER] for at in range(0, len(routes), TOGETHER)]
        return pytest.mark.parametrize("routes", some, ids=[one[0].name or one[0].path for one in some])(
            tried
        )

    return wrap


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def canary_roll(town: Town) -> Batch:
    """A roll that names the person, in a report too, as the keeper of the case's office holds it."""
    source = make_source(town.overseas_affairs, names={"zh-Hans": CANARY})
    content = f"姓名,电话\n{CANARY} {LATIN_CANARY},{CANARY}\n".encode()
    return look(source, f"{CANARY}.csv", content, actor=SYSTEM, at=datetime.now(UTC)).batch


def canary_pair(known: File, town: Town) -> tuple[Proposal, Merge]:
    """A pair that names the person in its evidence, and a merge into their file."""
    name = Name(text=CANARY, script="hans", kind="legal")
    other = make_file(name, office=town.federation, actor=SYSTEM, at=datetime.now(UTC))
    told = [{"what": "given", "level": 12, "weight": 6.4, "left": CANARY, "right": LATIN_CANARY}]
    one, two = sorted((known, other), key=lambda file: file.pk)
    pair = Proposal.objects.create(
        office=town.federation, one=one, other=two, weight=6.4, band="sure", evidence=told, made_at=datetime.now(UTC)
    )  # fmt: skip
    by = town.officer_chen
    merge = Merge.objects.create(kept=known, absorbed=other, moved={}, at=datetime.now(UTC), by=by)
    return pair, merge


def canary_money(town: Town, case: Case) -> dict[str, object]:
    with acting(SYSTEM, epoch=now_epoch()):
        return canary_fund(town, case, CANARY)


@pytest.fixture
def known(town: Town) -> dict[str, object]:
    """A case that the stranger must not learn of, and every argument an address may want."""
    canary = changed(ROSA, name=CANARY, latin_name=LATIN_CANARY)
    filing = Filing(service="settlement", channel="web", applicant=canary, facts=SETTLE)
    with acting(PUBLIC.with_case(filing.case_id), epoch=now_epoch()):
        case = file(filing, actor=PUBLIC, at=datetime.now(UTC))
    with acting(SYSTEM, epoch=now_epoch()):
        paper = Paper.objects.filter(case=case).values_list("pk", flat=True)[0]
        reference = Case.objects.values_list("reference", flat=True).get(pk=case.pk)
        name = Name(text=CANARY, script="hans", kind="legal")
        latin = Name(text=LATIN_CANARY, script="latin", kind="legal")
        known = make_file(name, latin, office=town.federation, actor=SYSTEM, at=datetime.now(UTC))
        change = ask_change(
            known.pk, {"name": CANARY + CANARY}, reason=CANARY, evidence=Evidence("0" * 32, CANARY),
            actor=SYSTEM, at=datetime.now(UTC),
        )  # fmt: skip
        consent = give(
            known.pk, "contact", language="zh-hans", method="page", actor=SYSTEM, at=datetime.now(UTC)
        )
        batch = canary_roll(town)
        pair, merge = canary_pair(known, town)
    return {
        "number": known.number,
        "source": batch.source.code,
        "batch_id": batch.pk,
        "shape": "csv",
        "change_id": change.pk,
        "purpose": "contact",
        "consent_id": consent.pk,
        "proposal_id": pair.pk,
        "merge_id": merge.pk,
        "kind": "name",
        "row": name.pk,
        "reference": reference,
        **dict.fromkeys(("move_id", "move"), "accept"),
        **dict.fromkeys(("paper_id", "paper"), paper),
        **dict.fromkeys(("delivery_id", "draft_id"), uuid4()),
        **dict.fromkeys(("view_id", "text_id"), 999_999),
        "seat": "lead",
        "limit": "correction",
        "round_": 1,
        **known_arguments(town.federation, town.officer_chen, CANARY),
        **known_answer(town.federation, CANARY),
        "service": "settlement",
        "step_id": "review",
        **canary_meeting(town, case, CANARY),
        **canary_pool(town, CANARY, LATIN_CANARY),
        **canary_activity(town, CANARY),
        **canary_network(town, CANARY),
        **canary_alliance(town, CANARY, case),
        **canary_money(town, case),
    }


def sign_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def ask(client: Client, method: str, address: str) -> HttpResponse:
    return getattr(client, method)(address)  # type: ignore[no-any-return]


def tells(answer: HttpResponse) -> bool:
    """Whether the answer holds the name of the person whose case it is."""
    body = b"".join(answer) if answer.streaming else answer.content
    said = body.decode(errors="replace") + str(answer.headers)
    return CANARY in said or LATIN_CANARY in said


@named([route for route in ROUTES if route.name not in API_FRAME])
def test_every_route_declares_its_permission(route: Route) -> None:
    assert route.permissions


def test_the_address_map_has_all_three_doors() -> None:
    assert min(len(STAFF), len(OWN), len(OWN_FILE), len(API)) > 9


@each(STAFF)
def test_nobody_reaches_a_staff_page_without_signing_in(route: Route, known: dict[str, object]) -> None:
    for method in METHODS:
        answer = ask(Client(), method, route.address(known))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/staff/sign-in/?next=")


@each(STAFF)
def test_a_stranger_in_another_office_gets_404_and_not_a_word(
    route: Route, known: dict[str, object], town: Town
) -> None:
    client = sign_in(town.stranger_he)
    answers = [ask(client, method, route.address(known)) for method in METHODS]
    assert not any(tells(answer) for answer in answers)
    if route.arguments:
        statuses = {answer.status_code for answer in answers}
        assert 404 in statuses
        assert statuses <= {404, 405}


@each(STAFF)
def test_the_keeper_of_the_installation_reads_no_case(
    route: Route, known: dict[str, object], town: Town
) -> None:
    if Permission.KEEP in route.permissions:
        return
    keeper = Account.objects.filter(username="keeper").first()
    keeper = keeper or make_account("keeper", (town.overseas_affairs, "keeper"))
    for method in METHODS:
        answer = ask(sign_in(keeper), method, route.address(known))
        assert answer.status_code == 403
        assert not tells(answer)


@each(OWN)
def test_somebody_who_proved_nothing_learns_nothing_of_a_case(route: Route, known: dict[str, object]) -> None:
    for method in METHODS:
        answer = ask(Client(), method, route.address(known))
        assert answer.status_code in {302, 404, 405}
        assert not answer.headers.get("Location") or "track" in answer.headers["Location"]
        assert not tells(answer)


@each(OWN_FILE)
def test_somebody_who_proved_nothing_or_another_file_learns_nothing_of_a_file(
    route: Route, known: dict[str, object], town: Town
) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        other = make_file(
            Name(text="黎金好", script="hans", kind="legal"), office=town.federation, actor=SYSTEM, at=datetime.now(UTC)
        )  # fmt: skip
    stranger, neighbour = Client(), Client()
    session = neighbour.session
    session["proved_cases"] = {str(other.pk): now_epoch() + 3600}
    session.save()
    for client in (stranger, neighbour):
        for method in METHODS:
            answer = ask(client, method, route.address(known))
            assert answer.status_code in {404, 405}
            assert not tells(answer)


@each(HELD)
def test_a_link_that_nobody_made_or_that_is_for_something_else_opens_nothing(
    route: Route, known: dict[str, object]
) -> None:
    other = make_link("something else", uuid4(), until=datetime.now(UTC) + timedelta(days=1))
    for token in ("x", "a:b:c", other, other[:-1]):
        for method in METHODS:
            answer = ask(Client(), method, route.address(known | {"token": token}))
            assert answer.status_code in {404, 405}
            assert not tells(answer)


@each(API)
def test_the_api_answers_no_client_without_a_token(route: Route, known: dict[str, object]) -> None:
    for method in METHODS:
        assert ask(Client(), method, route.address(known)).status_code in {401, 405}


@each(
    [route for route in API if "reference" in route.arguments and Permission.PUBLIC not in route.permissions]
)
def test_a_strangers_system_gets_404_and_not_a_word(
    route: Route, known: dict[str, object], town: Town
) -> None:
    token = "strange"
    digest = hashlib.sha256(token.encode()).digest()
    about = {"name": token, "account": town.stranger_he, "made_at": datetime.now(UTC)}
    System.objects.get_or_create(token_digest=digest, defaults=about)
    for method in METHODS:
        client = Client(headers={"authorization": f"Bearer {token}"})
        answer = getattr(client, method)(route.address(known), {}, content_type="application/json")
        assert answer.status_code in {404, 405, 422}
        assert not tells(answer)


@each([route for route in ROUTES if Permission.DEMO in route.permissions])
def test_what_is_for_the_demo_does_not_exist_elsewhere(route: Route, known: dict[str, object]) -> None:
    for method in METHODS:
        assert ask(Client(), method, route.address(known)).status_code in {404, 405}
