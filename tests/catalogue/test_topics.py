"""Every service stands in one topic, and every topic leads to services that are there."""

from qiaoqiao.catalogue.entry import LANGUAGES
from qiaoqiao.catalogue.loader import current
from qiaoqiao.catalogue.topics import by_topic, common, topics


def test_every_service_stands_in_exactly_one_topic() -> None:
    named = [name for topic in topics() for name in topic.services]
    assert sorted(named) == sorted(entry.id for entry in current())


def test_what_is_common_is_a_service_of_its_topic_and_the_first_page_names_eight() -> None:
    assert all(set(topic.common) <= set(topic.services) for topic in topics())
    assert len(common()) == 8


def test_topics_have_a_name_in_every_language() -> None:
    assert all(set(topic.name) == set(LANGUAGES) for topic in topics())


def test_an_entry_that_no_topic_names_comes_last_under_other() -> None:
    strange = current()[0].model_copy(update={"id": "roots"})
    groups = by_topic([*current(), strange])
    assert groups[-1][0].id == "other"
    assert [entry.id for entry in groups[-1][1]] == ["roots"]
