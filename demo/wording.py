"""What people and officers write: chosen from the demo's texts, never made up from random words."""

import random
from collections.abc import Sequence

from demo.places import read


def said(kind: str, topic: str, chance: random.Random) -> str:
    """An officer's wording of a kind (`reply`, `findings`, …) that suits the topic."""
    texts = read("replies")[kind]
    fitting: Sequence[str] = texts.get(topic) or texts["any"]
    return chance.choice(fitting)


def remark(stars: int, chance: random.Random) -> str:
    """What somebody writes beside a rating; often nothing."""
    if chance.random() < 0.45:
        return ""
    texts: Sequence[str] = read("replies")["remarks"]["good" if stars >= 4 else "poor"]
    return chance.choice(texts)
