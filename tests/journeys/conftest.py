"""The town through which the journeys of the entries go."""

import pytest

from tests.cast import Town
from tests.journeys.roads import WideTown, wide_town


@pytest.fixture
def wide(db: None) -> WideTown:
    return wide_town(Town())
