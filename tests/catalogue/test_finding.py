"""Guessing a service from somebody's own words."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qiaoqiao.catalogue import loader
from qiaoqiao.catalogue.finding import Index, find, find_events, search

MEANT = [
    ("我想回老家落户", "settlement"),
    ("想回国定居", "settlement"),
    ("我想回國定居落戶", "settlement"),
    ("quiero volver a vivir en mi pueblo natal", "settlement"),
    ("I want to move back to China for good", "settlement"),
    ("quero voltar a morar na China", "settlement"),
    ("孩子在江门上小学", "schooling"),
    ("孩子在江門上小學", "schooling"),
    ("女儿入学", "schooling"),
    ("escuela para mi hijo", "schooling"),
    ("matricular meu filho", "schooling"),
    ("primary school for my daughter", "schooling"),
    ("ESCÚELA para mi HIJO", "schooling"),
    ("scholl enrolment", "schooling"),
    ("侨房被拆了", "petition"),
    ("僑房被拆了", "petition"),
    ("my grandmother's house was demolished", "petition"),
    ("我爷爷五十年代在台山有一栋房子，后来政府征收拆了，一直没有补偿，我现在在委内瑞拉", "petition"),
    ("denunciar a un funcionario", "petition"),
    ("投诉", "petition"),
    ("我爸爸在巴西定居，我算侨眷吗", "identity"),
    ("necesito un certificado de chino de ultramar", "identity"),
    ("我入了美国籍，能不能恢复中国国籍", "nationality"),
    ("can I have two passports, Chinese and American", "nationality"),
    ("quero ter dupla cidadania", "nationality"),
    ("孩子拿中国护照在国外读高中，想考国内大学", "joint_exam"),
    ("港澳台侨联考怎么报名", "joint_exam"),
    ("老伴得了大病，家里没钱看病", "relief"),
    ("申请归侨困难补助", "relief"),
    ("no llego a fin de mes y necesito ayuda económica", "relief"),
    ("I cannot make ends meet and need relief money", "relief"),
    ("não consigo pagar as contas, preciso de auxílio em dinheiro", "relief"),
    ("我在国外，孩子在台山高考能加分吗", "exam_preference"),
    ("我女儿是美国籍想读清华", "international_student"),
    ("mi hija tiene pasaporte español y quiere ir a la universidad en China", "international_student"),
]
NOTHING = [
    "",
    "   ",
    "。，、！",
    "😀😀",
    "asdfgh",
    "我想",
    "今天天气很好",
    "what is the weather in Paris",
    "best pizza",
    "comprar un coche",
    "\x00\ud800"[:1],
]  # fmt: skip


@pytest.mark.parametrize(("query", "service"), MEANT)
def test_a_matter_in_ones_own_words_finds_its_service(query: str, service: str) -> None:
    assert [hit.entry.id for hit in find(query, "zh-Hans")][:1] == [service]


@pytest.mark.parametrize("query", NOTHING)
def test_nonsense_finds_nothing(query: str) -> None:
    assert find(query, "en") == []


def test_fifty_thousand_characters_are_read_in_part_and_in_no_time() -> None:
    started = time.perf_counter()
    hits = find("侨房被拆了，" * 8_000, "zh-Hans")
    assert [hit.entry.id for hit in hits][:1] == ["petition"]
    assert time.perf_counter() - started < 0.1


def test_the_reason_is_the_phrase_that_matched_in_the_readers_language() -> None:
    assert find("孩子在江门上小学", "zh-Hans")[0].because == "孩子在江门上小学"
    assert "hijo" in find("escuela para mi hijo", "es")[0].because


def test_a_category_is_shown_in_the_readers_language(catalogue: Path, good: str) -> None:
    (catalogue / "hall.yaml").write_text(good, encoding="utf-8")
    assert [hit.because for hit in find("演出", "es")] == ["Una función"]


def test_an_everyday_phrase_counts_more_than_a_word_of_the_guidance(catalogue: Path, good: str) -> None:
    (catalogue / "hall.yaml").write_text(good, encoding="utf-8")
    other = good.replace("id: hall", "id: other").replace("[借会议室, 找地方开会]", "[找老师]")
    other = other.replace("zh-Hans: 谁都可以", "zh-Hans: 要借会议室的人")
    (catalogue / "other.yaml").write_text(other, encoding="utf-8")
    assert find("借会议室", "zh-Hans")[0].entry.id == "hall"


def test_a_service_added_as_a_file_is_found_without_code(catalogue: Path, good: str) -> None:
    (catalogue / "hall.yaml").write_text(good, encoding="utf-8")
    loader.editions.cache_clear()
    assert find("骑自行车", "zh-Hans") == []
    bicycle = good.replace("id: hall", "id: bicycle").replace("[借会议室, 找地方开会]", "[骑自行车]")
    (catalogue / "bicycle.yaml").write_text(bicycle, encoding="utf-8")
    loader.editions.cache_clear()
    assert [entry.id for entry in loader.current()] == ["bicycle", "hall"]
    assert [hit.entry.id for hit in find("骑自行车", "zh-Hans")] == ["bicycle"]


def test_an_empty_catalogue_finds_nothing(catalogue: Path) -> None:
    assert find("借会议室", "zh-Hans") == []


def test_forty_entries_are_searched_in_two_milliseconds(good: str, make_file: Callable[..., Path]) -> None:
    entries = [loader.read(make_file())]
    entries += [loader.entry(service) for service in ("petition", "settlement", "schooling")]
    index = Index(entries * 10)
    times = []
    for _ in range(20):
        started = time.perf_counter()
        search(index, "我爷爷在台山的房子被拆了，没有补偿", "zh-Hans")
        times.append(time.perf_counter() - started)
    assert sorted(times)[len(times) // 2] < 0.002


@pytest.mark.parametrize(
    ("query", "event"),
    [
        ("我要搬回老家住", "move_home"),
        ("voy a volver a vivir a mi pueblo", "move_home"),
        ("带孩子回来读书", "child_to_school"),
        ("我在国外想卖老家的房子", "sell_house"),
        ("sell family house without travelling", "sell_house"),
        ("妈妈一个人住要人帮忙", "parent_care"),
        ("my parents in China need care", "parent_care"),
    ],
)
def test_an_event_of_life_is_found_by_what_people_say_of_it(query: str, event: str) -> None:
    assert [hit.entry.id for hit in find_events(query, "zh-Hans")][:1] == [event]
