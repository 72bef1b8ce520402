"""The town of the cast, and the people of its relief fund."""

import pytest

from tests.cast import Town
from tests.services.fund_town import FundTown


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def fund(town: Town) -> FundTown:
    return FundTown(town)
