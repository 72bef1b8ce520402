"""An entry's file as a tree of YAML nodes, to find the line of anything in it."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from qiaoqiao.catalogue.checking.fault import Fault, Place


class Sheet:
    """The nodes of one file. Raises yaml.YAMLError and UnicodeDecodeError."""

    def __init__(self, path: Path) -> None:
        self.root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it that is there."""
        node, line = self.root, 1
        for step in place:
            found = _inside(node, step)
            if found is None:
                break
            node, line = found
        return line

    def doubles(self) -> Iterator[Fault]:
        """Keys written twice in one mapping, of which YAML silently keeps the last."""
        yield from _doubles(self.root, ())


def _inside(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None


def _doubles(node: yaml.Node | None, place: Place) -> Iterator[Fault]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                yield Fault(
                    place, "duplicate-id", f"“{key.value}” is written twice here, again on line {line}"
                )
            seen.add(key.value)
            yield from _doubles(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _doubles(value, (*place, number))
