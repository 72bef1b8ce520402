"""A small entry without a fault, and a catalogue of one's own to put it in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qiaoqiao.catalogue import loader

GOOD = (Path(__file__).parent / "good.yaml").read_text(encoding="utf-8")


@pytest.fixture
def make_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the good entry with some passages changed; each must be there, its first place is changed."""

    def make(*changes: tuple[str, str], name: str = "hall.yaml") -> Path:
        text = GOOD
        for old, new in changes:
            assert old in text, f"the good entry has no “{old}”"
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty catalogue folder in place of the product's."""
    monkeypatch.setattr(loader, "ENTRIES", tmp_path)
    loader.editions.cache_clear()
    yield tmp_path
    loader.editions.cache_clear()


@pytest.fixture
def good() -> str:
    return GOOD
