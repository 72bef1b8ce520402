"""The queue: what is seen, in which order, by whom, and at what cost."""

from datetime import UTC, datetime

import pytest

from tests.cast import Town
from tests.workbench.conftest import SignIn
from tests.workbench.desk_town import fill


def test_my_office_has_its_cases(town: Town, signed_in: SignIn) -> None:
    cases = fill(town, today=datetime.now(UTC), rounds=2)
    page = signed_in(town.officer_chen).get("/staff/office/").content.decode()
    assert cases[0].reference in page
    assert cases[1].reference in page
