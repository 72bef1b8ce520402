"""Expiring signed links: good for one thing, one purpose, until a moment."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from qiaoqiao.access.links import make_link, read_link

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
THING = uuid4()


def epoch(at: datetime) -> int:
    return int(at.timestamp())


def test_a_link_opens_its_thing_until_its_last_second() -> None:
    token = make_link("booking", THING, until=NOW)
    assert read_link("booking", token, epoch=epoch(NOW) - 1) == THING
    assert read_link("booking", token, epoch=epoch(NOW)) is None


def test_a_link_for_one_purpose_opens_nothing_else() -> None:
    token = make_link("booking", THING, until=NOW + timedelta(days=1))
    assert read_link("referral", token, epoch=epoch(NOW)) is None


def test_a_link_with_one_letter_changed_opens_nothing() -> None:
    token = make_link("booking", THING, until=NOW + timedelta(days=1))
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert read_link("booking", changed, epoch=epoch(NOW)) is None
    assert read_link("booking", "", epoch=epoch(NOW)) is None
