"""Whether everything is said in all five languages."""

from collections.abc import Iterator
from functools import cache

from opencc import OpenCC
from pydantic import BaseModel

from qiaoqiao.catalogue.checking.fault import Fault, Faults, Place
from qiaoqiao.catalogue.entry import LANGUAGES, Entry
from qiaoqiao.lib.words import is_han


def check_wording(entry: Entry) -> Faults:
    for place, said in _wordings(entry, ()):
        for language in LANGUAGES:
            phrases = said.get(language) or []
            if not phrases or not all(phrase.strip() for phrase in phrases):
                yield Fault((*place, language), "missing-translation", f"not said in {language}")
        simplified, traditional = said.get("zh-Hans") or [], said.get("zh-Hant") or []
        if simplified and simplified == traditional and _differs("".join(simplified)):
            yield Fault((*place, "zh-Hant"), "not-traditional", "zh-Hant repeats the simplified characters")
        for language in ("en", "es", "pt"):
            if said.get(language) and said[language] == simplified and any(map(is_han, "".join(simplified))):
                yield Fault((*place, language), "not-translated", f"{language} repeats the Chinese")


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def _differs(text: str) -> bool:
    return bool(_to_traditional().convert(text) != text)


def _wordings(part: object, place: Place) -> Iterator[tuple[Place, dict[str, list[str]]]]:
    """Everything an entry says, by place; one list of phrases a language."""
    if isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield from _wordings(getattr(part, name), (*place, field.alias or name))
    elif isinstance(part, dict):
        if part and part.keys() <= set(LANGUAGES):
            yield place, {tag: [said] if isinstance(said, str) else list(said) for tag, said in part.items()}
        else:
            for key, value in part.items():
                yield from _wordings(value, (*place, key))
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _wordings(value, (*place, number))
