"""Building the how-to's service from its blocks, as a reader does: what is new is added, what is there is replaced."""

import re
from pathlib import Path
from typing import Any

import yaml

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "add-a-service.md"


def blocks() -> list[Any]:
    """The YAML of the how-to, block by block."""
    text = HOWTO.read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"(?ms)^```yaml\n(.*?)^```$", text)]


def joined(there: Any, more: Any) -> Any:
    """Put a block's part where it belongs; items of a list that have an `id` belong together by it."""
    if isinstance(there, dict) and isinstance(more, dict):
        return there | {key: joined(there.get(key), value) for key, value in more.items()}
    if isinstance(there, list) and isinstance(more, list) and _named(more) and _named(there):
        known = {item["id"]: item for item in there}
        return [*(known | {item["id"]: joined(known.get(item["id"]), item) for item in more}).values()]
    return more


def _named(items: list[Any]) -> bool:
    return all(isinstance(item, dict) and "id" in item for item in items)


def after(number: int) -> str:
    """The file after so many blocks."""
    whole: Any = {}
    for block in blocks()[:number]:
        whole = joined(whole, block)
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def whole() -> str:
    """The finished file."""
    return after(len(blocks()))
