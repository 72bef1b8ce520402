"""What the ledger's tests share: something that happens, a keeper with too much power, both verifiers."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.models import Entry

NOON = datetime(2026, 2, 10, 4, 0, 0, 123456, tzinfo=UTC)
VERIFIER = Path(__file__).parents[2] / "docs" / "verify_ledger.py"


def make_happening(**overrides: Any) -> Happening:
    stated = {
        "kind": "case.filed",
        "facts": {"name": "陈𠀀", "age": 61, "proxy": None},
        "actor": "person",
        "at": NOON,
        "office": "jiangmen",
    }
    return Happening(**stated | overrides)


@pytest.fixture
def happening() -> Callable[..., Happening]:
    return make_happening


def acting_as_system() -> AbstractContextManager[None]:
    """The second wall shows facts only to those it knows; here the ledger itself is at work."""
    return acting(SYSTEM, epoch=int(datetime.now(UTC).timestamp()))


@pytest.fixture(autouse=True)
def as_system(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test that uses the database does so as the system, in the thread of the test."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None and "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db" if marker and marker.kwargs.get("transaction") else "db")
    with acting_as_system():
        yield


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def system() -> Callable[[], AbstractContextManager[None]]:
    """For threads of a test's own: each has its own connection."""
    return acting_as_system


@pytest.fixture
def tell() -> Callable[..., list[Entry]]:
    """Record `count` things that happened to one subject, in a transaction of their own."""

    def _tell(subject: UUID | None = None, count: int = 1, **overrides: Any) -> list[Entry]:
        with acting_as_system(), transaction.atomic():
            return record(subject or uuid4(), *(make_happening(**overrides) for _ in range(count)))

    return _tell


class Interrupted(Exception):
    """Something went wrong after the recording."""


@pytest.fixture
def tell_in_vain() -> Callable[..., None]:
    """Record something in a transaction that is rolled back."""

    def _tell_in_vain(**overrides: Any) -> None:
        with suppress(Interrupted), transaction.atomic():
            record(uuid4(), make_happening(**overrides), make_happening(**overrides))
            raise Interrupted

    return _tell_in_vain


@pytest.fixture
def tamper() -> Iterator[Callable[..., int]]:
    """Change committed rows as a superuser can: with the triggers switched off."""

    def _tamper(statement: str, *parameters: object) -> int:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, parameters)
            changed: int = cursor.rowcount
            cursor.execute("RESET session_replication_role")
        return changed

    return _tamper


@pytest.fixture(scope="session")
def verifier() -> ModuleType:
    """The stand-alone verifier, loaded from its file as a stranger would run it."""
    spec = importlib.util.spec_from_file_location("verify_ledger", VERIFIER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
