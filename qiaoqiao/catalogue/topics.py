"""What services are about: the order in which people who do not know a name look through them."""

from functools import cache
from pathlib import Path

import yaml

from qiaoqiao.catalogue.entry import Entry, Part, Words
from qiaoqiao.catalogue.loader import current

TOPICS = Path(__file__).parent / "topics.yaml"
OTHER: Words = {
    "zh-Hans": "其他",
    "zh-Hant": "其他",
    "en": "Other matters",
    "es": "Otros asuntos",
    "pt": "Outros assuntos",
}


class Topic(Part):
    """Services that belong together; `common` are named on the first page."""

    id: str
    name: Words
    services: list[str]
    common: list[str] = []


@cache
def topics() -> list[Topic]:
    """The topics in the order of the first page."""
    said = yaml.load(TOPICS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [Topic.model_validate(one) for one in said]


def by_topic(entries: list[Entry]) -> list[tuple[Topic, list[Entry]]]:
    """Entries under their topics, in order; those that no topic names come last under “other”."""
    known = {entry.id: entry for entry in entries}
    groups = [(topic, [known[name] for name in topic.services if name in known]) for topic in topics()]
    named = {name for topic in topics() for name in topic.services}
    rest = [entry for entry in entries if entry.id not in named]
    other = Topic(id="other", name=OTHER, services=[entry.id for entry in rest])
    return [(topic, group) for topic, group in [*groups, (other, rest)] if group]


def common() -> list[Entry]:
    """The services that the first page names: those the topics call common, and an office's own."""
    known = {entry.id: entry for entry in current()}
    named = {name for topic in topics() for name in topic.services}
    chosen = [known[name] for topic in topics() for name in topic.common if name in known]
    return chosen + [entry for entry in known.values() if entry.id not in named]
