"""What a referral to a partner can be, which facts may be shared, and what shows before the partner accepts."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

DAYS = 14
"""How long a link holds unless the office has chosen otherwise: this installation's choice, not the law's."""
LONGEST_WORDS = 1000
SETTING = ("alliance", "link_days")
"""Where an office keeps its own choice in its settings."""


class State(StrEnum):
    """A referral's way. Nothing has left the office before `SENT`."""

    ASKED = "asked"  # the person is asked
    REFUSED = "refused"  # the person said no
    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OPEN = (State.ASKED, State.SENT, State.SEEN, State.ACCEPTED)
WAITING = (State.SENT, State.SEEN)
"""The partner has the link and has not answered."""
RUNNING = (*WAITING, State.ACCEPTED)
"""The partner has the link, and something is still expected of it; at the link's end that ends too."""
WITH_PARTNER = (State.SENT, State.SEEN, State.ACCEPTED, State.DECLINED, State.DONE)
"""What the partner may look at; a referral withdrawn or expired is nobody's but the office's and the person's."""

SHOWN = ("matter", "category", "place", "country", "language")
"""Facts that name nobody: the partner sees them before accepting."""
KEPT_BACK = ("name", "phone", "email", "request")
"""Facts that show only once the partner has accepted."""
ALWAYS = ("matter",)
DECLINING = ("full", "not_ours", "place", "language", "other")
OUTCOMES = ("helped", "partly", "not_helped", "not_reached")


class Refused(Exception):
    """A referral cannot take this step; `why` is a token of `wording.WHY`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def chosen(items: Iterable[str]) -> list[str]:
    """The facts chosen, in order, with those that always go along; unknown ones are passed over."""
    wanted = {*items, *ALWAYS}
    return [one for one in (*SHOWN, *KEPT_BACK) if one in wanted]


def in_order(*facts: Mapping[str, str]) -> list[str]:
    """The facts there are, in the order in which they are always told."""
    there = {name for some in facts for name in some}
    return [one for one in (*SHOWN, *KEPT_BACK) if one in there]


def split(facts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What shows before accepting, and what only after."""
    return (
        {name: said for name, said in facts.items() if name in SHOWN},
        {name: said for name, said in facts.items() if name in KEPT_BACK},
    )


def link_days(settings: Mapping[str, object]) -> timedelta:
    """How long a link of this office holds."""
    own = settings.get(SETTING[0])
    days = own.get(SETTING[1]) if isinstance(own, Mapping) else None
    return timedelta(days=days if isinstance(days, int) and 1 <= days <= 90 else DAYS)
